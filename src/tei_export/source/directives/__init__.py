"""Directives for the editors' own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


def write_always(env: BuildEnvironment) -> None:
    """Note that the page depends on the other documents, and is to be written in every build.

    The command writes every page in every build. Sphinx alone writes again what it reads again; what the page
    takes from other documents is filled in when it is written.
    """
    if not env.config.edition_command:
        env.note_reread()

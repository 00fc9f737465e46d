"""The texts for every other builder: LaTeX, plain text, manual pages, other themes.

Such builders know only docutils' own nodes. ``transform`` replaces the final tree of a part by such
nodes, which :mod:`tei_export.shared.plain_nodes` writes: the edited text with its notes, the
anchors of its pages and lines, names as links. ``entries`` adds the apparatus. No builder is named
here: whatever renders plain docutils renders a text. A new role or block needs no change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.outputs.any_builder.transform import PlainForm
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the transform, and the event handlers that determine whether it is needed."""
    app.add_post_transform(PlainForm)
    app.connect("builder-inited", _ask, priority=900)
    app.connect("env-updated", _outdated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _ask(app: Sphinx) -> None:
    """Ask for the plain form, except for our builders (``reads_final_tree``) and ``dummy``, which
    writes nothing."""
    ours = getattr(app.builder, "reads_final_tree", False) or app.builder.name == "dummy"
    domain = domain_of(app.env)
    domain.plain, domain.digits = not ours, app.builder.format == "latex"


def _outdated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the parts: their links depend on the registers and on the other parts."""
    domain = domain_of(env)
    return [part.doc for _text, part, _facts in domain.parts()] if domain.plain else []

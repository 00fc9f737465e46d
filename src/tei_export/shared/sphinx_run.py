"""Run Sphinx several times in one process: registrations of one run never reach the next."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from docutils.utils import DependencyList
from sphinx.locale import translators
from sphinx.util import docutils as sphinx_docutils
from sphinx.util.docutils import docutils_namespace, patch_docutils

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from docutils.frontend import Values

#: The function of Sphinx that asks docutils for the settings of a document.
_SETTINGS = "_get_settings"


@contextmanager
def sphinx_run(conf: Path) -> Iterator[None]:
    """Make and build an application in this context.

    Roles and directives of the run are removed afterwards. Its catalogues stay until the next run
    begins, because messages are translated lazily; Sphinx itself would merge the next language into
    them (``sphinx.locale.init``).

    :param conf: the folder of conf.py
    """
    translators.clear()
    before = logging.root.manager.disable
    logging.disable(
        max(before, logging.DEBUG)
    )  # Sphinx would create 700 log records that nobody sees
    try:
        with patch_docutils(str(conf)), docutils_namespace(), settings_asked_once():
            yield
    finally:
        logging.disable(before)


@contextmanager
def settings_asked_once() -> Iterator[None]:
    """Let docutils make its settings once for all documents of a run.

    Sphinx asks for them again for each document, and docutils then makes a hundred options and reads its
    configuration files. They depend only on the kind of parser and the settings of Sphinx.
    """
    ask = getattr(sphinx_docutils, _SETTINGS, None)
    if ask is None:  # another version of Sphinx
        yield
        return
    made: dict[tuple[object, ...], tuple[dict[str, Any], Values]] = {}

    def settings(
        *components: Any, defaults: Mapping[str, Any], read_config_files: bool = False
    ) -> Values:
        kinds = (*(c if isinstance(c, type) else type(c) for c in components), read_config_files)
        given, first = made.get(kinds, (None, None))
        if first is None or given != defaults:
            first = ask(*components, defaults=defaults, read_config_files=read_config_files)
            made[kinds] = {**defaults}, first
        found = first.copy()
        found.record_dependencies = DependencyList()
        return found

    setattr(sphinx_docutils, _SETTINGS, settings)
    try:
        yield
    finally:
        setattr(sphinx_docutils, _SETTINGS, ask)

"""Run Sphinx several times in one process: registrations of one run never reach the next."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sphinx.locale import translators
from sphinx.util.docutils import docutils_namespace, patch_docutils

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
        with patch_docutils(str(conf)), docutils_namespace():
            yield
    finally:
        logging.disable(before)

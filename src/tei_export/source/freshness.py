"""Decide which documents to read again, by content and never by time stamp.

For every document the domain stores digests of its text and of the files that it includes. One
further digest covers everything that all documents depend on: the program, ``conf.py`` and the
files of the edition. Documents with a changed digest are read again.

Sphinx stores the results of reading in a file, the environment. That file is removed before the
first document is read, and restored only when all documents have been read without a problem. No
run therefore reuses what a refused or killed run has read.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.application import ENV_PICKLE_FILENAME

from tei_export.model.opened_files import combined_digest, digest
from tei_export.model.program_digest import PACKAGE, program_digest
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: After Sphinx's own listeners (500), which determine what a document includes.
_FIRST, _LAST = 100, 900


def connect(app: Sphinx) -> None:
    """Connect to Sphinx's events around reading."""
    app.connect("env-get-outdated", _outdated)
    app.connect("env-before-read-docs", _begin, priority=_FIRST)
    app.connect("source-read", _note_text, priority=_FIRST)
    app.connect("doctree-read", _note_included, priority=_LAST)
    app.connect("build-finished", _end)


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the documents to read again.

    These are all documents if something shared has changed or a document was added or removed (a
    table of contents may list it); otherwise those with changed content.
    """
    domain = domain_of(env)
    for name in removed:
        (Path(env.doctreedir) / f"{name}.doctree").unlink(missing_ok=True)
    before, domain.data["shared"] = domain.data["shared"], shared(app)
    if added or removed or before != domain.data["shared"]:
        return sorted(env.found_docs)
    read: dict[str, dict[str, str]] = domain.data["read"]
    return [
        name
        for name in sorted(env.found_docs)
        if read.get(name) != _now(env, name, read.get(name, {}))
    ]


def shared(app: Sphinx) -> str:
    """Return the digest of everything that all documents depend on."""
    files = [Path(app.confdir) / "conf.py", *extension_files(app)]
    edition = app.edition  # type: ignore[attr-defined]
    return combined_digest(
        [
            *((path.as_posix(), digest(path)) for path in files),
            ("edition", edition.digest),
            ("", program_digest()),
        ]
    )


def extension_files(app: Sphinx, *, own: bool = False) -> Iterator[Path]:
    """Yield the files of extensions that ``conf.py`` names, except installed packages.

    :param own: also those of this program, which has hundreds
    """
    for name in app.config.extensions:
        file = getattr(sys.modules.get(name), "__file__", None)
        path = Path(file or "")
        if file and "site-packages" not in path.parts and (own or not path.is_relative_to(PACKAGE)):
            yield from sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else [path]


def _now(env: BuildEnvironment, docname: str, before: dict[str, str]) -> dict[str, str]:
    """Return the digests that :func:`_note_text` and :func:`_note_included` would store now."""
    try:
        text = Path(env.doc2path(docname)).read_text(encoding=env.settings["input_encoding"])
    except (OSError, UnicodeDecodeError):
        return {}
    included = {name: digest(Path(env.srcdir) / name) for name in before if name}
    return {"": _digest(text), **included}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _note_text(app: Sphinx, docname: str, content: list[str]) -> None:
    domain_of(app.env).data["read"][docname] = {"": _digest(content[0])}


def _note_included(app: Sphinx, doctree: nodes.document) -> None:
    env = app.env
    included = domain_of(env).data["read"].setdefault(env.docname, {})
    for name in map(str, env.dependencies.get(env.docname, ())):
        included[name] = digest(Path(env.srcdir) / name)


def _begin(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    if docnames:
        _forget(app)


def _end(app: Sphinx, exception: Exception | None) -> None:
    """Discard the doctrees of a run with warnings, so that the next run reads the files and warns again."""
    if exception is not None or (app.config.edition_project and app._warncount):
        _forget(app)


def _forget(app: Sphinx) -> None:
    (Path(app.doctreedir) / ENV_PICKLE_FILENAME).unlink(missing_ok=True)

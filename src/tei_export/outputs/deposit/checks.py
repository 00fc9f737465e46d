"""Check an edition before it is deposited in an archive."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from tei_export.model.licences import LICENCES
from tei_export.model.metadata import metadata
from tei_export.model.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tei_export.model.edition import Edition
    from tei_export.model.metadata import Metadata

#: Fields that every archive requires; none may be missing or blank.
_NEEDED = ("title", "editors", "publisher", "version", "date", "language", "description", "caveat")
#: Lower-case ASCII letters, digits and hyphens, with dots between them, are safe in every archive,
#: file system and address. Custom fixes some other names.
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*")
#: File types of an edition's sources.
_SOURCES = frozenset({".md", ".yaml", ".csv", ".txt"})
_CUSTOMARY = {"README.md", "LICENSES.md", "CHANGELOG.md", "CITATION.cff"}
_SPDX = {spdx.upper() for spdx in LICENCES.values() if spdx}
_RELEASE = r"^## \[?{}\]?(?: - (?P<date>\S+))?\s*$"


def acceptable_path(path: str) -> bool:
    """Return whether archives accept a file with this path (``/`` between folders)."""
    return all(part in _CUSTOMARY or _NAME.fullmatch(part) for part in path.split("/"))


def folder_name(meta: Metadata) -> str:
    """Return the name of the bag: ``small-edition-1-0-0``."""
    plain = unicodedata.normalize("NFKD", f"{meta.short_title} {meta.version}")
    name = re.sub("[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")
    return name or "edition"


def problems(edition: Edition, project: Path, target: Path) -> list[Problem]:
    """Return every obstacle to a deposit.

    :param edition: the edition to deposit
    :param project: the folder of the project
    :param target: the folder of the bag
    """
    meta = metadata(edition)
    problems_found = [*_missing(edition), *_contradictions(edition, meta)]
    problems_found += [*_names(edition), *_changelog(project, meta)]
    if target.exists():
        problems_found.append(edition.source.problem("deposit-exists", "version", target.name))
    return problems_found


def _at(edition: Edition, code: str, field: str, detail: str) -> Problem:
    return edition.source.problem(code, field, detail)


def _missing(edition: Edition) -> Iterator[Problem]:
    for field in _NEEDED:
        if not str(edition.record.get(field) or "").strip():
            yield _at(edition, "metadata-missing", field, f"{field} is empty")


def _contradictions(edition: Edition, meta: Metadata) -> Iterator[Problem]:
    if meta.status == "published" and not (meta.identifier or meta.base_url):
        detail = "a published edition needs an identifier or a base_url"
        yield _at(edition, "metadata-contradiction", "status", detail)
    for right in meta.rights:
        named = re.sub("[^A-Z0-9.]+", "-", right.name.upper()).strip("-")
        if right.uri in LICENCES and named != right.spdx.upper() and named in _SPDX:
            detail = f"rights.{right.of}: {right.name} is not the licence of {right.uri}"
            yield _at(edition, "metadata-contradiction", f"rights.{right.of}.name", detail)


def _names(edition: Edition) -> Iterator[Problem]:
    """Report unacceptable names of files that the deposit includes unchanged."""
    fields = {
        str(text.data.get(field)): f"texts.{text.id}.{field}"
        for text in edition.texts.values()
        for field in ("witness", "pages", "ledger")
    }
    for name in source_files(edition, edition.root):
        if not acceptable_path(name):
            yield _at(edition, "deposit-name", fields.get(name, ""), name)


def source_files(edition: Edition, project: Path) -> dict[str, Path]:
    """Return the source files by their path below ``source/``.

    They are all sources in the edition's folder, and ``conf.py``. Hidden files, links and other
    file types are excluded.
    """
    files = {
        path.relative_to(edition.root).as_posix(): path
        for path in sorted(edition.root.rglob("*"))
        if path.suffix in _SOURCES and path.is_file() and not _hidden(path, edition.root)
    }
    if (project / "conf.py").is_file():
        files["conf.py"] = project / "conf.py"
    return files


def _hidden(path: Path, root: Path) -> bool:
    """Return whether ``path``, or a folder between it and ``root``, is hidden or a link."""
    parts = [
        path,
        *(parent for parent in path.parents if parent.is_relative_to(root) and parent != root),
    ]
    return any(part.name.startswith(".") or part.is_symlink() for part in parts)


def _changelog(project: Path, meta: Metadata) -> Iterator[Problem]:
    """Check version and date in the changelog, if any; a draft may lack the date."""
    path = project / "CHANGELOG.md"
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8", errors="replace")
    release = re.search(_RELEASE.format(re.escape(meta.version)), text, re.MULTILINE)
    if release is None:
        yield Problem(
            "metadata-contradiction", path.name, 1, f"add an entry for version {meta.version}"
        )
        return
    dated = release["date"] or ""
    if dated != meta.date and (dated[:1].isdigit() or meta.status == "published"):
        line = text.count("\n", 0, release.start()) + 1
        detail = f"version {meta.version} has {dated or 'no date'} here, {meta.date} in the record"
        yield Problem("metadata-contradiction", path.name, line, detail)

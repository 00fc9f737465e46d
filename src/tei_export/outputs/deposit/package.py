"""Assemble the deposit: completely or not at all, and always with the same bytes."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import bagit

from tei_export.model.metadata import metadata
from tei_export.model.problems import EditionError, Problem
from tei_export.outputs.deposit import archive_metadata
from tei_export.outputs.deposit.checks import acceptable_path, folder_name, source_files
from tei_export.outputs.deposit.ro_crate import format_of, write_crate

if TYPE_CHECKING:
    from collections.abc import Callable

    from tei_export.model.edition import Edition
    from tei_export.model.metadata import Metadata

CHECKSUMS = ["sha256", "sha512"]
#: folder or file → description, in the order of the README
CONTENTS = {
    "tei/": "the TEI P5 files, the edition's permanent form",
    "tei/schema/": "the schema they are valid against: ODD, RELAX NG, Schematron",
    "data/": "registers, mentions and emendations as tables and linked data; citations",
    "pdf/": "the texts as PDF/A",
    "epub/": "the edition as EPUB",
    "html/": "the web site, as one zip file",
    "source/": "the sources: texts in MyST, registers, record, witnesses, with a note on rights",
    "metadata/": "the record as DataCite JSON and XML and as Dublin Core",
    "CITATION.cff": "how to cite",
    "LICENSES.md": "the rights in text, encoding and metadata",
    "CHANGELOG.md": "what changed from version to version",
    "README.md": "about this deposit",
}
#: Outputs whose files enter the deposit unchanged.
_COPIED = ("tei", "data", "pdf", "epub")
_SCHEMA = ("edition.odd", "edition.rng", "edition.rnc", "edition.sch", "README.md")


@dataclass(frozen=True, slots=True)
class DepositSource:
    """The paths of a project: the folder with ``conf.py``, its outputs, its schema.

    ``data_gloss`` returns the description of a data file by its name; empty if unknown.
    """

    root: Path
    build: Path
    schema: Path
    data_gloss: Callable[[str], str] = lambda _name: ""


def target_of(edition: Edition, folder: Path) -> Path:
    """Return the path of the edition's deposit in ``folder``."""
    return folder / folder_name(metadata(edition))


def deposit(edition: Edition, project: DepositSource, target: Path) -> Path:
    """Write the bag ``target`` from the outputs in ``project.build``; return its path.

    :raises EditionError: ``deposit-name``, ``deposit-exists``; no files are left behind
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        work.chmod(0o755)
        _fill(work, edition, project)
        bagit.make_bag(
            str(work),
            archive_metadata.bag_info(metadata(edition), target.name),
            checksums=CHECKSUMS,
        )
        bagit.Bag(str(work)).validate()
        if target.exists():  # another process made it in the meantime
            raise EditionError(Problem("deposit-exists", edition.source.file, 0, target.name))
        work.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def _fill(work: Path, edition: Edition, project: DepositSource) -> None:
    """Write the payload of the bag."""
    meta = metadata(edition)
    for name in _COPIED:
        if (project.build / name).is_dir():
            shutil.copytree(project.build / name, work / name, copy_function=shutil.copyfile)
    for name in _SCHEMA:
        if (project.schema / name).is_file():
            _write(work / "tei" / "schema" / name, (project.schema / name).read_bytes())
    _write(work / "html" / "site.zip", b"")
    zip_folder(project.build / "html", work / "html" / "site.zip", meta)
    for name, path in source_files(edition, project.root).items():
        _write(work / "source" / name, path.read_bytes())
    _write(work / "source" / "README.md", archive_metadata.witness_md(meta, edition).encode())
    formats = sorted(
        {
            format_of(path.relative_to(work).as_posix())
            for path in work.rglob("*.*")
            if path.is_file()
        }
    )
    formats = sorted({*formats, "text/html"} - {"application/zip"})  # the site is zipped
    _write(
        work / "metadata" / "datacite.json", archive_metadata.datacite_json(meta, formats).encode()
    )
    _write(work / "metadata" / "datacite.xml", archive_metadata.datacite_xml(meta, formats))
    _write(work / "metadata" / "dublin-core.xml", archive_metadata.dublin_core(meta, edition))
    _write(work / "CITATION.cff", (project.build / "data" / "CITATION.cff").read_bytes())
    _write(work / "LICENSES.md", archive_metadata.licences_md(meta).encode())
    if (project.root / "CHANGELOG.md").is_file():
        _write(work / "CHANGELOG.md", (project.root / "CHANGELOG.md").read_bytes())
    here = {
        key: gloss for key, gloss in CONTENTS.items() if (work / key).exists() or key == "README.md"
    }
    _write(work / "README.md", archive_metadata.readme_md(meta, here).encode())
    _check_names(work)
    parts = {f"source/{part.doc}.md" for text in edition.texts.values() for part in text.parts}
    write_crate(work, meta, CONTENTS | _of_data(work, project), parts)


def _of_data(work: Path, project: DepositSource) -> dict[str, str]:
    """Return the description of each file of the data, by its path in the deposit."""
    names = (path.relative_to(work).as_posix() for path in (work / "data").rglob("*"))
    glosses = {name: project.data_gloss(name.removeprefix("data/")) for name in names}
    return {name: gloss for name, gloss in glosses.items() if gloss}


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _check_names(work: Path) -> None:
    names = sorted(path.relative_to(work).as_posix() for path in work.rglob("*"))
    refused = [
        Problem("deposit-name", "edition.yaml", 0, name)
        for name in names
        if not acceptable_path(name)
    ]
    if refused:
        raise EditionError(*refused)


def zip_folder(folder: Path, target: Path, meta: Metadata) -> None:
    """Write ``folder`` as the zip file ``target``.

    Entries are sorted and carry the version's date, so that the same files give the same bytes.
    """
    year, month, day = (int(part) for part in meta.date.split("-"))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        names = {
            path.relative_to(folder).as_posix(): path
            for path in folder.rglob("*")
            if path.is_file()
        }
        for name, path in sorted(names.items()):
            entry = zipfile.ZipInfo(name, (year, month, day, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)

"""``tei-export import`` without ``--text``: bibliographies become entries of the register of works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from tei_export.importing import bibliography, record_edits, safe_xml
from tei_export.importing.safe_xml import import_error
from tei_export.model.safe_read import read_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_REGISTER = "registers/works.yaml"


def run(files: Sequence[Path], folder: Path, *, dry: bool) -> None:
    """Add the works at the end of their register, which is otherwise unchanged.

    :param files: bibliographies in any of the formats
    :param folder: the folder of the record
    :param dry: print what would be added, and write nothing
    :raises EditionError: with the reason why nothing was written
    """
    items: list[bibliography.Item] = []
    for path in files:
        items += bibliography.read(safe_xml.read_text_file(path, str(path)), str(path))
    if not (folder / "edition.yaml").is_file():
        raise import_error("file-missing", "edition.yaml", 0, str(folder / "edition.yaml"))
    file = folder / _REGISTER
    old = read_text(file, folder) if file.is_file() else ""
    known = _loaded(old)
    made = bibliography.entries(items, known)
    new = bibliography.as_yaml(made)
    text = f"{old.rstrip(chr(10))}\n\n{new}" if old.strip() else new
    if _loaded(text) != {**known, **made}:
        detail = "works cannot be added to it as text: write them by hand"
        raise import_error("import-record", _REGISTER, 1, detail)
    if made and not dry:
        record_edits.write(folder, {_REGISTER: text})
    verb = "would add" if dry else "added"
    lines = [f"{verb} {len(made)} works to edition/{_REGISTER} (entries read: {len(items)})"]
    lines += [f"  {key}: {entry['title']}" for key, entry in made.items()]
    print("\n".join([*lines, *(["", new.rstrip()] if dry and made else [])]))


def _loaded(text: str) -> dict[str, Any]:
    try:
        data = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        detail = str(getattr(error, "problem", error))
        raise import_error("yaml", _REGISTER, mark.line + 1 if mark else 0, detail) from None
    if not isinstance(data, dict):
        raise import_error("import-record", _REGISTER, 1, "the register is no mapping of keys")
    return data

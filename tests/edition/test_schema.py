"""The schema: its compiler, its products, its rules, and that it is a subset of tei_all 4.3.0."""

from __future__ import annotations

from pathlib import Path

from tei_export.schema.validate import report, validate_file
from validators import SCHEMA, rejected


def test_the_edition_is_valid_for_both_validators(
    tei_all: Path, edition_teis: dict[str, bytes], tmp_path: Path
) -> None:
    """Every text of the edition: lxml and jing, the edition's schema and tei_all."""
    files = []
    for name, data in edition_teis.items():
        files.append(tmp_path / f"{name}.xml")
        files[-1].write_bytes(data)
    assert [report(validate_file(file, SCHEMA)) for file in files] == [""] * len(files)
    assert rejected(SCHEMA / "edition.rng", files) == {}
    assert rejected(tei_all, files) == {}

"""The files that describe an edition: every kind of mistake is a problem with its file and line, found in one
run, and no file, however it is made, brings the program down."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mini import ROOT
from tei_export.model import csv_tables, edition, safe_yaml
from tei_export.model.register_fields import TABLES
from tei_export.schema import record as published
from tools import validator


def test_the_reader_agrees_with_yaml_on_the_files_of_the_edition() -> None:
    for path in [
        ROOT / "edition/edition.yaml",
        *sorted((ROOT / "edition/registers").glob("*.yaml")),
    ]:
        assert safe_yaml.read_yaml(path, ROOT).data == yaml.safe_load(
            path.read_text(encoding="utf-8")
        )


def test_the_words_of_the_ledger_of_the_edition_are_told_apart() -> None:
    ledger = edition.load(ROOT / "edition").texts["thesis"].ledger
    assert (
        sum(bool(csv_tables.doubts(row)) for row in ledger.values())
        == sum(bool(row["open_doubts"]) for row in ledger.values())
        > 50
    )


def test_the_json_schema_takes_the_record_and_registers_of_the_edition() -> None:
    real = yaml.safe_load((ROOT / "edition/edition.yaml").read_text(encoding="utf-8"))
    assert [e.message for e in validator(published.json_schema()).iter_errors(real)] == []
    for name in TABLES:
        entries = yaml.safe_load(
            (ROOT / f"edition/registers/{name}.yaml").read_text(encoding="utf-8")
        )
        assert [
            e.message for e in validator(published.register_schema(name)).iter_errors(entries)
        ] == []


@pytest.mark.parametrize("optional", [True, False])
def test_a_template_reads_back_as_the_record_of_the_edition(tmp_path: Path, optional: bool) -> None:
    values = edition.load(ROOT / "edition").record
    (tmp_path / "a.yaml").write_text(
        published.template(values, optional=optional), encoding="utf-8"
    )
    assert safe_yaml.read_yaml(tmp_path / "a.yaml", tmp_path).data == values

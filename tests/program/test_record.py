"""The files that describe an edition: every kind of mistake is a problem with its file and line, found in one
run, and no file, however it is made, brings the program down."""

from __future__ import annotations

import copy
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from mini import BASE, ROOT, Mini, dumped
from tei_export.model import csv_tables, edition, fields, registers, safe_yaml
from tei_export.model.fields import (
    GroupField,
    ListField,
    MappingField,
    TextField,
    is_address,
    is_date,
    is_day,
    is_range,
)
from tei_export.model.licences import LICENCES, availability
from tei_export.model.metadata import metadata
from tei_export.model.problems import CODES, EditionError, Problem
from tei_export.model.record_fields import (
    CONF,
    LEDGER_COLUMNS,
    PAGE_COLUMNS,
    RECORD,
    EditorsField,
    collisions,
)
from tei_export.model.register_fields import RELATION, RELATIONS, TABLES
from tei_export.schema import record as published
from tei_export.schema.folder import bundled, schema_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

from tools import validator

RAW = "RAW VALUE"
BASE_RECORD = yaml.safe_load((BASE / "edition/edition.yaml").read_text(encoding="utf-8"))


def problems(mini: Mini) -> list[Problem]:
    """What is wrong with the edition as it is now; none if it loads."""
    try:
        edition.load(mini.root / "edition")
    except EditionError as error:
        return list(error.problems)
    return []


def found(mini: Mini) -> list[tuple[str, str, int]]:
    return [(p.code, p.file, p.line) for p in problems(mini)]


def shown(said: list[Problem]) -> None:
    """Every problem can be shown: its code is known, its file is named, nothing of Python is in it."""
    for problem in said:
        assert problem.code in CODES
        assert problem.file
        assert "Traceback" not in str(problem)
        str(problem).encode("utf-8")


def full_record() -> dict[str, Any]:
    """A record that has every field."""
    record: dict[str, Any] = copy.deepcopy(BASE_RECORD)
    record |= {
        "base_url": "https://example.org/", "version_url": "https://example.org/1/", "repository_url": "https://example.org/s", "identifier": "10.5555/1",
        "report_to": "mailto:a@example.org", "oai_address": "https://example.org/oai", "certified_by": "Somebody",
        "keywords": {"scheme": "S", "terms": ["A"]}, "timeline": {"from": 1917, "to": 1929},
        "fonts": [{"family": "A Face", "file": "fonts/a.ttf", "licence": "SIL Open Font License 1.1"}],
    }  # fmt: skip
    record["word_lists"] = {"en": "dictionary-en"}
    record["languages"]["la"] = "Latin"
    record["texts"]["t"] |= {
        "title_status": "supplied", "genre": {"scheme": "https://example.org/", "code": "1", "name": "n"},
        "date": {"from": "1974", "to": "1979-02", "text": "ca."}, "language": "la", "extent": "3 pages", "caveat": "None.",
        "engine": "Tesseract", "engine_date": "2020", "practices": {"quotation": "Kept."}, "ledger": "ledger.csv",
        "apparatus": "positive", "divided_words": "join", "spelling": {"shew": "show"}, "hands": {"clerk": {"name": "A clerk"}},
        "preface": {"page": "index", "without": ["a"]}, "reason_kinds": {"word by sense": "what the sentence asks for"},
    }  # fmt: skip
    record["texts"]["t"]["parts"][0]["place"] = "body"
    return record


def write(mini: Mini, record: dict[str, Any], raw: str = "") -> None:
    """Write the record and no registers; ``raw`` is YAML for the value :data:`RAW`."""
    for register in TABLES:
        mini.path(f"registers/{register}.yaml").unlink(missing_ok=True)
    write_text(mini, dumped(record).replace(RAW, raw))


def write_text(mini: Mini, text: str) -> None:
    """Write a record and the files that it names."""
    mini.write("edition.yaml", text)
    mini.write("fonts/a.ttf", b"")
    mini.write(
        "ledger.csv",
        "page,readings,last_read,open_doubts\n1,1,2026-01-01,\n2,1,2026-01-01,a word\n3,0,,\n",
    )
    mini.seal()


def by_table(text: str) -> list[Problem]:
    """What reading and the table say of a record, without its files."""
    try:
        return fields.check(safe_yaml.parse_yaml(text, "edition.yaml"), RECORD, "record-field")
    except EditionError as error:
        return list(error.problems)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values below ``value``."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, key)
        if isinstance(item, (dict, list)):
            yield from places(item, (*path, key))


def put(record: Any, path: tuple[Any, ...], value: Any) -> Any:
    for key in path[:-1]:
        record = record[key]
    old = record[path[-1]]
    record[path[-1]] = value
    return old


FULL = full_record()
PATHS = list(places(FULL))


@cache
def text_with_raw(path: tuple[Any, ...]) -> str:
    """The full record, with :data:`RAW` at ``path``."""
    record = full_record()
    put(record, path, RAW)
    return dumped(record)


#: Values that a field may be given, as YAML.
VALUES = {
    "nothing": "", "a number": "5", "a fraction": "1.5", "a date": "2026-01-31", "no date": "2026-13-45", "a flag": "yes",
    "a list": "[a, b]", "an empty list": "[]", "a mapping": "{a: b}", "an empty mapping": "{}", "an empty text": '""',
    "blank": '"  "', "not a number": ".nan", "infinite": ".inf", "octal": "010", "huge": "9" * 5001, "time": "2026-01-31 10:00:00",
    "sexagesimal": "1:30", "tag": "!!int abc", "python": "!!python/name:os.system", "binary": "!!binary aGk=",
    "control": '"a\\x01b"', "zero": '"a\\0b"', "noncharacter": '"a\\uFFFEb"', "bell": '"\\a"', "nested": "[[[[{a: [1]}]]]]",
    "markup": "'<script>alert(1)</script>'", "template": "'{{ 1 }}'", "path": "../../etc/passwd", "long": "x" * 5000,
    "script": "'javascript:alert(1)'", "line breaks": '"a\\nb\\r\\nc"', "direction": '"a\\u202Eb"', "alias": "*none",
    "merge": "{<<: {a: b}}",
}  # fmt: skip


def test_the_record_with_every_field_is_right(mini: Mini) -> None:
    write(mini, full_record())
    assert problems(mini) == []
    named = {".".join(str(k) for k in path if not isinstance(k, int)) for path in PATHS}
    texts = next(f.type for f in RECORD.fields if f.name == "texts")
    assert isinstance(texts, MappingField)
    assert isinstance(texts.of, GroupField)
    assert [f.name for f in RECORD.fields if f.name not in named] == []
    # the other form of a text: test_witnesses.py
    assert [f.name for f in texts.of.fields if f"texts.t.{f.name}" not in named] == [
        "base",
        "witnesses",
    ]


@pytest.mark.parametrize("name", VALUES)
def test_any_value_in_any_field_is_taken_or_refused(mini: Mini, name: str) -> None:
    write(mini, FULL)
    for path in PATHS:
        text = text_with_raw(path).replace(RAW, VALUES[name])
        said = by_table(text)
        if not said:
            write_text(mini, text)
            mini.seal()
            said = problems(mini)
        shown(said)


REFUSED = [
    "control", "zero", "noncharacter", "bell", "octal", "huge", "tag", "python", "binary", "alias", "no date", "time", "merge",
]  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_field_may_hold_is_refused_at_its_line(name: str) -> None:
    for path in PATHS:
        text = text_with_raw(path).replace(RAW, VALUES[name])
        said = by_table(text)
        line = next(n for n, text in enumerate(text.split("\n"), 1) if VALUES[name] in text)
        assert line in {p.line for p in said}, (path, said)


def test_an_unknown_field_is_named_with_the_nearest() -> None:
    """Every key of every mapping that a table describes, misspelt."""
    free = {
        ("languages",),
        ("word_lists",),
        ("texts",),
        ("texts", "t", "glyphs"),
        ("texts", "t", "reason_kinds"),
        ("texts", "t", "spelling"),
        ("texts", "t", "hands"),
    }
    for path in PATHS:
        if isinstance(path[-1], int) or path[:-1] in free:
            continue
        record = full_record()
        value = put(record, path, None)
        holder: Any = record
        for key in path[:-1]:
            holder = holder[key]
        del holder[path[-1]]
        holder[f"{path[-1]}x"] = value
        said = [p for p in by_table(dumped(record)) if p.code == "field-unknown"]
        assert [p.line for p in said] != [], path
        name = ".".join(map(str, path))
        assert any(
            f"{name}x: did you mean" in p.detail or f"{name}x: known are" in p.detail for p in said
        ), (path, said)
        assert any(str(path[-1]) in p.detail.partition(":")[2] for p in said), (path, said)


def test_every_needed_field_is_asked_for_in_one_run(mini: Mini) -> None:
    mini.write("edition.yaml", "texts:\n  a: {}\n  b: {parts: [{}]}\n")
    missing = {
        p.detail.split(" is missing")[0] for p in problems(mini) if " is missing" in p.detail
    }
    needed = {f.name for f in RECORD.fields if f.required and f.name not in ("texts", "rights")}
    needed |= {
        f"rights.{of}.{name}"
        for of in ("text", "encoding", "metadata")
        for name in ("name", "uri", "statement")
    }
    text = {"folder", "title", "siglum", "witness", "sha256"}
    needed |= {f"texts.{key}.{name}" for key in "ab" for name in text} | {"texts.a.parts"}
    needed |= {f"texts.b.parts.0.{name}" for name in ("doc", "id", "type", "title")}
    assert missing == needed


WRONG = [
    ("status", "finished", "record-field", "draft, candidate, published"),
    ("version", "1.0", "record-field", "1.0.0"),
    ("date", "2026-02-30", "record-field", "2000-12-31"),
    ("date", "9999-12-31", "record-field", "2000-12-31"),
    ("language", "english", "record-field", "BCP 47"),
    ("identifier", "https://doi.org/10.5555/1", "record-field", "10.1234/abc"),
    ("base_url", "my edition.example", "address-form", "https://"),
    ("base_url", "javascript:alert(1)", "address-form", "https://"),
    ("base_url", "https://user@example.org/", "address-form", "https://"),
    ("base_url", "https://example.org/\"><script>", "address-form", "https://"),
    ("repository_url", "ftp://example.org/", "address-form", "https://"),
    ("report_to", "mailto:nobody", "address-form", "mailto:"),
    ("report_to", "vbscript:x", "address-form", "mailto:"),
    ("rights.text.uri", "https://creativecommons.org/licenses/by/4.0", "licence-unknown", "did you mean https://creativecommons.org/licenses/by/4.0/?"),
    ("texts.t.siglum", "T", "record-field", "except T (the restored text)"),
    ("texts.t.siglum", "o", "record-field", "capital"),
    ("texts.t.siglum", "A B", "record-field", "capital"),
    ("texts.t.medium", "typoscript", "record-field", "did you mean typescript?"),
    ("texts.t.origin", "OCR", "record-field", "ocr, transcription, digital"),
    ("texts.t.folder", "../t", "record-field", "folder"),
    ("texts.t.sha256", "ABC", "record-field", "64 hexadecimal digits"),
    ("texts.t.date.from", "1918-13", "record-field", "1917-11"),
    ("texts.t.genre.scheme", "javascript:x", "address-form", "https://"),
    ("texts.t.language", "fr", "metadata-contradiction", "languages"),
    ("texts.t.parts.0.type", "article", "record-field", "preface, chapter, essay, bibliography"),
    ("texts.t.parts.0.place", "middle", "record-field", "front, body, back"),
    ("texts.t.parts.0.id", "Chapter 1", "record-field", "small letters"),
    ("texts.t.parts.0.doc", "../one", "record-field", "source file"),
    ("texts.t.parts.0.n", "1 a", "record-field", "without spaces"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "code", "words"), WRONG)
def test_a_value_outside_its_list_or_form(
    mini: Mini, path: str, value: str, code: str, words: str
) -> None:
    record = full_record()
    put(record, tuple(int(k) if k.isdigit() else k for k in path.split(".")), value)
    write(mini, record)
    said = [p for p in problems(mini) if p.code == code]
    assert len(said) == 1, problems(mini)
    assert words in said[0].detail
    assert said[0].line == safe_yaml.read_yaml(
        mini.path("edition.yaml"), mini.root / "edition"
    ).line(path)


def test_fields_that_contradict_each_other(mini: Mini) -> None:
    def spoilt(**values: Any) -> list[str]:
        record = full_record()
        text = record["texts"]["t"]
        for name, value in values.items():
            (text if name in text else record)[name] = value
        write(mini, record)
        return [p.detail for p in problems(mini)]

    one, two = full_record()["texts"]["t"]["parts"]
    assert spoilt(timeline={"from": 1929, "to": 1917}) == [
        "timeline goes from 1929 to 1917: years in order, at most 999 apart"
    ]
    assert spoilt(date={"from": "1979", "to": "1974"}) == [
        "texts.t.date goes from 1979 to 1974: write the earlier first"
    ]
    assert spoilt(parts=[{**one, "n": None}, two]) == [
        "texts.t.parts.0 is a chapter without a number: add n"
    ]
    assert spoilt(parts=[one, {**two, "place": "front"}]) == [
        "texts.t has parts out of order: front, then body, then back"
    ]
    assert spoilt(parts=[{**one, "type": "preface"}, two]) == [
        "texts.t.parts.0 is a preface without its place: add place: front"
    ]
    assert spoilt(origin="transcription") == ["texts.t names an engine, but its origin is not ocr"]


@pytest.mark.parametrize(
    "name",
    [
        "t",
        "ch-02",
        "ed",
        "ed-2",
        "o0001",
        "o12345",
        "pg-001",
        "app-0001-1",
        "fn-01-001",
        "pers-stalin",
        "rights-text",
        "author",
        "mach",
        "auto",
        "keywords",
        "editorial-notes",
        "ch-02-b001",
        "ch-02-s01",
    ],
)
def test_no_part_has_the_id_of_something_else(mini: Mini, name: str) -> None:
    record = full_record()
    record["texts"]["t"]["parts"][0]["id"] = name
    write(mini, record)
    assert {p.code for p in problems(mini)} == {"record-id"}


def test_the_ids_that_the_program_gives_are_reserved(mini: Mini) -> None:
    """What the TEI of the mini edition names itself, no part may be called."""
    assert mini.build("tei").code == 0
    ids = re.findall(r'xml:id="([^"]+)"', (mini.out / "tei/t.xml").read_text(encoding="utf-8"))
    own = {"t", "ch-01", "ch-02", "T", "O"}
    record = full_record()
    for name in {i for i in ids if re.fullmatch(r"[a-z][a-z0-9-]*", i)} - own:
        record["texts"]["t"]["parts"][0]["id"] = name
        assert [path for path, _ in collisions(record["texts"])] == ["texts.t.parts.0.id"], name


# ------------------------------------------------------------------------------------ YAML

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(11)
)
YAML = {
    "deep": ("a: " + "[" * 3000, "yaml-bounds"),
    "very deep": ("a: " + "[" * 100_000, "yaml-bounds"),
    "deep mappings": ("a: " + "{b: " * 100_000, "yaml-bounds"),
    "deep blocks": ("".join(f"{' ' * i}a:\n" for i in range(200)), "yaml-bounds"),
    "bomb": (BOMB, "yaml-bounds"),
    "merge bomb": ("a: &a {x: 1}\nb: &b {<<: [*a, *a]}\nc: {<<: [*b, *b]}\n", "yaml"),
    "circle": ("a: &a [*a]", "yaml"),
    "two documents": ("a: 1\n---\nb: 2\n", "yaml"),
    "twice": ("a: 1\nb: {c: 1, c: 2}\na: 2\n", "yaml"),
    "no mapping": ("- a\n", "yaml"),
    "a text": ("words\n", "yaml"),
    "complex key": ("? [a, b]\n: c\n", "yaml"),
    "no anchor": ("a: *b\n", "yaml"),
    "unclosed": ("a: [b\n", "yaml"),
    "tab": ("a:\n\tb: 1\n", "yaml"),
    "surrogate": ('a: "\\uD800"\n', "file-control|yaml"),
    "control in a key": ('"a\\x01": b\n', "file-control"),
    "a number": ("a: " + "9" * 5001 + "\n", "yaml-value"),
    "sexagesimal": ("a: 190:20:30\n", "yaml-value"),
    "directive": ("%YAML 9.9\n---\na: b\n", "yaml"),
}


@pytest.mark.parametrize("name", YAML)
def test_yaml_that_is_refused(tmp_path: Path, name: str) -> None:
    text, code = YAML[name]
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(EditionError) as caught:
        safe_yaml.read_yaml(tmp_path / "a.yaml", tmp_path)
    shown(list(caught.value.problems))
    assert {p.code for p in caught.value.problems} <= set(code.split("|"))
    assert {p.file for p in caught.value.problems} == {"a.yaml"}
    assert min(p.line for p in caught.value.problems) > 0


def test_every_doubled_key_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\nb:\n  c: 1\n  c: 2\na: 2\na.b: 3\n", encoding="utf-8")
    with pytest.raises(EditionError) as caught:
        safe_yaml.read_yaml(tmp_path / "a.yaml", tmp_path)
    assert [(p.line, p.detail) for p in caught.value.problems] == [
        (4, "b.c is given twice"),
        (5, "a is given twice"),
    ]


def test_what_yaml_may_hold(tmp_path: Path) -> None:
    text = "%YAML 1.1\n---\na: &x [1, -2, 1.5, true, no, ~, ''] # comment\nno: *x\nb: |\n  two\n  lines\n2: !!str 5\n...\n"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    values = [1, -2, 1.5, True, False, None, ""]
    assert safe_yaml.read_yaml(tmp_path / "a.yaml", tmp_path).data == {
        "a": values,
        "no": values,
        "b": "two\nlines\n",
        "2": "5",
    }


# ----------------------------------------------------------------------------------- files


def as_folder(path: Path) -> None:
    path.mkdir()


def as_pipe(path: Path) -> None:
    os.mkfifo(path)


def as_loop(path: Path) -> None:
    path.symlink_to(path.name)


def as_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def as_nothing(path: Path) -> None:
    path.symlink_to("nowhere")


def as_other_bytes(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")


KINDS = (as_folder, as_pipe, as_loop, as_device, as_nothing, as_other_bytes)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name",
    [
        "witness/w.txt",
        "witness/pages.csv",
        "ledger.csv",
        "edition.yaml",
        "changes.md",
        "registers/persons.yaml",
    ],
)
def test_a_file_that_is_none(mini: Mini, name: str, kind: Any) -> None:
    write(mini, full_record())
    mini.path(name).unlink(missing_ok=True)
    kind(mini.path(name))
    said = problems(mini)
    shown(said)
    codes = {p.code for p in said}
    assert codes & {
        "file-kind",
        "file-missing",
        "file-outside",
        "file-encoding",
        "witness-changed",
    }, said


@pytest.mark.parametrize(
    "value",
    [
        "''",
        "witness",
        ".",
        "'a\\0b'",
        '"a\\tb"',
        "x" * 5000,
        "/etc/passwd",
        "../x",
        "a/" * 2000,
        "w.txt/x",
    ],
)
@pytest.mark.parametrize("field", ["witness", "pages", "ledger"])
def test_a_path_that_leads_to_no_file(mini: Mini, field: str, value: str) -> None:
    record = full_record()
    record["texts"]["t"][field] = RAW
    write(mini, record, value)
    said = problems(mini)
    shown(said)
    if value != "''" or field == "witness":
        assert {p.code for p in said} & {
            "file-kind",
            "file-missing",
            "file-outside",
            "record-field",
        }, said


def test_names_that_no_output_can_have(mini: Mini) -> None:
    folder = os.fsencode(mini.root / "edition")
    for name in (b"\xff.md", b"a" * 201):
        (Path(os.fsdecode(folder)) / os.fsdecode(name)).write_text("# x\n", encoding="utf-8")
    said = problems(mini)
    shown(said)
    assert [(p.code, p.detail) for p in said] == [
        ("file-name", "the name has 201 bytes"),
        ("file-name", "the name is not UTF-8"),
    ]


# ---------------------------------------------------------------------------------- tables

TABLES_WRONG = {
    "bare return": ("page,first_line,last_line,number_seen_at_line\r1,1,26,\r", "table-form", 1),
    "short row": ("page,first_line,last_line,number_seen_at_line\n1,1\n", "table-form", 2),
    "long row": ("page,first_line,last_line,number_seen_at_line\n1,1,26,,\n", "table-form", 2),
    "huge cell": (
        "page,first_line,last_line,number_seen_at_line\n" + "1" * 200_000 + ",1,26,\n",
        "table-form",
        2,
    ),
    "open quotation": (
        'page,first_line,last_line,number_seen_at_line\n"1,1,26,\n',
        "table-form",
        2,
    ),
    "nothing": ("", "page-table", 1),
    "no rows": ("page,first_line,last_line,number_seen_at_line\n", "page-table", 1),
    "double column": (
        "page,first_line,last_line,number_seen_at_line,page\n1,1,26,,1\n",
        "page-table",
        1,
    ),
    "negative": ("page,first_line,last_line,number_seen_at_line\n1,-1,26,\n", "page-table", 2),
    "fraction": ("page,first_line,last_line,number_seen_at_line\n1,1.0,26,\n", "page-table", 2),
    "huge number": (
        f"page,first_line,last_line,number_seen_at_line\n1,1,{'9' * 5000},\n",
        "page-table",
        2,
    ),
    "beyond the end": ("page,first_line,last_line,number_seen_at_line\n1,1,99,\n", "page-table", 2),
    "reversed": ("page,first_line,last_line,number_seen_at_line\n1,26,1,\n", "page-table", 2),
    "number elsewhere": (
        "page,first_line,last_line,number_seen_at_line\n1,1,12,14\n2,14,26,\n",
        "page-table",
        2,
    ),
    "one address": (
        "page,first_line,last_line,number_seen_at_line\nix,1,12,\nIX,14,26,\n",
        "page-table",
        3,
    ),
    "no label": ("page,first_line,last_line,number_seen_at_line\n,1,26,\n", "page-table", 2),
}


@pytest.mark.parametrize("name", TABLES_WRONG)
def test_a_page_table_that_is_none(mini: Mini, name: str) -> None:
    text, code, line = TABLES_WRONG[name]
    mini.write("witness/pages.csv", text)
    said = problems(mini)
    shown(said)
    assert (code, "witness/pages.csv", line) in [(p.code, p.file, p.line) for p in said]


def test_all_rows_that_are_wrong_are_told(mini: Mini) -> None:
    mini.write(
        "witness/pages.csv",
        "page,first_line,last_line,number_seen_at_line\n1,a,12,\n2,14\n2.3,22,26,\n",
    )
    assert found(mini) == [("table-form", "witness/pages.csv", 3)]
    mini.write(
        "witness/pages.csv",
        "page,first_line,last_line,number_seen_at_line\n1,a,12,\n2,14,20,\n2.3,22,26,\n",
    )
    assert [line for _, _, line in found(mini)] == [2, 4]


@pytest.mark.parametrize(
    "line",
    [
        n
        for n, text in enumerate(
            (BASE / "edition/witness/w.txt").read_text(encoding="utf-8").split("\n"), 1
        )
        if text.strip()
    ],
)
def test_every_line_of_the_witness_is_on_a_page(line: int) -> None:
    """Whatever line the table leaves out, it is named."""
    lines = (BASE / "edition/witness/w.txt").read_text(encoding="utf-8").split("\n")
    rows = [
        f"a{i},{first},{last},\n"
        for i, (first, last) in enumerate(((1, line - 1), (line + 1, len(lines))))
        if first <= last
    ]
    root = BASE / "edition"
    path = root / "witness/pages.csv"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            csv_tables,
            "read_text",
            lambda *_: "page,first_line,last_line,number_seen_at_line\n" + "".join(rows),
        )
        with pytest.raises(EditionError) as caught:
            csv_tables.load_pages(root, path.relative_to(root).as_posix(), lines)
    assert [p.detail.split(" is on")[0] for p in caught.value.problems] == [f"witness line {line}"]


LEDGERS = {
    "number for words": ("1,1,2026-01-01,3\n2,0,,\n3,0,,\n", 2),
    "no number": ("1,many,2026-01-01,\n2,0,,\n3,0,,\n", 2),
    "negative": ("1,0,,\n2,-1,2026-01-01,\n3,0,,\n", 3),
    "no such day": ("1,0,,\n2,0,,\n3,1,2026-02-30,\n", 4),
    "never": ("1,1,,\n2,0,,\n3,0,,\n", 2),
    "no such page": ("1,0,,\n2,0,,\n3,0,,\n4,0,,\n", 5),
    "twice": ("1,0,,\n2,0,,\n3,0,,\n1,0,,\n", 5),
    "left out": ("1,0,,\n3,0,,\n", 0),
}


@pytest.mark.parametrize("name", LEDGERS)
def test_a_ledger_that_is_none(mini: Mini, name: str) -> None:
    text, line = LEDGERS[name]
    write(mini, full_record())
    mini.write("ledger.csv", f"page,readings,last_read,open_doubts\n{text}")
    assert found(mini) == [("ledger", "ledger.csv", line)]


def test_open_doubts_are_words(mini: Mini) -> None:
    write(mini, full_record())
    mini.write("fonts/a.ttf", b"")
    mini.write(
        "ledger.csv",
        "page,readings,last_read,open_doubts\n1,2,2026-01-01,the year; ; a name;\n2,0,,\n3,0,,\n",
    )
    rows = edition.load(mini.root / "edition").texts["t"].ledger
    assert [csv_tables.doubts(row) for row in rows.values()] == [("the year", "a name"), (), ()]


# ------------------------------------------------------------------------------- registers

ENTRIES = {
    "nan": ("places", "a:\n  name: A\n  coordinates: [.nan, .nan]\n", 3, "register-field"),
    "infinite": ("places", "a:\n  name: A\n  coordinates: [.inf, 0]\n", 3, "register-field"),
    "out of range": ("places", "a:\n  name: A\n  coordinates: [200, 400]\n", 3, "register-field"),
    "flags": ("places", "a:\n  name: A\n  coordinates: [true, false]\n", 3, "register-field"),
    "huge": ("places", f"a:\n  name: A\n  coordinates: [{'9' * 400}, 0]\n", 3, "yaml-value"),
    "no month": ("events", 'a:\n  name: A\n  date: "1918-13"\n', 3, "register-field"),
    "no day": ("events", 'a:\n  name: A\n  date: "1918-02-30"\n', 3, "register-field"),
    "leap day": ("events", 'a:\n  name: A\n  date: "1900-02-29"\n', 3, "register-field"),
    "reversed": ("events", 'a:\n  name: A\n  date: "1921/1918"\n', 3, "register-field"),
    "unquoted": ("events", "a:\n  name: A\n  date: 1918-11-11\n", 3, "register-field"),
    "a year": ("events", "a:\n  name: A\n  date: 1918\n", 3, "register-field"),
    "reversed life": ("persons", "a:\n  name: A\n  dates: 1940–1879\n", 3, "register-field"),
    "dates unquoted": ("persons", "a:\n  name: A\n  dates: 1926-02-30\n", 3, "register-field"),
    "work type": ("works", "a:\n  title: A\n  type: newspaper\n", 3, "register-field"),
    "no type": ("works", "a:\n  title: A\n", 1, "register-field"),
    "circle": ("works", "a: {title: A, type: book, contained_in: a}\n", 1, "register-circle"),
    "long circle": ("works", "".join(f"{x}: {{title: A, type: book, contained_in: {y}}}\n" for x, y in ("ab", "bc", "ca")), 1, "register-circle"),
    "no such work": ("works", "a: {title: A, type: book, contained_in: b}\n", 1, "register-field"),
    "no key": ("persons", "Ünder:\n  name: A\n", 1, "register-field"),
    "identifier": ("persons", "a:\n  name: A\n  ids: {wikidata: x}\n", 3, "register-field"),
    "language": ("persons", "a:\n  name: A\n  names: {English: A}\n", 3, "register-field"),
    "address": ("persons", "a:\n  name: A\n  evidence: ['javascript:alert(1)']\n", 3, "address-form"),
    "unknown": ("persons", "a:\n  name: A\n  glos: b\n", 3, "field-unknown"),
    "other register's": ("persons", "a:\n  name: A\n  coordinates: [1, 2]\n", 3, "field-unknown"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_that_is_wrong(mini: Mini, name: str) -> None:
    register, text, line, code = ENTRIES[name]
    for other in TABLES:
        mini.write(f"registers/{other}.yaml", text if other == register else "")
    assert found(mini) == [(code, f"registers/{register}.yaml", line)]


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("register", TABLES)
def test_any_value_in_any_field_of_a_register(mini: Mini, register: str, name: str) -> None:
    for other in TABLES:
        mini.write(f"registers/{other}.yaml", "")
    head = {"title": "A", "type": "book"} if register == "works" else {"name": "A"}
    for field in TABLES[register].fields:
        entry = {"a": {**head, field.name: RAW}}
        mini.write(f"registers/{register}.yaml", dumped(entry).replace(RAW, VALUES[name]))
        said = by_registers(mini) or problems(mini)
        shown(said)
        if name in REFUSED:
            assert said, field.name


def by_registers(mini: Mini) -> list[Problem]:
    """What is wrong with the registers alone."""
    try:
        registers.load(mini.path("registers"), mini.root / "edition")
    except EditionError as error:
        return list(error.problems)
    return []


def test_the_examples_of_the_tables_are_right() -> None:
    groups = [RECORD, RELATIONS, *TABLES.values()]
    while groups:
        for field in groups.pop().fields:
            inner: Any = field.type
            while isinstance(inner, (MappingField, ListField)):
                inner = inner.of
            if isinstance(inner, GroupField):
                groups.append(inner)
            if field.example:
                value = safe_yaml.parse_yaml(f"x: {field.example}", "x").data["x"]
                assert list(field.type.check("x", value)) == [], field.name
    assert all(f.purpose and f.type.words for f in (*PAGE_COLUMNS, *LEDGER_COLUMNS, *CONF))


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("1917", True),
        ("1917-11", True),
        ("1917-11-07", True),
        ("2000-02-29", True),
        ("1900-02-29", False),
        ("1917-13", False),
        ("17", False),
        ("0000", False),
        ("9999", False),
        ("1917-1-1", False),
        ("١٩١٧", False),
        ("", False),
        ("1917-11-07T00:00", False),
    ],
)
def test_dates(text: str, good: bool) -> None:
    assert is_date(text) is good
    assert is_range(text) is good
    assert is_day(text) is (good and len(text) == 10)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("1917/1922", True),
        ("1917-11/1917-12", True),
        ("1917/..", True),
        ("1917-11-07/1917", True),
        ("1922/1917", False),
        ("1917-12/1917-11", False),
        ("/1917", False),
        ("../1917", False),
        ("1917/1918/1919", False),
        ("1917/x", False),
    ],
)
def test_ranges(text: str, good: bool) -> None:
    assert is_range(text) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://example.org", True),
        ("http://example.org:8080/a?b=c#d", True),
        ("https://пример.рф/", True),
        ("https://", False),
        ("//example.org", False),
        ("example.org", False),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("https://a b", False),
        ("https://a\nb", False),
        ("https://a@b.org", False),
        ("https://[", False),
        ("https://example.org:x/", False),
        ("https://a\u202eb.org", False),
    ],
)
def test_addresses(text: str, good: bool) -> None:
    assert is_address(text) is good
    assert (list(TextField("", test=is_address).check("", text)) == []) is good


def test_every_licence_has_its_state() -> None:
    states = {uri: availability(uri) for uri in LICENCES}
    assert {states[u] for u in states if "creativecommons" in u} == {"free"}
    assert states["http://rightsstatements.org/vocab/InC/1.0/"] == "restricted"
    assert states["http://rightsstatements.org/vocab/CNE/1.0/"] == "unknown"
    assert set(states.values()) == {"free", "restricted", "unknown"}


# ------------------------------------------------------------------------------- published


def test_the_documentation_and_the_json_schema_are_those_of_the_tables() -> None:
    """If not: ``python -m tei_export.schema.record docs schema``."""
    assert (ROOT / "docs/record.md").read_text(encoding="utf-8") == published.documentation()
    assert (ROOT / "schema" / published.SCHEMA_FILE).read_text(encoding="utf-8") == published.FILES[
        published.SCHEMA_FILE
    ]()


def test_the_documentation_has_every_field() -> None:
    text = published.documentation()

    def inside(of: Any) -> Iterator[GroupField]:
        if isinstance(of, GroupField):
            yield of
            for field in of.fields:
                yield from inside(field.type)
        elif isinstance(of, (ListField, MappingField)):
            yield from inside(of.of)
        elif isinstance(of, EditorsField):
            yield from inside(of._type([]))

    groups = [found for of in (RECORD, RELATION, *TABLES.values()) for found in inside(of)]
    assert len(groups) > 20
    for group in groups:
        for field in group.fields:
            rows = [row for row in text.splitlines() if row.startswith(f"| `{field.name}` |")]
            assert any(field.purpose.replace("<", "&lt;") in row for row in rows), field


def test_the_json_schema_takes_what_the_check_takes() -> None:
    check = validator(published.json_schema())
    full = full_record()
    full["texts"]["t"]["sha256"] = "0" * 64
    assert [e.message for e in check.iter_errors(full)] == []
    for name in TABLES:
        entries = yaml.safe_load(
            (BASE / f"edition/registers/{name}.yaml").read_text(encoding="utf-8")
        )
        assert [
            e.message for e in validator(published.register_schema(name)).iter_errors(entries)
        ] == []


@pytest.mark.parametrize("value", [5, ["a"], {"a": "b"}, True])
def test_the_json_schema_refuses_types_that_the_check_refuses(mini: Mini, value: Any) -> None:
    check = validator(published.json_schema())
    for path in PATHS:
        record = full_record()
        record["texts"]["t"]["sha256"] = "0" * 64
        put(record, path, value)
        mine = any(c for c in RECORD.check("", record) if c.code == "" or c.code == "field-unknown")
        theirs = any(True for _ in check.iter_errors(record))
        assert mine or not theirs, path  # what only other fields forbid, JSON Schema does not see
        if mine and not theirs:
            assert path[-1] in (
                "n",
                "from",
                "to",
                "type",
                "place",
                "engine",
                "origin",
                "t",
                "texts",
            ), path


@pytest.mark.parametrize("optional", [True, False])
def test_a_template_reads_back_as_its_values(tmp_path: Path, optional: bool) -> None:
    values = full_record()
    (tmp_path / "a.yaml").write_text(
        published.template(values, optional=optional), encoding="utf-8"
    )
    assert safe_yaml.read_yaml(tmp_path / "a.yaml", tmp_path).data == values


def test_a_template_whose_examples_are_made_real_is_right() -> None:
    """Every commented field, its mark taken away, reads and is what its table asks for; of the record's own
    fields and of those of a text."""
    base = copy.deepcopy(BASE_RECORD)
    base["languages"]["la"] = "Latin"
    base["base_url"] = "https://example.org/"
    base["texts"]["t"]["sha256"] = "0" * 64
    text = published.template(base)
    uncommented, number = re.subn(r"^( *)# ([a-z_0-9]+: \S.*)$", r"\1\2", text, flags=re.MULTILINE)
    assert number > 15
    assert "…" not in re.sub(r"The letters of …", "", uncommented)
    record = safe_yaml.parse_yaml(uncommented, "x").data
    assert [c.detail for c in RECORD.check("", record)] == []


def test_a_template_names_every_field_once(tmp_path: Path) -> None:
    base = yaml.safe_load((BASE / "edition/edition.yaml").read_text(encoding="utf-8"))
    text = published.template(base)
    for field in RECORD.fields:
        assert len(re.findall(rf"^(?:# )?{field.name}:", text, re.MULTILINE)) == 1, field.name
    assert "  # ledger: ledger.csv" in text
    with pytest.raises(KeyError, match="title"):
        published.template({"subtitle": ""})


# ---------------------------------------------------------------------- conf.py and schema


def test_an_edition_without_a_schema_has_that_of_the_program(tmp_path: Path) -> None:
    assert schema_folder(tmp_path, "") == bundled()
    assert {p.name for p in bundled().iterdir()} >= {
        "edition.odd",
        "edition.rng",
        "edition.sch",
        "edition.rnc",
    }
    for name in ("edition.rng", "edition.sch"):
        (tmp_path / "schema").mkdir(exist_ok=True)
        (tmp_path / "schema" / name).touch()
    assert schema_folder(tmp_path, "") == tmp_path / "schema"
    (tmp_path / "conf.py").write_text("\nedition_schema = 'own'\n", encoding="utf-8")
    with pytest.raises(EditionError) as caught:
        schema_folder(tmp_path, "own")
    assert [(p.code, p.file, p.line) for p in caught.value.problems] == [
        ("file-missing", "conf.py", 2)
    ]


def test_the_wheel_holds_the_schema() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in ("edition.odd", "edition.rng", "edition.sch", "edition.rnc", published.SCHEMA_FILE):
        assert f'"schema/{name}" = "tei_export/schema/data/{name}"' in project
        assert (ROOT / "schema" / name).is_file()


def test_an_edition_outside_the_repository_builds_without_a_schema_of_its_own(
    tmp_path: Path,
) -> None:
    mini = Mini(tmp_path / "mini")
    conf = mini.root / "conf.py"
    conf.write_text(
        re.sub(r"edition_schema = .*\n", "", conf.read_text(encoding="utf-8")), encoding="utf-8"
    )
    result = mini.build("tei")
    assert result.code == 0, result.output
    assert (mini.out / "tei/schema/edition.rng").read_bytes() == (
        bundled() / "edition.rng"
    ).read_bytes()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("edition_schema = 'nowhere'", "file-missing"),
        ("edition_recrd = 'x'", "field-unknown"),
        ("pdf_forms = 'book'", "conf-value"),
        ("pdf_forms = [5]", "conf-value"),
        ("language = 'de-'", "conf-value"),
        ("edition_record = 5", "conf-value"),
        ("language = 5", "conf-value"),
        ("project = 5", "conf-value"),
        ("author = 5", "conf-value"),
        ("html_title = 5", "conf-value"),
        ("html_theme_options = 5", "conf-value"),
        ("exclude_patterns = 5", "conf-value"),
        ("latex_elements = 5", "conf-value"),
        ("nitpicky = 'x'", "conf-value"),
        ("extensions = 5", "conf-value"),
        ("html_static_path = 5", "conf-value"),
        ("myst_enable_extensions = 5", "conf-value"),
    ],
)
def test_a_value_of_conf_that_is_wrong(mini: Mini, line: str, code: str) -> None:
    conf = mini.root / "conf.py"
    text = re.sub(r"(edition_schema|language) = .*\n", "", conf.read_text(encoding="utf-8"))
    conf.write_text(f"{text}{line}\n", encoding="utf-8")
    result = mini.check()
    assert result.code == 1, result.output
    assert result.problems == [f"conf.py:{text.count(chr(10)) + 1}: [{code}]"], result.output


def test_the_record_as_json_is_what_the_metadata_say(mini: Mini) -> None:
    loaded = edition.load(mini.root / "edition")
    meta = metadata(loaded)
    assert json.loads(json.dumps(loaded.record))["title"] == meta.title

"""What `check` accepts, `build` builds, whatever the record says: records are made from the table of its fields."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from mini import Mini, dumped
from tei_export.model.fields import (
    ChoiceField,
    FlagField,
    GroupField,
    LabelField,
    ListField,
    MappingField,
    NumberField,
)
from tei_export.model.licences import LICENCES
from tei_export.model.record_fields import PART, RECORD, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mini import Result
    from tei_export.model.fields import Field, FieldType

#: Texts that may stand anywhere, and some that stand nowhere.
ANY = ("x", "", "<i>&amp;\"'\\` {{x}} #let $a$", "fr", "a b", "é\u0301\u05d0\u0627", "2000-12-31", "%", "null", "x" * 300)  # fmt: skip
WRONG: tuple[Any, ...] = (5, [], {}, True, ["x"], {"x": "y"}, "../x", "\u202e", "O", "T", "t", "ch-01")  # fmt: skip
#: What the record of the small edition has at hand.
KNOWN: dict[str, tuple[Any, ...]] = {
    "uri": (*LICENCES,),
    "id": ("ch-01", "ch-02", "t", "one", "app-0001-1", "Größe"),
    "doc": ("one", "two", "three"),
    "folder": ("t", "witness", "registers"),
    "witness": ("witness/w.txt", "witness/pages.csv"),
    "pages": ("witness/pages.csv", "witness/w.txt", "missing.csv"),
    "language": ("en", "ru", "he", "ar", "de", "ruold"),
    "n": (1, 2, "I", "1a", "one two"),
    "siglum": ("O", "A", "AB12", "T", "Ω"),
    "by": ("stalin", "nobody", ["stalin"]),
    "place": ("front", "body", "back", "moscow"),
}
#: Fields whose files are made by other tests, or that only an own run of a program reads.
ELSEWHERE = {"fonts", "word_lists", "sha256", "witnesses", "base", "ledger"}


def value(field: Field) -> st.SearchStrategy[Any]:
    """A value for a field: mostly one that its type takes."""
    known = KNOWN.get(field.name, ())
    example = yaml.safe_load(field.example) if field.example else None
    right = [st.sampled_from([*known, *([example] if example is not None else []), *ANY])]
    of_type = typed(field.type)
    return st.one_of(
        *[right[0] if of_type is None else of_type] * 4,
        *right * 3,
        st.sampled_from(WRONG),
        st.none(),
    )


def typed(of: FieldType) -> st.SearchStrategy[Any] | None:
    """Values of a type, where it says which; otherwise nothing."""
    if isinstance(of, ChoiceField):
        return st.sampled_from(list(of.values))
    if isinstance(of, FlagField):
        return st.booleans()
    if isinstance(of, NumberField):
        return st.integers(int(of.low) - 1, int(of.low) + 5)
    if isinstance(of, LabelField):
        return st.one_of(st.integers(0, 3), st.sampled_from(["I", "a", "1a", ""]))
    if isinstance(of, GroupField):
        return st.fixed_dictionaries(
            {f.name: value(f) for f in of.fields if f.required},
            optional={f.name: value(f) for f in of.fields if not f.required},
        )
    if isinstance(of, ListField):
        return st.lists(inner(of.of), max_size=2)
    if isinstance(of, MappingField):
        keys = st.sampled_from(["x", "en", "anna", "’", "by rule"])
        return st.dictionaries(keys, inner(of.of), max_size=2)
    return None


def inner(of: FieldType) -> st.SearchStrategy[Any]:
    found = typed(of)
    return st.sampled_from(ANY) if found is None else found


def fields(of: GroupField) -> list[Field]:
    return [f for f in of.fields if f.name not in {*ELSEWHERE, "texts", "parts"}]


def changes_of(where: str, table: GroupField) -> st.SearchStrategy[tuple[str, str, Any]]:
    """Changes of one field of a table: where, its name, its new value."""

    def change(field: Field) -> st.SearchStrategy[tuple[str, str, Any]]:
        return st.tuples(st.just(where), st.just(field.name), value(field))

    return st.sampled_from(fields(table)).flatmap(change)


CHANGES = st.one_of(
    changes_of("record", RECORD), changes_of("text", TEXT), changes_of("part", PART)
)
#: Changes of several fields, which make other editions of the same words.
SHAPES: tuple[dict[str, dict[str, Any]], ...] = (
    {},
    {},
    {"text": {"pages": None, "complete": False}},
    {"text": {"glyphs": {}}},
    {"record": {"languages": {"en": "English"}}},
    {"record": {"language": "he", "languages": {"he": "Hebrew", "en": "English", "ru": "R"}}},
    {"part": {"type": "essay", "n": None}},
    {"part": {"type": "letter", "sent": {"by": "stalin", "date": "1924-01"}}},
    {"part": {"type": "play", "divisions": ["act", "scene"]}},
)


@st.composite
def records(draw: st.DrawFn) -> list[tuple[str, str, Any]]:
    shape = draw(st.sampled_from(SHAPES))
    changes = [(w, name, v) for w, values in shape.items() for name, v in values.items()]
    return changes + draw(st.lists(CHANGES, min_size=0 if changes else 1, max_size=2))


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Mini, dict[str, Any]]]:
    mini = Mini(tmp_path_factory.mktemp("records") / "mini")
    yield mini, yaml.safe_load(mini.read("edition.yaml"))


def changed(record: dict[str, Any], changes: list[tuple[str, str, Any]]) -> str:
    record = copy.deepcopy(record)
    text = record["texts"]["t"]
    places = {"record": record, "text": text, "part": text["parts"][1]}
    for where, name, new in changes:
        if new is None:
            places[where].pop(name, None)
        else:
            places[where][name] = new
    return dumped(record)


def asked(result: Result) -> list[str]:
    """The problems that a build has as well: not the questions about words."""
    questions = ("[word-doubled]", "[marks-unbalanced]", "[page-beyond]")
    return sorted({p for p in result.problems if not p.endswith(questions)})


accepted: list[str] = []
refused: list[str] = []


@settings(
    max_examples=28,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(changes=records())
def test_check_and_build_agree_on_a_record(
    edition: tuple[Mini, dict[str, Any]], changes: list[tuple[str, str, Any]]
) -> None:
    mini, record = edition
    mini.write("edition.yaml", changed(record, changes))
    checked, built = mini.check(), mini.build("tei")
    note(f"{changes}\n--- {checked.output}\n--- {built.output}")
    assert checked.code in {0, 1}
    assert "internal error" not in checked.output + built.output
    assert asked(checked) == asked(built)
    assert built.code == (1 if asked(checked) else 0)
    (accepted if built.code == 0 else refused).append(mini.read("edition.yaml"))


def test_all_outputs_of_some(edition: tuple[Mini, dict[str, Any]]) -> None:
    """The longest record that was accepted, which changed most; else the test above says nothing."""
    mini, _ = edition
    assert len(accepted) >= 6
    assert len(refused) >= 6
    record = max(accepted, key=len)
    mini.write("edition.yaml", record)
    built = mini.build("all")
    assert built.code == 0, f"{record}\n{built.output}"

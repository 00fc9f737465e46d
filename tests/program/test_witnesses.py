"""Several witnesses: what is recorded of each is what it has, from the sources and from the TEI alone."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mini import TESTS, Mini
from tei_export.model.faithfulness import FOLD_RULES, folded
from tei_export.model.readings import RoleTextError
from tei_export.model.variants import classify_variant, parse_variants, reading_notation
from tei_export.model.witness_text import Event, witness_text
from tei_export.model.witnesses import tei_id
from tei_export.model.word_differences import differences
from tei_export.outputs.data import readme
from tei_export.outputs.deposit import ro_crate
from tei_export.proof import regenerate
from tei_export.shared.rights import quotes_texts

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"B²": "witness/b.txt", "C": "witness/c.txt", "D": "witness/d.txt"}


@pytest.fixture(scope="module")
def fable(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    mini = Mini(tmp_path_factory.mktemp("several") / "mini", TESTS / "roots" / "several")
    result = mini.build("tei")
    assert (result.code, result.problems) == (0, []), result.output
    return mini


# --- the notation ---


def test_readings_are_taken_apart() -> None:
    found = parse_variants(
        "great <B: greater> <C D: grand ? #auto (faded)> <E: > ?? (they tone down)"
    )
    assert found.lemma == "great"
    assert [(sigla, one.text, one.cert, one.resp, one.why) for sigla, one in found.named] == [
        ("B", "greater", "high", "ed", ""),
        ("C D", "grand", "medium", "auto", "faded"),
        ("E", "", "high", "ed", ""),
    ]
    assert (found.cert, found.resp, found.why) == ("low", "ed", "they tone down")


@pytest.mark.parametrize(
    "text",
    ["great", "great <B greater>", "great <B: greater", "great <: greater>", "a <B: b <C: c>"],
)
def test_what_is_no_list_of_readings(text: str) -> None:
    with pytest.raises(RoleTextError) as caught:
        parse_variants(text)
    assert caught.value.code == "variant-form"


@pytest.mark.parametrize("text", ["{del}`x` y", "a {b} c", "\\{sic}`x <y>`", "{}`x`"])
def test_braces_of_a_witness_are_read_back(text: str) -> None:
    (found,) = parse_variants(f"lemma {reading_notation(['B'], text)}").named
    assert found[1].text == text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\n`"), max_size=40))
def test_a_reading_is_read_back_as_it_was(text: str) -> None:
    if text != text.rstrip() or text[:1] == " ":
        text = f"a{text}b"
    (found,) = parse_variants(f"lemma {reading_notation(['B', 'C'], text)}").named
    assert (found[0], found[1].text, found[1].cert, found[1].why) == ("B C", text, "high", "")


@pytest.mark.parametrize(
    ("lemma", "reading", "kind"),
    [
        ("great", "greater", "substantive"),
        ("great", "", "omission"),
        ("", "very", "addition"),
        ("great", "Great", "orthographic"),
        ("any one", "anyone", "orthographic"),
        ("laste", "laſte", "orthographic"),
        ("euer", "ever", "orthographic"),
        ("shewed", "showed", "orthographic"),
        ("great,", "great;", "punctuation"),
        (",", "", "punctuation"),
    ],
)
def test_a_reading_has_its_class(lemma: str, reading: str, kind: str) -> None:
    assert classify_variant(lemma, reading, {"shew": "show"}) == kind


def test_sigla_have_ids() -> None:
    sigla = ["A", "B²", "B2", "Γ", "par. lat. 7900", "α", "β₁", "7"]
    ids: list[str] = []
    for siglum in sigla:
        ids.append(tei_id(siglum, ids))
    assert ids == ["A", "B2", "B2-2", "W-gamma", "W-par-lat-7900", "W-alpha", "W-beta1", "W-7"]


# --- the text of a witness ---

EVENTS = [
    Event("text", 1, "one "), Event("begin", 1, "p"), Event("text", 1, "two "), Event("begin", 1, "q"),
    Event("text", 2, "three "), Event("end", 2, "p", (), ((("B",), "deux trois "),)), Event("text", 2, "four "),
    Event("end", 2, "q", (), ((("C",), "drei vier "),)), Event("off", 3, "", ("D",)), Event("app", 3, "", (), ((("C",), "fünf "),)),
    Event("text", 3, "five "), Event("/app", 3, "", (), ((("C",), "fünf "),)), Event("on", 3, "", ("D",)),
    Event("begin", 4, "m"), Event("text", 4, "six "), Event("moved", 4, "m", ("D",)), Event("text", 4, "seven "),
    Event("here", 4, "m", ("D",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("siglum", "words"),
    [
        ("A", "one two three four five six seven"),
        ("B", "one deux trois four five six seven"),
        ("C", "one two drei vier fünf six seven"),
        ("D", "one two three four seven six"),
    ],
)
def test_the_text_of_a_witness(siglum: str, words: str) -> None:
    assert "".join(text for _, text in witness_text(EVENTS, siglum)).split() == words.split()


def test_a_hyphen_at_a_line_end_is_the_word_s_or_the_division_s() -> None:
    ours = [(1, "A well-known isolation.")]
    assert differences(ours, "A well-\nknown isola-\ntion.", (), {}) == []
    (found,) = differences(ours, "A well-\nknown isolat-\ntion.", (), {})
    assert (found.ours, found.theirs) == ("isolation.", "isolat-tion.")


@given(st.text(max_size=60), st.lists(st.sampled_from(sorted(FOLD_RULES)), unique=True, max_size=4))
def test_both_programs_fold_alike(text: str, rules: list[str]) -> None:
    ours = "".join(folded(text, rules).split())
    assert ours == regenerate._squeezed(text.replace("\x00", ""), rules) or "\x00" in text


# --- the proof ---


def test_every_witness_is_told_by_check(fable: Mini) -> None:
    output = fable.check().output
    for siglum, proof in (("B²", "letters"), ("C", "words"), ("D", "significant")):
        words = len(fable.read(FILES[siglum]).replace("-\n", "").split())
        assert f"{siglum} " in output
        assert f"{words} words, 0 differences ({proof})" in output


@pytest.mark.parametrize("siglum", FILES)
def test_the_tei_alone_has_every_witness(fable: Mini, siglum: str) -> None:
    root = regenerate.parse((fable.out / "tei/fable.xml").read_bytes())
    text = fable.read(FILES[siglum])
    report = regenerate.compare_witness(root, siglum, text)
    assert report.clean, str(report)
    chance = random.Random(14)
    letters = [i for i, c in enumerate(text) if c.isalpha()]
    for at in chance.sample(letters, 25):
        spoilt = f"{text[:at]}§x{text[at + 1 :]}"
        assert not regenerate.compare_witness(root, siglum, spoilt).clean, (at, text[at])


def test_the_command_of_the_second_proof(fable: Mini, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(fable.out / "tei/fable.xml"), str(fable.path("witness/w.txt"))]
    named = [
        x for siglum, file in FILES.items() for x in ("--witness", f"{siglum}={fable.path(file)}")
    ]
    assert regenerate.main([*named, *files]) == 0
    assert "B²: " in capsys.readouterr().out
    assert regenerate.main(["--witness", f"B²={fable.path(FILES['C'])}", *files]) == 1
    assert regenerate.main(["--witness", f"K={fable.path(FILES['C'])}", *files]) == 2


def test_every_damaged_word_is_told(fable: Mini, tmp_path: Path) -> None:
    """One letter of one word at a time, of each witness in turn."""
    mini = Mini(tmp_path / "mini", TESTS / "roots" / "several")
    chance = random.Random(1859)
    for siglum, file in FILES.items():
        text = mini.read(file)
        words = [i for i, c in enumerate(text) if c.isalpha()]
        at = chance.choice(words)
        mini.write(file, f"{text[:at]}q{text[at + 1 :]}")
        result = mini.check()
        assert f"{file}:0: [witness-changed]" in result.output
        mini.path("witness/SHA256SUMS").write_text("")
        assert mini.run("seal").code == 0
        result = mini.check()
        assert result.code == 1
        assert "[reading-differs]" in result.output
        assert f": {siglum}, word " in result.output
        mini.write(file, text)
        mini.path("witness/SHA256SUMS").write_text("")
        assert mini.run("seal").code == 0
    assert mini.check().code == 0


# --- the tables ---


def test_the_tables_say_what_the_apparatus_says(fable: Mini) -> None:
    assert fable.build("data").code == 0
    rows = list(
        csv.DictReader(io.StringIO((fable.out / "data/readings.csv").read_text(encoding="utf-8")))
    )
    assert len(rows) == 26
    first = rows[0]
    assert (first["lemma"], first["lemma_sigla"], first["reading"], first["sigla"]) == (
        "hungry",
        "A",
        "famished",
        "B², D",
    )
    assert [row["lemma_sigla"] for row in rows if row["lemma"] == "deem"] == ["", "", ""]
    table = {
        row["siglum"]: row
        for row in csv.DictReader(
            io.StringIO((fable.out / "data/fable-agreement.csv").read_text(encoding="utf-8"))
        )
    }
    assert list(table) == ["A", "B²", "C", "D"]  # Γ is only quoted
    for one in table:
        same, of = table[one][one].split("/")
        assert same == of
        for other in table:
            assert table[one][other] == table[other][one]


def test_the_matrix_is_that_of_the_readings(fable: Mini) -> None:
    """Each character is an entry: witnesses with the same reading have the same state, who is lost has none."""
    assert fable.build("data").code == 0
    nexus = (fable.out / "data/fable.nex").read_text(encoding="utf-8")
    labels = re.search(r"CharLabels (.*);", nexus)
    assert labels
    names = labels[1].split()
    matrix = dict(re.findall(r"^ {8}(\S+) +([0-9?]+)$", nexus.replace(";", ""), re.MULTILINE))
    assert matrix.keys() == {"A", "B2", "C", "D"}
    assert {len(states) for states in matrix.values()} == {len(names)}
    at = names.index("app_0009_1")
    assert [matrix[w][at] for w in ("A", "B2", "C", "D")] == ["1", "2", "3", "?"]


def test_the_files_of_several_witnesses_are_described(fable: Mini) -> None:
    """In the deposit each file says what it is, and those with the words of the witnesses have the rights of the text."""
    assert fable.build("data").code == 0
    names = ("readings.csv", "fable-agreement.csv", "fable.nex", "fable-collation.json")
    assert all((fable.out / "data" / name).is_file() for name in names)
    assert len({readme.gloss_of(name) for name in names} - {""}) == len(names)
    assert [quotes_texts(f"data/{name}") for name in names] == [True, False, False, True]
    assert {ro_crate.format_of(f"data/{name}") for name in names} == {
        "text/csv",
        "text/plain",
        "application/json",
    }
    assert ro_crate.rights_of("data/fable-collation.json") == ("text", "encoding")


def test_the_tei_has_the_same_matrix(fable: Mini) -> None:
    """As another program reads it (teiphy): who is named at a reading has its state, who is named nowhere is unknown.

    A reading is known by its number, else by its text: an omitted passage must not look like its empty lem.
    """
    for output in ("tei", "data"):
        assert fable.build(output).code == 0
    nexus = (fable.out / "data/fable.nex").read_text(encoding="utf-8")
    labels = re.search(r"CharLabels (.*);", nexus)
    assert labels
    names = labels[1].split()
    matrix = dict(re.findall(r"^ {8}(\S+) +([0-9?]+)$", nexus.replace(";", ""), re.MULTILINE))
    root = regenerate.parse((fable.out / "tei/fable.xml").read_bytes())
    apps = {e.get(regenerate._ID, ""): e for e in root.iter(regenerate._NS + "app")}
    for at, name in enumerate(names):
        app = apps[name.replace("_", "-")]
        said = {
            wit[1:]: reading.get("n") or "".join(map(str, reading.itertext())).strip()
            for reading in app
            for wit in (reading.get("wit") or "").split()
        }
        ours = {w: states[at] for w, states in matrix.items() if states[at] != "?"}
        assert {w: r for w, r in said.items() if w in matrix}.keys() == ours.keys(), name
        for one in ours:
            for other in ours:
                same = ours[one] == ours[other]
                assert (said[one] == said[other]) is same, (name, one, other)


def test_the_collation_has_every_word_of_every_witness(fable: Mini) -> None:
    """In the form of CollateX: a row a place, a cell a witness; a transposed passage is where the witness has it."""
    assert fable.build("data").code == 0
    found = json.loads((fable.out / "data/fable-collation.json").read_text(encoding="utf-8"))
    assert found["witnesses"] == ["A", "B²", "C", "D"]
    assert {len(row) for row in found["table"]} == {4}
    for siglum, file in (("A", "witness/w.txt"), *FILES.items()):
        at = found["witnesses"].index(siglum)
        said = "".join(token["t"] for row in found["table"] for token in row[at])
        rules = {"C": ["case", "punctuation"], "D": ["u/v", "ſ/s", "final punctuation"]}
        own = fable.read(file).replace("-\n", "")
        folds = rules.get(siglum, [])
        if siglum != "A":  # the base has the lines and what its own slips are
            assert regenerate._squeezed(said, folds) == regenerate._squeezed(own, folds), siglum
    row = next(row for row in found["table"] if row[0] == [{"t": "hungry"}])
    assert [[token["t"] for token in cell] for cell in row] == [
        ["hungry"],
        ["famished"],
        [],
        ["famished"],
    ]

"""Quotations compared with their sources: the comparison, and what every output says of it."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from lxml import etree, html

from mini import Mini, command
from tei_export.model.quoted import Deviation, Match, SourceText, compare
from tei_export.model.vocabulary import BY_NAME
from tei_export.shared.quotations import OWN_WORDS
from tei_export.source import inline_quotations

if TYPE_CHECKING:
    from pathlib import Path

    from mini import Result

SOURCE = SourceText("""\
It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of
foolishness, it was the epoch of belief, it was the epoch of incre-
dulity, it was the season of Light, it was the season of Darkness, it was the spring of hope, it was
the winter of despair, we had everything before us, we had nothing before us, we were all going
direct to Heaven, we were all going direct the other way.""")


@pytest.mark.parametrize(
    ("quotation", "match", "deviations"),
    [
        ("it was the age of wisdom, it was the age of foolishness", Match.EXACT, []),
        ("It was the 'epoch' of INCREDULITY; it was -- the season of light.", Match.EXACT, []),
        ("Season of light", Match.EXACT, []),
        ("It was the epoch of belief ... it was the spring of hope", Match.SHORTENED, []),
        ("it was the spring of hope . . . we had nothing before us", Match.SHORTENED, []),
        ("… we had everything before us", Match.SHORTENED, []),
        ("we were all going straight to Heaven", Match.ALTERED, [("straight", "direct")]),
        ("we were all going direct to Hell", Match.ALTERED, [("Hell", "Heaven")]),
        ("the season of very great Light, it was the season of Darkness", Match.ALTERED, [("very great", "")]),
        (
            "it was the epoch of incredulity, it was the spring of hope", Match.ALTERED,
            [("", "season of Light it was the season of Darkness it was the")],
        ),
        ("we had everything before us ... it was the best of times", Match.ALTERED, [("it was the best of times", "")]),
        ("A wholly different sentence about bees and honey", Match.ABSENT, []),
        ("...", Match.ABSENT, []),
    ],
)  # fmt: skip
def test_a_quotation_is_compared_word_by_word(
    quotation: str, match: Match, deviations: list[tuple[str, str]]
) -> None:
    found = compare(quotation, SOURCE)
    assert found.match is match
    assert [*found.deviations] == [Deviation(*pair) for pair in deviations]


def test_any_altered_word_is_seen() -> None:
    words = [
        "it",
        "was",
        "the",
        "winter",
        "of",
        "despair",
        "we",
        "had",
        "everything",
        "before",
        "us",
    ]
    for at in range(len(words)):
        altered = [*words[:at], "zebra", *words[at + 1 :]]
        found = compare(" ".join(altered), SOURCE)
        assert found.deviations == (Deviation("zebra", words[at]),), at
        left_out = compare(" ".join(words[:at] + words[at + 1 :]), SOURCE)
        assert (left_out.match is Match.EXACT) == (at in (0, len(words) - 1)), at


def test_the_authors_own_words_are_roles_of_the_vocabulary() -> None:
    assert BY_NAME.keys() >= OWN_WORDS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('He said: "one two three."', "one two three."),
        ('He said: "one two three".', "one two three"),
        ('"One," he said, "two three four"', "two three four"),
        ("„eins zwei drei“", "eins zwei drei"),
        ("« un deux trois »,", " un deux trois "),
        ("“one “two” three four”", "one “two” three four"),
        ('an odd" and "one two three"', None),  # one of the marks is missing
        ('"one two three" he said', None),
        ("no marks at all", None),
        ("three four”", None),
    ],
)
def test_marks_that_close_right_before_a_note(text: str, found: str | None) -> None:
    span = inline_quotations._marked(text)
    assert (text[slice(*span)] if span else None) == found


# --- In the outputs ----------------------------------------------------------------------------

TEXT = (
    "Long before, all was said.\nIt is a short quotation of words,\nwhich end here. And so on.\n"
    "He alone knew how it would end.\n"
)
#: A term; between marks over two lines, right before a note; marks without a note; a mark that is missing.
INLINE = """\
The "last paragraph" of his
book says: "He [Trotsky] alone
knew well how it would end."2
It says "nothing more of it" at all, and then an odd"3
1No work is cited here.
2Ibid., p. 9.
3Ibid., p. 10.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """An edition that has the text of the work it quotes."""
    mini = Mini(tmp_path_factory.mktemp("quoting"))
    mini.write("sources/prophet.txt", TEXT)
    mini.write(
        "registers/works.yaml",
        mini.read("registers/works.yaml").rstrip("\n") + "\n  text: sources/prophet.txt\n",
    )
    mini.witness(mini.read("witness/w.txt").replace("1No work is cited here.\n", INLINE))
    mini.replace("witness/pages.csv", "3,22,26,,", "3,22,32,,")
    words, note = INLINE.split("1No work is cited here.\n")
    words = words.replace("2\n", "[^2]\n").replace("3\n", "[^3]\n")
    words = words.replace("[Trotsky]", "{insertion}`[Trotsky]`")
    for number in ("2", "3"):
        note = note.replace(f"{number}Ibid.", f"\n[^{number}]: {{work}}`Ibid. <prophet>`")
    note = note.replace("9.", "{cited}`9`.").replace("10.", "{cited}`10`.")
    old = "[^1]: No work is cited here.\n"
    mini.replace("t/two.md", old, f"{words}\n{old}{note}")
    for target in ("html", "tei", "data", "json"):
        result = mini.build(target)
        assert result.code == 0, result.output
    return result


def test_the_page_shows_how_exactly_is_quoted(built: Result) -> None:
    page = html.fromstring(built.file("html/quotations.html"))
    item, inline = page.xpath("//ul[@class='kwic']/li")
    assert item.xpath("string(small[contains(@class, 'match')])") == "altered"
    assert item.xpath(".//dd//text()") == ["nothing", "short"], "[his] is the author's own"
    assert inline.xpath("string(a)") == "3.6–7"
    assert inline.xpath(".//dd//text()") == ["well", "nothing"], "[Trotsky] is the author's own"
    assert "2 quotations" in page.xpath("string(//ul[@class='facts'])")
    assert "altered 2" in " ".join(page.xpath("string(//ul[@class='agreement'])").split())


def test_the_table_the_json_and_the_tei_say_the_same(built: Result) -> None:
    row, inline = csv.DictReader(io.StringIO(built.file("data/quotations.csv")))
    columns = ("kind", "work", "note", "cited", "match", "deviations")
    assert [row[name] for name in columns] == ["block", "prophet", "2", "7", "altered", "< short"]
    assert [inline[name] for name in columns] == [
        "inline",
        "prophet",
        "2",
        "9",
        "altered",
        "well <",
    ]
    said = [json.loads(path.read_text()) for path in (built.out / "json/t/blocks").glob("*.json")]
    block, paragraph = sorted(
        (one for one in said if one["quotes"]), key=lambda one: str(one["xml_id"])
    )
    assert paragraph["xml_id"] == inline["xml_id"]
    assert paragraph["quotes"][0]["inline"] and paragraph["quotes"][0]["place"] == "3.6–7"
    assert block["xml_id"] == row["xml_id"]
    assert block["quotes"] == [
        {
            "work": "prophet",
            "cited": "7",
            "inline": False,
            "place": "2.2–3",
            "match": "altered",
            "deviations": [{"quotation": "", "source": "short"}],
        }
    ]
    tei = etree.fromstring(built.file("tei/t.xml").encode())
    names = {"t": "http://www.tei-c.org/ns/1.0"}
    (note,) = tei.xpath("//t:biblStruct/t:note[@target]", namespaces=names)
    assert note.get("target") == f"#{row['xml_id']}"
    assert (
        note.xpath("string(t:p)", namespaces=names) == "altered: quotation: nothing, source: short"
    )
    (quote,) = tei.xpath(f"//t:cit[@xml:id='{row['xml_id']}']/t:quote", namespaces=names)
    assert (
        quote.get("source")
        == f"#{note.getparent().get('{http://www.w3.org/XML/1998/namespace}id')}"
    )


def test_a_quotation_is_compared_again_when_the_text_of_its_work_changes(built: Result) -> None:
    """The comparison is kept with the digest of its document, which stays the same here."""
    (source,) = built.out.parent.rglob("prophet.txt")
    source.write_text(TEXT.replace("short ", ""), encoding="utf-8")
    result = command(built.out.parent, "build", "data")
    assert result.code == 0, result.output
    block, inline = csv.DictReader(io.StringIO(built.file("data/quotations.csv")))
    assert (block["match"], block["deviations"]) == ("exact", "")
    assert inline["match"] == "altered"


def test_a_text_of_a_source_that_cannot_be_read_is_told_with_its_place(tmp_path: Path) -> None:
    mini = Mini(tmp_path)
    works = mini.read("registers/works.yaml").rstrip("\n")
    for name, code in (
        ("sources/none.txt", "file-missing"),
        ("../../x.txt", "file-outside"),
        ("sources/bad.txt", "file-encoding"),
    ):
        mini.write("sources/bad.txt", b"\xff")
        mini.write("registers/works.yaml", f"{works}\n  text: {name}\n")
        result = mini.check()
        assert result.code == 1
        assert f"[{code}]" in result.output, result.output

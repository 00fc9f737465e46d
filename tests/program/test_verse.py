"""Verse and drama are cited as readers cite them, in every output: line, stanza, act and scene."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from lxml import etree, html

import guest
import tei_files
from mini import TESTS, Mini
from pdf import Pdf
from tei_export.outputs.dts.citation_trees import trees
from tei_export.outputs.dts.passages import PassageCutter
from tei_export.source.nodes import blockline
from tei_text import ID, TEI

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

#: root → text, part, a line with its number, id and words.
LINES = {
    "play": ("play", "sample-play", "1.1.3", "sample-play-1-1-l003", "It will not ring,"),
    "poem": ("songs", "tyger", "7", "tyger-l007", "On what wings dare he aspire?"),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A root, built."""

    name: str
    mini: Mini

    @property
    def out(self) -> Path:
        return self.mini.out


@pytest.fixture(scope="module", params=sorted(LINES))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = TESTS / "roots" / request.param
    mini = Mini(tmp_path_factory.mktemp(request.param) / "mini", root)
    result = mini.build("all")
    assert result.code == 0, result.output
    return Made(request.param, mini)


def tei(made: Made) -> etree._Element:
    return etree.parse(str(made.out / f"tei/{LINES[made.name][0]}.xml")).getroot()


def test_the_header_of_an_extract_declares_verse_once_where_it_has_some(made: Made) -> None:
    verse = set()
    for path in (made.out / "tei" / LINES[made.name][0]).rglob("*.xml"):
        root = etree.parse(str(path)).getroot()
        numbered = [line for line in root.iter(f"{TEI}l") if line.get("n")]
        declared = [tree for tree in root.iter(f"{TEI}refsDecl") if tree.get("n") == "verse"]
        assert len(declared) == bool(numbered), path
        verse.add(bool(numbered))
    assert verse == {True, False}


def test_the_header_declares_how_lines_are_cited(made: Made) -> None:
    _text, part, number, xml_id, words = LINES[made.name]
    found = tei_files.cited(tei(made), "verse")
    line = found[f"{part}.{number}"]
    assert line.get(ID) == xml_id
    assert words in "".join(line.itertext())
    counted = [e for e in tei(made).iter(f"{TEI}l") if e.get("n")]
    lines = [e.get(ID) for e in counted if e.get("part") not in ("M", "F")]
    assert [e.get(ID) for e in found.values() if e.tag == "l"] == lines
    others = set(found) - {k for k, e in found.items() if e.tag == "l"}
    assert (
        others
        == {
            "play": {"sample-play", *(f"sample-play.{n}" for n in ("1", "1.1", "1.2", "2", "2.1"))},
            "poem": {"tyger"},
        }[made.name]
    )


def test_dts_has_the_units_that_the_header_declares(made: Made) -> None:
    """The service has all of them, the files those that are no lines."""
    text, part, number, _id, words = LINES[made.name]
    root = tei(made)
    for tree in (t for t in trees(root, {}) if t.name in ("verse", "stanzas")):
        declared = tei_files.cited(root, tree.name)
        assert [unit.ref for unit in tree.units] == list(declared)
        if tree.name == "verse":
            unit = tree.unit(f"{part}.{number}")
            assert unit is not None
            assert words in PassageCutter(root).passage(unit).decode()
    folder = made.out / f"dts/navigation/resource-{text}"
    named = {
        "play": (
            "verse",
            ["sample-play", *(f"sample-play.{n}" for n in ("1", "1.1", "1.2", "2", "2.1"))],
        )
    }
    name, refs = named.get(made.name, ("stanzas", ["tyger", "tyger.1", "tyger.2", "tyger.3"]))
    answer = json.loads((folder / f"tree-{name}/down--1/ref-.json").read_text("utf-8"))
    assert [unit["identifier"] for unit in answer["member"]] == refs
    assert (folder / "tree-verse").exists() is (made.name == "play")


def test_every_output_has_the_place_of_a_line(made: Made) -> None:
    text, _part, number, xml_id, words = LINES[made.name]
    (page,) = [p for p in (made.out / "html").rglob("*.html") if f'id="{xml_id}"' in p.read_text()]
    (line,) = html.parse(str(page)).getroot().xpath(f"//p[@id='{xml_id}']")
    assert (line.get("data-verse"), words in line.text_content()) == (number, True)
    data = json.loads(html.parse(str(page)).getroot().xpath("string(//*[@id='cite-data'])"))
    assert set(data["verseStyles"]) == set(data["styles"])
    assert "99999" in data["verseFormats"]["csl"]
    assert f"line {data['sentinel']}" in data["verseStyles"]["mla"]
    assert xml_id in Pdf((made.out / f"pdf/{text}.pdf").read_bytes()).places


@pytest.mark.browser
def test_the_drawer_cites_marked_verse_by_its_numbers(
    made: Made, open_in: Callable[[Path], Callable[..., Page]]
) -> None:
    _text, _part, number, xml_id, _words = LINES[made.name]
    name = {"play": "stage/play", "poem": "songs/tyger"}[made.name]
    page = open_in(made.out / "html")(name, f"#{xml_id}")
    page.evaluate("document.querySelector('details.cite').open = true")
    cited = page.locator("section[data-style=mla] p")
    wanted = {"play": f", {number}.", "poem": f", line {number}."}[made.name]
    page.wait_for_function("document.querySelector('details.cite').dataset.place")
    assert wanted in cited.inner_text()
    assert page.locator("[data-address=local]").inner_text().endswith(f"#{xml_id}")
    page.evaluate("document.querySelector('details.cite').open = false")
    page.evaluate(
        """([first, last]) => {
          const [from, to] = [first, last].map((id) => document.getElementById(id));
          getSelection().setBaseAndExtent(from, 0, to, to.childNodes.length);
        }""",
        [xml_id, f"{xml_id[:-1]}{int(xml_id[-1]) + 1}"],
    )
    page.evaluate("document.querySelector('details.cite').open = true")
    shown = {"play": ", 1.1.3–4.", "poem": ", lines 7–8."}[made.name]
    page.wait_for_function("document.querySelector('details.cite').dataset.place.includes('-')")
    assert shown in cited.inner_text()


def test_search_tells_the_number_of_the_line(made: Made) -> None:
    text, _part, _number, _id, _words = LINES[made.name]
    written = (made.out / f"html/searchdata/text-{text}.js").read_text("utf-8")
    data = json.loads(written[written.index("push(") + 5 : written.rindex(")")])
    verses = [unit[5] for page in data["pages"] for unit in page["units"] if len(unit) > 5]
    expected = {
        "play": [
            "1:1.1.1",
            "1.1.3",
            "1.1.5",
            "1.1.6",
            "1.2.1",
            "2.1.1",
            "2.1.1",
            "1:2.1.1;3:2.1.2",
        ],
        "poem": ["1", "5", "9"],
    }
    assert verses == expected[made.name]


def test_other_projects_can_link_to_a_line(made: Made) -> None:
    _text, part, number, xml_id, _words = LINES[made.name]
    found = guest.inventory(made.out / "html", "ed:")
    assert found[f"ed:line {part}:{number}"].endswith(f"#{xml_id}")
    stanzas = {k: v for k, v in found.items() if k.startswith("ed:stanza")}
    if made.name == "poem":
        assert stanzas["ed:stanza tyger:2"].endswith("songs/tyger.html#tyger-st02")
    assert bool(stanzas) is (made.name == "poem")


def test_resolve_finds_lines_by_their_numbers(made: Made) -> None:
    _text, part, number, _id, words = LINES[made.name]
    found = made.mini.run("resolve", f"{part}:{number}")
    assert found.code == 0, found.output
    assert found.output.count(words) == 5
    inside = number.rpartition(".")[2]
    more = made.mini.run("resolve", f"{part}:{number}-{int(inside) + 1}", "--in", "tei")
    assert more.code == 0, more.output
    wrong = made.mini.run("resolve", f"{part}:99")
    assert wrong.code == 1
    assert f"{part} has no line or stanza 99" in wrong.output
    if made.name == "poem":
        stanza = made.mini.run("resolve", "tyger:st2", "--in", "html")
        assert "In what distant deeps or skies," in stanza.output
        assert "dare seize the fire?" in stanza.output


def test_lines_of_a_motto_are_not_those_of_the_poem(tmp_path: Path) -> None:
    mini = Mini(tmp_path / "mini", TESTS / "roots" / "poem")
    mini.replace(
        "songs/tyger.md",
        "```{verse}\nTyger",
        "````{epigraph}\n```{verse}\nSing, heavenly Muse\n```\n````\n\n```{verse}\nTyger",
    )
    witness = mini.read("witness/w.txt")
    at = witness.index("Tyger Tyger")
    for old, new in (("1,1,16", "1,1,17"), ("2,17,21,17", "2,18,22,18"), ("3,23,34", "3,24,35")):
        mini.replace("witness/pages.csv", old, new)
    mini.witness(f"{witness[:at]}Sing, heavenly Muse\n{witness[at:]}")
    tree = mini.app().env.get_doctree("songs/tyger")
    (counted,) = [line for line in tree.findall(blockline) if line.get("verse") == "1"]
    assert "Tyger" in counted.astext()


def test_numbers_of_the_record_make_safe_ids(tmp_path: Path) -> None:
    mini = Mini(tmp_path / "mini", TESTS / "roots" / "poem")
    mini.replace("edition.yaml", "type: poem, title", 'type: poem, n: "[4]", title')
    tree = mini.app().env.get_doctree("songs/tyger")
    (line,) = [n for n in tree.findall(blockline) if n.get("verse") == "[4].1"]
    assert re.fullmatch(r"[a-z][a-z0-9-]*", line["xml_id"])

"""Plays: speeches, directions, acts and scenes, and lines cited by act, scene and line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import etree, html

import guest
from mini import TESTS, Mini
from tei_export.model.cast import Cast, CastRole, key_of
from tei_export.outputs.dts.citation_trees import trees
from tei_export.outputs.dts.passages import PassageCutter
from tei_export.schema.validate import jing
from tei_export.source.nodes import blockline
from tei_text import ID

if TYPE_CHECKING:
    from pathlib import Path

T = "{http://www.tei-c.org/ns/1.0}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    mini = Mini(tmp_path_factory.mktemp("play") / "mini", TESTS / "roots" / "play")
    result = mini.build("all")
    assert result.code == 0, result.output
    return mini


@pytest.fixture
def play(tmp_path: Path) -> Mini:
    return Mini(tmp_path / "mini", TESTS / "roots" / "play")


def local(element: etree._Element) -> str:
    return re.sub(r".*}", "", str(element.tag))


def test_acts_and_scenes_are_divisions_with_numbers(made: Mini) -> None:
    root = etree.parse(str(made.out / "tei/play.xml")).getroot()
    divisions = [(d.get("type"), d.get("n")) for d in root.iter(f"{T}div")]
    assert divisions == [
        ("text", None),
        ("play", None),
        ("act", "1"),
        ("scene", "1"),
        ("scene", "2"),
        ("act", "2"),
        ("scene", "1"),
    ]


def test_lines_are_cited_by_act_scene_and_line(made: Mini) -> None:
    tree = made.app().env.get_doctree("stage/play")
    lines = [line["verse"] for line in tree.findall(blockline) if "verse" in line]
    assert lines == [
        "1.1.1", "1.1.2", "1.1.3", "1.1.4", "1.1.5", "1.1.6", "1.2.1",
        *(["2.1.1"] * 3), "2.1.2",
    ]  # fmt: skip
    page = html.parse(str(made.out / "html/stage/play.html")).getroot()
    (fifth,) = page.xpath("//a[@class='verse-n']")
    assert (fifth.get("href"), fifth.get("data-n")) == ("#sample-play-1-1-l005", "1.1.5")
    assert page.xpath("string(//p[@id='sample-play-1-2-l001'])").strip() == "A VOICE.—Nobody comes."


def test_who_speaks_is_in_every_output(made: Mini) -> None:
    root = etree.parse(str(made.out / "tei/play.xml")).getroot()
    speakers = ["".join(s.itertext()) for s in root.iter(f"{T}speaker")]
    assert speakers == [
        "FIRST.", "SECOND.", "FIRST.", "SECOND.", "FIRST.", "A VOICE.", "FIRST.",
        "FIRST.", "A VOICE.", "SECOND.",
    ]  # fmt: skip
    assert [local(e) for e in root.findall(f".//{T}sp")[4]] == ["speaker", "lg", "stage", "lg"]
    page = html.parse(str(made.out / "html/stage/play.html")).getroot()
    shown = [b.text_content() for b in page.xpath("//div[@class='speech']//b[@class='speaker']")]
    assert shown == speakers
    text = (made.out / "tei/play.txt").read_text(encoding="utf-8")
    assert "FIRST. Who's there?" in text
    assert "SECOND. Nay, answer me. (Aside.) I know his voice." in text


def test_a_line_that_several_speak_is_one_line_in_parts(made: Mini) -> None:
    root = etree.parse(str(made.out / "tei/play.xml")).getroot()
    act = root.findall(f".//{T}div[@type='act']")[1]
    lines = [(v.get("n"), v.get("part"), v.get(ID)) for v in act.iter(f"{T}l")]
    assert lines == [
        ("1", "I", "sample-play-2-1-l001"),
        ("1", "M", "sample-play-2-1-l001-2"),
        ("1", "F", "sample-play-2-1-l001-3"),
        ("2", None, "sample-play-2-1-l002"),
    ]
    page = html.parse(str(made.out / "html/stage/play.html")).getroot()
    shifts = page.xpath("//p[starts-with(@style, '--after')]/@style")
    assert [int(str(style).partition(":")[2]) for style in shifts] == [13, 26]
    assert len(page.xpath("//p[@data-verse='2.1.1']")) == 3
    unit = next(u for t in trees(root, {}) for u in t.units if u.ref == "sample-play.2.1.1")
    whole = etree.fromstring(PassageCutter(root).passage(unit))
    assert len(list(whole.iter(f"{T}l"))) == 3
    found = made.run("resolve", "sample-play:2.1.1", "--in", "html")
    assert (
        "FIRST. Is this the end? A bell. A VOICE. It is, SECOND. and it was long." in found.output
    )
    inventory = guest.inventory(made.out / "html", "ed:line")
    assert inventory["ed:line sample-play:2.1.1"].endswith("#sample-play-2-1-l001")


def test_a_direction_at_the_end_of_a_speech_follows_it(made: Mini) -> None:
    root = etree.parse(str(made.out / "tei/play.xml")).getroot()
    scene = root.findall(f".//{T}div[@type='scene']")[0]
    assert [local(e) for e in scene if local(e) not in ("pb", "fw")] == [
        "head",
        "stage",
        "sp",
        "sp",
        "sp",
        "sp",
        "sp",
        "stage",
    ]


@pytest.mark.java
def test_every_file_is_tei(made: Mini, tei_all: Path) -> None:
    files = [p for p in (made.out / "tei").rglob("*.xml") if p.name != "edition.xml"]
    assert len(files) > 4
    assert {k: v for k, v in jing(tei_all, files).items() if v} == {}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{speaker}`FIRST.` Who's there?", "Ah, {speaker}`FIRST.` Who's there?", "role-nested"),
        ("{speaker}`FIRST.` Who's there?", "{speaker}`FIRST.`", "block-empty"),
        ("{speaker}`FIRST.` Who's there?", "> {speaker}`FIRST.` Who's there?", "role-nested"),
        ("[^1]: A sample note.", "[^1]: A {stage}`sample` note.", "role-nested"),
    ],
)
def test_a_speaker_or_direction_out_of_place(play: Mini, old: str, new: str, code: str) -> None:
    play.replace("stage/play.md", old, new)
    assert f"[{code}]" in play.check().output


def test_somebody_goes_on_with_a_line_that_is_shared(play: Mini) -> None:
    whole = play.read("stage/play.md")
    start, end = whole.index("{speaker}`A VOICE.` It is"), whole.index("```\n\n```{trailer}")
    play.write("stage/play.md", whole[:start] + whole[end:])
    assert "stage/play.md:53: [verse-open]" in play.check().output


def test_scenes_may_begin_anywhere(play: Mini) -> None:
    """A part that is one act of a play, whose number the record has."""
    play.replace(
        "edition.yaml",
        "type: play, title: The sample play, divisions: [act, scene]",
        "type: play, n: 3, title: The sample play, divisions: [act, scene]",
    )
    play.replace("stage/persons.md", "sample-play:1.1.6", "sample-play:3.1.1.6")
    tree = play.app().env.get_doctree("stage/play")
    assert next(n["verse"] for n in tree.findall(blockline) if "verse" in n) == "3.1.1.1"


def test_speeches_point_to_the_roles_of_the_cast_list(made: Mini) -> None:
    """The list is a part of its own; a speaker who is not one role has the keys of several."""
    root = etree.parse(str(made.out / "tei/play.xml")).getroot()
    roles = [role.get(ID) for role in root.iter(f"{T}role")]
    assert roles == ["role-first", "role-second", "role-a-voice"]
    assert {sp.get("who") for sp in root.iter(f"{T}sp")} == {f"#{role}" for role in roles}
    page = html.parse(str(made.out / "html/stage/play.html")).getroot()
    titles = {b.text_content(): b.get("title") for b in page.iter("b")}
    assert titles["FIRST."] == "First and Second, sentinels"
    assert titles["A VOICE."] == "A Voice … Mr. Sample"


def test_in_an_extract_speeches_point_to_the_whole_text(made: Mini) -> None:
    part = etree.parse(str(made.out / "tei/play/sample-play.xml")).getroot()
    assert {sp.get("who") for sp in part.iter(f"{T}sp")} == {
        f"../play.xml#role-{name}" for name in ("first", "second", "a-voice")
    }


def test_a_reference_leads_to_a_line_of_another_part(made: Mini) -> None:
    page = html.parse(str(made.out / "html/stage/persons.html")).getroot()
    (link,) = page.xpath("//a[@class='ref']")
    assert link.get("href") == "play.html#sample-play-1-1-l006"
    root = etree.parse(str(made.out / "tei/play.xml")).getroot()
    assert next(r.get("target") for r in root.iter(f"{T}ref")) == "#sample-play-1-1-l006"
    part = etree.parse(str(made.out / "tei/play/persons.xml")).getroot()
    assert [r.get("target") for r in part.iter(f"{T}ref")] == ["../play.xml#sample-play-1-1-l006"]


@pytest.mark.parametrize(
    ("words", "keys", "found"),
    [
        ("HAM.", (), ("hamlet",)),
        ("Hamlet", (), ("hamlet",)),
        ("Lady M.", (), ("lady-macbeth",)),
        ("Lord.", (), ()),  # two
        ("First Lord:", (), ("first-lord",)),
        ("ALL", (), ()),
        ("ALL", ("hamlet", "second-lord"), ("hamlet", "second-lord")),
        ("ALL", ("hamlet", "king"), ()),
        ("Müller", (), ("mueller",)),
        ("", (), ()),
    ],
)
def test_a_speaker_is_found_by_words_or_keys(
    words: str, keys: tuple[str, ...], found: tuple[str, ...]
) -> None:
    names = {
        "Hamlet": "",
        "Lady Macbeth": "",
        "First Lord": "",
        "Second Lord": "",
        "Müller": "mueller",
    }
    cast = Cast.of(CastRole(key or key_of(name), name, "", 0) for name, key in names.items())
    assert cast.who(words, keys) == found


def test_keys_of_roles_are_ids_in_every_script() -> None:
    keys = [key_of(name) for name in ("Lady Macbeth", "Éowyn", "Гамлет", "1. Lord")]
    assert keys[:2] + keys[3:] == ["lady-macbeth", "eowyn", "1-lord"]
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*", key) for key in keys)

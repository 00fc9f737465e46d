"""What readers see of several witnesses: each as a text of its own, in pages that stay light."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from lxml import html

from chromium import PHONE, axe
from mini import TESTS, Mini
from tei_export.model.witnesses import tei_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lxml.html import HtmlElement

    from chromium import Open

DOC = "fable/fox"
FILES = {"A": "w.txt", "B²": "b.txt"}


@pytest.fixture(scope="module")
def fable(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    mini = Mini(tmp_path_factory.mktemp("read") / "mini", TESTS / "roots" / "several")
    result = mini.build("html")
    assert (result.code, result.problems) == (0, []), result.output
    return mini


def _text(site: Path, siglum: str) -> dict[str, object]:
    told = (site / "witnesstexts" / DOC / f"{tei_id(siglum)}.js").read_text(encoding="ascii")
    found = re.fullmatch(r"edition\.gotText\((.*)\);\n", told)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def _page(site: Path, siglum: str = "") -> HtmlElement:
    """The page, its text as a witness has it; done as ``witness.js`` does it."""
    page = html.parse(site / f"{DOC}.html").getroot()
    blocks = _text(site, siglum)["blocks"] if siglum else {}
    assert isinstance(blocks, dict)
    for line, content in blocks.items():
        old = page.get_element_by_id(line)
        while old.tag not in ("p", "h1"):
            old = old.getparent()
        if content:
            old.getparent().replace(old, html.fragment_fromstring(content, create_parent=old.tag))
        else:
            old.set("class", "gone")
    return page


def _read(page: HtmlElement) -> str:
    """The text of a page in its order, without white space, without the interface."""
    (part,) = page.xpath("//article")
    for node in part.xpath(
        ".//section[@id='apparatus'] | .//ul[@class='facts'] | .//div[@class='witness'] | .//h2"
        " | .//*[@hidden] | .//*[@class='told'] | .//*[@class='gone']"
    ):
        node.drop_tree()
    return "".join("".join(part.itertext()).split())


@pytest.mark.parametrize("siglum", FILES)
def test_a_witness_as_reading_text_is_what_its_file_has(fable: Mini, siglum: str) -> None:
    """White space apart. The notes stand at the end of the page, in the file after the paragraph that cites them."""
    shown = _read(_page(fable.out / "html", siglum))
    file = fable.read(f"witness/{FILES[siglum]}").replace("ne-\nver", "never")
    note = next(p for p in file.split("\n") if p.startswith("1 "))
    rest = file.replace(note, "")
    assert shown == "".join((rest + note).split())


def test_what_a_witness_has_lost_or_elsewhere_is_told(fable: Mini) -> None:
    site = fable.out / "html"
    assert str(_text(site, "C")["said"]).endswith("It begins at 7.")
    blocks = _text(site, "C")["blocks"]
    assert isinstance(blocks, dict)
    assert blocks["l1"] == blocks["l2"] == ""  # nothing of the heading, of the first paragraph
    page = _page(site, "C")
    assert page.get_element_by_id("l8").getparent().text_content().split() == (
        [
            "At",
            "last",
            "he",
            "turned",
            "away",
            "and",
            "that",
            "he",
            "never",
            "did",
            "desire",
            "them.",
            "said",
            "that",
            "they",
            "were",
            "sour,",
        ]
    )
    (left,) = page.xpath("//a[contains(@class, 'transposition')]")
    assert left.get("aria-label") == "stands elsewhere, apparatus, 7"
    told = _page(site, "D").xpath("//*[@class='told']")
    assert [node.text_content() for node in told] == ["[D is lost up to 10]"]


@pytest.mark.parametrize("siglum", ["A", "B²", "C", "D"])
def test_every_place_of_the_page_is_in_the_text_of_a_witness(fable: Mini, siglum: str) -> None:
    """Addresses keep working, and no id stands twice; what is not its own has the marks of the page."""
    plain, page = (_page(fable.out / "html", one) for one in ("", siglum))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    lost = {i for i in plain.xpath("//@id") if re.match(r"l\d|p\d|app-|entry-", i)} - set(ids)
    assert not lost
    own = [a.get("id") for a in page.xpath("//article//*[contains(@class, 'vr')]") if a.get("id")]
    assert own
    assert all(f"entry-{one}" in ids for one in own)


def test_pages_and_lines_of_a_witness_stand_in_its_text_alone(fable: Mini) -> None:
    site = fable.out / "html"
    assert _page(site, "B²").xpath("//span[@class='wb']/@data-p") == ["2r"]
    assert not _page(site, "D").xpath("//span[@class='wb']")


def test_the_bar_offers_the_witnesses_whose_silence_says_something(fable: Mini) -> None:
    page = _page(fable.out / "html")
    assert page.xpath("//select[@id='ui-witness']/option/text()") == [
        "Witness …",
        "A",
        "B²",
        "C",
        "D",
    ]


# --- in a browser ---


@pytest.fixture
def read(fable: Mini, open_in: Callable[[Path], Open]) -> Open:
    return open_in(fable.out / "html")


@pytest.mark.browser
def test_a_witness_is_chosen_by_keyboard_and_kept_in_the_address(read: Open) -> None:
    page = read(DOC)
    plain = page.locator(".part").inner_text()
    page.keyboard.press("w")
    page.keyboard.press("w")
    page.locator(":root[data-witness=B2]").wait_for(state="attached")
    assert "clusters of grapes were in his sight" in page.locator(".part").inner_text()
    assert page.locator(".views input:checked").count() == 0
    assert "The text of B²" in (page.locator("#ui-status").text_content() or "")
    assert page.url.endswith("?witness=B2")
    axe(page)
    page.keyboard.press("e")
    assert page.locator(".part").inner_text() == plain
    assert "witness" not in page.url


@pytest.mark.browser
def test_an_address_names_a_witness_and_a_line_of_it(read: Open) -> None:
    page = read(DOC, "?witness=C#l8", PHONE)
    page.locator(":root[data-witness=C]").wait_for(state="attached")
    assert page.locator("h1").evaluate("h => h.className") == "absent"
    assert page.locator("#ui-witness").input_value() == "C"
    assert page.locator("#l8").count() == 1
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog").is_visible()
    axe(page)

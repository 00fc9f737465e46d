"""The page of a text as a reader uses it: choices, differences, popovers, paper."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from playwright.sync_api import expect

from chromium import PHONE
from real import CHAPTER
from tei_export.source.facts import domain_of
from tei_export.source.nodes import lb, reading
from tools import require
from visits import visits

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from chromium import Open
    from real import Site

pytestmark = pytest.mark.browser

QUOTING = "thesis/chapter-08"
ESSAY = "essay/essay"
#: Every choice of the bar that is not as the page comes, and what it writes, in three views.
CHOICES: tuple[dict[str, str], ...] = (
    {
        "view-typed": "view=typed", "lines-1": "lines=1", "marks-1": "marks=0", "names-1": "names=1",
        "notes-foot": "notes=foot", "quotes-side": "quotes=side",
        "latin-iso9": "latin=iso9",
    },
    {
        "view-ocr": "view=ocr", "person-1": "person=0", "place-1": "place=0", "org-1": "org=0",
        "event-1": "event=0", "work-1": "work=0", "notes-none": "notes=none", "quotes-translation": "quotes=translation",
        "latin-alalc": "latin=alalc",
    },
    {"view-diff": "view=diff", "signs-1": "signs=1"},
)  # fmt: skip
_CHANGED = """() => [...document.querySelectorAll('.tools input')]
  .filter(i => i.checked !== i.defaultChecked && i.checked === (i.type === 'radio' || !i.defaultChecked))
  .map(i => i.id)"""
_SEEN = "n => getComputedStyle(n).display !== 'none'"


# --- Choices -------------------------------------------------------------------------


def test_every_choice_stands_in_the_address_and_comes_back(open_page: Open) -> None:
    page = open_page(QUOTING)
    offered = page.eval_on_selector_all(
        ".tools input:not([name=colours], [name=size], [name=page])",
        "all => all.filter(i => i.type === 'checkbox' || !i.defaultChecked).map(i => i.id)",
    )
    assert set(offered) == {name for view in CHOICES for name in view}, "a new choice needs a row"
    for view in CHOICES:
        for name, written in view.items():
            page.evaluate("id => document.getElementById(id).click()", name)
            assert written in page.evaluate("location.search.slice(1).split('&')")
        page.reload()
        assert set(page.evaluate(_CHANGED)) == set(view)
        assert page.evaluate("location.search") == "?" + "&".join(view.values())
        page.evaluate("""() => document.querySelectorAll('.tools input').forEach(i => {
          if (i.defaultChecked !== i.checked && (i.type === 'checkbox' || i.defaultChecked)) i.click();
        })""")
        assert page.evaluate("location.search") == "", "as the page comes: nothing to write"


def test_a_view_that_a_text_has_not_is_kept_for_the_next(open_page: Open) -> None:
    page = open_page("thesis/bibliography", "?view=typed&quotes=side")
    page.locator(".turn [rel=next]").click()
    page.wait_for_url("**/essay.html?*")
    assert page.get_by_label("Edited").is_checked()
    page.locator("summary", has_text="Display").click()
    page.get_by_label("Names").check()
    page.keyboard.press("Escape")
    page.locator(".turn [rel=prev]").click()
    page.wait_for_url("**/bibliography.html?view=typed&quotes=side&names=1")
    expect(page.get_by_label("As typed")).to_be_checked()
    page.goto(page.url.replace("thesis/bibliography", ESSAY))
    page.get_by_label("As received").check()
    page.get_by_label("Edited").check()
    assert page.evaluate("location.search") == "?quotes=side&names=1", "chosen anew"


#: What the view Differences shows of entries: the source's words, how they are drawn, whether
#: the lemma is seen.
STRUCK = """ids => ids.map(id => {
  const shown = node => node && node.getClientRects().length > 0;
  const mark = document.getElementById(id).closest('.label') ?? document.getElementById(id);
  const source = mark.querySelector(':scope > .o, :scope > .to'), lemma = mark.querySelector('.et, .e');
  return [source.textContent.trim(), shown(source) && getComputedStyle(source).textDecorationLine,
    !lemma || shown(lemma)];
})"""


def _with_source(built: Site, docname: str) -> dict[str, str]:
    """Every entry of a part whose source has words: id → these words. None is too small."""
    found = domain_of(built.app.env).facts_for(docname).emendations
    return {e.xml_id: e.source for e in found if e.kind in {"ocr", "sic"} and e.source.strip()}


def test_differences_show_every_difference(built: Site, browser: Browser) -> None:
    total = 0
    with visits(browser, built.out) as visit:
        for docname in built.parts():
            entries = _with_source(built, docname)
            struck = visit(docname, "?view=diff").evaluate(STRUCK, [*entries])
            drawn = {
                name: line for name, (_source, line, _lemma) in zip(entries, struck, strict=True)
            }
            assert {n for n, line in drawn.items() if line != "line-through"} == set(), docname
            total += len(entries)
    assert total > 1500


def test_what_is_folded_away_can_be_asked_for(built: Site, open_page: Open) -> None:
    page = open_page(CHAPTER)
    small = [e.xml_id for e in domain_of(built.app.env).facts_for(CHAPTER).emendations if e.small]
    keys = page.locator(".part a.key.folded")
    assert keys.count() == len(small) > 0
    assert not any(key.is_visible() for key in keys.all())
    page = open_page(CHAPTER, "?signs=1")
    assert all(key.is_visible() for key in page.locator(".part a.key.folded").all())
    first = page.locator(".part a.key.folded").first
    first.click()
    assert page.get_by_role("dialog").get_by_text("look-alike sign").is_visible()


def test_differences_show_reading_and_lemma_together(built: Site, open_page: Open) -> None:
    entries = _with_source(built, CHAPTER)
    assert len(entries) > 30
    page = open_page(CHAPTER, "?view=diff")
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        for name, (source, line, lemma) in zip(
            entries, page.evaluate(STRUCK, [*entries]), strict=True
        ):
            assert source == entries[name].strip()
            assert line == "line-through", f"{media}: {name}"
            assert lemma, f"{media}: {name}"
    page.emulate_media(media="screen")
    page.get_by_label("Edited").check()
    assert not page.evaluate(STRUCK, [*entries][:1])[0][1]


def test_names_are_shown_by_kind(open_page: Open) -> None:
    page = open_page(CHAPTER)
    line = "n => getComputedStyle(n).textDecorationLine + getComputedStyle(n).textDecorationStyle"

    def styles() -> dict[str, str]:
        kinds = ("person", "place", "org", "event", "work")
        return {kind: page.eval_on_selector(f".part p a.{kind}:not(.key)", line) for kind in kinds}

    assert not page.get_by_label("Persons").is_visible()
    assert {s[:4] for s in styles().values()} == {"none"}
    page.locator("summary", has_text="Display").click()
    page.get_by_label("Names").check()
    shown = styles()
    assert len(set(shown.values())) == 5, "each kind has a line of its own, not a colour"
    page.get_by_label("Persons").uncheck()
    assert styles() == {**shown, "person": "nonesolid"}


def test_notes_beside_at_the_end_or_not_at_all(open_page: Open) -> None:
    page = open_page(CHAPTER)
    where = (
        "n => getComputedStyle(n).position + ' ' + getComputedStyle(n.closest('section')).display"
    )
    note, reference = ".notes.numbered li", ".part sup.nr"
    assert page.eval_on_selector(note, where) == "absolute block"
    page.evaluate("document.getElementById('notes-foot').click()")
    assert page.eval_on_selector(note, where) == "relative block"
    assert page.eval_on_selector(reference, _SEEN)
    page.evaluate("document.getElementById('notes-none').click()")
    assert page.eval_on_selector(note, where).endswith("none")
    assert not page.eval_on_selector(reference, _SEEN)


def test_two_texts_of_quotations_show_the_one_of_the_address_or_the_nearest(
    open_page: Open,
) -> None:
    """Page 124 has a quotation from line 18, with its translation, after one that ends in line 10."""
    for place, line, own in (
        ("124.3", "p123.23", True),
        ("124.25", "p124.18", True),
        ("124.14", "p123.23", False),
    ):
        page = open_page("thesis/chapter-09", f"?panes=original.translation#p{place}")
        at = page.evaluate(
            """line => { const row = document.querySelector(`.panes [data-line="${line}"]`).closest(".row");
              const box = row.getBoundingClientRect();
              return [box.top > 60 && box.bottom < innerHeight, row.matches(".lit")]; }""",
            line,
        )
        assert at == [True, own], place
        said = page.locator("#ui-status").inner_text()
        assert said.startswith("This place has no such texts") != own, place


def test_quotations_stand_with_their_translations(open_page: Open) -> None:
    page = open_page(QUOTING)
    box = """() => ['original', 'translation'].map(name => {
      const b = document.querySelector('blockquote.' + name).getBoundingClientRect();
      return [b.left, b.top, b.right, b.bottom];
    })"""
    (_, _, _, end), (_, begin, _, _) = page.evaluate(box)
    assert end <= begin, "one below the other"
    page.evaluate("document.getElementById('quotes-side').click()")
    (_, top, right, bottom), (left, beside, _, foot) = page.evaluate(box)
    assert right < left
    assert abs(top - beside) < 3
    after = page.eval_on_selector(
        "blockquote.translation + *", "n => n.getBoundingClientRect().top"
    )
    assert after >= max(bottom, foot), "the text goes on below both"
    page.evaluate("document.getElementById('quotes-translation').click()")
    assert not page.locator("blockquote.original").first.is_visible()
    assert page.locator("blockquote.translation").first.is_visible()
    assert page.locator("blockquote.original").first.get_attribute("lang") == "ru"


def test_size_and_palette_are_kept(open_page: Open) -> None:
    page = open_page(CHAPTER)
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    paper = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(size)
    page.locator("summary", has_text="Display").click()
    seen = {page.evaluate(paper)}
    for name in ("Dark", "Sepia", "High contrast"):
        page.get_by_label(name).check()
        seen.add(page.evaluate(paper))
    assert len(seen) == 4
    page.get_by_label("Largest").check()
    assert page.evaluate(size) > before * 1.3
    last = page.evaluate(paper)
    page.reload()
    assert page.evaluate(size) > before * 1.3
    assert page.evaluate(paper) == last


@pytest.mark.parametrize("view", ["typed", "edited"])
def test_numbers_of_lines_are_not_in_copied_text(built: Site, open_page: Open, view: str) -> None:
    page = open_page(CHAPTER, f"?view={view}&lines=1")
    tree = built.app.env.get_doctree(CHAPTER)
    block = next(n for n in tree.findall(nodes.paragraph) if len(list(n.findall(lb))) > 12)
    copied = page.evaluate(
        """id => { getSelection().selectAllChildren(document.getElementById(id)); return getSelection().toString(); }""",
        block["ids"][0],
    )
    copied = re.sub(r"(?<=\w)-?\n(?=\w)", "", copied) if view == "typed" else copied
    plain = re.sub(r"[\s-]+", "", reading(block, "T" if view == "typed" else "E"))
    notes = "".join(
        page.eval_on_selector_all(f"#{block['ids'][0]} sup", "all => all.map(n => n.textContent)")
    )
    assert len(re.sub(r"[\s-]+", "", copied)) <= len(plain) + len(notes)
    assert re.sub(r"[\s-]+", "", copied).startswith(plain[:200])


# --- Popovers by touch ---------------------------------------------------------------


def test_popover_is_a_sheet_on_the_phone(open_page: Open) -> None:
    page = open_page("thesis/preface", "", PHONE, has_touch=True, is_mobile=True)
    marks = page.locator(".part > p > a.ap.ocr:not(.bare)")
    marks.nth(2).tap()
    popover = page.get_by_role("dialog")
    box = popover.bounding_box()
    assert box["x"] == 0
    assert box["width"] == PHONE[0]
    assert round(box["y"] + box["height"]) == PHONE[1]
    mark = marks.nth(2).bounding_box()
    assert mark["y"] + mark["height"] < box["y"], "the words stay in sight"
    head = popover.get_by_role("heading").text_content()
    popover.get_by_role("button", name="Next entry").tap()
    assert popover.is_visible()
    assert popover.get_by_role("heading").text_content() != head
    popover.get_by_role("button", name="Close").tap()
    assert not popover.is_visible()


# --- Width, paper -----------------------------------------------------


@pytest.mark.parametrize("rest", ["?view=diff", "?quotes=side&lines=1", "?notes=foot&names=1"])
def test_nothing_is_wider_than_the_window(open_page: Open, rest: str) -> None:
    page = open_page(QUOTING, rest)
    for width in (320, 1100, 2560):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_bar_is_usable_at_320_pixels(open_page: Open) -> None:
    page = open_page(QUOTING, "", (320, 640))
    small = page.eval_on_selector_all(
        ".bar :is(.tools label, summary, .find)",
        """all => all.filter(n => n.checkVisibility({contentVisibilityAuto: true}))
          .map(n => [n.textContent.trim(), n.getBoundingClientRect()])
          .filter(([, b]) => b.width && (b.width < 24 || b.height < 24 || b.left < 0 || b.right > 320))
          .map(([name]) => name)""",
    )
    assert small == []
    page.locator("summary", has_text="Display").click()
    page.get_by_label("Largest").scroll_into_view_if_needed()
    page.get_by_label("Largest").check()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.poppler
def test_paper_has_pages_notes_and_apparatus_but_no_bar(open_page: Open, tmp_path: Path) -> None:
    page = open_page(CHAPTER)
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    printed = subprocess.run(
        [require("pdftotext"), "-layout", str(tmp_path / "page.pdf"), "-"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    for wanted in (
        "[2]",
        "[11]",
        "The Conscience of the Revolution",
        "anticlimactic] anticlimatic T",
    ):
        assert wanted in printed
    assert "1.6 ,] »" in re.sub(r" +", " ", printed), "a misread mark"
    for gone in ("Differences", "Display", "As typed", "Previous entry"):
        assert gone not in printed

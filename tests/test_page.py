"""The page of a text as a reader uses it: choices, differences, keys, go to page, paper."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from playwright.sync_api import expect

from chromium import CHAPTER, PHONE, WIDE, axe
from tei_export.domain import domain_of
from tei_export.html.places import table
from tei_export.html.words import UNMARKED
from tei_export.nodes import lb, reading
from tools import require

if TYPE_CHECKING:
    from pathlib import Path

    from chromium import Open
    from web import Site

pytestmark = pytest.mark.browser

QUOTING = "thesis/chapter-08"
ESSAY = "essay/essay"
#: Every choice of the bar that is not as the page comes, and what it writes, in three views.
CHOICES: tuple[dict[str, str], ...] = (
    {
        "view-typed": "view=typed", "lines-1": "lines=1", "marks-1": "marks=0", "names-1": "names=1",
        "notes-foot": "notes=foot", "quotes-side": "quotes=side",
    },
    {
        "view-ocr": "view=ocr", "person-1": "person=0", "place-1": "place=0", "org-1": "org=0",
        "event-1": "event=0", "work-1": "work=0", "notes-none": "notes=none", "quotes-translation": "quotes=translation",
    },
    {"view-diff": "view=diff"},
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


def test_differences_show_reading_and_lemma_together(built: Site, open_page: Open) -> None:
    entries = {
        e.xml_id: e
        for e in domain_of(built.app.env).of(CHAPTER).emendations
        if e.type not in UNMARKED and e.kind in {"ocr", "sic"} and e.source.strip()
    }
    assert len(entries) > 30
    page = open_page(CHAPTER, "?view=diff")
    struck = """ids => ids.map(id => {
      const shown = node => node && node.getClientRects().length > 0;
      const mark = document.getElementById(id).closest('.label') ?? document.getElementById(id);
      const source = mark.querySelector(':scope > .o, :scope > .to'), lemma = mark.querySelector('.et, .e');
      return [source.textContent.trim(), shown(source) && getComputedStyle(source).textDecorationLine,
        !lemma || shown(lemma)];
    })"""
    marked = [i for i in entries if page.evaluate("id => document.getElementById(id).matches('.ap')", i)]
    assert len(marked) > len(entries) * 0.8
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        for name, (source, line, lemma) in zip(marked, page.evaluate(struck, marked), strict=True):
            assert source == entries[name].source.strip()
            assert line == "line-through", f"{media}: {name}"
            assert lemma, f"{media}: {name}"
    page.emulate_media(media="screen")
    page.get_by_label("Edited").check()
    assert not page.evaluate(struck, marked[:1])[0][1]


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
    where = "n => getComputedStyle(n).position + ' ' + getComputedStyle(n.closest('section')).display"
    note, reference = ".notes.authorial li", ".part sup.nr"
    assert page.eval_on_selector(note, where) == "absolute block"
    page.evaluate("document.getElementById('notes-foot').click()")
    assert page.eval_on_selector(note, where) == "relative block"
    assert page.eval_on_selector(reference, _SEEN)
    page.evaluate("document.getElementById('notes-none').click()")
    assert page.eval_on_selector(note, where).endswith("none")
    assert not page.eval_on_selector(reference, _SEEN)


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
    after = page.eval_on_selector("blockquote.translation + *", "n => n.getBoundingClientRect().top")
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
    notes = "".join(page.eval_on_selector_all(f"#{block['ids'][0]} sup", "all => all.map(n => n.textContent)"))
    assert len(re.sub(r"[\s-]+", "", copied)) <= len(plain) + len(notes)
    assert re.sub(r"[\s-]+", "", copied).startswith(plain[:200])


# --- Go to page ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "typed", "address"),
    [
        ("index", "17", "thesis/chapter-02.html#p17"),
        ("thesis/chapter-02", "ix", "thesis/preface.html#pix"),
        ("thesis/chapter-02", "17.12", "thesis/chapter-02.html#p17.12"),
        ("registers/events", "p. 17, l. 12", "thesis/chapter-02.html#p17.12"),
        ("about/text", "page IX", "thesis/preface.html#pix"),
    ],
)
def test_go_to_page(open_page: Open, name: str, typed: str, address: str) -> None:
    page = open_page(name, "?view=typed")
    page.keyboard.press("g")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{address.replace('.html', '.html?view=typed')}")
    assert not page.locator("#ui-goto").is_visible()
    place = address.partition("#")[2]
    assert page.evaluate("id => document.getElementById(id) !== null", place)


def test_go_to_a_line_of_a_text_without_pages(open_page: Open) -> None:
    page = open_page(ESSAY)
    page.keyboard.press("g")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#l5"


def test_go_to_page_says_why_not(open_page: Open) -> None:
    page = open_page("index")
    page.keyboard.press("g")
    form = "Give a page, or page and line: 17, ix, 17.12."
    for typed, message in (
        ("170", "There is no page 170. There are pages vii–xi, 1–136, 140–158."),
        ("138", "Page 138 does not survive."),
        ("17.99", "Page 17 has no line 99, only 31 lines."),
        ("Stalin", form),
        ("constructor", form),
    ):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(page.locator("#ui-goto output")).to_have_text(message)
        assert page.evaluate("document.activeElement.id") == "goto-page"
        assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


def test_pages_can_be_reached_without_scripts(built: Site, open_page: Open) -> None:
    page = open_page("index", java_script_enabled=False)
    page.locator("summary", has_text="Contents").click()
    page.get_by_label("Go to page").fill("17")
    page.get_by_role("button", name="Go").click()
    page.wait_for_url("**/pages.html?page=17")
    page.get_by_role("link", name="17", exact=True).click()
    page.wait_for_url("**/thesis/chapter-02.html#p17")
    held = [p for part in table(built.app)["parts"] for p in part["pages"] if p]
    assert len(held) == 160
    page.go_back()
    assert page.locator("#page-list tbody tr").count() == len(held) + 3


def test_table_of_pages_is_true(built: Site) -> None:
    for part in table(built.app)["parts"]:
        ids = set(built.page(part["uri"].removesuffix(".html")).xpath("//@id"))
        for page, count in part["pages"].items():
            assert not page or f"p{page}" in ids
            assert (f"p{page}.{count}" if page else f"l{count}") in ids
            assert (f"p{page}.{count + 1}" if page else f"l{count + 1}") not in ids


# --- Keys ----------------------------------------------------------------------------


def test_keys_walk_through_the_whole_apparatus(built: Site, open_page: Open) -> None:
    page = open_page(CHAPTER)
    facts = domain_of(built.app.env).of(CHAPTER)
    wanted = {f"#entry-{e.xml_id}" for e in facts.emendations if e.type not in UNMARKED}
    where = "document.activeElement.getAttribute('href')"
    visited = []
    for _ in wanted:
        page.keyboard.press("a")
        visited.append(page.evaluate(where))
    assert set(visited) == wanted
    assert len(visited) == len(wanted)
    page.keyboard.press("a")
    expect(page.locator("#ui-status")).to_have_text("This is the last entry of the apparatus here.")
    page.keyboard.press("b")
    assert page.evaluate(where) == visited[-2]
    page.keyboard.press("Enter")
    head = page.get_by_role("dialog").get_by_role("heading").text_content()
    page.keyboard.press("b")
    assert page.get_by_role("dialog").is_visible(), "from popover to popover"
    assert page.get_by_role("dialog").locator(".pop-body a").get_attribute("href") == visited[-3]
    assert head


def test_keys_turn_pages_and_chapters(open_page: Open) -> None:
    page = open_page(CHAPTER)
    seen = []
    for key in "jjjk":
        page.keyboard.press(key)
        seen.append(page.evaluate("document.activeElement.id"))
    assert seen == ["p1", "p2", "p3", "p2"]
    page.keyboard.press("n")
    page.wait_for_url("**/chapter-02.html")
    page.keyboard.press("p")
    page.wait_for_url("**/chapter-01.html")
    page.keyboard.press("/")
    page.wait_for_url("**/search.html")


def test_keys_change_the_view(open_page: Open) -> None:
    page = open_page(CHAPTER)
    for key, written in (("t", "?view=typed"), ("o", "?view=ocr"), ("d", "?view=diff"), ("e", "")):
        page.keyboard.press(key)
        assert page.evaluate("location.search") == written
    for key, written in (("l", "lines=1"), ("m", "marks=0"), ("i", "names=1")):
        page.keyboard.press(key)
        assert written in page.evaluate("location.search")
    expect(page.locator("#ui-status")).to_have_text("Names: on")


def test_keys_do_not_act_where_one_types_or_when_off(open_page: Open) -> None:
    page = open_page(CHAPTER)
    page.keyboard.press("g")
    page.keyboard.type("e t o d n ?")
    assert page.locator("#goto-page").input_value() == "e t o d n ?"
    page.keyboard.press("Escape")
    for shortcut in ("Control+d", "Alt+t", "Meta+o"):
        page.keyboard.press(shortcut)
    assert page.evaluate("location.search") == ""
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    assert sheet.is_visible()
    page.keyboard.press("t")
    assert page.evaluate("location.search") == "", "not behind the sheet"
    page.get_by_label("These keys act").uncheck()
    page.keyboard.press("Escape")
    assert not sheet.is_visible()
    for key in "todg":
        page.keyboard.press(key)
    page.reload()
    page.keyboard.press("t")
    assert page.evaluate("location.search") == ""
    assert not page.locator("#ui-goto").is_visible()
    page.locator("summary", has_text="Display").click()
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("These keys act").check()
    page.get_by_role("button", name="Close").click()
    assert page.evaluate("document.activeElement.className") == "keys", "the focus returns"
    page.keyboard.press("t")
    assert page.evaluate("location.search") == "?view=typed"


def test_help_sheet_names_every_key_that_acts(open_page: Open) -> None:
    page = open_page(CHAPTER)
    keys = page.eval_on_selector_all("#ui-keys kbd", "all => all.map(n => n.textContent)")
    assert len(keys) == len(set(keys))
    assert set(keys) == {*"npg/jkabetodlmi?", "Esc"}
    page.goto(page.url.replace(CHAPTER, ESSAY))
    keys = page.eval_on_selector_all("#ui-keys kbd", "all => all.map(n => n.textContent)")
    assert "t" not in keys, "a text without typescript"


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
    axe(page)
    popover.get_by_role("button", name="Close").tap()
    assert not popover.is_visible()


# --- Width, paper, accessibility -----------------------------------------------------


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
        capture_output=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip
    for wanted in ("[2]", "[11]", "The Conscience of the Revolution", "anticlimactic] anticlimatic T"):
        assert wanted in printed
    assert "1.6 ,] »" in re.sub(r" +", " ", printed), "typewriter marks, folded on the screen"
    for gone in ("Differences", "Display", "As typed", "Previous entry"):
        assert gone not in printed


@pytest.mark.parametrize(
    ("name", "rest", "size"),
    [("t/one", "?view=diff&names=1&lines=1", PHONE), ("t/one", "?view=diff", WIDE), ("pages", "", PHONE), ("apparatus", "", WIDE)],
)
def test_axe_finds_nothing(open_small: Open, name: str, rest: str, size: tuple[int, int]) -> None:
    axe(open_small(name, rest, size), ("contrast",) if rest else ())


def test_axe_finds_nothing_in_menus_and_sheets(open_small: Open) -> None:
    page = open_small("t/one", "", PHONE)
    page.locator("summary", has_text="Display").click()
    page.get_by_label("Names").check()
    axe(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    axe(page)
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    axe(page, ("sepia",))


def test_axe_finds_nothing_with_a_popover_open(open_page: Open) -> None:
    page = open_page(ESSAY)
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog").is_visible()
    axe(page, ("sepia", "contrast"))

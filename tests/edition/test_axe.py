"""axe-core on every kind of page, and on everything that opens: WCAG 2.2 AA and best practice.

The mini edition has one of everything and is quick; what only the real one has comes from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chromium import COLOURS, PHONE, RULES, axe, violations

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from chromium import Open
    from real import Site

from accessible import SMALL, check, shorten

pytestmark = pytest.mark.browser
#: Pages of the real edition that the mini edition has nothing like.
REAL = (
    "index",
    "essay/essay",
    "thesis/preface?names=1",
    "registers/persons/kamenev-lev",
    "about/editing",
    "about/reading",
)


def _folder_pages(folder: Path) -> set[str]:
    found = (path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.html"))
    return {name for name in found if not name.startswith(("files/", "_static/"))}


def _kind(name: str) -> str:
    """Pages that one template makes of like things are one kind."""
    folder, _, rest = name.partition("/")
    if folder == "registers" and "/" in rest:
        return "own page of an entry"
    return "part" if folder in {"t", "thesis"} else name


def test_no_kind_of_page_is_left_out(built: Site, small: Path) -> None:
    kinds = {_kind(name.partition("?")[0]) for name in (*SMALL, *REAL)}
    made = {_kind(name) for name in _folder_pages(built.out) | _folder_pages(small)}
    assert made - kinds == {"about/text", "changes", "readings/third-reading"}, (
        "pages of prose, like the others"
    )


@pytest.mark.parametrize("name", REAL)
def test_page_of_the_real_edition(open_page: Open, name: str) -> None:
    check(open_page, name)


def test_every_page_of_the_real_edition(built: Site, browser: Browser) -> None:
    """At the width of a desk and of a phone: what no page has but one, as a quotation that is all links.

    Colours are those of the kinds of page, tried in every palette; here they would take minutes.
    """
    page = browser.new_context(reduced_motion="reduce").new_page()
    plain = {rule: {"enabled": False} for rule in COLOURS}
    faults = []
    # All pages at one width, then at the other: a page is loaded faster than it takes another width.
    for width, height, rules in ((1280, 900, RULES), (390, 844, ["wcag22aa"])):
        page.set_viewport_size({"width": width, "height": height})
        for name in sorted(_folder_pages(built.out)):
            page.goto((built.out / f"{name}.html").as_uri())
            shorten(page, name)
            found = violations(page, runOnly=rules, rules=plain)
            faults += [
                (name, width, v["id"], [n["target"][0] for n in v["nodes"]][:5]) for v in found
            ]
    page.context.close()
    assert faults == []


def test_no_two_landmarks_of_a_page_have_one_name(built: Site) -> None:
    """Also those that axe-core does not count as landmarks: readers jump from name to name."""
    for name, page in built.pages().items():
        said = []
        for mark in page.xpath(
            "//*[self::section or self::nav or self::form or @role='region'][@aria-label or @aria-labelledby]"
        ):
            labels = (mark.get("aria-labelledby") or "").split()
            texts = [page.xpath("string(//*[@id=$id])", id=label) for label in labels] or [
                mark.get("aria-label")
            ]
            assert all(texts), (name, labels)
            said.append((mark.tag, " ".join(" ".join(texts).split())))
        assert len(said) == len(set(said)), (name, sorted({s for s in said if said.count(s) > 1}))


def test_note_as_a_sheet(open_page: Open) -> None:
    page = open_page("thesis/chapter-10", "", PHONE)
    page.locator(".part sup.nr a").first.click()
    assert page.get_by_role("dialog").is_visible()
    axe(page)

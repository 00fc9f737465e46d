"""axe-core on every kind of page, and on everything that opens: WCAG 2.2 AA and best practice.

The mini edition has one of everything and is quick; what only the real one has comes from there. Every page of it
is visited in ``test_every_page.py``.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from chromium import PHONE, WIDE, violations
from targets import small_targets
from visits import page_names, visits

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from chromium import Open
    from real import Site

from accessible import SMALL, check

pytestmark = pytest.mark.browser
#: Pages of the real edition that the mini edition has nothing like.
REAL = (
    "index",
    "essay/essay",
    "thesis/preface?names=1",
    "registers/persons/kamenev-lev",
    "about/editing",
    "about/reading",
    "commentary",
)


def _kind(name: str) -> str:
    """Pages that one template makes of like things are one kind."""
    folder, _, rest = name.partition("/")
    if folder == "registers" and "/" in rest:
        return "own page of an entry"
    return "part" if folder in {"t", "thesis"} else name


def test_no_kind_of_page_is_left_out(built: Site, small: Path) -> None:
    kinds = {_kind(name.partition("?")[0]) for name in (*SMALL, *REAL)}
    made = {_kind(name) for name in page_names(built.out) | page_names(small)}
    assert made - kinds == {"about/text", "changes", "readings/third-reading"}, (
        "pages of prose, like the others"
    )


@pytest.mark.parametrize("name", REAL)
def test_page_of_the_real_edition(open_page: Open, name: str) -> None:
    check(open_page, name)


#: Styles that make targets too small, or put them too near to each other.
SMALLER = (
    "a, button, summary, input { min-height: 0 !important; padding: 0 !important; margin: 0 !important;"
    " line-height: 14px !important; font-size: 9px !important; block-size: auto !important }",
    "li { margin: 0 !important; padding: 0 !important; line-height: 1 }",
)


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_small_targets_are_those_of_axe_core(
    built: Site, browser: Browser, size: tuple[int, int]
) -> None:
    """Where sizes are broken, every target that axe-core finds is found."""
    total = 0
    with visits(browser, built.out, size, reduced_motion="reduce") as visit:
        for name, style in product(("index", "registers/index", "pictures/map"), SMALLER):
            page = visit(name)
            page.add_style_tag(content=style)
            found = violations(page, runOnly=["target-size"])
            theirs = sum(len(v["nodes"]) for v in found)
            assert len(small_targets(page)) == theirs, (name, style)
            total += theirs
    assert total > 10


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

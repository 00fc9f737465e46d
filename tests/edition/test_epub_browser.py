"""The documents of the EPUB in a browser, as a reading system would show them."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from chromium import colours, plain
from targets import small_targets
from typeset import set_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from epub import Epub
    from mini import Mini

pytestmark = pytest.mark.browser

#: One document of each kind at least; where there are many of a kind, those that have most in them.
DOCUMENTS = (
    "cover", "title", "nav", "about", "texts/thesis", "text/about/text", "text/thesis/preface",
    "text/thesis/chapter-05", "text/thesis/chapter-07", "text/thesis/bibliography",
    "text/essay/essay", "apparatus/thesis/chapter-03", "apparatus/essay/essay", "index/events",
)  # fmt: skip
DARK = ("nav", "about", "text/thesis/chapter-03", "apparatus/thesis/preface", "index/events")


@pytest.fixture(scope="module")
def folder(edition_epub: Epub, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The EPUB, unpacked."""
    out: Path = tmp_path_factory.mktemp("epub")
    for name, data in edition_epub.files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
    return out / "EPUB"


@pytest.fixture(scope="module")
def pages(browser: Browser, folder: Path) -> Iterator[dict[str, Page]]:
    """A window of each colour scheme, as wide as an e-reader."""
    contexts = {
        scheme: browser.new_context(viewport={"width": 600, "height": 800}, color_scheme=scheme)
        for scheme in ("light", "dark")
    }
    yield {scheme: context.new_page() for scheme, context in contexts.items()}
    for context in contexts.values():
        context.close()


def _findings(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What axe-core finds: rule and element."""
    return [(v["id"], n["html"]) for v in found for n in v["nodes"]]


def test_axe_finds_nothing(pages: dict[str, Page], folder: Path) -> None:
    good: set[str] = set()
    for name in DOCUMENTS:
        page = pages["light"]
        page.goto((folder / f"{name}.xhtml").as_uri())
        assert _findings(plain(page) + colours(page, good)) == [], name
        if page.locator("a").count():
            assert small_targets(page) == [], name
    good.clear()
    for name in DARK:
        pages["dark"].goto((folder / f"{name}.xhtml").as_uri())
        assert _findings(colours(pages["dark"], good)) == [], name


def test_a_dark_ground_is_seen(pages: dict[str, Page], folder: Path) -> None:
    """Text has the reader's colours, never one of ours."""
    colour = "() => getComputedStyle(document.querySelector('p a, p')).color"
    seen = {}
    for scheme, page in pages.items():
        page.goto((folder / "text/thesis/chapter-03.xhtml").as_uri())
        seen[scheme] = page.evaluate(colour)
    assert seen == {"light": "rgb(0, 0, 0)", "dark": "rgb(255, 255, 255)"}


@pytest.mark.parametrize("width", [320, 390, 600])
def test_nothing_is_wider_than_the_page(pages: dict[str, Page], folder: Path, width: int) -> None:
    page = pages["light"]
    page.set_viewport_size({"width": width, "height": 800})
    for name in DOCUMENTS:
        page.goto((folder / f"{name}.xhtml").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.set_viewport_size({"width": 600, "height": 800})


def test_the_embedded_face_is_used(pages: dict[str, Page], folder: Path) -> None:
    page = pages["light"]
    page.goto((folder / "text/thesis/chapter-05.xhtml").as_uri())
    page.evaluate("document.fonts.ready.then(() => 0)")
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.style + f.unicodeRange)"
    )
    assert any("U+400-45F" in face.upper() for face in loaded), "Cyrillic"
    assert {face[:6] for face in loaded} == {"normal", "italic"}


def test_what_is_drawn_is_not_copied(pages: dict[str, Page], folder: Path) -> None:
    page = pages["light"]
    page.goto((folder / "text/thesis/chapter-07.xhtml").as_uri())
    shown = page.evaluate("document.querySelector('p:has(.pb)').innerText")
    assert "[87]" not in shown
    drawn = page.evaluate("getComputedStyle(document.querySelector('p .pb'), '::after').content")
    assert "87" in drawn


def test_texts_that_are_hard_to_show(pages: dict[str, Page], mini: Mini, tmp_path: Path) -> None:
    """A Russian word wider than the screen, a note longer than a page, a quotation that is not
    closed: all is there, and nothing is wider than the page."""
    word = "превысокомногорассмотрительствующий" * 5
    note = [f"word{n} of a note that goes on and on over more than one page" for n in range(120)]
    body = [
        f"Before it {word} and after it.",
        'He said: "It is not closed (nor is [this',
        "and so it stays.",
        "A word.",
    ]
    source = "\n".join(body).replace(word, f"{{ru}}`{word}`")
    set_text(
        mini,
        f"{source}[^1]\n\n[^1]: " + "\n    ".join(note),
        [*body[:3], "A word.1", f"1{note[0]}", *note[1:]],
    )
    result = mini.build("epub")
    assert result.code == 0, result.output
    with zipfile.ZipFile(mini.out / "epub" / "edition.epub") as archive:
        archive.extractall(tmp_path / "book")
    page = pages["light"]
    page.set_viewport_size({"width": 320, "height": 480})
    page.goto((tmp_path / "book/EPUB/text/t/one.xhtml").as_uri())
    shown = " ".join(page.evaluate("document.body.textContent").split())
    assert " ".join(body[:3]) in shown
    assert " ".join(note) in shown
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 600, "height": 800})

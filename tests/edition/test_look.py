"""What the main kinds of page look like, at three widths, against committed pictures.

Letters are drawn a little differently on every machine, so not pixels are compared but a
small picture: the window drawn with a blurred eye, 64 columns wide, in greys. A line of text is
a grey band there, the bar, the margins, a column beside another are where they are. What may
differ and what not is said at :data:`MOST`.

    TEI_EXPORT_PICTURES=write pytest tests/edition/test_look.py     makes the pictures anew
"""

from __future__ import annotations

import io
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageChops, ImageFilter

from mini import ROOT
from tei_export.outputs.html.style_sheets import joined

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from chromium import Open

pytestmark = [pytest.mark.browser, pytest.mark.painted]

FOLDER = Path(__file__).parents[1] / "pictures"
WIDTHS = {"phone": (390, 844), "tablet": (820, 1100), "wide": (1440, 900)}
KINDS = (
    "index",
    "thesis/chapter-08",
    "essay/essay",
    "registers/persons",
    "apparatus",
    "pictures/timeline",
    "search",
)
COLUMNS = 64
#: Part of the cells that may differ by more than FAR of 255. Measured: heavier or wider letters
#: change at most 0.2 %, another typeface 5 %, a rule that is gone 10 to 100 %.
MOST = 0.04
FAR = 7


def _seen(page: Page) -> Image.Image:
    """The first window of a page as a small grey picture."""
    page.evaluate("document.fonts.ready.then(() => true)")
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("L")
    rows = round(shot.height * COLUMNS / shot.width)
    return shot.filter(ImageFilter.GaussianBlur(shot.width / COLUMNS / 2)).resize(
        (COLUMNS, rows), Image.Resampling.BOX
    )


def _differ(one: Image.Image, other: Image.Image) -> float:
    """The part of the cells that are far from each other."""
    if one.size != other.size:
        return 1.0
    # a band may lie half a cell higher: the nearer of the picture and the picture moved counts
    moved = (ImageChops.difference(one, ImageChops.offset(other, 0, by)) for by in (-1, 0, 1))
    nearest = list(moved)
    least = ImageChops.darker(ImageChops.darker(nearest[0], nearest[1]), nearest[2])
    cells = least.tobytes()
    return sum(value > FAR for value in cells) / len(cells)


def _path(kind: str, width: str) -> Path:
    return FOLDER / f"{kind.replace('/', '-')}-{width}.png"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_page_looks_as_before(open_page: Open, kind: str, width: str) -> None:
    page = open_page(kind, "", WIDTHS[width], color_scheme="light")
    seen = _seen(page)
    path = _path(kind, width)
    if os.environ.get("TEI_EXPORT_PICTURES") == "write":
        FOLDER.mkdir(exist_ok=True)
        seen.save(path, optimize=True)
    share = _differ(seen, Image.open(path))
    assert share <= MOST, f"{path.name}: {share:.1%} of the picture is different"


#: The style sheets, in their order.
SHEETS = tomllib.loads(
    (ROOT / "src/tei_export/outputs/html/theme/theme.toml").read_text(encoding="utf-8")
)["theme"]["stylesheets"]
#: A rule that is gone, as a style that undoes it → where one sees it.
BROKEN = {
    ".bar { position: static; flex-direction: column; background: #000 }": (
        "thesis/chapter-08",
        "wide",
    ),
    ".part { max-width: none; margin: 0 }": ("thesis/chapter-08", "wide"),
    ".head { text-align: start; padding: 0 }": ("registers/persons", "phone"),
    ".prose { max-width: none; margin: 0 }": ("index", "wide"),
    ".register.picture .drawing { display: none }": ("pictures/timeline", "wide"),
    ".filters fieldset { display: block } .head { padding-block: 0 }": ("apparatus", "tablet"),
    ":root { color-scheme: dark }": ("essay/essay", "phone"),
}


@pytest.mark.parametrize("style", BROKEN)
def test_a_page_that_is_broken_looks_otherwise(open_page: Open, style: str) -> None:
    kind, width = BROKEN[style]
    page = open_page(kind, "", WIDTHS[width], color_scheme="light")
    page.add_style_tag(content=style)
    assert _differ(_seen(page), Image.open(_path(kind, width))) > MOST


@pytest.mark.parametrize("sheet", ["base.css", "bar.css", "text.css"])
def test_a_style_sheet_that_is_missing_is_seen(open_page: Open, sheet: str) -> None:
    page = open_page("thesis/chapter-08", "", WIDTHS["wide"], color_scheme="light")
    address = page.evaluate("document.querySelector('link[rel=stylesheet]').href")
    rest = joined(tuple(name for name in SHEETS if name != sheet))
    page.evaluate("document.querySelector('link[rel=stylesheet]').remove()")
    page.add_style_tag(content=rest.replace('url("', f'url("{address.rpartition("/")[0]}/'))
    assert _differ(_seen(page), Image.open(_path("thesis/chapter-08", "wide"))) > MOST


@pytest.mark.parametrize(
    "change", ["* { font-weight: 500 }", "* { letter-spacing: 0.002em }", "body { opacity: 0.96 }"]
)
def test_another_rasteriser_of_type_is_let_pass(open_page: Open, change: str) -> None:
    page = open_page("thesis/chapter-08", "", WIDTHS["tablet"], color_scheme="light")
    page.add_style_tag(content=change)
    assert _differ(_seen(page), Image.open(_path("thesis/chapter-08", "tablet"))) <= MOST


def test_the_pictures_are_small_and_all_in_use() -> None:
    files = set(FOLDER.glob("*.png"))
    assert files == {_path(kind, width) for kind in KINDS for width in WIDTHS}
    assert sum(path.stat().st_size for path in files) < 150_000

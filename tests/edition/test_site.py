"""The whole site as files: valid HTML, typed scripts, no style without use, light pages.

Read by programs of others (the Nu HTML checker, TypeScript) and by Chromium's own parsers.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import pytest

from chromium import PHONE
from mini import TESTS, Mini, sphinx
from real import CHAPTER
from tools import require
from vocabulary_pages import edition_of_all
from web import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chromium import Open
    from real import Site

from web import THEME, html_files

#: What the Nu checker says and is let pass: its list of CSS properties is older than the property,
#: or the text of the source is what it is.
LET_PASS = (
    r"CSS: “(anchor-name|position-anchor)”: Property “.*” doesn't exist\.",
    r"Text run is not in Unicode Normalization Form C\.",  # misreadings of the OCR, letter by letter
    r"Text run starts with a composing character\.",
    r"Trailing slash on void elements has no effect",  # docutils writes them
)
#: Bytes that a server sends (gzip) for a page with its scripts and style sheets, without fonts.
HEAVIEST = 100_000


# --- HTML ----------------------------------------------------------------------------------


def _nu(*pages: Path) -> list[dict[str, Any]]:
    """What the Nu checker says of pages, without what is let pass."""
    done = subprocess.run(
        [require("java"), "-Xss2m", "-jar", require("vnu"), "--format", "json", "--stdout", "--exit-zero-always",
         *map(str, pages)],
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)["messages"]
    return [m for m in found if not any(re.match(rule, m["message"]) for rule in LET_PASS)]


def _said(messages: list[dict[str, Any]]) -> list[str]:
    return [f"{m['url'].rpartition('/')[2]}:{m.get('lastLine')}: {m['message']}" for m in messages]


@pytest.mark.java
def test_every_page_is_valid_html(built: Site, small: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.html"
    wrong.write_text(
        '<!DOCTYPE html><html lang="en"><title>x</title><p><b>a</p></b>', encoding="utf-8"
    )
    pages = [*html_files(built.out), *html_files(small)]
    assert small / "downloads.html" in pages
    found = _nu(*pages, wrong)
    assert [m for m in found if m["url"].endswith("/wrong.html")], "the checker finds what is wrong"
    assert _said([m for m in found if not m["url"].endswith("/wrong.html")]) == []


def test_places_of_the_search_are_there(built: Site) -> None:
    """The pages and the ids that the search's files lead to."""
    seen = 0
    for path in sorted((built.out / "searchdata").glob("*.js")):
        data = json.loads(re.sub(r"^\(.*?\)\.push\(|\);\n$", "", path.read_text(encoding="utf-8")))
        for page in data["pages"]:
            ids = set(built.pages()[page["url"]].xpath("//@id"))
            for _kind, _label, places, _text, _more in page["units"]:
                for place in places.split(";"):
                    where = place.rpartition(":")[2]
                    anchor = (
                        where[1:]
                        if where.startswith("#")
                        else where.replace(".", "l", 1)
                        if where.startswith(".")
                        else f"p{where}"
                    )
                    assert not where or anchor in ids, f"{page['url']}: {where}"
                    seen += 1
    assert seen > 1000


# --- Weight --------------------------------------------------------------------------------


def _weight(folder: Path, name: str) -> int:
    """The page with what it asks for at once, without fonts, as a server sends it."""
    page = parse(folder / name)
    asked = page.xpath("//script/@src | //link[@rel='stylesheet']/@href")
    files = {urljoin(name, re.sub(r"\?.*", "", str(address))) for address in asked}
    assert files
    return sum(len(gzip.compress((folder / path).read_bytes())) for path in {name, *files})


def test_every_page_is_light_with_its_scripts_and_styles(built: Site) -> None:
    weights = {name: _weight(built.out, name) for name in built.pages()}
    assert len(weights) > 60
    assert {n: w for n, w in weights.items() if w >= HEAVIEST} == {}


# --- Styles --------------------------------------------------------------------------------

#: Selectors of a style sheet that match nothing in a list of documents, states left out: of those ``wanted``, or of all.
UNUSED = r"""([sheets, pages, wanted]) => {
  const documents = [document];
  const read = at => documents[at] ??= new DOMParser().parseFromString(pages[at - 1], "text/html");
  // States of the reader's are left out, from the inside: what is left of :is() or :not() is tested.
  const states = /::[a-z-]+(\([^)]*\))?|:(checked|hover|focus-visible|focus|target|popover-open|placeholder)\b|\[(open|hidden|disabled|data-colours|data-size|aria-invalid)[^\]]*\]/g;
  const loose = selector => {
    let [now, before] = [selector.replace(states, "").replace(/:not\(:has\([^()]*\)\)/g, ""), ""];
    while (now !== before) [now, before] = [now.replace(/:(is|not|has|where)\([\s,]*\)/g, ""), now];
    return now.trim() || "*";
  };
  const used = selector => {
    const wanted = loose(selector);
    for (let at = 0; at <= pages.length; at++) if (read(at).querySelector(wanted)) return true;
    return false;
  };
  // What stands between commas, but for those in brackets.
  const alternatives = selector => {
    const found = [""];
    let depth = 0;
    for (const sign of selector) {
      depth += "([".includes(sign) - ")]".includes(sign);
      if (sign === "," && depth === 0) found.push("");
      else found[found.length - 1] += sign;
    }
    return found;
  };
  const unused = [];
  const walk = rules => {
    for (const rule of rules) {
      if (rule.selectorText && (!wanted || wanted.includes(rule.selectorText)) && !alternatives(rule.selectorText).some(used)) unused.push(rule.selectorText);
      if (rule.cssRules) walk(rule.cssRules);
    }
  };
  for (const text of sheets) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    walk(sheet.cssRules);
  }
  return unused;
}"""


#: What a text may have, and neither ours nor the mini edition has.
FOR_OTHERS = {
    ".prose h3",
    ".part blockquote p + p",  # a quotation of two paragraphs
    ".pb:has(+ .pb + .pb)::after",  # three pages that begin in one place
    # a note over two pages
    ":root:has(#notes-beside:checked) .notes .pb::after",
    ":root:has(#notes-beside:checked) .notes .at",
}


#: Small editions of the kinds of text that neither ours nor the mini edition is.
OTHERS = ("poem", "play", "letters", "hands", "ledger")


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The pages of an edition with every role, which has an address; of one of several witnesses; of ``OTHERS``."""
    folder = tmp_path_factory.mktemp("others")
    roles = edition_of_all(folder / "roles")
    roles.replace("edition.yaml", "base_url: ''", "base_url: https://example.org/e/")
    with sphinx(roles.root, roles.root / "edition", roles.out, "html") as app:
        app.build()
    found = [roles.out / "html"]
    small = [Mini(folder / name, TESTS / "roots" / name) for name in OTHERS]
    for mini in (_several(folder / "several"), *small, _divided(folder / "divided")):
        result = mini.build("html")
        assert result.code == 0, result.output
        found.append(result.out / "html")
    return found


def _several(folder: Path) -> Mini:
    """The fable, with a variant of spelling alone and with a line of a witness."""
    mini = Mini(folder, TESTS / "roots" / "several")
    mini.replace("fable/fox.md", "vineyard", "{app}`vineyard <Γ: uineyard>`")
    mini.replace("fable/fox.md", "worthless", "{lb}`B²`worthless")
    return mini


def _divided(folder: Path) -> Mini:
    """An edition whose words are divided by another sign than a hyphen, once before forme work."""
    mini = Mini(folder)
    mini.replace("t/one.md", "isola-¬", "isola⸗¬")
    mini.replace("t/one.md", "be-¬\n", "be⸗¬\n{catch}`fore`\n")
    lines = mini.read("witness/w.txt").replace("isola-", "isola⸗").replace("be-", "be⸗\nfore")
    mini.witness(lines)
    mini.write(
        "witness/pages.csv",
        "page,first_line,last_line,number_seen_at_line,note\n1,1,13,,\n2,15,21,15,\n3,23,27,,\n",
    )
    mini.replace("t/one.md", "{o}`18`", "{o}`19`")
    mini.replace("t/one.md", "{o}`17`", "{o}`18`")
    return mini


def _side_by_side(open_one: Open, name: str, panes: str, anchor: str) -> str:
    page = open_one(name, f"?panes={panes}#{anchor}")
    page.locator(".panes .cell").first.wait_for()
    return page.content()


def _of_witnesses(open_one: Open) -> Iterator[str]:
    """The fable as scripts make it: who agrees, a reading in the text, each witness, two of them side by side."""
    name = "fable/fox"
    page = open_one(name, "?positive=1")
    page.locator("#app-0002-1").evaluate("node => node.click()")
    page.get_by_role("button", name="Γ").evaluate("node => node.click()")
    yield page.content()
    page.keyboard.press("Escape")
    for witness in ("B2", "C", "D"):
        page.locator("#ui-witness").select_option(witness)
        page.locator(f":root[data-witness={witness}]").wait_for(state="attached")
        yield page.content()
    yield _side_by_side(open_one, name, "w-B2.w-C", "")


@pytest.mark.browser
def test_no_style_is_without_use(
    built: Site,
    small: Path,
    others: list[Path],
    open_page: Open,
    open_small: Open,
    open_in: Callable[[Path], Open],
) -> None:
    sheets = [
        p.read_text(encoding="utf-8")
        for p in sorted((THEME / "static").glob("*.css"))
        if p.name != "fonts.css"
    ]
    pages = [page for folder in (built.out, small, *others) for page in html_files(folder)]
    texts = [page.read_text(encoding="utf-8") for page in pages]
    texts = [re.sub(r"</?template\b[^>]*>", "", text) for text in texts]
    # What scripts make: results and readings of the OCR in them, a map drawn closer, popovers and
    # readings put into the text, the choices of the apparatus, two texts side by side.
    for query in ("fi*otsky", "the"):
        found = open_page("search", f"?q={query}")
        found.locator("#results .hits a").first.wait_for()
        texts.append(found.content())
    closer = open_page("pictures/map")
    closer.locator("[data-zoom=in]").first.click()
    texts.append(closer.content())
    chapter = open_page(CHAPTER, "", PHONE)
    for reference in (".part sup.nr a", ".part a.ap.ocr.lost:not(.bare)", ".part a.ap.ocr:has(.o)"):
        chapter.locator(reference).first.evaluate("node => node.click()")
        texts.append(chapter.content())
    chapter.locator("[data-swap=o]").first.evaluate("node => node.click()")
    texts.append(chapter.content())
    texts.append(open_page("apparatus").content())
    texts.append(open_in(others[0])("initial/one").content())
    texts += [_side_by_side(open_small, "t/one", "ocr.edited", "p1.2")]
    texts += [_side_by_side(open_page, CHAPTER, "typed.ocr", "")]
    texts += [_side_by_side(open_in(others[0]), "header/one", "typed.ocr", "")]
    texts += [_side_by_side(open_in(others[0]), "i/one", "typed.ocr", "")]
    texts += _of_witnesses(open_in(others[1]))
    texts.sort(key=len)  # most rules are found in use before the large ones are read
    sheets.append(".without-use { color: red }")
    unused: list[str] | None = None
    for at in range(0, len(texts), 25):
        unused = chapter.evaluate(UNUSED, [sheets, texts[at : at + 25], unused])
        left = sorted({*unused} - FOR_OTHERS)
        if left == [".without-use"]:
            break  # the larger ones need not be read
    assert left == [".without-use"], "\n".join(left)

"""Programs that readers have: citation managers, reader views, search engines.

Zotero is no library. What its translators need was tried by hand (docs/quality.md) and stands
here as rules: its button reads the COinS of a page before its meta elements.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from lxml import html

from tei_export.model.metadata import metadata
from tei_export.shared import citations
from tools import require

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from real import Site
    from tei_export.model.edition import Edition

NODE = Path(__file__).parents[1] / "outside/node"


def node(script: str, *files: Path) -> dict[str, Any]:
    """What a script of ``outside/node`` says of files, by path."""
    command = [require("node"), str(NODE / script), require("node_modules"), *map(str, files)]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", env=dict(os.environ), check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def edition(built: Site) -> Edition:
    found: Edition = built.edition
    return found


# --- Citation.js ---------------------------------------------------------------------------

WRITERS = {"json": citations.csl_json, "bib": citations.bibtex, "ris": citations.ris}


def _read(folder: Path, items: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Ending → the items as Citation.js has read them."""
    files = {ending: folder / f"items.{ending}" for ending in WRITERS}
    for ending, path in files.items():
        path.write_text(WRITERS[ending](items), encoding="utf-8", newline="")
    found = node("citations.mjs", *files.values())
    return {ending: found[str(path)] for ending, path in files.items()}


def test_the_edition_is_a_book_with_editors_and_no_software(
    edition: Edition, tmp_path: Path
) -> None:
    meta = metadata(edition)
    thesis = edition.texts["thesis"]
    own = [citations.edition_item(meta), citations.edition_item(meta, thesis, thesis.parts[1])]
    for ending, (whole, part) in _read(tmp_path, own).items():
        assert (whole["type"], part["type"]) == ("book", "chapter"), ending
        assert whole["title"] == meta.full_title, ending
        assert part["container-title"] == thesis.title, ending
        assert part["collection-title"] == meta.full_title, ending
        for item in (whole, part):
            assert "version" not in item, ending
            assert f"Version {meta.version}" in item["edition"], ending
            (editor,) = item["editor"]
            assert meta.creators == (
                " ".join(filter(None, (editor.get(k) for k in ("given", "family", "literal")))),
            )


def test_every_work_keeps_its_publisher_and_its_editors(edition: Edition, tmp_path: Path) -> None:
    works = [
        citations.work_item(entry, edition.registers)
        for entry in edition.registers["works"].entries.values()
    ]
    assert any(" and " in item.get("publisher", "") for item in works)
    for ending, found in _read(tmp_path, works).items():
        assert len(found) == len(works)
        for item, read in zip(works, found, strict=True):
            if item["type"] != "thesis":  # a school, in RIS as in BibTeX
                assert read.get("publisher") == item.get("publisher"), (ending, item["id"])
            if item["type"] in {"book", "chapter"}:
                assert len(read.get("editor", ())) == len(item.get("editor", ())), (
                    ending,
                    item["id"],
                )


# --- Zotero --------------------------------------------------------------------------------


def _coins(page: HtmlElement) -> dict[str, list[str]]:
    (title,) = page.xpath("//span[@class='Z3988']/@title")
    return parse_qs(title, strict_parsing=True)


def test_every_page_tells_zotero_title_editors_date_and_edition(
    built: Site, edition: Edition
) -> None:
    meta = metadata(edition)
    for name, page in built.pages().items():
        found = edition.part_of(name.removesuffix(".html"))
        said = _coins(page)
        assert said["ctx_ver"] == ["Z39.88-2004"], name
        assert said["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:book"], name
        assert said["rft.aucorp"] == list(meta.creators), name
        assert said["rft.date"] == [meta.date], name
        assert said["rft.pub"] == [meta.publisher], name
        assert said["rft.edition"] == [f"Version {meta.version}"], name
        if found:
            assert said["rft.genre"] == ["bookitem"], name
            assert said["rft.atitle"] == [found[1].title], name
            assert said["rft.btitle"] == [f"{found[0].title}, in: {meta.full_title}"], name
        else:
            assert (said["rft.genre"], said["rft.btitle"]) == (["book"], [meta.full_title]), name
        tags = Counter(page.xpath("//meta/@name"))
        for tag in ("title", "editor", "publication_date", "publisher", "language"):
            assert tags[f"citation_{tag}"] == 1, (name, tag)
        assert tags["citation_inbook_title"] == bool(found), name


# --- Reader views --------------------------------------------------------------------------


def test_reader_view_has_the_text_and_invents_no_author(built: Site) -> None:
    files = [
        built.out / f"{name}.html"
        for name in (*built.parts(), "about/text", "about/editing", "schema")
    ]
    for name, shown in node("reader.mjs", *files).items():
        assert shown, name
        assert not shown["byline"], (name, shown["byline"])
        page = html.parse(name).getroot()
        for note in page.xpath("//section[contains(@class, 'notes')]/h2"):
            assert note.text_content() in shown["text"], name


#: What Reader View takes for the author's name.
NAMES = ('id="notes-authorial-head"', 'class="authorial"', 'rel="author"', 'class="byline"')


def test_a_name_that_reader_view_takes_for_the_author_is_seen(built: Site, tmp_path: Path) -> None:
    text = (built.out / "thesis/chapter-01.html").read_text(encoding="utf-8")
    pages = {form: tmp_path / f"{number}.html" for number, form in enumerate(NAMES)}
    for form, page in pages.items():
        marked = text.replace('<h2 id="notes-numbered-head">', f"<h2 {form}>")
        page.write_text(marked, encoding="utf-8")
    found = node("reader.mjs", *pages.values())
    bylines = {form: found[str(page)]["byline"] for form, page in pages.items()}
    assert bylines == dict.fromkeys(NAMES, "Notes")


def test_nothing_in_a_page_has_a_name_that_reader_view_takes_for_an_author(built: Site) -> None:
    """The words that Readability looks for in class and id, on anything short that has words."""
    words = ("byline", "author", "dateline", "writtenby")
    for name, page in built.pages().items():
        for element in page.xpath("//body//*[@class or @id or @rel]"):
            said = f"{element.get('class', '')} {element.get('id', '')} {element.get('rel', '')}".lower()
            if any(word in said for word in words):
                assert (
                    element.tag == "section" and name == "schema.html"
                ) or not element.text_content().strip(), (name, said)


def test_old_anchors_of_the_notes_still_lead_there(built: Site) -> None:
    page = built.page("thesis/chapter-01")
    for anchor in ("notes-authorial", "notes-authorial-head"):
        (target,) = page.xpath(f"//*[@id='{anchor}']")
        assert "notes" in target.getparent().get("class").split()


# --- Search engines and previews -----------------------------------------------------------


def test_no_two_pages_describe_themselves_alike(built: Site, edition: Edition) -> None:
    meta = metadata(edition)
    pages = built.pages()
    for kind in ("name='description'", "property='og:description'", "property='og:title'"):
        said = {
            name: page.xpath(f"string(//meta[@{kind}]/@content)") for name, page in pages.items()
        }
        assert all(said.values()), kind
        double = {text for text, n in Counter(said.values()).items() if n > 1}
        assert not double, (kind, [name for name, text in said.items() if text in double])
        assert all("<" not in text and "&" not in text for text in said.values()), kind
    assert (
        pages["index.html"].xpath("string(//meta[@name='description']/@content)")
        == meta.description
    )


def test_a_text_is_described_as_what_it_is(built: Site, edition: Edition) -> None:
    for text in edition.texts.values():
        own = metadata(edition).description_of(text)
        for part in text.parts:
            said = built.page(part.doc).xpath("string(//meta[@name='description']/@content)")
            assert said.startswith(part.title)
            assert own in said
            assert metadata(edition).description not in said

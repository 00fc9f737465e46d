"""Markup of the outputs in any field of an edition: it comes out as the text that it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from lxml import etree

from epub import Epub, H
from pdf import Pdf

if TYPE_CHECKING:
    from mini import Mini

MARK = "<script>alert(1)</script>]]>&amp;<!--"
#: A text that would do harm in XML, HTML, JavaScript, Typst or a template.
HOSTILE = MARK + " </p> \" ' \\ #let x = 1; $ @a {{ x }} {% raw %} *b* _c_ `d` é"
IDS = {
    "sha256",
    "witness",
    "pages",
    "ledger",
    "folder",
    "siglum",
    "doc",
    "id",
    "type",
    "place",
    "uri",
    "language",
    "status",
    "base_url",
    "repository_url",
    "medium",
    "origin",
}
KEYS = {
    "authors",
    "contained_in",
    "place",
    "date",
    "dates",
    "year",
    "ids",
    "coordinates",
    "forms",
    "type",
}


def spoil(value: Any, keep: set[str]) -> Any:
    """``value`` with ``HOSTILE`` at the end of every text, except in the fields ``keep``."""
    if isinstance(value, dict):
        return {k: v if k in keep else spoil(v, keep) for k, v in value.items()}
    if isinstance(value, list):
        return [spoil(item, keep) for item in value]
    return f"{value} {HOSTILE}" if isinstance(value, str) else value


@pytest.fixture
def hostile(mini: Mini) -> Mini:
    record = yaml.safe_load(mini.read("edition.yaml"))
    glyphs = record["texts"]["t"].pop("glyphs")
    date, version = record["date"], record["version"]
    record = spoil(record, IDS)
    record["date"], record["version"], record["texts"]["t"]["glyphs"] = date, version, glyphs
    record["keywords"] = {"scheme": f"Scheme {HOSTILE}", "terms": [f"Term {HOSTILE}"]}
    mini.write("edition.yaml", yaml.safe_dump(record, allow_unicode=True, sort_keys=False))
    for name in ("persons", "places", "organisations", "events", "works"):
        register = yaml.safe_load(mini.read(f"registers/{name}.yaml"))
        forms = {k: [*v.get("forms", []), v.get("name") or v["title"]] for k, v in register.items()}
        register = spoil(register, KEYS)
        for key, entry in register.items():
            entry.update(
                forms=forms[key],
                gloss=f"Gloss {HOSTILE}",
                note=f"Note {HOSTILE}",
                names={"ru": HOSTILE},
            )
        mini.write(f"registers/{name}.yaml", yaml.safe_dump(register, allow_unicode=True))
    escaped = re.sub(r"([^a-zé0-9\s])", r"\\\1", HOSTILE)
    reading = "<script>alert(2)</script>]]>"
    mini.replace(
        "t/one.md", "The last paragraph", f"{escaped} {{ocr}}`last <{reading}> ? (why {MARK})`"
    )
    mini.replace("t/two.md", "two lines.[^1]", "two lines.[^1][^ed-1]")
    mini.write("t/two.md", mini.read("t/two.md") + f"\n[^ed-1]: Editors {escaped}\n")
    mini.witness(mini.read("witness/w.txt").replace("The last paragraph", f"{HOSTILE} {reading}"))
    return mini


def test_tei_escapes_every_field(hostile: Mini) -> None:
    result = hostile.build("tei")
    assert result.code == 0, result.output
    data = (result.out / "tei" / "t.xml").read_bytes()
    assert b"<script" not in data
    assert b"<!--" not in data
    root = etree.fromstring(data)
    text = "".join(root.itertext())
    for words in (
        "A typescript",
        "A mini edition of two chapters",
        "Term",
        "Gloss",
        "Note",
        "Editors",
        "Markup by the editors of this edition.",
    ):
        assert f"{words} {HOSTILE}" in text, words
    assert f"why {MARK}" in text
    assert f"{HOSTILE} last" in text
    assert "<script>alert(2)</script>]]>" in [rdg.text for rdg in root.iter("{*}rdg")]


def test_html_escapes_every_field(hostile: Mini) -> None:
    result = hostile.build("html")
    assert result.code == 0, result.output
    pages = list((result.out / "html").rglob("*.html"))
    assert pages
    for path in pages:
        page = path.read_text(encoding="utf-8")
        assert "<script>alert" not in page, path
        assert MARK not in page, path
        comments = etree.fromstring(page.encode(), etree.HTMLParser()).iter(etree.Comment)
        assert [
            c.text for c in comments if "</p>" in (c.text or "") or "alert" in (c.text or "")
        ] == [], path
    shown = (result.out / "html" / "t" / "one.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;]]&gt;" in shown


def test_pdf_takes_every_field_as_text(hostile: Mini) -> None:
    """The title page and the text have the words themselves; nothing was computed or left out."""
    result = hostile.build("pdf")
    assert result.code == 0, result.output
    book = Pdf((result.out / "pdf" / "t.pdf").read_bytes())
    said = "".join(book.tags.text().split())
    for words in (HOSTILE, f"why {MARK}"):
        assert "".join(words.split()) in said, words


def test_epub_takes_every_field_as_text(hostile: Mini) -> None:
    words = HOSTILE.replace("`", "")
    escaped = re.sub(r"([^a-zé0-9\s])", r"\\\1", words)
    hostile.write("more.md", f"---\nepub: true\n---\n# More\n\n{escaped}\n")
    hostile.replace("index.md", "t/two\n", "t/two\nmore\n")
    result = hostile.build("epub")
    assert result.code == 0, result.output
    book = Epub((hostile.out / "epub" / "edition.epub").read_bytes())
    said = {
        path: " ".join("".join(page.itertext()).split()) for path, page in book.documents.items()
    }
    for path, page in book.documents.items():
        assert not list(page.iter(H + "script")), path
        assert b"<!--" not in book.files[f"EPUB/{path}"], path
    for path in (
        "title.xhtml",
        "about.xhtml",
        "texts/t.xhtml",
        "text/t/one.xhtml",
        "index/persons.xhtml",
    ):
        assert HOSTILE in said[path], path
    assert "<script>alert(2)</script>]]> O" in said["apparatus/t/one.xhtml"]
    assert words in said["text/more.xhtml"]
    assert f"A small edition {HOSTILE}" in [e.text for e in book.package.iter("{*}title")]

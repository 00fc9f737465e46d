"""The words of the interface: one catalogue, complete in every language.

An edition is built in a language of the test, in which every message is its own translation between
† and ‡. What a reader then sees of HTML, PDF and EPUB is either so marked or stands in the sources of
the edition; anything else is a word that no translator gets to see.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from babel import Locale
from babel.messages.pofile import write_po
from docutils import nodes
from lxml import etree, html
from sphinx.application import Sphinx
from sphinx.locale import translators

from chromium import PHONE, WIDE, axe
from mini import ROOT, Mini
from pdf import Pdf
from tei_export.i18n import catalogue, formats
from tei_export.model.readings import collapse_space
from tei_export.session import TARGETS
from tei_export.shared.sphinx_run import sphinx_run
from tei_export.source.facts import domain_of
from tei_export.source.nodes import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.html import HtmlElement

    from chromium import Open

sys.path.insert(0, str(ROOT / "tools"))
import messages

#: A language that babel knows and no catalogue of ours speaks.
PSEUDO = "eo"
ABOUT = """---
epub: true
---
# About it

What was done.

```{statistics} kinds
```
```{statistics} certainty
```
```{statistics} readings
```
```{emendation} app-0017-1
Read so by the sense.
```
"""
#: Words that are the same in every language: names of styles and formats, of programs, of authorities.
NAMES = (
    "Chicago",
    "CSL",
    "JSON",
    "MLA",
    "APA",
    "BibTeX",
    "RIS",
    "Esc",
    "Wikidata Q",
    "GND",
    "VIAF",
    "OpenStreetMap",
    "GeoNames",
    "TGN",
    "LC",
)
#: Not read as words: citations in a style or format (made by CSL from the record), content models of the
#: schema, keys, scripts.
UNREAD = (
    "self::script or self::style or self::kbd or self::pre or self::code or self::textarea[@data-report] or "
    "contains(@class, 'Z3988') or (self::small and ancestor::dl[@class='attributes']) or "
    "(self::section and contains(@class, 'style'))"
)
NAMED = ("aria-label", "title", "alt", "placeholder", "summary")
_MARKED = re.compile("†[^†‡]*‡")
_WORDS = re.compile(r"[^\W\d_]{2,}(?:[^\S\n]+[^\W\d_]+)*")


@pytest.fixture
def languages() -> Iterator[None]:
    """What a test builds in another language leaves the process as it was: other tests share it."""
    yield
    speak_english()


def speak_english() -> None:
    translators.clear()
    formats.use(Locale(formats.SOURCE))


@pytest.fixture
def marked(mini: Mini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, languages: None) -> Mini:
    """The mini edition, with a page of its own, in the language of the test."""
    found = messages.template()
    for message in found:
        if message.id:
            message.string = f"†{message.id}‡"
    found.locale = Locale(PSEUDO)
    path = tmp_path / "locale" / PSEUDO / f"{catalogue.PLACE}.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, found)
    monkeypatch.setattr(catalogue.install_catalogue, "__defaults__", (tmp_path / "locale",))
    mini.write("about.md", ABOUT)
    mini.replace("index.md", "t/one\n", "about\nt/one\n")
    return mini


def known(mini: Mini) -> str:
    """All that the sources say, in one string: files, the values of YAML, text with its lines joined."""
    files = [
        p
        for p in (mini.root / "edition").rglob("*")
        if p.suffix in {".md", ".yaml", ".txt", ".csv"}
    ]
    texts = [p.read_text(encoding="utf-8") for p in files]
    values = [
        v
        for p in files
        if p.suffix == ".yaml"
        for v in _values(yaml.safe_load(p.read_text(encoding="utf-8")))
    ]
    odd = etree.parse(ROOT / "schema/edition.odd")
    schema = [
        "".join(e.itertext())
        for e in odd.iter("{*}desc", "{*}gloss", "{*}p", "{*}assert", "{*}report")
    ]
    schema += odd.xpath("//@ident | //@module")
    app = mini.app()
    read = []
    for name in domain_of(app.env).facts:
        for node in app.env.get_doctree(name).findall(nodes.TextElement):
            read += [reading(node, layer) for layer in "ETO"]
    return "\n".join(collapse_space(t) for t in [*texts, *values, *schema, *read, *NAMES])


def _values(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield str(key)
            yield from _values(value)
    elif isinstance(data, list):
        for value in data:
            yield from _values(value)
    else:
        yield str(data)


def unmarked(text: str, sources: str) -> list[str]:
    """The runs of words in ``text`` that are neither a message nor in the sources."""
    before = ""
    while before != text:  # messages that hold messages
        before, text = text, _MARKED.sub("·", text)
    return [
        run
        for run in _WORDS.findall(text)
        if not any(
            said in sources
            for said in (collapse_space(run), run[:1].lower() + collapse_space(run)[1:])
        )
    ]


def visible(page: HtmlElement | etree._Element) -> Iterator[str]:
    """Every stretch of text that a reader sees or hears, and what scripts get to show."""
    for node in page.xpath(f"//*[not(ancestor-or-self::*[{UNREAD}])]"):
        if not isinstance(node.tag, str):
            continue
        yield from (t for t in (node.text, *(child.tail for child in node)) if t)
        yield from (v for name, v in node.attrib.items() if name in NAMED)
        if node.get("id") == "ui-words" or node.get("id") == "ui-goto":
            yield from (v for name, v in node.attrib.items() if name.startswith("data-"))


def test_no_word_of_the_interface_is_outside_the_catalogue(marked: Mini) -> None:
    result = marked.run("build", "html", "pdf", "epub", "--language", PSEUDO)
    assert result.code == 0, result.output
    sources = known(marked)
    faults: list[str] = []
    for path in sorted((marked.out / "html").rglob("*.html")):
        page = html.fromstring(path.read_bytes())
        assert page.get("lang") == PSEUDO, path
        faults += [
            f"{path.name}: {run!r} in {t!r}" for t in visible(page) for run in unmarked(t, sources)
        ]
    with zipfile.ZipFile(marked.out / "epub/edition.epub") as book:
        for name in book.namelist():
            if name.endswith(".xhtml"):
                document = etree.fromstring(book.read(name))
                faults += [
                    f"{name}: {run!r} in {t!r}"
                    for t in visible(document)
                    for run in unmarked(t, sources)
                ]
    book_pdf = Pdf((marked.out / "pdf/t.pdf").read_bytes())
    for tag in book_pdf.tags.walk():
        if not any(child for child in tag.children if not isinstance(child, str)):
            faults += [f"pdf: {run!r} in {tag.text()!r}" for run in unmarked(tag.text(), sources)]
    assert not faults, "\n".join(sorted(set(faults)))


def test_template_has_the_messages_of_the_code() -> None:
    written = messages.TEMPLATE.read_text(encoding="utf-8")
    assert written == messages.text(messages.template()), "the messages have changed: make messages"


@pytest.mark.parametrize("path", messages.catalogues(), ids=lambda p: p.parent.parent.name)
def test_catalogue_is_complete(path: Path) -> None:
    """Every message of the code is translated, with the same fields, and nothing else is there."""
    found = messages.read(path)
    assert list(messages.faults(found)) == []
    assert {m.id for m in found} == {m.id for m in messages.template()}
    assert not found.obsolete


def test_faults_are_found() -> None:
    found = messages.template()
    assert len(list(messages.faults(found))) == len(found)
    found["Page {page}"].string = "Seite {seite}"
    assert any("other fields" in fault for fault in messages.faults(found))


def test_messages_in_strings_are_found() -> None:
    """Babel's own reader does not look into f-strings before Python 3.12."""
    source = b'x = f"{_(\'one\')}"\n# Translators: a number\ny = _("two")\nz = other("three")\n'
    found = messages._in_python(io.BytesIO(source), {"_"}, [], {})
    assert sorted((message, said) for _line, _name, message, said in found) == [
        ("one", []),
        ("two", ["Translators: a number"]),
    ]


def test_there_is_a_second_language() -> None:
    assert catalogue.languages() == ["en", "de"]
    assert catalogue.chosen("de_AT") == "de"


def test_language_without_a_catalogue_is_a_problem(mini: Mini) -> None:
    result = mini.run("build", "tei", "--language", "fr")
    assert result.code == 1
    assert (
        "conf.py:0: [language-unknown] the interface is not translated into this language: 'fr'; there are en, de"
        in result.output
    )
    assert not (mini.out / "tei").exists()


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """The mini edition, which is in English, with a German interface."""
    found = Mini(tmp_path_factory.mktemp("german") / "mini")
    found.write("about.md", ABOUT)
    found.replace("index.md", "t/one\n", "about\nt/one\n")
    result = found.run("build", *TARGETS, "--language", "de")
    assert result.code == 0, result.output
    speak_english()
    return found


def test_german_interface_of_the_pages(german: Mini) -> None:
    page = html.fromstring((german.out / "html/t/one.html").read_bytes())
    assert page.get("lang") == "de"
    assert page.xpath("string(//details[contains(@class, 'contents-menu')]/summary)") == "Inhalt"
    (article,) = page.xpath("//main/article")
    assert article.get("lang") == "en"
    (section,) = article.xpath("section[@id='apparatus']")
    assert section.get("lang") == "de"
    assert {e.get("lang") for e in section.xpath(".//li/b[not(em)]")} == {"en"}
    assert article.xpath("string(.//section[@id='notes-numbered']/h2[@lang='de'])") == "Anmerkungen"
    front = html.fromstring((german.out / "html/index.html").read_bytes())
    assert front.xpath("string(//a[@href='t/one.html'][@lang='en'])") == "I. One"


def test_german_interface_of_the_book(german: Mini) -> None:
    book = Pdf((german.out / "pdf/t.pdf").read_bytes())
    assert str(book.root.Lang) == "en"
    said = book.languages["de"]
    assert "Jede Zahl führt zur Zeile der Erwähnung." in said
    assert "isola" not in said
    assert "Version 1.2.3 (Entwurf)" in book.tags.text()
    assert "31. Januar 2026" in book.tags.text()


def test_german_interface_of_the_ebook(german: Mini) -> None:
    with zipfile.ZipFile(german.out / "epub/edition.epub") as book:
        documents = {
            name: etree.fromstring(book.read(name))
            for name in book.namelist()
            if name.endswith(".xhtml")
        }
        package = etree.fromstring(book.read("EPUB/package.opf"))
    languages = {name.removeprefix("EPUB/"): page.get("lang") for name, page in documents.items()}
    assert (
        languages["nav.xhtml"]
        == languages["apparatus/t/one.xhtml"]
        == languages["index/persons.xhtml"]
        == "de"
    )
    assert languages["text/t/one.xhtml"] == languages["title.xhtml"] == "en"
    assert package.findtext(".//{http://purl.org/dc/elements/1.1/}language") == "en"
    assert "".join(documents["EPUB/nav.xhtml"].find(".//{*}h1").itertext()) == "Inhalt"
    lemmata = documents["EPUB/apparatus/t/one.xhtml"].iterfind(".//{*}b[@class='lemma']/{*}span")
    assert {e.get("lang") for e in lemmata} == {"en"}


def test_language_of_the_interface_changes_no_data(german: Mini, tmp_path: Path) -> None:
    """TEI, tables and DTS are made for programs: they are the same whatever the pages say."""
    english = Mini(tmp_path / "mini")
    for name in ("about.md", "index.md"):
        english.write(name, german.read(name))
    assert english.run("build", "tei", "data", "dts").code == 0
    for target in ("tei", "data", "dts"):
        for path in sorted(p for p in (english.out / target).rglob("*") if p.is_file()):
            there = german.out / path.relative_to(english.out)
            assert there.read_bytes() == path.read_bytes(), path.relative_to(english.out)


def test_a_run_speaks_its_own_language_after_another(tmp_path: Path, languages: None) -> None:
    """The preview, a corpus and these tests run Sphinx several times in one process."""
    labels = []
    for language in ("de", "en"):
        folder = tmp_path / language
        folder.mkdir()
        folder.joinpath("conf.py").write_text(f"language = {language!r}\n", encoding="utf-8")
        with sphinx_run(folder):
            app = Sphinx(folder, folder, folder / "out", folder / "trees", "html", status=None)
        labels.append(str(app.env.domains.standard_domain.labels["genindex"][2]))
    assert labels == ["Stichwortverzeichnis", "Index"]


def test_numbers_and_dates_are_those_of_the_language(languages: None) -> None:
    day = date(2026, 11, 22)
    assert (formats.number(1784), formats.number(1.24, 1), formats.number(-0.1, 2)) == (
        "1,784",
        "1.2",
        "-0.10",
    )
    assert (formats.day(day), formats.month(day)) == ("22 November 2026", "November 2026")
    formats.use(Locale("de"))
    assert (formats.number(1784), formats.number(1.24, 1)) == ("1.784", "1,2")
    assert formats.language() == "de"
    assert formats.foreign("en-GB") == "en-GB"
    assert formats.foreign("de-AT") == ""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "size"), [("t/one", WIDE), ("t/one", PHONE), ("apparatus", PHONE), ("search", WIDE)]
)
def test_axe_finds_nothing_in_german(
    open_in: Callable[[Path], Open], german: Mini, name: str, size: tuple[int, int]
) -> None:
    axe(open_in(german.out / "html")(name, "", size))


@pytest.mark.browser
def test_german_words_fit_into_a_narrow_window(
    open_in: Callable[[Path], Open], german: Mini
) -> None:
    for name in ("t/one", "pages", "apparatus", "search"):
        page = open_in(german.out / "html")(name, "", (320, 640))
        root = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert root[0] <= root[1], name
        for box in page.locator("header.bar :is(a, label, summary):visible").all():
            found = box.bounding_box()
            assert found
            assert found["x"] >= 0
            assert found["x"] + found["width"] <= 320, (name, box.inner_text())

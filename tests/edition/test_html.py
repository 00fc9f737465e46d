"""The web pages: the three texts in them, their links, their safety. Read, not used."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from docutils import nodes

from tei_export.i18n import terms
from tei_export.i18n.formats import sort_key
from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.outputs.html.register_layout import LONG, MANY
from tei_export.shared import labels
from tei_export.shared.apparatus import empty_reading_words
from tei_export.source.facts import domain_of
from tei_export.source.nodes import lb, pb, reading, textnote
from web import blocks, classes, lines, parse, text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from real import Site


VOID = {"meta", "link", "br", "input", "img", "hr", "source"}
#: Elements and their attributes that a browser requests without being asked.
REQUESTS = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src"}


def _part_blocks(built: Site, docname: str) -> list[tuple[nodes.Element, HtmlElement]]:
    tree = built.app.env.get_doctree(docname)
    found = [
        node
        for node in tree.findall(lambda n: isinstance(n, (nodes.title, nodes.paragraph)))
        if any(node.findall(lb))
    ]
    return list(zip(found, blocks(built.page(docname)), strict=True))


# --- Texts ---------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["E", "T"])
def test_every_block_has_the_edited_and_the_typed_text(built: Site, layer: str) -> None:
    compared = 0
    for docname in built.parts():
        for node, element in _part_blocks(built, docname):
            assert text(element, layer) == reading(node, layer), element.get("id")
            compared += 1
    assert compared > 100


def test_every_line_has_the_text_of_the_witness(built: Site) -> None:
    edition = built.edition
    for docname in built.parts():
        witness = edition.part_of(docname)[0].witness
        pieces: dict[int, list[str]] = defaultdict(list)
        for node, element in _part_blocks(built, docname):
            before, *found = lines(element)
            assert before == ""
            for line, begun in zip(found, node.findall(lb), strict=True):
                pieces[begun["witness_line"]].append(line)
        assert collapse_space("".join(pieces.pop(0, []))) == ""
        assert pieces
        for number, parts in pieces.items():
            assert collapse_space(" ".join(parts)) == witness.line(number), (
                f"{docname}, line {number}"
            )


def test_page_numbers_that_the_witness_has_stand_in_its_text(built: Site) -> None:
    for docname in built.parts():
        tree = built.app.env.get_doctree(docname)
        seen = [collapse_space(turn["source"]) for turn in tree.findall(pb) if turn["seen"]]
        page = built.page(docname)
        assert [collapse_space(n.text) for n in page.find_class("fw")] == seen


def test_what_is_not_of_the_edited_text_is_hidden_without_a_style_sheet(built: Site) -> None:
    for docname in built.parts():
        for span in built.page(docname).xpath("//main//span"):
            assert bool(classes(span) & {"t", "to", "o"}) == ("hidden" in span.attrib)


def test_pages_and_lines_are_anchors(built: Site) -> None:
    for docname in built.parts():
        facts = domain_of(built.app.env).facts_for(docname)
        ids = set(built.page(docname).xpath("//@id"))
        assert {f"p{page}" for page in facts.pages} <= ids
        for page, count in facts.lines.items():
            assert {Place(page, n).anchor for n in range(1, count + 1)} <= ids


def test_page_marks_say_whether_the_number_was_seen(built: Site) -> None:
    for docname in built.parts():
        for turn in built.app.env.get_doctree(docname).findall(pb):
            if turn["continued"]:
                continue
            mark = built.page(docname).get_element_by_id(f"p{turn['page']}")
            assert ("attested" if turn["seen"] else "inferred") in classes(mark)
            assert ("inferred" in mark.get("title")) == (not turn["seen"])
            assert mark.text_content() == ""  # drawn, never copied


# --- Notes, apparatus, registers -----------------------------------------------------


def test_notes_and_references_lead_to_each_other(built: Site) -> None:
    for docname in built.parts():
        page = built.page(docname)
        for note in built.app.env.get_doctree(docname).findall(textnote):
            reference = page.get_element_by_id(note["refid"])
            item = page.get_element_by_id(note["ids"][0])
            assert reference.find("a").get("href") == f"#{note['ids'][0]}"
            assert item.xpath(".//a[@role='doc-backlink']/@href") == [f"#{note['refid']}"]
            if note["series"] == "authorial":
                assert reference.text_content() == note["label"]
                anchors = page.xpath(f"//*[@style='anchor-name:--{note['refid']}']")
                assert len(anchors) == 1, "the note's place beside the text"


def test_every_emendation_has_an_entry_that_leads_back(built: Site) -> None:
    for docname in built.parts():
        page = built.page(docname)
        links = Counter(page.xpath("//a[starts-with(@href, '#entry-')]/@href"))
        by_id = {element.get("id"): element for element in page.xpath("//*[@id]")}
        for entry in domain_of(built.app.env).facts_for(docname).emendations:
            item = by_id[f"entry-{entry.xml_id}"]
            assert item.find("a").get("href") == f"#{entry.xml_id}"
            assert entry.xml_id in by_id
            assert links[f"#entry-{entry.xml_id}"] == 1, "also of what is folded away, hidden"
            shown = item.text_content()
            assert terms.singular(entry.type) in shown
            assert entry.cert == "high" or terms.certainty(entry.cert) in shown
            assert entry.why in shown
            for read in entry.readings:
                assert f"{empty_reading_words(entry, read) or read.text} {read.siglum}" in shown


def test_registers_show_what_is_mentioned_and_nothing_else(built: Site) -> None:
    domain = domain_of(built.app.env)
    for name in ("persons", "places", "organisations", "events", "works"):
        expected = Counter(m.key for m in domain.mentions() if m.register == name)
        page = built.page(f"registers/{name}")
        found = {}
        for entry in page.find_class("entry"):
            key = entry.get("id").split("-", 1)[1]
            many = built.out / f"registers/{name}/{key}.html"
            assert many.exists() == (expected[key] > MANY)
            own = parse(many).find_class("entry")[0] if many.exists() else entry
            found[key] = len(own.xpath(".//ol/li//b"))
            if own is not entry:
                counts = entry.xpath(".//ul[@class='counts']//span/text()")
                assert sum(int(n) for n in counts) == expected[key]
        assert found == expected
        entries = built.edition.registers[name].entries
        shown = [entries[key] for key in found]
        heads = [f"{e.text('author')} {e.name}" if name == "works" else e.name for e in shown]
        assert [sort_key(h)[0] for h in heads] == sorted(sort_key(h)[0] for h in heads)


def test_every_citation_stands_with_its_work(built: Site) -> None:
    page = built.page("registers/works")
    for facts in domain_of(built.app.env).facts.values():
        for citation in facts.citations:
            if citation.work:
                shown = page.get_element_by_id(f"bib-{citation.work}").find_class("cited")[0]
                assert citation.cited in shown.text_content()


def test_every_mention_stands_in_its_sentence_with_its_place(built: Site) -> None:
    """What the sentence says is in the text of its chapter; its links lead to lines there."""
    texts = {
        d: " ".join(collapse_space(text(b, "E")) for b in blocks(built.page(d)))
        for d in built.parts()
    }
    lines_of = {d: set(built.page(d).xpath("//@id")) for d in built.parts()}
    seen = 0
    for name, page in built.pages().items():
        for item in page.xpath("//ol[@class='kwic']/li") if name.startswith("registers/") else ():
            links = [urldefrag(urljoin(name, a.get("href"))) for a in item.findall("a")]
            docname = links[0][0].removesuffix(".html")
            assert {fragment for _, fragment in links} <= lines_of[docname]
            shown = collapse_space(item.findall("span")[-1].text_content()).strip("… ")
            assert shown in texts[docname], f"{name}: {shown}"
            assert len(shown) < 3 * LONG
            seen += 1
    assert seen > 1500


def test_bibliography_registers_and_notes_lead_to_each_other(built: Site) -> None:
    domain = domain_of(built.app.env)
    register = built.page("registers/works")
    entries = {
        key: (doc, place) for doc, f in domain.facts.items() for key, place in f.entries.items()
    }
    assert len(entries) > 60
    mentions = [m for m in domain.mentions() if m.register == "works"]
    for doc, block in (
        (d, b)
        for d in {doc for doc, _ in entries.values()}
        for b in built.page(d).find_class("bibentry")
    ):
        links = {
            urldefrag(urljoin(f"{doc}.html", a.get("href"))) for a in block.findall(".//a[@href]")
        }
        lines_here = set(block.xpath(".//@id"))
        key = next(k for k, (d, place) in entries.items() if d == doc and f"p{place}" in lines_here)
        # the entry leads to the register and to every place that cites the work …
        assert any(
            target == f"registers/works/{key}.html" or f == f"bib-{key}" for target, f in links
        ), key
        cited = {
            (f"{m.docname}.html", Place(m.page, m.line).anchor)
            for m in mentions
            if m.key == key and m.docname != doc and m.docname.startswith("thesis/")
        }
        assert cited <= links, key
        # … and the register to the entry
        back = register.get_element_by_id(f"bib-{key}").xpath(".//dl//a/@href")
        assert f"../{doc}.html#p{entries[key][1]}" in back
    for doc, facts in domain.facts.items():
        for citation in facts.citations:  # a note leads to the register
            notes = built.page(doc).xpath("//section[@id='notes-numbered']/ol/li")
            note = next(n for n in notes if n.get("id").endswith(f"-{int(citation.note):03d}"))
            # to the page of the entry, if it has one, or to its place in the register
            pages = {f"works/{citation.work}.html", f"works.html#bib-{citation.work}"}
            assert {f"../registers/{page}" for page in pages} & set(note.xpath(".//a/@href")), (
                citation
            )


def test_evidence_of_identifiers_is_shown_in_words(built: Site) -> None:
    registers = built.edition.registers
    shown = 0
    for name in ("persons", "places", "organisations", "events", "works"):
        for section in built.page(f"registers/{name}").find_class("entry"):
            entry = registers[name].entries[section.get("id").split("-", 1)[1]]
            given = entry.data.get("evidence") or []
            told = [n for node in section.find_class("after") for n in node.findall("dd/span")]
            assert len(told) == len(given)
            for node, line in zip(told, given, strict=True):
                assert node.text == line or (
                    node.get("title") == line and line.split("/")[-1].split(" ")[-1] in node.text
                )
                assert "index id" not in node.text
                shown += 1
    assert shown > 80


def test_index_of_names_has_every_entry_with_its_count(built: Site) -> None:
    expected = Counter((m.register, m.key) for m in domain_of(built.app.env).mentions())
    items = built.page("registers/index").xpath("//main//section//li")
    assert len(items) == len(expected)
    assert sum(int(item.find_class("n")[0].text) for item in items) == sum(expected.values())


# --- Links, requests, markup ---------------------------------------------------------


def test_all_links_and_fragments_resolve(built: Site) -> None:
    pages = built.pages()
    ids = {name: set(page.xpath("//@id")) for name, page in pages.items()}
    for name, page in pages.items():
        for address in page.xpath("//a/@href | //link/@href | //script/@src"):
            if urlsplit(address).scheme:
                continue
            target, fragment = urldefrag(urljoin(name, re.sub(r"\?[^#]*", "", address)))
            if target in ids:
                assert not fragment or unquote(fragment) in ids[target], f"{name}: {address}"
            else:
                assert (built.out / unquote(target)).is_file(), f"{name}: {address}"


def test_nothing_is_requested_from_elsewhere(built: Site) -> None:
    for name, page in built.pages().items():
        for tag, attribute in REQUESTS.items():
            for address in page.xpath(f"//{tag}/@{attribute}"):
                assert not re.match(r"(\w+:)?//", address), f"{name}: {address}"
    for path in built.out.rglob("*.css"):
        assert not re.search(
            r"@import|url\(\s*[\"']?(\w+:)?//", path.read_text(encoding="utf-8")
        ), path


def test_outgoing_links_are_those_of_authorities_and_licences(built: Site) -> None:
    for name, page in built.pages().items():
        for link in page.xpath("//main//a[contains(@href, '://')]"):
            if name.startswith("registers/"):
                assert "external" in link.get("rel"), f"{name}: {link.get('href')}"


class _Structure(HTMLParser):
    """Nesting as written: a parser that repairs would hide a link in a link."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.problems: list[str] = []
        self.ids: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and "a" in self.open:
            self.problems.append(f"a in a: {attrs}")
        if tag in {"p", "ul", "ol", "div", "section"} and "p" in self.open:
            self.problems.append(f"{tag} in p: {attrs}")
        self.ids.update(value for name, value in attrs if name == "id" and value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> at {self.getpos()}")


def test_markup_nests_and_ids_are_unique(built: Site) -> None:
    for name in built.pages():
        parser = _Structure()
        parser.feed((built.out / name).read_text(encoding="utf-8"))
        assert parser.problems == [], name
        assert parser.open == [], name
        assert [i for i, n in parser.ids.items() if n > 1] == [], name


def test_pages_are_light(built: Site) -> None:
    for docname in built.parts():
        assert (built.out / f"{docname}.html").stat().st_size < 300_000, docname
    for name in built.pages():
        assert (built.out / name).stat().st_size < 300_000, name
        scripts = built.pages()[name].xpath("//script/@src")
        sizes = [
            (built.out / urljoin(name, src)).stat().st_size
            for src in scripts
            if "search" not in name
        ]
        assert sum(sizes) < 40_960, name


def test_every_page_has_language_title_and_landmarks(built: Site) -> None:
    for name, page in built.pages().items():
        assert page.get("lang") == "en", name
        assert page.findtext(".//title"), name
        assert len(page.xpath("//main")) == 1, name
        assert len(page.xpath("//h1")) == 1, name
        assert page.xpath("//a[@class='skip']/@href") == ["#content"], name


def test_chapter_heads_say_pages_reading_and_length(built: Site) -> None:
    for docname in built.parts():
        found = built.edition.part_of(docname)
        facts = domain_of(built.app.env).facts_for(docname)
        shown = [li.text for li in built.page(docname).find_class("facts")[0]]
        expected = {labels.pages(facts.pages), labels.reading_state(found[0], facts.pages)}
        assert expected - {""} <= set(shown)
        assert any("words" in item for item in shown)

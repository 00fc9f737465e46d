"""The pieces of which the PDF is made: literals, running text, the call of the compiler."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import typst
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st

from pdf import Pdf
from tei_export.i18n.formats import letter, spans
from tei_export.model.problems import EditionError
from tei_export.model.readings import collapse_space
from tei_export.outputs.pdf.builder import Attachment, compile_pdf
from tei_export.outputs.pdf.notes import PdfNoteWriter
from tei_export.shared.typst_literals import call, string, value
from tei_export.source.nodes import lb, mark, reading

WHEN = datetime(2026, 1, 31, tzinfo=UTC)

anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(st.lists(anything, max_size=8))
@settings(max_examples=60)
def test_any_text_survives_as_a_literal(texts: list[str]) -> None:
    found = typst.eval(b"", value({"texts": texts}), format="json")
    assert json.loads(found) == {"texts": texts}


def test_values() -> None:
    assert value([]) == "()"
    assert value({}) == "(:)"
    assert value(["a", 1, None, True]) == '("a", 1, none, true, )'
    assert call("f", "x", nested_name="y") == 'f("x", nested-name: "y")'
    assert string('a"\\\n') == '"a\\"\\\\\\u{a}"'
    with pytest.raises(TypeError):
        value(object())


KINDS = ("person", "work", "cited", "insertion", "ru", "supplied", "sic", "ocr", "unclear")
pieces = st.text(st.sampled_from('ab #"[]\\ \n'), max_size=6)
trees = st.recursive(
    pieces,
    lambda inner: st.tuples(st.sampled_from(KINDS), st.lists(inner, max_size=3)),
    max_leaves=12,
)


def _tree(data: Any, number: list[int]) -> nodes.Node:
    if isinstance(data, str):
        return nodes.Text(data)
    kind, children = data
    number[0] += 1
    node = mark(
        "",
        *(_tree(child, number) for child in children),
        kind=kind,
        source="x",
        cert="medium",
        resp="ed",
        why="",
        place="1.1",
        xml_id=f"app-{number[0]}",
        lang="ru",
        named=True,
    )
    return node


@given(st.lists(trees, max_size=5), st.integers(0, 5))
def test_any_nesting_keeps_the_text(data: list[Any], turn: int) -> None:
    paragraph = nodes.paragraph("", *(_tree(item, [n * 100]) for n, item in enumerate(data)))
    paragraph.insert(
        min(turn, len(data)),
        lb("", join=" ", srcline=1, line=2, page="1", piece=False, word_break=""),
    )
    writer = PdfNoteWriter()
    writer.run(paragraph.children)
    writer.end_line()
    code = re.sub(r"#(at|doubt|russian|supplied|ln)\([^)]*\)", "", writer.source)
    said = "".join(json.loads(s) for s in re.findall(r'#("(?:[^"\\]|\\.)*")', code))
    assert collapse_space(said) == collapse_space(reading(paragraph))
    assert "  " not in said.replace("\u00a0", " ")
    assert code.count("[") - said.count("[") == code.count("]") - said.count("]")


def test_attachments_are_sources_byte_for_byte() -> None:
    item = Attachment("t.xml", lambda: b"<TEI>\xc3\xa9</TEI>\n", "application/xml", "The TEI")
    source = (
        '#set document(title: "t", date: auto)\n= A\n'
        '#pdf.attach("t.xml", relationship: "source", mime-type: "application/xml", description: "The TEI")\n'
    )
    found = Pdf(compile_pdf(source, WHEN, [item]))
    specification = found.root.AF[0]
    assert str(specification.AFRelationship) == "/Source"
    assert specification.EF.F.read_bytes() == item.read()


def test_warnings_and_errors_of_the_compiler_are_problems() -> None:
    start = '#set document(title: "t", date: auto)\n= A\n'
    for wrong in (
        '#text(font: "Nowhere")[x]',
        "#panic()",
        '#image("none.png")',
        "#link(<nowhere>)[x]",
    ):
        with pytest.raises(EditionError) as caught:
            compile_pdf(start + wrong, WHEN, (), lambda line, column: ("t/one.md", line))
        assert caught.value.problems[0].code == "pdf-warning"
        assert caught.value.problems[0].file == "t/one.md"
        assert caught.value.problems[0].line == 3


LINKS = """\
#import "edition.typ": *
#import "matter.typ": *
#set document(title: "t", date: auto)
= A
#at("x")There.
#pagebreak()
= B <y>
#name("x")[to x], #name("y")[to y], #name("z")[nowhere].
#places()
"""


def test_links_lead_to_their_places_and_those_of_other_elements_too() -> None:
    """A place that only Typst knows is left to Typst; one that is nowhere is no link."""
    right = SimpleNamespace(name="n", statement="s", uri="http://example.org/")
    meta: Any = SimpleNamespace(
        right=lambda _what: right, publisher="p", repository_url="", identifier="", base_url=""
    )
    found = Pdf(compile_pdf(LINKS, WHEN, meta=meta))
    pages = [page.obj.objgen for page in found.file.pages]
    links = list(found.file.pages[1].Annots)
    assert [str(link.Contents) for link in links] == ["page 1", "Section, page 2"]
    assert not any("/A" in link for link in links)
    page, kind, left, top, _zoom = links[0].Dest
    assert (page.objgen, str(kind)) == (pages[0], "/XYZ")
    assert float(left) > 0
    assert float(top) > 0
    assert found.file.pages[0].get("/Annots") is None


def test_small_words() -> None:
    assert [letter(n) for n in ("1", "26", "27", "x", "0")] == ["a", "z", "aa", "x", "0"]
    assert spans(["vii", "viii", "1", "2", "3"]) == "vii–viii, 1–3"

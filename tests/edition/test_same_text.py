"""The same text in every output, block by block: body, the author's notes, the editors' notes.

What is read from doctree, HTML, TEI, EPUB and PDF, and how, is in ``same.py``, from ODT and DOCX in ``office.py``. Layer E in all,
layer T where it is. Of the PDF it is the tagged text, in reading order; what poppler finds on its
pages is counted in ``test_pdf_whole.py``.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from docutils import nodes
from lxml import html

import epub
import pdf
import same
import tei_text
from office import of_docx, of_odt
from same import Blocks
from tei_export.outputs.office.builder import OfficeBuilder
from tei_export.source.nodes import reading, textnote, textnotes

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree
    from sphinx.application import Sphinx

    from epub import Epub
    from mini import Mini
    from pdf import Pdf
    from real import Site

BLOCKS = ("p", "cit", "list", "bibl")
#: Form and layer.
FORMS = [
    ("html", "E"),
    ("html", "T"),
    ("tei", "E"),
    ("tei", "T"),
    ("epub", "E"),
    ("pdf", "E"),
    ("odt", "E"),
    ("docx", "E"),
]


@dataclass(frozen=True, slots=True)
class Outputs:
    """The outputs of the real edition."""

    app: Sphinx
    site: Site
    teis: dict[str, bytes]
    book: Epub
    pdfs: dict[str, Pdf]
    office: dict[str, bytes]
    #: What was read from a file of this content before, and from the doctrees.
    known: dict[tuple[str, str, str], Blocks] = field(default_factory=dict)

    def docs(self, text: str) -> list[str]:
        return [part.doc for part in self.app.edition.texts[text].parts]  # type: ignore[attr-defined]

    def right(self, text: str, layer: str) -> Blocks:
        return self._once(
            ("doctree", layer, text),
            lambda: _all(
                same.of_doctree(self.app.env.get_doctree(doc), layer) for doc in self.docs(text)
            ),
        )

    def _once(self, key: tuple[str, str, str], read: Callable[[], Blocks]) -> Blocks:
        if key not in self.known:
            self.known[key] = read()
        return self.known[key]

    def blocks(
        self, form: str, text: str, layer: str, change: Callable[[str], str] = str
    ) -> Blocks:
        """``change`` is done to the files of text (not the PDF) before they are read."""
        if form == "html":
            pages = [
                change((self.site.out / f"{doc}.html").read_text(encoding="utf-8"))
                for doc in self.docs(text)
            ]
            return _all(
                self._once(
                    (form, layer, page),
                    partial(lambda page: same.of_html(html.document_fromstring(page), layer), page),
                )
                for page in pages
            )
        if form == "tei":
            return same.of_tei(tei_text.parse(change(self.teis[text].decode()).encode()), layer)
        if form == "epub":
            files = [
                change(self.book.files[f"{epub.ROOT}text/{doc}.xhtml"].decode())
                for doc in self.docs(text)
            ]
            return _all(
                self._once(
                    (form, layer, file),
                    partial(lambda file: same.of_epub(epub.parse(file.encode())), file),
                )
                for file in files
            )
        if form in {"odt", "docx"}:
            read = of_odt if form == "odt" else of_docx
            return read(self.office[f"{text}.{form}"])
        return same.of_pdf(self.pdfs[text], self.right(text, layer).body[0])


def _all(parts: Any) -> Blocks:
    found = Blocks()
    for part in parts:
        found.add(part)
    return found


@pytest.fixture(scope="module")
def outputs(
    edition_app: Sphinx,
    built: Site,
    edition_teis: dict[str, bytes],
    edition_epub: Epub,
    edition_book: Pdf,
    edition_essay_book: Pdf,
) -> Outputs:
    return Outputs(
        edition_app,
        built,
        edition_teis,
        edition_epub,
        {"thesis": edition_book, "essay": edition_essay_book},
        dict(OfficeBuilder(edition_app, edition_app.env).files(edition_app.edition)),  # type: ignore[attr-defined]
    )


def test_there_is_something_to_compare(outputs: Outputs) -> None:
    for text, body, notes, editorial in (("thesis", 450, 120, 1), ("essay", 50, 0, 0)):
        right = outputs.right(text, "E")
        assert len(right.body) > body
        assert len(right.authorial) >= notes
        assert len(right.editorial) >= editorial
    assert outputs.right("thesis", "E") != outputs.right("thesis", "T")


@pytest.mark.parametrize(("form", "layer"), FORMS)
def test_every_block_and_note_is_the_same_in_the_same_order(
    outputs: Outputs, form: str, layer: str
) -> None:
    for text in ("thesis", "essay"):
        right, found = outputs.right(text, layer), outputs.blocks(form, text, layer)
        assert found.body == right.body
        assert found.authorial == right.authorial
        assert found.editorial == right.editorial


# --- The comparison can fail ----------------------------------------------------------------------

#: Words of one place each, without line end or markup in any form: a body's, a note's, an editors' note's.
PLACES = {
    "body": ("coarseness of his psychological", "coarseness of his psychologica1"),
    "authorial": ("Inc., 1970), pp. ", "Inc., 197O), pp. "),
    "editorial": ("died on 12 March 1925", "died on 12 March 1926"),
}


def wrong(right: Blocks, found: Blocks) -> list[str]:
    """The series with a difference."""
    return [name for name in PLACES if getattr(right, name) != getattr(found, name)]


@pytest.mark.parametrize("series", PLACES)
@pytest.mark.parametrize("form", ["html", "tei", "epub"])
def test_a_letter_changed_in_a_file_is_found(outputs: Outputs, form: str, series: str) -> None:
    old, new = PLACES[series]
    changed: list[int] = []

    def change(file: str) -> str:
        changed.append(file.count(old))
        return file.replace(old, new, 1)

    assert wrong(outputs.right("thesis", "E"), outputs.blocks(form, "thesis", "E", change)) == [
        series
    ]
    assert sum(changed) >= 1


def _once(old: str, new: str, file: str) -> str:
    return file.replace(old, new, 1)


@pytest.mark.parametrize("form", ["html", "tei", "epub"])
def test_a_word_lost_and_a_space_too_many_are_found(outputs: Outputs, form: str) -> None:
    right = outputs.right("thesis", "E")
    for old, new in (
        ("of his psychological", "of psychological"),
        ("his psychological", "his psy chological"),
    ):
        found = outputs.blocks(form, "thesis", "E", partial(_once, old, new))
        assert wrong(right, found) == ["body"]


@pytest.mark.parametrize(
    ("old", "new"), [("political", "politicel"), ("\u00ad", "-"), ("a", ""), (" ", "")]
)
def test_a_letter_changed_in_the_pdf_is_found(outputs: Outputs, old: str, new: str) -> None:
    """Also a soft hyphen that became a hyphen, a letter and a space that are lost."""
    # the essay is shorter, and may have no divided word; the editors' preface of the thesis has some
    text, first = ("thesis", 20) if old == "\u00ad" else ("essay", 6)
    right = outputs.right(text, "E")
    changed = changed_pdf(outputs.pdfs[text], old, new, first)
    assert wrong(right, same.of_pdf(changed, right.body[0])) == ["body"]


def test_a_letter_changed_in_a_note_of_the_pdf_is_found(mini: Mini) -> None:
    result = mini.build("pdf")
    assert result.code == 0, result.output
    app = mini.app()
    right = _all(same.of_doctree(app.env.get_doctree(doc), "E") for doc in ("t/one", "t/two"))
    book = pdf.Pdf((mini.out / "pdf" / "t.pdf").read_bytes())
    assert wrong(right, same.of_pdf(book, right.body[0])) == []
    changed = changed_pdf(book, "Oxford", "0xford")
    assert wrong(right, same.of_pdf(changed, right.body[0])) == ["authorial"]


def changed_pdf(book: Pdf, old: str, new: str, first: int = 6) -> Pdf:
    """The book with the first ``old`` from page ``first`` on, where the text begins, printed as ``new``."""
    with pikepdf.open(io.BytesIO(book.data)) as file:
        for page in file.pages[first:]:
            steps: list[Any] = [
                [list(step.operands), step.operator] for step in pikepdf.parse_content_stream(page)
            ]
            if _change(page, steps, old, new):
                page.Contents = file.make_stream(pikepdf.unparse_content_stream(steps))
                out = io.BytesIO()
                file.save(out)
                return pdf.Pdf(out.getvalue())
    raise AssertionError(f"no {old!r} in the book")


def _change(page: pikepdf.Page, steps: list[list[Any]], old: str, new: str) -> bool:
    """Change the first ``old`` of a page, in letters or as ActualText, outside of artifacts."""
    codes: dict[int, str] = {}
    marked: list[Any] = []
    for step in steps:
        operands, name = step[0], str(step[1])
        if name in {"BDC", "BMC"}:
            marked.append(operands[1] if len(operands) > 1 else {})
            if str(marked[-1].get("/ActualText", "")) == old:
                marked[-1].ActualText = pikepdf.String(new)
                return True
        elif name == "EMC":
            marked.pop()
        elif name == "Tf":
            codes = pdf._to_unicode(page.resources.Font[str(operands[0])])
        elif name in {"Tj", "TJ"} and any("/MCID" in entry for entry in marked):
            shown = b"".join(
                bytes(s)
                for s in (operands[0] if name == "TJ" else operands)
                if isinstance(s, pikepdf.String)
            )
            text, letters = (
                pdf._decoded(shown, codes),
                {letter: code for code, letter in codes.items()},
            )
            if old in text and set(new) <= letters.keys():
                text = text.replace(old, new, 1)
                step[0] = [pikepdf.String(b"".join(letters[letter].to_bytes(2) for letter in text))]
                step[1] = pikepdf.Operator("Tj")
                return True
    return False


# --- Ids, and nothing outside ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text as doctree and as TEI ``div``."""

    doctree: nodes.document
    div: etree._Element
    elements: dict[str, etree._Element]

    def blocks(self) -> list[nodes.Element]:
        """The numbered blocks, those of sections inside the part too, in order."""
        return [
            node
            for node in self.doctree.findall(nodes.Element)
            if node.get("xml_id") and node.get("n") and isinstance(node.parent, nodes.section)
        ]


@pytest.fixture(scope="module")
def parts(edition_app: Sphinx, edition_teis: dict[str, bytes]) -> list[Part]:
    found = []
    for text in edition_app.edition.texts.values():  # type: ignore[attr-defined]
        elements = tei_text.by_id(tei_text.parse(edition_teis[text.id]))
        found += [
            Part(edition_app.env.get_doctree(p.doc), elements[p.id], elements) for p in text.parts
        ]
    return found


@pytest.mark.parametrize("layer", ["E", "T"])
def test_blocks_and_notes_have_their_ids(parts: list[Part], layer: str) -> None:
    for part in parts:
        for node in part.blocks():
            key = str(node["xml_id"])
            element = part.elements[f"{key}-orig" if node.get("translated") else key]
            found, wanted = tei_text.reading(element, layer), reading(node, layer)
            assert "".join(found.split()) == "".join(wanted.split()), key
        in_tei = [
            node.get(tei_text.ID)
            for node in part.div.iter(*(tei_text.TEI + name for name in BLOCKS))
            if node.get("n") and node.get(tei_text.ID)
        ]
        assert in_tei == [node["xml_id"] for node in part.blocks() if not node.get("translates")]
        notes = [
            n.get(tei_text.ID)
            for n in part.div.iter(f"{tei_text.TEI}note")
            if n.get("type") == "authorial"
        ]
        assert notes == [
            n["ids"][0] for n in part.doctree.findall(textnote) if n["series"] == "authorial"
        ]


@pytest.mark.parametrize("layer", ["E", "T"])
def test_no_text_stands_outside(parts: list[Part], layer: str) -> None:
    """Head by head and block by block, that is all there is; white space apart."""
    for part in parts:
        section = next(part.doctree.findall(nodes.section))
        whole = "".join(reading(c, layer) for c in section.children if not isinstance(c, textnotes))
        assert "".join(tei_text.reading(part.div, layer).split()) == "".join(whole.split())

"""Write the OpenDocument format, version 1.3 (OASIS)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from tei_export.model.languages import direction
from tei_export.outputs.office.content import (
    Bookmark,
    Note,
    Paragraph,
    Picture,
    Run,
    Table,
    numbered,
)
from tei_export.shared.archive import packed
from tei_export.shared.elements import EMPTY, element, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tei_export.outputs.office.content import Block, Content

MIMETYPE = "application/vnd.oasis.opendocument.text"
_PICTURES = "Pictures/"
_DECLARATION = Markup('<?xml version="1.0" encoding="UTF-8"?>\n')
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_NAMESPACES = {
    **{
        f"xmlns:{name}": f"{_OASIS}:{name}:1.0"
        for name in ("office", "style", "text", "table", "meta")
    },
    "xmlns:draw": f"{_OASIS}:drawing:1.0",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
    "xmlns:fo": f"{_OASIS}:xsl-fo-compatible:1.0",
    "xmlns:svg": f"{_OASIS}:svg-compatible:1.0",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "office:version": "1.3",
}
#: style of a paragraph → its name
_STYLES = {
    "title": "Title", "subtitle": "Subtitle", "body": "Text_20_body", "quotation": "Quotations", "item": "List",
    "line": "Verse", "cell": "Table_20_Contents", "note": "Footnote",
}  # fmt: skip
#: face of a run → its properties
_FACES = {
    "emphasis": {"fo:font-style": "italic"},
    "strong": {"fo:font-weight": "bold"},
    "superscript": {"style:text-position": "super 58%"},
    "subscript": {"style:text-position": "sub 58%"},
    "code": {"style:font-name": "Courier New"},
    "page": {"fo:color": "#8a3324", "fo:font-size": "9pt"},
}


def odt(
    blocks: Sequence[Block],
    about: Mapping[str, str],
    day: str,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return the file.

    :param about: ``title``, ``creator``, ``description``, ``language``
    :param day: the date of the edition, ``2026-11-22``
    :param pictures: those of the blocks, by their paths
    """
    names = numbered(pictures or ())
    writer = _Writer(names)
    body = join(writer.block(block) for block in blocks)
    text = element("office:body", element("office:text", body))
    automatic = element("office:automatic-styles", *writer.styles())
    files = {
        "META-INF/manifest.xml": _manifest(names.values()),
        "content.xml": element("office:document-content", automatic, text, **_NAMESPACES),
        "meta.xml": element("office:document-meta", _meta(about, day), **_NAMESPACES),
        "styles.xml": element("office:document-styles", *_styles(about["language"]), **_NAMESPACES),
    }
    data = {name: (_DECLARATION + content).encode() for name, content in files.items()}
    data |= {f"{_PICTURES}{names[path]}": one for path, one in (pictures or {}).items()}
    return packed(data, day, MIMETYPE)


class _Writer:
    """Writes blocks; collects the automatic styles of their runs and paragraphs."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        self._pictures = pictures
        self._frames = 0
        self._runs: dict[tuple[frozenset[str], str], str] = {}
        self._paragraphs: dict[tuple[str, int, str], str] = {}
        self._notes = self._tables = 0

    def styles(self) -> Iterable[Markup]:
        """Yield the automatic styles, after everything is written."""
        for (faces, lang), name in self._runs.items():
            given: dict[str, object] = {}
            for face in sorted(faces):
                given |= _FACES[face]
            properties = element("style:text-properties", **given, **_language(lang))
            yield element("style:style", properties, **{"style:name": name, "style:family": "text"})
        for (base, level, lang), name in self._paragraphs.items():
            own = {"fo:margin-left": f"{0.6 * (level + 1):.1f}cm"} if level else {}
            if lang and direction(lang) == "rtl":
                own |= {"style:writing-mode": "rl-tb", "fo:text-align": "start"}
            given = {
                "style:name": name,
                "style:family": "paragraph",
                "style:parent-style-name": base,
            }
            yield element(
                "style:style",
                element("style:paragraph-properties", **own),
                element("style:text-properties", **_language(lang)),
                **given,
            )

    def block(self, block: Block) -> Markup:
        if isinstance(block, Picture):
            return self._picture(block)
        return self._table(block) if isinstance(block, Table) else self._paragraph(block)

    def _picture(self, block: Picture) -> Markup:
        """Write a picture in a paragraph of its own, with its description."""
        self._frames += 1
        width, height = block.centimetres
        address = {
            "xlink:href": f"{_PICTURES}{self._pictures[block.path]}",
            "xlink:type": "simple",
            "xlink:show": "embed",
            "xlink:actuate": "onLoad",
        }
        given = {
            "draw:name": f"Picture{self._frames}",
            "text:anchor-type": "as-char",
            "svg:width": f"{width:.2f}cm",
            "svg:height": f"{height:.2f}cm",
        }
        said = element("svg:desc", block.alt) if block.alt else EMPTY
        frame = element("draw:frame", element("draw:image", **address), said, **given)
        return element("text:p", frame, **{"text:style-name": "Figure"})

    def _paragraph(self, block: Paragraph) -> Markup:
        content = join(self._content(c) for c in block.content)
        if block.style == "heading":
            level = min(block.level, 6)
            given = {"text:style-name": f"Heading_20_{level}", "text:outline-level": level}
            return element("text:h", content, **given)
        base = _STYLES[block.style]
        level = block.level if block.style in {"item", "line"} else 0
        name = base
        if level or block.lang:
            name = self._paragraphs.setdefault(
                (base, level, block.lang), f"P{len(self._paragraphs) + 1}"
            )
        return element("text:p", content, **{"text:style-name": name})

    def _content(self, content: Content) -> Markup:
        if isinstance(content, Bookmark):
            return element("text:bookmark", **{"text:name": content.name})
        if isinstance(content, Note):
            return self._note(content)
        written = _spaced(content.text)
        if not content.faces and not content.lang:
            return written
        key = (content.faces, content.lang)
        name = self._runs.setdefault(key, f"T{len(self._runs) + 1}")
        return element("text:span", written, **{"text:style-name": name})

    def _note(self, note: Note) -> Markup:
        self._notes += 1
        given = {"text:id": f"ftn{self._notes}", "text:note-class": "footnote"}
        citation = element("text:note-citation", note.label, **{"text:label": note.label})
        space = Run("  ")  # a single one would be dropped at the beginning of a paragraph
        first, *rest = note.body
        body = [Paragraph("note", (space, *first.content), 0, first.lang)]
        body += [Paragraph("note", p.content, 0, p.lang) for p in rest]
        written = element("text:note-body", *(self._paragraph(p) for p in body))
        return element("text:note", citation, written, **given)

    def _table(self, table: Table) -> Markup:
        self._tables += 1
        columns = max((len(row) for row in table.rows), default=0)
        rows = [_row(self._cells(row)) for row in table.rows]
        head = element("table:table-header-rows", *rows[: table.heads]) if table.heads else EMPTY
        given = {"table:name": f"Table{self._tables}"}
        repeated = element("table:table-column", **{"table:number-columns-repeated": columns})
        return element("table:table", repeated, head, *rows[table.heads :], **given)

    def _cells(self, row: Iterable[Sequence[Paragraph]]) -> Iterable[Markup]:
        for cell in row:
            content = (self._paragraph(p) for p in cell or (Paragraph("cell", ()),))
            yield element("table:table-cell", *content, **{"office:value-type": "string"})


def _row(cells: Iterable[Markup]) -> Markup:
    return element("table:table-row", *cells)


def _spaced(words: str) -> Markup:
    """Return words with elements for tabs and runs of spaces, which OpenDocument would collapse."""
    pieces: list[object] = []
    for number, piece in enumerate(words.split("\t")):
        pieces += [element("text:tab")] if number else []
        for place, part in enumerate(piece.split("  ")):
            pieces += [" ", element("text:s"), part] if place else [part]
    return join(pieces)


def _language(tag: str) -> dict[str, object]:
    """Return the attributes of the language: OpenDocument separates language and country."""
    if not tag:
        return {}
    language, *rest = tag.split("-")
    country = next((part for part in rest if len(part) == 2 and part.isupper()), "none")
    kind = "-complex" if direction(tag) == "rtl" else ""
    prefix = "style" if kind else "fo"
    return {f"{prefix}:language{kind}": language, f"{prefix}:country{kind}": country}


def _styles(lang: str) -> Iterable[Markup]:
    """Yield fonts, styles, notes and the page."""
    faces = ("Times New Roman", "Courier New")
    yield element(
        "office:font-face-decls",
        *(
            element("style:font-face", **{"style:name": name, "svg:font-family": f"'{name}'"})
            for name in faces
        ),
    )
    font = {"style:font-name": faces[0], "fo:font-size": "12pt", **_language(lang)}
    default = element(
        "style:default-style",
        element("style:paragraph-properties", **{"fo:line-height": "125%"}),
        element("style:text-properties", **font),
        **{"style:family": "paragraph"},
    )
    centred = {"fo:text-align": "center"}
    named = [
        _style("Standard", "", {}),
        _style("Text_20_body", "Standard", _margins(0, 0.2)),
        _style("Title", "Standard", {**_margins(4, 0.4), **centred}, {"fo:font-size": "22pt"}),
        _style("Subtitle", "Standard", {**_margins(0, 0.4), **centred}, {"fo:font-size": "14pt"}),
        _style("Quotations", "Standard", {**_margins(0.2, 0.2), "fo:margin-left": "1cm", "fo:margin-right": "1cm"}),
        _style("List", "Standard", {**_margins(0, 0.1), "fo:margin-left": "0.6cm", "fo:text-indent": "-0.6cm"}),
        _style("Verse", "Standard", {"fo:margin-left": "1.6cm", "fo:text-indent": "-0.6cm"}),
        _style("Figure", "Standard", {**_margins(0.2, 0.1), **centred, "fo:keep-with-next": "always"}),
        _style("Table_20_Contents", "Standard", {}),
        _style("Footnote", "Standard", _margins(0, 0.07), {"fo:font-size": "10pt"}),
    ]  # fmt: skip
    for level, size in enumerate((18, 15, 13, 12, 12, 12), 1):
        own: dict[str, object] = {**_margins(0.6, 0.3), "fo:keep-with-next": "always"}
        if level == 1:
            own["fo:break-before"] = "page"
        look = {"fo:font-size": f"{size}pt"}
        named.append(_style(f"Heading_20_{level}", "Standard", own, look, level))
    notes = element(
        "text:notes-configuration",
        **{
            "text:note-class": "footnote",
            "text:default-style-name": "Footnote",
            "style:num-format": "1",
        },
    )
    yield element("office:styles", default, *named, notes)
    sides = {f"fo:margin-{side}": "2.5cm" for side in ("top", "bottom", "left", "right")}
    paper = {"fo:page-width": "21cm", "fo:page-height": "29.7cm"}
    layout = element("style:page-layout-properties", **paper, **sides)
    yield element(
        "office:automatic-styles", element("style:page-layout", layout, **{"style:name": "A4"})
    )
    page = element(
        "style:master-page", **{"style:name": "Standard", "style:page-layout-name": "A4"}
    )
    yield element("office:master-styles", page)


def _style(
    name: str,
    parent: str,
    paragraph: Mapping[str, object],
    run: Mapping[str, object] | None = None,
    level: int = 0,
) -> Markup:
    given = {
        "style:name": name,
        "style:display-name": name.replace("_20_", " "),
        "style:family": "paragraph",
        "style:parent-style-name": parent,
        "style:default-outline-level": level or None,
    }
    return element(
        "style:style",
        element("style:paragraph-properties", **paragraph),
        element("style:text-properties", **(run or {})),
        **given,
    )


def _margins(top: float, bottom: float) -> dict[str, object]:
    return {"fo:margin-top": f"{top}cm", "fo:margin-bottom": f"{bottom}cm"}


def _meta(about: Mapping[str, str], day: str) -> Markup:
    names = {"title": "dc:title", "creator": "dc:creator", "description": "dc:description"}
    return element(
        "office:meta",
        *(element(tag, about[name]) for name, tag in names.items()),
        element("dc:language", about["language"]),
        element("dc:date", f"{day}T00:00:00"),
    )


def _manifest(pictures: Iterable[str] = ()) -> Markup:
    files = {
        "/": MIMETYPE,
        "content.xml": "text/xml",
        "meta.xml": "text/xml",
        "styles.xml": "text/xml",
        **{
            f"{_PICTURES}{name}": "image/png" if name.endswith("png") else "image/jpeg"
            for name in pictures
        },
    }
    return element(
        "manifest:manifest",
        *(
            element(
                "manifest:file-entry", **{"manifest:full-path": path, "manifest:media-type": kind}
            )
            for path, kind in files.items()
        ),
        **{"xmlns:manifest": f"{_OASIS}:manifest:1.0", "manifest:version": "1.3"},
    )

"""Write Word's format: Office Open XML, ECMA-376 part 1 (WordprocessingML)."""

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

_DECLARATION = Markup('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
#: Parts of ``word/`` beside the document: name → what it is.
_PARTS = ("styles", "settings", "footnotes")
#: style of a paragraph → its id in ``styles.xml``; headings have ``Heading1`` to ``Heading6``.
_STYLES = {
    "title": "Title", "subtitle": "Subtitle", "body": "BodyText", "quotation": "Quote", "item": "ListParagraph",
    "line": "Verse", "cell": "TableText", "note": "FootnoteText",
}  # fmt: skip
#: face of a run → its property
_FACES = {
    "emphasis": ("i", {}),
    "strong": ("b", {}),
    "superscript": ("vertAlign", {"val": "superscript"}),
    "subscript": ("vertAlign", {"val": "subscript"}),
    "code": ("rFonts", {"ascii": "Courier New", "hAnsi": "Courier New", "cs": "Courier New"}),
    "page": ("rStyle", {"val": "OriginalPage"}),
}
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_PLACED = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_MEDIA = "media/"
_EMU = 360_000
"""English metric units of a centimetre"""
_INDENT = 360  # twentieths of a point
#: Word keeps numbers 0 and 1 for the lines above the notes.
_FIRST_NOTE = 2


def docx(
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
    lang = about["language"]
    files = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _package_relations(),
        "docProps/core.xml": _properties(about, day),
        "word/_rels/document.xml.rels": _document_relations(names.values()),
        "word/document.xml": _root("document", _w("body", body, _page())),
        "word/footnotes.xml": _root("footnotes", _separators(), *writer.notes),
        "word/settings.xml": _root("settings", _w("defaultTabStop", val=_INDENT)),
        "word/styles.xml": _root("styles", *_styles(lang)),
    }
    data = {name: (_DECLARATION + text).encode() for name, text in files.items()}
    data |= {f"word/{_MEDIA}{names[path]}": one for path, one in (pictures or {}).items()}
    return packed(data, day)


class _Writer:
    """Writes blocks; collects their notes."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        self._names = pictures
        self._pictures = 0
        self.notes: list[Markup] = []
        self._bookmarks = 0

    def block(self, block: Block) -> Markup:
        if isinstance(block, Picture):
            return self._picture(block)
        return self._table(block) if isinstance(block, Table) else self._paragraph(block)

    def _picture(self, block: Picture) -> Markup:
        """Write a picture in a line of its own, with its description (ECMA-376 part 1, 20.4.2.8)."""
        self._pictures += 1
        number = self._pictures
        name = self._names[block.path]
        size = dict(zip(("cx", "cy"), (round(cm * _EMU) for cm in block.centimetres), strict=True))
        frame = {"prst": "rect"}
        drawn = element(
            "pic:pic",
            element(
                "pic:nvPicPr",
                element("pic:cNvPr", id=number, name=name, descr=block.alt),
                element("pic:cNvPicPr"),
            ),
            element(
                "pic:blipFill",
                element("a:blip", **{"r:embed": name.partition(".")[0]}),
                element("a:stretch", element("a:fillRect")),
            ),
            element(
                "pic:spPr",
                element("a:xfrm", element("a:off", x=0, y=0), element("a:ext", **size)),
                element("a:prstGeom", element("a:avLst"), **frame),
            ),
            **{"xmlns:pic": _PICTURE},
        )
        graphic = element(
            "a:graphic", element("a:graphicData", drawn, uri=_PICTURE), **{"xmlns:a": _DRAWING}
        )
        inline = element(
            "wp:inline",
            element("wp:extent", **size),
            element("wp:docPr", id=number, name=name, descr=block.alt),
            graphic,
            distT=0,
            distB=0,
            distL=0,
            distR=0,
            **{"xmlns:wp": _PLACED},
        )
        centred = _w("pPr", _w("keepNext"), _w("jc", val="center"))
        return _w("p", centred, _w("r", _w("drawing", inline)))

    def _paragraph(self, block: Paragraph, before: Markup = EMPTY) -> Markup:
        name = f"Heading{min(block.level, 6)}" if block.style == "heading" else _STYLES[block.style]
        turned = direction(block.lang) == "rtl" if block.lang else False
        indent = _w("ind", start=_INDENT * (block.level + 1), hanging=_INDENT)
        properties = _w(
            "pPr",
            _w("pStyle", val=name),
            _w("bidi") if turned else EMPTY,
            indent if block.style in {"item", "line"} and block.level else EMPTY,
        )
        return _w("p", properties, before, *(self._content(c, block.lang) for c in block.content))

    def _content(self, content: Content, lang: str) -> Markup:
        if isinstance(content, Note):
            return self._note(content)
        if isinstance(content, Bookmark):
            self._bookmarks += 1
            number = self._bookmarks
            return _w("bookmarkStart", id=number, name=content.name) + _w("bookmarkEnd", id=number)
        return _run(content, lang)

    def _note(self, note: Note) -> Markup:
        number = _FIRST_NOTE + len(self.notes)
        self.notes.append(EMPTY)  # reserves its place before the notes inside it
        mark = _w("t", note.label)
        style = _w("rPr", _w("rStyle", val="FootnoteReference"))
        head = _w("r", style, mark) + _w("r", _text(" "))
        first, *rest = (Paragraph("note", p.content, 0, p.lang) for p in note.body)
        content = (self._paragraph(first, head), *(self._paragraph(p) for p in rest))
        self.notes[number - _FIRST_NOTE] = _w("footnote", *content, id=number)
        return _w("r", style, _w("footnoteReference", customMarkFollows=1, id=number), mark)

    def _table(self, table: Table) -> Markup:
        columns = max((len(row) for row in table.rows), default=0)
        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        borders = (_w(side, val="single", sz=4, space=0, color="auto") for side in sides)
        properties = _w("tblPr", _w("tblW", w=0, type="auto"), _w("tblBorders", *borders))
        grid = _w("tblGrid", *(_w("gridCol") for _ in range(columns)))
        rows = (self._row(row, n < table.heads) for n, row in enumerate(table.rows))
        return _w("tbl", properties, grid, *rows) + _w("p")

    def _row(self, row: Iterable[Sequence[Paragraph]], head: bool) -> Markup:
        cells = (
            _w("tc", *(self._paragraph(p) for p in cell or (Paragraph("cell", ()),)))
            for cell in row
        )
        return _w("tr", _w("trPr", _w("tblHeader")) if head else EMPTY, *cells)


def _run(run: Run, lang: str) -> Markup:
    order = ("page", "code", "strong", "emphasis", "superscript", "subscript")
    properties = []
    for face in order:
        if face in run.faces:
            name, given = _FACES[face]
            properties.append(_w(name, **given))
    tag = run.lang or lang
    if tag:
        which = "bidi" if direction(tag) == "rtl" else "val"
        properties += [_w("rtl")] if which == "bidi" else []
        properties.append(_w("lang", **{which: tag}))
    pieces = run.text.split("\t")
    content = [_text(pieces[0])]
    for piece in pieces[1:]:
        content += [_w("tab"), _text(piece)]
    return _w("r", _w("rPr", *properties) if properties else EMPTY, *content)


def _text(words: str) -> Markup:
    return element("w:t", words, **{"xml:space": "preserve"}) if words else EMPTY


def _w(tag: str, /, *content: object, **given: object) -> Markup:
    """Return an element of WordprocessingML, with its attributes in the same namespace."""
    return element(f"w:{tag}", *content, **{f"w:{key}": value for key, value in given.items()})


def _root(name: str, *content: object) -> Markup:
    return element(f"w:{name}", *content, **{"xmlns:w": _MAIN, "xmlns:r": _OFFICE})


def _page() -> Markup:
    """Return the page: A4 with margins of 2.5 cm."""
    margins = dict.fromkeys(("top", "right", "bottom", "left"), 1417)
    return _w(
        "sectPr",
        _w("pgSz", w=11906, h=16838),
        _w("pgMar", **margins, header=708, footer=708, gutter=0),
    )


def _separators() -> Markup:
    kinds = ("separator", "continuationSeparator")
    return join(
        _w("footnote", _w("p", _w("r", _w(kind))), type=kind, id=number)
        for number, kind in enumerate(kinds)
    )


def _styles(lang: str) -> Iterable[Markup]:
    """Yield the defaults and the styles; Word shows those with known names in its own language."""
    serif = "Times New Roman"
    fonts = _w("rFonts", ascii=serif, hAnsi=serif, cs=serif, eastAsia=serif)
    which = {"bidi": lang} if direction(lang) == "rtl" else {"val": lang}
    run = _w("rPr", fonts, _w("sz", val=24), _w("szCs", val=24), _w("lang", **which))
    spacing = _w("pPr", _w("spacing", after=0, line=300, lineRule="auto"))
    yield _w("docDefaults", _w("rPrDefault", run), _w("pPrDefault", spacing))
    yield _style("Normal", "Normal", "", default=True)
    yield _style("BodyText", "Body Text", "Normal", _spaced(0, 120))
    yield _style("Title", "Title", "Normal", _spaced(2400, 240, "center"), _size(44))
    yield _style("Subtitle", "Subtitle", "Normal", _spaced(0, 240, "center"), _size(28))
    for level, size in enumerate((36, 30, 26, 24, 24, 24), 1):
        outline = _w("outlineLvl", val=level - 1)
        before = _w("pageBreakBefore") if level == 1 else EMPTY
        properties = (_w("keepNext"), before, *_spaced(360, 160), outline)
        yield _style(f"Heading{level}", f"heading {level}", "Normal", properties, _size(size))
    quoted = (_w("spacing", before=120, after=120), _w("ind", start=567, end=567))
    yield _style("Quote", "Quote", "Normal", quoted)
    item = (_w("spacing", after=60), _w("ind", start=_INDENT, hanging=_INDENT))
    yield _style("ListParagraph", "List Paragraph", "Normal", item)
    yield _style("Verse", "Verse", "Normal", (_w("ind", start=567 + _INDENT, hanging=_INDENT),))
    yield _style("TableText", "Table Text", "Normal")
    yield _style("FootnoteText", "footnote text", "Normal", _spaced(0, 40), _size(20))
    raised = (_w("vertAlign", val="superscript"),)
    yield _style("FootnoteReference", "footnote reference", "", (), raised, kind="character")
    small = (_w("color", val="8A3324"), _w("sz", val=18), _w("szCs", val=18))
    yield _style("OriginalPage", "Page of the original", "", (), small, kind="character")


def _style(
    key: str,
    name: str,
    based: str,
    paragraph: Sequence[Markup] = (),
    run: Sequence[Markup] = (),
    *,
    kind: str = "paragraph",
    default: bool = False,
) -> Markup:
    return _w(
        "style",
        _w("name", val=name),
        _w("basedOn", val=based) if based else EMPTY,
        _w("qFormat"),
        _w("pPr", *paragraph) if paragraph else EMPTY,
        _w("rPr", *run) if run else EMPTY,
        type=kind,
        styleId=key,
        default="1" if default else None,
    )


def _spaced(before: int, after: int, align: str = "") -> tuple[Markup, ...]:
    spacing = _w("spacing", before=before, after=after)
    return (spacing, _w("jc", val=align)) if align else (spacing,)


def _size(half_points: int) -> tuple[Markup, ...]:
    return (_w("sz", val=half_points), _w("szCs", val=half_points))


def _content_types() -> Markup:
    kinds = {"document": "document.main", **{name: name for name in _PARTS}}
    return element(
        "Types",
        element(
            "Default",
            Extension="rels",
            ContentType="application/vnd.openxmlformats-package.relationships+xml",
        ),
        element("Default", Extension="xml", ContentType="application/xml"),
        *(
            element("Default", Extension=ending, ContentType=kind)
            for ending, kind in (
                ("png", "image/png"),
                ("jpg", "image/jpeg"),
                ("jpeg", "image/jpeg"),
            )
        ),
        *(
            element(
                "Override", PartName=f"/word/{name}.xml", ContentType=f"{_WORD_TYPE}.{kind}+xml"
            )
            for name, kind in kinds.items()
        ),
        element(
            "Override",
            PartName="/docProps/core.xml",
            ContentType="application/vnd.openxmlformats-package.core-properties+xml",
        ),
        xmlns=_TYPES,
    )


def _relations(listed: Iterable[tuple[str, str, str]]) -> Markup:
    """Return the relations to ``listed`` targets, with the type of each, and its name if it needs one."""
    return element(
        "Relationships",
        *(
            element("Relationship", Id=own or f"r{number}", Type=kind, Target=target)
            for number, (target, kind, own) in enumerate(listed, 1)
        ),
        xmlns=_RELATIONS,
    )


def _package_relations() -> Markup:
    core = _CORE.replace("package/2006/metadata", "package/2006/relationships/metadata")
    return _relations(
        [("word/document.xml", f"{_OFFICE}/officeDocument", ""), ("docProps/core.xml", core, "")]
    )


def _document_relations(pictures: Iterable[str] = ()) -> Markup:
    shown = [(f"{_MEDIA}{name}", f"{_OFFICE}/image", name.partition(".")[0]) for name in pictures]
    parts = ((f"{name}.xml", f"{_OFFICE}/{name}", "") for name in _PARTS)
    return _relations([*parts, *shown])


def _properties(about: Mapping[str, str], day: str) -> Markup:
    moment = {"xsi:type": "dcterms:W3CDTF"}
    return element(
        "cp:coreProperties",
        *(element(f"dc:{name}", about[name]) for name in ("title", "creator", "description", "language")),
        element("dcterms:created", f"{day}T00:00:00Z", **moment),
        element("dcterms:modified", f"{day}T00:00:00Z", **moment),
        **{
            "xmlns:cp": _CORE, "xmlns:dc": "http://purl.org/dc/elements/1.1/", "xmlns:dcterms": "http://purl.org/dc/terms/",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        },
    )  # fmt: skip

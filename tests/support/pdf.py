"""Read a PDF back: the text in its tags, which is what a screen reader gets, and the text that
poppler finds on the pages."""

from __future__ import annotations

import html
import io
import re
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOFT_HYPHEN = "\u00ad"
#: The editors' brackets around supplied words, which are not text.
BRACKETS = str.maketrans("", "", "⟨⟩" + SOFT_HYPHEN)


def plain(text: str) -> str:
    """Return ``text`` without line ends, hyphens and brackets that come from typesetting."""
    return " ".join(text.translate(BRACKETS).split())


def in_pieces(wanted: str, read: str) -> int:
    """Return the number of pieces into which ``read`` divides ``wanted``; each is as long as possible."""
    count = 0
    while wanted:
        low, high = 0, len(wanted)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if wanted[:middle] in read else (low, middle - 1)
        if low < min(3, len(wanted)):
            return 999
        wanted = wanted[low:].lstrip()
        count += 1
    return count


_WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)


@dataclass(frozen=True, slots=True)
class Word:
    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(slots=True)
class Tag:
    """An element of the structure tree; its children are tags and pieces of text."""

    role: str
    lang: str = ""
    children: list[Tag | str] = field(default_factory=list)
    alt: str = ""

    def text(self, without: frozenset[str] = frozenset()) -> str:
        """Return the text, without that of tags with the roles ``without``; for a formula, its alternative text."""
        if self.role == "Formula":
            return self.alt
        return "".join(
            child if isinstance(child, str) else child.text(without)
            for child in self.children
            if isinstance(child, str) or child.role not in without
        )

    def walk(self) -> Iterator[Tag]:
        yield self
        for child in self.children:
            if isinstance(child, Tag):
                yield from child.walk()


class Pdf:
    """A PDF file, from its bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.file = pikepdf.open(io.BytesIO(data))
        self.root = self.file.Root

    @cached_property
    def xmp(self) -> str:
        return str(self.root.Metadata.read_bytes().decode())

    @cached_property
    def outline(self) -> list[str]:
        """The titles of the bookmarks, in order."""
        with self.file.open_outline() as outline:
            return [title for item in outline.root for title in _titles(item)]

    @cached_property
    def fonts(self) -> dict[str, bool]:
        """Name of every font → is it embedded?"""
        found = {}
        for item in self.file.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                embedded = any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3"))
                found[str(item.FontName)] = embedded
        return found

    @cached_property
    def languages(self) -> dict[str, str]:
        """Language → all text that is marked with it, in the tags or in the pages."""
        found: dict[str, str] = {}
        for _page, piece in self.pieces:
            if piece.lang:
                found[piece.lang] = found.get(piece.lang, "") + piece.text
        for tag in self.tags.walk():
            if tag.lang:
                found[tag.lang] = found.get(tag.lang, "") + tag.text()
        return found

    @cached_property
    def pieces(self) -> list[tuple[Any, Piece]]:
        """All text of the pages, with the object number of the page."""
        return [(page.obj.objgen, piece) for page in self.file.pages for piece in _pieces(page)]

    @cached_property
    def tags(self) -> Tag:
        """The structure tree with its text."""
        marked: dict[Any, str] = {}
        for page, piece in self.pieces:
            if piece.mcid is not None:
                marked[page, piece.mcid] = marked.get((page, piece.mcid), "") + piece.text
        top = Tag("Root")
        _read(self.root.StructTreeRoot.get("/K"), None, marked, top)
        return top

    def pages(self, pdftotext: str, tmp: Path, *arguments: str) -> list[str]:
        """Return the text that poppler reads on every page."""
        name = tmp / "read.pdf"
        name.write_bytes(self.data)
        found = subprocess.run(
            [pdftotext, *arguments, str(name), "-"],
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
        return found.stdout.removesuffix("\f").split("\f")

    def words(self, pdftotext: str, tmp: Path) -> list[list[Word]]:
        """Page → every word that poppler finds, with its box in points from the upper left."""
        pages = self.pages(pdftotext, tmp, "-bbox")[0].split("<page ")[1:]
        return [
            [
                Word(float(a), float(b), float(c), float(d), html.unescape(said))
                for a, b, c, d, said in _WORD.findall(page)
            ]
            for page in pages
        ]

    @cached_property
    def places(self) -> dict[str, tuple[int, float, float]]:
        """Named destination → page (from 1), left and top in points."""
        numbers = {page.obj.objgen: number for number, page in enumerate(self.file.pages, 1)}
        found = {}
        for name, entry in pikepdf.NameTree(self.root.Names.Dests).items():
            at = entry.D if isinstance(entry, pikepdf.Dictionary) else entry
            page = self.file.pages[numbers[at[0].objgen] - 1]
            found[str(name)] = (
                numbers[at[0].objgen],
                float(at[2] or 0),
                float(page.mediabox[3]) - float(at[3]),
            )
        return found


def _titles(item: pikepdf.OutlineItem) -> Iterator[str]:
    yield str(item.title)
    for child in item.children:
        yield from _titles(child)


@dataclass(slots=True)
class Piece:
    """Text shown by one operator."""

    text: str
    mcid: int | None
    lang: str


def _pieces(page: pikepdf.Page) -> Iterator[Piece]:
    """Return all text of a page with its place in the structure; ActualText overrides glyphs."""
    fonts: dict[str, dict[int, str]] = {}
    font: dict[int, str] = {}
    stack: list[dict[str, Any]] = []
    for step in pikepdf.parse_content_stream(page):
        operands, operator = step.operands, step.operator
        name = str(operator)
        if name in {"BDC", "BMC"}:
            properties: Any = operands[1] if len(operands) > 1 else {}
            stack.append(
                {str(k): v for k, v in properties.items()}
                if isinstance(properties, pikepdf.Dictionary)
                else {}
            )
        elif name == "EMC":
            ended = stack.pop()
            if "/ActualText" in ended:
                yield _piece(str(ended["/ActualText"]), [*stack, ended])
        elif name == "Tf":
            key = str(operands[0])
            if key not in fonts:
                fonts[key] = _to_unicode(page.resources.Font[key])
            font = fonts[key]
        elif name in {"Tj", "TJ"} and not any("/ActualText" in entry for entry in stack):
            shown = operands[0] if name == "TJ" else [operands[0]]
            text = "".join(_decoded(bytes(s), font) for s in shown if isinstance(s, pikepdf.String))
            yield _piece(text, stack)


def _piece(text: str, stack: list[dict[str, Any]]) -> Piece:
    ids = [int(entry["/MCID"]) for entry in stack if "/MCID" in entry]
    languages = [str(entry["/Lang"]) for entry in stack if "/Lang" in entry]
    return Piece(text, ids[-1] if ids else None, languages[-1] if languages else "")


def _decoded(data: bytes, font: dict[int, str]) -> str:
    codes = (int.from_bytes(data[i : i + 2]) for i in range(0, len(data), 2))
    return "".join(font[code] for code in codes)


def _to_unicode(font: pikepdf.Object) -> dict[int, str]:
    """Return the table of a composite font: two-byte code → text."""
    source = font.ToUnicode.read_bytes().decode("latin-1")
    table: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", source, re.DOTALL):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", block):
            table[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", source, re.DOTALL):
        for first, last, text in re.findall(
            r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block
        ):
            start = bytes.fromhex(text).decode("utf-16-be")
            for code in range(int(first, 16), int(last, 16) + 1):
                table[code] = start[:-1] + chr(ord(start[-1]) + code - int(first, 16))
    return table


def _read(kids: Any, page: Any, marked: dict[Any, str], parent: Tag) -> None:
    if kids is None:
        return
    if isinstance(kids, pikepdf.Array):
        for kid in kids:
            _read(kid, page, marked, parent)
    elif isinstance(kids, int):
        parent.children.append(marked.get((page, kids), ""))
    elif kids.get("/Type") == "/MCR":
        place = kids.Pg.objgen if "/Pg" in kids else page
        parent.children.append(marked.get((place, int(kids.MCID)), ""))
    elif "/S" in kids:
        tag = Tag(str(kids.S).removeprefix("/"), str(kids.get("/Lang", "")))
        tag.alt = str(kids.get("/Alt", ""))
        parent.children.append(tag)
        _read(kids.get("/K"), kids.Pg.objgen if "/Pg" in kids else page, marked, tag)

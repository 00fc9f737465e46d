"""Write the files of the search: the texts by line, with the differing readings of T and O.

The index consists of the texts themselves. The scripts (``theme/static/search-*.js``) normalise
the words of text and query with the same function; this module writes only texts, places and
readings. Each text is one classic script, which also works from ``file://``. A large site divides
it into several; ``search_words.py`` records which of them contain which words.

A unit is a block (paragraph, title, note): ``[kind, label, places, text, readings]``.

* ``kind``: ``t`` text, ``n`` author's note, ``b`` bibliography, ``e`` the editors' words,
  ``r`` register entry. ``label``: the label of a note, or the name of a register entry.
* ``places``: ``13.5;4:14.1`` = the first line is 13.5, the fifth 14.1, the others are consecutive;
  or ``#id`` for a unit without lines.
* ``text``: the edited text; a new line begins after a line end, or after ``¬`` inside a word.
* ``readings``: a flat list of fours: layer (``t``, ``o``, or the ids of witnesses with spaces between
  them), start and length of the edited words in ``text``, the layer's reading with its line ends
  (empty if a witness lacks the words). For a register entry: its description.
* only for numbered verse, ``1.2.5;2:1.2.6`` = the first line of ``text`` is verse 1.2.5, the third
  begins verse 1.2.6; the others are consecutive.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME, OF_WITNESSES, Reads
from tei_export.model.witness_text import follow
from tei_export.model.word_division import DIVIDED
from tei_export.outputs.html import search_words
from tei_export.outputs.html.register_layout import registers_of
from tei_export.shared import labels
from tei_export.shared.elements import esc
from tei_export.shared.labels import _
from tei_export.shared.mentions import mentioned
from tei_export.source.divisions import PARAGRAPH
from tei_export.source.facts import domain_of
from tei_export.source.nodes import (
    blockgroup,
    blockline,
    lb,
    mark,
    notelabel,
    noteref,
    point,
    reading,
    reads_of,
    textnote,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.model.registers import RegisterEntry
    from tei_export.model.variants import VariantReading
    from tei_export.source.facts import EditionDomain

PAGE = "search"
FOLDER = "searchdata"
WORDS = "words"
#: A larger index (in bytes) is divided into files of about :data:`SOME` bytes, each with its list
#: of words.
WHOLE, SOME = 640_000, 100_000
_WORD = re.compile(r"\w+")
_HEAD = re.compile(r"\S+\s*")
_TAIL = re.compile(r"\s*\S+\Z")
_SPACES = re.compile(r"[^\S\n]+")

Unit = list[Any]


class Trail:
    """The state of the witnesses from block to block: open passages, and the lost ones.

    :param ids: siglum → id of each named witness
    """

    def __init__(
        self, doctree: nodes.document, ids: Mapping[str, str], lost: Iterable[str]
    ) -> None:
        self.ids = ids
        self.ends = {
            n["value"]: n for n in doctree.findall(point) if n["kind"] in ("end", "transposed")
        }
        self.open: list[str] = []
        self.lost = [siglum for siglum in lost if siglum in ids]
        self.cited: dict[str, tuple[list[str], list[str]]] = {}

    def enter(self, note: textnote) -> None:
        """Begin a note: a witness has it if it has the note's reference."""
        self.open, self.lost = self.cited.get(note["ids"][0], ([], []))

    def read(self, node: nodes.Element) -> dict[str, str]:
        """Return the readings of an entry by id of the witness."""
        variants: list[VariantReading] = node.get("variants", [])
        return {self.ids[s]: v.text for v in variants for s in v.sigla if s in self.ids}


class SearchBlock:
    """The edited text of a block with its lines, and the readings of T, O and the witnesses of ``trail``."""

    def __init__(self, node: nodes.Element, trail: Trail | None = None) -> None:
        self._trail = trail
        self._cites: list[str] = []
        self._begun = dict.fromkeys(trail.open, 0) if trail else {}
        self._lost = dict.fromkeys(trail.lost, 0) if trail else {}
        self.text = ""
        self.lines: list[tuple[str, int]] = []
        self._changes: list[tuple[str, int, int, str]] = []
        self._begins = False
        self._all(node)
        if trail:
            self._close(trail)

    def _close(self, trail: Trail) -> None:
        """Note the words that witnesses lack, up to the end of the block."""
        for name, start in self._begun.items():
            if name in trail.ends:
                self._without(trail.read(trail.ends[name]), start)
        self._without([trail.ids[siglum] for siglum in self._lost], 0, self._lost.values())
        trail.open, trail.lost = list(self._begun), list(self._lost)
        trail.cited |= dict.fromkeys(self._cites, (trail.open, trail.lost))

    def _without(self, layers: Iterable[str], start: int, starts: Iterable[int] = ()) -> None:
        for layer, begin in zip(layers, starts or repeat(start), strict=False):
            self._changes.append((layer, begin, len(self.text), ""))

    def _milestone(self, node: point, trail: Trail) -> None:
        """Process a milestone about witnesses: a passage with readings, or a lacuna."""
        kind = node["kind"]
        if kind == "begin":
            self._begun[node["value"]] = len(self.text)
        elif kind in ("end", "transposed") and node["value"] in self._begun:
            start = self._begun.pop(node["value"])
            for layer, words in trail.read(node).items():
                self._changes.append((layer, start, len(self.text), words))
        sigla: list[str] = node.get("sigla", []) if kind in ("lacuna", "resumes") else []
        for siglum in sigla:
            if siglum not in trail.ids:
                continue
            if kind == "lacuna":
                self._lost[siglum] = len(self.text)
            elif siglum in self._lost:
                start = self._lost.pop(siglum)
                self._changes.append((trail.ids[siglum], start, len(self.text), ""))

    def _all(self, node: nodes.Element) -> None:
        self._begins = self._begins or isinstance(node, blockline)
        for child in node.children:
            if isinstance(child, nodes.Text):
                self.text += str(child)
            elif isinstance(child, lb):
                self._line(child)
            elif isinstance(child, point):
                self.text += BY_NAME[child["kind"]].sign
                if self._trail and child["kind"] in OF_WITNESSES:
                    self._milestone(child, self._trail)
            elif isinstance(child, mark) and self._trail and child.get("variants"):
                self._variants(child, self._trail)
            elif isinstance(child, mark) and _others(child):
                self._mark(child)
            elif isinstance(child, noteref):
                self._cites.append(child.get("refid", ""))
            elif isinstance(child, nodes.Element) and not isinstance(child, notelabel):
                self._all(child)

    def _line(self, node: lb) -> None:
        if node["line"]:
            if self.lines:
                self.text += "\n" if node["join"] or self._begins else DIVIDED
            self._begins = False
            self.lines.append((node["page"], node["line"]))

    def _mark(self, node: mark) -> None:
        start, known = len(self.text), len(self._changes)
        row, layers = BY_NAME[node["kind"]], _others(node)
        if row.read_by("E") is Reads.CONTENT:
            self._all(node)
        else:
            self.text += reading(node)
        # the outer mark states the layer's reading and covers inner marks
        self._changes[known:] = [c for c in self._changes[known:] if c[0] not in layers]
        self._changes += [(layer, start, len(self.text), _other(node, layer)) for layer in layers]

    def _variants(self, node: mark, trail: Trail) -> None:
        start = len(self.text)
        self._all(node)
        for layer, words in trail.read(node).items():
            self._changes.append((layer, start, len(self.text), words))

    def places(self) -> str:
        """Return where lines begin: ``13.5;4:14.1``, with an entry wherever numbering breaks."""
        result: list[str] = []
        due: tuple[str, int] | None = None
        for at, (page, line) in enumerate(self.lines):
            if (page, line) != due:
                result.append(f"{at}:{page}.{line}" if at else f"{page}.{line}")
            due = (page, line + 1)
        return ";".join(result)

    def readings(self) -> list[Any]:
        """Return the readings of T, O and the witnesses, as whole words, that differ from the edited words."""
        result: list[Any] = []
        for layer in "to":
            for start, end, other in self._words(layer):
                start, end, other = _trim(self.text, start, end, other)
                if _same(self.text[start:end], other):
                    continue
                result += [layer, start, end - start, other]
        alike: dict[tuple[int, int, str], list[str]] = defaultdict(list)
        for layer in self._trail.ids.values() if self._trail else ():
            for start, end, other in self._words(layer):
                start, end, other = _trim(self.text, start, end, other)
                if not _equal(self.text[start:end], other):
                    alike[start, end - start, other].append(layer)
        for (start, length, other), layers in sorted(alike.items()):
            result += [" ".join(layers), start, length, other]
        return result

    def _in_order(self, layer: str) -> list[tuple[int, int, str]]:
        """Return the changes of a layer by place; several at one place stay in text order."""
        found = (change[1:] for change in self._changes if change[0] == layer)
        return sorted(found, key=lambda change: change[:2])

    def _words(self, layer: str) -> Iterator[tuple[int, int, str]]:
        """Yield the changes of a layer, extended to whole words; adjacent ones are merged."""
        here: list[tuple[int, int, str]] = []
        first, last = 0, -1
        for start, end, source in self._in_order(layer):
            wide = self._widen(start, end)
            if here and wide[0] > last:
                yield first, last, self._apply(first, last, here)
                here = []
            first, last = (min(first, wide[0]), max(last, wide[1])) if here else wide
            here.append((start, end, source))
        if here:
            yield first, last, self._apply(first, last, here)

    def _widen(self, start: int, end: int) -> tuple[int, int]:
        while start and not self.text[start - 1].isspace():
            start -= 1
        while end < len(self.text) and not self.text[end].isspace():
            end += 1
        return start, end

    def _apply(self, first: int, last: int, changes: Sequence[tuple[int, int, str]]) -> str:
        parts, at = [], first
        for start, end, source in changes:
            parts += [self.text[at:start], source]
            at = max(at, end)
        return _SPACES.sub(" ", "".join([*parts, self.text[at:last]])).strip()


def _others(node: mark) -> str:
    """Return the layers (``t``, ``o``) whose reading of a mark differs from the edited text."""
    return "".join(
        layer.lower() for layer in "TO" if reads_of(node, layer) is not reads_of(node, "E")
    )


def _other(node: mark, layer: str) -> str:
    reads = reads_of(node, layer.upper())
    if reads is Reads.CONTENT:
        return reading(node, "T")
    return str(node["source"]) if reads in (Reads.SOURCE, Reads.BOTH) else ""


def _same(edited: str, other: str) -> bool:
    """Return whether two readings have the same words, ignoring case, punctuation and noise."""
    return _equal(edited, other) or not _WORD.search(other)


def _equal(edited: str, other: str) -> bool:
    words = [_WORD.findall(text.replace(DIVIDED, "").casefold()) for text in (edited, other)]
    return words[0] == words[1]


def _trim(text: str, start: int, end: int, other: str) -> tuple[int, int, str]:
    """Drop the words at both ends that are the same in both readings."""
    while both := _alike(_HEAD.match(text, start, end), _HEAD.match(other)):
        start, other = both[0].end(), other[both[1].end() :]
    while both := _alike(_TAIL.search(text, start, end), _TAIL.search(other)):
        end, other = both[0].start(), other[: both[1].start()]
    return start, end, other


def _alike(
    edited: re.Match[str] | None, other: re.Match[str] | None
) -> tuple[re.Match[str], re.Match[str]] | None:
    """Return both words if they are the same, otherwise None."""
    if edited and other and edited[0].strip() == other[0].strip():
        return edited, other
    return None


def part_units(doctree: nodes.document, part: Part, trail: Trail | None = None) -> list[Unit]:
    """Return the units of a part, in order: its text, then the notes of each series."""
    body = "b" if part.type == "bibliography" else "t"
    result: list[Unit] = []
    for node in _leaves(doctree):
        holder = _note(node)
        if holder is not None and holder["series"] == "editorial":
            label = labels.letter(holder["label"])
            result.append(["e", label, f"#{holder['ids'][0]}", collapse_space(reading(node)), []])
            continue
        if trail and holder is not None:
            trail.enter(holder)
        block = SearchBlock(node, trail)
        if block.lines:
            kind, label = ("n", holder["label"]) if holder is not None else (body, "")
            unit = [kind, label, block.places(), block.text, block.readings()]
            more = [_verses(node), _paragraph(node)]
            while more and not more[-1]:
                more.pop()
            result.append([*unit, *more])
    return result


def _paragraph(block: nodes.Element) -> str:
    """Return the number that the source gives the paragraph; empty if it gives none."""
    found = next((m for m in block.findall(mark) if m["kind"] == PARAGRAPH and "own_id" in m), None)
    return "" if found is None else str(values_of(found)["n"])


def _verses(group: nodes.Element) -> str:
    """Return the numbers of verse by line of the original, with an entry wherever numbering breaks."""
    numbers = [
        line.get("verse", "")
        for line in (group.findall(blockline) if isinstance(group, blockgroup) else ())
        for begin in line.findall(lb)
        if begin["line"]
    ]
    result: list[str] = []
    due = ""
    for at, number in enumerate(numbers):
        if number != due:
            result.append(f"{at}:{number}" if at else number)
        before, dot, last = number.rpartition(".")
        due = f"{before}{dot}{int(last) + 1}" if number else ""
    return ";".join(result)


def _leaves(doctree: nodes.document) -> Iterator[nodes.Element]:
    """Yield the blocks that contain text, in order."""
    for node in doctree.findall(nodes.Element):
        if isinstance(node, blockgroup) or (
            isinstance(node, (nodes.title, nodes.paragraph))
            and not isinstance(node.parent, blockgroup)
        ):
            yield node


def _note(node: nodes.Node | None) -> textnote | None:
    while node is not None and not isinstance(node, textnote):
        node = node.parent
    return node


def page_units(doctree: nodes.document) -> list[Unit]:
    """Return the units of a page outside the texts: every block, at its section."""
    result: list[Unit] = []
    for node in _leaves(doctree):
        section: nodes.Node | None = node.parent
        while section is not None and not isinstance(section, nodes.section):
            section = section.parent
        place = f"#{section['ids'][0]}" if section is not None and section["ids"] else ""
        text = collapse_space(reading(node))
        if text:
            result.append(["e", "", place, text, []])
    return result


def entry_unit(entry: RegisterEntry) -> Unit:
    """Return the unit of a register entry: its names for searching, its description for display."""
    names = entry.data.get("names") or {}
    others = [*(entry.data.get("also") or ()), *names.values()]
    head = f"{entry.text('author')}, {entry.name}" if entry.text("author") else entry.name
    return [
        "r",
        head,
        f"#{entry.xml_id}",
        "; ".join([head, *map(str, others)]),
        entry.text("gloss"),
    ]


def search_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``: write the index files; yield the search page."""
    files, pieces = _write(Path(app.outdir) / FOLDER, list(_data(app)))
    edition = domain_of(app.env).edition
    yield PAGE, {
        "title": esc(_("Search")), "body": "", "files": files, "pieces": pieces, "says": _says(edition),
        "witnesses": _witnesses(edition),
        "texts": [(key, labels.text_name(text)) for key, text in edition.texts.items()],
        "original": labels.originals(edition),
        "russian": any(tag.split("-")[0] == "ru" for tag in edition.record["languages"]),
        "paged": any(text.witness.pages for text in edition.texts.values()),
    }, "search.html"  # fmt: skip


def _write(
    folder: Path, held: list[tuple[str, dict[str, Any]]]
) -> tuple[list[str], list[tuple[str, str]]]:
    """Write the index; return the addresses of its files, and of the word lists of a large one with
    their first words."""
    (folder / WORDS).mkdir(parents=True, exist_ok=True)
    scripts = {name: _pushed("editionSearch", {"name": name, **data}) for name, data in held}
    pieces: list[tuple[str, str]] = []
    if sum(map(len, scripts.values())) > WHOLE:
        cut = {f"{name}.{n:04}": d for name, data in held for n, d in enumerate(search_words.cut(data, SOME), 1)}  # fmt: skip
        scripts = {name: _pushed("editionSearch", {"name": name, **d}) for name, d in cut.items()}
        words = [search_words.words_of(u for p in d["pages"] for u in p["units"]) for d in cut.values()]  # fmt: skip
        for n, (first, lines) in enumerate(search_words.pieces(words), 1):
            name = f"{WORDS}/{n:04}"
            scripts[name] = _pushed("editionPieces", {"name": name, "words": lines})
            pieces.append((first, name))
    addresses = {}
    for name, content in scripts.items():
        digest = hashlib.sha256(content).hexdigest()[:8]
        addresses[name] = f"{FOLDER}/{name}.js?v={digest}"
        (folder / f"{name}.js").write_bytes(content)
    for path in folder.rglob("*.js"):
        if path.relative_to(folder).with_suffix("").as_posix() not in scripts:
            path.unlink()
    listed = [(first, addresses.pop(name)) for first, name in pieces]
    return list(addresses.values()), listed


def _pushed(to: str, data: Any) -> bytes:
    return f"(self.{to} ??= []).push({_json(data)});\n".encode()


def _witnesses(edition: Edition) -> list[tuple[str, str]]:
    """Return siglum and name of the witnesses to which a search can be limited; texts may share a siglum."""
    found: dict[str, str] = {}
    for text in edition.texts.values():
        for w in text.readable:
            found.setdefault(w.siglum, w.label)
    return list(found.items())


def _json(data: Any) -> str:
    """Return JSON for a script; old engines treat U+2028 as a line end."""
    return (
        json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _data(app: Sphinx) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and content of each file, in result order: registers, texts, other pages."""
    domain = domain_of(app.env)
    edition = domain.edition
    held = []
    for name, keys in mentioned(domain).items():
        entries = edition.registers[name].entries
        by_page: dict[str, list[Unit]] = {}
        for key in sorted(keys):
            page = registers_of(domain)[name].listed(entries[key])
            by_page.setdefault(page, []).append(entry_unit(entries[key]))
        held += [_page(app, page, labels.register(name), units) for page, units in by_page.items()]
    yield "registers", {"id": "", "paged": False, "pages": held}
    parts: set[str] = set()
    for key, text in edition.texts.items():
        held = []
        for part in text.parts:
            if part.doc in app.env.found_docs:
                parts.add(part.doc)
                doctree = app.env.get_doctree(part.doc)
                units = part_units(doctree, part, _trail(domain, text, part, doctree))
                held.append(_page(app, part.doc, part.title, units))
        data = {"id": key, "paged": bool(text.witness.pages), "pages": held}
        if text.several:
            data["witnesses"] = [
                *((w.id, w.siglum, 1) for w in text.readable),
                *((w.id, w.siglum, 0) for w in text.only_cited),
            ]
        yield f"text-{key}", data
    held = []
    for doc in sorted(app.env.found_docs - parts):
        title = app.env.titles[doc].astext() if doc in app.env.titles else doc
        held.append(_page(app, doc, title, page_units(app.env.get_doctree(doc))))
    yield "pages", {"id": "", "paged": False, "pages": held}


def _trail(domain: EditionDomain, text: Text, part: Part, doctree: nodes.document) -> Trail | None:
    if not text.several:
        return None
    ids = {w.siglum: w.id for w in (*text.readable, *text.only_cited)}
    events = domain.facts_for(part.doc).events
    lost = [w.siglum for w in text.readable if follow(events, w.siglum).lost]
    return Trail(doctree, ids, lost)


def _page(app: Sphinx, doc: str, title: str, units: list[Unit]) -> dict[str, Any]:
    return {"url": app.builder.get_relative_uri(PAGE, doc), "title": title, "units": units}


def _says(edition: Edition) -> dict[str, str]:
    """Return the words that the script shows, in the language of the interface."""
    return {
        "one": _("1 place"),
        "many": _("{n} places"),
        "none": _("Nothing found for {q}."),
        "found": _("{places} for {q}"),
        "so far": _("{places} for {q} so far; the search goes on …"),
        "short": _("Type at least two letters."),
        "loading": _("Loading the texts …"),
        "failed": _("The texts could not be loaded."),
        "more": _("Show {n} more"),
        "typed": f"{_('only {}').format(labels.originals(edition).layer)}: {{}}",
        "ocr": _("only in the witness: {}"),
        "received": _("only in the witness: {}"),
        "verse": _("{}, v. {}"),
        "paragraph": _("{}, §\N{NO-BREAK SPACE}{}"),
        "witness": _("only in {}: {}"),
        "note": _("n. {}"),
        "editorial": _("editors’ note {}"),
        "register": _("Register: {}"),
        "csv": _("Take the places found (CSV, with citations)"),
        "file": _("search"),
    }

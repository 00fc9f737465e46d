"""Sphinx builder ``edition-json``: every page and block by layer, as files that OpenAPI describes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sphinx.util.display import progress_message

from tei_export.model.metadata import metadata
from tei_export.model.places import Place, page_slug
from tei_export.outputs.json.lines import Line, LineNote, PartLines, part_lines
from tei_export.outputs.json.schemas import openapi
from tei_export.shared.atomic import write_whole
from tei_export.shared.project_builder import ProjectBuilder
from tei_export.shared.quotations import works
from tei_export.source.facts import domain_of
from tei_export.source.garbage_collector import no_collector
from tei_export.source.trees import own_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from tei_export.model.apparatus import Emendation
    from tei_export.model.edition import Edition, Part, Text
    from tei_export.model.metadata import Metadata
    from tei_export.outputs.json.lines import LineBlock
    from tei_export.source.facts import Facts, Mention

Json = dict[str, Any]
KeyT = TypeVar("KeyT")
ItemT = TypeVar("ItemT")


class JsonBuilder(ProjectBuilder):
    """Writes all files; those of pages and blocks that no longer exist disappear."""

    name = "edition-json"  # Sphinx has a builder named json
    target = "json"
    format = "json"
    epilog = "The JSON files are in %(outdir)s."

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        out = Path(self.outdir)
        with no_collector(), progress_message("writing pages and blocks as JSON"):
            done = dict(json_files(self.env))
        for text in domain_of(self.env).edition.texts:
            shutil.rmtree(out / text, ignore_errors=True)
        for file, answer in done.items():
            words = json.dumps(answer, ensure_ascii=False, indent=1)
            write_whole(out / file, f"{words}\n".encode())


def json_files(env: BuildEnvironment) -> Iterator[tuple[str, Json]]:
    """Yield path and content of every file."""
    domain = domain_of(env)
    edition = domain.edition
    meta = metadata(edition)
    yield "openapi.json", openapi(meta)
    yield (
        "edition.json",
        {
            "title": meta.full_title,
            "version": meta.version,
            "date": meta.date,
            "caveat": meta.caveat,
            "rights": [
                {"of": right.of, "name": right.name, "uri": right.uri} for right in meta.rights
            ],
            "texts": list(edition.texts),
        },
    )
    for text in edition.texts.values():
        parts = [
            _PartOf(part, facts, part_lines(text, part, own_tree(env, part.doc)))
            for one, part, facts in domain.parts()
            if one.id == text.id
        ]
        yield from _TextFiles(edition, meta, text, parts, _quotes(env, text)).files()


def _quotes(env: BuildEnvironment, text: Text) -> dict[str, list[Json]]:
    """Return what each block of a text quotes, by the id of the block, in reading order."""
    quoted = [(work, it) for work in works(env) for it in work.quotations if it.text == text.id]
    order = {page: n for n, page in enumerate(text.witness.pages)}
    quoted.sort(key=lambda one: (order.get(one[1].first.page, -1), one[1].first.line))
    found: dict[str, list[Json]] = {}
    for work, it in quoted:
        found.setdefault(it.block, []).append(
            {
                "work": work.entry.key if work.entry else "",
                "cited": it.cited,
                "inline": it.inline,
                "place": it.place,
                "match": it.comparison.match.value,
                "deviations": [
                    {"quotation": d.quotation, "source": d.source} for d in it.comparison.deviations
                ],
            }
        )
    return found


class _PartOf:
    """A part, and what belongs to each of its blocks, in reading order."""

    def __init__(self, part: Part, facts: Facts, found: PartLines) -> None:
        self.part = part
        self.facts = facts
        self.found = found
        #: It may begin in the middle of a page, which the facts do not count.
        self.pages = {*facts.pages, *(line.place.page for line in found.lines)}
        self.lines = _grouped((line.block, line) for line in found.lines if not line.note)
        self.notes = _grouped((note.block, note) for note in found.notes)
        self._in_notes = _grouped((line.note, line.place) for line in found.lines)
        self._mentions = _grouped(
            (Place(it.page, it.line), (n, it)) for n, it in enumerate(facts.mentions)
        )
        self._entries = _grouped((it.place, (n, it)) for n, it in enumerate(facts.emendations))

    def places(self, block: str) -> set[Place]:
        """Return the places of a block and its notes."""
        found = {line.place for line in self.lines.get(block, ())}
        return found.union(*(self._in_notes.get(note.id, ()) for note in self.notes.get(block, ())))

    def mentions(self, places: Iterable[Place]) -> list[Mention]:
        """Return the mentions at ``places``."""
        return _in_order(self._mentions, places)

    def entries(self, places: Iterable[Place]) -> list[Emendation]:
        """Return the entries of the apparatus at ``places``."""
        return _in_order(self._entries, places)


def _grouped(pairs: Iterable[tuple[KeyT, ItemT]]) -> dict[KeyT, list[ItemT]]:
    """Return the items of each key."""
    found: dict[KeyT, list[ItemT]] = {}
    for key, item in pairs:
        found.setdefault(key, []).append(item)
    return found


def _in_order(
    numbered: dict[Place, list[tuple[int, ItemT]]], places: Iterable[Place]
) -> list[ItemT]:
    """Return the items at ``places`` by number."""
    found = dict(one for place in places for one in numbered.get(place, ()))
    return [found[number] for number in sorted(found)]


class _TextFiles:
    """The files of one text."""

    def __init__(
        self,
        edition: Edition,
        meta: Metadata,
        text: Text,
        parts: list[_PartOf],
        quotes: dict[str, list[Json]],
    ) -> None:
        self._edition = edition
        self._meta = meta
        self._text = text
        self._parts = parts
        self._quotes = quotes
        self._pages = list(dict.fromkeys(page for one in parts for page in one.facts.pages))
        self._lines = _grouped((line.place.page, line) for one in parts for line in one.found.lines)
        self._notes = _grouped(
            (note.at.page, note) for one in parts for note in one.found.notes if note.at
        )
        self._mentioned = _grouped((it.page, it) for one in parts for it in one.facts.mentions)
        self._entries = _grouped((it.page, it) for one in parts for it in one.facts.emendations)

    def files(self) -> Iterator[tuple[str, Json]]:
        text = self._text
        pages = [page_slug(page) for page in self._pages]
        yield (
            f"{text.id}/index.json",
            {
                "id": text.id,
                "title": text.title,
                "language": text.language,
                "siglum": text.siglum,
                "parts": [
                    {
                        "id": one.part.id,
                        "type": one.part.type,
                        "title": one.part.title,
                        "blocks": [block.ref for block in one.found.blocks],
                    }
                    for one in self._parts
                ],
                "pages": pages,
            },
        )
        blocks = [block.ref for one in self._parts for block in one.found.blocks]
        for number, page in enumerate(self._pages):
            yield f"{text.id}/pages/{pages[number]}.json", self._page(page) | _beside(pages, number)
        number = 0
        for one in self._parts:
            for block in one.found.blocks:
                said = self._block(one, block) | _beside(blocks, number)
                yield f"{text.id}/blocks/{block.ref}.json", said
                number += 1

    def _page(self, page: str) -> Json:
        here = [one for one in self._parts if page in one.facts.pages]
        lines = sorted(self._lines.get(page, ()), key=lambda line: line.place.line)
        doc = here[0].part.doc if here else self._parts[0].part.doc
        return {
            "id": page_slug(page), "page": page, "text_id": self._text.id,
            "parts": [one.part.id for one in self._parts if page in one.pages],
            "lost": self._text.witness.pages[page].lost,
            "url": self._meta.permalink(f"{doc}.html", Place(page).anchor),
            "text": {
                "edited": "\n".join(line.text("E") for line in lines),
                "original": "\n".join(line.text("T") for line in lines),
                "witness": "\n".join(line.text(self._text.siglum) for line in lines),
            },
            "lines": [self._line(line) for line in lines],
            "notes": [_note(note) for note in self._notes.get(page, ())],
            "mentions": self._mentions(self._mentioned.get(page, ())),
            "entries": _entries(self._entries.get(page, ())),
            "blocks": list(dict.fromkeys(line.block for line in lines if line.block)),
        }  # fmt: skip

    def _block(self, one: _PartOf, block: LineBlock) -> Json:
        lines = one.lines.get(block.ref, [])
        places = one.places(block.ref)
        return {
            "id": block.ref, "xml_id": block.xml_id, "text_id": self._text.id, "part": one.part.id, "kind": block.kind,
            "url": self._meta.permalink(f"{one.part.doc}.html", block.xml_id),
            "text": {
                "edited": block.words["E"], "original": block.words["T"],
                "witness": "\n".join(line.text(self._text.siglum) for line in lines),
            },
            "lines": [self._line(line) for line in lines],
            "notes": [_note(note) for note in one.notes.get(block.ref, ())],
            "mentions": self._mentions(one.mentions(places)),
            "entries": _entries(one.entries(places)),
            "quotes": self._quotes.get(block.xml_id, []),
        }  # fmt: skip

    def _line(self, line: Line) -> Json:
        return {
            "place": str(line.place), "page": line.place.page, "line": line.place.line, "block": line.block, "note": line.note,
            "text": {"edited": line.text("E"), "original": line.text("T"), "witness": line.text(self._text.siglum)},
        }  # fmt: skip

    def _mentions(self, mentions: Iterable[Mention]) -> list[Json]:
        registers = self._edition.registers
        return [
            {
                "register": it.register,
                "key": it.key,
                "xml_id": registers[it.register].entries[it.key].xml_id,
                "name": registers[it.register].entries[it.key].name,
                "words": it.text,
                "place": str(Place(it.page, it.line)),
                "note": it.note,
            }
            for it in mentions
        ]


def _beside(names: list[str], number: int) -> Json:
    """Return the names before and after a name."""
    return {
        "previous": names[number - 1] if number else None,
        "next": names[number + 1] if number + 1 < len(names) else None,
    }


def _note(note: LineNote) -> Json:
    return {
        "id": note.id, "label": note.label, "series": note.series, "place": str(note.at) if note.at else "", "block": note.block,
        "edited": note.words["E"], "original": note.words["T"],
    }  # fmt: skip


def _entries(entries: Iterable[Emendation]) -> list[Json]:
    return [
        {
            "id": it.xml_id,
            "place": str(it.place),
            "kind": it.kind,
            "type": it.type,
            "lemma": it.lemma,
            "readings": [
                {"sigla": list(r.sigla), "text": r.text, "final": r.final, "letters": r.letters}
                for r in it.readings
            ],
            "certainty": it.cert,
            "resp": it.resp,
            "reason": it.why,
        }
        for it in entries
    ]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builder."""
    app.add_builder(JsonBuilder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

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
from tei_export.shared.project_builder import ProjectBuilder
from tei_export.shared.quotations import works
from tei_export.shared.staged_files import StagedFiles
from tei_export.source.facts import domain_of
from tei_export.source.garbage_collector import no_collector
from tei_export.source.trees import own_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from tei_export.model.apparatus import Emendation
    from tei_export.model.edition import Part, Text
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
        with (
            no_collector(),
            progress_message("writing pages and blocks as JSON"),
            StagedFiles(out) as files,
        ):
            for file, answer in json_files(self.env):
                words = json.dumps(answer, ensure_ascii=False, indent=1)
                files.write(file, f"{words}\n".encode())
            for text in domain_of(self.env).edition.texts:
                shutil.rmtree(out / text, ignore_errors=True)


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
        parts = [(part, facts) for one, part, facts in domain.parts() if one.id == text.id]
        yield from _TextFiles(env, meta, text, parts).files()


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
        self.touches = _pages_of(facts)
        self.lines = _grouped((line.block, line) for line in found.lines if not line.note)
        self.notes = _grouped((note.block, note) for note in found.notes)
        self._in_notes = _grouped((line.note, line.place) for line in found.lines)
        self._mentions = _grouped(
            (Place(it.page, it.line), (n, it)) for n, it in enumerate(facts.mentions)
        )
        self._entries = _grouped((it.place, (n, it)) for n, it in enumerate(facts.emendations))
        self.lines_of_page = _grouped((line.place.page, line) for line in found.lines)
        self.notes_of_page = _grouped((note.at.page, note) for note in found.notes if note.at)
        self.mentioned_on = _grouped((it.page, it) for it in facts.mentions)
        self.entries_on = _grouped((it.page, it) for it in facts.emendations)

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


def _pages_of(facts: Facts) -> set[str]:
    """Return the pages of which a part has anything."""
    found = {*facts.pages, *facts.lines}
    found.update(it.page for it in facts.mentions)
    found.update(it.page for it in facts.emendations)
    return found


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
    """The files of one text, part by part: only the parts whose pages are not complete are in memory."""

    def __init__(
        self, env: BuildEnvironment, meta: Metadata, text: Text, parts: list[tuple[Part, Facts]]
    ) -> None:
        self._env = env
        self._edition = domain_of(env).edition
        self._meta = meta
        self._text = text
        self._parts = parts
        self._quotes = _quotes(env, text)

    def files(self) -> Iterator[tuple[str, Json]]:
        text = self._text
        labels = list(dict.fromkeys(page for _part, facts in self._parts for page in facts.pages))
        pages = [page_slug(page) for page in labels]
        at = {page: number for number, page in enumerate(labels)}
        #: page → the number of the last part that has anything of it
        until = {
            page: n
            for n, (_part, facts) in enumerate(self._parts)
            for page in _pages_of(facts)
            if page in at
        }
        listed = []
        waiting: list[_PartOf] = []
        held: tuple[str, Json] | None = None  # the last block, until the next one is known
        for number, (part, facts) in enumerate(self._parts):
            found = part_lines(text, part, own_tree(self._env, part.doc))
            one = _PartOf(part, facts, found)
            refs = [block.ref for block in found.blocks]
            listed.append({"id": part.id, "type": part.type, "title": part.title, "blocks": refs})
            for block in found.blocks:
                beside: Json = {"previous": None, "next": None}
                if held is not None:
                    beside["previous"] = held[0]
                    yield self._named(held[0], held[1] | {"next": block.ref})
                held = block.ref, self._block(one, block) | beside
            waiting.append(one)
            ready = {page for it in waiting for page in it.touches if until.get(page) == number}
            for n in sorted(at[page] for page in ready):
                answer = self._page(labels[n], waiting) | _beside(pages, n)
                yield f"{text.id}/pages/{pages[n]}.json", answer
            waiting = [
                it for it in waiting if any(until.get(page, -1) > number for page in it.touches)
            ]
        if held is not None:
            yield self._named(*held)
        yield (
            f"{text.id}/index.json",
            {
                "id": text.id,
                "title": text.title,
                "language": text.language,
                "siglum": text.siglum,
                "parts": listed,
                "pages": pages,
            },
        )

    def _named(self, block: str, answer: Json) -> tuple[str, Json]:
        return f"{self._text.id}/blocks/{block}.json", answer

    def _page(self, page: str, parts: list[_PartOf]) -> Json:
        """Return a page; ``parts``: at least those that have anything of it, in their order."""
        begun = next(one.part.doc for one in parts if page in one.facts.pages)
        lines = sorted(
            (line for one in parts for line in one.lines_of_page.get(page, ())),
            key=lambda line: line.place.line,
        )
        return {
            "id": page_slug(page), "page": page, "text_id": self._text.id,
            "parts": [one.part.id for one in parts if page in one.pages],
            "lost": self._text.witness.pages[page].lost,
            "url": self._meta.permalink(f"{begun}.html", Place(page).anchor),
            "text": {
                "edited": "\n".join(line.text("E") for line in lines),
                "original": "\n".join(line.text("T") for line in lines),
                "witness": "\n".join(line.text(self._text.siglum) for line in lines),
            },
            "lines": [self._line(line) for line in lines],
            "notes": [_note(note) for one in parts for note in one.notes_of_page.get(page, ())],
            "mentions": self._mentions(it for one in parts for it in one.mentioned_on.get(page, ())),
            "entries": _entries(it for one in parts for it in one.entries_on.get(page, ())),
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

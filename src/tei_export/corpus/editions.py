"""The outputs of one built edition, as the corpus needs them: metadata, search units, register entries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tei_export.model import edition as edition_module
from tei_export.model.metadata import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tei_export.model.edition import Edition
    from tei_export.model.metadata import Metadata
    from tei_export.model.registers import RegisterEntry

#: The folder of the search index in a site, and the code around the data of each file.
_SEARCH, _HEAD, _TAIL = "searchdata", "(self.editionSearch ??= []).push(", ");\n"


@dataclass(frozen=True, slots=True)
class SearchUnit:
    """A block of a text: the page of the site that has it, its title, its places and words."""

    url: str
    title: str
    kind: str
    label: str
    places: str
    text: str


@dataclass(frozen=True, slots=True)
class MentionedEntry:
    """An entry of a register that the edition mentions, with its place in the site."""

    entry: RegisterEntry
    url: str


class BuiltEdition:
    """An edition in ``root``, built into ``out``."""

    def __init__(self, root: Path, out: Path) -> None:
        self.name = root.name
        self.out = out
        self.edition: Edition = edition_module.load(root / "edition")
        self.meta: Metadata = metadata(self.edition)

    def has(self, target: str) -> bool:
        """Return whether the output ``target`` was built."""
        return (self.out / target).is_dir()

    def _search(self, name: str) -> list[dict[str, Any]]:
        """Return the pages in one file of the search index; a large site divides it into several."""
        folder = self.out / "html" / _SEARCH
        whole = folder / f"{name}.js"
        pages: list[dict[str, Any]] = []
        for path in [whole] if whole.is_file() else sorted(folder.glob(f"{name}.*.js")):
            content = path.read_text(encoding="utf-8")
            if not (content.startswith(_HEAD) and content.endswith(_TAIL)):
                raise ValueError(f"{path.name} is not a file of the search index")
            pages += json.loads(content[len(_HEAD) : -len(_TAIL)])["pages"]
        return pages

    def units(self) -> Iterator[SearchUnit]:
        """Yield the blocks of all texts, in their order."""
        for text in self.edition.texts.values():
            for page in self._search(f"text-{text.id}"):
                for kind, label, places, words, *_rest in page["units"]:
                    yield SearchUnit(page["url"], page["title"], kind, label, places, words)

    def mentioned(self) -> Iterator[MentionedEntry]:
        """Yield the entries that the site lists, register by register."""
        urls = {
            place: page["url"]
            for page in self._search("registers")
            for _kind, _label, place, _names, _gloss in page["units"]
        }
        for register in self.edition.registers.by_name.values():
            for entry in register.entries.values():
                place = f"#{entry.xml_id}"
                if place in urls:
                    yield MentionedEntry(entry, urls[place] + place)

"""The built files of an edition or a corpus, for the service.

Only files of the output ``dts`` are read: descriptions from ``collection/``, titles of units from
``navigation/``, and the text itself from ``document/``. A file is read again when it has changed.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tei_export.outputs.dts.citation_trees import trees
from tei_export.outputs.dts.lines import with_lines
from tei_export.outputs.dts.passages import PassageCutter
from tei_export.outputs.dts.paths import ENTRY, file_of
from tei_export.outputs.dts.responses import ROOT
from tei_export.schema import safe_xml

if TYPE_CHECKING:
    from pathlib import Path

    from tei_export.outputs.dts.citation_trees import CitationTree

Json = dict[str, Any]
COLLECTION = "Collection"
#: The maximum number of texts in memory.
_HELD = 8
#: The separator between the name of an edition and that of its text, in a corpus.
SEPARATOR = "/"


class NothingBuiltError(Exception):
    """Raised if a folder has no built texts; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """An edition: its name in the corpus (empty if it is alone), and the folder of its DTS files."""

    name: str
    folder: Path

    def described(self, id: str) -> Json | None:
        """Return the description of the collection or text ``id`` of this edition, or None."""
        return _json(self.folder, "collection", id=id)

    def members(self, id: str = ROOT) -> list[Json]:
        """Return the members of the collection ``id``: texts, and the collections of their witnesses."""
        found: list[Json] = (self.described(id) or {}).get("member", [])
        return found

    @property
    def texts(self) -> list[str]:
        """The ids of the texts and of the witnesses."""
        found = []
        for member in self.members():
            if member["@type"] == COLLECTION:
                found += [witness["@id"] for witness in self.members(member["@id"])]
            else:
                found.append(member["@id"])
        return found

    @property
    def collections(self) -> list[str]:
        """The ids of the collections of witnesses."""
        return [member["@id"] for member in self.members() if member["@type"] == COLLECTION]

    def above(self, id: str) -> str:
        """Return the id of the collection of which a text or witness is a member."""
        return next(
            (name for name in self.collections if any(w["@id"] == id for w in self.members(name))),
            ROOT,
        )

    def prefixed(self, id: str) -> str:
        """Return the id of a text in the whole service."""
        return f"{self.name}{SEPARATOR}{id}" if self.name else id


@dataclass(frozen=True, slots=True)
class OpenText:
    """A text in memory: its citation trees with lines, and the cutter of its passages."""

    shelf: Shelf
    id: str
    description: Json
    trees: tuple[CitationTree, ...]
    cutter: PassageCutter
    data: bytes
    language: str

    def tree(self, name: str) -> CitationTree | None:
        """Return the tree of that name; the default one has an empty name."""
        return next((tree for tree in self.trees if tree.name == name), None)


class Library:
    """The built files in ``folder``: of an edition (``dts/``), or of a corpus (``corpus/dts/``,
    ``editions/``).

    :raises NothingBuiltError: neither exists
    """

    def __init__(self, folder: Path) -> None:
        self._held: OrderedDict[Path, tuple[int, OpenText]] = OrderedDict()
        self.data = folder / "data"
        if (folder / "dts" / ENTRY).is_file():
            self.corpus: Json | None = None
            self.shelves = {"": Shelf("", folder / "dts")}
        elif (folder / "corpus" / "dts" / ENTRY).is_file():
            self.corpus = _json(folder / "corpus" / "dts", "collection", id="corpus") or {}
            self.shelves = {
                path.parent.parent.name: Shelf(path.parent.parent.name, path.parent)
                for path in sorted((folder / "editions").glob(f"*/dts/{ENTRY}"))
            }
        else:
            raise NothingBuiltError(
                f"no texts in {folder}: build them first (tei-export build dts), or name the folder of the "
                "outputs with --out"
            )

    def gathered(self, id: str) -> tuple[Shelf, str] | None:
        """Return the edition and its collection of witnesses named ``id``, or None."""
        name, _, collection = id.rpartition(SEPARATOR)
        shelf = self.shelves.get(name)
        return (
            (shelf, collection) if shelf is not None and collection in shelf.collections else None
        )

    def found(self, id: str) -> tuple[Shelf, str] | None:
        """Return the edition and its text named ``id``, or None."""
        name, _, text = id.rpartition(SEPARATOR)
        shelf = self.shelves.get(name)
        return (shelf, text) if shelf is not None and text in shelf.texts else None

    def text(self, id: str) -> OpenText | None:
        """Return the text ``id``, or None."""
        found = self.found(id)
        if found is None:
            return None
        shelf, name = found
        path = shelf.folder / file_of("document", resource=name)
        changed = path.stat().st_mtime_ns
        held = self._held.get(path)
        if held is None or held[0] != changed:
            held = changed, _opened(shelf, name, path)
        self._held[path] = held
        self._held.move_to_end(path)
        while len(self._held) > _HELD:
            self._held.popitem(last=False)
        return held[1]


def _opened(shelf: Shelf, name: str, path: Path) -> OpenText:
    data = path.read_bytes()
    root = safe_xml.fromstring(data)
    titles, language = {}, "en"
    for unit in (_json(shelf.folder, "navigation", resource=name, down=1) or {}).get("member", []):
        for title in unit.get("dublinCore", {}).get("title", []):
            titles[unit["identifier"]], language = title["value"], title["lang"]
    found = with_lines(trees(root, titles), root)
    return OpenText(
        shelf, name, shelf.described(name) or {}, found, PassageCutter(root), data, language
    )


def _json(folder: Path, endpoint: str, **query: object) -> Json | None:
    """Return the content of a file; None if it does not exist, or no file can have the name."""
    try:
        path = folder / file_of(endpoint, **query)
        found: Json = json.loads(path.read_bytes())
    except (ValueError, FileNotFoundError):
        return None
    return found

"""Read the pages of the vocabulary: ``vocabulary/<role>.md``, see ``test_vocabulary.py``."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from mini import Mini

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The picture of the figures, at the path that the pages name.
PICTURE = Path(__file__).parents[1] / "roots/handbook/edition/images/map.png"
FOLDER = Path(__file__).parents[1] / "vocabulary"
PAGES = sorted(path.stem for path in FOLDER.glob("*.md"))
_BLOCK = re.compile(r"^~~~ (\w+)\n(.*?)^~~~$", re.MULTILINE | re.DOTALL)


@dataclass(slots=True)
class Page:
    """A page of the vocabulary: its blocks by name, in order."""

    name: str
    blocks: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, name: str) -> Page:
        page = cls(name)
        for kind, text in _BLOCK.findall((FOLDER / f"{name}.md").read_text(encoding="utf-8")):
            page.blocks.setdefault(kind, []).append(text.removesuffix("\n"))
        return page

    def one(self, kind: str) -> str:
        (text,) = self.blocks[kind]
        return text

    @property
    def headed(self) -> bool:
        """Whether the source has its own heading."""
        return "\n===" in self.one("source")

    def lines(self, kind: str) -> list[str]:
        return [line for text in self.blocks.get(kind, []) for line in text.splitlines()]

    def files(self) -> dict[str, str]:
        """Return the files of the page in the edition."""
        source, witness = self.one("source") + "\n", self.one("witness") + "\n"
        if not self.headed:
            source, witness = f"{{pb}}`1`HEAD\n===\n\n{source}", f"HEAD\n{witness}"
        last = witness.count("\n")
        table = self.one("pages") if "pages" in self.blocks else f"1,1,{last},"
        head = "page,first_line,last_line,number_seen_at_line"
        return {
            f"{self.name}/one.md": source,
            f"witness/{self.name}.txt": witness,
            f"witness/{self.name}.csv": f"{head}\n{table}\n",
        }

    def record(self) -> dict[str, object]:
        """Return the page as a text in the record."""
        witness = self.files()[f"witness/{self.name}.txt"]
        if "sigla" in self.blocks:
            return self._several(hashlib.sha256(witness.encode()).hexdigest())
        return {
            "folder": self.name, "title": self.name, "siglum": "O",
            "witness": f"witness/{self.name}.txt", "sha256": hashlib.sha256(witness.encode()).hexdigest(),
            "pages": f"witness/{self.name}.csv", "glyphs": {"’": "'"}, "hands": {"anna": {"name": "Anna"}},
            "parts": [{"doc": "one", "id": "ch-01", "type": "chapter", "n": 1, "title": self.name}],
        }  # fmt: skip

    def _several(self, digest: str) -> dict[str, object]:
        """Return the page as a text of several witnesses: O, whose lines it has, and those in ``sigla``."""
        base = {
            "file": f"witness/{self.name}.txt",
            "sha256": digest,
            "pages": f"witness/{self.name}.csv",
        }
        others: dict[str, dict[str, str]] = {siglum: {} for siglum in self.one("sigla").split()}
        return {
            "folder": self.name,
            "title": self.name,
            "base": "O",
            "witnesses": {"O": base, **others},
            "parts": [{"doc": "one", "id": "ch-01", "type": "chapter", "n": 1, "title": self.name}],
        }


def edition_of_all(root: Path, pages: Mapping[str, Page] | None = None) -> Mini:
    """Make one edition of ``pages``, or of all pages, each a text."""
    pages = pages or {name: Page.read(name) for name in PAGES}
    mini = Mini(root)
    record = yaml.safe_load(mini.read("edition.yaml"))
    record["texts"] = {}
    record["languages"]["fr"] = "French"
    for name, page in pages.items():
        record["texts"][name] = page.record()
        for file, text in page.files().items():
            mini.write(file, text)
    mini.write("edition.yaml", yaml.safe_dump(record, allow_unicode=True))
    mini.write(
        "index.md", "# All\n\n```{toctree}\n" + "".join(f"{name}/one\n" for name in pages) + "```\n"
    )
    mini.write("images/map.png", PICTURE.read_bytes())
    for leftover in ("t/one.md", "t/two.md"):
        mini.path(leftover).unlink()
    return mini

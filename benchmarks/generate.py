"""Make an edition of any size: its own words, names, pages, witness lines, notes and readings.

    python benchmarks/generate.py FOLDER --pages 1600

It is an edition like any other: complete, valid, with a witness from which it differs where a role records
it. A seed gives the same edition everywhere. As in real texts, the number of different words grows with the
square root of the length, and the number of names with the length itself.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from pathlib import Path

#: Lines of text in a page, pages in a chapter, words in a line, lines in a paragraph, words in a sentence.
LINES, CHAPTER, WORDS, PARAGRAPH, SENTENCE = 26, 16, 9, 11, 20
_SYLLABLES = [c + v + e for c in "bdfglmnprstv" for v in "aeiou" for e in ("", "n", "r", "l")]

_CONF = '''"""A generated edition."""

project = "A generated edition"
language = "en"
extensions = ["tei_export"]
'''
_RECORD = """\
title: A generated edition
subtitle: ""
short_title: Generated
version: 1.0.0
date: "2026-01-31"
status: draft
language: en
editors: A program
publisher: A program
base_url: ""
repository_url: ""
description: {pages} pages for measurements.
caveat: It says nothing.

rights:
  text: {{name: Copyright not evaluated, uri: "http://rightsstatements.org/vocab/CNE/1.0/", statement: Not evaluated.}}
  encoding: {{name: CC BY 4.0, uri: "https://creativecommons.org/licenses/by/4.0/", statement: Generated.}}
  metadata: {{name: CC0 1.0, uri: "https://creativecommons.org/publicdomain/zero/1.0/", statement: In the public domain.}}

languages:
  en: English

texts:
  t:
    folder: t
    title: A generated text
    author: ""
    kind: typescript
    description: It says nothing.
    witness_description: It says nothing, too.
    siglum: O
    witness: witness/w.txt
    sha256: {sha256}
    pages: witness/pages.csv
    complete: true
    medium: typescript
    origin: ocr
    parts:
{parts}
"""


class Generator:
    """Write an edition of ``pages`` pages; ``seed`` determines its words."""

    def __init__(self, pages: int, seed: int = 1) -> None:
        self.pages = pages
        self._chance = random.Random(seed)
        self._used: set[str] = set()
        self._words = [self._word(2, 4) for _ in range(int(300 * max(pages, 4) ** 0.5))]
        count = max(2, pages // 2)
        self.names = {
            "person": [self._name() for _ in range(count)],
            "place": [self._name() for _ in range(count // 2)],
        }
        self._unnamed = {kind: list(names) for kind, names in self.names.items()}
        self._witness: list[str] = []
        self._last = ""
        self._sentence_begins = True

    def _word(self, least: int, most: int) -> str:
        while True:
            number = self._chance.randint(least, most)
            word = "".join(self._chance.choice(_SYLLABLES) for _ in range(number))
            if word not in self._used:
                self._used.add(word)
                return word

    def _name(self) -> str:
        return self._word(3, 5).capitalize()

    def write(self, root: Path) -> None:
        """Write the edition into ``root``, a folder that does not exist."""
        edition = root / "edition"
        for folder in ("t", "witness", "registers"):
            (edition / folder).mkdir(parents=True)
        (root / "conf.py").write_text(_CONF, encoding="utf-8")
        rows, parts = ["page,first_line,last_line,number_seen_at_line,note"], []
        for number, first in enumerate(range(1, self.pages + 1, CHAPTER), 1):
            last = min(first + CHAPTER - 1, self.pages)
            source = self._chapter(number, range(first, last + 1), rows)
            (edition / "t" / f"c{number:04}.md").write_text(source, encoding="utf-8")
            parts.append(
                f"      - {{doc: c{number:04}, id: ch-{number:04}, type: chapter, n: {number}, title: Chapter {number}}}"
            )
        witness = "\n".join(self._witness) + "\n"
        (edition / "witness" / "w.txt").write_text(witness, encoding="utf-8")
        (edition / "witness" / "pages.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        self._registers(edition / "registers")
        documents = "\n".join(f"t/c{n:04}" for n in range(1, len(parts) + 1))
        (edition / "index.md").write_text(
            f"# A generated edition\n\n```{{toctree}}\n{documents}\n```\n", encoding="utf-8"
        )
        record = _RECORD.format(
            pages=self.pages,
            sha256=hashlib.sha256(witness.encode()).hexdigest(),
            parts="\n".join(parts),
        )
        (edition / "edition.yaml").write_text(record, encoding="utf-8")

    def _registers(self, folder: Path) -> None:
        for name, kind in (("persons", "person"), ("places", "place")):
            entries = [
                f"{form.lower()}:\n  name: {form}\n  forms: [{form}]\n" for form in self.names[kind]
            ]
            (folder / f"{name}.yaml").write_text("\n".join(entries), encoding="utf-8")

    def _chapter(self, number: int, pages: range, rows: list[str]) -> str:
        """Return the source of a chapter; add its witness lines and rows of the page table."""
        source: list[str] = []
        notes: list[str] = []
        line_of_paragraph = 0
        for page in pages:
            first = len(self._witness) + 1
            turn = f"{{pb}}`{page}`"
            here = 0
            if page == pages[0]:
                title = self._name().upper()
                source += [f"{turn}{{number}}`CHAPTER {number}`", title, "===", ""]
                self._witness += [f"CHAPTER {number}", title]
                turn, here = "", 2
            label = len(notes) + 1
            while here < LINES:
                edited, read = self._line()
                if here == LINES // 2:
                    edited, read = f"{edited}[^{label}]", f"{read}{label}"
                source.append(turn + edited)
                self._witness.append(read)
                turn = ""
                here += 1
                line_of_paragraph += 1
                if line_of_paragraph == PARAGRAPH and here < LINES:
                    source.append("")
                    line_of_paragraph = 0
            text = self._last  # the text goes on after the note
            edited, read = self._line()
            self._last = text
            notes.append(f"[^{label}]: {edited}")
            self._witness.append(f"{label} {read}")
            rows.append(f"{page},{first},{len(self._witness)},,")
            self._witness.append("")
        return "\n".join([*source, "", *(f"{note}\n" for note in notes)])

    def _line(self) -> tuple[str, str]:
        """Return a line as edited, and as in the witness."""
        edited, read = [], []
        for _ in range(WORDS):
            before = self._last
            word = self._chance.choice(self._words)
            while word == before:  # a word twice in a row is a problem
                word = self._chance.choice(self._words)
            self._last = word
            if self._sentence_begins:
                word, self._sentence_begins = word.capitalize(), False
            draw = self._chance.random()
            if draw < 0.02:
                wrong = word[:-1] + ("x" if word[-1] != "x" else "z")
                edited.append(f"{{ocr}}`{word} <{wrong}>`")
                read.append(wrong)
            elif draw < 0.024:
                wrong = word[0] + word[0].lower() + word[1:]
                edited.append(f"{{sic}}`{word} <{wrong}>`")
                read.append(wrong)
            elif draw < 0.055:
                kind = "person" if draw < 0.045 else "place"
                left = self._unnamed[kind]
                name = left.pop() if left else self._chance.choice(self.names[kind])
                self._last = name
                if name == before:
                    continue
                edited.append(f"{{{kind}}}`{name}`")
                read.append(name)
            else:
                edited.append(word)
                read.append(word)
                if self._chance.random() < 1 / SENTENCE:
                    edited[-1] += "."
                    read[-1] += "."
                    self._sentence_begins = True
        return " ".join(edited), " ".join(read)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=160)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    Generator(given.pages, given.seed).write(given.folder)


if __name__ == "__main__":
    main()

"""``tei-export import --witness A=FILE --witness B=FILE``: plain texts as the witnesses of a text."""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.importing import markup
from tei_export.importing.safe_xml import import_error
from tei_export.model.record_fields import SIGLUM
from tei_export.model.safe_read import LARGEST, text_problems
from tei_export.model.vocabulary import CONJECTURE
from tei_export.model.witnesses import CHECKSUMS, tei_id

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Longer lines are whole paragraphs: those of the base are wrapped at :data:`_WIDTH` characters.
_LONG, _WIDTH = 300, 100
_BLANK = re.compile(r"\n[ \t]*\n\s*")


def given_texts(arguments: Sequence[str]) -> dict[str, str]:
    """Return the text of each witness by its siglum, in order: ``A=first.txt``.

    :raises EditionError: ``import-witness`` or ``import-missing``: what was given cannot be used
    """
    found: dict[str, str] = {}
    for item in arguments:
        siglum, sign, name = item.partition("=")
        if not sign or not re.fullmatch(SIGLUM.pattern, siglum):
            raise import_error(
                "import-witness", "--witness", 0, f"{item}: write SIGLUM=FILE; {SIGLUM.words}"
            )
        if siglum in found:
            raise import_error("import-witness", "--witness", 0, f"{siglum} is given twice")
        found[siglum] = _text(Path(name))
    if len(found) < 2:
        raise import_error(
            "import-witness", "--witness", 0, "give two witnesses or more, the base first"
        )
    return found


def _text(path: Path) -> str:
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except OSError as error:
        raise import_error(
            "import-missing", str(path), 0, error.strerror or "cannot be read"
        ) from None
    wrong = text_problems(data, path.name)
    if wrong:
        raise import_error("import-encoding", path.name, wrong[0].line, wrong[0].detail)
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise import_error("import-empty", path.name, 0, "the file has no text")
    return text


def compose(
    key: str, texts: dict[str, str], title: str, part: str
) -> tuple[dict[str, str], str, list[str]]:
    """Return the files of a text with several witnesses, its entry for the record, and remarks for the editor.

    :param key: the id of the text
    :param texts: the text of each witness by its siglum; the first is the base
    :param title: its title
    :param part: the id of its part
    """
    said: list[str] = []
    base = next(iter(texts))
    paragraphs = [p for p in _BLANK.split(texts[base].strip("\n")) if p.strip()]
    if max(len(line) for line in texts[base].split("\n")) > _LONG:
        paragraphs = [
            "\n".join(textwrap.wrap(p, _WIDTH, break_long_words=False, break_on_hyphens=False))
            for p in paragraphs
        ]
        said.append(
            f"{base}: its lines hold whole paragraphs; they were folded at {_WIDTH} characters, no word was changed"
        )
    texts = {**texts, base: "\n\n".join(paragraphs) + "\n"}
    taken: list[str] = []
    files, items, sums = {}, [], []
    for siglum, text in texts.items():
        taken.append(tei_id(siglum, taken))
        name = f"{key}-{taken[-1]}.txt"
        files[f"witness/{name}"] = text
        sums.append(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n")
        items.append(
            f"    {json.dumps(siglum, ensure_ascii=False)}: {{name: {json.dumps(siglum, ensure_ascii=False)}, "
            f"file: witness/{name}, medium: transcription}}"
        )
    files[f"witness/{CHECKSUMS}"] = "".join(sums)
    files[f"{key}/{key}-01.md"] = _source(paragraphs, title, said)
    entry = "\n".join(
        (
            f"{key}:", f"  folder: {key}", f"  title: {json.dumps(title, ensure_ascii=False)}", "  kind: text",
            f"  description: {json.dumps(title, ensure_ascii=False)}",
            f"  base: {json.dumps(base, ensure_ascii=False)}           # its lines are the lines of the source",
            "  witnesses:                # proof: letters (the default), words or significant: docs/witnesses.md", *items,
            "  complete: true", "  parts:",
            f"    - {{doc: {key}-01, id: {part}, type: chapter, n: 1, title: {json.dumps(title, ensure_ascii=False)}}}", "",
        )
    )  # fmt: skip
    return files, entry, said


def _source(paragraphs: Sequence[str], title: str, said: list[str]) -> str:
    """Return the source: the paragraphs of the base; a text without a heading gets the title."""
    first = paragraphs[0].split("\n")
    headed = (
        len(first) == 1 and len(first[0]) <= 80 and not first[0].rstrip().endswith((".", ",", ";"))
    )
    blocks = ["\n".join(_line(line) for line in p.split("\n")) for p in paragraphs]
    if headed:
        head, blocks = blocks[0], blocks[1:]
    else:
        head = markup.role(CONJECTURE, f"{markup.in_role(title)} ? (no heading in the witnesses)")
        said.append("no heading was found; the title stands for it, as supplied: correct that")
    return "\n\n".join([f"{head}\n===", *blocks]) + "\n"


def _line(line: str) -> str:
    return markup.text_of_line(" ".join(line.split()), starts_line=True)


def checksums(old: str, new: str) -> str:
    """Return a list of checksums, merged with the lines of another."""
    return "".join(
        sorted(
            {*old.splitlines(keepends=True), *new.splitlines(keepends=True)}, key=lambda x: x[66:]
        )
    )

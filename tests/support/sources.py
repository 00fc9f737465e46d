"""Read the sources of the thesis without any code of the package.

The result gives for every line of the typescript its page and line, its edited text, and whether its
last word continues in the next line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: A role that contains no other.
_ROLE = re.compile(r"\{(\w+)\}(`+)(?!`)((?:(?!\{\w+\}`).)*?)(?<!`)\2(?!`)")
_DOUBT = re.compile(r"\s+\?+(?:\s+#\w+)?(?:\s+\(.*\))?\s*$")
_PAGE = re.compile("\x02([^\x03]*)\x03")
_NOTE = re.compile(r"\[\^([\w-]+)\]:\s?(.*)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the typescript. ``place`` is like ``17.12``; ``divided``: the last word continues in the next line."""

    place: str
    text: str
    divided: bool
    block: int


def plain(line: str) -> str:
    """Return a source line as edited; page breaks as ``\\x02page\\x03``."""
    before = ""
    while before != line:
        before = line
        line = _ROLE.sub(
            lambda m: _role(m[1], m[3].strip() if m[2] != "`" else m[3]), line, count=1
        )
    return line


def _role(name: str, text: str) -> str:
    if name == "pb":
        return f"\x02{text.split(' <')[0]}\x03"
    if name == "o":
        return ""
    if name == "gap":
        return "" if "page" in text.split("?")[0] else "[…]"
    if name in {"supplied", "unclear"}:
        return _DOUBT.sub("", text)
    if name in {"ocr", "sic"}:
        return re.sub(r" ?<.*", "", text)
    return re.sub(r" <[\w-]+>$", "", text).replace("…", "")


def chapter(path: Path) -> list[Line]:
    """Return every line of a chapter: its body, then its notes, as pages number them."""
    body: list[tuple[str, int]] = []
    notes: dict[str, list[tuple[str, int]]] = {}
    current = None
    block = 0
    for raw in path.read_text(encoding="utf-8").split("\n"):
        found = _NOTE.match(raw)
        if found:
            current = notes.setdefault(found[1], [])
            raw = found[2]
            block += 1
        elif raw and not raw.startswith((" ", "\t")):
            current = None
        if not raw.strip() or raw.startswith("```") or re.fullmatch(r"[=-]{3,}", raw):
            block += 1
            continue
        if not raw.startswith("%"):
            (body if current is None else current).append(
                (re.sub(r"^(>\s?|#+\s)", "", raw.strip()), block)
            )
    return _numbered(body, notes)


def _numbered(body: list[tuple[str, int]], notes: dict[str, list[tuple[str, int]]]) -> list[Line]:
    count: dict[str, int] = {}
    result: list[Line] = []
    page = ""
    at: dict[str, str] = {}

    def put(line: str, block: int) -> None:
        nonlocal page
        text = plain(line)
        turns = _PAGE.findall(text)
        page = turns[-1] if turns else page
        for label in re.findall(r"\[\^([\w-]+)\]", text):
            at[label] = page
        text = re.sub(r"\[\^[\w-]+\]", "", _PAGE.sub("", text)).strip()
        if text:
            count[page] = count.get(page, 0) + 1
            divided = text.endswith("¬")
            text = text.removesuffix("¬").removesuffix("-") if divided else text
            result.append(Line(f"{page}.{count[page]}", text, divided, block))

    for line, block in body:
        put(line, block)
    for label, lines in notes.items():
        if label.startswith("ed-"):
            continue
        page = at[label]
        for line, block in lines:
            put(line, block)
    return result

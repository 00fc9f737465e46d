"""The content of a reading: its letters, and roles for what happened to them in the witness.

Every letter counts as it stands; only roles are markup: ``<B: {del}`old <struck>` words>``. The rows
of the vocabulary say what each layer reads: O the witness's file, which the proof compares; E the
witness's final text. :func:`plain` writes both in one line, with the signs of the rows (Leiden
conventions). Standard library only.

Source: TEI P5 PH#PHAD, TC#TCAPLL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from tei_export.model.readings import (
    RoleText,
    RoleTextError,
    is_extent,
    parse_extent,
    parse_layer,
    parse_phrase,
    parse_state,
)
from tei_export.model.role_values import TailError, read_values
from tei_export.model.vocabulary import BY_NAME, Family, Reads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tei_export.model.vocabulary import Role

#: Letters that would begin markup, unless a backslash precedes them.
_SPECIAL: Final = "\\<>?#(:{"
_ESCAPED = re.compile(rf"\\([{re.escape(_SPECIAL)}])")
#: Placeholders for escaped letters and roles while the rest is parsed: noncharacters (Unicode
#: 23.7).
_MASK, ROLE = 0xFDD0, "\ufddf"
_MASKED = re.compile(f"[{chr(_MASK)}-{chr(_MASK + len(_SPECIAL) - 1)}]")
_ROLE = re.compile(r"\{(?:ed:)?(?P<name>[\w+-]+)\}(?P<ticks>`+)")
#: Maximum depth of roles in roles.
_DEEPEST = 8
#: Shown in place of lost words.
LOST: Final = "[…]"


@dataclass(frozen=True, slots=True)
class ReadingMark:
    """A role inside a reading.

    ``kind``: its row. ``content``: its words. ``source``: of a layer, the words of the witness
    instead. ``values``: (TEI attribute, value); ``key``: of a mention; ``named``: the mention is a
    name, not a description; ``extent``: of a loss; ``said``: the values in words for readers.
    """

    kind: str
    content: Pieces = ()
    source: str = ""
    cert: str = "high"
    resp: str = "ed"
    why: str = ""
    values: tuple[tuple[str, str], ...] = ()
    key: str = ""
    named: bool = False
    extent: tuple[int, str] = (0, "")
    said: tuple[tuple[str, str], ...] = ()

    @property
    def row(self) -> Role:
        """Its row of the vocabulary."""
        return BY_NAME[self.kind]


#: The pieces of a reading: letters and roles.
Pieces = tuple["str | ReadingMark", ...]


def masked(text: str) -> tuple[str, list[str]]:
    """Return a reading with a placeholder for each role and each escaped letter, and the roles in
    order.

    :raises RoleTextError: ``variant-markup``: a role that is not closed
    """
    text = _ESCAPED.sub(lambda m: chr(_MASK + _SPECIAL.index(m[1])), text)
    done, roles, at = "", list[str](), 0
    while match := _ROLE.search(text, at):
        end = role_end(text, match.start())
        if end < 0:
            raise RoleTextError(
                "variant-markup", f"{unmasked(text[match.start() :])} is not closed"
            )
        done += text[at : match.start()] + ROLE
        roles.append(text[match.start() : end])
        at = end
    return done + text[at:], roles


def role_end(text: str, at: int) -> int:
    """Return where the role that begins at ``at`` ends; 0: none begins there; -1: it does not end."""
    match = _ROLE.match(text, at)
    if match is None:
        return 0
    ticks = match["ticks"]
    close = re.compile(rf"(?<!`){ticks}(?!`)").search(text, match.end())
    return close.end() if close else -1


def pieces_of(text: str, roles: Iterator[str], level: int = 0) -> Pieces:
    """Parse a reading as :func:`masked` returns it.

    :raises RoleTextError: ``variant-markup``: a role not allowed in readings; ``markup-deep``; and
        every error of the role itself
    """
    found: list[str | ReadingMark] = []
    for run in re.split(f"({ROLE})", text):
        if run == ROLE:
            found.append(_mark(next(roles), level))
        elif run:
            found.append(unmasked(run))
    return tuple(found)


def _inner(text: str, level: int) -> Pieces:
    if level > _DEEPEST:
        raise RoleTextError("markup-deep", text[:60])
    if text.endswith("` "):  # the space that separates an inner role's fence from the outer one
        text = text[:-1]
    bare, roles = masked(text)
    return pieces_of(bare, iter(roles), level)


def unmasked(text: str, *, escaped: bool = False) -> str:
    """Return the original of a masked text, its escaped letters with or without their backslash."""
    sign = "\\" if escaped else ""
    return _MASKED.sub(lambda m: sign + _SPECIAL[ord(m[0]) - _MASK], text)


def _mark(role: str, level: int) -> ReadingMark:
    match = _ROLE.match(role)
    assert match is not None
    row = BY_NAME.get(match["name"])
    text = role[match.end() : len(role) - len(match["ticks"])]
    if row is None or not row.in_readings:
        raise RoleTextError("variant-markup", unmasked(role))
    try:
        return _PARSERS[row.family](row, text, level + 1)
    except RoleTextError as error:
        said = f": {error.detail}" if error.code == "role-value" else ""
        raise RoleTextError(error.code, f"{unmasked(role)}{said}") from None


def _made(row: Role, found: RoleText, tail: str, level: int) -> ReadingMark:
    try:
        values = read_values(unmasked(tail), row.values)
    except TailError as error:
        raise RoleTextError("role-value", str(error)) from None
    return ReadingMark(
        row.name,
        _inner(found.reading, level),
        unmasked(found.source),
        found.cert,
        found.resp,
        unmasked(found.why),
        tuple(values.items()),
    )


def _layer(row: Role, text: str, level: int) -> ReadingMark:
    found = parse_layer(text, valued=bool(row.values))
    return _made(row, found, found.values, level)


def _phrase(row: Role, text: str, level: int) -> ReadingMark:
    found = parse_phrase(text) if row.values else RoleText(text)
    if not found.reading.strip():
        raise RoleTextError("role-empty", text)
    return _made(row, replace(found, values=""), found.values, level)


def _state(row: Role, text: str, level: int) -> ReadingMark:
    found = parse_state(text)
    if row.read_by("E") is Reads.SIGN:
        extent = parse_extent(found.reading)
        return replace(_made(row, replace(found, reading=""), "", level), extent=extent)
    if row.conjecture and found.cert == "high":
        raise RoleTextError("supplied-certain", text)
    if row.conjecture and is_extent(found.reading):
        raise RoleTextError("supplied-extent", text)
    return _made(row, found, "", level)


_MENTION = re.compile(r"(?P<text>.*?)(?: <(?P<key>[^<>]*)>)?", re.DOTALL)


def _mention(row: Role, text: str, level: int) -> ReadingMark:
    match = _MENTION.fullmatch(text)
    words = match["text"] if match else text
    if not words.strip():
        raise RoleTextError("role-empty", text)
    return ReadingMark(row.name, _inner(words, level), key=(match and match["key"]) or "")


_PARSERS: dict[Family, Callable[[Role, str, int], ReadingMark]] = {
    Family.LAYER: _layer,
    Family.PHRASE: _phrase,
    Family.STATE: _state,
    Family.MENTION: _mention,
}


def read(pieces: Pieces, layer: str) -> str:
    """Return what a layer reads: O the letters of the witness's file, E the witness's final text."""
    return "".join(one if isinstance(one, str) else _of_mark(one, layer) for one in pieces)


def _of_mark(mark: ReadingMark, layer: str) -> str:
    reads = mark.row.read_by(layer)
    if reads is Reads.NOTHING:
        return ""
    if reads is Reads.SIGN:
        return "" if layer == "O" else LOST
    source = mark.source if reads in (Reads.SOURCE, Reads.BOTH) else ""
    return source + (read(mark.content, layer) if reads is not Reads.SOURCE else "")


def plain(pieces: Pieces) -> str:
    """Return a reading in one line, with the signs of its roles: ``the ⟦old⟧ word``."""
    return "".join(one if isinstance(one, str) else _plain(one) for one in pieces)


class SignedPart(NamedTuple):
    """A part of a role as one line shows it, between signs.

    ``kind``: ``struck`` for replaced words, ``added`` for their replacement, ``role`` for the words of
    any other role; empty for anything else, whose white space stays inside the signs.
    """

    kind: str
    before: str
    content: Pieces
    after: str

    @property
    def sign(self) -> str:
        """The signs around an ellipsis, for explanations; of a loss, the sign itself."""
        return f"{self.before}{LOST if self.content == (LOST,) else '…'}{self.after}"


def signed(mark: ReadingMark) -> tuple[SignedPart, ...]:
    """Return the parts of a role with their signs: every output shows these (Leiden conventions)."""
    before, after = mark.row.signs_around
    if mark.row.read_by("E") is Reads.SIGN:
        return (SignedPart("", "", (LOST,), ""),)
    if mark.row.read_by("O") is Reads.BOTH:
        struck = SignedPart("struck", "⟦", (mark.source,), "⟧")
        return struck, SignedPart("added", before, mark.content, after)
    if mark.row.read_by("O") is Reads.SOURCE:
        return SignedPart("", "", (mark.source,), ""), SignedPart("", " [", mark.content, "]")
    return (SignedPart("role", before, mark.content, after),)


def _plain(mark: ReadingMark) -> str:
    return "".join(
        _around(part.before, plain(part.content), part.after)
        if part.kind
        else f"{part.before}{plain(part.content)}{part.after}"
        for part in signed(mark)
    )


def _around(before: str, words: str, after: str) -> str:
    """Return words between signs; white space at either end stays outside."""
    lead, inside, trail = parted(words)
    return f"{lead}{before}{inside}{after}{trail}"


def parted(words: str) -> tuple[str, str, str]:
    """Split words into leading white space, words, trailing white space."""
    inside = words.strip()
    if not inside:
        return "", words, ""
    lead, trail = words.split(inside, 1)
    return lead, inside, trail


def parted_pieces(pieces: Pieces) -> tuple[str, Pieces, str]:
    """Split pieces in the same way as :func:`parted`."""
    inside, lead, trail = list(pieces), "", ""
    if not plain(pieces).strip():
        return lead, pieces, trail
    if isinstance(first := inside[0], str):
        lead = first[: len(first) - len(first.lstrip())]
        inside[0] = first.lstrip()
    if isinstance(last := inside[-1], str):
        trail = last[len(last.rstrip()) :]
        inside[-1] = last.rstrip()
    return lead, tuple(inside), trail


def marks_in(pieces: Pieces) -> Iterator[ReadingMark]:
    """Yield the roles of a reading, the outer one before those inside it."""
    for one in pieces:
        if isinstance(one, ReadingMark):
            yield one
            yield from marks_in(one.content)


def changed(pieces: Pieces, change: Callable[[ReadingMark], ReadingMark]) -> Pieces:
    """Return the pieces with every role replaced by what ``change`` returns for it."""
    return tuple(
        one if isinstance(one, str) else change(replace(one, content=changed(one.content, change)))
        for one in pieces
    )

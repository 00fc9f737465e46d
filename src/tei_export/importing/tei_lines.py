"""Assemble source lines while walking a TEI text: breaks, roles across lines, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tei_export.importing import hyphens, markup
from tei_export.model.word_division import DIVIDED


@dataclass(slots=True)
class OpenRole:
    """An open role; the ``key`` of a mention goes into its first piece."""

    name: str
    key: str = ""
    mention: bool = False
    pieces: list[str] = field(default_factory=list)
    continues: bool = False


@dataclass(slots=True)
class ImportedLine:
    """A line of the source, and its text in a witness without line numbers."""

    text: str
    plain: str
    page: int


class LineBuilder:
    """The lines of one block. ``page`` counts the page breaks so far, over all blocks."""

    def __init__(self, page: int = -1) -> None:
        self.done: list[ImportedLine] = []
        self.pieces: list[str] = []
        self.plain = ""
        self.prefix = ""
        self.open: list[OpenRole] = []
        self.page = page
        #: in a note of own TEI: its page, and the pieces after its number
        self.label = ""
        self.numbered = -1

    @property
    def started(self) -> bool:
        """Whether the line contains any text."""
        return bool(
            "".join(self.pieces).strip() or any("".join(o.pieces).strip() for o in self.open)
        )

    def text(self, text: str) -> None:
        """Add text that all layers read."""
        folded = re.sub(r"\s+", " ", text)
        if not self.started and not self.open:
            folded = folded.lstrip()
        if not folded:
            return
        inside = bool(self.open)
        escaped = markup.in_role(folded) if inside else self._outside(folded)
        self.put(escaped, folded)

    def _outside(self, text: str) -> str:
        return markup.text_of_line(text, starts_line=not self.prefix and not self.pieces)

    def put(self, piece: str, plain: str = "") -> None:
        """Add markup unchanged."""
        (self.open[-1].pieces if self.open else self.pieces).append(piece)
        self.plain += plain

    def before(self, piece: str) -> None:
        """Add markup before the text of a line: page breaks, witness line numbers."""
        self.prefix += piece

    def begin(self, role: OpenRole) -> None:
        """Open a role."""
        self.open.append(role)

    def close(self) -> None:
        """End the innermost open role."""
        role = self.open.pop()
        content = "".join(role.pieces)
        inner = content.strip()
        if role.continues and not inner:
            return
        # spaces go outside: a role's trailing space is not text
        before, after = (
            content[: len(content) - len(content.lstrip())],
            content[len(content.rstrip()) :],
        )
        self.put(f"{before}{_wrapped(role, inner, more=False)}{after}" if inner else content)

    def end(self, division: str) -> None:
        """End the line; ``division`` is the sign of a divided word (``¬``, ``-¬``, ``⸗¬``), or empty."""
        if not self.started:
            return
        before = self._close_all()
        text = "".join(self.pieces).rstrip()
        self.done.append(
            ImportedLine(
                f"{self.prefix}{text}{division}",
                self.plain.strip() + division.rstrip("¬"),
                self.page,
            )
        )
        self.pieces, self.plain, self.prefix = [], "", ""
        self.open = before

    def _close_all(self) -> list[OpenRole]:
        """Close the roles that continue on the next line, and reopen them there."""
        again: list[OpenRole] = []
        while self.open:
            role = self.open.pop()
            content = "".join(role.pieces).rstrip()
            if content.strip():
                before = content[: len(content) - len(content.lstrip())]
                self.put(before + _wrapped(role, content.strip(), more=True))
                again.append(OpenRole(role.name, role.key, role.mention, continues=True))
            else:
                again.append(OpenRole(role.name, role.key, role.mention, continues=role.continues))
        return again[::-1]

    def divide(self, *, shown: str | None) -> str:
        """Return the division sign for a line whose word continues; remove a hyphen from the text.

        ``shown``: the sign that the witness has, or an empty string; None: the text itself shows it.
        """
        if shown is not None:
            return f"{shown}{DIVIDED}"
        for pieces in (*(o.pieces for o in reversed(self.open)), self.pieces):
            if pieces:
                pieces[-1], sign = hyphens.without_sign(pieces[-1])
                self.plain, _ = hyphens.without_sign(self.plain)
                return f"{sign}{DIVIDED}"
        return DIVIDED


def _wrapped(role: OpenRole, content: str, *, more: bool) -> str:
    if not role.mention:
        return markup.role(role.name, content) if content.strip() else content
    key = f" <{role.key}>" if role.key and not role.continues else ""
    return markup.role(
        role.name, f"{'…' if role.continues else ''}{content}{'…' if more else ''}{key}"
    )

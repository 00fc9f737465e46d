"""Turn imported pages into the files of a text: witness, page table, source, table of words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from tei_export.importing import compare, hyphens, markup, unmarked_regions
from tei_export.importing.numbered_lines import CorrectedRows, SourceBlock, WitnessRow
from tei_export.importing.page_numbers import PageLabel, parse_page_number
from tei_export.importing.page_numbers import label_pages as label_pages
from tei_export.importing.safe_xml import import_error
from tei_export.importing.scanned_pages import FORMWORK, OTHERS, PARAGRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tei_export.importing.scanned_pages import ScanPage

_NOTE = re.compile(r"(\d{1,3})(?=\D)")
_ENDED = re.compile(r"[.!?…»”\"')\]]$")


@dataclass(slots=True)
class ComposedText:
    """The files of a text, ready to be written, and the guesses that were made."""

    witness: str
    pages: str
    words: str
    images: str
    source: str
    said: list[str] = field(default_factory=list)


def compose(
    pages: Sequence[ScanPage],
    clean: Sequence[ScanPage] = (),
    glyphs: Mapping[str, str] | None = None,
    *,
    paged: bool = True,
) -> ComposedText:
    """Return the files of a text.

    :param pages: the pages as the OCR engine read them
    :param clean: the corrected text, if any
    :param glyphs: mark in O → mark in T
    :param paged: whether to write page breaks
    :raises EditionError: ``import-empty`` (no text at all), ``import-clean`` (the corrected text
        does not match these lines)
    """
    said = [f"{page.file}: {told}" for page in pages for told in page.said]
    for page in (*pages, *clean):
        _normalise(page, said if page in pages else [])
    if not any(page.lines for page in pages):
        raise import_error("import-empty", pages[0].file, 0, "no line has text")
    labels = label_pages(pages) if paged else [PageLabel() for _ in pages]
    said += unmarked_regions.find(pages, labels)
    said += _apart(pages)
    composer = _Composer(pages, labels, glyphs or {}, said)
    composer.read()
    if clean:
        composer.correct(clean)
    composed = ComposedText(
        composer.witness(),
        composer.table(),
        composer.words(),
        composer.images() if paged else "",
        composer.write(),
        said,
    )
    said[:0] = composer.numbers() if paged else []
    return composed


def _normalise(page: ScanPage, said: list[str]) -> None:
    soft = 0
    for block in page.blocks:
        for line in block.lines:
            soft += line.text.rstrip().endswith(("\u00ad", "¬"))
            line.text = hyphens.normalise(line.text)
        block.lines = [line for line in block.lines if line.text]
    page.blocks = [block for block in page.blocks if block.lines]
    if soft:
        said.append(
            f"{page.file}: {soft} line ends with a soft hyphen or ¬ are written with a hyphen"
        )


def _apart(pages: Sequence[ScanPage]) -> list[str]:
    """Count the ends of lines at which a hyphen stands apart from its word: it may be a dash."""
    lines = [line for page in pages for line in page.lines if line.text.endswith((" -", " ⸗"))]
    if not lines:
        return []
    return [
        f"line ends with a hyphen after a space: {len(lines)}, the first {lines[0].text!r}; words are not joined over them"
    ]


class _Composer(CorrectedRows):
    """Writes the source of the rows."""

    def write(self) -> str:
        """Return the source.

        The heading comes first; paragraphs continue over pages; notes follow their paragraph.
        """
        self._initials()
        self._tell_forme_work()
        self._notes()
        title = self._title()
        pieces = self._joined([p for p in self.pieces if p is not title and p.kind != "note"])
        before = self._before_title(pieces, title) if title.rows else []
        if title.rows:
            self._heading(title)
        for piece in _gathered([*before, *pieces]):
            self._piece(piece)
            self._print_notes(piece)
        if self.at < len(self.pages) - 1 and self.labels[-1].label:
            self.out += ["".join(self._breaks(len(self.pages) - 1)), ""]
        return "\n".join(self.out).rstrip("\n") + "\n"

    def _initials(self) -> None:
        """Put a drop capital at the head of the line that it begins: both are one line in print."""
        kept: list[SourceBlock] = []
        for piece in self.pieces:
            last = kept[-1] if kept else None
            if (
                last
                and last.kind == "drop-capital"
                and piece.kind == PARAGRAPH
                and len(last.rows) == 1
            ):
                kept.pop()
                row, following = last.rows[0], piece.rows[0]
                if not row.clean and following.clean.startswith(row.read):
                    # the corrected text has the capital in its line
                    row.clean = row.read
                    following.clean = following.clean.removeprefix(row.read)
                rest = following.clean.split(" ")[0].strip(".,;:!?-")
                # UFKLÄRUNG after A is the same word; Man after A is another
                following.initial = row
                following.begins_inside = rest[:1].islower() or (len(rest) > 1 and rest.isupper())
                joined = f"{row.clean}{'' if following.begins_inside else ' '}{rest}"
                self.said.append(f"line {row.number}: drop capital {row.clean!r} in {joined!r}")
            kept.append(piece)
        self.pieces = kept

    def _notes(self) -> None:
        """Find notes whose number occurs exactly once after a word of the same page."""
        for piece in self.pieces:
            number = _NOTE.match(piece.rows[0].clean) if piece.kind == "footnote" else None
            if not number or number[1] != str(len(self.references) + 1):
                continue
            sign = re.compile(rf"(?<=[^\W\d_]|[.,;:!?)\"'”’]){number[1]}(?!\d)")
            page = piece.rows[0].page
            rows = [row for row in self._running(page) if len(sign.findall(row.clean)) == 1]
            if (
                len(rows) != 1
                or id(rows[0]) in self.references
                or piece.rows[0].clean != piece.rows[0].read
            ):
                continue
            piece.kind, piece.note = "note", number[1]
            self.references[id(rows[0])] = (sign, piece)
            # a page has its text first, then its notes: text below them names its witness line
            below = [
                row.number
                for row in self.rows
                if row.page == page and row.number > piece.rows[-1].number
            ]
            self.pins.update(below)
        noted = {row.number for _, piece in self.references.values() for row in piece.rows}
        self.pins -= noted

    def _running(self, page: int) -> Iterator[WitnessRow]:
        """Yield the lines of a page's paragraphs that need no correction."""
        for piece in self.pieces:
            if piece.kind == PARAGRAPH:
                yield from (row for row in piece.rows if row.page == page and row.clean == row.read)

    def _title(self) -> SourceBlock:
        """Return the heading: all headings at the start of the text; it may have none."""
        texts = [
            p for p in self.pieces if p.kind not in FORMWORK and p.kind != "note"
        ] or self.pieces
        title = SourceBlock("heading")
        for piece in texts:
            if piece.kind != "heading":
                break
            title.rows += piece.rows
            piece.rows = []
        if not title.rows:
            self.said.append(
                "no heading was found: the part has none; === below a line makes it one"
            )
        self.pieces = [p for p in self.pieces if p.rows]
        return title

    def _before_title(self, pieces: list[SourceBlock], title: SourceBlock) -> list[SourceBlock]:
        """Move what stands above the heading: forme work into it, the rest below it.

        The rest keeps the number of its line.
        """
        before: list[SourceBlock] = []
        first = title.rows[0].number
        while pieces and pieces[0].rows[0].number and pieces[0].rows[0].number < first:
            piece = pieces.pop(0)
            if piece.kind in FORMWORK and not before:
                title.inside.update({id(row): FORMWORK[piece.kind] for row in piece.rows})
                title.rows[len(title.inside) - len(piece.rows) : 0] = piece.rows
            else:
                piece.pinned = True
                before.append(piece)
        return before

    def _goes_on(self, row: WitnessRow, following: WitnessRow) -> bool:
        return hyphens.divides(row.clean, following.clean, said=row.divided)

    def _joined(self, pieces: list[SourceBlock]) -> list[SourceBlock]:
        """Join paragraphs across pages, with the forme work between them inside."""
        done: list[SourceBlock] = []
        for piece in pieces:
            at = self._open(done, piece)
            if at is None:
                done.append(piece)
                continue
            whole, between = done[at], done[at + 1 :]
            del done[at + 1 :]
            for other in between:
                if other.kind in FORMWORK:
                    whole.inside.update({id(row): FORMWORK[other.kind] for row in other.rows})
                    whole.rows += other.rows
                else:  # it would end the paragraph: put it before, with the number of its line
                    other.pinned = True
                    done.insert(done.index(whole), other)
            whole.rows += piece.rows
            self.said.append(f"line {piece.rows[0].number}: the paragraph goes on over the page")
        return done

    def _open(self, done: list[SourceBlock], piece: SourceBlock) -> int | None:
        """Return the index of the paragraph that ``piece`` continues, or None."""
        if piece.kind != PARAGRAPH or not done:
            return None
        at = len(done) - 1
        while at >= 0 and done[at].kind != PARAGRAPH:
            if done[at].kind == "heading":
                return None
            at -= 1
        if at < 0 or done[at].rows[-1].page >= piece.rows[0].page:
            return None
        last, first = done[at].rows[-1], piece.rows[0]
        if not self._follows(last.page, first.page):
            return None
        between = done[at + 1 :]
        if self._goes_on(last, first):
            return at
        small = re.match(r"\W*[^\W\d_]", first.clean)
        open_end = (
            not _ENDED.search(last.clean) and bool(small) and first.clean.strip()[0].islower()
        )
        return at if open_end and all(other.kind in FORMWORK for other in between) else None

    def _follows(self, page: int, other: int) -> bool:
        """Return whether two pages of the file are consecutive by their labels."""
        (a, roman), (b, too) = (
            parse_page_number(self.labels[page].label),
            parse_page_number(self.labels[other].label),
        )
        return roman != too or b - a == other - page

    def _breaks(self, page: int) -> list[str]:
        breaks = []
        while self.at < page:
            self.at += 1
            seen = self.seen.get(self.at)
            if not self.labels[self.at].label:
                continue
            breaks.append(markup.page_break(self.labels[self.at].label, seen.read if seen else ""))
        return breaks

    def _heading(self, title: SourceBlock) -> None:
        self.out += self._lines(title)
        self.out += ["===", ""]
        self._print_notes(title)

    def _piece(self, piece: SourceBlock) -> None:
        kind = piece.kind
        if kind == "heading":
            lines = list(self._lines(piece))
            self.out += [f"## {lines[0]}", ""] if len(lines) == 1 else [*lines, "---", ""]
            return
        if kind in FORMWORK:
            piece.inside.update(
                {id(r): FORMWORK[kind] for r in piece.rows if id(r) not in piece.inside}
            )
        elif name := OTHERS.get(kind):
            self.out.append(f"% {name}")
            self.said.append(
                f"line {piece.rows[0].number}: {name} {piece.rows[0].clean!r} is kept as text"
            )
        self.out += [*self._lines(piece), ""]

    def _tell_forme_work(self) -> None:
        for piece in self.pieces:
            for row in piece.rows if piece.kind in FORMWORK else ():
                role = FORMWORK[piece.kind]
                why = f" ({piece.why})" if piece.why else ""
                self.said.append(f"line {row.number}: {row.clean!r} is forme work: {{{role}}}{why}")

    def _lines(self, piece: SourceBlock) -> Iterator[str]:
        own = [row for row in piece.rows if id(row) not in piece.inside]
        following = {id(a): b for a, b in pairwise(own)}
        for row in piece.rows:
            prefix = "".join(self._breaks(row.page))
            if row.number and (piece.pinned or row.number in self.pins):
                prefix += markup.role("o", str(row.number))
            if row.initial is not None:
                prefix += self._initial(row.initial)
                prefix += ("" if row.begins_inside else " ") + markup.role("o", str(row.number))
            if id(row) in piece.inside:
                yield prefix + self._forme(row, piece.inside[id(row)])
            else:
                after = following.get(id(row))
                yield prefix + self._line(row, after, starts_line=not prefix)

    def _initial(self, row: WitnessRow) -> str:
        if not row.clean:
            return markup.ocr("", row.read)
        return markup.role(
            "initial",
            compare.markup(row.clean, row.read, self.glyphs, starts_line=False, divided=False),
        )

    def _forme(self, row: WitnessRow, role: str) -> str:
        """Return a line of forme work."""
        if not row.clean:  # the corrected text has nothing of it
            return markup.ocr("", row.read)
        if not row.read:
            return markup.role(role, markup.supplied(row.clean))
        content = compare.markup(row.clean, row.read, self.glyphs, starts_line=False, divided=False)
        return markup.role(role, content)

    def _line(self, row: WitnessRow, after: WitnessRow | None, *, starts_line: bool) -> str:
        divided = after is not None and self._goes_on(row, after)
        if id(row) in self.references:
            return self._with_reference(row, divided, starts_line)
        if not row.read:
            return markup.supplied(row.clean.removesuffix("-") if divided else row.clean) + (
                "¬" if divided else ""
            )
        if not row.clean:
            return markup.ocr("", row.read)
        return compare.markup(
            row.clean, row.read, self.glyphs, starts_line=starts_line, divided=divided
        )

    def _with_reference(self, row: WitnessRow, divided: bool, starts_line: bool) -> str:
        sign, note = self.references[id(row)]
        before, after = sign.split(row.clean)
        text = markup.text_of_line(before, starts_line=starts_line)
        return f"{text}[^{note.note}]{markup.text_of_line(after, starts_line=False)}{'¬' if divided else ''}"

    def _print_notes(self, piece: SourceBlock) -> None:
        """Write the notes referenced in ``piece``, without repeating their number."""
        for row in piece.rows:
            if id(row) not in self.references:
                continue
            note = self.references[id(row)][1]
            text = note.rows[0].clean[len(note.note) :].lstrip()
            own = [replace(note.rows[0], read=text, clean=text), *note.rows[1:]]
            lines = []
            for at, line in enumerate(own):
                lines.append(
                    self._line(line, own[at + 1] if at + 1 < len(own) else None, starts_line=True)
                )
            self.out += [f"[^{note.note}]: {lines[0]}", *(f"    {line}" for line in lines[1:]), ""]


def _gathered(pieces: list[SourceBlock]) -> list[SourceBlock]:
    """Make one paragraph of the forme work at the head or foot of a page."""
    done: list[SourceBlock] = []
    for piece in pieces:
        last = done[-1] if done else None
        if (
            last is not None
            and last.kind in FORMWORK
            and piece.kind in FORMWORK
            and (last.pinned, last.rows[-1].page) == (piece.pinned, piece.rows[0].page)
        ):
            last.inside.update(
                {id(row): FORMWORK[last.kind] for row in last.rows if id(row) not in last.inside}
            )
            last.inside.update({id(row): FORMWORK[piece.kind] for row in piece.rows})
            last.rows += piece.rows
        elif last is not None and piece.kind == PARAGRAPH and _heads_page(last, done, piece):
            done[-1] = piece
            roles = {id(row): FORMWORK[last.kind] for row in last.rows} | last.inside
            piece.inside.update(roles)
            piece.rows[:0] = last.rows
        else:
            done.append(piece)
    return done


def _heads_page(piece: SourceBlock, done: list[SourceBlock], following: SourceBlock) -> bool:
    """Return whether forme work stands at the head of the page on which ``following`` begins."""
    page = following.rows[0].page
    before = done[-2].rows[-1].page if len(done) > 1 else -1
    return (
        piece.kind in FORMWORK
        and not piece.pinned
        and not following.pinned
        and before < page == piece.rows[0].page
    )

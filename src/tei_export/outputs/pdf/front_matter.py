"""The front matter: titles, rights, citation, and the description of the text.

All content comes from the record, the ledger and the facts of the domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from tei_export.i18n import terms
from tei_export.i18n.formats import _, day, enumerated, number, span, spans, status, text_direction
from tei_export.model.languages import direction
from tei_export.model.metadata import caveat, metadata
from tei_export.model.readings import collapse_space
from tei_export.outputs.pdf.apparatus import PROPOSED, UNREVIEWED, apparatus_explanation
from tei_export.outputs.pdf.book_forms import FORMS
from tei_export.shared.apparatus import of_parts
from tei_export.shared.labels import count_doubts, doubts, original
from tei_export.shared.reading_marks import signs
from tei_export.shared.typefaces import BUNDLED_ONLY
from tei_export.shared.typst_literals import TypstCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.model.edition import Edition, Text
    from tei_export.outputs.pdf.book_forms import BookForm
    from tei_export.shared.typefaces import Typefaces
    from tei_export.shared.volumes import Volume
    from tei_export.source.facts import Facts


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The record of one text, prepared for the layout of one volume of it."""

    edition: Edition
    text: Text
    volume: Volume
    commit: str = ""
    form: BookForm = FORMS["book"]
    preface: str = ""
    """the editors' preface as Typst source, if the text has one"""
    faces: Typefaces = BUNDLED_ONLY

    @property
    def facts(self) -> Sequence[Facts]:
        """The facts of the parts in the volume, in order."""
        return [facts for _part, facts in self.volume.parts]

    def field(self, path: str) -> str:
        """Return a field of the record as one line.

        :raises EditionError: the field is missing
        """
        return collapse_space(str(self.edition.field(path)))

    def text_field(self, name: str) -> str:
        """Return a field of the text; empty if it is missing."""
        value = self.text.data.get(name)
        return collapse_space(str(value)) if isinstance(value, (str, int, float)) else ""

    @property
    def editors(self) -> str:
        """The editors, in one line."""
        return enumerated(metadata(self.edition).creators)

    @property
    def date(self) -> date:
        """The date of the version."""
        return date.fromisoformat(self.field("date"))

    @property
    def timestamp(self) -> datetime:
        """The only time stamp in the PDF: the same record gives the same bytes."""
        when = self.date
        return datetime(when.year, when.month, when.day, tzinfo=UTC)

    @property
    def caveat(self) -> str:
        """The caveat about the text."""
        return caveat(self.edition, self.text)

    @property
    def pages(self) -> list[str]:
        """The original pages in the book."""
        return [page for facts in self.facts for page in facts.pages]

    def record(self) -> dict[str, object]:
        """Return the dictionary ``record`` of ``edition.typ``."""
        author = self.text_field("author")
        return {
            "title": collapse_space(self.text.title),
            "author": author,
            "authors": [author] if author else list(metadata(self.edition).creators),
            "description": f"{metadata(self.edition).description_of(self.text)} {self.caveat}",
            "keywords": self._keywords(),
            "date": {"year": self.date.year, "month": self.date.month, "day": self.date.day},
            "language": self.field("language").split("-")[0],
            "dir": TypstCode(text_direction()),
            "rtl": direction(self.text.language) == "rtl",
            "fonts": self.faces.families,
            "short": self.field("short_title"),
            "nature": self._nature(),
            "edition": self.field("title"),
            "subtitle": self.field("subtitle"),
            "editors": self.editors,
            "version": self._version(),
            "form": self._form(),
            "volume": self._volume(),
            "preface": bool(self.preface),
            "day": day(self.date),
            "parts": {part.id: span(facts.pages) for part, facts in self.volume.parts},
            "colophon": self._colophon(),
            "about": self._about(),
            "words": {
                "preface": _("Editors’ preface"),
                "apparatus": _("Apparatus"),
                "contents": _("Contents"),
                "about": _("About this text"),
                "original": _("original"),
                "book": _("here"),
                "page": _("p."),
                "pages": _("pp."),
                "word": _("word"),
            },
        }

    def _keywords(self) -> list[str]:
        keywords = self.edition.record.get("keywords")
        terms = keywords.get("terms") if isinstance(keywords, dict) else keywords
        return [collapse_space(str(term)) for term in terms] if isinstance(terms, list) else []

    def _date_of_text(self) -> str:
        value: Any = self.text.data.get("date")
        return collapse_space(
            str(value.get("text", "") if isinstance(value, dict) else value or "")
        )

    def _nature(self) -> list[str]:
        """Return kind and date of the text: ``master's thesis``, ``ca. 1973–1979``."""
        kind = self.text_field("kind")
        return [s for s in (kind[:1].upper() + kind[1:], self._date_of_text()) if s]

    def _form(self) -> str:
        """Describe this form of the book, unless it is the usual one."""
        words = original(self.text)
        return {
            "plain": _("Without apparatus"),
            "large": _("Large print"),
            "typed": f"{words.view}: {_('the text {} as restored, in its own lines').format(words.of)}",
        }.get(self.form.name, "")

    def _volume(self) -> str:
        """Return the name of the volume and its original pages; empty if it is the only one."""
        said = self.volume.name
        pages = _("original pages {}").format(spans(self.pages)) if self.pages else ""
        return f"{said}, {pages}" if said and pages else said

    def _version(self) -> str:
        return _("Version {} ({})").format(self.field("version"), status(self.field("status")))

    # colophon

    def _colophon(self) -> list[tuple[str, list[object]]]:
        version = f"{self.field('version')} ({status(self.field('status'))}), {day(self.date)}."
        if self.commit:
            version += " " + _("Made from commit {} of the sources.").format(self.commit)
        paragraphs: list[tuple[str, list[object]]] = [
            (_("version"), [version]),
            (_("caveat"), [self.caveat]),
            (_("state"), [self._readings()]),
            (_("how to cite"), self._citation()),
        ]
        for key, name in (
            ("text", _("rights: the text")),
            ("encoding", _("rights: the edition")),
            ("metadata", _("rights: the metadata")),
        ):
            right = f"rights.{key}"
            uri = self.field(f"{right}.uri")
            statement = self.field(f"{right}.statement")
            paragraphs.append((name, [f"{self.field(f'{right}.name')}. {statement}", {"url": uri}]))
        made = _("Set in Libertinus Serif (SIL Open Font License) by Typst.")
        others = "".join(f" {family}: {licence}." for family, licence in self.faces.credits())
        paragraphs.append((_("typeface"), [made + others]))
        return [(name, said) for name, said in paragraphs if any(said)]

    def _citation(self) -> list[object]:
        """Return the work, the edition, the version, and how to cite a place in it."""
        author = self.text_field("author")
        pieces = [
            author,
            ", ".join([collapse_space(self.text.title), *self._nature()]),
            _("In: {}: {}").format(self.field("title"), self.field("subtitle")),
            self.editors,
            f"{self._version()}, {self.date.year}",
        ]
        cited = " ".join(f"{piece.rstrip('.')}." for piece in pieces if piece)
        result: list[object] = [f"{cited} {self.caveat}"]
        url = collapse_space(str(self.edition.record.get("base_url") or ""))
        if url:
            result.append({"url": url})
        if self.pages:
            place = f"{self.pages[-1]}.1"
            result.append(
                " "
                + _("Cite places by page and line of the original: {} is page {}, line 1.").format(
                    place, self.pages[-1]
                )
            )
        return result

    # about this text

    def _about(self) -> list[dict[str, object]]:
        """Return the sections about the text.

        If there is a preface, they give only what it omits: notes on this book, open doubts and the
        list of signs.
        """
        signs: dict[str, object] = {"name": _("Signs"), "paragraphs": [], "signs": self._signs()}
        if self.preface:
            return [
                {
                    "name": _("The text in this book"),
                    "paragraphs": [s for s in self._in_the_book() if s],
                },
                *self._doubts(),
                signs,
            ]
        return [
            {"name": _("The text"), "paragraphs": self._about_text()},
            {"name": _("Editorial practice"), "paragraphs": self._about_work()},
            *self._doubts(),
            signs,
        ]

    def _in_the_book(self) -> list[str]:
        """Return notes on this book that a preface, which is the same for all outputs, omits."""
        total = len(of_parts(self.facts))
        said = _(
            "This form of the book has no apparatus: the {} recorded differences between {} and this text are in the "
            "TEI file attached to {}."
        )
        if self.form.marked:
            said = _(
                "The {} recorded differences between {} and this text are in the apparatus after each chapter, by page "
                "and line of the original, and completely in the TEI file attached to {}."
            )
        if self.form.apparatus == "foot":
            said = _(
                "The {} recorded differences between {} and this text are in the apparatus at the foot of the pages, "
                "and completely in the TEI file attached to {}."
            )
        return [
            said.format(number(total), self.text.siglum, self._with_tei()),
            self._foot(),
            self._kept(),
        ]

    def _with_tei(self) -> str:
        """Return the file to which the TEI is attached: that of the first volume, else each would carry all of it."""
        return _("this file") if self.volume.number == 1 else _("the file of volume 1")

    def _foot(self) -> str:
        """Explain the apparatus at the foot of the pages, where an explanation has no room."""
        if self.form.apparatus != "foot":
            return ""
        found = of_parts(self.facts)
        by_page = self.form.by_page(bool(self.text.witness.pages))
        said = apparatus_explanation(
            self.text,
            self.form.layer,
            len(found.folded),
            self.faces.coded,
            by_page=by_page,
            marks=signs(found.entries),
        )
        if any(entry.resp == UNREVIEWED for entry in found.entries):
            said += " " + _("{}: proposed by a program, not reviewed.").format(PROPOSED)
        return said

    def _about_text(self) -> list[str]:
        sentences = [
            f"{self.text_field('description')} {self.text_field('witness_description')}".strip(),
            self.caveat,
        ]
        if not self.text.complete and self.pages:
            extent = self.text_field("extent")
            has = _("The edition is not finished. This book has pages {} of the original").format(
                spans(self.pages)
            )
            sentences.append(f"{has}{f' ({extent})' if extent else ''}.")
        return [s for s in sentences if s]

    def _readings(self) -> str:
        """Return how often the pages were read, according to the ledger."""
        there = [page for page in self.pages if not self.text.witness.pages[page].lost]
        rows = [self.text.ledger.get(page, {}) for page in there]
        times = [
            int(row.get("readings", "")) for row in rows if row.get("readings", "").isdecimal()
        ]
        if not rows or len(times) != len(rows):
            return ""
        least, most = min(times), max(times)
        often = {1: _("once"), 2: _("twice")}
        said = often.get(least, _("{} times").format(least))
        if most != least:
            said = _("{} to {} times").format(least, most)
        state = _("Its pages were proofread against the witness {}.").format(said)
        open_ = count_doubts(self.text, self.pages)
        return f"{state} {open_}: {_('see “About this text”')}." if open_ else state

    def _doubts(self) -> list[dict[str, object]]:
        """Return the open doubts of the ledger, page by page."""
        open_doubts = doubts(self.text, self.pages)
        said = "; ".join(f"{_('p.')} {page}: {', '.join(words)}" for page, words in open_doubts)
        return [{"name": _("Open doubts"), "paragraphs": [f"{said}."]}] if open_doubts else []

    def _about_work(self) -> list[str]:
        o = self.text.siglum
        if not len(of_parts(self.facts)):
            return [s for s in (_("Nothing in it was changed."), self._kept()) if s]
        layers = _(
            "{O} is the witness from which this text was established, T the original as restored from {O}. {what} "
            "Every difference between {O} and T, and between T and the edited text, is recorded: {where} completely "
            "in the TEI file of this edition, which is attached to {file}."
        )
        if self.text.several:
            layers = _(
                "The text follows the lines of {O}. Every reading in which a witness differs is recorded: "
                "{where} completely in the TEI file of this edition, which is attached to {file}, and from "
                "which every witness can be regenerated."
            )
        typed = self.form.text == "typed"
        what = (
            _("This book prints T, line by line.")
            if typed
            else _("This book prints T with its slips corrected.")
        )
        where = _(
            "for readers in the apparatus after each chapter, by page and line of the original;"
        )
        if self.form.apparatus == "foot":
            where = _("for readers in the apparatus at the foot of the pages;")
        words = {
            "{O}": o,
            "{what}": what,
            "{where}": where if self.form.marked else "",
            "{file}": self._with_tei(),
        }
        for name, said in words.items():
            layers = layers.replace(name, said)
        return [
            collapse_space(s) for s in (layers, self._counts(), self._foot(), self._kept()) if s
        ]

    def _kept(self) -> str:
        """Describe what was kept and what was changed, as far as it concerns this text."""
        said = []
        typescript = self.text.medium == "typescript"
        if self.text.glyphs:
            said.append(
                _("Spelling, capitals, straight quotation marks and double hyphens are as typed.")
                if typescript
                else _("Spelling and capitals are those of the original.")
            )
        if self.pages and self.form.text == "typed":
            said.append(
                _(
                    "The lines are those of the original. Its spacing, indents and underlining left no trace in the "
                    "witness. Every fifth line of a page has its number."
                )
            )
        elif self.pages:
            said.append(
                _(
                    "The lines of the original are not kept, and words divided at their ends are joined."
                )
            )
            if self.text.origin == "ocr":
                said.append(
                    _(
                        "Underlining and italics left no trace in the witness: the editors have put titles of works in "
                        "italics."
                    )
                )
        if self._has("note"):
            said.append(
                _("The author’s notes have their own numbers, which restart in every chapter.")
            )
        return " ".join(said)

    def _counts(self) -> str:
        counted = of_parts(self.facts).by_class()
        if not counted:
            return ""
        said = [terms.counted(kind, counted[kind]) for kind in terms.in_order(counted)]
        total = sum(counted.values())
        if total == 1:
            return _("There is one such difference: {}.").format(said[0])
        return _("There are {} such differences: {}.").format(number(total), enumerated(said))

    def _signs(self) -> list[tuple[str, str]]:
        """Return the signs in this book; those for pages and notes only if it contains any."""
        o = self.text.siglum
        signs = [
            ("⟨…⟩", _("words lost in {}, supplied by the editors").format(o)),
            (
                "[…]",
                _(
                    "a loss that cannot be filled; other square brackets in the text are the author’s"
                ),
            ),
            *self._doubt_sign(),
            ("note", _("a note of the author, numbered as in the original")),
            ("editors-note", _("a note of the editors")),
        ]
        if self.text.several:
            signs += [
                (w.siglum, w.name or w.description or _("the witness")) for w in self.text.witnesses
            ]
        else:
            signs += [
                ("T", _("the original as restored from {}").format(o)),
                (o, self.text_field("witness_description") or _("the witness")),
            ]
        if self.form.text == "typed":
            signs.append(("E", _("the edited text: T with its slips corrected")))
        if self.pages:
            turn = _("a page of the original begins; its number is in the outer margin")
            place = _(
                "page 17, line 12 of the original; the notes of a page are counted after its text"
            )
            signs[:0] = [("turn", turn), ("17.12", place)]
        return [(sign, said) for sign, said in signs if self._has(sign)]

    def _doubt_sign(self) -> list[tuple[str, str]]:
        if not self.form.marked:
            return []
        said = _("a slip corrected or a reading that is not certain: see the apparatus")
        if self.form.text == "typed":
            said = _("a slip or a reading that is not certain: see the apparatus")
        return [("doubt", said)]

    def _has(self, sign: str) -> bool:
        series = {"note": "authorial", "editors-note": "editorial"}.get(sign)
        return series is None or any(facts.notes.get(series) for facts in self.facts)

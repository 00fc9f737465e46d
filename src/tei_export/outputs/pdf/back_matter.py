"""The back matter: the editors' emendations, the index, statistics, the pages of the original.

All counts come from the facts of the text's own parts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roman_numerals import InvalidRomanNumeralError, RomanNumeral

from tei_export.i18n import terms
from tei_export.i18n.formats import _, capital, sort_key, span
from tei_export.i18n.formats import number as written
from tei_export.model.places import Place
from tei_export.model.registers import heading
from tei_export.model.vocabulary import MENTIONS
from tei_export.shared.apparatus import of_parts
from tei_export.shared.typst_literals import TypstCode, call, interface_text, string

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tei_export.model.edition import Edition, Text
    from tei_export.model.registers import RegisterEntry
    from tei_export.shared.volumes import Volume
    from tei_export.source.facts import Facts, Mention


@dataclass(frozen=True, slots=True)
class BackMatter:
    """The back matter of a volume of ``text``."""

    edition: Edition
    text: Text
    volume: Volume

    @property
    def facts(self) -> Sequence[Facts]:
        """The facts of the parts in the volume, in order."""
        return [facts for _part, facts in self.volume.parts]

    @property
    def lang(self) -> str:
        """The tag of the edition's language."""
        return str(self.edition.record.get("language") or "")

    # index

    def indexed(self) -> frozenset[str]:
        """Return the ids of the register entries in the index."""
        return frozenset(
            entry.xml_id for _name, entries in self._registers() for entry, _found in entries
        )

    def _registers(self) -> Iterator[tuple[str, list[tuple[RegisterEntry, list[Mention]]]]]:
        """Yield every register that the text mentions.

        Entries are in alphabetical order, each with its mentions in text order.
        """
        by_register: dict[str, dict[str, list[Mention]]] = {
            row.register: defaultdict(list) for row in MENTIONS
        }
        for facts in self.facts:
            for mention in facts.mentions:
                by_register[mention.register][mention.key].append(mention)
        for name, keys in by_register.items():
            entries = self.edition.registers[name].entries
            listed = [(entries[key], mentions) for key, mentions in keys.items() if key in entries]
            if listed:
                yield (
                    name,
                    sorted(listed, key=lambda item: (sort_key(heading(item[0])), item[0].key)),
                )

    def index(self, places: Collection[str]) -> str:
        """Return the index; ``places`` are the ids of lines that the text marks."""
        registers = [
            TypstCode(
                f"({string(terms.register(name))}, ({''.join(f'{_item(*entry, places)}, ' for entry in entries)}))"
            )
            for name, entries in self._registers()
        ]
        if not registers:
            return ""
        pages = bool(self.text.witness.pages)
        lead = _(
            "Numbers refer to pages of the original; 27–31: on each of these pages; n.: only in that note. "
            "Every number links to the line of the mention."
        )
        if not pages:
            lead = _("Numbers refer to lines of the original.")
        return "#" + call("index", _("Index"), interface_text(lead, self.lang), registers)

    # emendations

    def emendations(self, entries: Sequence[str]) -> str:
        """Return the list of emendations, from the entries that the writer has collected."""
        if not entries:
            return ""
        lead = _(
            "Places where this text is not what its author wrote, as far as we know: corrected slips, "
            "losses supplied by conjecture or left open, doubtful readings. Mere misreadings of the witness "
            "are in the apparatus."
        )
        return "#" + call(
            "list-of",
            "emendations",
            _("Emendations"),
            interface_text(lead, self.lang),
            [TypstCode(code) for code in entries],
        )

    # statistics

    def statistics(self) -> str:
        """Return tables of differences, parts and mentions; empty if the text has none."""
        tables = [table for table in (self._kinds(), self._parts(), self._mentions()) if table]
        if not len(of_parts(self.facts)):
            return ""
        lead = _("Counted by the program that made this book, from the same sources as its text.")
        return "#" + call("statistics", _("Statistics"), interface_text(lead, self.lang), tables)

    def _kinds(self) -> dict[str, object]:
        counted = Counter((e.type, e.cert) for e in of_parts(self.facts).entries)
        rows = [
            [capital(terms.plural(kind)), *_row([counted[kind, cert] for cert in terms.CERTAINTY])]
            for kind in terms.in_order(kind for kind, _cert in counted)
        ]
        sums = of_parts(self.facts).by_certainty()
        rows.append([_("Total"), *_row([sums[cert] for cert in terms.CERTAINTY])])
        head = [_("kind"), *map(terms.certainty, terms.CERTAINTY), _("total")]
        return _table(_("Differences between the witness and this text"), head, rows)

    def _parts(self) -> dict[str, object]:
        """Return a row for each part: pages, original lines, words, notes, differences."""
        rows, sums = [], [0, 0, 0, 0]
        for part, facts in self.volume.parts:
            numbers = [
                sum(facts.lines.values()),
                facts.words,
                facts.notes.get("authorial", 0),
                len(facts.emendations),
            ]
            sums = [a + b for a, b in zip(sums, numbers, strict=True)]
            rows.append([part.title, span(facts.pages) or "–", *(_shown(n) for n in numbers)])
        rows.append([_("Total"), "", *(_shown(n) for n in sums)])
        head = [_("part"), _("pages"), _("lines"), _("words"), _("notes"), _("differences")]
        return _table(_("Parts of the text"), head, rows)

    def _mentions(self) -> dict[str, object]:
        rows, entries, mentions = [], 0, 0
        for name, listed in self._registers():
            number = sum(len(occurrences) for _entry, occurrences in listed)
            rows.append([terms.register(name), _shown(len(listed)), _shown(number)])
            entries, mentions = entries + len(listed), mentions + number
        rows.append([_("Total"), _shown(entries), _shown(mentions)])
        return (
            _table(_("Names and works"), [_("register"), _("entries"), _("mentions")], rows)
            if mentions
            else {}
        )


def concordance(pages: Sequence[str], lang: str = "") -> str:
    """Return the list of original pages with the page of the book on which each begins."""
    if not pages:
        return ""
    lead = _("Where each page of the original begins in this book.")
    return "#" + call(
        "concordance",
        _("Pages of the original"),
        interface_text(lead, lang) if lang else lead,
        list(pages),
    )


def _table(name: str, head: list[str], rows: list[list[str]]) -> dict[str, object]:
    return {"name": name, "head": head, "rows": rows, "sum": True}


def _row(numbers: Sequence[int]) -> list[str]:
    return [_shown(n) for n in (*numbers, sum(numbers))]


def _shown(number: int) -> str:
    return written(number) if number else "–"


def _item(entry: RegisterEntry, mentions: Sequence[Mention], places: Collection[str]) -> str:
    """Return the call that typesets an entry of the index."""
    name = TypstCode(f"[#{string(entry.name)}]")
    if entry.register == "works":
        author = entry.text("author")
        name = TypstCode(f"[#{string(f'{author}, ' if author else '')}#emph({string(entry.name)})]")
    about = entry.text("dates") or (
        entry.text("date_in_text") if entry.register == "events" else ""
    )
    pages = [page for page in _pages(mentions) if page[1] in places]
    return call(
        "item", f"i-{entry.xml_id}", name, f"({about})" if about else "", list(_runs(pages))
    )


def _runs(pages: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Yield runs of pages; three or more consecutive pages become the first and the last."""
    run: list[tuple[str, str]] = []
    for page in [*pages, ("", "")]:
        if run and _follows(run[-1][0], page[0]):
            run.append(page)
            continue
        yield from [[run[0], run[-1]]] if len(run) > 2 else [[one] for one in run]
        run = [page]


def _follows(page: str, other: str) -> bool:
    return (
        _number(page) > 0
        and page.isdigit() == other.isdigit()
        and _number(other) == _number(page) + 1
    )


def _number(page: str) -> int:
    """Return the number of a page, arabic or roman; 0 for other labels."""
    if page.isdigit():
        return int(page)
    try:
        return int(RomanNumeral.from_string(page))
    except InvalidRomanNumeralError:
        return 0


def _pages(mentions: Sequence[Mention]) -> Iterator[tuple[str, str]]:
    """Yield each page once, as shown and with the place of its first mention.

    If only notes on a page mention the entry, the note is shown.
    """
    by_page: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_page[mention.page or str(mention.line)].append(mention)
    for page, occurrences in by_page.items():
        first = next((m for m in occurrences if not m.note), occurrences[0])
        shown = f"{page} {_('n.')} {first.note}" if first.note else page
        yield shown.replace(" ", "\u00a0"), Place(first.page, first.line).anchor

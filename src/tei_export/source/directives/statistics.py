"""The directive ``{statistics}``: tables about the edition, counted at every build and never typed.

``{statistics}`` in a page becomes a table of emendations by kind and certainty (``kinds``), by
part and certainty (``certainty``) or by the kind of their reasons (``reasons``), or of pages and readings
by part (``readings``).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from tei_export.i18n import terms
from tei_export.i18n.formats import _
from tei_export.source.directives import write_always
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.source.facts import Facts

TABLES = ("kinds", "certainty", "readings", "reasons")


class statistics(nodes.General, nodes.Element):  # noqa: N801 (docutils: nodes in lower case)
    """Placeholder of a table; ``table`` is one of :data:`TABLES`, ``text`` one of the texts."""


class StatisticsDirective(SphinxDirective):
    """``{statistics} kinds`` with the option ``text``."""

    required_arguments = 1
    option_spec: ClassVar = {"text": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        if self.arguments[0] not in TABLES:
            raise self.error(f"statistics are one of {', '.join(TABLES)}")
        text, texts = self.options.get("text", ""), domain_of(self.env).edition.texts
        if text and text not in texts:
            raise self.error(f"the edition has no text {text!r}: its texts are {', '.join(texts)}")
        write_always(self.env)
        return [statistics("", table=self.arguments[0], text=text)]


def fill(
    document: nodes.document,
    edition: Edition,
    facts: Mapping[str, Facts],
    names: Collection[str] = TABLES,
) -> None:
    """Insert the tables ``names``, after all documents are read."""
    for node in [node for node in document.findall(statistics) if node["table"] in names]:
        text = edition.texts[node["text"] or next(iter(edition.texts))]
        parts = [(p, facts[p.doc]) for p in text.parts if p.doc in facts]
        node.replace_self(_table(*_ROWS[node["table"]](text, parts)))


def resolve(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Handle Sphinx's ``doctree-resolved``."""
    fill(doctree, app.edition, domain_of(app.env).facts)  # type: ignore[attr-defined]


def _counted(parts: Sequence[tuple[Part, Facts]]) -> Iterator[list[str]]:
    """Yield a row of counts for each part, then the totals."""
    total: Counter[str] = Counter()
    for part, facts in parts:
        count = Counter(e.cert for e in facts.emendations)
        total += count
        yield [part.title, *(str(count[c] or "–") for c in terms.CERTAINTY), str(count.total())]
    yield [_("Total"), *(str(total[c]) for c in terms.CERTAINTY), str(total.total())]


def _kinds(_text: Text, parts: Sequence[tuple[Part, Facts]]) -> tuple[list[str], list[list[str]]]:
    """Return a row of counts for each class: there are too many classes for columns."""
    tally = Counter((e.type, e.cert) for _, f in parts for e in f.emendations)
    rows = []
    for kind in terms.in_order(kind for kind, _cert in tally):
        counts = [tally[kind, cert] for cert in terms.CERTAINTY]
        rows.append([terms.plural(kind), *(str(n or "–") for n in counts), str(sum(counts))])
    sums = [sum(n for (_kind, c), n in tally.items() if c == cert) for cert in terms.CERTAINTY]
    rows.append([_("Total"), *map(str, sums), str(sum(sums))])
    return [_("kind"), *map(terms.certainty, terms.CERTAINTY), _("total")], rows


def _certainty(
    _text: Text, parts: Sequence[tuple[Part, Facts]]
) -> tuple[list[str], list[list[str]]]:
    head = [_("part"), *map(terms.certainty, terms.CERTAINTY), _("total")]
    return head, list(_counted(parts))


def _readings(text: Text, parts: Sequence[tuple[Part, Facts]]) -> tuple[list[str], list[list[str]]]:
    rows = []
    for part, facts in parts:
        held = [p for p in facts.pages if not text.witness.pages[p].lost]
        done = [int(text.ledger.get(p, {}).get("readings") or 0) for p in held]
        pages = f"{facts.pages[0]}–{facts.pages[-1]}" if facts.pages else "–"
        rows.append(
            [part.title, pages, str(min(done, default=0)), str(facts.notes.get("authorial", 0))]
        )
    return [_("part"), _("pages"), _("proofread (times)"), _("notes")], rows


def reasons(text: Text, facts: Iterable[Facts]) -> dict[str, list[int]]:
    """Count the reasons of ``text`` by declared kind and certainty."""
    count = Counter((e.reason_kind, e.cert) for found in facts for e in found.emendations)
    return {kind: [count[kind, cert] for cert in terms.CERTAINTY] for kind in text.reason_kinds}


def _reasons(text: Text, parts: Sequence[tuple[Part, Facts]]) -> tuple[list[str], list[list[str]]]:
    """Return a row for each kind of reason that the text declares, with its meaning."""
    rows = [
        [kind, text.reason_kinds[kind], *(str(n or "–") for n in counts)]
        for kind, counts in reasons(text, [found for _part, found in parts]).items()
    ]
    return [_("kind"), _("meaning"), *map(terms.certainty, terms.CERTAINTY)], rows


_ROWS = {"kinds": _kinds, "certainty": _certainty, "readings": _readings, "reasons": _reasons}


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> nodes.table:
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *(_row(r) for r in rows))
    return nodes.table("", group, classes=["statistics"])


def _row(cells: Sequence[str]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", c)) for c in cells))

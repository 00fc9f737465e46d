"""The role ``{count}``: a number about a text, counted at every build and never typed.

`` {count}`lines` `` is the number of witness lines of the first text, `` {count}`entries essay` ``
a number of another text. :data:`COUNTS` lists the names; any class of the apparatus is also a name.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from tei_export.i18n import terms
from tei_export.i18n.formats import enumerated, number, span
from tei_export.model.problems import Problem
from tei_export.source.directives import write_always
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sphinx.application import Sphinx

    from tei_export.model.edition import Text
    from tei_export.source.facts import EditionDomain, Facts


class counted(nodes.Inline, nodes.TextElement):  # noqa: N801 (docutils: nodes in lower case)
    """Placeholder of a number; ``name`` and ``of`` (a text) specify the count."""


class CountRole(SphinxRole):
    """`` {count}`NAME TEXT` ``; without TEXT, the first text."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name, _space, text = self.text.strip().partition(" ")
        domain_of(self.env).facts_for(self.env.docname).counted.append(
            (self.text.strip(), self.lineno)
        )
        write_always(self.env)
        return [counted("", name=name, of=text.strip())], []


def _runs(text: Text, *, lost: bool) -> str:
    """Return runs of consecutive pages in one numbering style: ``vii–xi, 1–136 and 140–158``."""
    runs: list[list[str]] = []
    before = None
    for place, page in enumerate(text.witness.pages.values()):
        if page.lost is not lost:
            continue
        if before == place - 1 and runs[-1][-1].isdigit() == page.label.isdigit():
            runs[-1].append(page.label)
        else:
            runs.append([page.label])
        before = place
    return enumerated([span(run) for run in runs])


def _lines(text: Text, _facts: Sequence[Facts]) -> int:
    return text.witness.number_of_lines


def _sum(of: Callable[[Facts], int]) -> Callable[[Text, Sequence[Facts]], int]:
    return lambda _text, facts: sum(of(one) for one in facts)


#: name → function that counts
COUNTS: dict[str, Callable[[Text, Sequence[Facts]], int | str]] = {
    "lines": _lines,
    "pages": lambda text, _facts: _runs(text, lost=False),
    "lost": lambda text, _facts: _runs(text, lost=True),
    "entries": _sum(lambda facts: len(facts.emendations)),
    "notes": _sum(lambda facts: facts.notes.get("authorial", 0)),
    "mentions": _sum(lambda facts: len(facts.mentions)),
}


def _count(domain: EditionDomain, name: str, text_id: str) -> int | str | None:
    """Return a number, or runs of pages; ``None`` if nothing of this name is counted."""
    texts = domain.edition.texts
    text = texts.get(text_id or next(iter(texts)))
    if text is None:
        return None
    facts = [domain.facts[part.doc] for part in text.parts if part.doc in domain.facts]
    if name in COUNTS:
        return COUNTS[name](text, facts)
    if name in terms.classes():
        return Counter(e.type for one in facts for e in one.emendations)[name]
    return None


def _value(domain: EditionDomain, name: str, text_id: str) -> str:
    """Return a count as it is shown."""
    counted = _count(domain, name, text_id)
    return number(counted) if isinstance(counted, int) else counted or ""


def unknown(domain: EditionDomain) -> Iterator[Problem]:
    """Report unknown names in ``{count}``."""
    for docname, facts in domain.facts.items():
        for said, line in facts.counted:
            name, _space, text = said.partition(" ")
            if _count(domain, name, text.strip()) is None:
                yield Problem("count-unknown", f"{docname}.md", line, said)


def fill(document: nodes.document, domain: EditionDomain) -> None:
    """Replace the placeholders by numbers, once all documents are read."""
    asked: Iterable[counted] = list(document.findall(counted))
    for node in asked:
        node.replace_self(nodes.Text(_value(domain, node["name"], node["of"])))


def resolve(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Handle Sphinx's ``doctree-resolved``."""
    fill(doctree, domain_of(app.env))

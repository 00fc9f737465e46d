"""The directive ``{emendation}``: quote an apparatus entry in a page, with an explanation.

    ```{emendation} app-0456-1
    Cyrillic, which the machine could not read.
    ```

becomes ``7.13 вождь] b o  scab O`` and the explanation, linked to its place. Lemma and reading come
from the sources at every build: a page never shows an outdated reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from tei_export.i18n.formats import _
from tei_export.i18n.terms import lemma_words
from tei_export.model.problems import Problem
from tei_export.source.directives import write_always
from tei_export.source.facts import domain_of
from tei_export.source.nesting import BROKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from tei_export.model.apparatus import Emendation
    from tei_export.source.facts import EditionDomain


class quotedentry(nodes.General, nodes.Element):  # noqa: N801 (docutils: nodes in lower case)
    """Placeholder of the entry ``entry``; the children explain it."""


class EmendationDirective(SphinxDirective):
    """``{emendation} ID`` with the explanation as its content."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        domain_of(self.env).facts_for(self.env.docname).quoted.append((name, self.lineno))
        write_always(self.env)
        return [quotedentry("", *self.parse_content_to_nodes(), entry=name)]


def unknown(domain: EditionDomain) -> Iterator[Problem]:
    """Report quoted entries that do not exist in any text."""
    if any(p.code in BROKEN for p in domain.problems()):
        return  # the entries of a part are unknown
    known = {e.xml_id for facts in domain.facts.values() for e in facts.emendations}
    for docname, facts in domain.facts.items():
        for name, line in facts.quoted:
            if name not in known:
                yield Problem("emendation-unknown", f"{docname}.md", line, name)


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace the placeholders by entries, once all documents are read."""
    quoted = list(doctree.findall(quotedentry))
    if not quoted:
        return
    entries = {e.xml_id: e for f in domain_of(app.env).facts.values() for e in f.emendations}
    for node in quoted:
        node.replace_self(_entry(app, docname, entries[node["entry"]], node.children))


def _entry(
    app: Sphinx, docname: str, entry: Emendation, explanation: list[nodes.Node]
) -> nodes.Node:
    place = nodes.reference("", str(entry.place), internal=True)
    place["refuri"] = f"{app.builder.get_relative_uri(docname, entry.docname)}#{entry.xml_id}"
    line = nodes.paragraph("", "", place, nodes.Text(" "), classes=["quoted"])
    remark, words = lemma_words(entry)
    line += [nodes.emphasis("", remark), nodes.Text(" ")] if remark else []
    line += [nodes.strong("", words.strip() or "[…]"), nodes.Text("] ")]
    for reading in entry.readings:
        said = (
            nodes.inline("", reading.text, classes=["reading"])
            if reading.text.strip()
            else nodes.emphasis("", _("nothing"))
        )
        line += [*([nodes.Text("; ")] if reading is not entry.readings[0] else []), said]
        line += [nodes.Text(" "), nodes.emphasis("", reading.siglum)]
    return nodes.container("", line, *explanation, classes=["quoted-entry"])

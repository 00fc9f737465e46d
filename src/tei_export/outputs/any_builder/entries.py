"""The apparatus of a part as a list: ``17.12 lemma] reading O (kind; certainty: reason)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.i18n import terms
from tei_export.model.apparatus import EDITORS
from tei_export.shared.apparatus import empty_reading_words, folding_rule, of_part
from tei_export.shared.labels import _

if TYPE_CHECKING:
    from tei_export.model.apparatus import Emendation, Reading
    from tei_export.model.edition import Text
    from tei_export.source.facts import Facts


def apparatus(facts: Facts, text: Text) -> list[nodes.Element]:
    """Return a heading and the list of the entries that are not folded away; empty without entries."""
    found = of_part(facts)
    if not len(found):
        return []
    listed = nodes.bullet_list("", *(_entry(entry) for entry in found.shown), bullet="*")
    shown: list[nodes.Element] = [nodes.rubric("", _("Apparatus"), classes=["edition-apparatus"])]
    if found.folded:
        shown.append(nodes.paragraph("", f"{folding_rule(text)}."))
    return [*shown, listed] if listed.children else shown


def _entry(entry: Emendation) -> nodes.list_item:
    place = nodes.reference("", str(entry.place), refid=entry.xml_id, internal=True)
    said, words = terms.lemma_words(entry)
    lemma: list[nodes.Node] = [nodes.emphasis("", said)] if said else []
    if words.strip():
        lemma += [*([nodes.Text(" ")] if said else []), nodes.strong("", words.strip())]
    line = nodes.paragraph("", "", place, nodes.Text(" "), *lemma, nodes.Text("] "))
    for number, reading in enumerate(entry.readings):
        line += [nodes.Text("; ")] if number else []
        line += [_reading(entry, reading), nodes.Text(" "), nodes.emphasis("", reading.siglum)]
    said = f"{terms.singular(entry.type, entry.cert)}; {terms.certainty(entry.cert)}"
    said += f", {terms.responsible_words(entry.resp)}" if entry.resp != EDITORS else ""
    said += f": {entry.why}" if entry.why else ""
    line += nodes.Text(f" ({said})")
    return nodes.list_item("", line)


def _reading(entry: Emendation, reading: Reading) -> nodes.Node:
    if said := empty_reading_words(entry, reading):
        return nodes.emphasis("", said)
    return nodes.inline("", reading.text.strip(), classes=["edition-reading"])

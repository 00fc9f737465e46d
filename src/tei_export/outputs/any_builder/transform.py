"""Replace the nodes of the final tree by docutils' own, for builders that know only those."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from tei_export.outputs.any_builder.entries import apparatus
from tei_export.shared.plain_nodes import PlainWriter, is_own, numbered
from tei_export.source.facts import domain_of
from tei_export.source.nodes import put_in_place

if TYPE_CHECKING:
    from collections.abc import Iterator


class PlainForm(SphinxPostTransform):
    """Makes the plain form of all parts and pages in a tree: of one document, or of many for
    builders that write a single file. It runs before Sphinx resolves references and before builders
    adapt notes."""

    default_priority = 1

    def run(self, **_options: Any) -> None:
        domain = domain_of(self.env)
        if not domain.plain:
            return
        for node, docname in list(_outermost(self.document, self.env.docname)):
            if not isinstance(node, nodes.section):
                put_in_place(node, PlainWriter(docname).inline(node))
                continue
            text = domain.edition.texts[node["text"]]
            numbers = numbered(node) if domain.digits else None
            title = next(part.title for part in text.parts if part.doc == docname)
            (plain,) = PlainWriter(docname, numbers, title).blocks([node])
            assert isinstance(plain, nodes.section)
            plain.extend(apparatus(domain.facts_for(docname), text))
            put_in_place(node, [plain])


def _outermost(node: nodes.Node, docname: str) -> Iterator[tuple[nodes.Element, str]]:
    """Yield the parts, and our nodes outside them, each with its document."""
    for child in node.children:
        if is_own(child) or (isinstance(child, nodes.section) and "part" in child):
            assert isinstance(child, nodes.Element)
            yield child, docname
        else:
            file = child if isinstance(child, addnodes.start_of_file) else {"docname": docname}
            yield from _outermost(child, file["docname"])

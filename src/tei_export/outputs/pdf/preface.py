"""Render a page of the edition's own prose (``about/…``) as the preface of the book.

Plain Markdown only: sections, paragraphs, lists, tables, quotations, emphasis, links. Counted
tables are omitted, because the book prints them in its statistics; the kinds of reasons stay, with
their meanings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.i18n.formats import _
from tei_export.model.readings import collapse_space
from tei_export.shared.typst_literals import string
from tei_export.source.directives.statistics import statistics

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_FACES = {nodes.strong: "strong", nodes.emphasis: "emph", nodes.literal: "verbatim"}
_NUMBER = re.compile(r"[\d.,\s]*\d|–")
_SILENT = (
    nodes.title, nodes.comment, nodes.image, nodes.raw, nodes.target, nodes.system_message, statistics,
)  # fmt: skip


def preface(document: nodes.document, without: Collection[str] = ()) -> str:
    """Return the page ``document`` as Typst source, without its title.

    :param without: ids of sections to omit
    """
    section = next(iter(document.findall(nodes.section)), document)
    written = "".join(_section(section, without, 0))
    if any(True for _table in document.findall(statistics)):
        written += f"#see-statistics({string(_('The numbers are in the statistics, page'))})\n"
    return written


def _section(section: nodes.Element, without: Collection[str], level: int) -> Iterator[str]:
    title = next((c for c in section.children if isinstance(c, nodes.title)), None)
    if level and title is not None:
        yield f"#prose-head({string(collapse_space(title.astext()))}, {level + 1})\n"
    first = True
    for child in section.children:
        if isinstance(child, nodes.section):
            if not set(child["ids"]) & set(without):
                yield from _section(child, without, level + 1)
            continue
        yield from _block(child, first=first)
        first = first and isinstance(child, _SILENT)


def _block(node: nodes.Node, *, first: bool) -> Iterator[str]:
    if isinstance(node, _SILENT):
        return
    elif isinstance(node, nodes.paragraph):
        yield f"#para(none, first: {str(first).lower()})[{_inline(node)}]\n"
    elif isinstance(node, (nodes.bullet_list, nodes.enumerated_list)):
        items = "".join(f"[{_flow(item)}], " for item in node.children)
        yield f"#points({items})\n"
    elif isinstance(node, nodes.table):
        head = [
            cell.astext()
            for part in node.findall(nodes.thead)
            for cell in part.findall(nodes.entry)
        ]
        yield f"#points({''.join(f'[{_row(row, head)}], ' for body in node.findall(nodes.tbody) for row in body.children)})\n"
    elif isinstance(node, nodes.block_quote):
        yield f"#quotation(none)[{_flow(node)}]\n"
    elif isinstance(node, nodes.literal_block):
        yield f"#quotation(none)[#{string(node.astext())}]\n"
    else:
        for child in node.children:
            yield from _block(child, first=first)


def _row(row: nodes.Node, head: Sequence[str]) -> str:
    """Return a table row as one item: its first cell in bold, then the others, numbers after the
    ``head`` of their column."""
    first, *others = (
        (f"#{string(f'{name} ')}" if name and _NUMBER.fullmatch(cell.astext()) else "")
        + _flow(cell)
        for cell, name in zip(row.children, [*head, *[""] * len(row.children)], strict=False)
    )
    return (
        f"#strong[{first}]"
        + (f"#{string(': ')}" if others else "")
        + f"#{string('; ')}".join(others)
    )


def _flow(node: nodes.Node) -> str:
    """Return the paragraphs inside a block, one after another."""
    return "#parbreak()".join(
        _inline(child) for child in node.children if isinstance(child, nodes.Element)
    )


def _inline(node: nodes.Node) -> str:
    if isinstance(node, nodes.Text):
        text = " ".join(str(node).split())
        lead = " " if str(node)[:1].isspace() else ""
        trail = " " if text and str(node)[-1:].isspace() else ""
        return "#" + string(f"{lead}{text}{trail}")
    face = next((name for kind, name in _FACES.items() if isinstance(node, kind)), "")
    inner = "".join(_inline(child) for child in node.children)
    if isinstance(node, nodes.reference) and str(node.get("refuri", "")).startswith("https://"):
        return f"#link({string(node['refuri'])})[{inner}]"
    return f"#{face}[{inner}]" if face else inner

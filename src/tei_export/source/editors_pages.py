"""Finish the editors' own pages: link names, and report whatever would be lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from docutils import nodes
from sphinx import addnodes

from tei_export.model.problems import EditionError
from tei_export.model.readings import collapse_space
from tei_export.model.safe_read import inside
from tei_export.source import deceptive_letter_checks
from tei_export.source.mentions import is_mention, resolve_mention
from tei_export.source.nodes import every, mark
from tei_export.source.positions import source_lines
from tei_export.source.roles import ROLE_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tei_export.model.edition import Edition
    from tei_export.source.problems import Report

#: Schemes allowed for links out of the pages.
_SCHEMES = frozenset({"", "http", "https", "mailto", "ftp", "tel"})
_ROLE_AS_TEXT = re.compile(r"\{(" + "|".join(sorted(ROLE_FUNCTIONS)) + r")\}(?=\w)")


def finish(document: nodes.document, edition: Edition, root: Path, report: Report) -> None:
    """Resolve the mentions of a page, and report its problems.

    :param root: the folder of the sources, outside which the page may name no file
    """
    for message in every(document, nodes.system_message):
        if message["level"] > 1:
            report(
                "editors-markup",
                collapse_space(message.children[0].astext()),
                message.get("line") or 0,
            )
    lines = link(document, edition, report)
    _files(document, report, root, lines)
    _links(document, report, lines)
    _texts(document, report, lines)


def link(document: nodes.document, edition: Edition, report: Report) -> Mapping[int, int]:
    """Resolve the mentions of a page; return the source line of each node by its ``id``."""
    lines = source_lines(document)
    for node in every(document, mark):
        line = lines[id(node)]
        if "problem" in node:
            code, detail = node["problem"]
            if "reported" not in node:
                report(code, detail, line, node)
        elif is_mention(node):
            resolve_mention(node, edition, report, line)
    return lines


def _files(document: nodes.document, report: Report, root: Path, lines: Mapping[int, int]) -> None:
    """Check that images and downloads are files inside the folder."""
    here = (root / report.file).parent
    named: list[tuple[nodes.Node, str]] = [
        (node, node["uri"]) for node in every(document, nodes.image)
    ]
    named += [(node, node["reftarget"]) for node in document.findall(addnodes.download_reference)]
    for node, name in named:
        line = lines[id(node)]
        path = root / name[1:] if name.startswith("/") else here / unquote(name)
        if "://" in name or name.startswith("data:"):
            report("file-outside", name[:60], line, name)
            continue
        try:
            inside(root, str(path), origin=report.file, line=line)
        except EditionError as error:
            report(error.problems[0].code, name[:60], line, name)


def _links(document: nodes.document, report: Report, lines: Mapping[int, int]) -> None:
    for node in every(document, nodes.reference):
        address = str(node.get("refuri", ""))
        if _scheme(address) not in _SCHEMES:
            report("editors-raw", address[:60], lines[id(node)], address)


def _scheme(address: str) -> str:
    try:
        return urlsplit(re.sub(r"[\x00-\x20]", "", address)).scheme.lower()
    except ValueError:
        return "?"


def _texts(document: nodes.document, report: Report, lines: Mapping[int, int]) -> None:
    """Report roles without backticks, which would become plain words."""
    for text in every(document, nodes.Text):
        for code, detail, at in deceptive_letter_checks.words(str(text)):
            report(code, detail, lines[id(text)], at)
        shown = isinstance(text.parent, (nodes.literal, nodes.literal_block, nodes.comment))
        if not shown and (match := _ROLE_AS_TEXT.search(str(text))):
            detail = str(text)[match.start() :][:30]
            report("role-broken", detail, lines[id(text)], match[0])

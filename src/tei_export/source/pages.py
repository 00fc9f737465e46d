"""Finish the editors' own pages: link names, and report whatever would be lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from docutils import nodes
from sphinx import addnodes

from tei_export.model.problems import EditionError, Problem
from tei_export.model.readings import fold
from tei_export.model.safe_read import inside
from tei_export.source import letters
from tei_export.source.nodes import mark
from tei_export.source.roles import ROLES
from tei_export.source.tree import is_mention, resolve_mention, source_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tei_export.model.edition import Edition

#: Schemes allowed for links out of the pages.
_SCHEMES = frozenset({"", "http", "https", "mailto", "ftp", "tel"})
_ROLE_AS_TEXT = re.compile(r"\{(" + "|".join(sorted(ROLES)) + r")\}(?=\w)")


def finish(document: nodes.document, file: str, edition: Edition, root: Path) -> list[Problem]:
    """Resolve the mentions of a page; return its problems.

    :param root: the folder of the sources, which files named on the page must not leave
    """
    found = [
        Problem("editors-markup", file, message.get("line") or 0, fold(message.children[0].astext()))
        for message in document.findall(nodes.system_message)
        if message["level"] > 1
    ]
    lines = source_lines(document)
    for node in document.findall(mark):
        line = lines[id(node)]
        if "problem" in node:
            code, detail = node["problem"]
            found.append(Problem(code, file, line, detail))
        elif is_mention(node):
            resolve_mention(node, edition, lambda c, d, n=line: found.append(Problem(c, file, n, d)))
    found += _files(document, file, root, lines)
    found += _links(document, file, lines)
    found += _texts(document, file, lines)
    return found


def _files(document: nodes.document, file: str, root: Path, lines: Mapping[int, int]) -> Iterator[Problem]:
    """Check that images and downloads are files inside the folder."""
    here = (root / file).parent
    named: list[tuple[nodes.Node, str]] = [(node, node["uri"]) for node in document.findall(nodes.image)]
    named += [(node, node["reftarget"]) for node in document.findall(addnodes.download_reference)]
    for node, name in named:
        path = root / name[1:] if name.startswith("/") else here / unquote(name)
        try:
            if "://" in name or name.startswith("data:"):
                raise EditionError(Problem("file-outside", file, lines[id(node)], name[:60]))
            inside(root, str(path), origin=file, line=lines[id(node)])
        except EditionError as error:
            yield Problem(error.problems[0].code, file, lines[id(node)], name[:60])


def _links(document: nodes.document, file: str, lines: Mapping[int, int]) -> Iterator[Problem]:
    for node in document.findall(nodes.reference):
        address = str(node.get("refuri", ""))
        if _scheme(address) not in _SCHEMES:
            yield Problem("editors-raw", file, lines[id(node)], address[:60])


def _scheme(address: str) -> str:
    try:
        return urlsplit(re.sub(r"[\x00-\x20]", "", address)).scheme.lower()
    except ValueError:
        return "?"


def _texts(document: nodes.document, file: str, lines: Mapping[int, int]) -> Iterator[Problem]:
    """Report roles without backticks, which would become plain words."""
    for text in document.findall(nodes.Text):
        for code, detail in letters.words(str(text)):
            yield Problem(code, file, lines[id(text)], detail)
        shown = isinstance(text.parent, (nodes.literal, nodes.literal_block, nodes.comment))
        if not shown and (match := _ROLE_AS_TEXT.search(str(text))):
            yield Problem("role-broken", file, lines[id(text)], str(text)[match.start() :][:30])

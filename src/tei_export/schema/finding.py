"""The result of a check of a TEI file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable

TEI = "http://www.tei-c.org/ns/1.0"


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation: the rule's code, what is wrong, and where.

    ``line`` counts from 1 (0: unknown); ``path`` is the element's path, with names without
    namespace.
    """

    code: str
    message: str
    line: int
    path: str

    def __str__(self) -> str:
        return f"{self.line}: [{self.code}] {self.message} ({self.path})"


def _source_line(element: Any) -> int:
    """Return the element's line in the file; 0 if it was not parsed.

    The type is Any because lxml's stubs lack the attribute.
    """
    return element.sourceline or 0


def finding_at(code: str, message: str, element: etree._Element) -> Finding:
    """Return a finding about ``element``."""
    tree = element.getroottree()
    path = tree.getelementpath(element).replace(f"{{{TEI}}}", "")
    root = etree.QName(tree.getroot()).localname
    return Finding(code, message, _source_line(element), root if path == "." else f"{root}/{path}")


def report(findings: Iterable[Finding]) -> str:
    """Format findings as lines of text, in the order of the file."""
    return "\n".join(str(f) for f in sorted(findings, key=lambda f: (f.line, f.code)))

"""Schematron rules, checked by a stylesheet that only tells whether a document breaks any.

The report on a document that does is made by the ISO skeleton of lxml. It takes three times as long (measured): it
visits every node of a document twice for each pattern, and must be loaded and compiled first. Schemas that contain
more than patterns with rules for elements are left to it.

Source: ISO/IEC 19757-3:2006, sections 5 and 6.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from tei_export.schema import safe_xml

if TYPE_CHECKING:
    from pathlib import Path

_S = "{http://purl.oclc.org/dsdl/schematron}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_XSL = "http://www.w3.org/1999/XSL/Transform"
#: The elements of a plain schema: element → the one around it, and its attributes.
_PLAIN: dict[str, tuple[str, set[str]]] = {
    f"{_S}schema": ("", set()),
    f"{_S}title": (f"{_S}schema", set()),
    f"{_S}ns": (f"{_S}schema", {"prefix", "uri"}),
    f"{_S}pattern": (f"{_S}schema", set()),
    f"{_S}rule": (f"{_S}pattern", {"context"}),
    f"{_S}assert": (f"{_S}rule", {"test"}),
    f"{_S}report": (f"{_S}rule", {"test"}),
}
#: Their other attributes, which do not change what is checked.
_IGNORED = frozenset({"id", "queryBinding"})
#: An element, with the attributes that it must have: as a pattern and as a step in a path the same.
_CONTEXT = re.compile(r"\w+:(?:[\w.-]+|\*)(?:\[@[\w.-]+(?: (?:and|or) @[\w.-]+)*\])?")
#: Parameters of the ISO skeleton: visit elements alone (the ODD compiler accepts no other contexts), and report
#: what failed, not every rule that was applied.
_SKELETON = {
    "attributes": "'false'",
    "only-child-elements": "'true'",
    "generate-fired-rule": "'false'",
}


class Rules:
    """The rules of a Schematron schema, compiled.

    :raises lxml.etree.LxmlError: it is no schema
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        schema = safe_xml.parse(path).getroot()
        self._broken = (
            etree.XSLT(safe_xml.fromstring(stylesheet(schema))) if is_plain(schema) else None
        )

    def failures(self, tree: etree._ElementTree) -> list[etree._Element]:
        """Return ``failed-assert`` and ``successful-report`` of SVRL for everything that breaks a rule."""
        if self._broken is not None and not len(self._broken(tree).getroot()):
            return []
        self._skeleton.validate(tree)
        report: etree._Element = self._skeleton.validation_report.getroot()
        return list(report.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"))

    @cached_property
    def _skeleton(self) -> Any:
        import lxml.isoschematron as iso  # type: ignore[import-not-found] # slow: it compiles stylesheets

        return iso.Schematron(
            safe_xml.parse(self._path), store_report=True, compile_params=_SKELETON
        )


def is_plain(schema: etree._Element) -> bool:
    """Return whether a schema contains nothing but patterns with rules for elements."""
    for node in schema.iter("*"):
        around = node.getparent()
        outer = "" if around is None else around.tag
        if (outer, {*node.attrib} - _IGNORED) != _PLAIN.get(str(node.tag)):
            return False
    return all(_CONTEXT.fullmatch(r.get("context", "")) for r in schema.iter(f"{_S}rule"))


def stylesheet(schema: etree._Element) -> str:
    """Return a stylesheet for a plain schema: its result has an element for every test that fails.

    Of the rules of a pattern, the first that fits an element is applied to it.
    """
    prefixes = "".join(
        f" xmlns:{ns.get('prefix')}={quoteattr(ns.get('uri', ''))}" for ns in schema.iter(f"{_S}ns")
    )
    visits, templates = [], []
    for number, pattern in enumerate(schema.iter(f"{_S}pattern")):
        mode, rules = f"pattern-{number}", list(pattern.iter(f"{_S}rule"))
        step = rules[0].get("context") if len(rules) == 1 else "*"
        visits.append(f'<xsl:apply-templates select="/descendant::{step}" mode="{mode}"/>')
        templates.append(f'<xsl:template match="*" mode="{mode}"/>')
        for priority, rule in enumerate(reversed(rules), 1):
            tests = "".join(
                f"<xsl:if test={quoteattr(_failing(test))}><broken/></xsl:if>" for test in rule
            )
            templates.append(
                f'<xsl:template match="{rule.get("context")}" mode="{mode}" priority="{priority}">{tests}</xsl:template>'
            )
    return (
        f'<xsl:stylesheet xmlns:xsl="{_XSL}" version="1.0"{prefixes}>'
        f'<xsl:template match="/"><found>{"".join(visits)}</found></xsl:template>'
        f"{''.join(templates)}</xsl:stylesheet>"
    )


def _failing(test: etree._Element) -> str:
    """Return the condition in which a test fails: an ``assert`` is not true, or a ``report`` is."""
    path = test.get("test", "")
    return f"not({path})" if test.tag == f"{_S}assert" else path

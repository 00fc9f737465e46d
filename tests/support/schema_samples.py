"""Make documents for the tests of the schema: mutants of valid ones, and instances of the schema.

Both use a seeded generator, so that failures can be repeated.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    import random

RNG = "{http://relaxng.org/ns/structure/1.0}"
TEI = "{http://www.tei-c.org/ns/1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"

#: values of each datatype of the schema; {n} is a serial number, so that ids are unique
VALUES: dict[tuple[str, str], tuple[str, ...]] = {
    ("ID", r"[A-Za-z][A-Za-z0-9\-]*"): ("id-{n}",),
    ("ID", r"o[0-9]{4,}(-[a-z][a-z0-9\-]*)?"): ("o{n:04}", "o1{n:04}-essay"),
    ("anyURI", r"#[A-Za-z][A-Za-z0-9\-]*"): ("#ed", "#fn-01-001"),
    ("anyURI", r"#o[0-9]{4,}(-[a-z][a-z0-9\-]*)?"): ("#o0001",),
    ("anyURI", r"([a-z0-9./\-]+\.xml)?#[A-Za-z][A-Za-z0-9\-]*"): ("#ed", "../thesis.xml#pg-001"),
    ("anyURI", r"#[A-Z][A-Za-z0-9]*(-[a-z][a-z0-9\-]*)?"): ("#O", "#W2", "#O-thesis"),
    ("anyURI", r"#author(-[a-z][a-z0-9\-]*)?"): ("#author",),
    ("anyURI", r"https://orcid\.org/[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]"): (
        "https://orcid.org/0000-0002-1825-0097",
    ),
    ("anyURI", r"(\.\./)*pictures/\S+"): ("pictures/map.png", "../pictures/a/b.jpg"),
    ("anyURI", ""): ("https://example.org/a?b#c", "#x", "../a.xml"),
    ("token", r"#[A-Z][A-Za-z0-9\-]*( #[A-Z][A-Za-z0-9\-]*)*"): ("#O", "#A #B2", "#O-thesis"),
    ("token", r"#[A-Za-z][A-Za-z0-9\-]*( #[A-Za-z][A-Za-z0-9\-]*)*"): ("#A", "#A #B2"),
    ("token", r"[^# ]*#role-[a-z0-9\-]+( [^# ]*#role-[a-z0-9\-]+)*"): (
        "#role-a",
        "../play.xml#role-a #role-b-2",
    ),
    ("token", r"\S+"): ("1", "ix", "0.1.0", "b-2"),
    ("token", "[a-z]+(-[a-z]+)*"): ("page", "historical-country"),
    ("token", r"([a-z0-9./\-]+\.xml)?#[A-Za-z][A-Za-z0-9\-]*( #[A-Za-z][A-Za-z0-9\-]*)?"): (
        "#o0001",
        "thesis.xml#o0001 #bib-1",
    ),
    ("token", r"[a-z][a-z0-9\-]*"): ("page", "bekker"),
    ("token", r"indent\([1-9][0-9]*\)"): ("indent(2)", "indent(12)"),
    ("token", "[0-9A-Za-z]+"): ("207", "xiv"),
    ("token", "[0-9a-z]+"): ("3", "b"),
    ("token", r"[0-9]+(\.[0-9]+){0,2}((a|b|rc)[0-9]+)?"): ("0.1.0", "1.0rc1", "2"),
    ("decimal", ""): ("12", "-0.5"),
    ("positiveInteger", ""): ("1", "6717"),
    ("boolean", ""): ("true", "false"),
    ("NCName", ""): ("edition", "lb"),
    ("string", ""): ("@n", "", "a b"),
    ("string", ".+"): (".", ", "),
    ("language", ""): ("en", "ru-petr1708", "ru-Latn-x-ocr"),
    ("nonNegativeInteger", ""): ("0", "12"),
    ("date", ""): ("1924-01-21",),
    ("gYear", ""): ("1976",),
    ("gYearMonth", ""): ("1926-05",),
    ("gMonth", ""): ("--05",),
    ("gDay", ""): ("---05",),
    ("gMonthDay", ""): ("--05-01",),
    ("time", ""): ("12:00:00",),
    ("dateTime", ""): ("1924-01-21T12:00:00",),
}


class Instances:
    """Make random instances of a RELAX NG schema in the form that the compiler writes."""

    def __init__(self, grammar: etree._Element, chance: random.Random) -> None:
        self.defines = {d.get("name"): d for d in grammar.iter(RNG + "define")}
        self.elements = [n for n, d in self.defines.items() if d[0].tag == RNG + "element"]
        self.chance = chance
        self.count = 0
        self.depth = self._depths()

    def make(self, name: str, room: int = 3) -> etree._Element:
        """Return an instance of the element ``name``, with the shortest content below ``room`` levels."""
        self.count = 0
        return self._make(name, room)

    def _make(self, name: str, room: int) -> etree._Element:
        element = etree.Element(TEI + name, nsmap={None: TEI[1:-1]})
        for pattern in self.defines[name][0]:
            self._fill(element, pattern, room)
        return element

    def _depths(self) -> dict[str, float]:
        """Return the minimum number of levels of each definition: the least fixed point."""
        depth = dict.fromkeys(self.defines, float("inf"))
        while True:
            found = {
                n: 1 + max((self._needs(c, depth) for c in self.defines[n]), default=0)
                for n in depth
            }
            if found == depth:
                return depth
            depth = found

    def _needs(self, pattern: etree._Element, depth: dict[str, float]) -> float:
        name = etree.QName(pattern).localname
        if name in ("optional", "zeroOrMore", "text", "empty", "attribute", "documentation"):
            return 0
        if name == "ref":
            return depth[pattern.get("name")]
        inner = [self._needs(child, depth) for child in pattern]
        return min(inner) if name == "choice" else max(inner, default=0)

    def _fill(self, parent: etree._Element, pattern: etree._Element, room: int) -> None:
        getattr(self, "_" + etree.QName(pattern).localname)(parent, pattern, room)

    def _all(self, parent: etree._Element, pattern: etree._Element, room: int) -> None:
        for child in pattern:
            self._fill(parent, child, room)

    _group = _element = _all

    def _documentation(self, parent: etree._Element, pattern: etree._Element, room: int) -> None:
        """Ignore documentation, which does not affect instances."""

    _empty = _documentation

    def _ref(self, parent: etree._Element, pattern: etree._Element, room: int) -> None:
        name = pattern.get("name")
        if name in self.elements:
            parent.append(self._make(name, room - 1))
        else:
            self._all(parent, self.defines[name], room)

    def _choice(self, parent: etree._Element, pattern: etree._Element, room: int) -> None:
        options = list(pattern)
        if room <= 0:
            least = min(self._needs(o, self.depth) for o in options)
            options = [o for o in options if self._needs(o, self.depth) == least]
        self._fill(parent, self.chance.choice(options), room)

    def _times(
        self, parent: etree._Element, pattern: etree._Element, room: int, low: int, high: int
    ) -> None:
        for _ in range(self.chance.randint(low, high) if room > 0 else low):
            self._all(parent, pattern, room)

    def _optional(self, parent: etree._Element, pattern: etree._Element, room: int) -> None:
        inside = pattern[0].tag == RNG + "attribute"
        self._times(parent, pattern, 1 if inside else room, 0, 1)

    def _zeroOrMore(self, parent: etree._Element, pattern: etree._Element, room: int) -> None:  # noqa: N802
        self._times(parent, pattern, room, 0, 4)

    def _oneOrMore(self, parent: etree._Element, pattern: etree._Element, room: int) -> None:  # noqa: N802
        self._times(parent, pattern, room, 1, 3)

    def _text(self, parent: etree._Element, pattern: etree._Element, room: int) -> None:
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + "word "
        else:
            parent.text = (parent.text or "") + "word "

    def _attribute(self, parent: etree._Element, pattern: etree._Element, room: int) -> None:
        kinds = list(pattern.iter(RNG + "value", RNG + "data"))
        kind = self.chance.choice(kinds)
        name = pattern.get("name").replace("xml:", XML_ID[:-2])
        parent.set(name, kind.text if kind.tag == RNG + "value" else self._datum(kind))

    def _datum(self, data: etree._Element) -> str:
        self.count += 1
        pattern = data.findtext(RNG + "param", "")
        if data.get("type") == "ID" and (data.get("type"), pattern) not in VALUES:
            return f"{pattern.partition('-')[0]}-{self.count}"  # pers-…, bib-…
        return self.chance.choice(VALUES[data.get("type"), pattern]).format(n=self.count)


class Mutants:
    """Damage documents: delete, double or rename an element; drop, alter or add an attribute."""

    def __init__(self, documents: list[etree._Element], chance: random.Random) -> None:
        self.documents = documents
        self.chance = chance
        elements = [e for d in documents for e in d.iter(f"{TEI}*")]
        self.names = sorted({e.tag for e in elements})
        self.attributes = sorted({(n, v) for e in elements for n, v in e.attrib.items()})

    def make(self) -> etree._Element:
        """Return a copy of one of the documents with one to three faults."""
        root = copy.deepcopy(self.chance.choice(self.documents))
        for _ in range(self.chance.randint(1, 3)):
            element = self.chance.choice([e for e in root.iter(f"{TEI}*") if e is not root])
            self.chance.choice(
                (self._delete, self._double, self._rename, self._drop, self._alter, self._add)
            )(element)
        return root

    def _delete(self, element: etree._Element) -> None:
        element.getparent().remove(element)

    def _double(self, element: etree._Element) -> None:
        twin = copy.deepcopy(element)
        for inner in twin.iter(f"{TEI}*"):
            inner.attrib.pop(XML_ID, None)
        element.addnext(twin)

    def _rename(self, element: etree._Element) -> None:
        element.tag = self.chance.choice(self.names)

    def _drop(self, element: etree._Element) -> None:
        if element.attrib:
            del element.attrib[self.chance.choice(sorted(element.attrib))]

    def _alter(self, element: etree._Element) -> None:
        if element.attrib:
            name = self.chance.choice(sorted(element.attrib))
            element.set(
                name, self.chance.choice([v for n, v in self.attributes if n == name] + ["other"])
            )

    def _add(self, element: etree._Element) -> None:
        element.set(*self.chance.choice(self.attributes))

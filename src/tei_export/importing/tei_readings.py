"""Write the readings of TEI as roles: pairs of readings, conjectures, losses, and phrases with values.

This program's own files give back the roles that made them; in other files, elements without a role
become text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tei_export.importing import markup
from tei_export.importing.safe_xml import descendants, local_name, words
from tei_export.importing.tei_lines import LineBuilder, OpenRole
from tei_export.importing.tei_pages import CERT, ID, TeiPageReader
from tei_export.model.cast import PREFIX
from tei_export.model.role_values import ValueType
from tei_export.model.vocabulary import MISREADING, ROLES, Family, Reads

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from tei_export.model.vocabulary import Role

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: role → the elements of source and reading
_CHOICES = {row.name: row.tei_parts[::-1] for row in ROLES if row.tei == "choice"}
#: element → role with its attributes as the tail
_VALUED = {
    row.tei: row for row in ROLES if row.family is Family.PHRASE and row.values and row.tei != "seg"
}
#: element → role with words alone; heads and stage directions are handled elsewhere
_PLAIN = {
    row.tei: row
    for row in ROLES
    if row.family is Family.PHRASE and not row.values and not row.tei_attrs
    if row.tei not in ("head", "stage")
}
#: element → role with a text that the witness does not (clearly) have
_STATES = {row.tei: row for row in ROLES if row.family is Family.STATE}
#: element → role of a replacement, whose new words have values
_REPLACED = {row.tei: row for row in ROLES if row.family is Family.LAYER and row.part}


class TeiReadingReader(TeiPageReader):
    """Writes the elements of readings into :class:`LineBuilder`."""

    def content(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write the text and the elements inside ``element``."""
        raise NotImplementedError

    def element(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write one element, depending on its name."""
        raise NotImplementedError

    def reading_handlers(self) -> dict[str, Callable[[etree._Element, LineBuilder], None]]:
        """Return what writes each element that a role of a reading has."""
        return {
            "app": self.app,
            **dict.fromkeys(_VALUED, self.valued),
            **dict.fromkeys(_REPLACED, self.replaced),
            **dict.fromkeys(_PLAIN, self.plain),
            "choice": self.choice,
            **{
                name: self.gap if row.read_by("E") is Reads.SIGN else self.state
                for name, row in _STATES.items()
            },
        }

    def inside(self, element: etree._Element) -> str:
        """Return the content of an element as the reading of a role."""
        inner = LineBuilder(self.page)
        inner.begin(OpenRole(""))
        self.content(element, inner)
        return "".join(inner.open[0].pieces)

    def tail(self, judged: etree._Element | None, key: str) -> str:
        """Return the tail of a role: certainty, responsibility and reason."""
        if judged is None:
            return ""
        resp = (judged.get("resp") or "#ed").split()[0].lstrip("#")
        why = self.reasons.get(key, "")
        tail = CERT.get(judged.get("cert") or "", "")
        return tail + ("" if resp == "ed" else f" #{resp}") + (f" ({why})" if why else "")

    def app(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write a misreading."""
        lem = next(iter(children(element, "lem")), None)
        if not self.own:
            self.tell(element)
            if lem is not None:
                self.content(lem, lines)
            return
        source = "".join(
            words(rdg)
            for rdg in children(element, "rdg")
            if self.siglum in (rdg.get("wit") or "").split()
        )
        reading = self.inside(lem) if lem is not None else ""
        lines.put(
            markup.role(MISREADING, f"{reading} <{source}>{self.tail(lem, element.get(ID) or '')}")
        )

    def choice(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write a pair of readings; of a pair that no role has, the first becomes the text."""
        for role, (kept, other) in _CHOICES.items():
            first, second = (next(iter(children(element, name)), None) for name in (kept, other))
            if first is None:
                continue
            source = words(first)
            if second is not None and source.strip() and words(second).strip():
                tail = self.tail(second, element.get(ID) or "") if self.own else ""
                lines.put(markup.role(role, f"{self.inside(second)} <{source}>{tail}"), source)
            else:
                self.tell(element)
                self.content(first, lines)
            return
        self.tell(element)
        self.content(element, lines)

    def replaced(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write a replacement: new words and old ones."""
        row = _REPLACED[local_name(element)]
        new, old = (next(iter(children(element, name)), None) for name in row.tei_parts)
        if not self.own or old is None or new is None:
            self.tell(element)
            self.content(element, lines)
            return
        said = " ".join(values_of(row, new))
        tail = f"{' ' if said else ''}{said}{self.tail(new, element.get(ID) or '')}"
        lines.put(markup.role(row.name, f"{self.inside(new)} <{words(old)}>{tail}"))

    def plain(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write a phrase without values."""
        if self.own:
            self.phrase(_PLAIN[local_name(element)].name, element, lines)
        else:
            self.tell(element)
            self.content(element, lines)

    def valued(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write a phrase with its attributes as values: a deletion, an addition, a date …"""
        row = _VALUED[local_name(element)]
        said = values_of(row, element) if self.own or row.values[0].needed else []
        lacks = row.values[0].needed and not said
        if (
            lacks
            or descendants(element, "lb")
            or (row.name in ("foreign", "role", "speaker") and not self.own)
        ):
            self.tell(element)
            self.content(element, lines)
            return
        tail = f" <{' '.join(said)}>" if said else ""
        judged = self.tail(element, element.get(ID) or "") if self.own else ""
        content = self.inside(element)
        lines.put(markup.role(row.name, f"{content}{tail}{judged}"), words(element))

    def state(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write a conjecture or a doubtful reading."""
        row = _STATES[local_name(element)]
        if not self.own:
            self.tell(element)
            self.content(element, lines)
            return
        sure = " !" if row.conjecture and element.get("cert") == "high" else ""
        tail = sure + self.tail(element, element.get(ID) or "")
        lines.put(markup.role(row.name, self.inside(element) + tail))

    def gap(self, element: etree._Element, lines: LineBuilder) -> None:
        """Write a loss."""
        row = _STATES[local_name(element)]
        quantity, unit = element.get("quantity") or "1", element.get("unit") or "word"
        unit = {"chars": "char", "words": "word", "lines": "line", "pages": "page"}.get(unit, unit)
        if unit not in {"char", "word", "line", "page"} or not quantity.isdecimal():
            self.tell(element)
            quantity, unit = "1", "word"
        many = "s" if quantity != "1" else ""
        tail = self.tail(element, element.get(ID) or "") if self.own else ""
        lines.put(markup.role(row.name, f"{quantity} {unit}{many}{tail}"))

    def phrase(self, role: str, element: etree._Element, lines: LineBuilder) -> None:
        """Write the content of an element as a role, in every line that it spans."""
        lines.begin(OpenRole(role))
        self.content(element, lines)
        lines.close()


def values_of(row: Role, element: etree._Element) -> list[str]:
    """Return the tail of a role for the attributes of its element."""
    found = []
    for value in row.values:
        said = {name: element.get(LANG if name == "xml:lang" else name) for name in value.names}
        word = said[value.name] or ""
        if value.form is ValueType.ROLE:
            word = (element.get(ID) or "").removeprefix(PREFIX)
        if value.form is ValueType.DATE and said["from"]:
            word = f"{said['from']}/{said['to'] or '..'}"
        if value.form is ValueType.EXTENT:
            word = f"{said['quantity']} {word}{'s' * (said['quantity'] != '1')}"
        word = re.sub(r"^#(?:hand|cal)-", "@" if value.form is ValueType.HAND else "", word)
        if word and value.read(word):
            found.append(word)
    return found


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """Return the child elements of a name."""
    return [child for child in element if local_name(child) == name]

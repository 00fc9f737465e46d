"""Doctree → TEI ``text``: renders, counts nothing.

Source of the encoding: TEI P5 (CO, PH, TC, HD, ND, SA) as explained in
``docs/encoding.md``. White space inside the text is the text's own: a line's beginning that
is a space in running text is written as a line feed before its ``lb``.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from docutils import nodes

from tei_export.citation import page_id, witness_id
from tei_export.nodes import bibentry, lb, mark, notelabel, noteref, pb, textnote
from tei_export.tei.build import Cursor, element
from tei_export.vocabulary import BY_NAME, Family

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml import etree

    from tei_export.edition import Edition, Part, Text

_RANGE = re.compile(r"(\d+)(?:-(\d+))?")
_OCR_LANGUAGE = "ru-Latn-x-ocr"


class TextWriter:
    """Writes the ``text`` element of one text from the doctrees of its parts."""

    def __init__(self, edition: Edition, text: Text) -> None:
        self.edition = edition
        self.text = text
        self.language = str(edition.record.get("language", "en"))
        self.root = element("text", xml_lang=self.language)
        self.editorial: list[etree._Element] = []
        self.mentioned: dict[str, set[str]] = {}

    def write(self, parts: Sequence[tuple[Part, nodes.document]]) -> etree._Element:
        """:param parts: the parts in the order of the record, with their doctrees."""
        cursor = Cursor(self.root)
        for place in ("front", "body", "back"):
            chosen = [(p, d) for p, d in parts if p.place == place]
            last = place == "back"
            if not chosen and not (last and self.editorial):
                continue
            with cursor.open(place):
                cursor.text("\n")
                for part, document in chosen:
                    PartWriter(self, cursor, part, document).write()
                    cursor.text("\n")
                if last:
                    self._editorial(cursor)
        return self.root

    def _editorial(self, cursor: Cursor) -> None:
        """The editors' notes and the reasons given for readings, never in the text itself."""
        if not self.editorial:
            return
        with cursor.open("div", type="editorialNotes", xml_id="editorial-notes"):
            for note in self.editorial:
                cursor.text("\n")
                cursor.here.append(note)
            cursor.text("\n")
        cursor.text("\n")


class PartWriter:
    """Writes one part as a ``div``."""

    def __init__(self, owner: TextWriter, cursor: Cursor, part: Part, document: nodes.document) -> None:
        self.owner = owner
        self.siglum = f"#{owner.text.siglum}"
        self.cursor = cursor
        self.part = part
        self.document = document
        self.notes = {n["ids"][0]: n for n in document.findall(textnote) if n["ids"]}
        self.pending: list[str] = []
        self.inside = 0
        self.language = ""

    def write(self) -> None:
        section = next(iter(self.document.findall(nodes.section)))
        with self.cursor.open("div", type=self.part.type, n=self.part.n, xml_id=self.part.id):
            self._blocks(section)
            self.cursor.text("\n")
        for note in self.notes.values():
            if note["series"] == "editorial":
                self._editorial_note(note)

    # blocks

    def _blocks(self, section: nodes.section) -> None:
        """The blocks of a section; a run of bibliography entries is one ``listBibl``."""
        children = list(section.children)
        while children:
            child = children.pop(0)
            if isinstance(child, nodes.title):
                self._heading(child)
            elif isinstance(child, nodes.block_quote):
                self._quotation(child)
            elif isinstance(child, nodes.paragraph):
                self._paragraph(child)
            elif isinstance(child, nodes.bullet_list):
                self._list(child)
            elif isinstance(child, bibentry):
                run = [child, *takewhile(lambda c: isinstance(c, bibentry), children)]
                del children[: len(run) - 1]
                self._bibliography(run)
            elif isinstance(child, nodes.section):
                self.cursor.text("\n")
                with self.cursor.open("div", type="section", xml_id=child["xml_id"]):
                    self._blocks(child)
                    self.cursor.text("\n")

    def _list(self, items: nodes.bullet_list) -> None:
        self.cursor.text("\n")
        with self.cursor.open("list", rend="bulleted", n=items["n"], xml_id=items["xml_id"]):
            for item in items.children:
                self.cursor.text("\n")
                with self.cursor.open("item"):
                    for block in item.children:
                        self._all(block.children)

    def _bibliography(self, entries: Sequence[Any]) -> None:
        """The author's bibliography as typed (CO#COBITY), each entry linked to its work."""
        self.cursor.text("\n")
        with self.cursor.open("listBibl"):
            for entry in entries:
                first = entry.children[0]
                first.children = self._hoist(first.children)
                self.cursor.text("\n")
                with self.cursor.open(
                    "bibl", n=entry["n"], xml_id=entry["xml_id"], corresp=self._ref("works", entry["key"])
                ):
                    self._all(first.children)
                    if len(entry.children) > 1:
                        self._annotation(entry.children[1:])

    def _annotation(self, blocks: Sequence[nodes.Node]) -> None:
        with self.cursor.open("note", type="annotation", resp="#author"):
            for block in blocks:
                with self.cursor.open("p"):
                    self._all(block.children)

    def _hoist(self, children: Sequence[nodes.Node]) -> list[nodes.Node]:
        """Write the page breaks a block begins with before it; return the rest."""
        rest = list(children)
        while rest and isinstance(rest[0], pb):
            self.cursor.text("\n")
            self._pb(rest[0])
            del rest[0]
        return rest

    def _heading(self, title: nodes.title) -> None:
        """``head type="number"`` up to the number's end, ``head type="title"`` for the rest."""
        rest = self._hoist(title.children)
        at = next((i for i, c in enumerate(rest) if isinstance(c, mark) and c["kind"] == "number"), -1)
        self._head("number", rest[: at + 1])
        self._head("title", rest[at + 1 :])

    def _head(self, kind: str, children: list[nodes.Node]) -> None:
        if not children:
            return
        self.cursor.text("\n")
        with self.cursor.open("head", type=kind):
            if isinstance(children[0], lb):
                self._lb(children[0], first=True)
                children = children[1:]
            for child in children:
                unwrapped = isinstance(child, mark) and child["kind"] == "number"
                self._all(child.children) if unwrapped else self._inline(child)

    def _paragraph(self, paragraph: nodes.paragraph) -> None:
        rest = self._hoist(paragraph.children)
        if not rest:
            return
        self.cursor.text("\n")
        if "n" not in paragraph:
            self._all(rest)  # noise between two blocks
            return
        with self.cursor.open("p", n=paragraph["n"], xml_id=paragraph["xml_id"]):
            self._all(rest)

    def _quotation(self, quotation: nodes.block_quote) -> None:
        """``cit``: the quotation, then the reference and the note that cite it (CO#COHQQ).

        A quotation in another language and the author's translation are one ``cit`` with two
        ``quote``s that point at each other (CO#COHQHF).
        """
        if quotation.get("translates"):
            return  # written with its original
        self._hoist_from(quotation)
        self.cursor.text("\n")
        own = quotation["xml_id"]
        pair = {"xml_id": f"{own}-orig", "corresp": f"#{own}-tr"} if quotation.get("translated") else {}
        with self.cursor.open("cit", rend="block", n=quotation["n"], xml_id=own):
            self._tail(self._quote(quotation, **pair))
            if pair:
                siblings: list[Any] = list(quotation.parent.children)
                translation = siblings[siblings.index(quotation) + 1]
                self._hoist_from(translation)
                self.cursor.text("\n")
                tail = self._quote(
                    translation, type="translation", resp="#author",
                    xml_id=f"{own}-tr", corresp=f"#{own}-orig",
                )  # fmt: skip
                self._tail(tail)

    def _hoist_from(self, quotation: nodes.Element) -> None:
        first: Any = quotation.children[0]
        first.children = self._hoist(first.children)

    def _quote(self, quotation: nodes.Element, **attrs: str) -> nodes.Node | None:
        """One ``quote``; returns the note reference that ends it and is still to be written."""
        blocks = [c for c in quotation.children if isinstance(c, nodes.paragraph)]
        tail = self._citing(blocks[-1])
        outer, self.language = self.language, quotation.get("lang", "")
        language = self.language or ("type" in attrs and self.owner.language) or ""
        with self.cursor.open("quote", source=self._source(tail), xml_lang=language, **attrs):
            for block in blocks:
                children = [c for c in block.children if c is not tail]
                with self.cursor.open("p"):
                    self._all(children)
        self.language = outer
        return tail

    def _tail(self, tail: nodes.Node | None) -> None:
        if tail is not None:
            self._inline(tail)

    def _citing(self, block: nodes.paragraph) -> nodes.Node | None:
        """The note reference (in its apparatus mark, if it has one) that ends a quotation."""
        last = block.children[-1] if block.children else None
        if isinstance(last, noteref):
            return last if last["series"] == "authorial" else None
        if isinstance(last, mark) and last["kind"] == "ocr":
            only = last.children[0] if len(last.children) == 1 else None
            return last if isinstance(only, noteref) else None
        return None

    def _source(self, tail: nodes.Node | None) -> str:
        """The register entry of the work that a quotation's note cites."""
        for ref in tail.findall(noteref) if tail is not None else ():
            note = self.notes.get(ref["refid"])
            if note is not None and note.get("work"):
                return self._ref("works", note["work"])
        return ""

    def _ref(self, register: str, key: str) -> str:
        self.owner.mentioned.setdefault(register, set()).add(key)
        return "#" + self.owner.edition.registers[register].entries[key].xml_id

    # inline

    def _all(self, children: Sequence[nodes.Node]) -> None:
        for child in children:
            self._inline(child)

    def _inline(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Text):
            self.cursor.text(str(node))
        elif isinstance(node, mark):
            self._mark(node)
        elif isinstance(node, lb):
            self._lb(node)
        elif isinstance(node, pb):
            self._pb(node)
        elif isinstance(node, noteref):
            self._noteref(node)

    def _lb(self, node: lb, *, first: bool = False) -> None:
        if not first:
            self.cursor.text("\n" if node["join"] == " " else "")
        if not node["n"] and not node["o"]:
            return  # nothing begins here: a lacuna of pages
        displaced = node["displaced"]
        inferred = not node["o"] and node["n"]
        number = witness_id(node["o"]) if node["o"] else ""
        self.cursor.empty(
            "lb",
            n=node["n"] or "",
            xml_id="" if node["piece"] else number,
            corresp=f"#{number}" if node["piece"] else "",
            type="displaced" if displaced else "inferred" if inferred else "",
            **{"break": node["brk"]},
            rend=self._hyphen(node),
            resp="#ed" if displaced or inferred else "",
            cert=node.get("cert", "high") if displaced else "",
        )

    @staticmethod
    def _hyphen(node: lb) -> str:
        if node["brk"] != "no":
            return ""
        return "hyphen" if node["hyphen"] else "none"

    def _pb(self, node: pb) -> None:
        if node["continued"]:
            self.cursor.empty("pb", type="noteContinuation", corresp=f"#{page_id(node['page'])}")
            return
        seen = node["seen"]
        self.cursor.empty(
            "pb",
            n=node["page"],
            xml_id=page_id(node["page"]),
            type="attested" if seen else "inferred",
            **{"break": node["brk"]},
            resp="" if seen else "#ed",
            cert="" if seen else node["cert"],
        )
        if not seen:
            return
        with self.cursor.open("fw", type="pageNum", place="top"):
            self.cursor.empty("lb", xml_id=witness_id(seen))
            if node["source"] == node["page"]:
                self.cursor.text(node["page"])
            else:
                self._app(
                    f"app-{seen:04d}-1", "number", "high", "ed",
                    lambda: self.cursor.text(node["page"]), node["source"],
                )  # fmt: skip

    def _app(
        self, xml_id: str, kind: str, cert: str, resp: str, lemma: Callable[[], None], source: str
    ) -> None:
        with self.cursor.open("app", type=kind, xml_id=xml_id):
            with self.cursor.open("lem", resp=f"#{resp}", cert=cert):
                self.inside += 1
                lemma()
                self.inside -= 1
            language = _OCR_LANGUAGE if kind == "script" else ""
            with self.cursor.open("rdg", wit=self.siglum, xml_lang=language):
                self.cursor.text(source)

    def _mark(self, node: mark) -> None:
        row = BY_NAME[node["kind"]]
        special = _SPECIAL.get(node["kind"])
        if special:
            special(self, node)
        elif row.family is Family.MENTION:
            self._mention(node)
        elif row.lang and row.lang == self.language:
            self._all(node.children)  # the quotation says the language
        else:
            lang = {"xml_lang": row.lang} if row.lang else {}
            with self.cursor.open(row.tei, **row.tei_attrs, **lang):
                self._all(node.children)
        if node.get("why"):
            self._reason(node)
        if not self.inside:
            self._flush()

    def _ocr(self, node: mark) -> None:
        only = node.children[0] if len(node.children) == 1 else None
        if isinstance(only, noteref) and only["series"] == "authorial":
            self._noteref(only, app=node)
            return
        self._app(
            node["xml_id"], node["app"], node["cert"], node["resp"],
            lambda: self._all(node.children), node["source"],
        )  # fmt: skip

    def _sic(self, node: mark) -> None:
        with self.cursor.open("choice", xml_id=node["xml_id"]):
            with self.cursor.open("sic"):
                self.cursor.text(node["source"])
            with self.cursor.open("corr", resp=f"#{node['resp']}", cert=node["cert"]):
                self._all(node.children)

    def _supplied(self, node: mark) -> None:
        with self.cursor.open(
            "supplied", reason=node["reason"], resp=f"#{node['resp']}", cert=node["cert"], xml_id=node["xml_id"]
        ):
            self._all(node.children)

    def _unclear(self, node: mark) -> None:
        with self.cursor.open("unclear", resp=f"#{node['resp']}", cert=node["cert"], xml_id=node["xml_id"]):
            self._all(node.children)

    def _gap(self, node: mark) -> None:
        self.cursor.empty(
            "gap", reason=node["reason"], unit=node["unit"], quantity=node["quantity"],
            resp=f"#{node['resp']}", cert=node["cert"], xml_id=node["xml_id"],
        )  # fmt: skip

    def _cited(self, node: mark) -> None:
        """``citedRange`` stands only directly in ``bibl`` (TEI 4.3.0)."""
        found = _RANGE.fullmatch(node.astext())
        ends = {"from_": found[1], "to": found[2] or found[1]} if found else {}
        if self.cursor.local == "bibl":
            with self.cursor.open("citedRange", unit="page", **ends):
                self._all(node.children)
            return
        work = self._ref("works", node["work"]) if node.get("work") else ""
        with self.cursor.open("bibl", corresp=work), self.cursor.open("citedRange", unit="page", **ends):
            self._all(node.children)

    def _mention(self, node: mark) -> None:
        row = BY_NAME[node["kind"]]
        ref = self._ref(row.register, node["key"])
        local, attrs = (row.tei, row.tei_attrs) if node["named"] else ("rs", {"type": row.name})
        with self.cursor.open(local, **attrs, ref=ref):
            self._all(node.children)

    # notes

    def _noteref(self, node: noteref, app: mark | None = None) -> None:
        if node["series"] == "editorial":
            self.cursor.empty("anchor", xml_id=node["ids"][0])
            return
        with self.cursor.open("ref", type="noteAnchor", xml_id=node["ids"][0], target=f"#{node['refid']}"):
            if app is None:
                self.cursor.text(node["label"])
            else:
                self._app(
                    app["xml_id"], app["app"], app["cert"], app["resp"],
                    lambda: self.cursor.text(node["label"]), app["source"],
                )  # fmt: skip
        self.pending.append(node["refid"])
        if not self.inside and app is None:
            self._flush()

    def _flush(self) -> None:
        """Write the notes referred to, at their point of attachment but outside an apparatus."""
        while self.pending:
            self._note(self.notes[self.pending.pop(0)])

    def _note(self, note: textnote) -> None:
        with self.cursor.open(
            "note", type="authorial", place="bottom", n=note["label"],
            xml_id=note["ids"][0], target=f"#{note['refid']}",
        ):  # fmt: skip
            children = [c for block in note.children for c in block.children]
            at = next(i for i, c in enumerate(children) if isinstance(c, notelabel))
            self._all(children[:at])
            with self.cursor.open("label"):
                self._all(children[at].children)
            spaced = any(c.get("labelspace") for c in children[:at] if isinstance(c, lb))
            self.cursor.text(" " if spaced else "")
            if note.get("work"):
                with self.cursor.open("bibl", corresp=self._ref("works", note["work"])):
                    self._all(children[at + 1 :])
            else:
                self._all(children[at + 1 :])

    def _editorial_note(self, note: textnote) -> None:
        found = element(
            "note", type="editorial", n=note["label"], xml_id=note["ids"][0], target=f"#{note['refid']}", resp="#ed"
        )
        outer, self.cursor = self.cursor, Cursor(found)
        for block in note.children:
            with self.cursor.open("p"):
                self._all(block.children)
        self.cursor = outer
        self.owner.editorial.append(found)

    def _reason(self, node: mark) -> None:
        """Why a reading was chosen: an editorial note that points to the apparatus entry."""
        found = element(
            "note", type="editorial", subtype="emendation", target=f"#{node['xml_id']}", resp=f"#{node['resp']}"
        )
        cursor = Cursor(found)
        with cursor.open("p"):
            cursor.text(node["why"])
        self.owner.editorial.append(found)


_SPECIAL: dict[str, Callable[[PartWriter, mark], None]] = {
    "ocr": PartWriter._ocr,
    "sic": PartWriter._sic,
    "supplied": PartWriter._supplied,
    "unclear": PartWriter._unclear,
    "gap": PartWriter._gap,
    "cited": PartWriter._cited,
}

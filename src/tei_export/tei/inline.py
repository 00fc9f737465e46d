"""Write phrases as TEI: lines, pages, apparatus, mentions (CO, PH, TC, ND).

White space inside the text belongs to the text: where a line break counts as a space in running
text, a line feed precedes its ``lb``.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.cast import PREFIX, Cast
from tei_export.model.languages import MISREAD_CYRILLIC
from tei_export.model.places import NAMED_PAGE, page_id, witness_id
from tei_export.model.role_values import ValueType, attributes
from tei_export.model.variants import VARIANT, VariantReading
from tei_export.model.vocabulary import (
    BY_NAME,
    MISREADING,
    OF_WITNESSES,
    PAGE_NUMBER,
    Family,
    Reads,
)
from tei_export.model.word_division import SIGNS
from tei_export.source.marked import nodes_of
from tei_export.source.nodes import lb, mark, noteref, pb, point

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tei_export.model.edition import Edition, Text
    from tei_export.tei.cursor import Cursor, Tag

#: attribute that points to a declaration in the header → prefix of its id
POINTED = {"hand": "hand-", "new": "hand-", "calendar": "cal-"}
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


@dataclass(slots=True)
class TextContext:
    """State shared by the parts of a text while they are written.

    ``editorial``: the editors' notes; ``mentioned``: register → keys; ``pages``: pages that begin
    in the text; ``founded``: judgements whose reason names a page; ``cited``: citation of a line,
    stanza or numbered paragraph → pointer; ``cast``: the roles, for the pointers of speeches.
    """

    edition: Edition
    text: Text
    language: str
    editorial: list[Cursor] = field(default_factory=list)
    mentioned: dict[str, set[str]] = field(default_factory=dict)
    pages: set[str] = field(default_factory=set)
    founded: list[tuple[Tag, str]] = field(default_factory=list)
    cited: dict[str, str] = field(default_factory=dict)
    cast: Cast = field(default_factory=lambda: Cast(()))

    def leads(self, node: mark | point) -> str:
        """Return the target of a reference; for a line that the witness lacks, its page."""
        cited = node.get("cited", "")
        return self.cited.get(cited) or str(node.get("to", ""))

    def found_on(self, judged: Tag, why: str) -> None:
        """Record that a judgement rests on a page of the same text, if its reason names one."""
        named = NAMED_PAGE.search(why)
        if named:
            self.founded.append((judged, named[1]))

    def point_to_evidence(self) -> None:
        """Add ``@source`` to judgements founded on a page of this text (TC#TCTR).

        Also add ``@evidence``, except on ``lem``, where TEI does not allow it.
        """
        for judged, page in self.founded:
            if page in self.pages:
                judged.set("source", f"#{page_id(page)}")
                if judged.local != "lem":
                    judged.set("evidence", "internal")
        self.founded.clear()


class TeiInlineWriter(ABC):
    """Writes phrases at the cursor; the subclass writes notes."""

    def __init__(self, shared: TextContext, cursor: Cursor) -> None:
        self.shared = shared
        self.ids = {w.siglum: w.id for w in shared.text.witnesses}
        self.siglum = self._wit((shared.text.siglum,))
        self.cursor = cursor
        self.inside = 0
        self.language = ""

    @abstractmethod
    def _noteref(self, node: noteref, app: mark | None = None) -> None:
        """Write a note reference; ``app`` is the apparatus mark around it, if any."""

    @abstractmethod
    def _flush(self) -> None:
        """Write the pending notes: referred to, but not yet written."""

    @abstractmethod
    def _reason(self, node: mark | point, why: str, resp: str) -> None:
        """Write the reason for a reading of an entry, and who is responsible."""

    def _wit(self, sigla: Iterable[str]) -> str:
        """Return pointers to witnesses: ``#A #B2``."""
        return " ".join(f"#{self.ids.get(siglum, siglum)}" for siglum in sigla)

    def _ref(self, register: str, key: str) -> str:
        self.shared.mentioned.setdefault(register, set()).add(key)
        return "#" + self.shared.edition.registers[register].entries[key].xml_id

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
        elif isinstance(node, point) and node["kind"] in OF_WITNESSES:
            self._of_witnesses(node)
        elif isinstance(node, point):
            row = BY_NAME[node["kind"]]
            doubt = (
                {} if node["cert"] == "high" else {"cert": node["cert"], "resp": f"#{node['resp']}"}
            )
            said = self._said(node) if row.values else {"n": node.get("value", "")}
            self.cursor.empty(row.tei, **{**row.tei_attrs, **said, **doubt})

    def _lb(self, node: lb, *, first: bool = False) -> None:
        is_ = node.attributes  # there are more lines than anything else
        if not first and is_["join"] == " ":
            self.cursor.text("\n")
        line, seen, piece = is_["line"], is_["witness_line"], is_["piece"]
        if not line and not seen:
            return  # no line begins here: a lacuna of pages
        displaced, word_break = is_["displaced"], is_["word_break"]
        number = witness_id(seen) if seen else ""
        said: dict[str, object] = {"n": line or "", "xml_id": "" if piece else number}
        if piece:
            said["corresp"] = f"#{number}"
        if displaced or not seen:
            said["type"] = "displaced" if displaced else "inferred"
        if word_break:
            said |= {"break": word_break, "rend": self._hyphen(node)}
        if displaced or not seen:
            said["resp"] = "#ed"
        if displaced:
            said["cert"] = node.get("cert", "high")
        self.cursor.empty("lb", **said)

    @staticmethod
    def _hyphen(node: lb) -> str:
        if node["word_break"] != "no":
            return ""
        return SIGNS.get(node["hyphen"], "none")

    def _pb(self, node: pb) -> None:
        if node["continued"]:
            self.cursor.empty("pb", type="noteContinuation", corresp=f"#{page_id(node['page'])}")
            return
        seen = node["seen"]
        self.shared.pages.add(node["page"])
        self.cursor.empty(
            "pb",
            n=node["page"],
            xml_id=page_id(node["page"]),
            type="attested" if seen else "inferred",
            **{"break": node["word_break"]},
            resp="" if seen else "#ed",
            cert="" if seen else node["cert"],
        )
        if not seen:
            return
        if node["printed"]:
            return
        row = BY_NAME[PAGE_NUMBER]
        with self.cursor.open(row.tei, **row.tei_attrs):
            self.cursor.empty("lb", xml_id=witness_id(seen))
            if node["source"] == node["page"]:
                self.cursor.text(node["page"])
            else:
                self._app(
                    node["xml_id"],
                    "number",
                    node["cert"],
                    node["resp"],
                    lambda: self.cursor.text(node["page"]),
                    node["source"],
                    node["why"],
                )

    def _app(
        self,
        xml_id: str,
        kind: str,
        cert: str,
        resp: str,
        lemma: Callable[[], None],
        source: str,
        why: str = "",
    ) -> None:
        element, (lem, rdg) = BY_NAME[MISREADING].tei, BY_NAME[MISREADING].tei_parts
        with self.cursor.open(element, type=kind, xml_id=xml_id):
            with self.cursor.open(lem, resp=f"#{resp}", cert=cert) as judged:
                self.shared.found_on(judged, why)
                self.inside += 1
                lemma()
                self.inside -= 1
            language = MISREAD_CYRILLIC if kind == "script" else ""
            with self.cursor.open(rdg, wit=self.siglum, xml_lang=language):
                self.cursor.text(source)

    def _mark(self, node: mark) -> None:
        row = BY_NAME[node["kind"]]
        special = _SPECIAL.get((row.family, row.tei)) or _SPECIAL.get((row.family, ""))
        if special:
            special(self, node)
        elif row.family is Family.MENTION:
            self._mention(node)
        elif row.lang and row.lang == self.language:
            self._all(node.children)  # the quotation states the language
        else:
            fixed = row.tei_attrs | ({"place": "bottom"} if node.get("foot") else {})
            own = {"xml_id": node["xml_id"]} if "xml_id" in node else {}
            said = {**self._said(node), **_judged(node), "xml_lang": node.get("lang", ""), **own}
            if node.get("display"):
                said["rend"] = "display"
            if row.notation and self.cursor.local != "seg" and self.cursor.within("bibl"):
                self._formula_in_citation(node)
                return
            with self.cursor.open(row.tei, **fixed, **said) as judged:
                self.shared.found_on(judged, node.get("why", ""))
                self._all(node.children)
        if node.get("why"):
            self._reason(node, node["why"], node["resp"])
        if not self.inside:
            self._flush()

    def _formula_in_citation(self, node: mark) -> None:
        """Write a formula in a ``bibl``, where TEI wants a segment around it (CO#COBICOB), in a reading, too."""
        with self.cursor.open("seg", type="formula"):
            self._mark(node)

    def _ocr(self, node: mark) -> None:
        only = node.children[0] if len(node.children) == 1 else None
        if isinstance(only, noteref) and only["series"] == "authorial":
            self._noteref(only, app=node)
            return
        self._app(
            node["xml_id"],
            node["app"],
            node["cert"],
            node["resp"],
            lambda: self._all(node.children),
            node["source"],
            node["why"],
        )

    def _variants(self, node: mark) -> None:
        """Write the readings of several witnesses beside the lemma (TC#TCAPPS)."""
        variants: list[VariantReading] = node["variants"]
        # A number distinguishes readings with the same letters.
        numbered = any(one.pieces for one in variants)
        with self.cursor.open("app", type=VARIANT, xml_id=node["xml_id"]):
            with self.cursor.open(
                "lem",
                n="0" if numbered else "",
                wit=self._wit(node["lemma_sigla"]),
                resp=f"#{node['resp']}",
                cert=node["cert"],
            ) as judged:
                self.shared.found_on(judged, node["why"])
                self.inside += 1
                self._all(node.children)
                self.inside -= 1
            for number, one in enumerate(variants, 1):
                self._rdg(one, number if numbered else None)
        self._reasons(node)

    def _rdg(self, one: VariantReading, number: int | None = None) -> None:
        judged = (
            {}
            if (one.cert, one.resp) == ("high", "ed")
            else {"resp": f"#{one.resp}", "cert": one.cert}
        )
        numbered = {} if number is None else {"n": number}
        with self.cursor.open("rdg", **numbered, wit=self._wit(one.sigla), type=one.type, **judged):
            if not one.pieces:
                self.cursor.text(one.text)
            self.inside += 1
            self._all(nodes_of(one.pieces))
            self.inside -= 1

    def _reasons(self, node: mark | point) -> None:
        """Write the reasons of single readings, each after its sigla."""
        for one in node["variants"]:
            if one.why:
                self._reason(node, f"{' '.join(one.sigla)}: {one.why}", one.resp)

    def _of_witnesses(self, node: point) -> None:
        """Write a milestone about witnesses.

        A passage with variants has its beginning marked, and its readings at its end (TC#TCAPDE),
        after an empty ``lem`` that names the agreeing witnesses: without it, other programs take
        the first reading for the lemma, and agreeing witnesses for lost. A number distinguishes it
        from an omission. A place where witnesses break off or resume is an entry of its own
        (TC#TCAPMI).
        """
        kind = node["kind"]
        if kind == "begin":
            self.cursor.empty("anchor", xml_id=node["xml_id"])
        elif kind in ("end", "transposed"):
            with self.cursor.open(
                "app",
                type=VARIANT if kind == "end" else "transposition",
                from_=f"#{node['xml_id']}-from",
                xml_id=node["xml_id"],
            ):
                self.cursor.empty(
                    "lem",
                    n=0,
                    wit=self._wit(node["lemma_sigla"]),
                    resp=f"#{node.get('resp', 'ed')}",
                    cert=node["cert"],
                )
                readings: list[VariantReading] = node.get("variants", [])
                for number, one in enumerate(readings, 1):
                    self._rdg(one, number)
                if kind == "transposed":
                    self.cursor.empty(
                        "rdg", n=1, wit=self._wit(node["sigla"]), type="transposition"
                    )
            if kind == "end":
                self._reasons(node)
                if node.get("why"):
                    self._reason(node, node["why"], node["resp"])
        elif kind == "here":
            with self.cursor.open("app", type="transposition", corresp=f"#{node['corresp']}"):
                self.cursor.empty("rdg", wit=self._wit(node["sigla"]), type="transposition")
        elif kind == "lb":
            paged = node.get("unit") == "pb"
            self.cursor.empty(
                "milestone",
                unit="page" if paged else "line",
                n=node["value"] if paged else "",
                edRef=self._wit(node["sigla"]),
            )
        else:
            with self.cursor.open("app", type="lacuna", xml_id=node.get("xml_id", "")):
                for tag, sigla in _lacuna_tags(node, self.shared.text).items():
                    with self.cursor.open("rdg", wit=self._wit(sigla)):
                        self.cursor.empty(tag)

    def _pair(self, node: mark) -> None:
        """Write a layer as a source and a reading."""
        row = BY_NAME[node["kind"]]
        read, source = row.tei_parts
        said = {row.part: self._said(node)} if row.values else {}
        # Changes in the source itself need no responsibility, unless they are doubtful.
        judged_by = _judged(node) if row.values else _judgement(node)
        with self.cursor.open(row.tei, **row.tei_attrs, xml_id=node.get("xml_id", "")):
            with self.cursor.open(source, **said.get(source, {})):
                self.cursor.text(node["source"])
            with self.cursor.open(read, **said.get(read, {}), **judged_by) as judged:
                self.shared.found_on(judged, node["why"])
                self._all(node.children)

    def _said(self, node: mark | point) -> dict[str, str]:
        """Return the values of a role as attributes; hands and calendars as pointers to the header."""
        said: dict[str, str] = {}
        for value, name, content in attributes(
            node.get("values", {}), BY_NAME[node["kind"]].values
        ):
            if value.form in (ValueType.LANGUAGE, ValueType.ROLES):
                continue  # the node has the language, which every row may have; speeches have the speaker
            if value.form is ValueType.ROLE:
                said["xml_id"] = PREFIX + content
                continue
            if value.form is ValueType.TARGET:
                said[name] = self.shared.leads(node)
                continue
            pointed = POINTED.get(name, "")
            said[f"{name}_"] = f"#{pointed}{content}" if pointed else content
        if "own_id" in node:
            said["xml_id"] = node["own_id"]
        return said

    def _state(self, node: mark) -> None:
        row = BY_NAME[node["kind"]]
        if row.read_by("E") is Reads.SIGN:
            self._gap(node)
            return
        with self.cursor.open(
            row.tei,
            **row.tei_attrs,
            reason=node.get("reason", ""),
            resp=f"#{node['resp']}",
            cert=node["cert"],
            xml_id=node.get("xml_id", ""),
        ) as judged:
            self.shared.found_on(judged, node["why"])
            self._all(node.children)

    def _gap(self, node: mark) -> None:
        judged = self.cursor.empty(
            BY_NAME[node["kind"]].tei,
            reason=node["reason"],
            unit=node["unit"],
            quantity=node["quantity"],
            resp=f"#{node['resp']}",
            cert=node["cert"],
            xml_id=node.get("xml_id", ""),
        )
        self.shared.found_on(judged, node["why"])

    def _cited(self, node: mark) -> None:
        """Write a cited range; TEI 4.3.0 allows ``citedRange`` only as a child of ``bibl``."""
        match = _RANGE.fullmatch(node.astext())
        ends = {"from_": match[1], "to": match[2] or match[1]} if match else {}
        if self.cursor.local == "bibl":
            with self.cursor.open("citedRange", unit="page", **ends):
                self._all(node.children)
            return
        work = self._ref("works", node["work"]) if node.get("work") else ""
        with (
            self.cursor.open("bibl", corresp=work),
            self.cursor.open("citedRange", unit="page", **ends),
        ):
            self._all(node.children)

    def _mention(self, node: mark) -> None:
        row = BY_NAME[node["kind"]]
        ref = self._ref(row.register, node["key"])
        local_name, attrs = (
            (row.tei, row.tei_attrs) if node["named"] else ("rs", {"type": row.name})
        )
        with self.cursor.open(local_name, **attrs, ref=ref):
            self._all(node.children)


def _judgement(node: mark) -> dict[str, str]:
    """Return responsibility and certainty."""
    return {"resp": f"#{node['resp']}", "cert": node["cert"]}


def _judged(node: mark) -> dict[str, str]:
    """Return the judgement, unless the editors are certain."""
    usual = (node.get("resp", "ed"), node.get("cert", "high")) == ("ed", "high")
    return {} if usual else _judgement(node)


def _lacuna_tags(node: point, text: Text) -> dict[str, list[str]]:
    """Return the element of each witness where it breaks off or resumes.

    A fragmentary witness begins (``witStart``) where it resumes without having been present before,
    and ends (``witEnd``) where it never resumes.
    """
    starts = node["kind"] == "resumes"
    tags: dict[str, list[str]] = {}
    for siglum in node["sigla"]:
        witness = text.source_witness(siglum)
        whole = siglum in node.get("once", ()) and witness is not None and witness.fragmentary
        tag = (
            ("witStart" if whole else "lacunaEnd")
            if starts
            else ("witEnd" if whole else "lacunaStart")
        )
        tags.setdefault(tag, []).append(siglum)
    return tags


#: How to write a mark, by family and TEI element; the empty name covers the rest of the family.
_SPECIAL: dict[tuple[Family, str], Callable[[TeiInlineWriter, mark], None]] = {
    (Family.VARIANTS, ""): TeiInlineWriter._variants,
    (Family.LAYER, "app"): TeiInlineWriter._ocr,
    (Family.LAYER, ""): TeiInlineWriter._pair,
    (Family.STATE, ""): TeiInlineWriter._state,
    (Family.PHRASE, "citedRange"): TeiInlineWriter._cited,
}

"""Any witness as reading text: files with the blocks in which a witness differs from the edited text.

A file (``witnesstexts/<document>/<id>.js``) is one classic script, which also works from
``file://``; a page loads it when a reader chooses the witness (``theme/static/witness.js``). It
contains ``doc``, ``witness``, and ``blocks``: id of a block's first line → its content in the
witness, empty if the witness lacks it. All other blocks are the same as in the edited text. Only
:class:`tei_export.model.witness_text.Follower` decides what a witness has at a place; the proof of
the witness relies on it, too.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from markupsafe import Markup

from tei_export.i18n import terms
from tei_export.model.apparatus import SPELLING
from tei_export.model.languages import direction
from tei_export.model.places import Place
from tei_export.model.variants import VARIANT
from tei_export.model.vocabulary import BY_NAME, Family, Reads
from tei_export.model.witness_text import Event, follow, reading_of
from tei_export.outputs.html.inline import HtmlInlineWriter, span
from tei_export.outputs.html.margin import Margin
from tei_export.outputs.html.register_layout import registers_of
from tei_export.shared.atomic import write_whole
from tei_export.shared.elements import EMPTY, element, esc, join
from tei_export.shared.labels import _, tag_of, ui_lang_attr
from tei_export.shared.reading_marks import as_filed
from tei_export.shared.witness_places import first_place
from tei_export.source.facts import domain_of
from tei_export.source.nodes import edrow, lb, mark, noteref, point, textnote
from tei_export.source.notes import inside_note
from tei_export.source.trees import own_tree
from tei_export.source.variants import EVENT_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.application import Sphinx

    from tei_export.model.edition import Part, Text
    from tei_export.model.marked_readings import Pieces
    from tei_export.model.registers import RegisterEntry
    from tei_export.model.variants import VariantReading
    from tei_export.model.witness_text import Follower
    from tei_export.source.facts import EditionDomain, Facts

FOLDER = "witnesstexts"
#: Marks the place of a transposed passage until the passage is known, wherever in the part that is.
_HERE = "\x01{}\x02"


def other_witnesses(text: Text) -> str:
    """Return the witnesses that are cited and cannot be read, each with its siglum, id and name, as JSON."""
    return json.dumps([(w.siglum, w.id, w.label) for w in text.only_cited], ensure_ascii=False)


def witness_groups(text: Text) -> str:
    """Return the sigla of groups, each with its witnesses, as JSON; the largest groups first."""
    found = [(w.siglum, list(w.group)) for w in text.witnesses if w.group]
    return json.dumps(sorted(found, key=lambda one: -len(one[1])), ensure_ascii=False)


class WitnessWriter(HtmlInlineWriter):
    """Renders the blocks of a part in the text of one witness. ``differs``: whether the last block
    differs from the edited text in words or places."""

    def __init__(
        self,
        follower: Follower,
        facts: Facts,
        *given: Any,
    ) -> None:
        super().__init__(*given)
        self._follower = follower
        self._ends = {e.xml_id: e for e in facts.emendations}
        self._margin = Margin("w")
        self._words = False
        self.moved: dict[str, list[Markup]] = {}
        self.differs = False
        self.readings = 0

    def witness_block(self, node: nodes.Element) -> tuple[Markup, bool]:
        """Return the content of a block, and whether the witness has words of it."""
        self.differs, self._words = self._follower.lost, False
        content = self.row(node) if isinstance(node, edrow) else self.block(node)
        return content, self._words

    def _told(self, pattern: str, place: object) -> Markup:
        self._words = self.differs = True
        return span("told", f"[{pattern.format(self._follower.siglum, place)}]", **self._ui_lang)

    # text

    @property
    def _away(self) -> bool:
        """Whether the witness lacks the text at this point."""
        return not self._follower.reads or bool(self._follower.into)

    def _put(self, content: Markup) -> Markup:
        """Return content that the witness has here; keep transposed content for its place."""
        if not self._follower.reads:
            self.differs = self.differs or bool(content.strip())
            return EMPTY
        if self._follower.into:
            self.differs = True
            self.moved.setdefault(self._follower.into[-1][0], []).append(content)
            return EMPTY
        self._words = self._words or bool(content.strip())
        return content

    def _one(self, node: nodes.Node) -> Markup:
        if isinstance(node, nodes.Text):
            return self._put(esc(node))
        return super()._one(node)

    def _joint(self, node: lb) -> Markup:
        return self._put(esc(node["join"]))

    def _hyphen(self, sign: str) -> Markup:
        return EMPTY

    def _noteref(self, node: noteref) -> Markup:
        if self._away:
            return EMPTY
        return super()._noteref(node)

    # marks

    def _mark(self, node: mark) -> Markup:
        row = BY_NAME[node["kind"]]
        if row.family is Family.VARIANTS and "xml_id" in node:
            return self._variants(node)
        place = element("span", id=node["xml_id"]) if "xml_id" in node else EMPTY
        if row.aside:
            self.differs = True
            return EMPTY
        if row.read_by("O") is Reads.NOTHING:
            self.differs = True  # a conjecture of the editors, a loss: no witness has it
            return place + self._anchors(node)
        if self._away:
            return place + self._read(node)
        if row.apparatus and row.read_by("T") is not Reads.SOURCE:
            return element("span", self._read(node), id=node.get("xml_id"))
        self.differs = self.differs or row.apparatus
        return super()._mark(node)

    def _layers(self, node: mark) -> Markup:
        return self._read(node)

    def _read(self, node: mark) -> Markup:
        """Return the reading of the witness at a mark: that of the restored original."""
        row = BY_NAME[node["kind"]]
        if row.family is Family.VARIANTS:
            return self._all(node.children)
        reads = row.read_by("T")
        if reads is Reads.SOURCE:
            return self._put(esc(node["source"])) + self._anchors(node)
        return self._all(node.children) if reads in (Reads.CONTENT, Reads.BOTH) else EMPTY

    def _anchors(self, node: mark) -> Markup:
        """Return the places inside a mark whose words the witness lacks."""
        lines = (Place(n["page"], n["line"]).anchor for n in node.findall(lb) if n["line"])
        marks = (n["xml_id"] for n in node.findall(mark) if n is not node and "xml_id" in n)
        return join(element("span", id=name) for name in (*lines, *marks))

    def _variants(self, node: mark) -> Markup:
        variants: list[VariantReading] = node["variants"]
        readings = tuple((v.sigla, v.text) for v in variants)
        own = reading_of(readings, self._follower.siglum)
        mine = next((v for v in variants if self._follower.siglum in v.sigla), None)
        event = Event("app", 0, "", (), readings)
        if own is None or mine is None:
            if self._away:
                return element("span", id=node["xml_id"]) + self._all(node.children)
            return super()._mark(node)
        shown = self._own(node, own, mine.type, mine.pieces)
        self._follower.take(event)
        anchors = self._all(node.children)
        self._follower.take(event._replace(kind="/app"))
        return anchors + shown

    def _own(self, node: mark | point, words: str, kind: str, pieces: Pieces = ()) -> Markup:
        """Return the witness's own reading, as a link to its entry."""
        content = as_filed(pieces) if pieces else esc(words)
        if self._away:
            return element("span", self._put(content), id=node["xml_id"])
        self.differs = True
        self.readings += 1
        bare = not content.strip()
        name = f"ap app vr {kind}{' bare' if bare else ''}"
        place = _("apparatus, {}").format(node.get("place", ""))
        said = _("omitted") if kind == "omission" else _("placed elsewhere") if bare else ""
        label = f"{said}, {place}" if said else None
        given = {"href": f"#entry-{node['xml_id']}", "role": "doc-noteref", "aria-label": label}
        if self._in_link:
            spelt = " spelling" if kind in SPELLING else ""
            key = element(
                "a", class_=f"key ap vr{spelt}", **{**given, "aria-label": label or place}
            )
            return span(name, self._put(content), id=node["xml_id"]) + self._after(key)
        return element("a", self._put(content), class_=name, id=node["xml_id"], **given)

    # milestones

    def _of_witnesses(self, node: point) -> Markup:
        kind, siglum = node["kind"], self._follower.siglum
        mine = siglum in node.get("sigla", ())
        if kind == "lb":
            return self._break(node) if mine and not self._away else EMPTY
        variants: list[VariantReading] = node.get("variants", [])
        readings = tuple((v.sigla, v.text) for v in variants)
        event = Event(EVENT_OF[kind], 0, node["value"], tuple(node.get("sigla", ())), readings)
        own = reading_of(readings, siglum)
        self._follower.take(event)
        if kind == "begin":
            return super()._of_witnesses(node)
        if kind == "end" and own is not None:
            said = next(v for v in variants if siglum in v.sigla)
            return self._own(node, own, said.type, said.pieces)
        if kind == "transposed" and mine:
            return self._own(node, "", "transposition")
        if kind == "here" and mine:
            self.differs = self._words = True
            return esc(_HERE.format(node["value"]))
        if kind == "lacuna" and mine:
            until = self._ends[node["xml_id"]].end
            told = (
                self._told(_("{} is lost up to {}"), until)
                if until
                else self._told(_("{} is lost to the end of the part"), "")
            )
            return element("span", told, id=node["xml_id"])
        if kind == "resumes":
            self.differs = self.differs or mine
            return EMPTY
        if self._away:
            return element("span", id=node.get("xml_id"))
        return super()._of_witnesses(node)

    def _break(self, node: point) -> Markup:
        """Return where a page or line of the witness begins."""
        self.differs = True
        if node.get("unit") != "pb":
            return span("wl", EMPTY)
        said = _("{}, page {}").format(self._follower.siglum, node["value"])
        return span("wb", EMPTY, data_p=node["value"], title=said)


def blocks_of(document: nodes.document) -> Iterator[nodes.Element]:
    """Yield the blocks of a part in the order of its witnesses: a note follows the block that cites it."""
    notes = {n["ids"][0]: n for n in document.findall(textnote) if n["ids"]}
    for block in document.findall():
        if not isinstance(block, (nodes.paragraph, nodes.title)) or inside_note(block):
            continue
        yield block
        for ref in block.findall(noteref):
            note = notes.get(ref.get("refid", "")) if ref["series"] == "authorial" else None
            yield from note.findall(nodes.paragraph) if note else ()


def differing_blocks(
    document: nodes.document, facts: Facts, siglum: str, *given: Any
) -> tuple[dict[str, str], int]:
    """Return the blocks in which a witness differs, by the id of their first line, and the number of its own readings.

    :param given: the arguments of :class:`~tei_export.outputs.html.inline.HtmlInlineWriter`
    """
    follower = follow(facts.events, siglum)
    writer = WitnessWriter(follower, facts, *given)
    found: dict[str, Markup] = {}
    for block in blocks_of(document):
        first = next((n for n in block.findall(lb) if n["line"]), None)
        content, words = writer.witness_block(block)
        if first is not None and (writer.differs or not words):
            found[Place(first["page"], first["line"]).anchor] = content if words else EMPTY
    return {
        name: _placed(content, writer.moved) for name, content in found.items()
    }, writer.readings


def _placed(content: Markup, moved: Mapping[str, Sequence[Markup]]) -> str:
    """Put the transposed passages at their places."""
    said = str(content)
    for name, pieces in moved.items() if "\x01" in said else ():
        passage = span("vr moved", join(pieces).strip())
        said = said.replace(esc(_HERE.format(name)), f" {passage} ")
    return said


def write_texts(app: Sphinx, exception: Exception | None) -> None:
    """Handle Sphinx's ``build-finished``: write the files of all witnesses; remove outdated ones."""
    if exception is not None or app.builder.format != "html":
        return
    domain = domain_of(app.env)
    folder = Path(app.outdir) / FOLDER
    kept: set[Path] = set()
    for text in domain.edition.texts.values():
        for part in text.parts if text.several else ():
            if part.doc in domain.facts:
                kept.update(_write_part(app, domain, text, part, folder))
    for path in sorted(folder.rglob("*.js")) if folder.is_dir() else ():
        if path not in kept:
            path.unlink()


def _entry_uri(app: Sphinx, docname: str, entry: RegisterEntry) -> str:
    page, fragment = registers_of(domain_of(app.env)).address(entry)
    return app.builder.get_relative_uri(docname, page) + fragment if page else ""


def _write_part(
    app: Sphinx, domain: EditionDomain, text: Text, part: Part, folder: Path
) -> Iterator[Path]:
    document = own_tree(app.env, part.doc)
    facts = domain.facts_for(part.doc)
    given = (
        lambda kind, key: domain.edition.registers[BY_NAME[kind].register].entries.get(key),
        partial(_entry_uri, app, part.doc),
        ui_lang_attr(domain.edition, text),
        direction(tag_of(domain.edition, text)),
    )
    for witness in text.readable:
        blocks, readings = differing_blocks(document, facts, witness.siglum, *given)
        said = _("The text of {}").format(witness.label)
        number = terms.counted(VARIANT, readings)
        first = first_place(document, witness.siglum)
        begins = " " + _("It begins at {}.").format(first) if first else ""
        data = {
            "doc": part.doc,
            "witness": witness.id,
            "siglum": witness.siglum,
            "said": f"{said}: {number}.{begins}",
            "blocks": blocks,
        }
        path = folder / part.doc / f"{witness.id}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        told = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
        write_whole(path, f"edition.gotText({told});\n".encode("ascii"))
        yield path

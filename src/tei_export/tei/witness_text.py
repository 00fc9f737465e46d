"""The TEI file of one witness, made from the file of its text, without the readings of other witnesses.

A reading of the witness replaces the lemma. Passages that it omits or has lost disappear (a lacuna
becomes a ``gap``); a transposed passage is at the witness's own place. Its own pages and lines are
``pb`` and ``lb``. Emphasis and names are those of the edited text; descriptions of another copy (its
lines, deletions, damage) are omitted. The file has no ``app``, so that
:mod:`tei_export.proof.regenerate` reads the witness from it in the same way as from the text.

Source: TEI P5 TC#TCAPLK, PH#PHCR.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.model.problems import EditionError, Problem
from tei_export.model.vocabulary import BY_NAME, ROLE_TABLE, Family, Reads
from tei_export.proof import regenerate
from tei_export.shared.labels import _
from tei_export.tei.elements import TEI, append_text, indent, sub

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tei_export.model.edition import Edition, Text
    from tei_export.model.vocabulary import Role
    from tei_export.model.witnesses import Witness

_T = f"{{{TEI}}}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_SPACES = re.compile(" {2,}")
#: Descriptions: kept if the witness has the described text.
_DESCRIPTIONS = frozenset({"desc", "figDesc"})
#: Places and marks of the copy with the lines, without words of the text; losses, too
#: (:class:`_Rows`).
_PLACES = frozenset({"pb", "lb", "cb", "fw", "handShift", "space"})
#: Elements kept without words; losses, too.
_TOLD = tuple(f"{_T}{name}" for name in ("graphic", "pb", "lb", "seg", "note", "space", "ptr"))
_BLOCKS = frozenset({"p", "head", "item", "bibl", "l"})
_INNER = frozenset({"p", "head", "item", "note", "l"})


class _Rows:
    """Tables made from the rows of the vocabulary, by local names of elements."""

    def __init__(self, rows: Collection[Role]) -> None:
        layers = [r for r in rows if r.family is Family.LAYER and not r.misreading]
        pairs = [r for r in layers if r.read_by("T") is Reads.SOURCE]
        states = [r for r in rows if r.family is Family.STATE and r.read_by("O") is Reads.NOTHING]
        #: in no witness: losses
        self.losses = {r.tei for r in states if r.read_by("E") is Reads.SIGN}
        #: in no witness: the editors' words
        self.editors = {r.tei_parts[0] for r in pairs} | {r.tei for r in states} - self.losses
        #: elements that pair these with the words of the copy
        self.pairs = {r.tei for r in pairs}
        #: replaced by a hand: (parent, element)
        self.replaced = {(r.tei, r.tei_parts[1]) for r in layers if r not in pairs}
        #: descriptions of the copy with the lines: only their words are common to all
        self.of_the_copy = (
            (
                self.pairs
                | {name for r in layers if r not in pairs for name in (r.tei, *r.tei_parts)}
                | {r.tei for r in rows if r.apparatus and r.family in {Family.PHRASE, Family.STATE}}
                | {"add", "damage"}
            )
            - self.editors
            - self.losses
        )
        self.told = (*_TOLD, *(f"{_T}{name}" for name in self.losses))


@ROLE_TABLE.made_once
def _rows() -> _Rows:
    """Return the tables of the current rows; editions add some."""
    return _Rows(BY_NAME.values())


def witness_title(text: Text, witness: Witness) -> str:
    """Return the title of the text of a witness, in the language of the edition."""
    return f"{text.title}. {_('The text of {}').format(witness.label)}"


def witness_files(
    edition: Edition, text: Text, root: etree._Element
) -> Iterator[tuple[Witness, etree._Element]]:
    """Yield every witness that can be read as a text of its own, with its TEI file, proved in the
    same way.

    :param root: the TEI element of the text
    :raises EditionError: ``tei-witness``, the words of a file differ from the witness
    """
    for witness in text.readable:
        title = witness_title(text, witness)
        lined = witness.siglum in text.lined
        made = witness_text(root, witness.id, lined=lined, title=title)
        if witness.proved:
            file = (edition.root / witness.file).read_bytes().decode("utf-8")
            report = regenerate.compare_witness(made, witness.id, file, complete=text.complete)
            if not report.clean:
                name = f"{made.get(_ID)}.xml"
                raise EditionError(Problem("tei-witness", name, 0, str(report)))
        yield witness, made


def witness_text(root: etree._Element, xml_id: str, *, lined: bool, title: str) -> etree._Element:
    """Return the TEI file of a witness.

    :param root: the TEI element of the text; it is not changed
    :param xml_id: the id of the ``witness``
    :param lined: whether the pages, lines and marks of the text are those of this witness (the base)
    :param title: the title of the file
    :raises ValueError: the header has no such witness
    """
    writer = _Writer(root, f"#{xml_id}", lined)
    done = _shell(root)
    done.set(_ID, f"{root.get(_ID, '')}.{xml_id}")
    done.text = "\n"
    for child in root.iterchildren(etree.Element):
        made = writer.text(child) if child.tag == f"{_T}text" else copy.deepcopy(child)
        made.tail = "\n"
        done.append(made)
    _describe(done, xml_id, lined=lined, title=title)
    _forget(done)
    return done


@dataclass(slots=True)
class _Slot:
    """The position of the last words: the text of ``node``, or its tail."""

    node: etree._Element
    after: bool

    def strip(self) -> None:
        """Remove white space from the end of the words."""
        if self.after:
            self.node.tail = (self.node.tail or "").rstrip()
        else:
            self.node.text = (self.node.text or "").rstrip()


@dataclass(slots=True)
class _Writer:
    """Copies the text of one witness, in the order in which its proof reads it."""

    root: etree._Element
    wit: str
    lined: bool
    hidden: int = 0
    lost: bool = False
    at: etree._Element | None = None
    slot: _Slot | None = None
    #: The passages that belong elsewhere: open ones, the innermost last, and complete ones.
    open: list[list[str]] = field(default_factory=list)
    moved: dict[str, list[str]] = field(default_factory=dict)
    holes: list[tuple[etree._Element, str]] = field(default_factory=list)
    notes: list[tuple[etree._Element, etree._Element]] = field(default_factory=list)
    ends: dict[str, etree._Element] = field(default_factory=dict)

    def text(self, node: etree._Element) -> etree._Element:
        """Return the ``text`` of the witness."""
        self.ends = {a.get("from", "")[1:]: a for a in node.iter(f"{_T}app") if a.get("from")}
        done = _shell(node)
        for matter in node.iterchildren(etree.Element):
            made = _shell(matter)
            made.text = "\n"
            for child in matter.iterchildren(etree.Element):
                self.at = made
                if child.tag == f"{_T}div":
                    self._division(child, made)
                else:
                    self._one(child)
            if len(made) or matter.tag == f"{_T}body":
                done.append(made)
                made.tail = "\n"
            if matter.tag == f"{_T}body" and not len(made):
                sub(made, "p")
        return done

    def _division(self, node: etree._Element, into: etree._Element) -> None:
        """Write a part; a lacuna ends with it, and a witness that first goes on was lost before."""
        if node.get("type") == "editorialNotes":
            return
        first = next((mark for mark in self._marks(node)), None)
        self.lost = first is not None and first.tag in (f"{_T}lacunaEnd", f"{_T}witStart")
        throughout = self.lost
        self.holes = []
        self.at = into
        self._element(node)
        if len(into):
            into[-1].tail = "\n"
        for hole, name in self.holes:
            words = "".join(self.moved.get(name, [])).strip()
            if words:
                hole.text, hole.tail = words, f" {hole.tail or ''}"
            else:
                _remove(hole)
        if throughout and not (len(into) and into[-1].get(_ID) == node.get(_ID)):
            part = _shell(node)
            sub(sub(part, "p"), "gap", reason="lost")
            part.tail = "\n"
            into.append(part)

    def _marks(self, node: etree._Element) -> Iterator[etree._Element]:
        """Yield where this witness breaks off and resumes, in order."""
        for app in node.iter(f"{_T}app"):
            if app.get("type") == "lacuna" and (mine := self._own(app)) is not None:
                yield from mine

    def _own(self, app: etree._Element) -> etree._Element | None:
        readings = app.iterfind(f"{_T}rdg")
        return next((r for r in readings if self.wit in (r.get("wit") or "").split()), None)

    @property
    def _reads(self) -> bool:
        return not self.hidden and not self.lost

    def _put(self, words: str | None) -> None:
        if not words or not self._reads or self.at is None:
            return
        if not self.lined:  # if it omits a word, two spaces meet
            words = _SPACES.sub(" ", words)
            if self._spaced():
                words = words.lstrip(" ")
        if self.open:
            self.open[-1].append(words)
        elif words:
            append_text(self.at, words)
            self.slot = _Slot(self.at[-1], True) if len(self.at) else _Slot(self.at, False)

    def _spaced(self) -> bool:
        """Return whether the last written words end in white space."""
        if self.open:
            last = "".join(self.open[-1])
        elif self.slot is None:
            return False
        else:
            last = (self.slot.node.tail if self.slot.after else self.slot.node.text) or ""
        return last[-1:].isspace()

    def _walk(self, node: etree._Element) -> None:
        self._put(node.text)
        for child in node:
            self._one(child)
            self._put(child.tail)

    def _one(self, node: etree._Element) -> None:
        local = etree.QName(node).localname if isinstance(node.tag, str) else ""
        above = etree.QName(node.getparent()).localname
        if (
            not local
            or local in _rows().editors
            or ((above, local) in _rows().replaced and not self._mine(node))
        ):
            return
        if local == "app":
            self._app(node)
        elif local == "note":
            self._note(node)
        elif local == "anchor":
            self._anchor(node)
        elif local in _PLACES or local in _rows().losses or local == "milestone":
            self._place(node, local)
        elif local in _DESCRIPTIONS:
            self._keep(node)
        elif local in _rows().of_the_copy and (local in _rows().pairs or not self._mine(node)):
            self._walk(node)
        else:
            self._element(node)

    def _mine(self, node: etree._Element) -> bool:
        """Return whether marks of a hand belong to this witness: those of the base, or in its reading."""
        return self.lined or _in_reading(node)

    def _element(self, node: etree._Element) -> None:
        above, reads = self.at, self._reads
        assert above is not None
        made = etree.SubElement(above, node.tag, {str(k): str(v) for k, v in node.attrib.items()})
        self.at = made
        self._walk(node)
        if etree.QName(node).localname in _BLOCKS and not _in_block(node):
            while self.notes:
                self._fill(*self.notes.pop(0))
        if etree.QName(node).localname in _BLOCKS:
            self.slot = None
        self.at = above
        _complete(made)
        bare = not len(node) and not (node.text or "").strip()
        if not (_says(made) or (bare and reads) or made.tag == f"{_T}cell"):
            above.remove(made)
            if self.slot is not None and (
                self.slot.node is made or made in self.slot.node.iterancestors()
            ):
                self.slot = None

    def _keep(self, node: etree._Element) -> None:
        if self._reads and not self.open and self.at is not None:
            kept = copy.deepcopy(node)
            kept.tail = None
            self.at.append(kept)

    def _place(self, node: etree._Element, local: str) -> None:
        """Write the beginning of a page or line of this witness; end the lines of others."""
        if local == "milestone" and (of := node.get("edRef")):
            if of == self.wit and self._reads and not self.open and self.at is not None:
                if node.get("unit") == "page":
                    sub(self.at, "pb", n=node.get("n", ""))
                else:
                    sub(self.at, "lb")
        elif local == "milestone" or self._mine(node):
            self._keep(node)
        elif local == "lb" and node.get("break") in ("no", "maybe") and self._reads:
            if self.open:
                self.open[-1][-1:] = [words.rstrip() for words in self.open[-1][-1:]]
            elif self.slot is not None:
                self.slot.strip()

    def _note(self, node: etree._Element) -> None:
        """Reserve a place for a note: its text in the witness is known at the end of its block."""
        if node.get("type") == "authorial" and self.at is not None:
            made = etree.SubElement(
                self.at, node.tag, {str(k): str(v) for k, v in node.attrib.items()}
            )
            self.notes.append((node, made))

    def _fill(self, node: etree._Element, made: etree._Element) -> None:
        above, slot = self.at, self.slot
        self.at, self.slot = made, None
        self._walk(node)
        self.at, self.slot = above, slot
        if not _says(made):
            _remove(made)

    # the apparatus

    def _app(self, app: etree._Element) -> None:
        kind, mine = app.get("type"), self._own(app)
        if kind == "lacuna":
            self._lacuna(mine)
        elif kind == "transposition":
            self._transposition(app, mine)
        elif app.get("from"):
            if mine is not None:
                self.hidden -= 1
                self._reading(mine)
        elif kind == "variant" and mine is not None:
            self._reading(mine)
        else:
            lemma = app.find(f"{_T}lem")
            if lemma is not None:
                self._walk(lemma)

    def _lacuna(self, mine: etree._Element | None) -> None:
        for mark in mine if mine is not None else ():
            local = etree.QName(mark).localname
            begins = local in ("lacunaStart", "witEnd")
            told = not self.hidden and not self.open and local in ("lacunaStart", "lacunaEnd")
            # One gap for each loss: at its beginning, or at its end if the part begins with it.
            if (
                told
                and self.at is not None
                and begins != self.lost
                and (begins or not self._says_before())
            ):
                sub(self.at, "gap", reason="lost")
            self.lost = begins

    def _says_before(self) -> bool:
        """Return whether anything of the part has been written."""
        at = self.at
        while at is not None and at.getparent() is not None and at.getparent().tag == f"{_T}div":  # type: ignore[union-attr]
            at = at.getparent()
        return at is not None and _says(at)

    def _transposition(self, app: etree._Element, mine: etree._Element | None) -> None:
        if mine is None or self.at is None:
            return
        if app.get("corresp"):
            append_text(self.at, " ")
            self.holes.append((sub(self.at, "seg", type="transposed"), app.get("corresp", "")[1:]))
        elif self.open:
            self.moved[app.get(_ID) or ""] = self.open.pop()

    def _anchor(self, node: etree._Element) -> None:
        """Begin a passage of which the witness has another reading, or which it has elsewhere."""
        app = self.ends.get(node.get(_ID) or "")
        if app is None:
            self._keep(node)
        elif self._own(app) is not None:
            if app.get("type") == "transposition":
                self.open.append([])
            else:
                self.hidden += 1

    def _reading(self, mine: etree._Element) -> None:
        """Write a reading of the witness; mark words that are hard to read."""
        above = self.at
        doubted = mine.get("cert") in ("medium", "low") and self._reads and not self.open
        if doubted and above is not None and (len(mine) or mine.text):
            self.at = sub(above, "unclear", cert=mine.get("cert", ""))
        self._walk(mine)
        self.at = above


def _shell(node: etree._Element) -> etree._Element:
    attributes = {str(name): str(value) for name, value in node.attrib.items()}
    return etree.Element(node.tag, attributes, nsmap=node.nsmap)  # type: ignore[arg-type]


def _says(node: etree._Element) -> bool:
    """Return whether an element contains words, a picture, a loss or a place."""
    if "".join(str(words) for words in node.itertext()).strip():
        return True
    return next(node.iter(*_rows().told), None) is not None


def _in_reading(node: etree._Element) -> bool:
    return next(node.iterancestors(f"{_T}rdg"), None) is not None


def _in_block(node: etree._Element) -> bool:
    return any(etree.QName(a).localname in _INNER for a in node.iterancestors(etree.Element))


def _complete(made: etree._Element) -> None:
    """Add what TEI requires to an element that the witness has only in part."""
    needs = {"cit": "quote", "list": "item", "table": "row", "sp": "ab"}.get(
        etree.QName(made).localname
    )
    if needs is None or not _says(made):
        return
    if needs == "ab":
        if not any(child.tag != f"{_T}speaker" for child in made.iterchildren(etree.Element)):
            sub(made, "ab")
    elif made.find(f"{_T}{needs}") is None:
        child = etree.Element(f"{_T}{needs}")
        head = made.find(f"{_T}head")
        made.insert(0 if head is None else made.index(head) + 1, child)
        if needs == "quote":
            sub(child, "p")
        elif needs == "row":
            sub(child, "cell")


def _remove(node: etree._Element) -> None:
    """Remove an element, but not its tail."""
    above, before = node.getparent(), node.getprevious()
    if above is None:
        return
    if before is None:
        above.text = (above.text or "") + (node.tail or "")
    else:
        before.tail = (before.tail or "") + (node.tail or "")
    above.remove(node)


def _describe(root: etree._Element, xml_id: str, *, lined: bool, title: str) -> None:
    """Turn the header into that of the witness: title, source, origin, citation trees."""
    main = root.find(f"{_T}teiHeader/{_T}fileDesc/{_T}titleStmt/{_T}title")
    if main is not None:
        main.text = title
    found = False
    for witness in list(root.iter(f"{_T}witness")):
        if witness.get(_ID) == xml_id:
            found = True
        else:
            witness.getparent().remove(witness)  # type: ignore[union-attr]
    if not found:
        raise ValueError(f"no witness {xml_id} in listWit")
    gone = ["tagsDecl", "variantEncoding", "schemaRef"] + ([] if lined else ["extent", "handNotes"])
    for node in list(root.iter(*(f"{_T}{name}" for name in gone))):
        if node.tag != f"{_T}extent" or node.getparent().tag == f"{_T}fileDesc":  # type: ignore[union-attr]
            _remove(node)
    declaration = root.find(f"{_T}teiHeader/{_T}encodingDesc/{_T}editorialDecl")
    if declaration is not None:
        kept = [
            n
            for n in declaration.iterfind(f"{_T}normalization")
            if f"#{xml_id}" in (n.get("corresp") or "").split()
        ]
        declaration[:] = []
        sub(declaration, "p", _MADE)
        if not lined:
            sub(declaration, "p", _OTHERS)
        declaration.extend(kept)
    _cite(root)
    head = root.find(f"{_T}teiHeader")
    if head is not None:
        indent(head)


_MADE = (
    "The text of one witness, made from the file of the edition: where its apparatus names this witness, its reading stands, "
    "elsewhere the text on which all others agree, slips included; the editors' corrections and conjectures are left out. Where "
    "the witness is lost, there is a gap; a passage that it has elsewhere (seg of the type transposed) stands where it has it. "
    "Compared with the file of the witness, word by word, before it is published."
)
_OTHERS = (
    "Emphasis, divisions and names are those of the edited text. Pages and lines are those of this witness, where they are "
    "recorded."
)


def _cite(root: etree._Element) -> None:
    """Declare the citation trees of the witness's text."""
    has_pages = any(pb.get("n") for pb in root.iter(f"{_T}pb"))
    trees = list(root.iter(f"{_T}refsDecl"))
    paged = [t for t in trees if any(c.get("unit") == "page" for c in t.iter(f"{_T}citeStructure"))]
    if has_pages and not paged and trees:
        tree = etree.Element(f"{_T}refsDecl", n="pages")
        sub(tree, "citeStructure", unit="page", match="//pb[@n]", use="@n")
        trees[0].addnext(tree)
    for tree in paged if not has_pages else ():
        _remove(tree)


def _forget(root: etree._Element) -> None:
    """Remove pointers to elements that the witness lacks."""
    known = {node.get(_ID) for node in root.iter(etree.Element) if node.get(_ID)}
    for node in root.iter(etree.Element):
        for name, value in list(node.attrib.items()):
            if name == "n" or "#" not in value:
                continue
            tokens = str(value).split()
            kept = [t for t in tokens if not t.startswith("#") or t[1:] in known]
            if kept != tokens:
                if kept:
                    node.set(name, " ".join(kept))
                else:
                    del node.attrib[name]

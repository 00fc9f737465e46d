"""The Sphinx domain ``ed``: the facts of all documents, and the problems found in them.

Facts are plain tuples and dicts, one list per document, so that reading a document again replaces
its facts, and parallel reading can merge them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.roles import XRefRole
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from tei_export.model.cast import Cast
from tei_export.model.opened_files import combined_digest
from tei_export.model.places import Place
from tei_export.model.verse import cited_by_number
from tei_export.model.vocabulary import MENTIONS
from tei_export.source.problems import Report
from tei_export.source.stored_facts import StoredFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from docutils.parsers.rst import Directive
    from sphinx.addnodes import pending_xref
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from tei_export.model.apparatus import Emendation
    from tei_export.model.cast import CastRole, Spoken
    from tei_export.model.edition import Edition, Part, Text
    from tei_export.model.problems import Problem
    from tei_export.model.verse import Verse
    from tei_export.model.witness_text import Event


#: The name of the domain.
DOMAIN = "ed"


class Mention(NamedTuple):
    """A mention of a register entry.

    ``note`` is the label of the author's note that contains it; ``before`` and ``after`` are the
    rest of the sentence around ``text``.
    """

    register: str
    key: str
    docname: str
    page: str
    line: int
    text: str
    named: bool
    before: str
    after: str
    note: str


class Citation(NamedTuple):
    """A page cited from a work, in an author's note."""

    work: str
    cited: str
    docname: str
    page: str
    line: int
    note: str


class Target(NamedTuple):
    """A place that other documents and projects can refer to: ``{ed:line}`17.12` ``."""

    type: str
    name: str
    shown: str
    docname: str
    anchor: str


@dataclass(slots=True)
class Facts:
    """The facts of one document of a text."""

    text: str = ""
    part: str = ""
    pages: list[str] = field(default_factory=list)
    witness_lines: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    """page → number of typescript lines"""
    lines_before: int = 0
    """of a part of a text without pages: the number of lines before its first one"""
    numbers: dict[int, int] = field(default_factory=dict)
    """witness line used → source line"""
    notes: dict[str, int] = field(default_factory=dict)
    """series → number of notes"""
    anchors: dict[str, str] = field(default_factory=dict)
    """label of a note, as in its source → its id"""
    verses: list[Verse] = field(default_factory=list)
    """numbered lines of verse, in their order"""
    stanzas: list[Verse] = field(default_factory=list)
    paragraphs: list[Verse] = field(default_factory=list)
    """paragraphs that the source numbers"""
    led: list[tuple[str, int]] = field(default_factory=list)
    """lines and numbered paragraphs that references lead to, with the source line"""
    roles: list[CastRole] = field(default_factory=list)
    """roles of the cast list"""
    speakers: list[Spoken] = field(default_factory=list)
    words: int = 0
    mentions: list[Mention] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    emendations: list[Emendation] = field(default_factory=list)
    """entries of the apparatus, in reading order"""
    quoted: list[tuple[str, int]] = field(default_factory=list)
    """apparatus entries that the page quotes, with the source line"""
    counted: list[tuple[str, int]] = field(default_factory=list)
    """numbers that the page requests, with the source line"""
    entries: dict[str, str] = field(default_factory=dict)
    """work → place of its entry in the author's bibliography"""
    told: list[tuple[str, int]] = field(default_factory=list)
    """unusual features that may be the source's: a remark and its source line"""
    events: list[Event] = field(default_factory=list)
    """the statements of the part about several witnesses, in reading order"""
    problems: list[Problem] = field(default_factory=list)

    def sort(self) -> None:
        """Sort the facts into reading order: by page, then by line. Outputs rely on this order."""
        order = {page: n for n, page in enumerate(self.pages)}

        def where(fact: Mention | Citation) -> tuple[int, int]:
            return order.get(fact.page, -1), fact.line

        self.mentions.sort(key=where)
        self.citations.sort(key=where)
        self.emendations.sort(key=lambda e: (order.get(e.page, -1), e.line))

    def before(self, page: str) -> int:
        """Return the number of numbered lines before the first one of ``page`` in this part."""
        return 0 if page else self.lines_before


#: The types of places in a text, and Sphinx's names for them.
_PLACES = {
    "line": "line",
    "page": "page",
    "note": "note",
    "app": "entry of the apparatus",
    "stanza": "stanza",
    "paragraph": "paragraph",
}
_TYPES = (*_PLACES, *(row.name for row in MENTIONS))


def place_role() -> XRefRole:
    """Return a role that refers to a place; a missing place is a warning (``ref.line`` …)."""
    return XRefRole(innernodeclass=nodes.inline, warn_dangling=True)


class TextDirective(SphinxDirective):
    """A directive of the markup of texts, which only parts have."""


class EditionDomain(Domain):
    """The facts of the texts, by document; the roles, and the places that others can refer to.

    Without an edition the roles refer to the editions of other projects (intersphinx).
    """

    name = DOMAIN
    label = "Edition"
    data_version = 11
    object_types: ClassVar = {name: ObjType(_PLACES.get(name, name), name) for name in _TYPES}
    roles: ClassVar = {name: place_role() for name in _TYPES}
    edition: Edition
    """The edition of this run; never stored (Sphinx creates domains for every run)."""
    schema: Path
    """The folder of its schema; not stored either."""
    entry_places: Callable[[], Mapping[tuple[str, str], tuple[str, str]]] | None = None
    """Returns register and key → document and anchor of the shown entries, if the builder shows registers."""
    plain = False
    """whether the builder of this run cannot render the final tree; not stored"""
    digits = False
    """whether it numbers notes only in digits"""
    _report: Report | None = None
    _resolvable: dict[tuple[str, str], Target] | None = None
    #: ``shared``, ``read``: digests of the files read, see :mod:`tei_export.source.freshness`.
    initial_data: ClassVar[dict[str, Any]] = {"facts": StoredFacts(), "shared": "", "read": {}}

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self.trees: dict[str, nodes.document] = {}
        """The trees that stay in memory (:mod:`tei_export.source.trees`), by document; not stored."""
        self.tree_digests: dict[str, str] = {}
        """The digests of the stored trees, by document, as far as they were asked for; not stored."""
        self.looks: list[Callable[[str, nodes.document], None]] = []
        """What looks at the trees that were read before they are let go; not stored."""
        self.found_in_time: dict[str, dict[str, tuple[str, Any]]] = {}
        """What checks found then: name of the check → document → digest and findings; not stored."""

    def is_ours(self, docname: str) -> bool:
        """Return whether a document is a part, or a page of an edition that is a project of its own."""
        own = bool(self.env.config.edition_project)
        return own or self.edition.part_of(docname) is not None

    def directive(self, name: str) -> type[Directive] | None:
        """Return a directive; those of texts exist only inside parts: on a page ``figure`` is Sphinx's own."""
        found = super().directive(name)
        of_texts = found is not None and issubclass(found, TextDirective)
        return None if of_texts and not self.edition.part_of(self.env.docname) else found

    @property
    def facts(self) -> StoredFacts[Facts]:
        """The facts by document."""
        return self.data["facts"]  # type: ignore[no-any-return]

    def facts_for(self, docname: str) -> Facts:
        """Return the facts of a document; create them on first use."""
        return self.facts.setdefault(docname, Facts())

    def begin(self, docname: str, text: str) -> Report:
        """Begin to read the document: create the report of its problems, whose places are in ``text``."""
        self._report = Report(f"{docname}.md", text.split("\n"), self.facts_for(docname).problems)
        return self._report

    def report(self, docname: str) -> Report:
        """Return the report that takes the problems of a document."""
        file = f"{docname}.md"
        if self._report is None or self._report.file != file:
            return Report(file, (), self.facts_for(docname).problems)
        return self._report

    def clear_doc(self, docname: str) -> None:
        if docname in self.facts:
            del self.facts[docname]
        self.data["read"].pop(docname, None)
        self.trees.pop(docname, None)
        self.tree_digests.pop(docname, None)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        for name in ("facts", "read"):
            other = otherdata[name]
            self.data[name].update(
                {docname: other[docname] for docname in docnames if docname in other}
            )

    def parts(self) -> Iterator[tuple[Text, Part, Facts]]:
        """Yield the parts that were read, in the order of the record."""
        for text in self.edition.texts.values():
            for part in text.parts:
                if part.doc in self.facts:
                    yield text, part, self.facts[part.doc]

    def cast(self, text: Text) -> Cast:
        """Return the cast of a text: the roles of all its parts."""
        parts = (self.facts[part.doc] for part in text.parts if part.doc in self.facts)
        return Cast.of(role for facts in parts for role in facts.roles)

    def cited(self, text: Text) -> dict[str, tuple[str, str]]:
        """Return document and anchor of the lines, stanzas and numbered paragraphs of a text, as
        they are cited."""
        return {
            place: (part.doc, anchor)
            for part in text.parts
            for place, anchor in self._cited(part).items()
        }

    def _cited(self, part: Part) -> dict[str, str]:
        """Return the anchors of what can be cited in a part."""
        found: dict[str, str] = {}
        facts = self.facts.get(part.doc, Facts())
        for page, count in facts.lines.items():
            for line in range(facts.before(page) + 1, facts.before(page) + count + 1):
                place = Place(page, line)
                found[str(place)] = place.anchor
        for number, verse in cited_by_number(facts.verses, facts.stanzas, facts.paragraphs):
            found[f"{part.id}:{number}"] = verse.xml_id
        return found

    def led_into(self, text: Text) -> set[str]:
        """Return the documents of a text with lines and numbered paragraphs that its references lead to."""
        facts = (self.facts[part.doc] for part in text.parts if part.doc in self.facts)
        targets = {target for of_part in facts for target, _line in of_part.led}
        return {p.doc for p in text.parts if targets and not targets.isdisjoint(self._cited(p))}

    def mentions(self) -> Iterator[Mention]:
        """Yield all mentions, in reading order."""
        for _text, _part, facts in self.parts():
            yield from facts.mentions

    def citations(self) -> Iterator[Citation]:
        """Yield all page citations, in reading order."""
        for _text, _part, facts in self.parts():
            yield from facts.citations

    def counts(self) -> Counter[tuple[str, str]]:
        """Count the mentions of each entry (register, key)."""
        return Counter((mention.register, mention.key) for mention in self.mentions())

    def targets(self) -> dict[tuple[str, str], Target]:
        """Return all targets of references, by type and name.

        Pages and lines of the first text have plain names (``17.12``); those of other texts follow
        the id of the text (``essay:17.12``). Notes, lines of verse, stanzas and numbered paragraphs
        follow the id of their part (``ch-01:5``, ``hamlet:1.2.56``). If a text and a part have the
        same id, the lines are the text's.
        """
        found: dict[tuple[str, str], Target] = {}
        for target in self._targets() if hasattr(self, "edition") else ():
            found.setdefault((target.type, target.name), target)
        return found

    def target_facts(self) -> dict[str, tuple[object, ...]]:
        """Return the facts that :meth:`targets` depends on, by document: equal facts, equal targets."""
        return {
            doc: (
                f.lines, f.lines_before, f.anchors, f.verses, f.stanzas, f.paragraphs,
                [(entry.xml_id, str(entry.place)) for entry in f.emendations],
            )
            for doc, f in self.facts.items()
        }  # fmt: skip

    def _targets(self) -> Iterator[Target]:
        first = next(iter(self.edition.texts), "")
        for text, part, facts in self.parts():
            before = "" if text.id == first else f"{text.id}:"
            for page, count in facts.lines.items():
                if page:
                    anchor = Place(page).anchor
                    yield Target("page", f"{before}{page}", page, part.doc, anchor)
                for line in range(facts.before(page) + 1, facts.before(page) + count + 1):
                    place = Place(page, line)
                    yield Target("line", f"{before}{place}", str(place), part.doc, place.anchor)
            for label, anchor in facts.anchors.items():
                yield Target("note", f"{part.id}:{label}", label, part.doc, anchor)
            for entry in facts.emendations:
                yield Target("app", entry.xml_id, str(entry.place), part.doc, entry.xml_id)
        yield from self._verses()
        shown = self.entry_places() if self.entry_places else {}
        for row in MENTIONS if shown else ():
            for key, held in self.edition.registers[row.register].entries.items():
                if (row.register, key) in shown:
                    yield Target(row.name, key, held.name, *shown[row.register, key])

    def _verses(self) -> Iterator[Target]:
        for _text, part, facts in self.parts():
            counts = (
                ("line", facts.verses),
                ("stanza", facts.stanzas),
                ("paragraph", facts.paragraphs),
            )
            for kind, counted in counts:
                for verse in counted:
                    name = f"{part.id}:{verse.number}"
                    yield Target(kind, name, verse.number, part.doc, verse.xml_id)

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield the targets for the inventory; -1 hides them from the project's search."""
        for target in self.targets().values():
            yield target.name, target.shown, target.type, target.docname, target.anchor, -1

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        return self._reference(self._known().get((typ, target)), fromdocname, builder, contnode)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        asked = ((kind, self._known().get((kind, target))) for kind in _TYPES)
        made = ((kind, self._reference(to, fromdocname, builder, contnode)) for kind, to in asked)
        return [(f"{DOMAIN}:{kind}", node) for kind, node in made if node is not None]

    def _known(self) -> dict[tuple[str, str], Target]:
        """Return the targets; all documents have been read when the first reference is resolved."""
        if self._resolvable is None:
            self._resolvable = self.targets()
        return self._resolvable

    def _reference(
        self, to: Target | None, fromdocname: str, builder: Builder, contnode: nodes.Element
    ) -> nodes.reference | None:
        if to is None:
            return None
        return make_refnode(builder, fromdocname, to.docname, to.anchor, contnode, to.shown)

    def made_from(self) -> str:
        """Return a digest of everything read, equal for all outputs made from the same sources."""
        read = (
            (f"{docname}/{name}", sha)
            for docname, files in self.data["read"].items()
            for name, sha in files.items()
        )
        return combined_digest([("", self.data["shared"]), *read])

    def problems(self) -> list[Problem]:
        """Return the problems of all documents, sorted by document."""
        return [p for docname in sorted(self.facts) for p in self.facts[docname].problems]


def domain_of(env: BuildEnvironment) -> EditionDomain:
    """Return the edition's domain of a build environment."""
    domain = env.get_domain(DOMAIN)
    assert isinstance(domain, EditionDomain)
    return domain

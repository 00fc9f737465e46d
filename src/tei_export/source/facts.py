"""The Sphinx domain ``ed``: the facts of all documents, and the problems found in them.

Facts are plain tuples and dicts, one list per document, so that reading a document again replaces
its facts, and parallel reading can merge them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from sphinx.domains import Domain

from tei_export.model.opened import combined_digest
from tei_export.source.problems import Report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from docutils import nodes
    from sphinx.environment import BuildEnvironment

    from tei_export.model.apparatus import Emendation
    from tei_export.model.edition import Edition, Part, Text
    from tei_export.model.problems import Problem


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


@dataclass(slots=True)
class Facts:
    """The facts of one document of a text."""

    text: str = ""
    part: str = ""
    pages: list[str] = field(default_factory=list)
    witness_lines: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    """page → number of typescript lines"""
    numbers: dict[int, int] = field(default_factory=dict)
    """witness line used → source line"""
    notes: dict[str, int] = field(default_factory=dict)
    """series → number of notes"""
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
    """what is unusual and may be so in the source: a remark and its source line"""
    problems: list[Problem] = field(default_factory=list)

    def sort(self) -> None:
        """Sort the facts into reading order: by page, then by line. Outputs rely on this order."""
        order = {page: n for n, page in enumerate(self.pages)}

        def where(fact: Mention | Citation) -> tuple[int, int]:
            return order.get(fact.page, -1), fact.line

        self.mentions.sort(key=where)
        self.citations.sort(key=where)
        self.emendations.sort(key=lambda e: (order.get(e.page, -1), e.line))


class EditionDomain(Domain):
    """The facts of the texts, by document."""

    name = "ed"
    label = "Edition"
    data_version = 6
    edition: Edition
    """The edition of this run; never stored (Sphinx creates domains for every run)."""
    schema: Path
    """The folder of its schema; not stored either."""
    _report: Report | None = None
    #: ``shared``, ``read``: digests of what was read, see :mod:`tei_export.source.freshness`.
    initial_data: ClassVar[dict[str, Any]] = {"facts": {}, "shared": "", "read": {}}

    @property
    def facts(self) -> dict[str, Facts]:
        """The facts by document."""
        return self.data["facts"]  # type: ignore[no-any-return]

    def facts_for(self, docname: str) -> Facts:
        """Return the facts of a document; create them on first use."""
        return self.facts.setdefault(docname, Facts())

    def begin(self, docname: str, text: str) -> Report:
        """Begin to read the document: what takes its problems, which know their places in ``text``."""
        self._report = Report(f"{docname}.md", text.split("\n"), self.facts_for(docname).problems)
        return self._report

    def report(self, docname: str) -> Report:
        """What takes the problems of a document."""
        file = f"{docname}.md"
        if self._report is None or self._report.file != file:
            return Report(file, (), self.facts_for(docname).problems)
        return self._report

    def clear_doc(self, docname: str) -> None:
        self.facts.pop(docname, None)
        self.data["read"].pop(docname, None)

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
    domain = env.get_domain("ed")
    assert isinstance(domain, EditionDomain)
    return domain


def doctrees(env: BuildEnvironment, text: Text) -> list[tuple[Part, nodes.document]]:
    """Return the parts of a text with their doctrees, in the order of the record."""
    return [(part, env.get_doctree(part.doc)) for part in text.parts]

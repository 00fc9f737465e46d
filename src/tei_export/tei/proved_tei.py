"""Make the TEI file of a text from the doctree, prove it against the witness, and validate it.

All outputs that publish or contain TEI (the TEI folder, the PDF, DTS) use this module.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.model.git import commit_of
from tei_export.model.problems import EditionError, Problem
from tei_export.proof import regenerate
from tei_export.schema import safe_xml
from tei_export.shared.quotations import Sources
from tei_export.source.facts import domain_of
from tei_export.source.trees import trees_of
from tei_export.tei.elements import indent
from tei_export.tei.encoding_desc import count_elements
from tei_export.tei.header import WHOLE, FileScope, header
from tei_export.tei.inline import POINTED
from tei_export.tei.standoff import (
    add_comparisons,
    add_relations,
    comparisons,
    relation_elements,
    relations_of,
    stand_off,
)
from tei_export.tei.tags import Tags, element_of, tei_file, xml_of
from tei_export.tei.verse_citation import cite_verse
from tei_export.tei.writer import Elsewhere, TeiTextWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docutils import nodes
    from sphinx.environment import BuildEnvironment

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.model.quoted import Comparison
    from tei_export.schema.finding import Finding


class ProvedTei:
    """The TEI file of a text, proved and validated; ``report`` is the result of the proof."""

    __slots__ = ("_root", "data", "report")

    def __init__(
        self, data: bytes, report: regenerate.ProofReport, root: etree._Element | None = None
    ) -> None:
        self.data = data
        self.report = report
        self._root = root

    def take_root(self) -> etree._Element:
        """Return the TEI element, which the caller may change: the one that was validated, if it was kept."""
        root, self._root = self._root, None
        return safe_xml.fromstring(self.data) if root is None else root


#: Proved files, keyed by everything they depend on.
Proved = dict[tuple[str, ...], ProvedTei]
#: Those of this process.
_proved: Proved = {}
#: How to get those that another process proves meanwhile.
_elsewhere: list[Callable[[], Proved]] = []
#: The commit of each folder, read once per run so that all outputs name the same one.
_commits: dict[Path, str] = {}


def exporter_of(env: BuildEnvironment) -> TeiExporter:
    """Return the exporter for the edition that ``env`` has read."""
    domain = domain_of(env)
    return TeiExporter(domain.edition, domain.schema, commit(env))


def commit(env: BuildEnvironment) -> str:
    """Return the commit that all outputs of this run name; empty if there is none."""
    root = domain_of(env).edition.root
    if root not in _commits:
        _commits[root] = commit_of(root)
    return _commits[root]


def proved_tei(env: BuildEnvironment, text: Text, *, keep_root: bool = False) -> ProvedTei:
    """Export, prove and validate a text, once for all outputs of a run.

    :param keep_root: keep the tree that was validated until it is taken, for what is derived next; it takes more
        memory than anything else
    :raises EditionError: ``tei-witness``, the TEI does not regenerate the witness; ``tei-invalid``,
        every finding of the validation
    """
    if _elsewhere:
        _proved.update(_elsewhere.pop()())
    document = exporter_of(env)
    key = (
        document.edition.digest,
        document.commit,
        str(document.schema),
        text.id,
        _fingerprint(env, text),
    )
    if key not in _proved:
        data = export(env, text)
        report = prove(document.edition, text, data)
        root = safe_xml.fromstring(data)
        problems = validation_problems(f"{text.id}.xml", root, document.schema, text.witness.sha256)
        if problems:
            raise EditionError(*problems)
        _proved[key] = ProvedTei(data, report, root if keep_root else None)
    return _proved[key]


def prove_all(env: BuildEnvironment) -> Proved:
    """Export, prove and validate every text; return the files, for :func:`expect_proved` in another process.

    :raises EditionError: as :func:`proved_tei`
    """
    for text in domain_of(env).edition.texts.values():
        proved_tei(env, text)
    return _proved


def expect_proved(take: Callable[[], Proved]) -> None:
    """Use the files that another process of this run proves; ``take`` waits for them, when the first is needed."""
    _elsewhere[:] = [take]


def forget_exports() -> None:
    """Begin a run: forget exported texts and commits."""
    _proved.clear()
    _elsewhere.clear()
    _commits.clear()


def export(env: BuildEnvironment, text: Text) -> bytes:
    """Return the TEI file of a text, neither proved nor validated."""
    elsewhere = Elsewhere.of(domain_of(env), text)
    return exporter_of(env).text(text, trees_of(env), elsewhere)


def _fingerprint(env: BuildEnvironment, text: Text) -> str:
    """Return a digest of the doctrees of ``text``."""
    sha = hashlib.sha256()
    for part in text.parts:
        sha.update((Path(env.doctreedir) / f"{part.doc}.doctree").read_bytes())
    return sha.hexdigest()


def prove(edition: Edition, text: Text, data: bytes) -> regenerate.ProofReport:
    """Regenerate every witness that has a file from ``data`` and return the report.

    :raises EditionError: ``tei-witness``, the regenerated text differs from the witness
    """
    table = text.data.get("pages")
    root = regenerate.parse(data)
    report = regenerate.compare(
        root,
        (edition.root / text.witness.file).read_bytes().decode("utf-8"),
        regenerate.read_spans(edition.root / table if table else None),
        complete=text.complete,
    )
    if not report.clean:
        raise EditionError(Problem("tei-witness", f"{text.id}.xml", 0, str(report)))
    for witness in text.witnesses:
        if witness.proved:
            file = (edition.root / witness.file).read_bytes().decode("utf-8")
            one = regenerate.compare_witness(root, witness.id, file, complete=text.complete)
            if not one.clean:
                raise EditionError(Problem("tei-witness", f"{text.id}.xml", 0, str(one)))
            report.witnesses.append(one)
    return report


def validation_problems(
    name: str, content: bytes | etree._Element, schema: Path, sha256: str | None = None
) -> list[Problem]:
    """Return the problems that schema and rules find in a TEI file.

    :param name: the name of the file, for problems
    :param content: its content, parsed or not
    :param schema: the folder of the schema
    :param sha256: the digest of the witness, if it is to be compared
    """
    from tei_export.schema import validate  # not for runs that validate nothing

    if isinstance(content, bytes):
        findings = validate.validate_bytes(content, schema, sha256)
    else:
        findings = validate.validate_tree(etree.ElementTree(content), schema, sha256)
    return [problem_of(name, found) for found in findings]


def problem_of(name: str, finding: Finding) -> Problem:
    """Convert a finding of the validation into a problem of the file ``name``."""
    return Problem("tei-invalid", name, finding.line, f"{finding.code}: {finding.message}")


class TeiExporter:
    """Exports texts of an edition.

    :param schema: folder of the schema
    :param commit: commit of the sources, if known
    """

    def __init__(self, edition: Edition, schema: Path, commit: str = "") -> None:
        self.edition = edition
        self.schema = schema
        self.commit = commit
        self.language = str(edition.record["language"])

    def text(
        self, text: Text, tree: Callable[[Part], nodes.document], elsewhere: Elsewhere
    ) -> bytes:
        """Return the full TEI file of a text.

        :param tree: returns the doctree of a part
        """
        writer = TeiTextWriter(self.edition, text, tree, elsewhere)
        sources = Sources(self.edition)
        compared: dict[str, list[tuple[str, str, Comparison]]] = {}

        def look(part: Part, document: nodes.document) -> None:
            compared[part.doc] = list(comparisons(sources, document))

        body = writer.write(look)
        mentioned = {name: set(keys) for name, keys in writer.mentioned.items()}
        for relation in relations_of(self.edition, text):
            for entry in relation.entries():
                mentioned.setdefault(entry.register, set()).add(entry.key)
        for letter in self.edition.letters(text):
            for entry in letter.entries():
                mentioned.setdefault(entry.register, set()).add(entry.key)
        entries = stand_off(self.edition.registers, mentioned)
        add_relations(entries, relation_elements(self.edition, text, body))
        add_comparisons(entries, [one for part in text.parts for one in compared[part.doc]])
        etree.indent(entries, space="  ")
        content = [xml_of(entries)] if len(entries) else []
        return self.file(text, text.id, [*content, body.encode()], WHOLE)

    def header(self, text: Text, tags: Tags, form: FileScope) -> etree._Element:
        """Return the header of a file with ``tags``, written in the edition's language."""
        languages = {*tags.languages(), self.language, text.language}
        calendars = {
            pointer.removeprefix(f"#{POINTED['calendar']}") for pointer in tags.calendars()
        }
        return header(self.edition, text, languages, form, calendars=calendars, commit=self.commit)

    def file(self, text: Text, xml_id: str, content: Sequence[bytes], form: FileScope) -> bytes:
        """Return a file of a text; ``content``: ``standOff`` if there is one, and ``text``, serialised."""
        *before, tags = (Tags(one) for one in content)
        head = self.header(text, sum(before, tags), form)
        cite_verse(head, tags, lambda: [element_of(content[-1])])
        indent(head)
        described = count_elements(xml_of(head), tags.counted)
        return tei_file(xml_id, self.language, [described, *content], form.schema)

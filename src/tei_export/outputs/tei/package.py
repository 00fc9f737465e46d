"""Make the files of the TEI target, as bytes by their path.

=============================  ==========================================================
``<text>.xml``                 a text: header, register entries mentioned, text, apparatus
``<text>.reading.xml``         the edited text without apparatus
``<text>/<part>.xml``          a part; ``<text>/pages/<page>.xml`` a page
``<text>.txt``                 the edited text; ``<text>.typed.txt`` as typed; the same beside the
                               TEI file of each part and page
``registers.xml``              all register entries
``cmif.xml``                   the letters in the Correspondence Metadata Interchange Format
``edition.xml``                the edition as a ``teiCorpus``; includes ``corpus/<text>.xml``
``pictures/``                  the pictures of the figures, as in the sources
``schema/``                    the schema, so that the folder is self-contained
=============================  ==========================================================
"""

from __future__ import annotations

import copy
import hashlib
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lxml import etree

from tei_export.model.problems import EditionError, Problem
from tei_export.outputs.tei.cmif import FILE as CMIF
from tei_export.outputs.tei.cmif import cmif
from tei_export.outputs.tei.corpus import corpus, member
from tei_export.outputs.tei.extracts import Extractor
from tei_export.outputs.tei.plain_text import edited, edited_parts, typed
from tei_export.outputs.tei.reading_text import reading_text
from tei_export.schema import safe_xml
from tei_export.shared.pictures import read_picture
from tei_export.tei.elements import PICTURES, TEI, XML, ids_in, indent
from tei_export.tei.header import FileScope, corpus_header, registers_header
from tei_export.tei.proved_tei import (
    TeiExporter,
    languages_of,
    problem_of,
    serialised,
    validation_problems,
)
from tei_export.tei.standoff import add_relations, stand_off

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tei_export.model.edition import Text

_T = f"{{{TEI}}}"
_ID = f"{{{XML}}}id"
#: The files allowed in the folder ``schema``.
SCHEMA_FILES = ("edition.odd", "edition.rng", "edition.rnc", "edition.sch", "README.md")


class TeiPackage:
    """Collects the files of one build in ``files``: bytes by path."""

    def __init__(self, document: TeiExporter) -> None:
        self.document = document
        self.edition = document.edition
        self.schema = document.schema
        self.commit = document.commit
        self.language = document.language
        self.files: dict[str, bytes] = {}
        self.checksums: dict[str, str] = {}
        self.relations: list[etree._Element] = []

    def derive(self, text: Text, data: bytes) -> None:
        """Add the file of a text and everything derived from it."""
        root = safe_xml.fromstring(data)
        self.files[f"{text.id}.xml"] = data
        self.files[f"corpus/{text.id}.xml"] = serialised(member(root), "../schema")
        for holder in root.iterfind(f"{_T}standOff/{_T}listRelation"):
            relations = list(copy.deepcopy(holder))
            _lead_out(relations, f"{text.id}.xml")
            self.relations += relations
        self._reading(text, root, hashlib.sha256(data).hexdigest())
        self._extracts(text, root)
        for graphic in root.iter(_T + "graphic"):
            name = graphic.get("url", "")
            if name not in self.files:
                self.files[name] = read_picture(
                    self.edition, unquote(name.removeprefix(f"{PICTURES}/"))
                )

    def _reading(self, text: Text, root: etree._Element, sha256: str) -> None:
        whole, entries = root.find(_T + "text"), root.find(_T + "standOff")
        assert whole is not None
        reading = reading_text(whole, f"{text.id}.xml")
        content = [reading]
        if entries is not None:  # a reading text has no lines
            content.insert(0, copy.deepcopy(entries))
            _lead_out(content[0].iter(_T + "relation"), f"{text.id}.xml")
        form = FileScope(reading=True, note="Reading text", source=f"{text.id}.xml", sha256=sha256)
        name = f"{text.id}.reading"
        self.files[f"{name}.xml"] = self.document.tei_file(
            f"{text.id}-reading", self.document.header(text, content, form), content
        )
        self.checksums[f"{name}.xml"] = text.witness.sha256

    def _extracts(self, text: Text, root: etree._Element) -> None:
        """Add the parts and the pages."""
        extractor = Extractor(root)
        titles = {part.id: part.title for part in text.parts}
        form = FileScope(note="-", source=f"{text.id}.xml", sampling="-", schema="../schema")
        head = _HeaderTemplate(self.document.header(text, [root], form))
        as_typed, as_edited = typed(extractor.text), edited_parts(extractor.text)
        self.files[f"{text.id}.typed.txt"] = as_typed.whole.encode()
        self.files[f"{text.id}.txt"] = "\n".join(as_edited).encode()
        plain = as_edited, as_typed.parts
        for (name, content), edited_part, typed_part in zip(extractor.parts(), *plain, strict=True):
            self.files[f"{text.id}/{name}.txt"] = edited_part.encode()
            self.files[f"{text.id}/{name}.typed.txt"] = typed_part.encode()
            said = f"One part of {text.id}.xml: {titles[name]}."
            self.files[f"{text.id}/{name}.xml"] = self.document.tei_file(
                f"{text.id}-{name}",
                head.header_for(titles[name], said, content),
                content,
                form.schema,
            )
        form = FileScope(note="-", source=f"{text.id}.xml", sampling="-", schema="../../schema")
        head = _HeaderTemplate(self.document.header(text, [root], form))
        for turn, content in extractor.pages():
            page, name = turn.get("n", ""), turn.get(_ID, "")
            said = (
                f"Page {page} of {text.id}.xml, with the notes whose marks stand on it. What the page cuts is "
                "closed and opened again on the next page; paragraphs and divisions say so in @part."
            )
            self.files[f"{text.id}/pages/{name}.xml"] = self.document.tei_file(
                f"{text.id}-{name}",
                head.header_for(f"Page {page}", said, content),
                content,
                form.schema,
            )
            self.files[f"{text.id}/pages/{name}.txt"] = edited(content[-1]).encode()
            self.files[f"{text.id}/pages/{name}.typed.txt"] = as_typed.pages[page].encode()

    def registers(self) -> None:
        """Add the registers, and the corpus that includes them with every text."""
        everything = {
            name: set(register.entries) for name, register in self.edition.registers.by_name.items()
        }
        entries = stand_off(self.edition.registers, everything)
        names = [f"corpus/{text}.xml" for text in self.edition.texts]
        add_relations(entries, self.relations)
        if len(entries):
            etree.indent(entries, space="  ")
            languages = [*languages_of([entries]), self.language]
            head = registers_header(self.edition, languages, commit=self.commit)
            self.files["registers.xml"] = self.document.tei_file("registers", head, [entries])
            names.append("registers.xml")
        head = corpus_header(self.edition, commit=self.commit)
        indent(head)
        self.files["edition.xml"] = serialised(corpus(head, names, self.language), "schema")
        letters = cmif(self.edition)
        if letters:
            self.files[CMIF] = letters
        for name in SCHEMA_FILES:
            if (self.schema / name).is_file():
                self.files[f"schema/{name}"] = (self.schema / name).read_bytes()

    def validate(self) -> None:
        """Validate the reading texts, the registers, and (against the schema) the parts.

        The texts have already been validated; pages and corpus are derived from valid files by the
        same program.

        :raises EditionError: ``tei-invalid``, every finding
        """
        problems = [problem for name in self.files for problem in self._problems(name)]
        if problems:
            raise EditionError(*problems)

    def _problems(self, name: str) -> list[Problem]:
        from tei_export.schema import validate  # lxml's Schematron loads slowly

        folder, _, file = name.rpartition("/")
        if not file.endswith(".xml"):
            return []
        if folder in self.edition.texts:
            tree = etree.ElementTree(safe_xml.fromstring(self.files[name]))
            findings = validate.validate_relaxng(tree, self.schema / "edition.rng")
            return [problem_of(name, finding) for finding in findings]
        released = name.removesuffix(".xml") in self.edition.texts
        if folder or released or file in ("edition.xml", CMIF):
            return []
        return validation_problems(name, self.files[name], self.schema, self.checksums.get(name))


class _HeaderTemplate:
    """A header in which only subtitle and sampling vary between files."""

    def __init__(self, head: etree._Element) -> None:
        self.head = head
        indent(head)
        titles = head.findall(f".//{_T}titleStmt/{_T}title")
        sampling = head.find(f".//{_T}samplingDecl/{_T}p")
        assert sampling is not None
        self.title, self.sampling = titles[-1], sampling
        profile = head.find(f"{_T}profileDesc")
        assert profile is not None
        self.profile, self.letters = profile, profile.findall(f"{_T}correspDesc")

    def header_for(
        self, title: str, sampling: str, content: Iterable[etree._Element]
    ) -> etree._Element:
        """Return the header of a file with ``content``, with the description of its own letters only."""
        self.title.text, self.sampling.text = title, sampling
        if not self.letters:
            return self.head
        here = {f"#{name}" for root in content for name in ids_in(root)}
        for letter in self.profile.findall(f"{_T}correspDesc"):
            self.profile.remove(letter)
        self.profile.extend(letter for letter in self.letters if letter.get("ref") in here)
        return self.head


def _lead_out(relations: Iterable[etree._Element], file: str) -> None:
    """Let the pointers of ``relations`` lead to the lines of ``file``."""
    for relation in relations:
        relation.set("source", f"{file}{relation.get('source')}")

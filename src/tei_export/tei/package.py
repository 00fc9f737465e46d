"""The files of the TEI target, as bytes by their path.

=============================  ==========================================================
``<text>.xml``                 a text: header, register entries mentioned, text, apparatus
``<text>.reading.xml``         its edited text without apparatus
``<text>/<part>.xml``          a part; ``<text>/pages/<page>.xml`` a page
``<text>.txt``                 the edited text; ``<text>.typed.txt`` as typed
``registers.xml``              all register entries
``edition.xml``                the edition as a ``teiCorpus``; includes ``corpus/<text>.xml``
``schema/``                    the schema, so that the folder is complete wherever it is put
=============================  ==========================================================
"""

from __future__ import annotations

import copy
import hashlib
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.problems import EditionError, Problem
from tei_export.tei.build import TEI, XML, element, indent, languages_in
from tei_export.tei.corpus import corpus, member
from tei_export.tei.declaration import count_elements
from tei_export.tei.extracts import Extractor
from tei_export.tei.header import WHOLE, Form, corpus_header, header, registers_header
from tei_export.tei.plain import edited, typed
from tei_export.tei.reading import reading_text
from tei_export.tei.standoff import stand_off
from tei_export.tei.writer import TextWriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from docutils import nodes

    from tei_export.edition import Edition, Part, Text
    from tei_export.tei.finding import Finding

_T = f"{{{TEI}}}"
_ID = f"{{{XML}}}id"
_MODELS = (
    ("edition.rng", "http://relaxng.org/ns/structure/1.0"),
    ("edition.sch", "http://purl.oclc.org/dsdl/schematron"),
)
#: What the folder ``schema`` may hold.
SCHEMA_FILES = ("edition.odd", "edition.rng", "edition.rnc", "edition.sch", "README.md")


class Package:
    """Collects the files of one build in ``files``.

    :param schema: the folder of the edition's schema; :param commit: of the sources, if known.
    """

    def __init__(self, edition: Edition, schema: Path, commit: str = "") -> None:
        self.edition = edition
        self.schema = schema
        self.commit = commit
        self.language = str(edition.record.get("language", "en"))
        self.files: dict[str, bytes] = {}
        self.checksums: dict[str, str] = {}

    def text(self, text: Text, parts: Sequence[tuple[Part, nodes.document]]) -> bytes:
        """The full TEI file of a text."""
        writer = TextWriter(self.edition, text)
        body = writer.write(parts)
        mentioned = {name: set(keys) for name, keys in writer.mentioned.items()}
        entries = stand_off(self.edition.registers, mentioned)
        etree.indent(entries, space="  ")
        return self._written(text.id, self._header(text, [entries, body], WHOLE), [entries, body])

    def derive(self, text: Text, data: bytes) -> None:
        """Add the file of a text, and all that is made from it."""
        root = etree.fromstring(data, _parser())
        self.files[f"{text.id}.xml"] = data
        self.checksums[f"{text.id}.xml"] = text.witness.sha256
        self.files[f"corpus/{text.id}.xml"] = _serialised(member(root), "../schema")
        whole = root.find(_T + "text")
        assert whole is not None
        self.files[f"{text.id}.typed.txt"] = typed(whole).encode()
        self._reading(text, root, hashlib.sha256(data).hexdigest())
        self._extracts(text, root)

    def _reading(self, text: Text, root: etree._Element, sha256: str) -> None:
        whole, entries = root.find(_T + "text"), root.find(_T + "standOff")
        assert whole is not None
        found = reading_text(whole)
        self.files[f"{text.id}.txt"] = edited(found).encode()
        content = [copy.deepcopy(entries), found] if entries is not None else [found]
        form = Form(reading=True, note="Reading text", source=f"{text.id}.xml", sha256=sha256)
        name = f"{text.id}.reading"
        self.files[f"{name}.xml"] = self._written(
            f"{text.id}-reading", self._header(text, content, form), content
        )
        self.checksums[f"{name}.xml"] = text.witness.sha256

    def _extracts(self, text: Text, root: etree._Element) -> None:
        """The parts and the pages."""
        extractor = Extractor(root)
        titles = {part.id: part.title for part in text.parts}
        form = Form(note="-", source=f"{text.id}.xml", sampling="-", schema="../schema")
        head = _Variable(self._header(text, [root], form))
        for name, content in extractor.parts():
            said = f"One part of {text.id}.xml: {titles[name]}."
            self.files[f"{text.id}/{name}.xml"] = self._written(
                f"{text.id}-{name}", head.of(titles[name], said), content, form.schema
            )
        form = Form(note="-", source=f"{text.id}.xml", sampling="-", schema="../../schema")
        head = _Variable(self._header(text, [root], form))
        for turn, content in extractor.pages():
            page, name = turn.get("n", ""), turn.get(_ID, "")
            said = (
                f"Page {page} of {text.id}.xml, with the notes whose marks stand on it. What the page cuts is "
                "closed and opened again on the next page; paragraphs and divisions say so in @part."
            )
            self.files[f"{text.id}/pages/{name}.xml"] = self._written(
                f"{text.id}-{name}", head.of(f"Page {page}", said), content, form.schema
            )

    def registers(self) -> None:
        """Add the registers, and the corpus that includes them with every text."""
        everything = {
            name: set(register.entries) for name, register in self.edition.registers.by_name.items()
        }
        entries = stand_off(self.edition.registers, everything)
        names = [f"corpus/{text}.xml" for text in self.edition.texts]
        if len(entries):
            etree.indent(entries, space="  ")
            languages = [*_languages([entries]), self.language]
            head = registers_header(self.edition, languages, commit=self.commit)
            self.files["registers.xml"] = self._written("registers", head, [entries])
            names.append("registers.xml")
        head = corpus_header(self.edition, commit=self.commit)
        indent(head)
        self.files["edition.xml"] = _serialised(corpus(head, names, self.language), "schema")
        for name in SCHEMA_FILES:
            if (self.schema / name).is_file():
                self.files[f"schema/{name}"] = (self.schema / name).read_bytes()

    def validate(self) -> None:
        """Check the texts, the reading texts and the registers; the parts against the schema.

        Pages and the corpus are made by the same program from what is valid; tests validate them.

        :raises EditionError: ``tei-invalid``, every finding.
        """
        problems = [
            Problem("tei-invalid", name, found.line, f"{found.code}: {found.message}")
            for name in self.files
            for found in self._findings(name)
        ]
        if problems:
            raise EditionError(*problems)

    def _findings(self, name: str) -> list[Finding]:
        from tei_export.tei import validate  # lxml's Schematron is slow to load

        folder, _, file = name.rpartition("/")
        if folder in self.edition.texts:
            tree = etree.ElementTree(etree.fromstring(self.files[name], _parser()))
            return validate.validate_relaxng(tree, self.schema / "edition.rng")
        if folder or not file.endswith(".xml") or file == "edition.xml":
            return []
        return validate.validate_bytes(self.files[name], self.schema, self.checksums.get(name))

    def _header(self, text: Text, content: Sequence[etree._Element], form: Form) -> etree._Element:
        languages = [*_languages(content), self.language]
        return header(self.edition, text, languages, form, commit=self.commit)

    def _written(
        self, xml_id: str, head: etree._Element, content: Sequence[etree._Element], schema: str = "schema"
    ) -> bytes:
        root = element("TEI", xml_id=xml_id, xml_lang=self.language)
        if head.text is None:
            indent(head)
        count_elements(head, content)
        root.append(head)
        root.extend(child for child in content if len(child))
        for child in root:
            child.tail = "\n"
        root.text = "\n"
        return _serialised(root, schema)


class _Variable:
    """A header of which only the subtitle and the sampling differ from file to file."""

    def __init__(self, head: etree._Element) -> None:
        self.head = head
        indent(head)
        titles = head.findall(f".//{_T}titleStmt/{_T}title")
        sampling = head.find(f".//{_T}samplingDecl/{_T}p")
        assert sampling is not None
        self.title, self.sampling = titles[-1], sampling

    def of(self, title: str, sampling: str) -> etree._Element:
        self.title.text, self.sampling.text = title, sampling
        return self.head


def _languages(content: Sequence[etree._Element]) -> set[str]:
    """The languages that occur."""
    return {tag for root in content for tag in languages_in(root)}


def _serialised(root: etree._Element, schema: str) -> bytes:
    tree = etree.ElementTree(root)
    for file, kind in _MODELS:
        said = f'href="{schema}/{file}" type="application/xml" schematypens="{kind}"'
        root.addprevious(etree.ProcessingInstruction("xml-model", said))
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8") + b"\n"


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)

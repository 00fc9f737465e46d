"""Make the files of the TEI target.

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
from tei_export.outputs.tei.extracts import Extract, Extractor
from tei_export.outputs.tei.plain_text import divisions_of, edited_parts, typed
from tei_export.outputs.tei.reading_text import reading_text
from tei_export.schema import safe_xml
from tei_export.shared.pictures import read_picture
from tei_export.tei.cursor import escaped
from tei_export.tei.elements import PICTURES, TEI, XML, indent
from tei_export.tei.encoding_desc import count_elements
from tei_export.tei.header import FileScope, corpus_header, registers_header
from tei_export.tei.proved_tei import ProvedTei, TeiExporter, problem_of, validation_problems
from tei_export.tei.standoff import add_relations, stand_off
from tei_export.tei.tags import Tags, prologue, tei_file, xml_of
from tei_export.tei.verse_citation import cite_verse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tei_export.model.edition import Text
    from tei_export.shared.staged_files import StagedFiles

_T = f"{{{TEI}}}"
_ID = f"{{{XML}}}id"
#: Stands for the words of a header that vary.
_FILLED_IN = "\ufdd0filled in\ufdd0"
#: The files allowed in the folder ``schema``.
SCHEMA_FILES = ("edition.odd", "edition.rng", "edition.rnc", "edition.sch", "README.md")


class TeiPackage:
    """Makes the files of one build, and adds them to ``files``."""

    def __init__(self, document: TeiExporter, files: StagedFiles) -> None:
        self.document = document
        self.files = files
        self.edition = document.edition
        self.schema = document.schema
        self.commit = document.commit
        self.language = document.language
        self.checksums: dict[str, str] = {}
        self.relations: list[etree._Element] = []

    def derive(self, text: Text, proved: ProvedTei) -> None:
        """Add the file of a text and everything derived from it."""
        data, root = proved.data, proved.take_root()
        self.files.write(f"{text.id}.xml", data)
        self.files.write(f"corpus/{text.id}.xml", member(data, "../schema"))
        for holder in root.iterfind(f"{_T}standOff/{_T}listRelation"):
            relations = list(copy.deepcopy(holder))
            _lead_out(relations, f"{text.id}.xml")
            self.relations += relations
        self._reading(text, root, hashlib.sha256(data).hexdigest())
        for graphic in root.iter(_T + "graphic"):
            name = graphic.get("url", "")
            if name not in self.files.names:
                self.files.write(
                    name, read_picture(self.edition, unquote(name.removeprefix(f"{PICTURES}/")))
                )
        self._extracts(text, root, Tags(data))

    def _reading(self, text: Text, root: etree._Element, sha256: str) -> None:
        whole, entries = root.find(_T + "text"), root.find(_T + "standOff")
        assert whole is not None
        reading = reading_text(whole, f"{text.id}.xml")
        content = [xml_of(reading)]
        if entries is not None:  # a reading text has no lines
            listed = copy.deepcopy(entries)
            _lead_out(listed.iter(_T + "relation"), f"{text.id}.xml")
            content.insert(0, xml_of(listed))
        form = FileScope(reading=True, note="Reading text", source=f"{text.id}.xml", sha256=sha256)
        name = f"{text.id}.reading"
        self.files.write(
            f"{name}.xml", self.document.file(text, f"{text.id}-reading", content, form)
        )
        self.checksums[f"{name}.xml"] = text.witness.sha256

    def _extracts(self, text: Text, root: etree._Element, tags: Tags) -> None:
        """Add the parts and the pages, to which the content of ``root`` moves."""
        whole = root.find(_T + "text")
        assert whole is not None
        as_typed, as_edited = typed(whole), edited_parts(divisions_of(whole))
        self.files.write(f"{text.id}.typed.txt", as_typed.whole.encode())
        self.files.write(f"{text.id}.txt", "\n".join(as_edited).encode())
        extractor = Extractor(root)
        titles = {part.id: part.title for part in text.parts}
        form = FileScope(note="-", source=f"{text.id}.xml", sampling="-", schema="../schema")
        head = _HeaderTemplate(self.document.header(text, tags, form))
        plain = as_edited, as_typed.parts
        for (name, extract), edited_part, typed_part in zip(extractor.parts(), *plain, strict=True):
            self.files.write(f"{text.id}/{name}.txt", edited_part.encode())
            self.files.write(f"{text.id}/{name}.typed.txt", typed_part.encode())
            said = f"One part of {text.id}.xml: {titles[name]}."
            self.files.write(
                f"{text.id}/{name}.xml",
                self._file(
                    f"{text.id}-{name}",
                    head.header_for(titles[name], said, extract),
                    extract,
                    form.schema,
                ),
            )
        form = FileScope(note="-", source=f"{text.id}.xml", sampling="-", schema="../../schema")
        head = _HeaderTemplate(self.document.header(text, tags, form))
        for turn, extract in extractor.pages():
            page, name = turn.get("n", ""), turn.get(_ID, "")
            said = (
                f"Page {page} of {text.id}.xml, with the notes whose marks stand on it. What the page cuts is "
                "closed and opened again on the next page; paragraphs and divisions say so in @part."
            )
            self.files.write(
                f"{text.id}/pages/{name}.xml",
                self._file(
                    f"{text.id}-{name}",
                    head.header_for(f"Page {page}", said, extract),
                    extract,
                    form.schema,
                ),
            )
            self.files.write(
                f"{text.id}/pages/{name}.txt", "\n".join(edited_parts(extract.divisions)).encode()
            )
            self.files.write(f"{text.id}/pages/{name}.typed.txt", as_typed.pages[page].encode())

    def _file(self, xml_id: str, head: bytes, extract: Extract, schema: str) -> bytes:
        return tei_file(xml_id, self.document.language, [head, *extract.content], schema)

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
            content = xml_of(entries)
            languages = [*Tags(content).languages(), self.language]
            head = registers_header(self.edition, languages, commit=self.commit)
            indent(head)
            self.files.write(
                "registers.xml",
                tei_file("registers", self.language, [xml_of(head), content], "schema"),
            )
            names.append("registers.xml")
        head = corpus_header(self.edition, commit=self.commit)
        indent(head)
        whole = etree.tostring(corpus(head, names, self.language), encoding="UTF-8")
        self.files.write("edition.xml", prologue("schema") + whole + b"\n")
        letters = cmif(self.edition)
        if letters:
            self.files.write(CMIF, letters)
        for name in SCHEMA_FILES:
            if (self.schema / name).is_file():
                self.files.write(f"schema/{name}", (self.schema / name).read_bytes())

    def validate(self) -> None:
        """Validate the reading texts, the registers, and (against the schema) the parts.

        The texts have already been validated; pages and corpus are derived from valid files by the
        same program.

        :raises EditionError: ``tei-invalid``, every finding
        """
        problems = [problem for name in self.files.names for problem in self._problems(name)]
        if problems:
            raise EditionError(*problems)

    def _problems(self, name: str) -> list[Problem]:
        from tei_export.schema import validate  # not for runs that validate nothing

        folder, _, file = name.rpartition("/")
        if not file.endswith(".xml"):
            return []
        if folder in self.edition.texts:
            tree = etree.ElementTree(safe_xml.fromstring(self.files.read(name)))
            findings = validate.validate_relaxng(tree, self.schema / "edition.rng")
            return [problem_of(name, finding) for finding in findings]
        released = name.removesuffix(".xml") in self.edition.texts
        if folder or released or file in ("edition.xml", CMIF):
            return []
        return validation_problems(
            name, self.files.read(name), self.schema, self.checksums.get(name)
        )


class _HeaderTemplate:
    """A header in which only what concerns the content varies between files."""

    def __init__(self, head: etree._Element) -> None:
        self.head = head
        indent(head)
        titles = head.findall(f".//{_T}titleStmt/{_T}title")
        sampling = head.find(f".//{_T}samplingDecl/{_T}p")
        assert sampling is not None
        titles[-1].text = sampling.text = _FILLED_IN
        profile = head.find(f"{_T}profileDesc")
        assert profile is not None
        self.profile, self.letters = profile, profile.findall(f"{_T}correspDesc")
        #: The pieces around title and sampling, by the letters: most extracts have the same.
        self._pieces: dict[tuple[etree._Element, ...], list[bytes]] = {}

    def header_for(self, title: str, sampling: str, extract: Extract) -> bytes:
        """Return the header of an extract, with the description of its own letters only."""
        here = Tags(b"".join(extract.content)).ids() if self.letters else ()
        letters = tuple(x for x in self.letters if x.get("ref", "")[1:] in here)
        trees = cite_verse(self.head, extract.tags, lambda: extract.divisions)
        if trees or letters not in self._pieces:
            self._pieces[letters] = self._serialised(letters)
        before, between, after = self._pieces[letters]
        for tree in trees:  # another extract has others
            tree.getparent().remove(tree)  # type: ignore[union-attr]
            self._pieces.clear()
        said = [escaped(title).encode(), between, escaped(sampling).encode()]
        return count_elements(b"".join([before, *said, after]), extract.tags.counted)

    def _serialised(self, letters: Iterable[etree._Element]) -> list[bytes]:
        for letter in self.profile.findall(f"{_T}correspDesc"):
            self.profile.remove(letter)
        self.profile.extend(letters)
        return xml_of(self.head).split(_FILLED_IN.encode())


def _lead_out(relations: Iterable[etree._Element], file: str) -> None:
    """Let the pointers of ``relations`` lead to the lines of ``file``."""
    for relation in relations:
        relation.set("source", f"{file}{relation.get('source')}")

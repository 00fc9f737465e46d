"""Read the parts of an EPUB file for tests."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

H = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
XML = "{http://www.w3.org/XML/1998/namespace}"
ROOT = "EPUB/"
#: Elements within the edited text that do not belong to it.
_APART = {"nr", "head", "key", "editors"}


@dataclass
class Epub:
    """An EPUB file; documents by their path in the package."""

    data: bytes
    files: dict[str, bytes] = field(init=False)

    def __post_init__(self) -> None:
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            self.files = {info.filename: archive.read(info) for info in archive.infolist()}

    @cached_property
    def documents(self) -> dict[str, etree._Element]:
        return {
            name.removeprefix(ROOT): parse(data)
            for name, data in self.files.items()
            if name.endswith(".xhtml")
        }

    @cached_property
    def ids(self) -> dict[str, dict[str, etree._Element]]:
        return {
            name: {e.get("id"): e for e in doc.iter() if e.get("id")}
            for name, doc in self.documents.items()
        }

    @cached_property
    def package(self) -> etree._Element:
        return parse(self.files[f"{ROOT}package.opf"])

    @cached_property
    def spine(self) -> list[str]:
        items = {
            item.get("id"): unquote(item.get("href")) for item in self.package.iter(f"{OPF}item")
        }
        return [items[ref.get("idref")] for ref in self.package.iter(f"{OPF}itemref")]

    def part(self, docname: str) -> etree._Element:
        return self.documents[f"text/{docname}.xhtml"]

    def of_type(self, kind: str, path: str = "") -> Iterator[tuple[str, etree._Element]]:
        """Return the elements whose ``epub:type`` is ``kind``, with their document, in reading order."""
        for name in [path] if path else self.spine:
            for element in self.documents[name].iter():
                if kind in (element.get(f"{OPS}type") or "").split():
                    yield name, element

    def target(self, path: str, address: str) -> tuple[str, etree._Element]:
        """Return the target of a link in the document ``path``; :raises KeyError: it has none."""
        name, fragment = urldefrag(address)
        name = (
            posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(name)))
            if name
            else path
        )
        return name, self.ids[name][unquote(fragment)] if fragment else self.documents[name]

    def meta(self, name: str) -> list[str]:
        return [m.text or "" for m in self.package.iter(f"{OPF}meta") if m.get("property") == name]


def parse(data: bytes) -> etree._Element:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def text(element: etree._Element) -> str:
    """Return the edited text in an element, without note numbers and the words of the editors."""
    if _APART & set((element.get("class") or "").split()):
        return ""
    if etree.QName(element).localname == "math":
        return element.get("alttext", "")
    return (element.text or "") + "".join(text(child) + (child.tail or "") for child in element)

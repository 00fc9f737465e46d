"""Write the RO-Crate: a description of every file (https://www.researchobject.org/ro-crate/)."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from tei_export.shared.rights import quotes_texts

if TYPE_CHECKING:
    from collections.abc import Set
    from pathlib import Path

    from tei_export.model.metadata import Metadata

VERSION = "1.2"
_FORMATS = {
    ".bib": "application/x-bibtex", ".cff": "application/yaml", ".conllu": "text/plain", ".csv": "text/csv",
    ".epub": "application/epub+zip", ".json": "application/json", ".jsonld": "application/ld+json",
    ".md": "text/markdown", ".nex": "text/plain", ".py": "text/x-python", ".yaml": "application/yaml", ".odd": "application/tei+xml", ".pdf": "application/pdf",
    ".ris": "application/x-research-info-systems", ".rnc": "application/relax-ng-compact-syntax",
    ".rng": "application/xml", ".sch": "application/xml", ".ttl": "text/turtle", ".txt": "text/plain",
    ".xml": "application/xml", ".zip": "application/zip",
}  # fmt: skip


def write_crate(folder: Path, meta: Metadata, glosses: dict[str, str], parts: Set[str]) -> None:
    """Describe the files of ``folder`` in its ``ro-crate-metadata.json``.

    :param glosses: folder or file → description; the longest matching path applies
    :param parts: the files that are sources of a text
    """
    crate = ROCrate(version=VERSION)
    people = [
        crate.add(
            ContextEntity(
                crate,
                editor.uri or f"#editor-{number}",
                properties={
                    "@type": "Person" if editor.person else "Organization",
                    "name": editor.name,
                },
            )
        )
        for number, editor in enumerate(meta.editors, 1)
    ]
    rights = {
        right.of: crate.add(
            ContextEntity(
                crate,
                right.uri,
                properties={
                    "@type": "CreativeWork",
                    "name": right.name,
                    "description": f"{right.of}: {right.statement}",
                },
            )
        )
        for right in meta.rights
    }
    root = crate.root_dataset
    for name, value in _described(meta).items():
        root[name] = value
    root["creator"] = root["editor"] = people
    publisher = next((one for one in people if one["name"] == meta.publisher), None)
    if publisher is None:
        properties = {"@type": "Organization", "name": meta.publisher}
        publisher = crate.add(ContextEntity(crate, "#publisher", properties=properties))
    root["publisher"] = publisher
    root["license"] = [rights[of] for of in ("text", "encoding", "metadata")]
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        file = crate.add_file(
            path,
            name,
            properties={
                "name": PurePosixPath(name).name,
                "description": next((glosses[key] for key in _keys(name) if key in glosses), ""),
                "encodingFormat": format_of(name),
                "contentSize": str(path.stat().st_size),
            },
        )
        file["license"] = [rights[of] for of in rights_of(name, parts)]
    crate.metadata.write(folder)


def _keys(name: str) -> list[str]:
    """Return path and folders, longest first: ``tei/schema/x.rng``, ``tei/schema/``, ``tei/``."""
    return [name, *(f"{parent}/" for parent in PurePosixPath(name).parents if str(parent) != ".")]


def format_of(name: str) -> str:
    """Return the media type of a file of the deposit."""
    path = PurePosixPath(name)
    if path.parts[0] == "tei" and "schema" not in path.parts and path.suffix == ".xml":
        return "application/tei+xml"
    return _FORMATS.get(path.suffix, "application/octet-stream")


def rights_of(name: str, parts: Set[str] = frozenset()) -> tuple[str, ...]:
    """Return the rights statements that apply to a file; ``parts``: the sources of a text."""
    folder, _, rest = name.partition("/")
    if quotes_texts(name) or (
        folder in {"tei", "pdf", "epub", "office", "html"} and not rest.startswith("schema/")
    ):
        return ("text", "encoding")
    if folder == "source":
        return ("text", "encoding") if name in parts else _licensed_source(rest)
    return ("metadata",) if folder in {"metadata", "CITATION.cff"} else ("encoding",)


def _licensed_source(name: str) -> tuple[str, ...]:
    """Return the rights in a source: those in the text for a witness, otherwise the editors'."""
    return ("text",) if name.endswith(".txt") else ("encoding",)


def _described(meta: Metadata) -> dict[str, Any]:
    description = {
        "name": meta.title,
        "alternativeHeadline": meta.subtitle,
        "description": f"{meta.description} {meta.caveat}",
        "datePublished": meta.date,
        "version": meta.version,
        "creativeWorkStatus": meta.status,
        "inLanguage": meta.language,
        "keywords": list(meta.keywords),
        "conditionsOfAccess": meta.rights_line,
        "identifier": meta.doi_url,
        "url": meta.base_url,
    }
    return {key: value for key, value in description.items() if value}

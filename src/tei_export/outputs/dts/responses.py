"""The JSON-LD answers of DTS 1.0: entry point, collection, navigation.

The tables of the specification define the required fields (sections Entry, Collection and
Navigation Endpoint). Conformance is level 0, without ranges (``start``, ``end``), as the
specification provides for services of static files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tei_export.outputs.dts.citation_trees import structure
from tei_export.outputs.dts.paths import ENTRY, DtsLinks, file_of, template
from tei_export.shared.labels import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tei_export.model.metadata import Metadata
    from tei_export.outputs.dts.citation_trees import CitableUnit, CitationTree

CONTEXT = "https://dtsapi.org/context/v1.0.json"
VERSION = "1.0"
MEDIA_TYPE = "application/tei+xml"
#: The id of the collection of all texts.
ROOT = "edition"
#: How many neighbours of a unit one answer lists.
TOGETHER = 100

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DtsResource:
    """A text as a DTS resource, or a witness of ``text`` with its name (``source``).

    The witnesses of a text are the members of a collection of their own (Collection Endpoint, *Child collection
    representing a single work*).
    """

    id: str
    title: str
    description: str
    trees: tuple[CitationTree, ...]
    text: str = ""
    source: str = ""
    date: str = ""


def witnesses_of(text: str) -> str:
    """Return the id of the collection of a text's witnesses; ids of witnesses begin with a capital,
    so it is unique."""
    return f"{text}.witnesses"


def witness_of(text: str, witness: str) -> str:
    """Return the id of a witness as a resource."""
    return f"{text}.{witness}"


class DtsResponses:
    """All JSON answers about an edition."""

    def __init__(self, meta: Metadata, resources: tuple[DtsResource, ...], base: str) -> None:
        """Prepare the answers about ``resources``.

        :param base: the published address of the service, ending in ``/``; or empty
        """
        self._meta = meta
        self._resources = resources
        self._base = base

    def files(self) -> Iterator[tuple[str, Json]]:
        """Yield path and answer of every query that is answered with JSON."""
        yield ENTRY, self._entry()
        for nav in ("", "children", "parents"):
            for identifier in ("", ROOT):
                file = file_of("collection", id=identifier, nav=nav)
                yield file, self._collection(DtsLinks(self._base, file), nav)
            for resource in self._resources:
                file = file_of("collection", id=resource.id, nav=nav)
                yield file, self._text(resource, DtsLinks(self._base, file), nav)
            for text in self._texts():
                if self._of(text):
                    file = file_of("collection", id=witnesses_of(text.id), nav=nav)
                    yield file, self._witnesses(text, DtsLinks(self._base, file), nav)
        for resource in self._resources:
            for tree in resource.trees:
                yield from self._navigation(resource, tree)

    def _entry(self) -> Json:
        links = DtsLinks(self._base, ENTRY)
        endpoints = {
            name: links.to(template(name)) for name in ("collection", "navigation", "document")
        }
        return {
            "@context": CONTEXT,
            "dtsVersion": VERSION,
            "@id": links.here,
            "@type": "EntryPoint",
            **endpoints,
        }

    # Collections

    def _texts(self) -> list[DtsResource]:
        return [resource for resource in self._resources if not resource.text]

    def _of(self, text: DtsResource) -> list[DtsResource]:
        """Return the witnesses of a text."""
        return [resource for resource in self._resources if resource.text == text.id]

    def _members(self, links: DtsLinks) -> list[Json]:
        """Return the texts and, each after its text, the collections of their witnesses."""
        members = []
        for text in self._texts():
            members.append(self._described(text, links))
            if self._of(text):
                members.append(self._gathered(text, links))
        return members

    def _collection(self, links: DtsLinks, nav: str) -> Json:
        """Return the root collection; it has no parents."""
        members = [] if nav == "parents" else self._members(links)
        return {"@context": CONTEXT, "dtsVersion": VERSION, **self._root(links), "member": members}

    def _gathered(self, text: DtsResource, links: DtsLinks) -> Json:
        """Return the collection of the witnesses of a text."""
        title = _("{}: the witnesses").format(text.title)
        return {
            "@id": witnesses_of(text.id),
            "@type": "Collection",
            "title": title,
            "totalParents": 1,
            "totalChildren": len(self._of(text)),
            "collection": links.to(template("collection", id=witnesses_of(text.id))),
            "dublinCore": {"title": [_in(self._meta.language, title)], **self._core()},
        }

    def _witnesses(self, text: DtsResource, links: DtsLinks, nav: str) -> Json:
        parents = nav == "parents"
        members = (
            [self._root(links)] if parents else [self._described(w, links) for w in self._of(text)]
        )
        return {
            "@context": CONTEXT,
            "dtsVersion": VERSION,
            **self._gathered(text, links),
            "member": members,
        }

    def _text(self, resource: DtsResource, links: DtsLinks, nav: str) -> Json:
        members = [self._above(resource, links)] if nav == "parents" else []
        return {
            "@context": CONTEXT,
            "dtsVersion": VERSION,
            **self._described(resource, links),
            "member": members,
        }

    def _above(self, resource: DtsResource, links: DtsLinks) -> Json:
        """Return the collection that a text or witness is a member of."""
        text = next((text for text in self._texts() if text.id == resource.text), None)
        return self._root(links) if text is None else self._gathered(text, links)

    def _root(self, links: DtsLinks) -> Json:
        meta = self._meta
        core = {
            "title": [_in(meta.language, meta.full_title)],
            "description": [_in(meta.language, meta.description)],
            **self._core(),
        }
        return {
            "@id": ROOT,
            "@type": "Collection",
            "title": meta.title,
            "description": meta.description,
            "totalParents": 0,
            "totalChildren": len(self._members(links)),
            "collection": links.to(template("collection", id=ROOT)),
            "dublinCore": core,
        }

    def _core(self) -> Json:
        """Return the metadata that the edition and its texts share (Dublin Core Terms)."""
        meta = self._meta
        description: Json = {
            "publisher": [_in(meta.language, meta.publisher)],
            "contributor": [_in(meta.language, name) for name in meta.creators],
            "language": [meta.language],
            "issued": meta.date,
            "hasVersion": meta.version,
            "rights": [_in(meta.language, f"{r.name}. {r.statement}") for r in meta.rights],
            "license": [r.uri for r in meta.rights],
        }
        if meta.identifier:
            description["identifier"] = [f"https://doi.org/{meta.identifier}"]
        return description

    def _described(self, resource: DtsResource, links: DtsLinks) -> Json:
        """Return a resource with its metadata."""
        meta = self._meta
        core = {"title": [_in(meta.language, resource.title)], **self._core()}
        if resource.description:
            core["description"] = [_in(meta.language, resource.description)]
        if resource.text:
            core |= {
                "source": [_in(meta.language, resource.source)],
                "isVersionOf": [resource.text],
            }
        if resource.date:
            core["date"] = resource.date
        description = {
            **self._resource(resource, links),
            "title": resource.title,
            "description": resource.description,
            "totalParents": 1,
            "totalChildren": 0,
            "mediaTypes": [MEDIA_TYPE],
            "download": links.to(file_of("document", resource=resource.id)),
            "dublinCore": core,
        }
        return {key: value for key, value in description.items() if value != ""}

    def _resource(self, resource: DtsResource, links: DtsLinks) -> Json:
        """Return a resource with only the fields that Navigation requires."""
        return {
            "@id": resource.id,
            "@type": "Resource",
            "collection": links.to(template("collection", id=resource.id)),
            "navigation": links.to(template("navigation", resource=resource.id)),
            "document": links.to(template("document", resource=resource.id)),
            "citationTrees": [tree_object(tree) for tree in resource.trees],
        }

    # Navigation

    def _navigation(self, resource: DtsResource, tree: CitationTree) -> Iterator[tuple[str, Json]]:
        """Yield the answers for one tree: for the whole tree, and for each of its units."""
        depth = tree.depth
        for down in (*range(1, depth + 1), -1):
            members = [u for u in tree.units if down < 0 or u.level <= down]
            yield self._answer(resource, tree, None, down, members)
        for unit in tree.units:
            yield self._answer(resource, tree, unit, None, None)
            yield self._beside(resource, tree, unit)
            # A missing level returns the existing levels (Navigation Endpoint, down).
            for down in (*range(1, depth + 1), -1):
                yield self._answer(resource, tree, unit, down, tree.below(unit, down))

    def _beside(
        self, resource: DtsResource, tree: CitationTree, unit: CitableUnit
    ) -> tuple[str, Json]:
        """Return the answer with the neighbours of a unit in its hundred.

        The other hundreds are the answers of their first units; ``view`` leads to them (Navigation
        Endpoint, Pagination). With the complete list in each answer, the service would grow with the
        square of the number of pages.
        """
        every = tree.beside(unit)
        start = tree.among(unit) // TOGETHER * TOGETHER
        file, answer = self._answer(resource, tree, unit, 0, every[start : start + TOGETHER])
        if len(every) > TOGETHER:
            links = DtsLinks(self._base, file)
            last = (len(every) - 1) // TOGETHER * TOGETHER
            pages = {
                "first": 0,
                "previous": start - TOGETHER,
                "next": start + TOGETHER,
                "last": last,
            }
            answer["view"] = {
                "@id": links.here,
                "@type": "Pagination",
                **{
                    name: links.to(_neighbours(resource, tree, every[at]))
                    for name, at in pages.items()
                    if 0 <= at <= last
                },
            }
        return file, answer

    def _answer(
        self,
        resource: DtsResource,
        tree: CitationTree,
        unit: CitableUnit | None,
        down: int | None,
        members: list[CitableUnit] | None,
    ) -> tuple[str, Json]:
        query: Json = {"resource": resource.id, "tree": tree.name}
        if down is not None:
            query["down"] = down
        if unit is not None:
            query["ref"] = unit.ref
        file = file_of("navigation", **query)
        links = DtsLinks(self._base, file)
        answer: Json = {
            "@context": CONTEXT,
            "dtsVersion": VERSION,
            "@id": links.here,
            "@type": "Navigation",
            "resource": self._resource(resource, links),
        }
        if unit is not None:
            answer["ref"] = self._unit(unit)
        if members is not None:
            answer["member"] = [self._unit(u) for u in members]
        return file, answer

    def _unit(self, unit: CitableUnit) -> Json:
        return described(unit, self._meta.language)


def described(unit: CitableUnit, language: str) -> Json:
    """Return a unit as a JSON object; ``language``: of its title."""
    member: Json = {
        "identifier": unit.ref,
        "@type": "CitableUnit",
        "level": unit.level,
        "parent": unit.parent or None,
        "citeType": unit.type,
    }
    if unit.title:
        member["dublinCore"] = {"title": [_in(language, unit.title)]}
    return member


def _neighbours(resource: DtsResource, tree: CitationTree, unit: CitableUnit) -> str:
    """Return the path of the answer with the neighbours of ``unit``."""
    return file_of("navigation", resource=resource.id, tree=tree.name, down=0, ref=unit.ref)


def tree_object(tree: CitationTree) -> Json:
    """Return a tree; the default one has no identifier (Navigation Endpoint, Resource)."""
    description: Json = {
        "@type": "CitationTree",
        "description": tree.description,
        "citeStructure": structure(tree),
    }
    return {**description, "identifier": tree.name} if tree.name else description


def _in(language: str, value: str) -> Json:
    return {"lang": language, "value": value}

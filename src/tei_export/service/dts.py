"""The endpoints of DTS 1.0, level 1: with ranges, lines, pages of long answers, and errors.

The specification has no section numbers; names in comments are its headings
(https://dtsapi.org/versions/v1.0/).
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from lxml import etree

from tei_export.outputs.dts.passages import DTS, serialized
from tei_export.outputs.dts.responses import (
    CONTEXT,
    MEDIA_TYPE,
    ROOT,
    VERSION,
    described,
    tree_object,
)
from tei_export.service.answers import Answer, RefusedError, missing, number, wrong
from tei_export.service.built_files import COLLECTION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tei_export.outputs.dts.citation_trees import CitableUnit, CitationTree
    from tei_export.service.built_files import Library, OpenText, Shelf

Json = dict[str, Any]
JSON = "application/ld+json"
#: The maximum number of members in an answer; the others are on further pages (*Pagination*).
TOGETHER = 5000
_HYDRA = "http://www.w3.org/ns/hydra/core#"
#: endpoint → its parameters.
ENDPOINTS = {
    "collection": ("id", "page", "nav"),
    "navigation": ("resource", "ref", "start", "end", "down", "tree", "page"),
    "document": ("resource", "ref", "start", "end", "tree", "mediaType"),
}
_COPIED = ("title", "description", "mediaTypes", "dublinCore")


class DtsService:
    """Answers queries about the texts of ``library``.

    :param base: the address of the service, ending in ``/``
    """

    def __init__(self, library: Library, base: str) -> None:
        self._library = library
        self._base = base

    def answer(self, endpoint: str, query: Mapping[str, str]) -> Answer:
        """Return the answer of an endpoint; the empty name is the entry point.

        :raises RefusedError: there is no answer
        """
        if endpoint == "":
            links = {name: self._template(name) for name in ENDPOINTS}
            return _answer({**_head(self._base, "EntryPoint"), **links})
        known = {name: query[name] for name in ENDPOINTS[endpoint] if name in query}
        if endpoint == "collection":
            return _answer(self._collection(known))
        if "resource" not in known:
            raise wrong("resource is missing")
        text = self._library.text(known["resource"])
        if text is None:
            raise missing(f"there is no resource {known['resource']}")
        if endpoint == "document":
            return self._document(text, known)
        return _answer(self._navigation(text, known))

    def _template(self, endpoint: str, **given: str) -> str:
        names = [name for name in ENDPOINTS[endpoint] if name not in given]
        if not given:
            return f"{self._base}{endpoint}/{{?{','.join(names)}}}"
        return f"{self._address(endpoint, given)}{{&{','.join(names)}}}"

    def _address(self, endpoint: str, query: Mapping[str, object]) -> str:
        return f"{self._base}{endpoint}/?{urlencode(query, safe='/', quote_via=quote)}"

    # Collection Endpoint

    def _collection(self, query: Mapping[str, str]) -> Json:
        nav = query.get("nav", "children")
        if nav not in ("children", "parents"):
            raise wrong("nav must be children or parents")
        found, parents, children = self._of(query.get("id", ""))
        members = parents if nav == "parents" else children
        answer = {"@context": CONTEXT, "dtsVersion": VERSION, **found}
        return self._paged(answer, members, "collection", query)

    def _of(self, id: str) -> tuple[Json, list[Json], list[Json]]:
        """Return a collection or resource, its parents and its children."""
        shelves = self._library.shelves
        if self._library.corpus is not None and id in ("", "corpus"):
            return self._corpus(), [], [self._edition(shelf) for shelf in shelves.values()]
        shelf = shelves.get("" if id == ROOT else id)
        if shelf is not None:
            parents = [self._corpus()] if shelf.name else []
            return (
                self._edition(shelf),
                parents,
                [self._member(shelf, one) for one in shelf.members()],
            )
        if gathered := self._library.gathered(id):
            witnesses = [
                self._text(gathered[0], one["@id"]) for one in gathered[0].members(gathered[1])
            ]
            return self._witnesses(*gathered), [self._edition(gathered[0])], witnesses
        found = self._library.found(id)
        if found is None:
            raise missing(f"there is no collection or resource {id}")
        shelf, name = found
        above = shelf.above(name)
        return (
            self._text(*found),
            [self._edition(shelf) if above == ROOT else self._witnesses(shelf, above)],
            [],
        )

    def _member(self, shelf: Shelf, member: Json) -> Json:
        gathered = member["@type"] == COLLECTION
        return (self._witnesses if gathered else self._text)(shelf, member["@id"])

    def _witnesses(self, shelf: Shelf, name: str) -> Json:
        own = shelf.described(name) or {}
        return {
            "@id": shelf.prefixed(name),
            "@type": COLLECTION,
            **{key: own[key] for key in _COPIED if key in own},
            "totalParents": 1,
            "totalChildren": len(shelf.members(name)),
            "collection": self._template("collection", id=shelf.prefixed(name)),
        }

    def _corpus(self) -> Json:
        own = self._library.corpus or {}
        return {
            "@id": "corpus",
            "@type": "Collection",
            "title": own.get("title", ""),
            "totalParents": 0,
            "totalChildren": len(self._library.shelves),
            "collection": self._template("collection", id="corpus"),
        }

    def _edition(self, shelf: Shelf) -> Json:
        own = shelf.described(ROOT) or {}
        name = shelf.name or ROOT
        return {
            "@id": name,
            "@type": "Collection",
            **{key: own[key] for key in _COPIED if key in own},
            "totalParents": 1 if shelf.name else 0,
            "totalChildren": len(shelf.members()),
            "collection": self._template("collection", id=name),
        }

    def _text(self, shelf: Shelf, name: str) -> Json:
        own = shelf.described(name) or {}
        text = self._library.text(shelf.prefixed(name))
        return {
            **self._resource(shelf.prefixed(name), text.trees if text else ()),
            **{key: own[key] for key in _COPIED if key in own},
            "totalParents": 1,
            "totalChildren": 0,
            "download": self._address("document", {"resource": shelf.prefixed(name)}),
        }

    def _resource(self, id: str, trees: Sequence[CitationTree]) -> Json:
        return {
            "@id": id,
            "@type": "Resource",
            "collection": self._template("collection", id=id),
            "navigation": self._template("navigation", resource=id),
            "document": self._template("document", resource=id),
            "citationTrees": [tree_object(tree) for tree in trees],
        }

    # Navigation Endpoint

    def _navigation(self, text: OpenText, query: Mapping[str, str]) -> Json:
        """Answer a query by the table *Usage of down, ref, start and end*."""
        tree, ref, span = _units(text, query)
        down = number(query["down"], "down") if "down" in query else None
        if down is None and ref is None and span is None:
            raise wrong("down, ref, or start and end are missing")
        if down == 0 and ref is None:
            raise wrong("down=0 needs ref")
        resource = text.shelf.prefixed(text.id)
        answer = {
            **_head(self._address("navigation", query), "Navigation"),
            "resource": self._resource(resource, text.trees),
        }
        if ref is not None:
            answer["ref"] = described(ref, text.language)
        if span is not None:
            answer |= {
                name: described(unit, text.language)
                for name, unit in zip(("start", "end"), span, strict=True)
            }
        if down is None:
            return answer
        members = [described(unit, text.language) for unit in _members(tree, ref, span, down)]
        return self._paged(answer, members, "navigation", query)

    def _paged(
        self, answer: Json, members: list[Json], endpoint: str, query: Mapping[str, str]
    ) -> Json:
        """Add all members, or those of one page and the addresses of the other pages."""
        at = number(query.get("page", "1"), "page")
        last = max(1, -(-len(members) // TOGETHER))
        if not 1 <= at <= last:
            raise missing(f"there is no page {at}: the answer has {last}")
        answer["member"] = members[(at - 1) * TOGETHER : at * TOGETHER]
        if last > 1:
            pages = {"first": 1, "previous": at - 1, "next": at + 1, "last": last}
            answer["view"] = {
                "@id": self._address(endpoint, {**query, "page": at}),
                "@type": "Pagination",
                **{
                    name: self._address(endpoint, {**query, "page": page})
                    for name, page in pages.items()
                    if 1 <= page <= last
                },
            }
        return answer

    # Document Endpoint

    def _document(self, text: OpenText, query: Mapping[str, str]) -> Answer:
        if query.get("mediaType", MEDIA_TYPE) != MEDIA_TYPE:
            raise missing(f"documents are {MEDIA_TYPE}")
        _tree, ref, span = _units(text, query)
        if span is not None:
            data = text.cutter.passage(*span)
        else:
            data = text.data if ref is None else text.cutter.passage(ref)
        link = self._address("collection", {"id": text.shelf.prefixed(text.id)})
        return Answer(data, MEDIA_TYPE, fields={"Link": f'<{link}>; rel="collection"'})


def _units(
    text: OpenText, query: Mapping[str, str]
) -> tuple[CitationTree, CitableUnit | None, tuple[CitableUnit, CitableUnit] | None]:
    """Return the tree, and the unit or the two units that a query names.

    :raises RefusedError: they exclude each other, do not exist, or are in the wrong order. Both units of a
        reversed range exist, so the query is invalid (400, not 404; the specification names neither)
    """
    ends = [name for name in ("start", "end") if name in query]
    if "ref" in query and ends:
        raise wrong(f"ref and {ends[0]} exclude each other")
    if len(ends) == 1:
        raise wrong(f"{'end' if ends == ['start'] else 'start'} is missing")
    tree = text.tree(query.get("tree", ""))
    if tree is None:
        raise missing(f"there is no tree {query.get('tree')}")
    found: list[CitableUnit] = []
    for name in ("ref", *ends):
        if name in query:
            unit = tree.unit(query[name])
            if unit is None:
                raise missing(f"there is no unit {query[name]} in this tree")
            found.append(unit)
    if ends and not tree.between(found[0], found[1], down=0):
        raise wrong("end comes before start")
    return tree, found[0] if "ref" in query else None, (found[0], found[1]) if ends else None


def _members(
    tree: CitationTree,
    ref: CitableUnit | None,
    span: tuple[CitableUnit, CitableUnit] | None,
    down: int,
) -> Sequence[CitableUnit]:
    if span is not None:
        return tree.between(*span, down=down)
    if ref is not None:
        return tree.beside(ref) if down == 0 else tree.below(ref, down)
    return [unit for unit in tree.units if down < 0 or unit.level <= down]


def _head(address: str, kind: str) -> Json:
    return {"@context": CONTEXT, "dtsVersion": VERSION, "@id": address, "@type": kind}


def _answer(answer: Json, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    data = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return Answer(f"{data}\n".encode(), JSON, status)


def refusal(endpoint: str, error: RefusedError) -> Answer:
    """Return an error as XML for documents, otherwise as JSON-LD in terms of Hydra (``Status``);
    DTS defines no error."""
    status = error.status
    if endpoint == "document":
        root = etree.Element(f"{{{DTS}}}error", statusCode=str(status.value), nsmap={None: DTS})  # type: ignore[dict-item]
        etree.SubElement(root, f"{{{DTS}}}title").text = status.phrase
        etree.SubElement(root, f"{{{DTS}}}description").text = _printable(error.why)
        return Answer(serialized(root), "application/xml", status)
    said = {
        "@context": {"@vocab": _HYDRA},
        "@type": "Status",
        "statusCode": status.value,
        "title": status.phrase,
        "description": _printable(error.why),
    }
    return _answer(said, status)


def _printable(words: str) -> str:
    """Return words without characters that XML forbids."""
    return "".join(c if c.isprintable() else "�" for c in words)

"""One DTS collection above those of the editions (DTS 1.0, Entry and Collection Endpoint).

Each edition remains a service of its own, with its own resources; the members of the root
collection lead to their collections by URI templates. Ids of texts are unique only within an
edition, so the templates of the entry point for Navigation and Document have one more variable,
``edition``; the templates of a resource do not need it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tei_export.corpus.editions import BuiltEdition

_CONTEXT, _VERSION = "https://dtsapi.org/context/v1.0.json", "1.0"
#: The ids of the collection of all editions, and of the root collection of one edition.
ROOT, _OWN = "corpus", "edition"


def files(editions: Sequence[BuiltEdition], title: str, up: str) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each file of the service.

    :param up: the relative path from the folder of the service to that of the editions
    """
    served = [edition for edition in editions if edition.has("dts")]
    if not served:
        return
    head = {"@context": _CONTEXT, "dtsVersion": _VERSION}
    template = "collection/id-{id}/nav-{nav}.json"
    yield (
        "index.json",
        _json(
            {
                **head,
                "@id": "index.json",
                "@type": "EntryPoint",
                "collection": template,
                "navigation": f"{up}{{edition}}/dts/navigation/resource-{{resource}}/tree-{{tree}}/down-{{down}}/ref-{{ref}}.json",
                "document": f"{up}{{edition}}/dts/document/resource-{{resource}}/tree-{{tree}}/ref-{{ref}}.xml",
            }
        ),
    )
    for nav in ("", "children", "parents"):
        for name in ("", ROOT):
            below = "../../"
            members = [] if nav == "parents" else [_member(e, f"{below}{up}") for e in served]
            yield (
                f"collection/id-{name}/nav-{nav}.json",
                _json(
                    {
                        **head,
                        "@id": ROOT,
                        "@type": "Collection",
                        "title": title,
                        "totalParents": 0,
                        "totalChildren": len(served),
                        "collection": f"{below}collection/id-{ROOT}/nav-{{nav}}.json",
                        "member": members,
                    }
                ),
            )


def _member(edition: BuiltEdition, up: str) -> dict[str, Any]:
    return {
        "@id": edition.name,
        "@type": "Collection",
        "title": edition.meta.title,
        "description": edition.meta.description,
        "totalParents": 1,
        "totalChildren": _children(edition),
        "collection": f"{up}{edition.name}/dts/collection/id-{_OWN}/nav-{{nav}}.json",
    }


def _children(edition: BuiltEdition) -> int:
    """Return how many texts and collections of witnesses an edition has."""
    root = json.loads(
        (edition.out / "dts" / "collection" / f"id-{_OWN}" / "nav-.json").read_bytes()
    )
    return int(root["totalChildren"])


def _json(answer: dict[str, Any]) -> bytes:
    return (json.dumps(answer, ensure_ascii=False, separators=(",", ":")) + "\n").encode()

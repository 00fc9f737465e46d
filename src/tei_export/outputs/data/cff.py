"""Write ``CITATION.cff`` (Citation File Format 1.2.0, https://citation-file-format.github.io)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from tei_export.model.metadata import Metadata


def citation_cff(meta: Metadata) -> str:
    """Return the content of ``CITATION.cff``.

    ``license`` covers the editors' work; the abstract states the rights in the text, because the
    format allows only one licence.
    """
    found: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "Please cite this edition as given here, with page and line of the original.",
        "type": "dataset",
        "title": meta.full_title,
        "authors": [
            {"name": editor.name, **({"orcid": editor.uri} if editor.uri else {})}
            for editor in meta.editors
        ],
        "version": meta.version,
        "date-released": meta.date,
        "abstract": f"{meta.description} {meta.caveat} Rights: {meta.rights_line}.",
        "keywords": list(meta.keywords),
        "doi": meta.identifier,
        "url": meta.base_url,
        "repository-code": meta.repository_url,
    }
    encoding = meta.right("encoding")
    found |= {"license": encoding.spdx} if encoding.spdx else {"license-url": encoding.uri}
    return yaml.safe_dump(
        {key: value for key, value in found.items() if value},
        allow_unicode=True,
        sort_keys=False,
        width=100,
    )

"""Every builder of Sphinx, and two of others, write the real texts with their notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

import guest
import same
from mini import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx

pytestmark = [
    pytest.mark.slow,
    *(
        pytest.mark.filterwarnings(f"ignore::{kind}:sphinxcontrib")
        for kind in ("DeprecationWarning", "PendingDeprecationWarning")
    ),
]
#: What those builders ask of any project, and what the pages of the edition need of none. The same for all
#: builders, or each would read the sources again; nothing is asked outside.
SETTINGS: dict[str, Any] = {
    "version": "1", "applehelp_bundle_id": "org.example.edition", "applehelp_disable_external_tools": True,
    "extensions": [
        "tei_export", "sphinx_markdown_builder", "sphinxcontrib.restbuilder", "sphinx.ext.doctest", "sphinx.ext.coverage",
    ],
    "linkcheck_ignore": ["https?:"],
    "html_theme": "alabaster", "author": "The editors",
}  # fmt: skip


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("builders")


@pytest.fixture(scope="module")
def blocks(edition_app: Sphinx) -> dict[str, list[str]]:
    """The edited text of each part and its notes."""
    found = {}
    for text in edition_app.edition.texts.values():  # type: ignore[attr-defined]
        for part in text.parts:
            read = same.of_doctree(edition_app.env.get_doctree(part.doc), "E")
            found[part.doc] = [
                *read.body,
                *(words for _label, words in read.authorial + read.editorial),
            ]
    return found


@pytest.mark.parametrize("builder", (*guest.WRITERS, *guest.CHECKERS))
def test_every_builder_writes_the_edited_text_with_its_notes(
    builder: str, out: Path, blocks: dict[str, list[str]]
) -> None:
    said = guest.build(ROOT / "edition", out, builder, conf=ROOT, **SETTINGS)
    parts = "|".join(blocks)
    if builder in guest.FOREIGN:  # they do not know all nodes of docutils on the editors' pages
        said = "\n".join(line for line in said.splitlines() if re.search(parts, line))
    assert said == ""
    if builder in guest.CHECKERS:
        return
    written = guest.words_of(out / builder)
    for doc, found in blocks.items():
        assert len(found) > 3
        missing = [block for block in found if guest.letters(block) not in written]
        assert missing == [], f"{doc}: {len(missing)} of {len(found)}"

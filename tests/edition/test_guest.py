"""Every builder of Sphinx, and two of others, write the real texts with their notes."""

from __future__ import annotations

import gc
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from sphinx.search.en import SearchEnglish

import guest
import same
from forked import forked
from mini import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
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


@pytest.fixture(scope="module", autouse=True)
def _stems() -> Iterator[None]:
    """Every builder with a search asks for the stems of the same words."""
    with pytest.MonkeyPatch.context() as patch:
        stem = cache(SearchEnglish({}).stem)
        patch.setattr(SearchEnglish, "stem", lambda _self, word: stem(word))
        yield


@pytest.fixture(scope="module")
def blocks(edition_app: Sphinx) -> dict[str, list[str]]:
    """The letters of the edited text of each part and of its notes."""
    found = {}
    for text in edition_app.edition.texts.values():  # type: ignore[attr-defined]
        for part in text.parts:
            read = same.of_doctree(edition_app.env.get_doctree(part.doc), "E")
            texts = [
                *read.body,
                *(words for _label, words in read.authorial + read.editorial),
            ]
            assert len(texts) > 3
            found[part.doc] = [guest.letters(words) for words in texts]
    return found


#: What comes before the warnings; a builder may print words of its own.
BEGINS = "--- warnings:\n"


def _build(builder: str, out: Path) -> int:
    gc.disable()
    warnings = guest.build(ROOT / "edition", out, builder, conf=ROOT, **SETTINGS)
    print(f"{BEGINS}{warnings}", end="")
    return 0


@pytest.mark.parametrize("builder", (*guest.WRITERS, *guest.CHECKERS))
def test_every_builder_writes_the_edited_text_with_its_notes(
    builder: str, out: Path, blocks: dict[str, list[str]]
) -> None:
    # In a copy of this process, which ends without looking for the garbage among its millions of nodes.
    done = forked(lambda: _build(builder, out))
    assert done.returncode == 0, done.stderr
    said = done.stdout.partition(BEGINS)[2]
    parts = "|".join(blocks)
    if builder in guest.FOREIGN:  # they do not know all nodes of docutils on the editors' pages
        said = "\n".join(line for line in said.splitlines() if re.search(parts, line))
    assert said == ""
    if builder in guest.CHECKERS:
        return
    written = guest.words_of(out / builder)
    for doc, found in blocks.items():
        missing = [block for block in found if block not in written]
        assert missing == [], f"{doc}: {len(missing)} of {len(found)}"

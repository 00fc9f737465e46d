"""Every builder of Sphinx, and two of others, write the real texts with their notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

import guest
import same
from mini import ROOT
from real import site

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    *(
        pytest.mark.filterwarnings(f"ignore::{kind}:sphinxcontrib")
        for kind in ("DeprecationWarning", "PendingDeprecationWarning")
    ),
]
#: What those builders ask of any project, and what the pages of the edition need of none.
SETTINGS: dict[str, Any] = {
    "version": "1", "applehelp_bundle_id": "org.example.edition", "applehelp_disable_external_tools": True,
    "extensions": ["tei_export", "sphinx_markdown_builder", "sphinxcontrib.restbuilder"],
    "html_theme": "alabaster", "author": "The editors",
}  # fmt: skip


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("builders")


@pytest.mark.parametrize("builder", (*guest.WRITERS, *guest.CHECKERS))
def test_every_builder_writes_the_edited_text_with_its_notes(builder: str, out: Path) -> None:
    settings = dict(SETTINGS)
    if builder in ("doctest", "coverage"):
        settings["extensions"] = ["tei_export", f"sphinx.ext.{builder}"]
    if builder == "linkcheck":
        settings["linkcheck_ignore"] = ["https?:"]  # nothing is asked outside
    said = guest.build(ROOT / "edition", out, builder, conf=ROOT, **settings)
    parts = "|".join(site().parts())
    if builder in guest.FOREIGN:  # they do not know all nodes of docutils on the editors' pages
        said = "\n".join(line for line in said.splitlines() if re.search(parts, line))
    assert said == ""
    if builder in guest.CHECKERS:
        return
    written = guest.words_of(out / builder)
    app = site().app
    for text in site().edition.texts.values():
        for part in text.parts:
            found = same.of_doctree(app.env.get_doctree(part.doc), "E")
            blocks = [*found.body, *(words for _label, words in found.authorial + found.editorial)]
            assert len(blocks) > 3
            missing = [block for block in blocks if guest.letters(block) not in written]
            assert missing == [], f"{part.doc}: {len(missing)} of {len(blocks)}"

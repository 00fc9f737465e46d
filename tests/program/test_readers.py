"""Programs that readers have: citation managers, reader views, search engines.

Zotero is no library. What its translators need was tried by hand (docs/quality.md) and stands
here as rules: its button reads the COinS of a page before its meta elements.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from tei_export.shared import citations


def test_a_list_of_publishers_is_not_made_of_one() -> None:
    item = {
        "id": "a",
        "type": "book",
        "title": "T",
        "publisher": "George Allen and Unwin",
        "publisher-place": "London And York",
    }
    assert "publisher = {{George Allen and Unwin}}" in citations.bibtex([item])
    assert "address = {{London And York}}" in citations.bibtex([item])
    assert "publisher = {Wand}" in citations.bibtex([item | {"publisher": "Wand"}])


def test_an_author_is_named_with_the_editors() -> None:
    from tei_export.outputs.html.cite import coins

    item = {
        "type": "chapter", "title": "A & B", "container-title": "C", "editor": [{"literal": "The Editors, Inc."}],
        "author": [{"family": "Doe", "given": "Jane"}], "issued": {"date-parts": [[2026, 1, 2]]},
        "publisher": "P", "version": "1", "language": "en",
    }  # fmt: skip
    said = parse_qs(coins(item), strict_parsing=True)
    assert (said["rft.au"], said["rft.aucorp"]) == (["Doe, Jane"], ["The Editors, Inc."])
    assert (said["rft.atitle"], said["rft.btitle"], said["rft.date"]) == (
        ["A & B"],
        ["C"],
        ["2026-01-02"],
    )

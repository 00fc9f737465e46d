"""Editions of other texts than the first: another siglum, pages of any name, no paper, no OCR, another language.

Nothing that is untrue of a text is said of it, and every output is built.
"""

from __future__ import annotations

from tei_text import CLAIMS, header


def test_the_edition_says_of_each_of_its_texts_what_is_true(edition_teis: dict[str, bytes]) -> None:
    essay, thesis = header(edition_teis["essay"]), header(edition_teis["thesis"])
    for words in (
        "optical character recognition",
        "A typewriter has one apostrophe",
        "Underlining left no trace",
        "O has no indents",
    ):
        assert words in thesis
        assert words not in essay
    assert CLAIMS.findall(
        essay.replace("A critical digital edition of a typescript thesis", "").partition(
            "encodingDesc"
        )[0]
    ) != ["optical"]
    assert b'type="digital"' in edition_teis["essay"]

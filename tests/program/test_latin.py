"""Russian in Latin letters, in the page and in the book; quotations by work; the state of a page beside a mention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import html

from pdf import Pdf
from tei_export.model.transliteration import SCHEMES, transliterate

if TYPE_CHECKING:
    from chromium import Open
    from mini import Mini

#: Words in Cyrillic, by ALA-LC, by ISO 9. The sentence has every letter but one.
WORDS = [
    ("Съешь ещё этих мягких французских булок, да выпей чаю", "Sʺeshʹ eshchё ėtikh mi͡agkikh frant͡suzskikh bulok, da vypeĭ chai͡u".replace("ё", "ë"),
     "Sʺešʹ eŝë ètih mâgkih francuzskih bulok, da vypej čaû"),
    ("Щербаков и ЩЕРБАКОВ, Юрий, ЮГ", "Shcherbakov i SHCHERBAKOV, I͡uriĭ, I͡UG", "Ŝerbakov i ŜERBAKOV, Ûrij, ÛG"),
    ("вождь, Жуков", "vozhdʹ, Zhukov", "voždʹ, Žukov"),
    ("хлѣбъ и миръ", "khli͡eb i mir", "hlěbʺ i mirʺ"),
    ("Цель; Trotsky 1927", "T͡selʹ; Trotsky 1927", "Celʹ; Trotsky 1927"),
]  # fmt: skip


@pytest.mark.parametrize(("russian", "alalc", "iso9"), WORDS)
def test_a_word_by_each_scheme(russian: str, alalc: str, iso9: str) -> None:
    assert transliterate(russian, SCHEMES["alalc"]) == alalc
    assert transliterate(russian, SCHEMES["iso9"]) == iso9


def test_iso_9_can_be_undone() -> None:
    """One letter for one: no two are written alike, which is what the standard is for."""
    letters = SCHEMES["iso9"].letters
    assert len(set(letters.values())) == len(letters) == 37


@pytest.mark.browser
def test_a_reader_turns_russian_into_latin_letters_and_back(open_small: Open) -> None:
    page = open_small("t/two")
    word = page.locator(".part i.ru")
    page.locator("summary", has_text="Display").click()
    page.get_by_label("ALA-LC").check()
    assert word.inner_text() == "menʹshevizm"
    assert word.get_attribute("lang") == "ru-Latn-alalc97"
    for russian, alalc, iso9 in WORDS:
        said = page.evaluate("w => ['alalc', 'iso9'].map((s) => edition.latin(w, s))", russian)
        assert said == [alalc, iso9], "as the program writes it"
    page.reload()
    assert word.inner_text() == "menʹshevizm", "the address has it"
    page.locator("summary", has_text="Display").click()
    page.get_by_label("As written").check()
    assert (word.inner_text(), word.get_attribute("lang")) == ("меньшевизм", "ru")
    assert open_small("t/one").get_by_text("ALA-LC").count() == 0, "no Russian, no choice"


def test_the_book_has_russian_in_latin_letters_if_the_edition_asks(mini: Mini) -> None:
    conf = mini.root / "conf.py"
    conf.write_text(
        conf.read_text(encoding="utf-8") + '\npdf_form_options = {"book": {"latin": "iso9"}}\n',
        encoding="utf-8",
    )
    result = mini.build("pdf")
    assert result.code == 0, result.output
    words = "".join(
        piece.text for _page, piece in Pdf((mini.out / "pdf/t.pdf").read_bytes()).pieces
    )
    assert "menʹševizm" in words
    assert "меньшевизм" not in words
    conf.write_text(
        conf.read_text(encoding="utf-8").replace('"iso9"', '"cursive"'), encoding="utf-8"
    )
    assert "[pdf-form]" in mini.build("pdf").output


def test_quotations_stand_with_the_work_that_is_quoted(mini: Mini) -> None:
    assert mini.build("html").code == 0
    page = html.fromstring((mini.out / "html/quotations.html").read_bytes())
    (work,) = page.xpath("//section[@class='entry']")
    assert "The Prophet Unarmed" in work.find("h2").text_content()
    (line,) = work.xpath(".//li")
    assert " ".join(line.text_content().split()) == (
        "2.2–3 It is a quotation of [his] words, which end here. n. 2: p. 7"
    )
    assert line.find("a").get("href") == "t/one.html#p2.2"


def test_a_mention_says_that_its_page_is_unread_or_doubtful(mini: Mini) -> None:
    mini.replace(
        "edition.yaml", "    complete: true\n", "    complete: true\n    ledger: ledger.csv\n"
    )
    mini.write(
        "ledger.csv",
        "page,readings,last_read,open_doubts\n1,2,2026-01-30,\n2,1,2026-01-31,the year\n3,0,,\n",
    )
    assert mini.build("html").code == 0
    page = html.fromstring((mini.out / "html/registers/persons.html").read_bytes())
    places = {a.text_content() for a in page.xpath("//ol[@class='kwic']/li/a")}
    assert {"1.3", "3.2○"} <= places
    hint = page.xpath("string(//main//p[@class='hint'])")
    assert "○ beside a place: its page has not been proofread yet." in hint
    assert "? beside a place: doubts are open on its page." in hint

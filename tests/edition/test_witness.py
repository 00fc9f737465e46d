"""The proof that nothing is lost: the real edition against its witnesses, letter by letter."""

from __future__ import annotations

import hashlib
import random
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docutils import nodes

import letters
import tei_text
from mini import ROOT, command
from tei_export.proof import regenerate
from tei_export.source.nodes import reading

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from real import Site
    from tei_export.model.edition import Edition

SOURCES = ROOT / "edition"
#: A problem of a line as it is printed.
DIFFERS = re.compile(
    r"^(?P<file>[^:\s]+):(?P<line>\d+)(?::(?P<column>\d+))?: \[witness-differs\] .*: (?:p\. (?P<page>\w*), )?witness line (?P<o>\d+), .*\n"
    r"    source:  (?P<source>.*)\n    witness: (?P<witness>.*)\n",
    re.MULTILINE,
)
CHANGES_PER_PAGE = 3


@pytest.fixture(scope="module")
def edition(edition_app: Sphinx) -> Edition:
    return edition_app.edition  # type: ignore[attr-defined]


def test_the_edition_is_read_without_a_warning(edition_app: Sphinx) -> None:
    assert edition_app.warnings == ""  # type: ignore[attr-defined]


def test_the_pages_are_written_without_a_warning(built: Site) -> None:
    assert built.warnings == ""


def test_the_witnesses_are_those_recorded(edition: Edition) -> None:
    for text in edition.texts.values():
        data = (SOURCES / text.witness.file).read_bytes()
        assert hashlib.sha256(data).hexdigest() == text.data["sha256"]
        assert "\n".join(text.witness.lines).encode() == data


def test_every_page_is_there_in_its_order(edition: Edition, edition_tei: bytes) -> None:
    pages = [
        pb.get("n") for pb in tei_text.parse(edition_tei).iter(f"{tei_text.TEI}pb") if pb.get("n")
    ]
    table = list(edition.texts["thesis"].witness.pages)
    assert pages == (table if edition.texts["thesis"].complete else table[: len(pages)])
    assert pages[:28] == ["vii", "viii", "ix", "x", "xi", *map(str, range(1, 24))]


def test_the_witnesses_are_regenerated(edition: Edition, edition_teis: dict[str, bytes]) -> None:
    for key, text in edition.texts.items():
        table = text.data.get("pages")
        report = regenerate.compare(
            regenerate.parse(edition_teis[key]),
            (SOURCES / text.witness.file).read_text(encoding="utf-8"),
            regenerate.read_spans(SOURCES / table if table else None),
        )
        assert report.clean, str(report)
        assert "0 differences" in str(report)
        if text.complete:
            assert report.lines == sum(1 for line in text.witness.lines if line.strip())


def test_the_second_program_sees_every_letter(edition: Edition, edition_tei: bytes) -> None:
    """Letters changed in the TEI alone, one in a line, in 300 lines at once."""
    chance = random.Random(1927)
    root = regenerate.parse(edition_tei)
    lines = [
        lb
        for lb in root.iter(f"{tei_text.TEI}lb")
        if lb.get(tei_text.ID)
        and any(c.isalpha() for c in lb.tail or "")
        and lb.getparent().tag
        not in {f"{tei_text.TEI}{name}" for name in ("lem", "supplied", "corr")}
    ]
    changed = chance.sample(lines, 300)
    for lb in changed:
        at = chance.choice([i for i, c in enumerate(lb.tail) if c.isalpha()])
        lb.tail = lb.tail[:at] + other(lb.tail[at]) + lb.tail[at + 1 :]
    text = edition.texts["thesis"]
    report = regenerate.compare(root, "\n".join(text.witness.lines), {})
    assert {number for _, number, _, _ in report.wrong} == {
        int(lb.get(tei_text.ID)[1:]) for lb in changed
    }


def other(letter: str) -> str:
    """A letter that is not ``letter`` and misread for nothing."""
    choice = "ж" if letter > "\u0400" else "q"
    found = choice.upper() if letter.isupper() else choice
    return found if found != letter else "w"


@pytest.fixture(scope="module")
def changes() -> list[dict[tuple[str, int], tuple[int, str]]]:
    """Rounds of changes: (file, line) → (offset, new letter). Every page has one in every round."""
    chance = random.Random(1928)
    rounds: list[dict[tuple[str, int], tuple[int, str]]] = [{} for _ in range(CHANGES_PER_PAGE)]
    for path in sorted([*SOURCES.glob("thesis/*.md"), *SOURCES.glob("essay/*.md")]):
        text = path.read_text(encoding="utf-8")
        lines = text.split("\n")
        starts = [n for n, line in enumerate(lines, 1) if "{pb}`" in line] or list(
            range(1, len(lines), 20)
        )
        places = letters.of_file(text)
        for first, after in zip(starts, [*starts[1:], len(lines) + 1], strict=True):
            here = [n for n in places if first <= n < after]
            for changed, number in zip(
                rounds, chance.sample(here, min(len(here), CHANGES_PER_PAGE)), strict=False
            ):
                offset = chance.choice(places[number])
                file = path.relative_to(SOURCES).as_posix()
                changed[file, number] = (offset, other(lines[number - 1][offset]))
    return rounds


@pytest.mark.parametrize("number", range(CHANGES_PER_PAGE))
def test_one_letter_changed_is_found_where_it_is(
    tmp_path: Path,
    edition: Edition,
    changes: list[dict[tuple[str, int], tuple[int, str]]],
    number: int,
) -> None:
    """One letter changed on every page: every change is reported at its place, and nothing else."""
    changed = changes[number]
    assert len(changed) > 150
    shutil.copytree(SOURCES, tmp_path / "edition")
    shutil.copy(ROOT / "conf.py", tmp_path)
    sources: dict[str, list[str]] = {}
    for (file, line), (offset, letter) in changed.items():
        lines = sources.setdefault(file, (SOURCES / file).read_text(encoding="utf-8").split("\n"))
        lines[line - 1] = lines[line - 1][:offset] + letter + lines[line - 1][offset + 1 :]
    for file, lines in sources.items():
        (tmp_path / "edition" / file).write_text("\n".join(lines), encoding="utf-8")

    result = command(tmp_path, "check")
    assert result.code == 1
    found = {(m["file"], int(m["line"])): m for m in DIFFERS.finditer(result.output)}
    assert found.keys() == changed.keys()
    for place, match in found.items():
        assert match["column"] is None or int(match["column"]) == changed[place][0] + 1
        text = edition.texts[match["file"].partition("/")[0]]
        line = int(match["o"])
        assert match["witness"] == text.witness.line(line)
        pairs = list(zip(match["source"], match["witness"], strict=True))
        assert sum(a != b for a, b in pairs) == 1
        if text.witness.pages:
            page = text.witness.pages[match["page"]]
            assert page.first <= line <= page.last
    assert sum(match["column"] is not None for match in found.values()) > 0.9 * len(found)
    # A name that is misspelt is no longer in its register: that is said as well.
    others = {problem.partition("[")[2] for problem in result.problems} - {"witness-differs]"}
    assert others <= {"register-name]"}


def test_every_russian_quotation_is_paired_with_its_translation(
    edition: Edition, edition_app: Sphinx
) -> None:
    found = 0
    for text in edition.texts.values():
        for part in text.parts:
            for quotation in edition_app.env.get_doctree(part.doc).findall(nodes.block_quote):
                letters = [c for c in reading(quotation) if c.isalpha()]
                cyrillic = sum("а" <= c.lower() <= "ѵ" for c in letters)
                if cyrillic > len(letters) / 2:
                    found += 1
                    assert quotation.get("translated"), quotation["xml_id"]
    assert found > 10

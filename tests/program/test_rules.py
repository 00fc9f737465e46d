"""Every problem that the tools can report: one folder per code in ``rules/``.

A folder ``rules/<code>`` (or several, ``rules/<code>/<case>``) holds the files laid over the
mini edition ``roots/base`` and ``expected.txt``: what must be printed, and every problem that is;
and ``commands.txt``, where others than ``check`` and ``build tei`` must print it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mini import HEAD, Mini
from tei_export.model.problems import CODES, Problem, root_causes

RULES = Path(__file__).parents[1] / "rules"
CASES = sorted(path.parent.relative_to(RULES).as_posix() for path in RULES.rglob("expected.txt"))
#: Codes that no source can cause; another test brings them about.
TOOLS = {
    "file-name": "a name that not every file system can hold: test_record.py",
    "tei-invalid": "a fault of the exporter or the schema: test_cli.py, with a schema that refuses",
    "tei-witness": "a fault of the exporter: test_cli.py, with an exporter that loses a letter",
    "font-file": "only outputs with fonts open them: test_typefaces.py",
    "typeface-letter": "only PDF and EPUB have a typeface without it: test_pdf.py, test_epub.py, test_typefaces.py",
    "language-unknown": "a value of conf.py, not of the sources: test_messages.py",
    "block-row": "a value of conf.py, not of the sources: test_blocks.py",
    "role-row": "a value of conf.py, not of the sources: test_rows.py",
    "pdf-form": "a value of conf.py, not of the sources: test_pdf_forms.py",
    "pdf-warning": "what the typesetter says: test_pdf.py",
    "new-exists": "no edition yet: test_new.py",
    "new-field": "no edition yet: test_new.py",
    **dict.fromkeys(
        (
            "import-missing",
            "import-format",
            "import-xml",
            "import-hostile",
            "import-size",
            "import-encoding",
            "import-letter",
        ),
        "a file outside the edition: test_import_formats.py",
    ),
    **dict.fromkeys(
        (
            "import-empty",
            "import-clean",
            "import-text",
            "import-record",
            "import-exists",
            "import-witness",
            "import-package",
        ),
        "a file outside the edition: test_import.py",
    ),
}


def fingerprint(folder: Path) -> dict[str, str]:
    """Checksum of every output; caches are not outputs."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".cache" not in path.parts
    }


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The TEI file of the edition before it was spoilt."""
    base = Mini(tmp_path_factory.mktemp("good") / "mini")
    result = base.build("tei")
    assert result.code == 0, result.output
    return base.out / "tei" / "t.xml"


@pytest.mark.parametrize("case", CASES)
def test_rule(mini: Mini, good: Path, case: str) -> None:
    (mini.out / "tei").mkdir(parents=True)
    (mini.out / "tei" / "t.xml").write_bytes(good.read_bytes())
    mini.overlay(RULES / case)
    before = fingerprint(mini.out)
    mini.seal()
    expected = (RULES / case / "expected.txt").read_text(encoding="utf-8")

    commands = RULES / case / "commands.txt"
    for line in (
        commands.read_text(encoding="utf-8").splitlines()
        if commands.is_file()
        else ("check", "build tei")
    ):
        result = mini.run(*line.split())  # the second run has a cache
        assert result.code == 1, result.output
        assert [line for line in expected.splitlines() if line not in result.output] == []
        assert sorted(HEAD.findall(result.output)) == sorted(HEAD.findall(expected)), result.output
        assert "Traceback" not in result.output
        assert str(mini.root) not in result.output
        assert result.output.count("    cure: ") == len(result.problems)
        assert fingerprint(mini.out) == before


def test_every_case_is_of_its_code() -> None:
    for case in CASES:
        code = case.partition("/")[0]
        text = (RULES / case / "expected.txt").read_text(encoding="utf-8")
        assert f": [{code}] {CODES[code][0]}" in text, case


def test_every_code_has_its_folder() -> None:
    folders = {case.partition("/")[0] for case in CASES}
    assert folders | TOOLS.keys() == CODES.keys()
    assert folders.isdisjoint(TOOLS)


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_what_is_wrong_and_what_to_do(code: str) -> None:
    title, cure = CODES[code]
    assert title
    assert cure
    assert str(Problem(code, "a.md", 1, "this")) == f"{title}: this\n    cure: {cure}"
    assert str(Problem(code, "a.md", 1, "")) == f"{title}\n    cure: {cure}"


def test_what_only_follows_from_another_problem_is_not_shown() -> None:
    order = Problem("page-order", "a.md", 9, "1 after 2")
    role = Problem("role-source", "b.md", 4, "{ocr}`x`")
    differs = [Problem("witness-differs", file, 4, "") for file in ("a.md", "b.md", "c.md")]
    extra = Problem("witness-extra", "b.md", 4, "")
    name = Problem("register-name", "a.md", 4, "")
    missing = Problem("page-missing", "c.md", 1, "")
    assert root_causes([order, *differs, role, extra, name, missing]) == [
        order,
        differs[2],
        role,
        extra,
        name,
    ]
    assert root_causes([missing, missing, *differs]) == [missing, *differs]

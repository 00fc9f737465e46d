"""The style sheets of the web pages and of the EPUB, by MDN's data on browsers.

A declaration that a browser does not know it drops in silence: for years Safari took
``text-decoration: underline dotted red`` for nothing, and showed no mark of the apparatus. What
Safari 16.4 (of 2023, the first with ranges in media queries, which every sheet needs) drops is
refused here, unless the reader loses nothing by it.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools import require

ROOT = Path(__file__).parents[2]
OUTPUTS = ROOT / "src/tei_export/outputs"
SHEETS = [
    ROOT / "src/tei_export/shared/web_fonts/fonts.css",
    *sorted((OUTPUTS / "html/theme/static").glob("*.css")),
    OUTPUTS / "epub/style.css",
]
OLDEST = "16.4"
#: What may be dropped, and what a reader has then.
HARMLESS = {
    "accent-color": "boxes in the colour of the system",
    "break-after": "a page of paper may end with a heading",
    "page-break-after": "the same",
    "content-visibility": "the whole page is laid out at once; on paper, what is closed stays closed",
    "hanging-punctuation": "quotation marks stand inside the line",
    "text-wrap": "lines of a heading are of unequal length",
}


#: Declarations that the oldest Safari drops → the version that does not.
NEW = {
    "text-decoration: underline dotted var(--mark) 0.075em": "26.2",
    "text-decoration: underline red": "26.2",
    "user-select: none": "27.3",
    "top: anchor(--a top)": "26",
}
#: Sheets made of a declaration: plain, and with what makes it harmless.
FORMS = {
    "plain": ".a {{ color: red }}\n@media print {{ .b {{ {rule} }} }}\n",
    "supports": "@supports (x: y) {{ @media print {{ .b {{ {rule} }} }} }}",
    "prefix": ".b {{ -webkit-{name}: x; {rule} }}",
}
OLD_FIRST = '.a { content: "°"; content: "°" / "" }'
NEW_FIRST = '.a { content: "°" / ""; content: "°" }'


def dropped(*files: Path) -> list[dict[str, Any]]:
    """The declarations that Safari ``OLDEST`` does not take."""
    script = ROOT / "tests/outside/node/old_safari.mjs"
    done = subprocess.run(
        [require("node"), script, require("node_modules"), OLDEST, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def lost() -> list[dict[str, Any]]:
    """What is dropped of the sheets of the outputs."""
    return dropped(*SHEETS)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[int, str]]]:
    """Sheet → line and version of what is dropped of it; all in one run, which reads MDN's data once."""
    folder = tmp_path_factory.mktemp("sheets")
    sheets = {"old-first": OLD_FIRST, "new-first": NEW_FIRST}
    for number, rule in enumerate(NEW):
        sheets |= {
            f"{form}-{number}": text.format(rule=rule, name=rule.partition(":")[0])
            for form, text in FORMS.items()
        }
    files = []
    for name, text in sheets.items():
        files.append(folder / f"{name}.css")
        files[-1].write_text(text, encoding="utf-8")
    found: dict[str, list[tuple[int, str]]] = {name: [] for name in sheets}
    for one in dropped(*files):
        found[Path(one["file"]).stem].append((one["line"], one["needs"]))
    return found


def test_old_safari_drops_nothing_that_readers_need(lost: list[dict[str, Any]]) -> None:
    assert [
        f"{d['file']}:{d['line']}: {d['property']}: {d['value']} needs {d['needs']}"
        for d in lost
        if d["property"] not in HARMLESS
    ] == []


def test_what_may_be_dropped_is_in_use(lost: list[dict[str, Any]]) -> None:
    assert {d["property"] for d in lost} == set(HARMLESS)


@pytest.mark.parametrize("rule", NEW)
def test_what_old_safari_drops_is_seen(tried: dict[str, list[tuple[int, str]]], rule: str) -> None:
    number = list(NEW).index(rule)
    assert tried[f"plain-{number}"] == [(2, NEW[rule])]
    assert tried[f"supports-{number}"] == tried[f"prefix-{number}"] == []


def test_a_form_for_old_browsers_before_the_new_one_is_enough(
    tried: dict[str, list[tuple[int, str]]],
) -> None:
    assert tried["old-first"] == []
    assert len(tried["new-first"]) == 1

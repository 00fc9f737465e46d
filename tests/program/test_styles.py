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
SHEETS = [*sorted((OUTPUTS / "html/theme/static").glob("*.css")), OUTPUTS / "epub/style.css"]
OLDEST = "16.4"
#: What may be dropped, and what a reader has then.
HARMLESS = {
    "accent-color": "boxes in the colour of the system",
    "break-after": "a page of paper may end with a heading",
    "page-break-after": "the same",
    "content-visibility": "on paper only: what is closed stays closed",
    "hanging-punctuation": "quotation marks stand inside the line",
    "text-wrap": "lines of a heading are of unequal length",
}


def dropped(*files: Path) -> list[dict[str, Any]]:
    """The declarations that Safari ``OLDEST`` does not take."""
    script = ROOT / "tests/outside/node/old_safari.mjs"
    done = subprocess.run(
        [require("node"), script, require("node_modules"), OLDEST, *files], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_old_safari_drops_nothing_that_readers_need() -> None:
    lost = [f"{d['file']}:{d['line']}: {d['property']}: {d['value']} needs {d['needs']}"
            for d in dropped(*SHEETS) if d["property"] not in HARMLESS]  # fmt: skip
    assert lost == []


def test_what_may_be_dropped_is_in_use() -> None:
    assert {d["property"] for d in dropped(*SHEETS)} == set(HARMLESS)


@pytest.mark.parametrize(
    ("rule", "needs"),
    [
        ("text-decoration: underline dotted var(--mark) 0.075em", "26.2"),
        ("text-decoration: underline red", "26.2"),
        ("user-select: none", "27.3"),
        ("top: anchor(--a top)", "26"),
    ],
)  # fmt: skip
def test_what_old_safari_drops_is_seen(tmp_path: Path, rule: str, needs: str) -> None:
    sheet = tmp_path / "sheet.css"
    sheet.write_text(f".a {{ color: red }}\n@media print {{ .b {{ {rule} }} }}\n", encoding="utf-8")
    assert [(d["line"], d["needs"]) for d in dropped(sheet)] == [(2, needs)]
    name, _, _value = rule.partition(":")
    for guarded in (f"@supports (x: y) {{ @media print {{ .b {{ {rule} }} }} }}", f".b {{ -webkit-{name}: x; {rule} }}"):
        sheet.write_text(guarded, encoding="utf-8")
        assert dropped(sheet) == []


def test_a_form_for_old_browsers_before_the_new_one_is_enough(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.css"
    sheet.write_text('.a { content: "°"; content: "°" / "" }', encoding="utf-8")
    assert dropped(sheet) == []
    sheet.write_text('.a { content: "°" / ""; content: "°" }', encoding="utf-8")
    assert len(dropped(sheet)) == 1

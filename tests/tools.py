"""The programs that only some tests need: where they are, or why they are not."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

import pytest

SETTINGS = Path(__file__).parent.parent / ".venv" / "tools.env"
#: name → variable that tools/setup writes, names to look for, what to install
TOOLS = {
    "chromium": ("TEI_EXPORT_CHROMIUM", ("chromium", "chromium-browser", "google-chrome"), "chromium"),
    "java": ("TEI_EXPORT_JAVA", ("java",), "default-jre-headless"),
    "pdftotext": ("TEI_EXPORT_PDFTOTEXT", ("pdftotext",), "poppler-utils"),
}


@cache
def settings() -> dict[str, str]:
    """``KEY=value`` lines of ``.venv/tools.env``; the environment goes before them."""
    if not SETTINGS.is_file():
        return {}
    lines = SETTINGS.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def find(tool: str) -> str | None:
    """The path of a program, if it is there."""
    variable, names, _ = TOOLS[tool]
    for candidate in (os.environ.get(variable), settings().get(variable), *names):
        found = shutil.which(candidate) if candidate else None
        if found:
            return found
    return None


def require(tool: str) -> str:
    """The path of a program; without it the test is skipped, or fails where none may be."""
    found = find(tool)
    if found:
        return found
    variable, _, package = TOOLS[tool]
    reason = f"{tool} is not here: install {package}, or set {variable}"
    if os.environ.get("TEI_EXPORT_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason} (TEI_EXPORT_REQUIRE_ALL=1: no test may be skipped)")
    pytest.skip(reason)

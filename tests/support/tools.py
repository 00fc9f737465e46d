"""The programs and files that only some tests need: where they are, or why they are not.

Set up by ``tools/setup test``, whose head says what each variable holds.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest

SETTINGS = Path(__file__).parents[2] / ".venv" / "tools.env"
_OUTSIDE = "what `make test` installs in .venv/outside"
#: name → variable that tools/setup writes, names to look for, what to install
TOOLS = {
    "chromium": (
        "TEI_EXPORT_CHROMIUM",
        ("chromium", "chromium-browser", "google-chrome"),
        "chromium",
    ),
    "firefox": ("TEI_EXPORT_FIREFOX", ("firefox-esr", "firefox"), "firefox-esr"),
    "java": ("TEI_EXPORT_JAVA", ("java",), "default-jre-headless"),
    "pdftotext": ("TEI_EXPORT_PDFTOTEXT", ("pdftotext",), "poppler-utils"),
    "node": ("TEI_EXPORT_NODE", ("node", "nodejs"), "nodejs and npm"),
    "basex": ("TEI_EXPORT_BASEX", ("basex",), "basex"),
    "dapytains": ("TEI_EXPORT_DAPYTAINS", (), _OUTSIDE),
    "tg-model": ("TEI_EXPORT_TG_MODEL", (), _OUTSIDE),
    "corpus": ("TEI_EXPORT_CORPUS", (), _OUTSIDE),
    "node_modules": ("TEI_EXPORT_NODE_MODULES", (), _OUTSIDE),
    "vnu": ("TEI_EXPORT_VNU", (), _OUTSIDE),
    "tsc": ("TEI_EXPORT_TSC", (), _OUTSIDE),
}


@cache
def settings() -> dict[str, str]:
    """``KEY=value`` lines of ``.venv/tools.env``; the environment goes before them."""
    if not SETTINGS.is_file():
        return {}
    lines = SETTINGS.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def find(tool: str) -> str | None:
    """The path of a program, file or folder, if it is there."""
    variable, names, _ = TOOLS[tool]
    for candidate in (os.environ.get(variable), settings().get(variable), *names):
        if candidate and Path(candidate).is_absolute() and Path(candidate).exists():
            return candidate
        found = shutil.which(candidate) if candidate else None
        if found:
            return found
    return None


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it where none may be skipped (as in continuous integration)."""
    if os.environ.get("TEI_EXPORT_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason} (TEI_EXPORT_REQUIRE_ALL=1: no test may be skipped)")
    pytest.skip(reason)


def require(tool: str) -> str:
    """The path of a program; without it the test is skipped, or fails where none may be."""
    found = find(tool)
    if found:
        return found
    variable, _, package = TOOLS[tool]
    missing(f"{tool} is not here: install {package}, or set {variable}")


def require_package(name: str) -> None:
    """Skip the test where a Python package is missing, or fail where none may be."""
    if importlib.util.find_spec(name) is not None:
        return
    missing(f"{name} is not here: run `make setup-test`")


def run(*command: object, **environment: str) -> str:
    """What a program prints; it must end well."""
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def validator(schema: dict[str, Any]) -> Any:
    """A validator of JSON by ``schema``, which is itself valid."""
    require_package("jsonschema")
    jsonschema = importlib.import_module("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)

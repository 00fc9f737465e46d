"""Find the programs and files that only some tests need, or say why they are missing.

``tools/setup test`` installs them; the comment at its top describes the variables.
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
    "chromium-shell": (
        "TEI_EXPORT_CHROMIUM_SHELL",
        ("chromium-headless-shell",),
        "chromium-headless-shell",
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
    """Return the ``KEY=value`` lines of ``.venv/tools.env``, overridden by the environment."""
    if not SETTINGS.is_file():
        return {}
    lines = SETTINGS.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def find(tool: str) -> str | None:
    """Return the path of a program, file or folder, if it exists."""
    variable, names, _ = TOOLS[tool]
    for candidate in (os.environ.get(variable), settings().get(variable), *names):
        if candidate and Path(candidate).is_absolute() and Path(candidate).exists():
            return candidate
        found = shutil.which(candidate) if candidate else None
        if found:
            return found
    return None


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it if no test may be skipped (as in continuous integration)."""
    if os.environ.get("TEI_EXPORT_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason} (TEI_EXPORT_REQUIRE_ALL=1: no test may be skipped)")
    pytest.skip(reason)


def require(tool: str) -> str:
    """Return the path of a program; without it, skip the test, or fail if no test may be skipped."""
    found = find(tool)
    if found:
        return found
    variable, _, package = TOOLS[tool]
    missing(f"{tool} is not installed: install {package}, or set {variable}")


def require_package(name: str) -> None:
    """Skip the test if a Python package is missing, or fail if no test may be skipped."""
    if importlib.util.find_spec(name) is not None:
        return
    missing(f"{name} is missing: run `make setup-test`")


def run(*command: object, **environment: str) -> str:
    """Return the output of a program, which must succeed."""
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
    """Return a JSON validator for ``schema``, after checking the schema itself."""
    require_package("jsonschema")
    jsonschema = importlib.import_module("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)

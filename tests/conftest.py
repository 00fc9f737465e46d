"""What both suites use."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import quick
from mini import Mini
from shared import Shared
from tools import require as require_tool

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["chromium", "firefox", "validators"]
quick.remember_options()
quick.remember_entry_points()
# The trees of a build are millions of objects, and none is garbage: looking them through takes a third of a build.
gc.set_threshold(200_000, 20, 50)
# Programs in Java (jing, epubcheck, the Nu checker, BaseX) run for seconds: to compile them well takes longer.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
# The same examples in every run: a test that fails once fails again.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


#: Files of tests by the time they take; begun in this order, so that no process ends long after the others.
_LONG = (
    "every_page", "incremental", "guest", "corpus", "outside", "axe", "kinds", "record", "damage", "tei_files", "page",
    "stops", "site", "fonts", "readers", "roots", "pdf", "witness_pages", "rules", "look", "epub", "same_text", "epub_browser",
    "messages", "search", "properties", "import", "import_own", "serve", "schema", "two_texts", "docs", "wheel",
)  # fmt: skip
_ORDER = {f"test_{name}.py": at for at, name in enumerate(_LONG)}
#: Bytes that a failed comparison shows around the first difference.
_AROUND = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _ORDER.get(item.path.name, len(_ORDER)))


_file: list[Path] = []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What stays from one file to the next (modules, the real edition) is not looked through for garbage again."""
    if _file != [item.path]:
        _file[:] = [item.path]
        gc.collect()
        gc.freeze()


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Files that are not the same: the first difference, not all of a file."""
    if op == "==" and isinstance(left, bytes) and isinstance(right, bytes):
        return [f"{len(left)} bytes == {len(right)} bytes", different(left, right)]
    if op == "==" and isinstance(left, dict) and isinstance(right, dict):
        names = [n for n in {**left, **right} if left.get(n) != right.get(n)]
        if names and all(isinstance(v, bytes) for d in (left, right) for v in d.values()):
            said = [f"{n}: {different(left.get(n, b''), right.get(n, b''))}" for n in names[:5]]
            return [f"{len(left)} files == {len(right)} files: {len(names)} differ", *said]
    return None


def different(left: bytes, right: bytes) -> str:
    """Where and how two files differ first."""
    at = next(
        (i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b),
        min(len(left), len(right)),
    )
    around = slice(max(0, at - _AROUND // 2), at + _AROUND)
    return f"at byte {at}: {left[around]!r} != {right[around]!r}"


@pytest.fixture(scope="session")
def shared(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """What is made once for all processes of this run."""
    base = tmp_path_factory.getbasetemp()
    if hasattr(
        pytestconfig, "workerinput"
    ):  # a process of pytest-xdist has a folder of its own in that of the run
        base = base.parent
    return Shared(base / "shared")


@pytest.fixture
def mini(tmp_path: Path) -> Mini:
    """A small edition to change and build."""
    return Mini(tmp_path / "mini")


@pytest.fixture
def require() -> Callable[[str], str]:
    """``require("java")``: its path; or the test is skipped, or fails where nothing may be."""
    return require_tool

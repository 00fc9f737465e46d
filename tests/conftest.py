"""What both suites use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from mini import Mini
from tools import require as require_tool

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["chromium", "firefox", "validators"]
# The same examples in every run: a test that fails once fails again.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


@pytest.fixture
def mini(tmp_path: Path) -> Mini:
    """A small edition to change and build."""
    return Mini(tmp_path / "mini")


@pytest.fixture
def require() -> Callable[[str], str]:
    """``require("java")``: its path; or the test is skipped, or fails where nothing may be."""
    return require_tool

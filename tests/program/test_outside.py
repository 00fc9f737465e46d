"""Programs of others read the edition's TEI, and find in it what the edition says of itself.

Each is installed by ``make test`` (tools/setup); its scripts are in ``tests/outside``.
"""

from __future__ import annotations

import re

from tools import require, run

# --- The programs that other tests use -------------------------------------------------------


def test_the_html_checker_and_the_script_checker_run() -> None:
    assert re.match(r"\d+\.\d+", run(require("java"), "-jar", require("vnu"), "--version"))
    assert run(require("node"), require("tsc"), "--version").startswith("Version ")

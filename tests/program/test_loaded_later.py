"""Modules that hardly any run uses are loaded when they are used."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from tei_export.shared import loaded_later
loaded_later.load_later()
import snowballstemmer, ssl, PIL.Image
from sphinx.util import requests
from docutils.utils.math import math2html
def loaded():
    return [name for name in ("PIL.ExifTags", "_ssl", "requests", "snowballstemmer.among") if name in sys.modules]
assert not loaded(), loaded()
for use in (%s):
    exec(use)
assert len(loaded()) == 4, loaded()
assert ssl.CERT_NONE == 0 and PIL.Image.new("1", (1, 1)).size == (1, 1)
assert snowballstemmer.stemmer("english").stemWord("letters") == "letter"
assert math2html.math2html and requests.get
try:
    ssl.nothing
except AttributeError:
    sys.exit(0)
"""
USES = '"ssl.CERT_NONE", "PIL.Image.new", "snowballstemmer.stemmer", "requests.get"'


@pytest.mark.parametrize("use", [USES, '"loaded_later.load_now()",'])
def test_modules_are_loaded_at_the_first_use(use: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM % use], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

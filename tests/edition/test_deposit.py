"""The deposit: whole, checked by the tools of others, the same bytes every time, one record behind it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from sphinx.application import Sphinx

from machines import contents, finished, started
from mini import ROOT
from pdf import Pdf
from tables import data_files


@pytest.mark.slow
def test_the_edition_itself_is_the_same_elsewhere(
    edition_app: Sphinx, edition_teis: dict[str, bytes], edition_book: Pdf, tmp_path: Path
) -> None:
    """TEI, PDF and data: in another folder, time zone, language and year, with another order of sets."""
    for name in ("edition", "schema"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("conf.py", "CHANGELOG.md"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    git = ["git", "-C", str(ROOT), "rev-parse", "--absolute-git-dir"]
    found = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    if found:  # the commit of the sources stands in the header
        (tmp_path / ".git").write_text(f"gitdir: {found}\n", encoding="utf-8")
    finished(started(tmp_path, 1, "build", "tei", "pdf", "data"))
    for name, data in edition_teis.items():
        assert (tmp_path / "build" / "tei" / f"{name}.xml").read_bytes() == data
    assert (tmp_path / "build" / "pdf" / "thesis.pdf").read_bytes() == edition_book.data
    assert contents(tmp_path / "build" / "data") == {
        name: text.encode() for name, text in data_files(edition_app.env).items()
    }

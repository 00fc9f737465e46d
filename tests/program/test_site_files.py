"""The files of other outputs in the site."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tei_export.outputs.html.downloads import copy_files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("linked", [True, False])
def test_they_are_links_or_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linked: bool
) -> None:
    """They are copies where the file system has no links."""
    whole = tmp_path / "tei" / "t" / "pages" / "pg-001.xml"
    whole.parent.mkdir(parents=True)
    whole.write_bytes(b"<TEI/>")
    config = SimpleNamespace(edition_files=str(tmp_path), edition_files_made=("tei", "pdf"))
    app: Any = SimpleNamespace(
        outdir=tmp_path / "html", builder=SimpleNamespace(format="html"), config=config
    )

    def refused(*_: object) -> None:
        raise PermissionError

    if not linked:
        monkeypatch.setattr(os, "link", refused)
    for _build in range(2):
        copy_files(app, None)
        copy = tmp_path / "html" / "files" / "tei" / "t" / "pages" / "pg-001.xml"
        assert copy.read_bytes() == b"<TEI/>"
        assert copy.samefile(whole) is linked
        assert [path.name for path in (tmp_path / "html" / "files").iterdir()] == ["tei"]

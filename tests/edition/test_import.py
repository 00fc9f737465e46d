"""The texts of the real edition, imported from their own TEI, are exported as they were."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from mini import ROOT, command

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_edition_comes_back(edition_teis: dict[str, bytes], tmp_path: Path) -> None:
    root = tmp_path / "again"
    shutil.copytree(ROOT / "edition", root / "edition")
    shutil.copy(ROOT / "conf.py", root)
    with (root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(f"edition_schema = {str(ROOT / 'schema')!r}\n")
    record = root / "edition" / "edition.yaml"
    record.write_text(
        re.sub(r"sha256: \w+", 'sha256: ""', record.read_text(encoding="utf-8")), encoding="utf-8"
    )
    for path in [
        p for name in ("thesis", "essay") for p in (root / "edition").glob(f"{name}/*.md")
    ]:
        path.unlink()
    for path in (root / "edition" / "witness").iterdir():
        path.unlink()
    for name, tei in edition_teis.items():
        (tmp_path / f"{name}.xml").write_bytes(tei)
        result = command(root, "import", str(tmp_path / f"{name}.xml"), "--text", name)
        assert result.code == 0, result.output
    result = command(root, "build", "tei")
    assert result.code == 0, result.output
    for name, tei in edition_teis.items():
        found = result.file(f"tei/{name}.xml")
        assert (
            found[found.index("<text ") :].split()
            == tei.decode()[tei.decode().index("<text ") :].split()
        ), name

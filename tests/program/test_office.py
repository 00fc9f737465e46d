"""The files for word processors: every word, the notes with their numbers, the pages as bookmarks."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

import office
import same

if TYPE_CHECKING:
    from pathlib import Path

    from mini import Mini

READERS = {"docx": office.of_docx, "odt": office.of_odt}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    from mini import Mini

    mini = Mini(tmp_path_factory.mktemp("office") / "mini")
    result = mini.build("office")
    assert result.code == 0, result.output
    return mini


def _data(mini: Mini, ending: str) -> bytes:
    return (mini.out / "office" / f"t.{ending}").read_bytes()


@pytest.mark.parametrize("ending", READERS)
def test_every_word_and_note_is_there_in_order(written: Mini, ending: str) -> None:
    app = written.app()
    right = same.Blocks()
    for doc in ("t/one", "t/two"):
        right.add(same.of_doctree(app.env.get_doctree(doc), "E"))
    found = READERS[ending](_data(written, ending))
    assert found.body == right.body
    assert found.authorial == right.authorial
    assert found.editorial == right.editorial
    assert right.authorial


@pytest.mark.parametrize("ending", READERS)
def test_text_is_escaped(mini: Mini, ending: str) -> None:
    mini.replace("edition.yaml", "title: A small edition", "title: 'A <b> & \"small\" edition'")
    assert mini.build("office").code == 0
    with zipfile.ZipFile(io.BytesIO(_data(mini, ending))) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
        about = archive.read("docProps/core.xml" if ending == "docx" else "meta.xml").decode()
    assert "A &lt;b&gt; &amp; &quot;small&quot; edition" in about


def test_pages_of_the_original_are_bookmarks(written: Mini) -> None:
    document = docx.Document(io.BytesIO(_data(written, "docx")))
    names = [b.get(qn("w:name")) for b in document.element.iter(qn("w:bookmarkStart"))]
    assert names[:2] == ["p1", "p2"]
    assert len(names) == len(set(names))
    content = zipfile.ZipFile(io.BytesIO(_data(written, "odt"))).read("content.xml").decode()
    assert 'text:bookmark text:name="p1"' in content


def test_headings_and_metadata_are_those_of_a_word_processor(written: Mini) -> None:
    document = docx.Document(io.BytesIO(_data(written, "docx")))
    styles = {p.style.name for p in document.paragraphs}
    assert {"Title", "Heading 1", "Quote", "Body Text"} <= styles
    assert document.core_properties.title
    assert document.core_properties.language == "en"


def test_the_same_sources_give_the_same_bytes(written: Mini, tmp_path: Path) -> None:
    from mini import Mini

    again = Mini(tmp_path / "again")
    assert again.build("office").code == 0
    for ending in READERS:
        assert _data(again, ending) == _data(written, ending)

"""The real edition, read and built once for all processes that run this suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from epub import Epub
from mini import ROOT
from pdf import Pdf
from real import Site, app_of, pages_of, reading
from tei_export.shared.sphinx_run import sphinx_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.application import Sphinx

    from chromium import Open
    from shared import Shared


@pytest.fixture(scope="session")
def edition_app(shared: Shared) -> Sphinx:
    """The real edition as it was read: doctrees and facts. ``warnings``: what Sphinx warned of."""
    folder = reading(shared)
    with sphinx_run(ROOT):
        app = app_of(folder, "dummy")
    app.warnings = (folder / "warnings.txt").read_text(encoding="utf-8")  # type: ignore[attr-defined]
    return app


@pytest.fixture(scope="session")
def edition_teis(edition_app: Sphinx) -> dict[str, bytes]:
    """The TEI files of the real edition, by the id of their text."""
    from tei_export.tei.proved_tei import export

    edition = edition_app.edition  # type: ignore[attr-defined]
    return {key: export(edition_app.env, text) for key, text in edition.texts.items()}


@pytest.fixture(scope="session")
def edition_epub(edition_app: Sphinx, shared: Shared) -> Epub:
    """The EPUB of the real edition."""
    from tei_export.outputs.epub.builder import EpubBuilder

    def only_volume() -> bytes:
        (data,) = EpubBuilder(edition_app, edition_app.env).export().values()
        return data

    return Epub(shared.file("epub", only_volume))


@pytest.fixture(scope="session")
def edition_book(edition_app: Sphinx, shared: Shared) -> Pdf:
    """The book of the thesis."""
    from tei_export.outputs.pdf.builder import PdfBuilder

    edition = edition_app.edition  # type: ignore[attr-defined]
    text = edition.texts["thesis"]
    builder = PdfBuilder(edition_app, edition_app.env)

    def make() -> bytes:
        data: bytes = builder.export(edition, text, attachments=[builder.source(edition, text)])
        return data

    return Pdf(shared.file("book", make))


@pytest.fixture(scope="session")
def edition_essay_book(edition_app: Sphinx) -> Pdf:
    """The book of the essay."""
    from tei_export.outputs.pdf.builder import PdfBuilder

    builder = PdfBuilder(edition_app, edition_app.env)
    return Pdf(builder.export(edition_app.edition, edition_app.edition.texts["essay"]))  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def edition_tei(edition_teis: dict[str, bytes]) -> bytes:
    """``thesis.xml`` of the real edition."""
    return edition_teis["thesis"]


@pytest.fixture(scope="session")
def tei_folder(edition_app: Sphinx, shared: Shared) -> Path:
    """The whole TEI folder of the real edition, as the target ``tei`` writes it."""
    from tei_export.outputs.tei.builder import TeiBuilder

    def make(folder: Path) -> None:
        builder = TeiBuilder(edition_app, edition_app.env)
        builder.outdir = type(builder.outdir)(folder)
        builder.write_documents(set())

    return shared.folder("tei", make)


@pytest.fixture(scope="session")
def edition_dts(edition_app: Sphinx) -> dict[str, bytes]:
    """The static DTS of the real edition: path → file."""
    from tei_export.outputs.dts.builder import DtsBuilder

    return dict(DtsBuilder(edition_app, edition_app.env).answers(edition_app.edition))  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def built(edition_app: Sphinx, shared: Shared) -> Site:
    """The real edition as HTML."""
    folder = pages_of(shared)
    warnings = (folder / "warnings.txt").read_text(encoding="utf-8")
    return Site(edition_app, folder / "html", warnings)


@pytest.fixture
def open_page(open_in: Callable[[Path], Open], built: Site) -> Open:
    """``open_page("thesis/chapter-01", "?view=ocr#p2")``: a page of the real edition."""
    return open_in(built.out)

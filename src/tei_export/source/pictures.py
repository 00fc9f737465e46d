"""Figures of a text: pictures inside the edition's folder, described for readers who do not see them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from docutils import nodes
from sphinx.util.images import get_image_size

from tei_export.model.problems import EditionError
from tei_export.model.safe_read import inside, read_bytes
from tei_export.source.nodes import edfigure, every_block, put_in_place
from tei_export.source.positions import line_of

if TYPE_CHECKING:
    from pathlib import Path

    from tei_export.source.problems import Report

#: first bytes of the formats that every output can show → file name extension
KINDS = {b"\x89PNG\r\n\x1a\n": (".png",), b"\xff\xd8\xff": (".jpg", ".jpeg")}
#: The maximum of the longer side in pixels: larger pictures are useless in a book, and fill
#: readers' memory.
LARGEST = 10_000


def make_figures(document: nodes.document, root: Path, report: Report) -> None:
    """Make figures of paragraphs that are one picture; check the pictures of all figures.

    Reports ``figure-alt`` (no description), ``figure-file`` (a format that some output cannot
    show), ``file-outside`` and ``file-missing``.


    :param root: the folder of the edition, outside which no picture may be
    """
    for paragraph in every_block(document, nodes.paragraph):
        if len(paragraph.children) == 1 and isinstance(image := paragraph.children[0], nodes.image):
            figure = edfigure("", picture=image["uri"], alt=image.get("alt", ""), ornament=False)
            figure.line = paragraph.line
            put_in_place(paragraph, [figure])
    for figure in every_block(document, edfigure):
        if not figure["alt"].strip() and not figure["ornament"]:
            report("figure-alt", figure["picture"] or "{figure}", line_of(figure))
        if figure["picture"]:
            _open(figure, root, report)


def _open(figure: edfigure, root: Path, report: Report) -> None:
    """Note path and size of a picture on its figure, and add an image for Sphinx."""
    given, line = str(figure["picture"]), line_of(figure)
    name = unquote(given)
    if "://" in name or name.startswith("data:"):
        report("file-outside", given[:60], line, given)
        return
    here = root / name[1:] if name.startswith("/") else (root / report.file).parent / name
    try:
        path = inside(root, str(here), origin=report.file, line=line)
        data = read_bytes(path, root)
    except EditionError as error:
        report(error.problems[0].code, given[:60], line, given)
        return
    endings = next((ends for begin, ends in KINDS.items() if data.startswith(begin)), ())
    width, height = (get_image_size(path) if endings else None) or (0, 0)
    if path.suffix.lower() not in endings or not 0 < width <= LARGEST or not 0 < height <= LARGEST:
        report("figure-file", given[:60], line, given)
        return
    figure["picture"] = path.relative_to(root.resolve()).as_posix()
    figure["size"] = (width, height)
    image = nodes.image("", uri=f"/{figure['picture']}", alt=figure["alt"])
    image.source, image.line = figure.source, figure.line
    figure.insert(0, image)

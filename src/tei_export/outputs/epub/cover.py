"""Make the cover image with the Typst compiler, which also typesets the PDF."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from tei_export.model.problems import EditionError, Problem
from tei_export.shared.typefaces import font_folder
from tei_export.shared.typst_literals import value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tei_export.shared.typefaces import Typefaces

#: 1600 by 2560 pixels, as bookshops require.
_DOTS_PER_INCH = 288.0
_COVER, _MAIN = "cover.typ", "main.typ"


def cover(record: Mapping[str, str], faces: Typefaces) -> bytes:
    """Return the cover as a PNG; the same record gives the same bytes.

    :raises EditionError: ``pdf-warning``, Typst reported an error or a warning
    """
    import typst  # an extra: see tei_export.shared.extras

    given_record = value({**record, "fonts": faces.families})
    source = f'#import "{_COVER}": cover\n#cover({given_record})\n'
    given = {
        _COVER: files("tei_export.outputs.epub").joinpath(_COVER).read_bytes(),
        _MAIN: source.encode(),
    }
    compiler: Any = typst.compile_with_warnings
    try:
        with font_folder({face.file: face.data for face in faces.faces}) as folders:
            data, warnings = compiler(
                given,
                ignore_system_fonts=True,
                font_paths=folders,
                format="png",
                ppi=_DOTS_PER_INCH,
            )
    except typst.TypstError as error:
        raise EditionError(
            Problem("pdf-warning", "edition.yaml", 0, f"the cover: {error.message}")
        ) from None
    if warnings:
        raise EditionError(
            *(
                Problem("pdf-warning", "edition.yaml", 0, f"the cover: {w.message}")
                for w in warnings
            )
        )
    png: bytes = data[0] if isinstance(data, list) else data
    return png

"""The pictures of figures, for outputs that contain them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from tei_export.model.safe_read import inside, read_bytes
from tei_export.shared.elements import attributes
from tei_export.shared.labels import _
from tei_export.source.nodes import edfigure

if TYPE_CHECKING:
    from docutils import nodes

    from tei_export.model.edition import Edition


#: The placeholder for an ornament without a picture.
ORNAMENT = "* * *"


def picture_placeholder(figure: edfigure) -> str:
    """Return the placeholder for a figure without a picture."""
    return "[" + _("Figure: {}").format(figure["alt"]) + "]"


def picture_element(address: str, figure: edfigure, **given: object) -> Markup:
    """Return the picture of a figure; an ornament has an empty ``alt`` (WCAG 1.1.1)."""
    width, height = figure["size"]
    own = {"src": address, "width": width, "height": height, **given}
    return Markup('<img{} alt="{}"/>').format(attributes(own), figure["alt"])


def read_picture(edition: Edition, path: str) -> bytes:
    """Return a picture; ``path``: below the sources.

    :raises EditionError: it no longer exists, or is outside the folder
    """
    return read_bytes(inside(edition.root, path, origin=path), edition.root)


def pictures_of(document: nodes.Node) -> list[str]:
    """Return the paths of the pictures in a tree, each once, in order."""
    return list(
        dict.fromkeys(node["picture"] for node in document.findall(edfigure) if node["picture"])
    )

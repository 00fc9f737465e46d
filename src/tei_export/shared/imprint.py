"""Statements of a title page: the version, and how to cite the edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.i18n.formats import enumerated
from tei_export.shared.dates import human_date
from tei_export.shared.labels import _, status

if TYPE_CHECKING:
    from tei_export.model.metadata import Metadata


def version(meta: Metadata) -> str:
    """Return version, status and date: ``Version 1.0.0 (published), 22 November 2026``."""
    day = human_date(meta.date)
    return _("Version {} ({}), {}").format(meta.version, status(meta.status), day)


def citation(meta: Metadata) -> str:
    """Return the citation of the edition, with its version and its caveat."""
    said = [
        meta.full_title,
        _("Edited by {}").format(_edited_by(meta)),
        version(meta),
        meta.caveat,
    ]
    return " ".join(f"{s.rstrip('.')}." for s in said if s)


def _edited_by(meta: Metadata) -> str:
    """Return the editors; a description instead of names begins with a small letter."""
    first = meta.editors[0]
    return enumerated(meta.creators) if first.person else first.name[:1].lower() + first.name[1:]

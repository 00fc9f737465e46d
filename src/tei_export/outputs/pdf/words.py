"""What the book says in its own words. Every string passes through ``_`` (catalogue
``tei_export``), so that another language is a catalogue and not a change here."""

from __future__ import annotations

from tei_export.i18n.formats import _


def kinds() -> dict[str, tuple[str, str]]:
    """Class of a difference → what one of them, and many of them, are called."""
    return {
        "substitution": (_("misread word"), _("misread words")),
        "number": (_("misread figure"), _("misread figures")),
        "glyph": (_("misread mark of punctuation"), _("misread marks of punctuation")),
        "script": (_("Russian passage read as Latin"), _("Russian passages read as Latin")),
        "segmentation": (_("wrong division of words"), _("wrong divisions of words")),
        "noise": (_("speck taken for text"), _("specks taken for text")),
        "loss": (_("lost mark or number"), _("lost marks and numbers")),
        "displacement": (_("displaced number"), _("displaced numbers")),
        "unclear": (_("doubtful reading"), _("doubtful readings")),
        "supplied": (_("loss filled by conjecture"), _("losses filled by conjecture")),
        "gap": (_("loss that cannot be filled"), _("losses that cannot be filled")),
        "sic": (_("slip of the author or typist, corrected"), _("slips of the author or typist, corrected")),
    }


def register(name: str) -> str:
    """The title of a register in the index."""
    return {
        "persons": _("Persons"), "places": _("Places"), "organisations": _("Organisations"),
        "events": _("Events"), "works": _("Works"),
    }.get(name, name.capitalize())  # fmt: skip

"""Labels for readers: the classes of the apparatus, certainty, registers, losses.

This is the only table of labels; every output and every statistic uses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tei_export.i18n.formats import _, capital, count
from tei_export.model.apparatus import EDITED
from tei_export.model.relation_kinds import KINDS
from tei_export.model.vocabulary import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tei_export.model.apparatus import Emendation
    from tei_export.model.vocabulary import Role

#: Degrees of certainty, the highest first.
CERTAINTY = ("high", "medium", "low")


def _own(_: Callable[[str], str]) -> dict[str, tuple[str, str]]:
    """Return the program's own classes, each label as ``_`` gives it."""
    return {
        "substitution": (_("misread word"), _("misread words")),
        "number": (_("misread figure"), _("misread figures")),
        "script": (_("misread Cyrillic passage"), _("misread Cyrillic passages")),
        "glyph": (_("look-alike sign"), _("look-alike signs")),
        "mark": (_("misread mark"), _("misread marks")),
        "segmentation": (_("misread space"), _("misread spaces")),
        "noise": (_("speck read as text"), _("specks read as text")),
        "loss": (_("lost sign"), _("lost signs")),
        "displacement": (_("displaced number"), _("displaced numbers")),
        "variant": (_("variant"), _("variants")),
        "lacuna": (_("lacuna of a witness"), _("lacunae of witnesses")),
        "sic": (_("corrected slip"), _("corrected slips")),
        "supplied": (_("conjecture"), _("conjectures")),
        "unclear": (_("doubtful reading"), _("doubtful readings")),
        "gap": (_("gap"), _("gaps")),
        "del": (_("deletion"), _("deletions")),
        "surplus": (_("surplus"), _("surpluses")),
        "subst": (_("replacement"), _("replacements")),
        "abbr": (_("expanded abbreviation"), _("expanded abbreviations")),
        "orig": (_("regularised spelling"), _("regularised spellings")),
    }


#: The labels of those classes in English, under which the catalogues have them.
_MESSAGES = _own(str)


def classes() -> dict[str, tuple[str, str]]:
    """Map each class of difference to its singular and plural label, in the order of listing."""
    rows = {row.name: row.labels for row in BY_NAME.values() if row.apparatus and all(row.labels)}
    return {**_own(_), **rows}


def _label(kind: str, which: int, unknown: str) -> str:
    """Return one label of a class, as in :func:`classes`; the table of all takes forty times as long."""
    row = BY_NAME.get(kind)
    if row is not None and row.apparatus and all(row.labels):
        return row.labels[which]
    return _(_MESSAGES[kind][which]) if kind in _MESSAGES else unknown


def forme_work(kind: str) -> str:
    """Return the label of a role of forme work; that of an edition's own role is its gloss."""
    labels = {
        "pagenum": _("page number"),
        "header": _("running head"),
        "footer": _("foot of the page"),
        "catch": _("catch-word"),
        "sig": _("signature mark"),
    }
    return labels.get(kind, BY_NAME[kind].gloss)


def variant_class(kind: str) -> str:
    """Return the word for the class of a reading among several witnesses; empty for other words."""
    return {
        "omission": _("omission"),
        "addition": _("addition"),
        "transposition": _("transposition"),
        "orthographic": _("spelling"),
        "punctuation": _("punctuation"),
        "division": _("word division"),
        "state": _("same words"),
    }.get(kind, "")


def mark_of(row: Role) -> str:
    """Return what the sign of a role inside a reading means."""
    return _("addition") if row.html == "ins" else _label(row.name, 0, row.gloss)


def singular(kind: str, cert: str = "") -> str:
    """Return the singular label of the class ``kind``; words supplied with certainty are no conjecture."""
    if kind == "supplied" and cert == "high":
        return _("words supplied")
    return _label(kind, 0, kind)


def plural(kind: str) -> str:
    """Return the plural label of the class ``kind``."""
    return _label(kind, 1, kind)


def counted(kind: str, value: int) -> str:
    """Return a count with its label: ``3 misread words``."""
    return count(value, singular(kind), plural(kind))


def in_order(kinds: Iterable[str]) -> list[str]:
    """Return the classes, each once, in the order of :func:`classes`; unknown ones last."""
    there, known = set(kinds), classes()
    return [*(kind for kind in known if kind in there), *sorted(there - known.keys())]


@dataclass(frozen=True, slots=True)
class Original:
    """The words for the source of a text, by its medium. ``name``: ``the typescript``; ``of``:
    ``of the typescript``; ``layer``: ``as typed``, for the text of the source itself (T)."""

    name: str
    of: str
    layer: str

    @property
    def view(self) -> str:
        """``As typed``."""
        return capital(self.layer)


def original(medium: str) -> Original:
    """Return the words for the source of a text of this ``medium`` (``MEDIA``; empty: unknown)."""
    return {
        "typescript": Original(_("the typescript"), _("of the typescript"), _("as typed")),
        "print": Original(_("the printed source"), _("of the printed source"), _("as printed")),
        "manuscript": Original(_("the manuscript"), _("of the manuscript"), _("as written")),
        "digital": Original(_("the source"), _("of the source"), _("as in the source")),
    }.get(medium, Original(_("the original"), _("of the original"), _("as in the original")))


def witness(origin: str) -> str:
    """Return the name of the witness for readers, by the way its file was made (``ORIGINS``)."""
    return {"ocr": _("the OCR text"), "transcription": _("the transcription")}.get(
        origin, _("the text as received")
    )


def witness_view(origin: str) -> str:
    """Return the label of the witness's text where a reader chooses a text."""
    return {"ocr": _("OCR"), "transcription": _("Transcription")}.get(origin, _("As received"))


def certainty(degree: str) -> str:
    """Return the word for a degree: ``certain``, ``probable``, ``doubtful``."""
    return {"high": _("certain"), "medium": _("probable"), "low": _("doubtful")}.get(degree, degree)


def value_words(said: Iterable[tuple[str, str]]) -> list[str]:
    """Return the values of a role in words: ``above the line``, ``hand: Anna``.

    :param said: TEI attribute and value; a hand by its name
    """
    return [words for name, value in said if (words := _particular(name, value))]


def milestone_words(node: Any) -> str:
    """Return the values of a milestone in words: ``column 2``, ``bekker 1094a``, ``hand: Anna``."""
    said = node["values"]
    if node["kind"] == "cb":
        return _("column {}").format(said["n"])
    if node["kind"] == "space":
        number = int(said["quantity"])
        spaces = {
            "char": (_("space of {} letter"), _("space of {} letters")),
            "word": (_("space of {} word"), _("space of {} words")),
            "line": (_("space of {} line"), _("space of {} lines")),
            "page": (_("space of {} page"), _("space of {} pages")),
        }[said["unit"]]
        return spaces[number != 1].format(number)
    if node["kind"] == "hand":
        return _("hand: {}").format(node.get("named") or said["new"])
    return " ".join(said.values())


def _particular(name: str, value: str) -> str:
    known = {
        ("place", "above"): _("above the line"),
        ("place", "below"): _("below the line"),
        ("place", "inline"): _("in the line"),
        ("place", "margin"): _("in the margin"),
        ("place", "top"): _("at the head of the page"),
        ("place", "bottom"): _("at the foot of the page"),
        ("rend", "struck"): _("struck out"),
        ("rend", "erased"): _("erased"),
        ("rend", "overwritten"): _("written over"),
        ("agent", "water"): _("damaged by water"),
        ("agent", "fire"): _("damaged by fire"),
        ("agent", "mould"): _("damaged by mould"),
        ("agent", "tear"): _("torn"),
        ("agent", "hole"): _("a hole"),
        ("agent", "stain"): _("stained"),
        ("agent", "fold"): _("in a fold"),
        ("agent", "binding"): _("in the binding"),
        ("agent", "rubbing"): _("rubbed"),
        ("agent", "ink"): _("damaged by ink"),
        ("reason", "repeated"): _("repeated by mistake"),
        ("reason", "interpolated"): _("added by another"),
        ("reason", "begun"): _("a false start"),
        ("calendar", "julian"): _("Julian calendar"),
        ("calendar", "republican"): _("French Republican calendar"),
        ("calendar", "hebrew"): _("Hebrew calendar"),
        ("calendar", "islamic"): _("Islamic calendar"),
    }
    if name == "hand":
        return _("hand: {}").format(value)
    words = (v.words[value] for row in BY_NAME.values() for v in row.values if value in v.words)
    return known.get((name, value)) or next(words, "")


def lemma_words(entry: Emendation, layer: str = EDITED) -> tuple[str, str]:
    """Return what stands before the bracket: a remark of the interface, and words of the text.

    Where the text of ``layer`` has nothing, that is where the reading would stand: *after* the word
    before it in its line,
    *before* the word that follows where there is none. Of the number of a note nothing more is said
    than that it is missing.
    """
    words = entry.text_of(layer)
    if words.strip():
        return "", words
    beside = entry.neighbours
    if not entry.note and beside.after:
        return _("after"), beside.after
    if not entry.note and beside.before:
        return _("before"), beside.before
    return _("nothing"), ""


def responsible_words(resp: str) -> str:
    """Return the words for the person or program responsible for a reading."""
    return _("by a program, not reviewed") if resp == "auto" else _("the editors")


def relation(kind: str, *, passive: bool = False) -> str:
    """Return the label before the other end of a relation: ``member of``; on the page of that end,
    ``members``."""
    return _(KINDS[kind].passive if passive else KINDS[kind].active)


def extent(number: int, unit: str) -> str:
    """Return the extent of a loss: ``2 words``."""
    units = {
        "char": (_("letter"), _("letters")),
        "word": (_("word"), _("words")),
        "line": (_("line"), _("lines")),
        "page": (_("page"), _("pages")),
    }
    return count(number, *units.get(unit, (unit, unit)))


def register(name: str) -> str:
    """Return the title of a register."""
    return {
        "persons": _("Persons"),
        "places": _("Places"),
        "organisations": _("Organisations"),
        "events": _("Events"),
        "works": _("Works"),
    }.get(name, name.capitalize())


def index_of(name: str) -> str:
    """Return the title of a register in a book."""
    return {
        "persons": _("Index of persons"),
        "places": _("Index of places"),
        "organisations": _("Index of organisations"),
        "events": _("Index of events"),
        "works": _("Index of works"),
    }.get(name, name.capitalize())

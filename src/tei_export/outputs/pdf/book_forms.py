"""The forms in which the book can be typeset: page, type, content.

Lengths are in mm, type sizes in pt. ``edition.typ`` receives them as the dictionary ``form`` (the
virtual file ``form.typ``).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from tei_export.model.problems import EditionError, Problem
from tei_export.model.transliteration import SCHEMES
from tei_export.shared.typst_literals import TypstCode, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LAYERS = {"edited": "E", "typed": "T"}
#: The places of the apparatus; ``True`` means the usual place, ``False`` none.
PLACES = ("", "original", "page")
APPARATUS = {"foot": "foot", "end": "end", "none": "none", True: "end", False: "none"}


@dataclass(frozen=True, slots=True)
class TypeSizes:
    """Type sizes and line spacing. ``scale`` applies to headings and signs."""

    text: float
    quote: float
    note: float
    apparatus: float
    small: float
    line: float
    note_line: float
    foot_line: float
    scale: float


BOOK = TypeSizes(10.5, 9.8, 8.5, 8.3, 8.5, 13.5, 10.8, 10.2, 1.0)
#: Lines of the typescript are kept: the measure must hold 66 characters.
TYPED = TypeSizes(9.6, 9.4, 8.5, 8.3, 8.0, 13.5, 10.8, 10.2, 1.0)
#: 18 points, as the Royal National Institute of Blind People and the American Council of the Blind
#: recommend; no text for reading is smaller than 14 points.
LARGE = TypeSizes(18, 18, 15.5, 15.5, 14, 24, 20, 19, 1.5)


@dataclass(frozen=True, slots=True)
class BookForm:
    """One form of the book.

    ``apparatus``: at the ``foot`` of the page, at the ``end`` of every part, or ``none``; empty: at
    the foot for several witnesses, otherwise at the end (:meth:`of_text`); ``places``: how the foot
    cites: page and line of the ``original``, or the line of this ``page``; empty: of the original
    if it has pages; ``text``: ``edited`` or ``typed`` (the restored typescript in its own lines);
    ``trim``: width and height; ``margin``: inside, outside, top, bottom; ``gutter``: added to the
    inner margin for the binding; ``bleed``: the width cut off around the page, with crop marks if
    it is 5 mm or more; ``sheet``: the number of pages is a multiple of this.
    """

    name: str
    apparatus: str = "end"
    places: str = ""
    text: str = "edited"
    type: TypeSizes = BOOK
    trim: tuple[float, float] = (156, 234)
    margin: tuple[float, float, float, float] = (22, 29, 25, 27)
    columns: int = 2
    justify: bool = True
    gutter: float = 0
    bleed: float = 0
    sheet: int = 1
    latin: str = ""
    """Russian in Latin letters: a scheme of :data:`tei_export.model.transliteration.SCHEMES`"""

    @property
    def marked(self) -> bool:
        """Whether the book has an apparatus, to which the text links."""
        return self.apparatus != "none"

    @property
    def layer(self) -> str:
        """The layer of the text: ``E`` or ``T``."""
        return LAYERS[self.text]

    def stem(self, text: str) -> str:
        """Return the file name for a text, without its ending: ``thesis``, ``thesis.large``."""
        return text if self.name == "book" else f"{text}.{self.name}"

    def of_text(self, *, several: bool) -> BookForm:
        """Return the form with its defaults resolved for a text. ``several``: it has several witnesses."""
        return self if self.apparatus else replace(self, apparatus="foot" if several else "end")

    def by_page(self, pages: bool) -> bool:
        """Return whether entries at the foot cite lines of the printed page. ``pages``: the
        original has pages."""
        asked = self.places == "page" or (not self.places and not pages)
        return asked and self.apparatus == "foot" and self.text == "edited"

    def source(self, *, measuring: bool = False) -> str:
        """Return the Typst file ``form.typ``. ``measuring``: typeset only to find the lines."""
        inside, outside, top, bottom = self.margin
        lengths = {
            "trim": {"width": _mm(self.trim[0] + self.gutter), "height": _mm(self.trim[1])},
            "margin": {
                "inside": _mm(inside + self.gutter), "outside": _mm(outside), "top": _mm(top), "bottom": _mm(bottom),
            },
            "size": {name: TypstCode(f"{getattr(self.type, name):g}pt") for name in ("text", "quote", "note", "apparatus", "small")},
            "line": TypstCode(f"{self.type.line:g}pt"),
            "foot-line": TypstCode(f"{self.type.foot_line:g}pt"),
            "note-line": TypstCode(f"{self.type.note_line:g}pt"),
            "scale": TypstCode(f"{self.type.scale:g}"),
            "columns": self.columns, "justify": self.justify, "bleed": _mm(self.bleed),
            "lines": self.text == "typed", "foot": self.apparatus == "foot", "sheet": self.sheet, "measuring": measuring,
        }  # fmt: skip
        return f"#let form = {value(lengths)}\n"


def _mm(number: float) -> TypstCode:
    return TypstCode(f"{number:g}mm")


#: The available forms; ``conf.py`` chooses (``pdf_forms``) and changes them (``pdf_form_options``).
FORMS: dict[str, BookForm] = {
    form.name: form
    for form in (
        BookForm("book", apparatus=""),
        BookForm("plain", apparatus="none"),
        BookForm("typed", text="typed", type=TYPED, justify=False),
        BookForm(
            "large",
            type=LARGE,
            trim=(210, 297),
            margin=(23, 30, 30, 30),
            columns=1,
            justify=False,
        ),
        BookForm("press", apparatus="", gutter=6, bleed=9, sheet=4),
    )
}
_CHANGEABLE = {f.name: f.type for f in fields(BookForm) if f.name not in {"name", "type"}}


def chosen_forms(names: Iterable[str], options: Mapping[str, Mapping[str, Any]]) -> list[BookForm]:
    """Return the forms ``names``, changed by ``options``.

    :raises EditionError: ``pdf-form``: unknown form, unknown option, or invalid value
    """
    problems = [
        problem
        for name in dict.fromkeys((*names, *options))
        if (problem := _wrong(name, options.get(name, {})))
    ]
    if problems:
        raise EditionError(*(Problem("pdf-form", "conf.py", 0, problem) for problem in problems))
    return [replace(FORMS[name], **_values(options.get(name, {}))) for name in dict.fromkeys(names)]


def _values(options: Mapping[str, Any]) -> dict[str, Any]:
    values = {
        key: tuple(given) if isinstance(given, list) else given for key, given in options.items()
    }
    if "apparatus" in values:
        values["apparatus"] = APPARATUS[values["apparatus"]]
    return values


def _wrong(name: str, options: object) -> str:
    """Return what is wrong with a choice, in words; empty if nothing."""
    if name not in FORMS:
        return f"{name!r} is none of {', '.join(FORMS)}"
    if not isinstance(options, dict):
        return f"{name}: the options are a mapping"
    for key, given in options.items():
        if key not in _CHANGEABLE:
            return f"{name}: {key!r} is none of {', '.join(_CHANGEABLE)}"
        if not _fits(key, given):
            return f"{name}: {key} cannot be {given!r}"
    return ""


def _fits(key: str, given: object) -> bool:
    if key == "justify":
        return isinstance(given, bool)
    if key == "apparatus":
        return isinstance(given, (str, bool)) and given in APPARATUS
    if key == "places":
        return given in PLACES
    if key == "text":
        return given in LAYERS
    if key == "latin":
        return given == "" or given in SCHEMES
    if key in {"trim", "margin"}:
        size = {"trim": 2, "margin": 4}[key]
        return (
            isinstance(given, (list, tuple))
            and len(given) == size
            and all(_length(n) for n in given)
        )
    if key in {"columns", "sheet"}:
        return type(given) is int and 1 <= given <= 32
    return _length(given, least=0)


def _length(given: object, least: float = 5) -> bool:
    return type(given) in (int, float) and least <= given <= 1000  # type: ignore[operator]

"""What the structure of the code promises: nothing outside the vocabulary knows a role that has a layer."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import tei_export
from tei_export.model.vocabulary import ROLES, Family

PACKAGE = Path(tei_export.__file__).parent
#: The roles of which a layer reads something else than their words, and the elements of their parts.
LAYERED = {
    name
    for row in ROLES
    if (row.apparatus or len(set(row.reads)) > 1)
    and not row.aside
    and row.family is not Family.VARIANTS
    for name in (row.name, row.tei, *row.tei_parts)
} - {"", "app", "choice", "add", "lem", "rdg"}
#: Where the name of such a role or element may stand as a word, and as what.
ALLOWED: dict[str, dict[str, str]] = {
    "model/vocabulary.py": dict.fromkeys(LAYERED, "the table"),
    "i18n/terms.py": dict.fromkeys(LAYERED, "the names of the classes, in every language")
    | {"ocr": "an origin of a text"},
    "proof/regenerate.py": dict.fromkeys(LAYERED, "the proof shares no code with the exporter"),
    "model/problems.py": dict.fromkeys(("supplied", "gap"), "beginnings of problem codes"),
    "model/record_fields.py": {"ocr": "a medium, an origin", "supplied": "a status of a title"},
    "importing/edition_kinds.py": {"ocr": "an origin of a text"},
    "importing/hocr.py": {"ocr": "an origin of a text"},
    "importing/origin.py": {"ocr": "an origin of a text"},
    "importing/tei_header.py": {"ocr": "an origin of a text"},
    "importing/scaffold.py": {"ocr": "an origin of a text"},
    "tei/witness_text.py": {"gap": "what stands for a lacuna", "unclear": "a reading in doubt"},
    "tei/header.py": {"ocr": "an origin of a text", "supplied": "a status of a title"},
    "outputs/pdf/front_matter.py": {"ocr": "an origin of a text"},
    "outputs/html/search.py": {"ocr": "a layer of the search"},
    "outputs/html/inline.py": {"del": "an element of HTML"},
    "shared/reading_marks.py": {"del": "an element of HTML"},
    "outputs/pdf/inline.py": {"supplied": "a function of edition.typ"},
    "outputs/tei/extracts.py": {"gap": "what may stand before the text of a division"},
    "schema/extend.py": {"gap": "what may stand between the lines of a block"},
    "source/nesting.py": {"supplied": "an attribute of a title that the original lacks"},
    "outputs/html/translator.py": {"supplied": "that attribute"},
    "outputs/html/part_head.py": {"supplied": "a class of a title that the original lacks"},
    "outputs/pdf/writer.py": {"supplied": "that attribute"},
    "outputs/epub/writer.py": {"supplied": "that attribute"},
}


QUOTED = re.compile(rf"(?<!\w)[\"'](?:{'|'.join(sorted(LAYERED))})[\"']")
MODULES = {p.relative_to(PACKAGE).as_posix(): p for p in sorted(PACKAGE.rglob("*.py"))}


def literals(path: Path) -> set[str]:
    """Return the words of a module that are the name of a role or element with a layer."""
    source = path.read_text(encoding="utf-8")
    if not QUOTED.search(source):
        return set()
    constants = (n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant))
    return {value for value in constants if isinstance(value, str)} & LAYERED


def test_no_module_knows_a_layer_by_its_name() -> None:
    """The row says what a layer reads: :mod:`tei_export.model.vocabulary`. An edition adds rows of its own."""
    assert {"ocr", "sic", "corr", "supplied", "gap", "del", "subst", "abbr", "orig"} <= LAYERED
    assert ALLOWED.keys() <= MODULES.keys()
    for module, path in MODULES.items():
        found, allowed = literals(path), ALLOWED.get(module, {}).keys()
        assert found <= allowed, f"{module}: ask the row instead of {sorted(found - allowed)}"
        if len(allowed) < len(LAYERED):
            assert found == allowed, f"{module}: take {sorted(allowed - found)} out of ALLOWED"


def test_no_two_modules_have_classes_of_one_name() -> None:
    """A reader meets a name and knows the class; names with an underscore stay in their module."""
    places: dict[str, list[str]] = {}
    for module, path in MODULES.items():
        for name in re.findall(r"^class ([A-Za-z]\w*)", path.read_text(encoding="utf-8"), re.M):
            places.setdefault(name, []).append(module)
    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}

"""Read bibliographies (BibTeX, CSL-JSON, RIS) into entries of the register of works.

Parsers: pybtex and rispy, the extra ``[bibliographies]``; CSL-JSON is JSON. All three become CSL
items (https://docs.citationstyles.org/en/stable/specification.html), the items become entries.
"""

from __future__ import annotations

import json
import re
import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tei_export.importing.safe_xml import import_error
from tei_export.model.safe_read import CONTROL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

BIBTEX, CSL, RIS = "BibTeX", "CSL-JSON", "RIS"
_FORMATS = (
    (BIBTEX, re.compile(r"(?:\A|\n)\s*@\w+\s*[{(]")),
    (CSL, re.compile(r"\A\s*[\[{]\s*[{\"\]]")),
    (RIS, re.compile(r"\A\s*TY  - ")),
)
#: CSL type → type of a work; others are documents.
_TYPES = {
    "book": "book",
    "chapter": "chapter",
    "entry": "chapter",
    "entry-dictionary": "chapter",
    "entry-encyclopedia": "chapter",
    "paper-conference": "chapter",
    "article": "article",
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "review": "article",
    "review-book": "article",
    "thesis": "dissertation",
    "speech": "speech",
}
_BIBTEX_TYPES = {
    "article": "article-journal", "suppperiodical": "article-journal", "inbook": "chapter", "incollection": "chapter",
    "inproceedings": "paper-conference", "conference": "paper-conference", "inreference": "entry", "book": "book",
    "mvbook": "book", "collection": "book", "proceedings": "book", "reference": "book", "booklet": "book",
    "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis",
}  # fmt: skip
_RIS_TYPES = {
    "BOOK": "book", "EDBOOK": "book", "CHAP": "chapter", "CONF": "paper-conference", "CPAPER": "paper-conference",
    "ENCYC": "entry", "DICT": "entry", "JOUR": "article-journal", "MGZN": "article-magazine", "NEWS": "article-newspaper",
    "THES": "thesis",
}  # fmt: skip
_LATEX = re.compile(r"\\[A-Za-z]+ ?|[{}]")
#: Fields of an entry, in the order in which they are written.
_ORDER = (
    "type", "author", "title", "title_original", "contained_in", "editor", "translator", "place", "publisher", "year",
    "edition", "series", "extent", "note", "unmentioned",
)  # fmt: skip
UNMENTIONED = "imported; no text mentions it yet"

Item = dict[str, Any]


def format_of(text: str) -> str:
    """Return the format of a bibliography, or an empty string."""
    return next((name for name, form in _FORMATS if form.search(text)), "")


def read(text: str, file: str) -> list[Item]:
    """Return the CSL items of a bibliography.

    :param text: its content
    :param file: its name for reports
    :raises EditionError: ``import-format`` (no bibliography, or a damaged one), ``import-package``,
        ``import-empty``
    """
    kind = format_of(text)
    reader = {BIBTEX: _bibtex, CSL: _csl, RIS: _ris}.get(kind)
    if reader is None:
        raise import_error("import-format", file, 1, "no bibliography; a text needs --text ID")
    try:
        items = list(reader(text, file))
    except ImportError as error:
        raise import_error("import-package", file, 0, f"{kind}: {error.name}") from None
    if not items:
        raise import_error("import-empty", file, 0, "the bibliography has no entries")
    return items


def _bibtex(text: str, file: str) -> Iterator[Item]:
    from pybtex.database import PybtexError, parse_string
    from pybtex.richtext import Text

    def plain(value: str) -> str:
        with suppress(PybtexError):  # unbalanced braces: the text as it is
            value = Text.from_latex(value).render_as("text")
        return " ".join(_LATEX.sub("", value).split())

    try:
        data = parse_string(text, "bibtex")
    except PybtexError as error:
        line = getattr(error, "lineno", None) or 1
        raise import_error("import-format", file, line, " ".join(str(error).split())) from None
    for key, entry in data.entries.items():
        fields = {name.lower(): plain(value) for name, value in entry.fields.items()}
        if "title" not in fields:
            raise import_error("import-format", file, 1, f"the entry {key} has no title")
        if fields.get("subtitle"):
            fields["title"] += f": {fields['subtitle']}"
        item: Item = {
            "id": key,
            "type": _BIBTEX_TYPES.get(entry.type.lower(), "document"),
            "title": fields["title"],
            "container-title": fields.get("booktitle") or fields.get("journaltitle") or fields.get("journal", ""),
            "publisher": fields.get("publisher") or fields.get("school") or fields.get("institution", ""),
            "publisher-place": fields.get("address") or fields.get("location", ""),
            "issued": {"literal": fields.get("date") or fields.get("year", "")},
            "edition": fields.get("edition", ""), "collection-title": fields.get("series", ""),
            "volume": fields.get("volume", ""), "issue": fields.get("number", ""), "page": fields.get("pages", ""),
            "number-of-volumes": fields.get("volumes", ""), "DOI": fields.get("doi", ""), "note": fields.get("note", ""),
            "original-title": fields.get("origtitle", ""),
        }  # fmt: skip
        for role in ("author", "editor", "translator"):
            item[role] = [
                {
                    "family": plain(" ".join([*p.prelast_names, *p.last_names])),
                    "given": plain(" ".join([*p.first_names, *p.middle_names])),
                    "suffix": plain(" ".join(p.lineage_names)),
                }
                for p in entry.persons.get(role, ())
            ]
        yield item


def _csl(text: str, file: str) -> Iterator[Item]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise import_error("import-format", file, line, f"the JSON is damaged: {error}") from None
    items = data.get("items", [data]) if isinstance(data, dict) else data
    for number, item in enumerate(items if isinstance(items, list) else [items], 1):
        if (
            not isinstance(item, dict)
            or not isinstance(item.get("title"), str)
            or not item["title"].strip()
        ):
            raise import_error(
                "import-format", file, 1, f"item {number} is no CSL item with a title"
            )
        yield item


def _ris(text: str, file: str) -> Iterator[Item]:
    import rispy

    begins = len(re.findall(r"^TY  - ", text, re.MULTILINE))
    try:
        found = rispy.loads(text)
    except (OSError, ValueError, KeyError) as error:
        raise import_error("import-format", file, 1, " ".join(str(error).split())) from None
    if len(found) != begins:
        line = next(n for n, row in enumerate(text.split("\n"), 1) if row.startswith("TY  - "))
        detail = f"{begins} entries begin (TY), but {len(found)} end (ER)"
        raise import_error("import-format", file, line, detail)
    for number, entry in enumerate(found, 1):
        title = _first(entry, "title", "primary_title", "translated_title")
        if not title:
            raise import_error("import-format", file, 1, f"entry {number} has no title (TI)")
        pages = "–".join(str(entry[n]) for n in ("start_page", "end_page") if entry.get(n))
        yield {
            "id": _first(entry, "id", "label"),
            "type": _RIS_TYPES.get(str(entry.get("type_of_reference")), "document"),
            "title": title,
            "container-title": _first(entry, "secondary_title", "journal_name", "alternate_title3"),
            "publisher": _first(entry, "publisher"),
            "publisher-place": _first(entry, "place_published"),
            "issued": {
                "literal": _first(entry, "year", "publication_year", "date")
                .strip("/")
                .replace("/", "-")
            },
            "edition": _first(entry, "edition"),
            "collection-title": _first(entry, "tertiary_title"),
            "volume": _first(entry, "volume"),
            "issue": _first(entry, "number"),
            "page": pages,
            "DOI": _first(entry, "doi"),
            "author": [
                _inverted(name) for name in entry.get("authors") or entry.get("first_authors") or ()
            ],
            "editor": [_inverted(name) for name in entry.get("secondary_authors") or ()],
        }


def _first(entry: Mapping[str, Any], *names: str) -> str:
    return next((" ".join(str(entry[n]).split()) for n in names if entry.get(n)), "")


def _inverted(name: str) -> dict[str, str]:
    family, _, given = name.partition(",")
    return {"family": family.strip(), "given": given.strip()}


def entries(items: Iterable[Item], known: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the new entries of the register of works, each after the work that contains it.

    :param items: CSL items
    :param known: the entries that the register has; those with the same title, author and year are
        left out
    """
    made: dict[str, dict[str, str]] = {}
    same = {_identity(entry): key for key, entry in known.items() if isinstance(entry, dict)}

    def add(item: Item, entry: dict[str, str]) -> str:
        found = same.get(_identity(entry))
        if found:
            return found
        key = _key(item, entry, {*known, *made})
        made[key] = {name: entry[name] for name in _ORDER if entry.get(name)}
        same[_identity(entry)] = key
        return key

    for item in items:
        entry = _entry(item)
        host = _said(item.get("container-title"))
        if entry["type"] == "chapter" and host:
            holder = {
                **item,
                "id": "",
                "type": "book",
                "title": host,
                "author": item.get("container-author") or [],
            }
            whole = dict.fromkeys(("page", "container-title", "translator", "DOI", "note"), "")
            entry["contained_in"] = add(holder | whole, _entry(holder | whole))
            for name in ("editor", "place", "publisher", "edition", "series", "extent"):
                entry.pop(name, None)
        add(item, entry)
    return made


def _entry(item: Item) -> dict[str, str]:
    kind = _TYPES.get(_said(item.get("type")), "document")
    journal = _said(item.get("container-title")) if kind != "chapter" else ""
    volumes = _said(item.get("number-of-volumes"))
    place = [
        journal if kind != "article" else "",
        _labelled("vol.", item, "volume"),
        _labelled("no.", item, "issue"),
    ]
    where = ", ".join(filter(None, [*place, _labelled("pp.", item, "page")]))
    doi = _said(item.get("DOI"))
    note = ". ".join(filter(None, [where, _said(item.get("note")), f"DOI {doi}" if doi else ""]))
    return {
        "type": kind,
        "title": _said(item.get("title")),
        "title_original": _said(item.get("original-title")),
        "author": "; ".join(_names(item.get("author"), inverted=True)),
        "editor": ", ".join(_names(item.get("editor"), inverted=False)),
        "translator": ", ".join(_names(item.get("translator"), inverted=False)),
        "place": _said(item.get("publisher-place")),
        "publisher": journal if kind == "article" else _said(item.get("publisher")),
        "year": _issued(item.get("issued")),
        "edition": _said(item.get("edition")),
        "series": _said(item.get("collection-title")),
        "extent": f"{volumes} vols." if volumes.isdecimal() and volumes != "1" else "",
        "note": note,
        "unmentioned": UNMENTIONED,
    }


def _said(value: object) -> str:
    """Return a value of CSL as text; its markup (``<i>``) is dropped."""
    text = (
        re.sub(r"</?(?:i|b|sup|sub|sc|span)\b[^>]*>", "", str(value))
        if isinstance(value, (str, int))
        else ""
    )
    return " ".join(CONTROL.sub("", text).split())


def _labelled(label: str, item: Item, name: str) -> str:
    value = _said(item.get(name)).replace("--", "–")
    return f"{label} {value}" if value else ""


def _names(names: object, *, inverted: bool) -> Iterator[str]:
    for name in names if isinstance(names, list) else ():
        if not isinstance(name, dict):
            continue
        parts = {part: _said(value) for part, value in name.items()}
        particle = parts.get("non-dropping-particle", "")
        family = " ".join(filter(None, (particle, parts.get("family", "")))) or parts.get(
            "literal", ""
        )
        given = " ".join(filter(None, (parts.get("given", ""), parts.get("dropping-particle", ""))))
        if family == "others":
            yield "and others"
        elif inverted:
            yield ", ".join(filter(None, (family, given, parts.get("suffix", ""))))
        elif family:
            yield " ".join(filter(None, (given, family, parts.get("suffix", ""))))


def _issued(date: object) -> str:
    """Return a date: ``1950``, ``1950-03-02``, ``1952–1955``; other words as they are."""
    if not isinstance(date, dict):
        return ""
    ends = date.get("date-parts")
    if isinstance(ends, list) and ends:
        return "–".join(
            "-".join(
                f"{int(n):02d}" if at else str(n) for at, n in enumerate(end) if str(n).isdecimal()
            )
            for end in ends
            if isinstance(end, list)
        )
    return _said(date.get("literal") or date.get("raw")).replace("/", "–")


def _identity(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_folded(str(entry.get(name) or "")) for name in ("title", "author", "year"))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("ß", "ss")
    return "".join(c for c in plain if not unicodedata.combining(c))


def _key(item: Item, entry: Mapping[str, str], taken: set[str]) -> str:
    """Return the key of an entry: that of the bibliography, else family name and first words."""
    given = re.sub(r"[_:.+]+", "-", _folded(str(item.get("id") or ""))).strip("-")
    words = re.findall(r"[a-z0-9]+", _folded(entry.get("title", "")))
    long = [word for word in words if len(word) > 3][:3] or words[:3]
    family = re.findall(r"[a-z0-9]+", _folded(entry.get("author", "").partition(",")[0]))[-1:]
    key = given if re.fullmatch(r"[a-z][a-z0-9-]{0,60}", given) else "-".join([*family, *long])
    key = key if re.match("[a-z]", key) else f"work-{key}".rstrip("-")
    number, wanted = 1, key
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key


def as_yaml(made: Mapping[str, Mapping[str, str]]) -> str:
    """Return entries as YAML, in the form in which registers are kept."""
    lines: list[str] = []
    for key, entry in made.items():
        lines.append(f"{key}:")
        lines += [
            f"  {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in entry.items()
        ]
        lines.append("")
    return "\n".join(lines)

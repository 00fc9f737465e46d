"""Write the files of the search: the texts by line, with the differing readings of T and O.

The index consists of the texts themselves. The scripts (``theme/static/search-*.js``) normalise
the words of text and query with the same function; this module writes only texts, places and
readings. Each text is one classic script, which also works from ``file://``. A large site divides
it into several; ``search_words.py`` records which of them contain which words.
:mod:`tei_export.outputs.html.search_units` describes and makes the units.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from tei_export.model.witness_text import follow
from tei_export.outputs.html import search_words
from tei_export.outputs.html.register_layout import registers_of
from tei_export.outputs.html.search_blocks import Trail
from tei_export.outputs.html.search_units import entry_unit, page_units, part_units
from tei_export.shared import labels
from tei_export.shared.elements import esc
from tei_export.shared.labels import _
from tei_export.shared.mentions import mentioned
from tei_export.source.facts import domain_of
from tei_export.source.trees import own_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from tei_export.model.edition import Edition, Part, Text
    from tei_export.outputs.html.search_units import Unit
    from tei_export.source.facts import EditionDomain

PAGE = "search"
FOLDER = "searchdata"
WORDS = "words"
#: A larger index (in bytes) is divided into files of about :data:`SOME` bytes, each with its list
#: of words.
WHOLE, SOME = 640_000, 100_000


def search_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``: write the index files; yield the search page."""
    files, pieces = _write(Path(app.outdir) / FOLDER, list(_data(app)))
    edition = domain_of(app.env).edition
    yield PAGE, {
        "title": esc(_("Search")), "body": "", "files": files, "pieces": pieces, "says": _says(edition),
        "witnesses": _witnesses(edition),
        "texts": [(key, labels.text_name(text)) for key, text in edition.texts.items()],
        "original": labels.originals(edition),
        "russian": any(tag.split("-")[0] == "ru" for tag in edition.record["languages"]),
        "paged": any(text.witness.pages for text in edition.texts.values()),
    }, "search.html"  # fmt: skip


def _write(
    folder: Path, held: list[tuple[str, dict[str, Any]]]
) -> tuple[list[str], list[tuple[str, str]]]:
    """Write the index; return the addresses of its files, and of the word lists of a large one with
    their first words."""
    (folder / WORDS).mkdir(parents=True, exist_ok=True)
    scripts = {name: _pushed("editionSearch", {"name": name, **data}) for name, data in held}
    pieces: list[tuple[str, str]] = []
    if sum(map(len, scripts.values())) > WHOLE:
        cut = {
            f"{name}.{n:04}": d
            for name, data in held
            for n, d in enumerate(search_words.cut(data, SOME), 1)
        }
        scripts = {name: _pushed("editionSearch", {"name": name, **d}) for name, d in cut.items()}
        words = [
            search_words.words_of(u for p in d["pages"] for u in p["units"]) for d in cut.values()
        ]
        for n, (first, lines) in enumerate(search_words.pieces(words), 1):
            name = f"{WORDS}/{n:04}"
            scripts[name] = _pushed("editionPieces", {"name": name, "words": lines})
            pieces.append((first, name))
    addresses = {}
    for name, content in scripts.items():
        digest = hashlib.sha256(content).hexdigest()[:8]
        addresses[name] = f"{FOLDER}/{name}.js?v={digest}"
        (folder / f"{name}.js").write_bytes(content)
    for path in folder.rglob("*.js"):
        if path.relative_to(folder).with_suffix("").as_posix() not in scripts:
            path.unlink()
    listed = [(first, addresses.pop(name)) for first, name in pieces]
    return list(addresses.values()), listed


def _pushed(to: str, data: Any) -> bytes:
    return f"(self.{to} ??= []).push({_json(data)});\n".encode()


def _witnesses(edition: Edition) -> list[tuple[str, str]]:
    """Return siglum and name of the witnesses to which a search can be limited; texts may share a siglum."""
    found: dict[str, str] = {}
    for text in edition.texts.values():
        for w in text.readable:
            found.setdefault(w.siglum, w.label)
    return list(found.items())


def _json(data: Any) -> str:
    """Return JSON for a script; old engines treat U+2028 as a line end."""
    return (
        json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _data(app: Sphinx) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and content of each file, in result order: registers, texts, other pages."""
    domain = domain_of(app.env)
    edition = domain.edition
    held = []
    for name, keys in mentioned(domain).items():
        entries = edition.registers[name].entries
        by_page: dict[str, list[Unit]] = {}
        for key in sorted(keys):
            page = registers_of(domain)[name].listed(entries[key])
            by_page.setdefault(page, []).append(entry_unit(entries[key]))
        held += [_page(app, page, labels.register(name), units) for page, units in by_page.items()]
    yield "registers", {"id": "", "paged": False, "pages": held}
    parts: set[str] = set()
    for key, text in edition.texts.items():
        held = []
        for part in text.parts:
            if part.doc in app.env.found_docs:
                parts.add(part.doc)
                doctree = own_tree(app.env, part.doc)
                units = part_units(doctree, part, _trail(domain, text, part, doctree))
                held.append(_page(app, part.doc, part.title, units))
        data = {"id": key, "paged": bool(text.witness.pages), "pages": held}
        if text.several:
            data["witnesses"] = [
                *((w.id, w.siglum, 1) for w in text.readable),
                *((w.id, w.siglum, 0) for w in text.only_cited),
            ]
        yield f"text-{key}", data
    held = []
    for doc in sorted(app.env.found_docs - parts):
        title = app.env.titles[doc].astext() if doc in app.env.titles else doc
        held.append(_page(app, doc, title, page_units(own_tree(app.env, doc))))
    yield "pages", {"id": "", "paged": False, "pages": held}


def _trail(domain: EditionDomain, text: Text, part: Part, doctree: nodes.document) -> Trail | None:
    if not text.several:
        return None
    ids = {w.siglum: w.id for w in (*text.readable, *text.only_cited)}
    events = domain.facts_for(part.doc).events
    lost = [w.siglum for w in text.readable if follow(events, w.siglum).lost]
    return Trail(doctree, ids, lost)


def _page(app: Sphinx, doc: str, title: str, units: list[Unit]) -> dict[str, Any]:
    return {"url": app.builder.get_relative_uri(PAGE, doc), "title": title, "units": units}


def _says(edition: Edition) -> dict[str, str]:
    """Return the words that the script shows, in the language of the interface."""
    return {
        "one": _("1 place"),
        "many": _("{n} places"),
        "none": _("Nothing found for {q}."),
        "found": _("{places} for {q}"),
        "so far": _("{places} for {q} so far; still searching …"),
        "short": _("Type at least two letters."),
        "loading": _("Loading the texts …"),
        "failed": _("The texts could not be loaded."),
        "more": _("Show {n} more"),
        "typed": f"{_('only {}').format(labels.originals(edition).layer)}: {{}}",
        "ocr": _("only in the witness: {}"),
        "received": _("only in the witness: {}"),
        "verse": _("{}, v. {}"),
        "paragraph": _("{}, §\N{NO-BREAK SPACE}{}"),
        "witness": _("only in {}: {}"),
        "note": _("n. {}"),
        "editorial": _("editors’ note {}"),
        "register": _("Register: {}"),
        "csv": _("Download the results (CSV, with citations)"),
        "file": _("search"),
    }

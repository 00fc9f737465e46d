"""The site of the corpus: its editions, its registers by first letter, its search."""

from __future__ import annotations

import json
import unicodedata
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.model.register_fields import AUTHORITIES
from tei_export.model.volume_files import files_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tei_export.corpus.editions import BuiltEdition
    from tei_export.corpus.registers import JoinedEntry

_STATIC = Path(__file__).parent / "static"
#: The maximum size of the rows of a page, in bytes.
_LARGE = 200_000
_REGISTERS = {
    "persons": "Persons",
    "places": "Places",
    "organisations": "Organisations",
    "events": "Events",
    "works": "Works",
}


class CorpusPages:
    """Writes the pages of the corpus ``title``; ``up`` is the relative path from its folder to that
    of the editions."""

    def __init__(
        self, title: str, editions: Sequence[BuiltEdition], entries: Sequence[JoinedEntry], up: str
    ) -> None:
        self._title = title
        self._editions = editions
        self._up = up
        #: register → first letter → entries
        self._letters: dict[str, dict[str, list[JoinedEntry]]] = {}
        for entry in entries:
            letters = self._letters.setdefault(entry.register, {})
            letters.setdefault(_letter(entry.name), []).append(entry)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield path and content of each page, style sheet and script."""
        number = len(self._editions)
        said = f"<p>{number} {'edition' if number == 1 else 'editions'}.</p>"
        yield from self._listed("index", "", said, "editions", self._rows())
        yield (
            "search.html",
            self._page("Search", self._search(), script='<script src="search.js" defer></script>'),
        )
        for register, letters in self._letters.items():
            pages = {letter: f"registers/{register}-{_file(letter)}.html" for letter in letters}
            for letter, entries in letters.items():
                stem = pages[letter].removesuffix(".html")
                heading = f"{_name(register)}: {letter}"
                rows = self._entries(entries)
                yield from self._listed(
                    stem, heading, _letters(pages, letter), "entries", rows, depth=1
                )
            yield (
                f"registers/{register}.html",
                self._page(
                    _name(register),
                    f"<p>{sum(map(len, letters.values()))} entries, by first letter.</p>{_letters(pages, '')}",
                    depth=1,
                ),
            )
        for name in ("corpus.css", "search.js", "continued.js"):
            yield name, (_STATIC / name).read_bytes()

    def _listed(
        self, stem: str, heading: str, head: str, kind: str, rows: Iterable[str], depth: int = 0
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the pages of a list: ``stem.html``, and ``stem-2.html`` … if it is long."""
        shares = _divided(rows)
        names = [f"{stem}.html", *(f"{stem}-{n}.html" for n in range(2, len(shares) + 1))]
        for number, (name, share) in enumerate(zip(names, shares, strict=True), 1):
            body = f'{head}<ol class="{kind}">{"".join(share)}</ol>{_numbers(names, number)}'
            shown = f"{heading or self._title} ({number})" if number > 1 else heading
            script = ""
            if number < len(names):
                script = f'<script src="{"../" * depth}continued.js" data-next="{escape(_base(names[number]))}" defer></script>'
            yield name, self._page(shown, body, depth=depth, script=script)

    def _page(self, heading: str, body: str, *, depth: int = 0, script: str = "") -> bytes:
        home = "../" * depth
        links = [("index.html", "Editions"), ("search.html", "Search")]
        links += [(f"registers/{name}.html", _name(name)) for name in self._letters]
        nav = "".join(f'<li><a href="{home}{file}">{escape(name)}</a></li>' for file, name in links)
        title = f"{heading} · {self._title}" if heading else self._title
        return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{escape(title)}</title>
<link rel="stylesheet" href="{home}corpus.css">{script}</head>
<body><a class="skip" href="#content">Skip to the content</a>
<header><a class="home" href="{home}index.html">{escape(self._title)}</a><nav aria-label="Corpus"><ul>{nav}</ul></nav></header>
<main id="content"><h1>{escape(heading or self._title)}</h1>
{body}
</main></body></html>
""".encode()

    def _rows(self) -> Iterator[str]:
        for edition in self._editions:
            meta = edition.meta
            home = f"{self._up}{edition.name}/"
            files = [
                f'<a href="{escape(home + path)}">{escape(label)}</a>'
                for label, path in _files(edition)
                if (edition.out / path).is_file()
            ]
            texts = [text.title for text in edition.edition.texts.values()]
            said = [
                f"<p>{escape(meta.subtitle)}</p>" if meta.subtitle else "",
                f"<p>{escape('; '.join(texts))}</p>" if texts != [meta.title] else "",
                f'<p class="small">Version {escape(meta.version)}, {escape(str(meta.date))}. {" · ".join(files)}</p>',
            ]
            yield (
                f'<li id="{escape(edition.name)}"{_language(edition)}><h2><a href="{escape(home)}html/index.html">'
                f"{escape(meta.title)}</a></h2>{''.join(said)}</li>"
            )

    def _entries(self, entries: Iterable[JoinedEntry]) -> Iterator[str]:
        for entry in entries:
            places = [
                f'<li><a href="{escape(self._address(edition, found.url, 1))}">{escape(edition.meta.short_title or edition.meta.title)}</a></li>'
                for edition, found in entry.entries
            ]
            ids = [
                f'<a href="{escape(AUTHORITIES[key].address.format(value))}">{escape(AUTHORITIES[key].name)} {escape(value)}</a>'
                for key, values in entry.ids.items()
                for value in values
            ]
            edition, found = entry.entries[0]
            also = f"<p>also {escape('; '.join(entry.names))}</p>" if entry.names else ""
            known = f'<p class="small">{" · ".join(ids)}</p>' if ids else ""
            yield (
                f'<li id="{escape(edition.name)}-{escape(found.entry.xml_id)}"><h2>{escape(entry.name)}</h2>{also}{known}<ul class="where">{"".join(places)}</ul></li>'
            )

    def _address(self, edition: BuiltEdition, url: str, depth: int) -> str:
        """Return the address of a page of an edition; ``url`` is its address in the search index."""
        return f"{'../' * depth}{self._up}{edition.name}/html/{url}"

    def _search(self) -> str:
        data = [[e.meta.title, f"{self._up}{e.name}/html/"] for e in self._editions]
        said = escape(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
        return (
            '<form role="search"><label for="q">Words of the edited texts, or their beginnings</label>'
            '<input type="search" id="q" name="q" autocomplete="off" spellcheck="false"><button>Search</button></form>'
            f'<p id="found" role="status"></p><ol id="results" data-editions="{said}"></ol>'
            "<noscript><p>The search needs JavaScript. The registers do not.</p></noscript>"
        )


def _divided(rows: Iterable[str]) -> list[list[str]]:
    """Return the rows on each page."""
    shares: list[list[str]] = [[]]
    size = 0
    for row in rows:
        length = len(row.encode())
        if shares[-1] and size + length > _LARGE:
            shares.append([])
            size = 0
        shares[-1].append(row)
        size += length
    return shares


def _numbers(names: Sequence[str], number: int) -> str:
    """Return the links to the pages of a list, if it has several."""
    if len(names) == 1:
        return ""
    items = (
        f'<li><a href="{escape(_base(name))}"{" aria-current=page" if n == number else ""}>{n}</a></li>'
        for n, name in enumerate(names, 1)
    )
    return f'<nav aria-label="Pages of this list"><ul class="letters">{"".join(items)}</ul></nav>'


def _base(name: str) -> str:
    return name.rpartition("/")[2]


def _files(edition: BuiltEdition) -> Iterator[tuple[str, str]]:
    """Yield label and path of the files that the list of editions links to, if they were built."""
    texts = list(edition.edition.texts.values())
    for text in texts:
        of = f" ({text.title})" if len(texts) > 1 else ""
        yield f"TEI{of}", f"tei/{text.id}.xml"
        yield from _volumes(edition, "pdf", text.id, of)
    yield from _volumes(edition, "epub", "edition")
    yield "DTS", "dts/index.json"


def _volumes(
    edition: BuiltEdition, form: str, stem: str, of: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield label and path of a book, or of each volume of it."""
    paths = files_of(edition.out / form, stem, form)
    for n, path in enumerate(paths, 1):
        volume = f", volume {n}" if len(paths) > 1 else ""
        yield f"{form.upper()}{of}{volume}", f"{form}/{path.name}"


def _language(edition: BuiltEdition) -> str:
    language = str(edition.edition.record["language"])
    return "" if language == "en" else f' lang="{escape(language)}"'


def _name(register: str) -> str:
    return _REGISTERS.get(register, register.capitalize())


def _letter(name: str) -> str:
    """Return the first letter of a name, without marks; ``#`` if it begins with something else."""
    for c in unicodedata.normalize("NFKD", name):
        if c.isalpha():
            return c.upper()[:1]
        if c.isdigit():
            return "#"
    return "#"


def _file(letter: str) -> str:
    """Return the form of a letter for the name of a file."""
    return letter.lower() if letter.isascii() and letter.isalpha() else f"{ord(letter[0]):04x}"


def _letters(pages: dict[str, str], here: str) -> str:
    links = [
        f'<li><a href="{path.rpartition("/")[2]}"{" aria-current=page" if letter == here else ""}>{escape(letter)}</a></li>'
        for letter, path in sorted(pages.items())
    ]
    return f'<nav aria-label="Letters"><ul class="letters">{"".join(links)}</ul></nav>'

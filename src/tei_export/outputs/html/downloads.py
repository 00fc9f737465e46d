"""The other forms of the edition on the site: they are in ``files/``, and the pages link to them.

``edition_files`` (a configuration value set by the command line) is the folder with the outputs of
this run, ``edition_files_made`` their names. Without them no page links to a file.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from tei_export.model.metadata import metadata
from tei_export.model.places import page_id
from tei_export.model.volume_files import volume_file
from tei_export.shared import labels
from tei_export.shared.elements import esc
from tei_export.shared.labels import _
from tei_export.shared.rights import quotes_texts
from tei_export.shared.volumes import edition_volumes, volumes
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

    from tei_export.model.edition import Part, Text
    from tei_export.model.metadata import RightsStatement

FOLDER = "files"
PAGE = "downloads"


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the site: ``path`` from its root; ``size`` for readers."""

    path: str
    label: str
    size: str
    note: str = ""
    rights: tuple[RightsStatement, ...] = ()
    """the rights: in the text, in the editors' work, in the metadata"""


#: Kind and text → document → the number of the volume that has it (:func:`_numbers`).
_numbered: WeakKeyDictionary[Sphinx, dict[tuple[str, str], dict[str, int]]] = WeakKeyDictionary()
#: The front page lists no more volumes of a text; the page of downloads lists all.
_MOST_VOLUMES = 8
#: What each pattern has found.
_known: WeakKeyDictionary[Sphinx, dict[DownloadPattern, tuple[Download, ...]]] = WeakKeyDictionary()
#: The rights that concern a file: the text and what the editors did; the editors' work; metadata.
_TEXT, _WORK, _META = ("text", "encoding"), ("encoding",), ("metadata",)
#: Endings of data files that are offered.
_DATA = ("csv", "jsonld", "ttl", "txt", "bib", "ris", "json", "nex", "conllu")


@dataclass(frozen=True, slots=True)
class DownloadPattern:
    """A file that may exist: a pattern below the outputs, and its description."""

    pattern: str
    label: str
    note: str = ""
    rights: tuple[str, ...] = _TEXT


@dataclass(frozen=True, slots=True)
class TakeDrawer:
    """The drawer *Take* of a page: files of the part, of its text, tables; ``pages``: page → TEI file."""

    groups: tuple[tuple[str, list[Download]], ...]
    pages: dict[str, str]
    more: bool
    """the site has a page with all files"""


def made_outputs(app: Sphinx) -> list[tuple[str, Path]]:
    """Return names and folders of the outputs that this run has made."""
    root = Path(app.config.edition_files) if app.config.edition_files else None
    names = app.config.edition_files_made
    return [(name, root / name) for name in names if root and (root / name).is_dir()]


def take_drawer(
    app: Sphinx, text: Text | None, part: Part | None, pages: Sequence[str]
) -> TakeDrawer:
    """Return what can be taken from a page: the part and its text, or the whole edition."""
    edition = domain_of(app.env).edition
    groups = []
    if text and part:
        typed = _("Plain text, {}").format(labels.original(text).layer)
        here = f"tei/{text.id}/{part.id}"
        groups.append(
            (
                _("This chapter"),
                [
                    DownloadPattern(f"{here}.xml", _("TEI")),
                    DownloadPattern(f"{here}.txt", _("Plain text, edited")),
                    DownloadPattern(f"{here}.typed.txt", typed),
                ],
            )
        )
    for one in (text,) if text else edition.texts.values():
        whole = _("The whole text") if text else labels.text_name(one)
        groups.append((whole, _of_text(app, one, part.doc if part else "")))
    tables = [
        DownloadPattern("data/emendations.csv", _("Apparatus"), rights=_WORK),
        DownloadPattern("data/mentions.csv", _("Mentions of names"), rights=_WORK),
        DownloadPattern("data/citations.csv", _("Citations of works"), rights=_WORK),
        DownloadPattern("data/pages.csv", _("Pages"), rights=_WORK),
    ]
    groups.append((_("Tables of the edition (CSV)"), tables))
    found = [
        (title, [d for offer in offers for d in _found(app, offer)]) for title, offers in groups
    ]
    offered = tuple((title, files) for title, files in found if files)
    single = page_files(app, text, pages) if text else {}
    return TakeDrawer(offered, single, bool(offered))


def page_files(app: Sphinx, text: Text, pages: Sequence[str]) -> dict[str, str]:
    """Map each page of the source to the TEI file that contains that page alone."""
    offers = {
        page: DownloadPattern(f"tei/{text.id}/pages/{page_id(page)}.xml", page) for page in pages
    }
    return {page: found.path for page, offer in offers.items() for found in _found(app, offer)}


def _of_text(app: Sphinx, text: Text, doc: str | None = None) -> list[DownloadPattern]:
    """Return the files of a text; of its volumes those with the part ``doc``.

    If ``doc`` is empty, none where they are more than :data:`_MOST_VOLUMES`; None: all.
    """
    volumes_of = partial(_volumes, app, text, doc)
    return [
        DownloadPattern(
            f"tei/{text.id}.xml",
            _("TEI"),
            _("with the whole apparatus, from which the witness can be regenerated"),
        ),
        DownloadPattern(
            f"tei/{text.id}.reading.xml", _("TEI, reading text"), _("the edited text alone")
        ),
        DownloadPattern(
            f"pdf/{text.id}.pdf",
            _("PDF"),
            _("the book, with apparatus and index; accessible and archival"),
        ),
        *volumes_of(
            f"pdf/{text.id}.pdf",
            _("PDF, volume {}"),
            _("the book, with apparatus and index; accessible and archival"),
        ),
        DownloadPattern(
            "epub/edition.epub", _("EPUB"), _("for e-readers, with the original pages")
        ),
        *volumes_of(
            "epub/edition.epub", _("EPUB, volume {}"), _("for e-readers, with the original pages")
        ),
        DownloadPattern(
            f"office/{text.id}.odt",
            _("ODT"),
            _("the edited text for a word processor, with its notes"),
        ),
        *volumes_of(
            f"office/{text.id}.odt",
            _("ODT, volume {}"),
            _("the edited text for a word processor, with its notes"),
        ),
        DownloadPattern(
            f"office/{text.id}.docx", _("DOCX"), _("the edited text for Word, with its notes")
        ),
        *volumes_of(
            f"office/{text.id}.docx",
            _("DOCX, volume {}"),
            _("the edited text for Word, with its notes"),
        ),
        DownloadPattern(f"tei/{text.id}.txt", _("Plain text, edited")),
        DownloadPattern(
            f"tei/{text.id}.typed.txt", _("Plain text, {}").format(labels.original(text).layer)
        ),
    ]


def _volumes(
    app: Sphinx, text: Text, doc: str | None, whole: str, label: str, note: str
) -> Iterator[DownloadPattern]:
    """Yield volumes of a text, as :func:`_of_text` says; ``whole``: the file of the only one."""
    kind, stem, ending = whole.partition("/")[0], *whole.rsplit(".", 1)
    numbers = _numbers(app, kind, text)
    every = sorted(set(numbers.values()))
    if doc:
        every = [numbers[doc]]
    elif doc is not None and len(every) > _MOST_VOLUMES:
        every = []
    for number in every:
        yield DownloadPattern(volume_file(stem, ending, number), label, note)


def _numbers(app: Sphinx, kind: str, text: Text) -> dict[str, int]:
    """Return the number of the volume of each part; cached, because every page asks for it."""
    known = _numbered.setdefault(app, {})
    if (kind, text.id) not in known:
        domain = domain_of(app.env)
        most = app.config[f"{kind}_volume_words"]
        parts = [(part, domain.facts_for(part.doc)) for part in text.parts]
        found = edition_volumes(domain, most) if kind == "epub" else volumes(parts, most)
        docs = {part.doc for part in text.parts}
        known[kind, text.id] = {
            part.doc: volume.number
            for volume in found
            for part, _facts in volume.parts
            if part.doc in docs
        }
    return known[kind, text.id]


def download_groups(app: Sphinx) -> list[tuple[str, list[Download]]]:
    """Return all downloads, by text, then those of the whole edition."""
    edition = domain_of(app.env).edition
    result = [
        (text.title, [d for offer in _of_text(app, text) for d in _found(app, offer)])
        for text in edition.texts.values()
    ]
    whole = [
        DownloadPattern("tei/edition.xml", _together(len(edition.texts))),
        DownloadPattern("tei/registers.xml", _("Registers as TEI"), rights=_WORK),
        DownloadPattern(
            "tei/cmif.xml", _("The letters, for correspondence services (CMIF)"), rights=_META
        ),
        DownloadPattern("data/edition.*", "", rights=_META),
        DownloadPattern("data/beacon.txt", "", rights=_META),
        DownloadPattern("data/CITATION.cff", "", rights=_META),
        *(DownloadPattern(f"data/*.{ending}", "", rights=_WORK) for ending in _DATA),
        DownloadPattern("dts/*.json", "", rights=_META),
        DownloadPattern("json/*.json", "", rights=_META),
    ]
    found = {d.path: d for offer in reversed(whole) for d in _found(app, offer)}
    listed = dict.fromkeys(d.path for offer in whole for d in _found(app, offer))
    result.append((_("The whole edition, and data"), [found[path] for path in listed]))
    return [(title, found) for title, found in result if found]


def _together(number: int) -> str:
    """Return the label of the TEI file of the whole edition."""
    if number == 1:
        return _("The text as a TEI corpus")
    return (
        _("Both texts as one TEI corpus")
        if number == 2
        else _("All {} texts as one TEI corpus").format(number)
    )


def _found(app: Sphinx, offer: DownloadPattern) -> tuple[Download, ...]:
    """Return the files of ``offer``; cached, because every page offers most of them."""
    known = _known.setdefault(app, {})
    if offer not in known:
        known[offer] = tuple(_look(app, offer))
    return known[offer]


def _look(app: Sphinx, offer: DownloadPattern) -> Iterator[Download]:
    target = offer.pattern.partition("/")[0]
    for name, folder in made_outputs(app):
        if name == target:
            meta = metadata(domain_of(app.env).edition)
            for path in sorted(folder.parent.glob(offer.pattern), key=_in_order):
                shown = path.relative_to(folder.parent).as_posix()
                label = offer.label.format(path.stem.rpartition(".")[2])
                rights = _TEXT if quotes_texts(shown) else offer.rights
                yield Download(
                    f"{FOLDER}/{shown}",
                    label or path.name,
                    _size(path),
                    offer.note,
                    tuple(meta.right(of) for of in rights),
                )


def _in_order(path: Path) -> list[tuple[int, str]]:
    """Sort by name, and the second volume before the tenth."""
    return [(int(s) if s.isdecimal() else -1, s) for s in re.split(r"(\d+)", path.as_posix())]


def _size(path: Path) -> str:
    size = path.stat().st_size
    if size >= 1e6:
        return _("{} MB").format(labels.number(size / 1e6, 1))
    return _("{} kB").format(max(1, round(size / 1e3)))


def downloads_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Handle Sphinx's ``html-collect-pages``."""
    found = download_groups(app)
    if not found:
        # left by an earlier build with files
        (Path(app.outdir) / f"{PAGE}.html").unlink(missing_ok=True)
    else:
        yield (
            PAGE,
            {"title": esc(_("Downloads")), "groups": found, "body": ""},
            "downloads.html",
        )


def copy_files(app: Sphinx, exception: Exception | None) -> None:
    """Handle Sphinx's ``build-finished``: put the files that the pages link to into the site."""
    if exception is not None or app.builder.format != "html":
        return
    target = Path(app.outdir) / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    for name, folder in made_outputs(app):
        shutil.copytree(folder, target / name, copy_function=_same_file)


def _same_file(source: str, target: str) -> None:
    """Let ``target`` be the file ``source`` under a second name; a copy, where the file system has no such links.

    No output is ever changed in its place, and copies of thousands of small files take long.
    """
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)

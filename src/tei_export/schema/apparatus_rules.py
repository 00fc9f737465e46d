"""Rules of the apparatus: classes that the readings reveal, and witnesses that read once or are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from tei_export.model.readings import classify
from tei_export.model.vocabulary import ROLES, Family, Reads
from tei_export.schema.finding import Finding, finding_at
from tei_export.schema.tei_document import T, TeiDocument

if TYPE_CHECKING:
    from collections.abc import Iterator

CODES: dict[str, str] = {
    "E-APP-TYPE": "the type of an app is the class of the difference between its readings",
    "E-WIT-ONCE": "a witness has one reading at a place",
    "E-WIT-LOST": "a witness reads nothing where it is lost",
    "E-RDG-CLASS": "an omission has no letters, an addition stands where the lem has none",
}


#: Classes that the readings reveal. The schema itself checks ``noise`` and ``loss``.
_SHOWN = frozenset({"glyph", "mark", "number", "script", "segmentation", "substitution"})


def app_types(document: TeiDocument) -> Iterator[Finding]:
    """Check that the class agrees with plain lemma and reading, and with the look-alikes of ``charDecl``.

    Page numbers (``fw``) always have the class ``number``.
    """
    look_alikes = _look_alikes(document.root)
    numbers = {
        app
        for fw in document.all("fw")
        if fw.get("type") == "pageNum"
        for app in fw.iter(T + "app")
    }
    for app in document.all("app"):
        said = app.get("type", "")
        if said not in _SHOWN or app in numbers:
            continue
        lemma, reading = _first(app, "lem"), _first(app, "rdg")
        if lemma is None or reading is None or len(lemma) or len(reading):
            continue
        expected = classify(lemma.text or "", reading.text or "", look_alikes)
        if lemma.text != reading.text and expected != said:
            yield finding_at("E-APP-TYPE", f"type {said}, but the readings show {expected}", app)


def _first(app: etree._Element, local: str) -> etree._Element | None:
    return next((child for child in app if child.tag == T + local), None)


_BREAKS = {"lacunaStart": True, "witEnd": True, "lacunaEnd": False, "witStart": False}


def witness_once(document: TeiDocument) -> Iterator[Finding]:
    """Check that lem and rdg of an entry name no witness twice (TC#TCAPEN)."""
    for app in document.all("app"):
        if app.get("type") not in ("variant", "transposition", "lacuna"):
            continue  # E-APP-WITNESS
        named: list[str] = []
        for reading in app:
            named += (reading.get("wit") or "").split()
        twice = sorted({w for w in named if named.count(w) > 1})
        if twice:
            yield finding_at("E-WIT-ONCE", f"{' '.join(twice)} reads twice", app)


def witness_lost(document: TeiDocument) -> Iterator[Finding]:
    """Check that no entry names a witness between its lacunaStart and lacunaEnd; a lacuna ends with its division."""
    if not any(app.get("type") == "lacuna" for app in document.all("app")):
        return
    for part in document.root.iterfind(f"{T}text/*/{T}div"):
        apps = list(part.iter(T + "app"))
        marks = [
            (wit, _BREAKS[etree.QName(mark).localname])
            for app in apps
            if app.get("type") == "lacuna"
            for rdg in app
            for mark in rdg
            for wit in (rdg.get("wit") or "").split()
        ]
        if not marks:
            continue
        lost = {wit for wit, breaks in dict(reversed(marks)).items() if not breaks}
        for app in apps:
            for reading in app:
                wits = set((reading.get("wit") or "").split())
                if app.get("type") == "lacuna":
                    for mark in reading:
                        lost = lost | wits if _BREAKS[etree.QName(mark).localname] else lost - wits
                elif gone := sorted(wits & lost):
                    yield finding_at("E-WIT-LOST", f"{' '.join(gone)} is lost here", app)


def reading_classes(document: TeiDocument) -> Iterator[Finding]:
    """Check the classes that the letters of lem and rdg determine; passages (``from``) are exempt."""
    for app in document.all("app"):
        if app.get("type") != "variant" or app.get("from"):
            continue
        lemma = _first(app, "lem")
        if lemma is None or len(lemma):
            continue
        ours = any(c.isalnum() for c in lemma.text or "")
        for reading in app.iterfind(T + "rdg"):
            theirs = any(c.isalnum() for c in _finally(reading))
            due = {(True, False): "omission", (False, True): "addition"}.get((ours, theirs), "")
            if not theirs and reading.find(f".//{T}gap") is not None:
                due = ""  # lost, not left out
            said = reading.get("type", "")
            if (due or said in ("omission", "addition")) and said != due:
                yield finding_at(
                    "E-RDG-CLASS",
                    f"type {said}, but the readings show {due or 'other words'}",
                    reading,
                )


#: Elements whose words are not in the final text of a witness, or are there in another form.
_NOT_FINAL = frozenset(
    T + name
    for row in ROLES
    for name in (row.tei_parts[1:] if row.family is Family.LAYER else [row.tei])
    if row.in_readings and (row.family is Family.LAYER or row.read_by("E") is Reads.NOTHING)
)


def _finally(reading: etree._Element) -> str:
    """Return the final text of a witness: without deletions, with expansions."""
    words = reading.text or ""
    for piece in reading:
        words += "" if piece.tag in _NOT_FINAL else _finally(piece)
        words += piece.tail or ""
    return words


def _look_alikes(root: etree._Element) -> dict[str, str]:
    """Return the look-alikes: sign of the witness → sign of the text."""
    found = {}
    for char in root.iterfind(f"{T}teiHeader/{T}encodingDesc/{T}charDecl/{T}char"):
        signs = {m.get("type"): m.text or "" for m in char.iterfind(f"{T}mapping")}
        found[signs.get("witness", "")] = signs.get("text", "")
    return found

"""The ``teiHeader`` of a text, from the edition's record (HD; SA#SACRCS; TC#TCAPLW)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tei_export.tei.build import element, sub
from tei_export.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

    from tei_export.edition import Edition, Text

#: The practices of ``editorialDecl``: element, attributes, text, and the rule that checks it.
PRACTICES: tuple[tuple[str, dict[str, str], str], ...] = (
    (
        "correction",
        {"method": "markup", "status": "medium"},
        "Every reading of the typescript (T) that departs from the OCR text (O) is an app: lem gives T, rdg gives O. "
        "The author's slips are choice: sic gives T, corr the edited text (E). Words lost in O are supplied or gap. "
        "Nothing is corrected silently. Checked by: regenerate (O from this file, line by line).",
    ),
    (
        "normalization",
        {"method": "markup"},
        "None: spelling, capitals and punctuation are the typescript's. Runs of white space alone are folded "
        "(class M1). Checked by: regenerate.",
    ),
    (
        "hyphenation",
        {"eol": "all"},
        "Class M2: a word divided at a line end is joined by lb with break=\"no\"; rend says whether O shows the hyphen "
        "(hyphen) or has lost it (none). A hyphen of the word's own stays in the text, with break=\"maybe\". "
        "Checked by: regenerate.",
    ),
    (
        "quotation",
        {"marks": "all"},
        "Quotation marks are content, as typed. Block quotations are cit; quotations inside the text are not tagged.",
    ),
    (
        "punctuation",
        {"marks": "all"},
        "As in O; a misread mark is an app. A typewriter has one apostrophe and one quotation mark: the curly ones of O "
        "are apps of the type glyph.",
    ),
    (
        "interpretation",
        {},
        "Mentions of persons, places, organisations, events and works are linked to the registers: names as names, "
        "certain descriptions as rs. Adjectives and attributive uses are not mentions. Underlining left no trace in O "
        "and cannot be recovered: titles are marked by their meaning.",
    ),
    (
        "segmentation",
        {},
        "A line of the typescript is an lb with n, its number on its page (text first, then notes); xml:id is the "
        "physical line of O. p and cit are numbered within each chapter. Paragraphs were found by sense: indents are "
        "not in O.",
    ),
    ("stdVals", {}, "Dates: ISO 8601, New Style."),
)


def header(edition: Edition, text: Text, *, commit: str = "") -> etree._Element:
    """:param commit: the commit of the sources, if it is known."""
    found = element("teiHeader")
    _file_desc(found, edition, text, commit)
    _encoding_desc(found, edition, text)
    _profile_desc(found, edition, text)
    revision = sub(found, "revisionDesc", status=edition.field("status"))
    sub(
        revision, "change", f"Version {edition.field('version')}.",
        n=edition.field("version"), when=edition.field("date"), who="#ed", status=edition.field("status"),
    )  # fmt: skip
    return found


def _file_desc(parent: etree._Element, edition: Edition, text: Text, commit: str) -> None:
    desc = sub(parent, "fileDesc")
    titles = sub(desc, "titleStmt")
    sub(titles, "title", text.title, type="main")
    sub(titles, "title", edition.field("subtitle"), type="sub")
    sub(titles, "author", text.data.get("author") or "Author unknown", xml_id="author")
    sub(titles, "editor", edition.field("editors"), xml_id="ed")
    for xml_id, resp, name in (
        ("mach", "optical character recognition, engine and date unknown", "unidentified"),
        (
            "auto", "emendations proposed by rule or program, not reviewed",
            f"tei-export {__version__}",
        ),
    ):  # fmt: skip
        statement = sub(titles, "respStmt", xml_id=xml_id)
        sub(statement, "resp", resp)
        sub(statement, "name", name, type="software")
    edition_ = sub(sub(desc, "editionStmt"), "edition", f"Version {edition.field('version')}, ", n=edition.field("version"))
    sub(edition_, "date", edition.field("date"), when=edition.field("date"))
    extent = sub(desc, "extent")
    pages = len(text.witness.pages)
    if pages:
        sub(extent, "measure", f"{pages} pages in the page table", unit="page", quantity=pages)
    lines = len(text.witness.lines) - 1
    sub(extent, "measure", f"{lines} lines of witness {text.siglum}", unit="line", quantity=lines)
    publication = sub(desc, "publicationStmt")
    sub(publication, "publisher", edition.field("publisher"))
    sub(publication, "date", edition.field("date")[:4], when=edition.field("date"))
    if commit:
        sub(publication, "idno", commit, type="commit")
    for key, status in (("text", "unknown"), ("encoding", "free"), ("metadata", "free")):
        right = edition.field(f"rights.{key}")
        availability = sub(publication, "availability", status=status, xml_id=f"rights-{key}")
        licence = sub(availability, "licence", target=right["uri"])
        sub(licence, "p", f"{right['name']}. {right['statement']}")
    _source_desc(desc, text)


def _source_desc(desc: etree._Element, text: Text) -> None:
    """``listWit``: T, the typescript nobody has seen, and O, its OCR text (TC#TCAPLW)."""
    data = text.data
    witnesses = sub(sub(desc, "sourceDesc"), "listWit")
    if data.get("description"):
        typescript = sub(witnesses, "witness", f"{data['description']} ", xml_id="T")
        bibl = sub(typescript, "bibl", type="thesis")
        sub(bibl, "title", text.title, level="u")
        dates = data.get("date") or {}
        if dates:
            sub(
                bibl, "date", str(dates.get("text", "")),
                notBefore=dates.get("from", ""), notAfter=dates.get("to", ""), cert="medium",
            )  # fmt: skip
        sub(bibl, "extent", str(data.get("extent", "")))
    ocr = sub(witnesses, "witness", f"{data.get('witness_description', '')} ", xml_id=text.siglum)
    bibl = sub(ocr, "bibl", type="ocr")
    name = text.witness.file.rsplit("/", 1)[-1]
    sub(bibl, "title", name)
    sub(bibl, "extent", f"{sum(len(x) + 1 for x in text.witness.lines) - 1} characters")
    sub(bibl, "idno", text.witness.sha256, type="sha256")


def _encoding_desc(parent: etree._Element, edition: Edition, text: Text) -> None:
    desc = sub(parent, "encodingDesc")
    project = sub(desc, "projectDesc")
    sub(project, "p", edition.field("description"))
    sub(project, "p", edition.field("caveat"))
    declaration = sub(desc, "editorialDecl")
    for local, attrs, words in PRACTICES:
        sub(sub(declaration, local, **attrs), "p", words)
    _refs_decl(desc, bool(text.witness.pages))
    keywords = edition.record.get("keywords")
    if keywords:
        taxonomy = sub(sub(desc, "classDecl"), "taxonomy", xml_id="keywords")
        sub(taxonomy, "bibl", keywords["scheme"])
    sub(desc, "variantEncoding", method="parallel-segmentation", location="internal")
    application = sub(sub(desc, "appInfo"), "application", ident="tei-export", version=__version__)
    sub(application, "desc", "Sphinx extension: MyST sources to TEI, HTML and PDF")
    sub(desc, "schemaRef", type="relaxng", url="../../schema/edition.rng", key="edition")


def _refs_decl(desc: etree._Element, paged: bool) -> None:
    """Two citation trees: chapters with their blocks, and pages (SA#SACRCS)."""
    chapters = sub(desc, "refsDecl", n="chapters", default="true")
    part = sub(
        chapters, "citeStructure", unit="part",
        match="/TEI/text/(front|body|back)/div", use="@xml:id",
    )  # fmt: skip
    sub(part, "citeData", property="http://purl.org/dc/terms/title", use="head")
    sub(part, "citeStructure", unit="block", match="*[self::p or self::cit]", use="@n", delim=".")
    if paged:
        pages = sub(desc, "refsDecl", n="pages")
        sub(pages, "citeStructure", unit="page", match="//pb[@n]", use="@n")


def _profile_desc(parent: etree._Element, edition: Edition, text: Text) -> None:
    desc = sub(parent, "profileDesc")
    dates: dict[str, Any] = text.data.get("date") or {}
    if dates:
        sub(
            sub(desc, "creation"), "date", str(dates.get("text", "")),
            notBefore=dates.get("from", ""), notAfter=dates.get("to", ""), cert="medium",
        )  # fmt: skip
    sub(sub(desc, "abstract"), "p", edition.field("description"))
    languages = sub(desc, "langUsage")
    for ident, gloss in edition.field("languages").items():
        sub(languages, "language", gloss, ident=ident)
    keywords = edition.record.get("keywords")
    if keywords:
        holder = sub(sub(desc, "textClass"), "keywords", scheme="#keywords")
        _terms(holder, keywords["terms"])


def _terms(holder: etree._Element, terms: Iterable[str]) -> None:
    for term in terms:
        sub(holder, "term", term)

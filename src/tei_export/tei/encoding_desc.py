"""Write ``encodingDesc``: the editorial practices and the rules that check them (HD#HD53).

A practice names its rules in ``idno type="rule"``: the code of a Schematron assertion
(``schema/edition.sch``), of a rule of :mod:`tei_export.schema.rules`, or of a problem that stops
the build (:mod:`tei_export.model.problems`; ``tei-witness`` is the proof that regenerates the
witness).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.model.blocks import numbered_elements
from tei_export.model.faithfulness import FOLD_RULES
from tei_export.schema.order_rules import UNORDERED, page_value
from tei_export.tei.elements import TEI, append_text, sub
from tei_export.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tei_export.model.edition import Text
    from tei_export.model.metadata import Metadata
    from tei_export.model.witnesses import Witness


@dataclass(frozen=True, slots=True)
class Practice:
    """An element of ``editorialDecl`` with its words and the codes of the rules that check it;
    ``folds``: the rules of folding in the witnesses that it is about."""

    local: str
    words: str
    rules: tuple[str, ...]
    attrs: dict[str, str] = field(default_factory=dict)
    folds: tuple[str, ...] = ()


_MENTIONS = tuple(
    f"E-MENTION-{kind}" for kind in ("PERSON", "PLACE", "ORGANISATION", "EVENT", "WORK")
)
_STANDARD = Practice("stdVals", "Dates: ISO 8601, New Style.", ("E-DATE-RANGE", "E-RNG"))
_T = f"{{{TEI}}}"

#: The practices of every text with an apparatus: only what this program does. ``{O}`` is the
#: siglum. The record adds what the editors did (``practices``).
_PRACTICES: tuple[Practice, ...] = (
    Practice(
        "correction",
        "Every reading of the source (T) that departs from the witness ({O}) is an app: lem gives T, rdg gives {O}. "
        "The author's slips are choice: sic gives T, corr the edited text (E). Words lost in {O} are supplied or gap. "
        "Nothing is corrected silently: {O} is regenerated from this file, line by line.",
        ("tei-witness", "E-APP-WITNESS", "E-APP-SAME", "E-SIC-SAME", "E-RNG"),
        {"method": "markup", "status": "medium"},
    ),
    Practice(
        "normalization",
        "None: spelling, capitals and punctuation are the source's. Runs of white space alone are folded "
        "(class M1).",
        ("tei-witness", "witness-differs"),
        {"method": "markup"},
    ),
    Practice(
        "hyphenation",
        'Class M2: a word divided at a line end is joined by lb with break="no"; rend says whether {O} shows the hyphen '
        '(hyphen) or has lost it (none). A hyphen of the word\'s own stays in the text, with break="maybe".',
        ("tei-witness", "hyphen-place", "E-LB-REND"),
        {"eol": "all"},
    ),
    Practice(
        "quotation",
        "Quotation marks are content and kept. Block quotations are cit, with the note that cites them, the work cited "
        "(source) and, for a quotation in another language, the author's translation; quotations inside the text are "
        "not tagged.",
        ("tei-witness", "E-QUOTE-BLOCK", "E-QUOTE-RU", "E-QUOTE-TRANSLATION"),
        {"marks": "all"},
    ),
    Practice(
        "punctuation",
        "As in {O}; a misread mark is an app.",
        ("tei-witness", "role-glyph"),
        {"marks": "all"},
    ),
    Practice(
        "interpretation",
        "Mentions of persons, places, organisations, events and works are linked to the registers: names as names, "
        "certain descriptions as rs.",
        ("register-name", "register-key", "E-POINTER", "E-POINTER-KIND", *_MENTIONS),
    ),
    Practice(
        "segmentation",
        "A line of the source is an lb with n, its number on its page (text first, then notes); xml:id is the "
        "physical line of {O}. Blocks are numbered within each part.",
        ("E-LB-PAGE", "E-LB-ORDER", "E-PB-ORDER", "E-BLOCK-NUMBER"),
    ),
    _STANDARD,
)
#: Practices that differ in a text that was never on paper: it has only a witness, no T.
_DIGITAL = {
    "correction": "The witness ({O}) is the text itself. Every reading that departs from it is an app: lem gives the "
    "text, rdg gives {O}. The author's slips are choice: sic gives the text, corr the edited text (E). Words lost in "
    "{O} are supplied or gap. Nothing is corrected silently: {O} is regenerated from this file, line by line.",
    "punctuation": "As in {O}; a mark that departs from it is an app.",
    "segmentation": "A line of {O} is an lb with n, its number in the text; xml:id is the physical line of {O}. Blocks "
    "are numbered within each part.",
}
#: The practices of a reading text, which is derived from the full text.
_READING: tuple[Practice, ...] = (
    Practice(
        "correction",
        "The edited text (E), made by program from the file named in sourceDesc: every app gave way to its lem, every "
        "choice to its corr. Words supplied, unclear or lost are marked. What {O} has is in that file alone.",
        ("E-READING",),
        {"method": "silent", "status": "medium"},
    ),
    Practice(
        "normalization",
        "None: spelling, capitals and punctuation are the source's.",
        ("E-READING",),
        {"method": "silent"},
    ),
    Practice(
        "hyphenation",
        "Words divided at line ends are joined; lines are not kept, pages are.",
        ("E-READING",),
        {"eol": "none"},
    ),
    replace(_PRACTICES[3], rules=_PRACTICES[3].rules[1:]),
    _PRACTICES[5],
    Practice(
        "segmentation",
        "Blocks are numbered within each part, as in the file named in sourceDesc.",
        ("E-BLOCK-NUMBER", "E-PB-ORDER"),
    ),
    _STANDARD,
)
#: Practices of the record that also apply to a reading text; the others concern the witness.
_FOR_READERS = frozenset({"normalization", "quotation", "interpretation"})


def practices_of(text: Text, *, reading: bool = False) -> tuple[Practice, ...]:
    """Return the practices of a text: the program's, then the record's (``practices``)."""
    own = text.data.get("practices") or {}
    practices = []
    for practice in _READING if reading else _PRACTICES:
        words = practice.words
        if text.origin == "digital" and not reading:
            words = _DIGITAL.get(practice.local, words)
        words = words.replace("{O}", text.siglum)
        if own.get(practice.local) and (not reading or practice.local in _FOR_READERS):
            words = f"{words} {' '.join(str(own[practice.local]).split())}"
        if practice.local == "correction" and text.several and not reading:
            words = f"{words} {_VARIANTS}"
            practice = replace(practice, rules=(*practice.rules, *_VARIANT_RULES))
        practices.append(replace(practice, words=words))
        if practice.local == "normalization" and not reading:
            practices += _folded(text)
    return tuple(practices)


_VARIANTS = (
    "Readings of several witnesses are an app of the type variant: lem names all that agree (wit), every rdg its witnesses "
    "and how it departs (type); a lem without wit is the editors' emendation. A passage longer than a line begins at an "
    "anchor, and its entry stands where it ends (from), with an empty lem. Where a witness is lost, it is in no lem; a lacuna "
    "ends with its div. A rdg has the letters of its witnesses: what is deleted or abbreviated there is del, sic, abbr, orig; corr, expan, "
    "reg, supplied and gap are the editors'. Every witness whose file has a checksum is regenerated from this file, word by word."
)
_VARIANT_RULES = ("reading-differs", "E-WIT-ONCE", "E-WIT-LOST", "E-RDG-CLASS")


def _folded(text: Text) -> list[Practice]:
    """Return a practice for every proved witness: what is not compared (``proof`` and ``fold`` of
    the record)."""
    degrees: dict[tuple[str, ...], list[Witness]] = {}
    for witness in text.witnesses:
        if witness.proved:
            degrees.setdefault(witness.rules, []).append(witness)
    practices = []
    for rules, witnesses in degrees.items():
        sigla = ", ".join(w.siglum for w in witnesses)
        said = "; ".join(FOLD_RULES[rule] for rule in rules)
        words = (
            f"Differences that the proof of {sigla} ignores: {said}."
            if rules
            else f"The proof of {sigla} compares every letter, sign and space; it ignores only the amount of white space and the ends of lines."
        )
        pointers = " ".join(f"#{w.id}" for w in witnesses)
        practices.append(
            Practice(
                "normalization",
                words,
                ("tei-witness", "reading-differs"),
                {"method": "silent", "corresp": pointers},
                rules,
            )
        )
    return practices


def encoding_desc(
    parent: etree._Element,
    meta: Metadata,
    practices: Sequence[Practice],
    *,
    apparatus: bool = False,
    look_alikes: Mapping[str, str] | None = None,
    pages: Sequence[str] = (),
    sampling: str = "",
    schema: str = "schema/edition.rng",
    several: bool = False,
) -> None:
    """Add ``encodingDesc`` to ``parent``.

    :param practices: empty for a document without a text (the registers)
    :param apparatus: whether the text contains readings of its witness
    :param look_alikes: the record's table ``glyphs``: sign of the witness → sign of the text
    :param pages: labels of the page table
    :param sampling: the portion of the text that the file contains
    :param schema: path of the schema, relative to the file
    :param several: whether the text has the readings of several witnesses
    """
    desc = sub(parent, "encodingDesc")
    project = sub(desc, "projectDesc")
    sub(project, "p", meta.description)
    sub(project, "p", meta.caveat)
    if sampling:
        sub(sub(desc, "samplingDecl"), "p", sampling)
    if practices:
        declaration = sub(desc, "editorialDecl")
        for practice in practices:
            _practice(declaration, practice)
        sub(sub(desc, "tagsDecl"), "namespace", name=TEI)  # filled once the content is written
        _refs_decl(desc, pages)
        if meta.keywords:
            taxonomy = sub(sub(desc, "classDecl"), "taxonomy", xml_id="keywords")
            sub(taxonomy, "bibl", meta.keyword_scheme)
    if apparatus and look_alikes:
        _char_decl(desc, look_alikes)
    if apparatus:
        sub(desc, "variantEncoding", method="parallel-segmentation", location="internal")
        if several:
            sub(desc, "variantEncoding", method="double-end-point", location="internal")
    application = sub(sub(desc, "appInfo"), "application", ident="tei-export", version=__version__)
    sub(application, "desc", "Sphinx extension: MyST sources to TEI, HTML and PDF")
    sub(desc, "schemaRef", type="relaxng", url=schema, key="edition")


def count_elements(header: bytes, counted: Mapping[str, int]) -> bytes:
    """Return a header whose ``tagsDecl`` says how often each element occurs within ``text`` (HD#HD57).

    Validation then detects lost and duplicated elements.

    :param header: the header, indented and serialised
    :param counted: the number of elements by their names
    """
    said = "".join(
        f'\n          <tagUsage gi="{tag}" occurs="{number}"/>'
        for tag, number in sorted(counted.items())
        if tag != "text"
    )
    namespace = f'<namespace name="{TEI}"'
    filled = f"{namespace}>{said}\n        </namespace>" if said else f"{namespace}/>"
    return header.replace(f"{namespace}/>".encode(), filled.encode(), 1)


def _char_decl(desc: etree._Element, look_alikes: Mapping[str, str]) -> None:
    """Write the signs that make a reading an ``app`` of the type ``glyph`` (WD#D25-20)."""
    declaration = sub(desc, "charDecl")
    for seen, meant in look_alikes.items():
        char = sub(declaration, "char")
        sub(char, "mapping", seen, type="witness")
        sub(char, "mapping", meant, type="text")


def _practice(parent: etree._Element, practice: Practice) -> None:
    said = sub(sub(parent, practice.local, **practice.attrs), "p", practice.words)
    if practice.folds:
        append_text(said, " Folded: ")
        for rule in practice.folds:
            sub(said, "idno", rule, type="fold").tail = "." if rule == practice.folds[-1] else ", "
    append_text(said, " Checked by: ")
    for rule in practice.rules:
        code = sub(said, "idno", rule, type="rule")
        code.tail = "." if rule == practice.rules[-1] else ", "


def _refs_decl(desc: etree._Element, pages: Sequence[str]) -> None:
    """Write two citation trees: parts with all their blocks, and pages (SA#SACRCS).

    The tree of verse comes from the content: :mod:`tei_export.tei.verse_citation`.
    """
    chapters = sub(desc, "refsDecl", n="chapters", default="true")
    part = sub(
        chapters,
        "citeStructure",
        unit="part",
        match="/TEI/text/*/div",
        use="@xml:id",
    )
    sub(part, "citeData", property="http://purl.org/dc/terms/title", use="head")
    names = " or ".join(f"self::{name}" for name in numbered_elements())
    sub(
        part,
        "citeStructure",
        unit="block",
        match=f".//*[{names}][@n][not(@type='stanza')]",
        use="@n",
        delim=".",
    )
    if pages:
        values = [page_value(label) for label in pages]
        ascending = all(a is None or b is None or a < b for a, b in pairwise(values))
        paged = sub(desc, "refsDecl", n="pages" if ascending else UNORDERED)
        sub(paged, "citeStructure", unit="page", match="//pb[@n]", use="@n")

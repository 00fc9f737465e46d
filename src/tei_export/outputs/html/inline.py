"""The inline content of a block as HTML: three layers, lines, pages, names, apparatus.

Layers are spans whose class names the texts that contain them (E edited, T typescript, O witness):
``e``, ``t``, ``o``, ``et``, ``to``. Text outside the edited text carries ``hidden``: unless the
style sheet shows it, it is not displayed, read aloud, copied or found, even without a style sheet.

A link never contains a link. A stretch of text belongs to the innermost name. If an apparatus mark
contains links or is inside one, it is marked without being a link, and a small link (``key``)
follows it.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.i18n.terms import forme_work, milestone_words
from tei_export.model.apparatus import SPELLING
from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.model.vocabulary import BY_NAME, LAYERS, MISREADING, OF_WITNESSES, Family, Reads
from tei_export.outputs.html.margin import Margin
from tei_export.shared.elements import EMPTY, Attributes, element, esc, join, start
from tei_export.shared.inline_walker import InlineWalker
from tei_export.shared.labels import _, back_to_text, letter, turned
from tei_export.source.cast import SPEAKER
from tei_export.source.nodes import (
    GAP_TEXT,
    MARGIN_SIGN,
    entries_in,
    is_aside,
    keeps_lines,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    point,
    reading,
    reads_of,
    shown_label,
)
from tei_export.source.positions import has_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from markupsafe import Markup

    from tei_export.model.registers import RegisterEntry
    from tei_export.model.variants import VariantReading


def is_mention(node: nodes.Node) -> bool:
    """Return whether ``node`` mentions a register entry."""
    return isinstance(node, mark) and BY_NAME[node["kind"]].family is Family.MENTION


def is_entry(node: nodes.Node) -> bool:
    """Return whether ``node`` is an apparatus entry."""
    return isinstance(node, mark) and BY_NAME[node["kind"]].apparatus


def is_marked(node: nodes.Node) -> bool:
    """Return whether ``node`` is an apparatus entry that is not folded away."""
    return isinstance(node, mark) and is_entry(node) and not node.get("small")


def is_reference(node: nodes.Node) -> bool:
    """Return whether ``node`` is a reference."""
    return isinstance(node, mark) and bool(node.get("to"))


def is_interactive(node: nodes.Node) -> bool:
    """Return whether ``node`` becomes a link or contains one."""
    return any(
        isinstance(n, (noteref, pb)) or is_mention(n) or is_entry(n) or is_reference(n)
        for n in node.findall()
    )


def _holds_link(node: nodes.Node) -> bool:
    """Return whether ``node`` is or contains a name or a note reference."""
    return any(is_mention(n) or isinstance(n, noteref) or is_reference(n) for n in node.findall())


def span(name: str, *content: object, **given: object) -> Markup:
    """Return a ``span`` with the class ``name``."""
    return element("span", *content, class_=name, **given)


class HtmlInlineWriter(InlineWalker):
    """Renders blocks of one document.

    ``entry(kind, key)`` is a register entry; ``uri(entry)`` its address, empty if no page shows it;
    ``ours`` the language attributes of interface words, if needed; ``way`` the direction of the
    text (``ltr``, ``rtl``); ``leads(mark)`` the target address of a reference; ``speaks(mark)`` the
    cast list's description of a speaker.
    """

    def __init__(
        self,
        entry: Callable[[str, str], RegisterEntry | None],
        uri: Callable[[RegisterEntry], str],
        ours: Attributes | None = None,
        way: str = "ltr",
        leads: Callable[[mark], str] = lambda node: str(node["to"]),
        speaks: Callable[[mark], str] = lambda node: "",
    ) -> None:
        self._speaks = speaks
        self._way = way
        self._leads = leads
        self._entry = entry
        self._uri = uri
        self._ui_lang: Attributes = ours or {}
        self._in_link = self._kept = self._in_aside = False
        self._first, self._noise_first, self._aside_first = True, False, False
        self._turn = self._late_key = EMPTY
        self._keys: list[Markup] = []
        self._margin = Margin()

    def row(self, node: nodes.Element) -> Markup:
        """Return the cells of a row of a table."""
        self._first, self._noise_first, self._aside_first = True, False, False
        self._kept = False
        self._margin.begin(whole=False)
        return self._cells(node, self._end)

    def _end(self) -> Markup:
        """Return the end of a block: a pending page break and key, numbers in the margin."""
        end, self._turn, self._late_key = self._turn + self._late_key, EMPTY, EMPTY
        return end + self._margin.take()

    def block(self, node: nodes.Element) -> Markup:
        """Return the content of a paragraph or title.

        A page that begins with forme work in a paragraph of its own is shown in the next one.
        """
        self._first, self._noise_first, self._aside_first = True, False, False
        self._kept = keeps_lines(node)
        before = _goes_before_text(node)
        self._margin.begin(whole=not before)
        content = self._all(node.children)
        if before:
            return content
        end, self._turn, self._late_key = self._turn + self._late_key, EMPTY, EMPTY
        return content + end + self._margin.take()

    # lines and pages

    def _line(self, node: lb) -> Markup:
        """Return the beginning of a line.

        ``l-b``: a line of T begins; it is so frequent that a class would be a tenth of a page. Classes: ``lf``: it is the first of
        its block; ``h``: T divides a word there; ``ob``: a line of O begins (``of``: the first of its block); ``la``: the first of its block, after forme work.
        """
        over = node.get("over", "")
        sign = over.removeprefix("none") or ("" if node.get("past") else node["hyphen"])
        hyphen = self._hyphen(sign) if sign else EMPTY
        shown = {"data-h": sign.removesuffix("-")}
        turn, self._turn = self._turn, EMPTY
        self._margin.turned()
        if not node["line"]:
            if node["piece"] and self._in_aside:
                return esc(" ")
            name = "of" if self._first and not self._noise_first else "ob"
            self._noise_first = self._noise_first or self._first
            return join((hyphen, span(f"{name} h" if over else name, **shown), turn))
        tag = "l-b"
        name = "h" if node["word_break"] == "no" else ""
        name += " past" if node.get("past") else ""
        if self._first:
            tag, name = "span", "lf ob" if self._noise_first else "lf"
            name += " la" if self._aside_first else ""
        breaks = self._kept and not self._first and node["word_break"] != "no"
        broken = start("br") if breaks else EMPTY
        self._first = False
        place = Place(node["page"], node["line"])
        number: Attributes = {}
        if node["line"] % 5 == 0:
            number = {"data-l": node["line"], **self._margin.line(node["line"])}
        line = element(tag, class_=name.strip() or None, id=place.anchor, **number, **shown)
        if not node["page"] and name.startswith("lf") and not self._in_link:
            line += _line_link(place)
        return join((hyphen, self._joint(node), broken, line, turn))

    def _hyphen(self, sign: str) -> Markup:
        """Return the sign of the division of a word at a line end, which only the witness has."""
        return span("o", sign, hidden=True)

    def _joint(self, node: lb) -> Markup:
        """Return what precedes a line in running text: a space or nothing."""
        return esc(node["join"])

    def _page(self, node: pb) -> Markup:
        """Keep the page break for the line that begins the page; return nothing."""
        page = node["page"]
        if node["continued"]:
            self._turn += element("span", class_="pb", data_p=page, **self._margin.page(page))
            return EMPTY
        title = (
            _("page {}; its number stands in the witness, line {}").format(page, node["seen"])
            if node["seen"]
            else _("page {}; its number is inferred, the witness has none").format(page)
        )
        seen = EMPTY
        if node["seen"] and not node["printed"]:
            seen = span("o fw", node["source"], hidden=True)
        if "xml_id" in node:  # the witness has misread the number
            own = element("span", seen, class_=f"ap {MISREADING}", id=node["xml_id"])
            seen = own + self._after(self._key(node))
        state = "attested" if node["seen"] else "inferred"
        anchor = Place(page).anchor
        link = {"href": f"#{anchor}", "aria-label": _("page {}").format(page)}
        tag = "a"
        if self._in_link:  # a page break inside a name
            tag, link = "span", {}
        place = self._margin.page(page, anchor)
        given = {**link, "data-p": page, "title": title, **self._ui_lang, **place}
        self._turn += element(tag, class_=f"pb {state}", id=anchor, **given) + seen
        return EMPTY

    # notes

    def _noteref(self, node: noteref) -> Markup:
        editorial = node["series"] == "editorial"
        label = letter(node["label"]) if editorial else shown_label(node)
        name = "nr ed" if editorial else "nr" if node["label"] else "nr mg"
        link = element("a", label, href=f"#{node['refid']}", role="doc-noteref")
        anchor = {} if not editorial and _in_apparatus(node) else _anchor(node)
        return element("sup", link, class_=name, id=node["ids"][0], **anchor)

    def _label(self, node: notelabel) -> Markup:
        """Return a note's printed number, which links back; only O has the space after it."""
        holder = node.parent.parent
        shown = span("et", holder["label"]) if holder["label"] else MARGIN_SIGN
        inner = next((n for n in node.children if isinstance(n, mark)), None)
        witness = inner["source"] if inner is not None else holder["label"]
        first_line = next(iter(node.parent.findall(lb)), None)
        space = " " if first_line is not None and first_line.get("labelspace") else ""
        name = back_to_text(holder)
        given = {"href": f"#{holder['refid']}", "role": "doc-backlink", "aria-label": name}
        link = element("a", shown, **given, **self._ui_lang)
        own = inner["xml_id"] if inner is not None else None
        if inner is not None and is_marked(inner):
            self._late_key = self._key(inner)  # placed at the paragraph's end
        received = span("o", witness, space, hidden=True)
        return element("span", link, received, class_="label", id=own)

    # marks

    def _mark(self, node: mark) -> Markup:
        row = BY_NAME[node["kind"]]
        if row.family is Family.MENTION:
            return self._mention(node)
        if row.apparatus:
            return self._apparatus(node)
        if row.aside:
            return self._aside(node)
        if row.notation:
            return self._formula(node)
        if node.get("to"):
            return self._reference(node)
        tag = node.get("lang", "")
        lang = {"lang": tag, **turned(tag, self._way)} if tag else {}
        title = self._speaks(node) if row.name == SPEAKER else ""
        return self._phrase(node, self._layers(node), lang, title)

    def _reference(self, node: mark) -> Markup:
        """Return a reference as a link; readings inside it are not links."""
        address = "" if self._in_link else self._leads(node)
        if not address:
            return self._layers(node)
        self._in_link = True
        content = self._layers(node)
        self._in_link = False
        keys, self._keys = join(self._keys), []
        return element("a", content, class_="ref", href=address) + keys

    def _aside(self, node: mark) -> Markup:
        """Return forme work; a page that begins there is shown with the next line of text. Entries
        of the apparatus link to a place before it, because the edited text hides it.
        """
        turn, self._turn = self._turn, EMPTY
        places = join(element("span", id=m["xml_id"]) for m in entries_in(node))
        self._in_aside, self._aside_first = True, self._aside_first or self._first
        row = BY_NAME[node["kind"]]
        given = {"title": forme_work(row.name), **self._ui_lang}
        content = element(row.html, self._layers(node), class_=row.css or row.name, **given)
        self._in_aside = False
        self._turn = turn + self._turn
        return places + content

    def _point(self, node: point) -> Markup:
        if node["kind"] in OF_WITNESSES:
            return self._of_witnesses(node)
        row = BY_NAME[node["kind"]]
        doubt = None if node.get("cert", "high") == "high" else node["cert"]
        given: dict[str, object] = {"data_value": node.get("value"), "data_cert": doubt}
        if "values" in node:
            given |= {
                "data_value": node["values"].get("n"),
                "title": milestone_words(node),
                **self._ui_lang,
            }
        return element(row.html, row.sign, class_=row.css or row.name, **given)

    def _mention(self, node: mark) -> Markup:
        entry = self._entry(node["kind"], node["key"])
        uri = self._uri(entry) if entry else ""
        if self._in_link or entry is None or not uri:
            content = self._all(node.children)
        elif any(_holds_link(child) for child in node.children):
            content = self._pieces(node, entry, uri)
        else:
            content = self._link(node, node.children, entry, uri)
        if node["kind"] != "work":
            return content
        book = entry is not None and entry.text("type") == "book" and node.get("named")
        return element("cite", content, class_="book" if book else None)

    def _pieces(self, node: mark, entry: RegisterEntry, uri: str) -> Markup:
        """Render a name that contains names; only its own text becomes a link to it."""
        result: list[Markup] = []
        linked = False
        for inner, group in groupby(node.children, key=_holds_link):
            run = list(group)
            own = not inner and any(collapse_space(reading(n)) for n in run)
            linked = linked or own
            result.append(self._link(node, run, entry, uri) if own else self._all(run))
        if not linked:  # no text of its own: a key follows
            result.append(element("a", class_="key", href=uri, aria_label=entry.name))
        return join(result)

    def _link(
        self, node: mark, children: Iterable[nodes.Node], entry: RegisterEntry, uri: str
    ) -> Markup:
        self._in_link = True
        content = self._all(children)
        self._in_link = False
        keys, self._keys = join(self._keys), []
        title = None if node.get("named") else entry.name
        return element("a", content, class_=node["kind"], href=uri, title=title) + keys

    def _apparatus(self, node: mark) -> Markup:
        if "xml_id" not in node:  # in a document outside the texts: no line, no entry
            return self._all(node.children)
        if self._in_aside:
            return self._layers(node)
        own = {"id": node["xml_id"], **_note_anchor(node)}
        if not is_marked(node):
            content = span(f"ap {node['kind']} folded", self._layers(node), **own)
            return content + self._folded_key(node)
        lost = reads_of(node, "O") is not Reads.CONTENT and not node.get("source")
        name = f"ap {node['kind']}{'' if _visible(node) else ' bare'}{' lost' if lost else ''}{_small(node)}{_spelling(node)}"
        if not self._in_link and not any(is_interactive(child) for child in node.children):
            named = _visible(node) and not lost
            return element("a", self._layers(node), class_=name, **own, **_target(node, named))
        return span(name, self._layers(node), **own) + self._after(self._key(node))

    def _of_witnesses(self, node: point) -> Markup:
        """Return a milestone about witnesses: the beginning or end of a passage, or where a witness
        breaks off or resumes."""
        kind = node["kind"]
        if kind == "begin":
            return span("passage", EMPTY, id=node.get("xml_id"))
        if kind in ("end", "transposed", "lacuna"):
            place = span(f"ap {kind}", EMPTY, id=node.get("xml_id"))
            return place + self._after(self._key(node))
        return span(kind, EMPTY, data_w=" ".join(node.get("sigla", ())))

    def _key(self, node: mark | pb | point) -> Markup:
        return element("a", class_=f"key ap{_spelling(node)}", **_target(node, named=False))

    def _folded_key(self, node: mark) -> Markup:
        """Return the link to a folded entry, hidden unless readers ask for such entries."""
        target = _target(node, named=False)
        return self._after(element("a", class_="key ap folded", **target, hidden=True))

    def _after(self, key: Markup) -> Markup:
        """Return ``key``, or keep it until the current link ends: links do not nest."""
        if not self._in_link:
            return key
        self._keys.append(key)
        return EMPTY

    def _layers(self, node: mark) -> Markup:
        """Return the readings of a mark, each in its layers."""
        row = BY_NAME[node["kind"]]
        if Reads.BOTH in row.reads:  # all layers share the words, which are written once
            before = [x.lower() for x in LAYERS if row.read_by(x) is not Reads.CONTENT]
            deleted = element("del", node["source"])
            return join((span("".join(before), deleted, hidden=True), self._all(node.children)))
        result = EMPTY
        for reads, group in groupby(LAYERS, key=lambda layer: reads_of(node, layer)):
            layers = "".join(group).lower()
            content = self._reads(node, reads)
            if content and row.apparatus and row.html != "span":
                content = element(row.html, content)
            if content:
                result += (
                    content if layers == "eto" else span(layers, content, hidden="e" not in layers)
                )
        return result

    def _reads(self, node: mark, reads: Reads) -> Markup:
        if reads is Reads.CONTENT:
            return self._all(node.children)
        if reads is Reads.SOURCE:
            return esc(node["source"])
        return esc(GAP_TEXT) if reads is Reads.SIGN else EMPTY


def _goes_before_text(node: nodes.Element) -> bool:
    """Return whether a paragraph contains only forme work, and one with text follows."""
    if has_text(node) or not any(map(is_aside, node.children)):
        return False
    siblings = node.parent.children if node.parent is not None else []
    at = next((n for n, sibling in enumerate(siblings) if sibling is node), len(siblings))
    following = siblings[at + 1 : at + 2]
    return bool(following) and isinstance(following[0], nodes.paragraph) and has_text(following[0])


def _line_link(place: Place) -> Markup:
    """Return the line number before a block in a text without pages, where citations use lines."""
    name = _("line {}").format(place)
    return element("a", class_="ln", href=f"#{place.anchor}", aria_label=name, data_p=place)


def _small(node: mark) -> str:
    """Return a class that enlarges the touch target of marks of one or two letters."""
    return " small" if 0 < len(reading(node).strip()) <= 2 else ""


def _spelling(node: mark | pb | point) -> str:
    """Return a class for marks whose readings differ in spelling or punctuation alone, which readers can hide."""
    variants: list[VariantReading] = node.get("variants", [])
    return " spelling" if variants and all(v.type in SPELLING for v in variants) else ""


def _in_apparatus(node: nodes.Node) -> bool:
    parent = node.parent
    while isinstance(parent, mark):
        if is_entry(parent):
            return True
        parent = parent.parent
    return False


def _target(node: mark | pb | point, named: bool) -> Attributes:
    """Return the attributes of a link to an apparatus entry, with a name if it has no text."""
    place = _("apparatus, {}").format(node.get("place") or node.get("page") or "")
    words = "" if isinstance(node, (pb, point)) else collapse_space(reading(node))
    name = None if named else f"{words}, {place}" if words else place
    return {"href": f"#entry-{node['xml_id']}", "role": "doc-noteref", "aria-label": name}


def _note_anchor(node: mark) -> Attributes:
    """Return the anchor of a note whose reference is inside the mark ``node``.

    The mark carries it, because not every text contains the reference; only the outermost apparatus
    mark does.
    """
    ref = next(iter(node.findall(noteref)), None)
    if ref is None or ref["series"] == "editorial" or _in_apparatus(node):
        return {}
    return _anchor(ref)


def _anchor(node: noteref) -> Attributes:
    """Return the anchor name by which the style sheet places the note beside its reference."""
    return {"style": f"anchor-name:--{node['ids'][0]}"}


def _visible(node: mark) -> bool:
    """Return whether the edited text shows anything of the mark."""
    return bool(reading(node).strip()) or any(node.findall(noteref))

"""``tei-export import``: what is written passes ``check`` at once, and nothing is written otherwise."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import re
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mini import Mini
from tei_export.importing import compare, compose, formats, markup, record_edits
from tei_export.importing.tei import read as read_tei
from tei_export.model.problems import EditionError
from tei_export.model.readings import collapse_space, parse_layer

if TYPE_CHECKING:
    from pathlib import Path

    from mini import Result


def state(mini: Mini) -> dict[str, str]:
    return {
        str(p.relative_to(mini.root)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(mini.root.rglob("*"))
        if p.is_file() and "build" not in p.parts
    }


def bring(
    mini: Mini,
    *contents: str,
    arguments: tuple[str, ...] = (),
    name: str = "p{}.txt",
    text: str = "new",
) -> Result:
    """Import files with these contents."""
    folder = mini.root.parent
    paths = []
    for n, content in enumerate(contents, 1):
        path = folder / name.format(n)
        path.write_text(content, encoding="utf-8")
        paths.append(str(path))
    return mini.run("import", *paths, "--text", text, *arguments)


def page(*regions: tuple[str, str, str], image: str = "") -> str:
    """A PAGE file of regions (id, type, lines)."""
    inside = ""
    for key, kind, text in regions:
        lines = "".join(
            f"<TextLine><TextEquiv><Unicode>{line}</Unicode></TextEquiv></TextLine>"
            for line in text.split("\n")
        )
        inside += f'<TextRegion id="{key}" type="{kind}">{lines}</TextRegion>'
    return (
        '<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">'
        f'<Page imageFilename="{image}">{inside}</Page></PcGts>'
    )


def agreed(result: Result) -> None:
    assert result.code == 0, result.output


# --- OCR to a text -------------------------------------------------------------------------


def test_pages_of_a_print(mini: Mini) -> None:
    """Heading, drop capital, page number, form work, a word over the page, a note: all in their places."""
    first = page(
        ("h", "heading", "Of Enlightenment\nand Hyphens"),
        ("d", "drop-capital", "E"),
        ("p", "paragraph", "nlightenment is release\nof a word that is di-"),
        ("s", "signature-mark", "B 2"),
        ("c", "catch-word", "vided"),
        image="s_17.tif",
    )
    second = page(
        ("n", "page-number", "( 484 )"),
        ("p", "paragraph", "vided here.1 It ends."),
        ("h", "heading", "A Second Head"),
        ("q", "paragraph", "More text."),
        ("f", "footnote", "1 A note with\ntwo lines."),
        ("x", "footer", "printed 1784"),
        image="s_20.tif",
    )
    result = bring(mini, first, second, name="p{}.xml")
    agreed(result)
    assert "page 481: inferred from page 484" in result.output
    source = mini.read("new/new-01.md")
    assert source == (
        "{pb}`481`Of Enlightenment\nand Hyphens\n===\n\n{initial}`E`{o}`4`nlightenment is release\nof a word that is di-\n\n"
        "{sig}`B 2`\n{catch}`vided`\n\n{pb}`484`{pagenum}`( 484 )`\n"
        "vided here.[^1] It ends.\n\n[^1]: A note with\n    two lines.\n\n## A Second Head\n\nMore text.\n\n"
        "{o}`14`{footer}`printed 1784`\n"
    )
    rows = list(csv.DictReader(io.StringIO(mini.read("witness/new-pages.csv"))))
    assert [
        (r["page"], r["first_line"], r["last_line"], r["number_seen_at_line"]) for r in rows
    ] == [
        ("481", "1", "7", ""),
        ("484", "8", "14", "8"),
    ]
    assert mini.read("witness/new-images.csv") == "page,image\n481,s_17.tif\n484,s_20.tif\n"
    agreed(mini.check())
    agreed(mini.build("tei"))


def test_word_over_the_page(mini: Mini) -> None:
    """Form work between the two halves of a word stands inside the paragraph, with what it is."""
    first = page(
        ("n", "page-number", "1"),
        ("h", "heading", "Head"),
        ("p", "paragraph", "A word that is di-"),
        ("c", "catch-word", "vided"),
    )
    second = page(
        ("n", "page-number", "2"),
        ("r", "header", "RUNNING HEAD"),
        ("p", "paragraph", "vided here."),
    )
    agreed(bring(mini, first, second, name="p{}.xml"))
    assert mini.read("new/new-01.md").split("\n")[3:8] == [
        "A word that is di-¬",
        "{catch}`vided`",
        "{pb}`2`{header}`RUNNING HEAD`",
        "vided here.",
        "",
    ]
    agreed(mini.build("tei"))
    tei = (mini.out / "tei" / "new.xml").read_text(encoding="utf-8")
    assert (
        'that is di<fw type="catch" place="bottom"><lb xml:id="o0004"/>vided</fw>'
        '<pb n="2" xml:id="pg-002" type="attested" break="no"/>'
        '<fw type="pageNum" place="top"><lb xml:id="o0005"/>2</fw>'
        '<fw type="header" place="top"><lb xml:id="o0006"/>RUNNING HEAD</fw>'
        '<lb n="1" xml:id="o0007" break="no" rend="hyphen"/>vided here.</p>'
    ) in tei


def test_empty_pages(mini: Mini) -> None:
    """Pages without text are in the page table and in the source, wherever they stand."""
    agreed(bring(mini, "", "Head\n\ntext", "", "", "more text", "\n"))
    rows = list(csv.DictReader(io.StringIO(mini.read("witness/new-pages.csv"))))
    assert [(r["page"], r["note"]) for r in rows if r["note"] == "no text"] == [
        (p, "no text") for p in ("1", "3", "4", "6")
    ]
    agreed(mini.check())
    agreed(mini.build("tei"))


HOSTILE = """\
# no heading
> no quotation
12. no list
12) no list
- no list
+ no list
* no *list* and _no_ emphasis
---
===
~~~
:::{note}
```{note}
% no comment
(target)=
| no | table |
|---|---|
a | b
:-:|:-:
{{ title }} and {person}`Nobody` and {nosuchrole}`x`
[^1] and [^ed-1] and [x](y) and [x]: y
[^1]: no note
<b>no html</b> <!-- --> <https://x.example>
&amp; &lt; &#65; $x$ $$ y $$ \\ \\( `code` ``more``
a backslash at the end \\
no ¬ division and \u200bnothing\u200e seen
+++
***
___
1.
a ^ b ~~c~~ "quoted" it's -- so...
{
`
    indented
"""


@pytest.mark.parametrize("form", ["{}", "Head\n\n{}", "Head\n\nfirst\n{}\nlast"])
def test_what_is_markup_in_myst(tmp_path: Path, form: str) -> None:
    """Every line comes back as it was read, in every place of a block."""
    asked = set()
    lines = list(enumerate(HOSTILE.strip("\n").split("\n")))
    for some in (
        lines[at : at + 9] for at in range(0, len(lines), 9)
    ):  # the more texts, the slower
        mini = Mini(tmp_path / f"l{some[0][0]}")
        for at, line in some:
            if form == "{}" and line.startswith("<"):
                continue  # a file that begins so is markup
            agreed(bring(mini, form.format(line), name=f"l{at}-{{}}.txt", text=f"l{at}"))
        agreed(mini.build("tei"))
        asked |= {(p.partition("/")[0], p.rpartition(" ")[2]) for p in mini.check().problems}
    # A lone bracket stands in the lines with `\\(` and `{`, and in `12) no list` inside a paragraph: check asks
    # for these, and for nothing else.
    alone = {"l22", "l30"} | ({"l3"} if "first" in form else set())
    assert asked == {(text, "[marks-unbalanced]") for text in alone}


def test_all_that_is_markup_in_one_paragraph(mini: Mini) -> None:
    agreed(bring(mini, f"Head\n\n{HOSTILE}", text="whole"))
    agreed(mini.build("tei"))
    words = re.sub(
        r"\s+",
        "",
        re.sub("<[^>]*>", "", (mini.out / "tei" / "whole.xml").read_text().split("<text")[1]),
    )
    assert "{{title}}and{person}`Nobody`" in words


CLEAN = """\
The Title

Stalin and Trotsky, friends, were di-
vided by a word that is mis-
read and the comma, too; nothing
[lost] at <all> and `ticks` here.
A whole line that is not there at all
The end of it.
"""
READ = """\
The Titie

Stalin aud Trotsky friends , were dl-
vided by by a word tliat is mis—
read and the comma. toо; no thing
[l0st] at <a11> and `tlcks` here ■
The end 0f it.
\\{dirt}` <line> #auto (x)
"""


def test_corrected_transcription(mini: Mini) -> None:
    """What differs becomes roles; ``check`` passes at the first run, and T is the corrected text."""
    (mini.root.parent / "clean.txt").write_text(CLEAN, encoding="utf-8")
    agreed(bring(mini, READ, arguments=("--clean", str(mini.root.parent / "clean.txt"))))
    source = mini.read("new/new-01.md")
    assert "{ocr}`Title <Titie> #auto`" in source
    assert "mis{ocr}` <—> #auto (the hyphen of the division)`¬" in source
    assert "comma{ocr}`, <.> #auto`" in source
    assert "{supplied}`A whole line that is not there at all ? #auto`" in source
    agreed(mini.check())
    agreed(mini.build("tei"))
    tei = (mini.out / "tei" / "new.xml").read_text().split("<text")[1]
    typed = re.sub(r"<rdg[^>]*/>|<rdg.*?</rdg>", "", tei)
    words = " ".join(re.sub("<[^>]*>", "", re.sub('<lb[^>]*break="no"[^>]*/>', "", typed)).split())
    expected = " ".join(CLEAN.replace("-\n", "").split())
    assert expected.replace("<", "&lt;").replace(">", "&gt;") in words[words.index("The Title") :]


def test_corrected_glyphs(mini: Mini) -> None:
    """Marks of the text's table of glyphs are no misreadings to be marked again."""
    entry = 'folder: n2\n    title: N\n    siglum: O\n    witness: witness/n2.txt\n    sha256: ""\n    glyphs: {"’": "\'"}\n    parts: [{doc: n2, id: n2-1, type: chapter, n: 3, title: N}]'
    mini.write(
        "edition.yaml",
        mini.read("edition.yaml")
        + f'  n2:\n    author: ""\n    kind: print\n    description: D\n    witness_description: W\n    {entry}\n',
    )
    (mini.root.parent / "clean.txt").write_text("Head\nit's his\n", encoding="utf-8")
    agreed(
        bring(
            mini,
            "Head\nit’s hls\n",
            arguments=("--clean", str(mini.root.parent / "clean.txt")),
            text="n2",
        )
    )
    assert "it’s {ocr}`his <hls> #auto`" in mini.read("n2/n2.md")
    agreed(mini.check())


LINE = st.text(
    st.sampled_from(list("abAB 12.,-—'’`<>{}[]&*_\\#?()¬^|~$é\u0364ſ⸗")), min_size=1, max_size=24
)


@given(clean=LINE, read=LINE)
@settings(max_examples=300)
def test_difference_of_two_lines(clean: str, read: str) -> None:
    """A line's roles, put together again, read as both texts do."""
    clean, read = collapse_space(clean.replace("¬", "")), collapse_space(read)
    if not clean or not read:
        return
    done = compare.markup(clean, read, {}, starts_line=True, divided=False)
    t, o = layers(done)
    assert (t, o) == (clean, read)


@given(clean=LINE, read=LINE, ending=st.sampled_from(["-", " -", "—", " ~", "", ".-", "-"]))
@settings(max_examples=300)
def test_difference_of_two_divided_lines(clean: str, read: str, ending: str) -> None:
    """The hyphen of the division, shown, misread, moved off or lost."""
    clean, read = (
        collapse_space(clean.replace("¬", "")) + "a",
        collapse_space(read.replace("¬", "") + "a" + ending),
    )
    done = compare.markup(clean + "-", read, {}, starts_line=True, divided=True)
    t, o = layers(done.removesuffix("¬"))
    assert done.endswith("¬")
    assert (t.removesuffix("-"), o) == (clean, read)


def layers(source: str) -> tuple[str, str]:
    """What T and O read in a source line, by the signs alone (no parser of ours)."""
    t = o = ""
    at = 0
    while at < len(source):
        role = re.match(r"\{(ocr|supplied)\}(`+)", source[at:])
        if role:
            end = source.index(role[2], at + role.end())
            content = source[at + role.end() : end]
            if role[1] == "supplied":
                t += plain(content.removesuffix(" ? #auto"))
            else:
                found = parse_layer(content)
                t, o = t + plain(found.reading), o + found.source
            at = end + len(role[2])
        elif source[at] == "\\":
            t, o, at = t + source[at + 1], o + source[at + 1], at + 2
        elif reference := re.match(r"&#(\d+);", source[at:]):
            t, o, at = t + chr(int(reference[1])), o + chr(int(reference[1])), at + reference.end()
        else:
            t, o, at = t + source[at], o + source[at], at + 1
    return collapse_space(t), collapse_space(o)


def plain(text: str) -> str:
    return re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), text)


@given(LINE)
def test_roles_hold_any_reading(text: str) -> None:
    written = markup.ocr("z", text)
    assert parse_layer(re.fullmatch(r"\{ocr\}(`+)(.*)\1", written, re.DOTALL)[2]).source == text


# --- the record ----------------------------------------------------------------------------


def test_record_keeps_its_comments(mini: Mini) -> None:
    before = (
        mini.read("edition.yaml").replace("texts:\n", "texts:   # all of them\n")
        + "\n# the end\nkeywords: {scheme: x, terms: [a]}\n"
    )
    mini.write("edition.yaml", before)
    agreed(bring(mini, "Head\ntext", arguments=("--title", "A \"title\": <b> 'x' #1")))
    after = mini.read("edition.yaml")
    assert not [
        change
        for change in difflib.ndiff(before.split("\n"), after.split("\n"))
        if change.startswith("- ")
    ]
    assert yaml.safe_load(after)["texts"]["new"]["title"] == "A \"title\": <b> 'x' #1"
    assert "t/two\nnew/new-01\n```" in mini.read("index.md")
    agreed(mini.check())


@pytest.mark.parametrize(
    "texts", ["", "texts: {}  # none yet\n", "texts:\n", "texts:\n    a:\n        b: 1\n# c\n"]
)
def test_record_of_any_form(texts: str) -> None:
    old = f"title: T\n{texts}other: 1\n"
    new = record_edits.add(old, "edition.yaml", "x:\n  y: 1\n", "x")
    assert yaml.safe_load(new) == {
        **yaml.safe_load(old),
        "texts": {**(yaml.safe_load(old).get("texts") or {}), "x": {"y": 1}},
    }
    assert [c in new for c in ("# none yet", "# c")] == [c in old for c in ("# none yet", "# c")]


# --- nothing is written --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contents", "arguments", "text", "code"),
    [
        (("Head\ntext",), (), "Bad id", "import-text"),
        (("Head\ntext",), (), "t", "import-exists"),
        (("",), (), "new", "import-empty"),
        (("Head\ntext",), ("--witness", "B=x.txt"), "new", "import-witness"),
        (("Head\ntext", "<alto/>"), (), "new", "import-format"),
        (("<nosuch/>",), (), "new", "import-format"),
        (("Head\nwhat the machine read here",), ("--clean", "CLEAN"), "new", "import-clean"),
        (("Head\ntext",), ("--clean", "nosuch.txt"), "new", "import-missing"),
        (("<TEI/>",), (), "new", "import-format"),
        (("<TEI><text><body><p/></body></text></TEI>",), (), "new", "import-empty"),
    ],
)
def test_nothing_is_written(
    mini: Mini, contents: tuple[str, ...], arguments: tuple[str, ...], text: str, code: str
) -> None:
    clean = mini.root.parent / "clean.txt"
    clean.write_text("Quite another\ntext\nof more lines\nthan that", encoding="utf-8")
    before = state(mini)
    result = bring(
        mini,
        *contents,
        arguments=tuple(a.replace("CLEAN", str(clean)) for a in arguments),
        text=text,
    )
    assert (result.code, code in result.output, "Traceback" in result.output) == (1, True, False), (
        result.output
    )
    assert state(mini) == before


def test_dry_run(mini: Mini) -> None:
    before = state(mini)
    result = bring(mini, "Head\n\ntext", arguments=("--dry-run",))
    agreed(result)
    assert "would write edition/new/new-01.md" in result.output
    assert "{pb}`1`Head\n\ntext" in result.output
    assert state(mini) == before


@pytest.mark.parametrize(
    "texts", ["texts: {a: {b: 1}}\n", "texts: [a]\n", "a: &x {b: 1}\ntexts: *x\n"]
)
def test_record_that_cannot_be_added_to(texts: str) -> None:
    with pytest.raises(EditionError) as error:
        record_edits.add(f"title: T\n{texts}", "edition.yaml", "x:\n  y: 1\n", "x")
    assert error.value.problems[0].code == "import-record"


@pytest.mark.parametrize("name", ["new/new-01.md", "witness/new.txt", "witness/new-pages.csv"])
def test_nothing_is_overwritten(mini: Mini, name: str) -> None:
    mini.write(name, "mine")
    before = state(mini)
    result = bring(mini, "Head\n\ntext")
    assert (result.code, result.problems) == (1, [f"{name}:0: [import-exists]"])
    assert state(mini) == before


def test_record_that_leads_outside(mini: Mini) -> None:
    mini.write(
        "edition.yaml",
        mini.read("edition.yaml").replace("witness: witness/w.txt", "witness: ../../out.txt"),
    )
    result = bring(mini, "Head\n\ntext", text="t")
    assert (result.code, "[file-outside]" in result.output) == (1, True)
    assert not (mini.root.parent / "out.txt").exists()


# --- TEI -----------------------------------------------------------------------------------


def test_own_tei_comes_back(mini: Mini, tmp_path: Path) -> None:
    """Sources made of the exported TEI make the same text."""
    agreed(mini.build("tei"))
    first = (mini.out / "tei" / "t.xml").read_text()
    again = Mini(tmp_path / "again")
    for name in ("t/one.md", "t/two.md", "witness/w.txt", "witness/pages.csv"):
        again.path(name).unlink()
    agreed(again.run("import", str(mini.out / "tei" / "t.xml"), "--text", "t"))
    agreed(again.build("tei"))
    second = (again.out / "tei" / "t.xml").read_text()
    assert second[second.index("<text ") :] == first[first.index("<text ") :]
    assert [collapse_space(line) for line in again.read("witness/w.txt").split("\n")] == [
        collapse_space(line) for line in mini.read("witness/w.txt").split("\n")
    ]


FOREIGN = """\
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Foreign</title></titleStmt></fileDesc></teiHeader>
<text><body><pb n="5" facs="f5.png"/><div><head>The <hi>Head</hi></head>
<p>First line with a <persName ref="#x">name</persName><lb/>and a di-<lb break="no"/>vided word.<note n="a">A note.</note> An &amp; and a * star.</p>
<lg><l>Verse one</l><l>Verse two</l></lg><pb n="[6]"/><list><item>one</item><item>two</item></list>
<p>An <choice><sic>eror</sic><corr>error</corr></choice> and <choice><abbr>Dr</abbr><expan>Doctor</expan></choice><pb/> on page seven.</p>
<div><head>Inner</head><quote><p>Quoted.</p></quote><p># not a head</p></div></div></body></text></TEI>
"""


def test_foreign_tei(mini: Mini) -> None:
    result = bring(mini, FOREIGN, name="f{}.xml")
    agreed(result)
    source = mini.read("new/part-01.md")
    assert source.startswith(
        "{pb}`5`The Head\n===\n\nFirst line with a name\nand a di-¬\nvided word.[^1] An \\& and a \\* star.\n\n[^1]: A note.\n"
    )
    assert "{sic}`error <eror>`" in source
    assert "{abbr}`Doctor <Dr>`" in source
    assert "\\# not a head" in source
    assert "## Inner\n\n> Quoted." in source
    for told in ("<hi> in <head>", "note a is numbered 1", "<persName> in <p>"):
        assert told in result.output
    assert [
        row["page"] for row in csv.DictReader(io.StringIO(mini.read("witness/new-pages.csv")))
    ] == ["5", "6", "7"]
    assert mini.read("witness/new-images.csv") == "page,image\n5,f5.png\n"
    agreed(mini.check())
    agreed(mini.build("tei"))


def test_line_number_that_no_witness_has(mini: Mini) -> None:
    tei = '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body>\n<p><lb xml:id="o999999999"/>x</p></body></text></TEI>'
    result = bring(mini, tei, name="f{}.xml")
    assert (result.code, [p.partition("f1.xml")[2] for p in result.problems]) == (
        1,
        [":2: [import-size]"],
    )


def test_ids_of_parts_are_new(mini: Mini) -> None:
    """The parts of another file may be called as ours are."""
    agreed(mini.build("tei"))
    agreed(mini.run("import", str(mini.out / "tei" / "t.xml"), "--text", "copy"))
    parts = yaml.safe_load(mini.read("edition.yaml"))["texts"]["copy"]["parts"]
    assert [part["id"] for part in parts] == ["copy-ch-01", "copy-ch-02"]
    agreed(mini.build("tei"))


def test_text_without_pages(mini: Mini) -> None:
    """Where the record gives no page table, the source has no page breaks."""
    entry = (
        '  n2:\n    folder: n2\n    title: N\n    author: ""\n    kind: essay\n    description: D\n    witness_description: W\n'
        '    siglum: O\n    witness: witness/n2.txt\n    sha256: ""\n    parts: [{doc: n2, id: n2-1, type: chapter, n: 3, title: N}]\n'
    )
    mini.write("edition.yaml", mini.read("edition.yaml") + entry)
    agreed(bring(mini, "Head\n\ntext", "12\nmore", text="n2"))
    assert "{pb}" not in mini.read("n2/n2.md")
    agreed(mini.build("tei"))


SAMPLES = (
    page(
        ("n", "page-number", "1"),
        ("h", "heading", "Head"),
        ("p", "paragraph", "A word that is di-\nvided."),
        ("f", "footnote", "1 a"),
    ),
    '<alto><Layout><Page PHYSICAL_IMG_NR="1"><PrintSpace><TextBlock ID="a" IDNEXT="b"><TextLine><String CONTENT="x" WC="0.5" HPOS="1"/>'
    '<HYP CONTENT="-"/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>',
    '<html><div class="ocr_page" title="bbox 1 2 3 4; ppageno 1"><span class="ocr_line" title="bbox 1 2 3 4">a</span></div></html>',
    FOREIGN,
    '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><div xml:id="a"><pb n="1"/><head><lb n="1" xml:id="o0001"/>H</head><p><lb n="2" xml:id="o0002"/>'
    '<app><lem resp="#ed">a</lem><rdg wit="#O">b</rdg></app><note type="authorial" n="1"><lb n="3" xml:id="o0003"/><label>1</label> n</note>'
    "</p></div></body></text></TEI>",
)


@given(data=st.data())
@settings(max_examples=400)
def test_damage_is_a_problem_and_never_a_fault(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Files with pieces lost, doubled or exchanged are read or refused."""
    text = data.draw(st.sampled_from(SAMPLES))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        other = data.draw(
            st.sampled_from(
                [
                    "",
                    text[start:end] * 2,
                    "9" * 5000,
                    "-1",
                    "<pb/>",
                    "<lb/>",
                    '"',
                    "\u0660",
                    "⸗",
                    "-",
                    "<note>x</note>",
                    "nan",
                ]
            )
        )
        text = text[:start] + other + text[end:]
    path = tmp_path_factory.getbasetemp() / "damaged.xml"
    path.write_text(text, encoding="utf-8")
    try:
        kind, pages, roots = formats.read_all([path])
        if kind == formats.TEI:
            read_tei(roots[0], "f")
        else:
            compose.compose(pages, pages)
    except EditionError as error:
        assert all(problem.code.startswith("import-") for problem in error.problems)

"""The kinds of editions that ``tei-export new`` makes, each with a tiny sample text.

Each sample shows the particular features of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EditionKind:
    """A kind of edition. ``gloss`` describes the choice, ``about`` is for readers (Markdown)."""

    gloss: str
    about: str
    text_kind: str
    description: str
    witness_description: str
    caveat: str
    source: str
    witness: str
    pages: str = ""
    medium: str = ""
    origin: str = ""
    second: str = ""
    """the second witness of a text that has several"""


_TABLE = "page,first_line,last_line,number_seen_at_line,note\n"

_OCR = EditionKind(
    gloss="a text restored from an OCR text",
    about="The text is restored from an OCR text. Every departure from it is recorded and can be seen.",
    text_kind="example",
    description="A text of two pages, made up as an example.",
    witness_description="An OCR text, made up as an example.",
    caveat="Restored from an OCR text.",
    source="""\
{pb}`1`THE EXAMPLE
===

A line of the source is a line of the witness. The machine
{ocr}`misread <rnisread>` this word, and this word is divi-¬
{pb}`2`ded over a page.[^1]

[^1]: The number of a note stands as it is printed.

The {sic}`author <auhtor>` made this slip himself.
""",
    witness="""\
THE EXAMPLE
A line of the source is a line of the witness. The machine
rnisread this word, and this word is divi-
2
ded over a page.1
The auhtor made this slip himself.
1 The number of a note stands as it is printed.
""",
    pages=_TABLE + "1,1,3,,inferred from page 2\n2,4,7,4,\n",
    origin="ocr",
)

_PRINT = EditionKind(
    gloss="a printed text, transcribed",
    about="The text follows a print, line by line. The transcription is its witness.",
    text_kind="print",
    description="A print of two pages, made up as an example.",
    witness_description="A transcription of the print, line by line, made up as an example.",
    caveat="Transcribed from one copy of the print.",
    source="""\
{pb}`1`The Printed Page
===

The print divides words at the end of its li-¬
nes; the sign after the hyphen joins them again.

## A Section

> What the print sets as a quotation is written so.

The {sic}`compositor <compositer>` erred here, and a word goes o-¬
{sig}`A 2` {catch}`ver`
{pb}`2`{pagenum}`( 2 )`
ver what stands at the foot and the head of a page.
""",
    witness="""\
The Printed Page
The print divides words at the end of its li-
nes; the sign after the hyphen joins them again.
A Section
What the print sets as a quotation is written so.
The compositer erred here, and a word goes o-
A 2 ver
( 2 )
ver what stands at the foot and the head of a page.
""",
    pages=_TABLE + "1,1,7,,the page has no number\n2,8,9,8,\n",
    medium="print",
    origin="transcription",
)

_MANUSCRIPT = EditionKind(
    gloss="a manuscript, transcribed",
    about="The text follows a manuscript, line by line. The transcription is its witness.",
    text_kind="manuscript",
    description="A manuscript of one page, made up as an example.",
    witness_description="A transcription of the manuscript, line by line, made up as an example.",
    caveat="Transcribed from the manuscript.",
    source="""\
{pb}`1r`Of Writing
===

Each line of the manuscript is a line of the source.
What cannot be read with certainty is {unclear}`faded ?`,
and what nobody can read is a {gap}`1 word` of its own.
The writer {del}`wrote <struck>` {add}`put <above>` this, and {subst}`began <ended >` anew.
""",
    witness="""\
Of Writing
Each line of the manuscript is a line of the source.
What cannot be read with certainty is faded,
and what nobody can read is a of its own.
The writer wrote put this, and ended began anew.
""",
    pages=_TABLE + "1r,1,5,,the leaf has no number\n",
    medium="manuscript",
    origin="transcription",
)

_LETTERS = EditionKind(
    gloss="letters, one file each",
    about="Each letter is a part of the text, with the lines of its transcription.",
    text_kind="letters",
    description="A letter, made up as an example.",
    witness_description="A transcription of the letter, line by line, made up as an example.",
    caveat="Transcribed from the letter.",
    source="""\
To a Friend
===

```{dateline}
London, {date}`the first of May 1804 <1804-05-01>`
```

```{salute}
Dear friend,
```

{supplied}`I ? (the corner is torn)` write to you at once, for the post
leaves at noon.

```{signed}
Your servant
```
""",
    witness="""\
To a Friend
London, the first of May 1804
Dear friend,
write to you at once, for the post
leaves at noon.
Your servant
""",
    medium="manuscript",
    origin="transcription",
)

_WITNESSES = EditionKind(
    gloss="a text of several witnesses",
    about="The text follows one witness, line by line. What another reads is in the apparatus.",
    text_kind="poem",
    description="Two lines, made up as an example.",
    witness_description="The base witness, transcribed line by line, made up as an example.",
    caveat="Two copies are compared.",
    source="""\
Two Lines
===

The river {app}`runs <B: ran>` below the hill,
And where it stood the mill stands still.
""",
    witness="""\
Two Lines
The river runs below the hill,
And where it stood the mill stands still.
""",
    second="""\
Two Lines

The river ran below the hill,
And where it stood the mill stands still.
""",
    medium="manuscript",
)

_DIGITAL = EditionKind(
    gloss="a text that was born digital",
    about="The text was received as a file. That file is its witness.",
    text_kind="essay",
    description="A short text, made up as an example.",
    witness_description="The text as it was received, one paragraph a line; made up as an example.",
    caveat="The text is given as it was received.",
    source="""\
A Received Text
===

One paragraph is one line, because the file has no pages.

The {sic}`second <secnod>` paragraph has a slip.
""",
    witness="""\
A Received Text
One paragraph is one line, because the file has no pages.
The secnod paragraph has a slip.
""",
)

KINDS = {
    "ocr": _OCR,
    "print": _PRINT,
    "manuscript": _MANUSCRIPT,
    "letters": _LETTERS,
    "witnesses": _WITNESSES,
    "digital": _DIGITAL,
}

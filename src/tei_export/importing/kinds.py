"""The kinds of editions that ``tei-export new`` makes, each with a tiny sample text.

Each sample shows only what the program supports today; ``limit`` states what it does not.
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
    limit: str = ""


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
)

_PRINT = EditionKind(
    gloss="a printed text, transcribed",
    about="The text follows a print, line by line. The transcription is its witness.",
    text_kind="print",
    description="A print of one page, made up as an example.",
    witness_description="A transcription of the print, line by line, made up as an example.",
    caveat="Transcribed from one copy of the print.",
    source="""\
{pb}`1`The Printed Page
===

The print divides words at the end of its li-¬
nes; the sign after the hyphen joins them again.

## A Section

> What the print sets as a quotation is written so.

The {sic}`compositor <compositer>` erred here.
""",
    witness="""\
The Printed Page
The print divides words at the end of its li-
nes; the sign after the hyphen joins them again.
A Section
What the print sets as a quotation is written so.
The compositer erred here.
""",
    pages=_TABLE + "1,1,6,,the page has no number\n",
)

_MANUSCRIPT = EditionKind(
    gloss="a manuscript, transcribed",
    about="The text follows a manuscript, line by line. The transcription is its witness.",
    text_kind="manuscript",
    description="A manuscript of one page, made up as an example.",
    witness_description="A transcription of the manuscript, line by line, made up as an example.",
    caveat="Transcribed from the manuscript; deletions and additions of its writer are not marked.",
    source="""\
{pb}`1`Of Writing
===

Each line of the manuscript is a line of the source.
What cannot be read with certainty is {unclear}`faded ?`,
and what nobody can read is a {gap}`1 word` of its own.
""",
    witness="""\
Of Writing
Each line of the manuscript is a line of the source.
What cannot be read with certainty is faded,
and what nobody can read is a of its own.
""",
    pages=_TABLE + "1,1,4,,the leaf has no number\n",
    limit="Today pages have numbers (12, ix), not folios (12r), and deletions, additions and hands have no markup.",
)

_LETTERS = EditionKind(
    gloss="letters, one file each",
    about="Each letter is a part of the text, with the lines of its transcription.",
    text_kind="letters",
    description="A letter, made up as an example.",
    witness_description="A transcription of the letter, line by line, made up as an example.",
    caveat="Transcribed from the letter; its opening and closing are encoded as paragraphs.",
    source="""\
To a Friend
===

London, the first of May

Dear friend,

{supplied}`I ? (the corner is torn)` write to you at once, for the post
leaves at noon.

Your servant
""",
    witness="""\
To a Friend
London, the first of May
Dear friend,
write to you at once, for the post
leaves at noon.
Your servant
""",
    limit="Today date line, salutation and signature have no markup of their own: they are paragraphs.",
)

_WITNESSES = EditionKind(
    gloss="a text of several witnesses",
    about="The text follows one witness, line by line. Readings of other witnesses are given in editors' notes.",
    text_kind="poem",
    description="Two lines, made up as an example.",
    witness_description="The base witness, transcribed line by line, made up as an example.",
    caveat="One witness is recorded line by line; readings of the other are in editors' notes.",
    source="""\
Two Lines
===

The river runs[^ed-1] below the hill,
And where it stood the mill stands still.

[^ed-1]: runs: ran in the second witness.
""",
    witness="""\
Two Lines
The river runs below the hill,
And where it stood the mill stands still.
""",
    limit="Today a text has one witness in its record; readings of others are editors' notes, not an apparatus.",
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

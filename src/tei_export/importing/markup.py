"""Write text as MyST: escape characters that would be markup, and build roles.

Markup is CommonMark 0.31 with the extensions of MyST, and the roles of this project
(docs/markup.md). Text outside roles is escaped with backslashes. Text inside a role is escaped with
character references, because the parser finds a role's own delimiters (``<``, ``>``, backticks)
before it resolves escapes.
"""

from __future__ import annotations

import re

from tei_export.model.vocabulary import CONJECTURE, MISREADING

#: Characters that may be markup anywhere in a line.
_INLINE = re.compile(r"[\\`*_{}\[\]<&$|~]")
#: Beginnings of blocks, lists, comments, targets … at the start of a line.
_START = re.compile(r"[#>+\-=%:^]|\((?=[^)]+\)=)")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
#: Characters that are markup inside a role's reading.
_IN_ROLE = re.compile(r"[\\`*_{}\[\]<>&$|~]")
#: The sign of a divided word, and invisible characters: zero-width and direction marks, but not the
#: joiners U+200C and U+200D, which many languages need in their spelling.
_NO_PRINT = re.compile(
    "([¬\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]+)"
)


def escape(text: str, *, starts_line: bool = False) -> str:
    """Escape ``text`` so that MyST reads it back unchanged.

    :param starts_line: nothing precedes the text in its line
    """
    done = []
    at = 0
    if starts_line:
        numbered = _NUMBERED.match(text)
        if numbered:
            done.append(f"{numbered[1]}\\{numbered[2]}")
            at = numbered.end()
        elif _START.match(text):
            done.append(f"\\{text[0]}")
            at = 1
    rest = text[at:]
    # the parser looks for "[^" before it resolves escapes (notes), but never in character
    # references
    done.append(
        _INLINE.sub(lambda m: "&#91;" if rest.startswith("[^", m.start()) else f"\\{m[0]}", rest)
    )
    return "".join(done)


def in_role(text: str) -> str:
    """Escape ``text`` for the reading of a role."""
    return _IN_ROLE.sub(lambda m: f"&#{ord(m[0])};", text)


def role(name: str, content: str) -> str:
    """Return a role, with more backticks around it than inside; ``content`` is not escaped."""
    longest = max((len(run) for run in re.findall("`+", content)), default=0)
    fence = "`" * (longest + 1)
    return f"{{{name}}}{fence}{content}{' ' if content.endswith('`') else ''}{fence}"


def ocr(reading: str, source: str, why: str = "", *, auto: bool = True) -> str:
    """Return ``{ocr}`reading <source> #auto```: a misreading, as judged by a program.

    :param reading: plain text
    :param source: the witness's reading, character for character
    :param why: the reason
    :param auto: whether a program made the judgement
    """
    tail = (" #auto" if auto else "") + (f" ({why})" if why else "")
    return role(MISREADING, f"{in_role(reading)} <{source}>{tail}")


def supplied(words: str) -> str:
    """Return words that the witness has lost."""
    return role(CONJECTURE, f"{in_role(words)} ? #auto")


def page_break(label: str, source: str = "") -> str:
    """Return ``{pb}`12```, with the witness's reading if it has another number."""
    return role("pb", f"{label} <{source}>" if source and source != label else label)


def text_of_line(text: str, *, starts_line: bool) -> str:
    """Return the markup of a witness line that the text reads in the same way.

    Characters that never occur in print (``¬`` inside the line, invisible ones) are marked as
    misreadings.
    """
    done = ""
    for piece in _NO_PRINT.split(text):
        if _NO_PRINT.fullmatch(piece):
            done += ocr("", piece, "no print has this")
        else:
            done += escape(piece, starts_line=starts_line and not done)
    return done

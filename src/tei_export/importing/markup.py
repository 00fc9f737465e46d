"""Text written as MyST: what would be markup is escaped, and roles are put together.

What is markup: CommonMark 0.31 with the extensions of MyST, and the roles of this project
(docs/markup.md). Text outside roles gets backslashes; text inside a role gets character
references, because a role's own signs (``<``, ``>``, backticks) are found before escapes are.
"""

from __future__ import annotations

import re

#: Signs that may be markup anywhere in a line.
_INLINE = re.compile(r"[\\`*_{}\[\]<&$|~]")
#: What begins a block, a list, a comment, a target … at the beginning of a line.
_START = re.compile(r"[#>+\-=%:^]|\((?=[^)]+\)=)")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
#: Signs that are markup inside a role's reading.
_IN_ROLE = re.compile(r"[\\`*_{}\[\]<>&$|~]")
#: The sign of a divided word, and what nobody sees: zero-width and direction marks (the joiners
#: U+200C and U+200D are part of the spelling of many languages).
_NO_PRINT = re.compile("([¬\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]+)")
#: The sign of a divided word; in a text it would be taken for that.
DIVIDED = "¬"


def escape(text: str, *, starts_line: bool = False) -> str:
    """``text`` as MyST reads it back; ``starts_line``: nothing stands before it in its line."""
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
    # "[^" is looked for before escapes are read (notes); a character reference is never found
    done.append(_INLINE.sub(lambda m: "&#91;" if rest.startswith("[^", m.start()) else f"\\{m[0]}", rest))
    return "".join(done)


def in_role(text: str) -> str:
    """``text`` as the reading of a role."""
    return _IN_ROLE.sub(lambda m: f"&#{ord(m[0])};", text)


def role(name: str, content: str) -> str:
    """A role, with more backticks around it than inside; what goes in stays as it is."""
    longest = max((len(run) for run in re.findall("`+", content)), default=0)
    fence = "`" * (longest + 1)
    return f"{{{name}}}{fence}{content}{' ' if content.endswith('`') else ''}{fence}"


def ocr(reading: str, source: str, why: str = "", *, auto: bool = True) -> str:
    """``{ocr}`reading <source> #auto```: what the machine misread, by a program's judgement.

    ``reading`` is plain text, ``source`` what the witness has, character for character.
    """
    tail = (" #auto" if auto else "") + (f" ({why})" if why else "")
    return role("ocr", f"{in_role(reading)} <{source}>{tail}")


def supplied(words: str) -> str:
    """Words that the witness has lost."""
    return role("supplied", f"{in_role(words)} ? #auto")


def page_break(label: str, source: str = "") -> str:
    """``{pb}`12```, with what the witness has where it reads the number otherwise."""
    return role("pb", f"{label} <{source}>" if source and source != label else label)


def text_of_line(text: str, *, starts_line: bool) -> str:
    """A line of the witness that the text reads the same: escaped; what no print has (a ``¬``
    inside the line, invisible characters) is the machine's."""
    done = ""
    for piece in _NO_PRINT.split(text):
        if _NO_PRINT.fullmatch(piece):
            done += ocr("", piece, "no print has this")
        else:
            done += escape(piece, starts_line=starts_line and not done)
    return done

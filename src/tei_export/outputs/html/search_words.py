"""List which files of a large site's search index contain which words, in pieces for browsers.

Loading a long text as a whole would make readers wait. Its index is therefore divided into files;
``searchdata/words/…`` lists the files that contain each word, and ``search-files.js`` loads only
these. The search itself is the same as on a small site, which loads everything. A piece is a range
of words in the order of code units. This module folds words exactly as ``search-words.js`` does: a
test compares the two.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: Bytes of a piece, before compression.
PIECE = 40_000
#: The prefix of a Russian word in Latin letters.
RUSSIAN = "~"
#: Letters of one kind, and the letter for comparison (``LETTERS`` of the script).
_LETTERS = str.maketrans(
    {
        "ѣ": "е", "і": "и", "ѳ": "ф", "ѵ": "и", "ѡ": "о", "ѕ": "з", "ѫ": "у", "ѧ": "я", "ѯ": "кс", "ѱ": "пс",
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    }
)  # fmt: skip
#: Russian in Latin letters (``LATIN`` of the script).
_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k", "л": "l",
        "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch",
        "ш": "sh", "щ": "shch", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    }
)  # fmt: skip
_APOSTROPHES = "'’ʼʹʺ"
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_FINAL = re.compile("(?<=[\u0430-\u044f])ъ\\Z")
_HYPHEN = re.compile("[-‐‑]¬*")
_LATIN_FORMS = (
    (re.compile("^ye"), "e"), (re.compile("([aeiouy])ye"), r"\1e"), (re.compile("yo"), "e"), (re.compile("[yj]"), "i"),
    (re.compile("x"), "ks"), (re.compile("i+"), "i"), (re.compile("ie"), "e"),
)  # fmt: skip


@cache
def folded(word: str) -> str:
    """Return a word folded for comparison."""
    plain = unicodedata.normalize("NFKD", word.lower()).replace("и\u0306", "й")
    kept = (c for c in plain if c not in _APOSTROPHES and c not in '¬"' and not _mark(c))
    return _FINAL.sub("", "".join(kept).translate(_LETTERS))


@cache
def latin(word: str) -> str:
    """Return a folded Russian word in Latin letters, in the spelling common to several schemes."""
    plain = word.translate(_LATIN)
    for form, written in _LATIN_FORMS:
        plain = form.sub(written, plain)
    return plain


@cache
def _mark(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "M"


@cache
def _belongs(sign: str) -> bool:
    """Return whether a sign belongs to a word."""
    return sign == "¬" or unicodedata.category(sign)[0] in "LNM"


@cache
def _word(marks: str) -> re.Pattern[str]:
    """Return the pattern of a word that may contain ``marks``, which Python's ``\\w`` does not match."""
    sign = f"(?:[^\\W_]|[¬{re.escape(marks)}])"
    return re.compile(f"{sign}+(?:[{_APOSTROPHES}]{sign}+)*")


def tokens(text: str) -> list[tuple[str, str]]:
    """Return the words of a text, each with the hyphenated word that it begins, or an empty string."""
    odd = "".join(sorted(c for c in set(text) if not c.isalnum() and _belongs(c)))
    found = [
        (m.end() - len(m[0].lstrip("¬")), m.end(), key)
        for m in _word(odd).finditer(text)
        if (key := folded(m[0]))
    ]
    result = []
    at = 0
    while at < len(found):
        last = at
        while last + 1 < len(found) and _HYPHEN.fullmatch(text, found[last][1], found[last + 1][0]):
            last += 1
        run = [key for _start, _end, key in found[at : last + 1]]
        result.append((run[0], "".join(run) if len(run) > 1 else ""))
        result += [(key, "") for key in run[1:]]
        at = last + 1
    return result


def words_of(units: Iterable[Sequence[Any]]) -> set[str]:
    """Return all words that find the units of a file: those of texts and readings, hyphenated words
    as a whole, Russian words also in Latin letters."""
    found: set[str] = set()
    for _kind, _label, _places, text, readings, *_numbers in units:
        for key, whole in tokens(text):
            found.add(key)
            if whole:
                found.add(whole)
        for other in readings[3::4] if isinstance(readings, list) else ():
            keys = [key for key, _whole in tokens(other)]
            found.update(keys)
            found.add("".join(keys))
    found.discard("")
    return found | {RUSSIAN + latin(word) for word in found if _CYRILLIC.search(word)}


def pieces(files: Sequence[set[str]]) -> Iterator[tuple[str, str]]:
    """Yield the first word of each piece, and its lines: a word and the files that contain it (``0-3,7``)."""
    holding: dict[str, list[int]] = {}
    for number, words in enumerate(files):
        for word in words:
            holding.setdefault(word, []).append(number)
    first, size = "", 0
    lines: list[str] = []
    for word in sorted(holding, key=_as_browsers):
        line = f"{word} {runs(holding[word])}"
        if lines and size > PIECE:
            yield first, "\n".join(lines)
            lines, size = [], 0
        first = first if lines else word
        lines.append(line)
        size += len(line.encode()) + 1
    if lines:
        yield first, "\n".join(lines)


def _as_browsers(word: str) -> bytes:
    """Return the sort key of a word in browsers: its UTF-16 code units."""
    return word.encode("utf-16-be", "surrogatepass")


def runs(numbers: Sequence[int]) -> str:
    """Return ascending numbers as runs: ``0-3,7``."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ",".join(f"{a}-{b}" if b > a else f"{a}" for a, b in found)


def cut(data: Mapping[str, Any], most: int) -> Iterator[dict[str, Any]]:
    """Divide the content of one file into files of about ``most`` bytes, without dividing a unit."""
    held: list[dict[str, Any]] = []
    size = 0
    for page in data["pages"]:
        units: list[Sequence[Any]] = []
        for unit in page["units"]:
            units.append(unit)
            size += len(json.dumps(unit, ensure_ascii=False).encode())
            if size > most:
                yield {**data, "pages": [*held, {**page, "units": units}]}
                held, units, size = [], [], 0
        if units:
            held.append({**page, "units": units})
    if held:
        yield {**data, "pages": held}

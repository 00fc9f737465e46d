"""How faithfully a witness's file is compared: the degrees of proof, and the rules of folding.

:mod:`tei_export.proof.regenerate` has the same rules, without this module.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


_FOLDS: dict[str, Callable[[str], str]] = {
    "case": str.casefold,
    "punctuation": lambda text: "".join(c if c.isalnum() else " " for c in text),
    "final punctuation": lambda text: re.sub(r"[^\w\s]+(?=\s|\Z)", "", text),
    "u/v": lambda text: text.replace("v", "u").replace("V", "U"),
    "i/j": lambda text: text.replace("j", "i").replace("J", "I"),
    "ſ/s": lambda text: text.replace("ſ", "s"),
    "æ/ae": lambda text: text.replace("æ", "ae").replace("Æ", "AE"),
    "œ/oe": lambda text: text.replace("œ", "oe").replace("Œ", "OE"),
    "accents": lambda text: "".join(
        c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)
    ),
}
#: rule of ``fold`` → the differences that it ignores
FOLD_RULES = {
    "case": "upper and lower case",
    "punctuation": "all characters except letters and digits",
    "final punctuation": "punctuation at the end of a word",
    "u/v": "u and v",
    "i/j": "i and j",
    "ſ/s": "long and round s",
    "æ/ae": "æ and ae",
    "œ/oe": "œ and oe",
    "accents": "accents",
}
#: degree of faithfulness → its meaning
PROOFS = {
    "letters": "every letter, punctuation mark and space; the proof ignores the amount of white space and the line ends",
    "words": "every letter and digit; the proof ignores capitals and punctuation",
    "significant": "what remains after the rules of `fold`",
}
#: The rules of a degree; of ``significant`` the record names them.
RULES_OF = {"letters": (), "words": ("case", "punctuation")}


def spaced(rules: Iterable[str]) -> bool:
    """Return whether the proof compares word boundaries; without signs, *well-known* and *well
    known* are equal."""
    return "punctuation" not in rules


def folded(text: str, rules: Iterable[str]) -> str:
    """Return ``text`` folded by ``rules`` (:data:`FOLD_RULES`), for comparison; white space stays."""
    for rule in rules:
        text = _FOLDS[rule](text)
    return text

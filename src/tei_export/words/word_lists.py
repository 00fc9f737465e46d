"""Find and query word lists: hunspell dictionaries.

A dictionary is a pair of files, NAME.dic and NAME.aff. spylls reads them; it is a port of
hunspell to Python, without a compiler and without other packages.
"""

from __future__ import annotations

import io
import os
import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.core import get_global

from tei_export.model.problems import EditionError, Problem
from tei_export.model.safe_read import inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tei_export.model.edition import Edition

#: The field of the record: language → name of a dictionary, or a list of names.
FIELD = "word_lists"
#: Where systems keep their dictionaries, besides the folders of the variable DICPATH.
SYSTEM = (
    "/usr/share/hunspell",
    "/usr/share/myspell/dicts",
    "/usr/local/share/hunspell",
    "/opt/homebrew/share/hunspell",
    "/Library/Spelling",
)
_NAME = re.compile(r"(?:@[\w-]+/)?[\w-][\w.-]*")
_SUGGESTIONS = 3
#: The maximum length of a word: looking for similar words takes the square of it.
LONGEST = 60

#: endings of adjectives and pronouns before and since 1918
_OLD_ENDINGS = (
    ("аго", "ого"),
    ("аго", "его"),
    ("яго", "его"),
    ("ыя", "ые"),
    ("ія", "ие"),
    ("ея", "ее"),
)
_OLD_LETTERS = str.maketrans("ѣѢіІѳѲѵѴ", "еЕиИфФиИ")


def modern_russian(word: str) -> list[str]:
    """Return possible modern spellings of ``word``, which is in the orthography before 1918.

    ѣ becomes е, і and ѵ become и, ѳ becomes ф, a final ъ disappears; endings like -аго are also tried as -ого.
    """
    found = [word]
    for old, new in _OLD_ENDINGS:
        if word.endswith(old):
            found.append(word.removesuffix(old) + new)
    return [w.removesuffix("ъ").removesuffix("Ъ").translate(_OLD_LETTERS) for w in found]


class WordList:
    """The dictionaries of one language."""

    def __init__(self, dictionaries: Sequence[Any], *, old_russian: bool = False) -> None:
        self._dictionaries = dictionaries
        self._old_russian = old_russian
        self._known: dict[str, bool] = {}

    def knows(self, word: str) -> bool:
        """Return whether a dictionary has ``word`` or forms it by its rules."""
        if word not in self._known:
            self._known[word] = any(self._look_up(form) for form in self._forms(word))
        return self._known[word]

    def suggestions(self, word: str) -> list[str]:
        """Return the nearest words, at most three."""
        if len(word) > LONGEST:
            return []
        found = [
            s
            for d in self._dictionaries
            for s in islice(d.suggest(self._forms(word)[0]), _SUGGESTIONS)
        ]
        return list(dict.fromkeys(found))[:_SUGGESTIONS]

    def _forms(self, word: str) -> list[str]:
        forms = modern_russian(word) if self._old_russian else [word]
        return list(dict.fromkeys((*forms, *(f.replace("ё", "е") for f in forms))))

    def _look_up(self, word: str) -> bool:
        return any(d.lookup(word) for d in self._dictionaries)


class WordLists:
    """The word lists of an edition, each loaded on its first use."""

    def __init__(self, edition: Edition, root: Path) -> None:
        self._edition = edition
        self._root = root
        self._loaded: dict[str, Any] = {}
        self._lists: dict[str, WordList] = {}
        self._names = _names(edition)

    def __getitem__(self, language: str) -> WordList:
        """Return the list of a language tag.

        :raises EditionError: ``word-list``: no dictionary, or no package to read it
        """
        if language not in self._lists:
            names = self._names.get(language) or self._names.get(_primary(language))
            paths = (
                [self._named(language, n) for n in names] if names else [self._of_system(language)]
            )
            self._lists[language] = WordList(
                [self._read(path) for path in paths], old_russian=language == "ru-petr1708"
            )
        return self._lists[language]

    def _named(self, language: str, name: str) -> Path:
        """Return the file of a dictionary that the record names."""
        source = self._edition.source
        line = source.line(f"{FIELD}.{language}") or source.line(f"{FIELD}.{_primary(language)}")
        if name.endswith(".dic"):
            return inside(self._edition.root, name, origin=source.file, line=line)
        for path in self._places(name):
            if path.is_file():
                return path
        detail = f"{name}, which the record names for {language}, is not installed"
        raise EditionError(Problem("word-list", source.file, line, detail))

    def _of_system(self, language: str) -> Path:
        """Return the file of a dictionary of ``language`` if the record names none."""
        primary = _primary(language)
        likely = str(get_global("likely_subtags").get(primary, "")).split("_")
        candidates = (
            language.replace("-", "_"),
            f"{primary}_{likely[-1]}",
            primary,
            f"dictionary-{primary}",
        )
        for name in dict.fromkeys(candidates):
            for path in self._places(name):
                if path.is_file():
                    return path
        detail = f"none is installed for {language}, and the record names none"
        raise EditionError(
            Problem(
                "word-list", self._edition.source.file, self._edition.source.line(FIELD), detail
            )
        )

    def _folders(self) -> list[Path]:
        given = [f for f in os.environ.get("DICPATH", "").split(os.pathsep) if f]
        return [Path(f) for f in (*given, *SYSTEM)] + list(self._packages())

    def _packages(self) -> Iterator[Path]:
        """Folders of npm packages: the edition's own, and the one that ``make`` names."""
        yield self._root / "node_modules"
        if os.environ.get("TEI_EXPORT_NODE_MODULES"):
            yield Path(os.environ["TEI_EXPORT_NODE_MODULES"])

    def _places(self, name: str) -> Iterator[Path]:
        for folder in self._folders():
            yield folder / f"{name}.dic"
            yield folder / name / "index.dic"

    def _read(self, path: Path) -> Any:
        """Return the dictionary in ``path``; its rules are beside it, in a file that ends in ``.aff``."""
        source = self._edition.source
        line = source.line(FIELD)
        try:
            return _dictionary(path)
        except ImportError:
            detail = "the package spylls, which reads it, is not installed: pip install 'tei-export[words]'"
        except Exception as error:  # the exception of spylls for a file that is not a dictionary depends on the file
            detail = f"{path.name} and {path.with_suffix('.aff').name} cannot be read: {type(error).__name__}"
        raise EditionError(Problem("word-list", source.file, line, detail))


def _dictionary(path: Path) -> Any:
    """Return spylls' dictionary of a pair of files; its own function leaves the files open."""
    from spylls.hunspell import Dictionary, readers

    class Reader(readers.FileReader):  # type: ignore[misc]
        def _open(self, path: Path, encoding: str) -> io.StringIO:
            return io.StringIO(path.read_text(encoding=encoding, errors="surrogateescape"))

    aff, context = readers.read_aff(Reader(path.with_suffix(".aff")))
    words = readers.read_dic(Reader(path, encoding=context.encoding), aff=aff, context=context)
    return Dictionary(aff, words)


def _primary(language: str) -> str:
    return language.partition("-")[0]


def _names(edition: Edition) -> dict[str, list[str]]:
    """Return the field of the record: language → names.

    :raises EditionError: ``record-field``
    """
    value = edition.record.get(FIELD) or {}
    found: dict[str, list[str]] = {}
    for language, names in value.items() if isinstance(value, dict) else [("", value)]:
        names = [names] if isinstance(names, str) else names
        if (
            not isinstance(names, list)
            or not names
            or not all(_fits(n) for n in names)
            or not isinstance(language, str)
        ):
            at = f"{FIELD}.{language}" if language else FIELD
            detail = f"{at} is the name of a dictionary (en_US, dictionary-en), of a file (words/own.dic), or a list of them"
            raise EditionError(
                Problem("record-field", edition.source.file, edition.source.line(at), detail)
            )
        found[language] = names
    return found


def _fits(name: object) -> bool:
    return isinstance(name, str) and (name.endswith(".dic") or bool(_NAME.fullmatch(name)))

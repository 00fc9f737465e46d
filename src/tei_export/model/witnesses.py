"""The witnesses of a text as the record names them: sigla, files, degrees of faithfulness, groups.

A text with one witness may be recorded in short (``siglum``, ``witness``, ``sha256``); :func:`load` gives both forms
the same shape. One witness, the *base*, gives pages and lines and is proved line by line
(:mod:`tei_export.model.base_witness`); the others are proved word by word (:mod:`tei_export.model.word_differences`).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tei_export.model.faithfulness import RULES_OF
from tei_export.model.problems import EditionError, Problem
from tei_export.model.safe_read import inside, read_bytes, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

#: The checksums of the witness files of a folder, as ``sha256sum`` writes and checks them.
CHECKSUMS = "SHA256SUMS"
_SEAL = re.compile(r"([0-9a-f]{64})  (\S.*)")


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness of a text.

    ``id``: its ``xml:id`` in TEI. ``proof``, ``rules``: the degree of faithfulness, and the folding
    that follows from it. ``of``: the witness that this one represents (OCR). ``group``: the
    witnesses that share this siglum. ``date``: when it was made or published, in words.
    ``content``: its file; empty without one, and for the base, whose lines are read elsewhere.
    """

    siglum: str
    id: str
    name: str = ""
    description: str = ""
    file: str = ""
    sha256: str = ""
    proof: str = "letters"
    rules: tuple[str, ...] = ()
    of: str = ""
    medium: str = ""
    group: tuple[str, ...] = ()
    fragmentary: bool = False
    lost: bool = False
    base: bool = False
    content: str = ""
    date: str = ""

    @property
    def label(self) -> str:
        """The siglum; in brackets the name for readers, if different, and the date, unless the name
        contains it."""
        name = self.name if self.name != self.siglum else ""
        date = self.date if self.date not in name else ""
        inside = ", ".join(words for words in (name, date) if words)
        return f"{self.siglum} ({inside})" if inside else self.siglum

    @property
    def proved(self) -> bool:
        """Whether the witness is proved word by word from its own file."""
        return bool(self.file) and not self.base

    @property
    def cited(self) -> bool:
        """Whether it agrees with the lemma wherever the apparatus does not name it."""
        return (
            not self.group
            and not self.of
            and not self.lost
            and bool(self.file or self.base or not self.fragmentary)
        )


def tei_id(siglum: str, taken: Iterable[str] = ()) -> str:
    """Return the ``xml:id`` of a witness: ``B²`` → ``B2``, ``Γ`` → ``W-gamma``, ``par. lat. 7900`` → ``W-par-lat-7900``.

    It begins with a capital, unlike the ids of parts, lines and entries.
    """
    done = ""
    for char in unicodedata.normalize("NFKD", siglum):
        if char.isascii():
            done += char if char.isalnum() else "-"
        elif char.isalnum():
            done += unicodedata.name(char, f"U{ord(char):04X}").rpartition(" ")[2].lower()
    done = re.sub("-+", "-", done).strip("-") or "-".join(f"{ord(c):x}" for c in siglum)
    if not done[0].isupper():
        done = f"W-{done}"
    used = set(taken)
    name, number = done, 1
    while name in used:
        number += 1
        name = f"{done}-{number}"
    return name


def load(root: Path, given: Mapping[str, Any], record: str = "edition.yaml") -> tuple[Witness, ...]:
    """Return the witnesses of a text, in the order of the record; the base's file is read by its own module.

    :param root: the folder of the edition
    :param given: the fields of the text, whose forms are checked
    :param record: the name of the record, for problems
    :raises EditionError: a file is missing, has changed (``witness-changed``), or its checksum was never kept
        (``witness-unsealed``)
    """
    items = given.get("witnesses")
    if not isinstance(items, dict):
        siglum = str(given.get("siglum") or "")
        return (
            Witness(
                siglum,
                siglum,
                "",
                str(given.get("witness_description") or ""),
                str(given.get("witness") or ""),
                str(given.get("sha256") or ""),
                base=True,
            ),
        )
    found: list[Witness] = []
    problems: list[Problem] = []
    lines = line_witness(given)
    taken = {"T", "E"}
    for siglum, item in items.items():
        if not isinstance(item, dict):
            continue
        try:
            witness = _one(
                root, str(siglum), item, tei_id(str(siglum), taken), siglum == lines, record
            )
        except EditionError as error:
            problems += error.problems
            continue
        taken.add(witness.id)
        found.append(witness)
    if problems:
        raise EditionError(*problems)
    return tuple(found)


def line_witness(given: Mapping[str, Any]) -> str:
    """Return the siglum of the witness whose lines the source follows: the base, or the witness
    with a file that represents it."""
    items, base = given.get("witnesses"), str(given.get("base") or "")
    if not isinstance(items, dict) or not isinstance(items.get(base), dict):
        return base
    if items[base].get("file"):
        return base
    return next(
        (
            str(siglum)
            for siglum, item in items.items()
            if isinstance(item, dict) and item.get("of") == base and item.get("file")
        ),
        base,
    )


def _one(
    root: Path, siglum: str, item: Mapping[str, Any], xml_id: str, base: bool, record: str
) -> Witness:
    def get(name: str) -> str:
        value = item.get(name)
        return value if isinstance(value, str) else ""

    file = get("file")
    sha256 = content = ""
    if file:
        sha256 = _sealed(root, file, get("sha256"), record)
        content = "" if base else read_text(inside(root, file, origin=record), root)
    proof = get("proof") or "letters"
    fold, group = item.get("fold"), item.get("group")
    rules = (
        tuple(str(rule) for rule in fold if isinstance(rule, str)) if isinstance(fold, list) else ()
    )
    return Witness(
        siglum,
        xml_id,
        get("name"),
        get("description"),
        file,
        sha256,
        proof,
        RULES_OF.get(proof, rules),
        get("of"),
        get("medium"),
        tuple(str(one) for one in group) if isinstance(group, list) else (),
        item.get("fragmentary") is True,
        item.get("lost") is True,
        base,
        content,
        get("date"),
    )


def _sealed(root: Path, file: str, known: str, record: str) -> str:
    """Return the checksum from the record or the list beside the file, after comparing the file with it."""
    path = inside(root, file, origin=record)
    found = hashlib.sha256(read_bytes(path, root)).hexdigest()
    kept = known or checksums(root, file).get(file.rpartition("/")[2], "")
    if not kept:
        raise EditionError(Problem("witness-unsealed", file, 0, f"its SHA-256 is {found}"))
    if kept != found:
        where = "the record" if known else checksum_file(file)
        raise EditionError(
            Problem("witness-changed", file, 0, f"its SHA-256 is {found}, {where} has {kept}")
        )
    return found


def checksum_file(file: str) -> str:
    """Return the list of checksums beside a witness file, relative to the edition."""
    folder = file.rpartition("/")[0]
    return f"{folder}/{CHECKSUMS}" if folder else CHECKSUMS


def checksums(root: Path, file: str) -> dict[str, str]:
    """Return the checksums in the list beside a witness file, by file name; ignore lines of any other form."""
    name = checksum_file(file)
    if not (root / name).is_file():
        return {}
    text = read_text(inside(root, name, origin=name), root)
    return {m[2]: m[1] for line in text.split("\n") if (m := _SEAL.fullmatch(line.rstrip()))}


def seal(root: Path, record: Mapping[str, Any]) -> dict[str, list[str]]:
    """Write the checksum of every witness file without one into the list beside it.

    :param record: the record, read but not checked
    :returns: the lists that were written, each with its new files
    :raises EditionError: a file cannot be read
    """
    files = [
        item["file"]
        for text in _mappings(record.get("texts"))
        for item in _mappings(text.get("witnesses"))
        if isinstance(item.get("file"), str) and not item.get("sha256")
    ]
    written: dict[str, list[str]] = {}
    for file in dict.fromkeys(files):
        folder, _, name = file.rpartition("/")
        kept = checksums(root, file)
        if name in kept:
            continue
        digest = hashlib.sha256(
            read_bytes(inside(root, file, origin="edition.yaml"), root)
        ).hexdigest()
        lines = "".join(
            f"{sha}  {other}\n" for other, sha in sorted({**kept, name: digest}.items())
        )
        (root / folder / CHECKSUMS).write_text(lines, encoding="utf-8", newline="\n")
        written.setdefault(checksum_file(file), []).append(file)
    return written


def _mappings(value: object) -> list[dict[str, Any]]:
    """Return the mappings in an unchecked mapping."""
    return (
        [item for item in value.values() if isinstance(item, dict)]
        if isinstance(value, dict)
        else []
    )

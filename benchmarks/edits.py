"""Test whether random changes in the sources of a text with several witnesses are noticed, one place at a time.

    python benchmarks/edits.py FOLDER --text origin --edits 10000

FOLDER is an edition that passes the check; the script works on a copy. It divides the text into parts where a
paragraph ends and no passage is open, and judges each change from its part alone: it reads the part as the build does,
and compares its readings with each witness by the same functions. It then checks a sample as a whole edition, because
both must give the same result. Exits with 1 if a change goes unnoticed.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tei_export.model.witness_text import witness_text
from tei_export.model.word_differences import differences
from tei_export.session import SETTINGS
from tei_export.source import gate
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tei_export.model.edition import Text
    from tei_export.source.facts import EditionDomain

    #: Makes one change of a part; None: there is no place for it.
    Change = Callable[[str, random.Random, tuple[str, ...]], str | None]

_BRACKET = re.compile(r"<(?P<sigla>[^:<>`]+):(?P<reading>(?:\\.|[^<>\\])*)>")
_ENTRY = re.compile(r"\{app\}`(?P<lemma>[^`<]*?) ?(?P<readings><[^`]*>)(?: #\w+)?`")
_POINT = re.compile(r"\{(?:begin|end)\}`[^`]*`")
_WORD = re.compile(r"(?<![\w{<`#:-])[^\W_]{2,}(?![\w>`])")
_PAIR = re.compile(r"(?<![\w{<`#:-])([^\W_]{2,}) ([^\W_]{2,})(?![\w>`])")
#: What no witness has: names of roles and passages, who judged, certainty and reasons, pages of other witnesses.
_NAMES = re.compile(
    r"\{(?:begin|transposed|here)\}`[^`<]*|\{end\}`[^`<]*|\{\w+\}`[^`\s]+:[^`]*`|\{\w+\}|#\w+|(?<= )\?+|(?<=> )\([^)`]*\)|(?<=\? )\([^)`]*\)|\s"
)


def _pick(matches: Iterator[re.Match[str]], chance: random.Random) -> re.Match[str] | None:
    found = list(matches)
    return chance.choice(found) if found else None


def _names(text: str) -> set[int]:
    return {i for m in _NAMES.finditer(text) for i in range(*m.span())}


def _words(text: str, pattern: re.Pattern[str] = _WORD) -> Iterator[re.Match[str]]:
    names = _names(text)
    return (
        m for m in pattern.finditer(text) if m.start() not in names and m.end() - 1 not in names
    )


def _at(text: str, chance: random.Random, sign: Callable[[str], bool]) -> int | None:
    """Return the place of a character that a witness has."""
    names = _names(text)
    places = [i for i, c in enumerate(text) if i not in names and sign(c)]
    return chance.choice(places) if places else None


def letter(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    """Replace a letter, also in a siglum."""
    at = _at(text, chance, str.isalnum)
    if at is None:
        return None
    new = chance.choice([c for c in "abcdefghijklmnopqrstuvwxyzABCDE" if c != text[at]])
    return text[:at] + new + text[at + 1 :]


def lost_sign(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    """Delete any character, also in the markup."""
    at = _at(text, chance, lambda _c: True)
    return None if at is None else text[:at] + text[at + 1 :]


def new_letter(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    at = _at(text, chance, str.isalnum)
    return None if at is None else text[:at] + chance.choice("aeinrstx") + text[at:]


def new_point(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    word = _pick(_words(text), chance)
    return text[: word.end()] + chance.choice(",;.") + text[word.end() :] if word else None


def lost_word(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    word = _pick(_words(text), chance)
    return text[: word.start()] + text[word.end() :] if word else None


def word_twice(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    word = _pick(_words(text), chance)
    return text[: word.end()] + f" {word[0]}" + text[word.end() :] if word else None


def words_exchanged(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    pair = _pick((m for m in _words(text, _PAIR) if m[1] != m[2]), chance)
    return f"{text[: pair.start()]}{pair[2]} {pair[1]}{text[pair.end() :]}" if pair else None


def capital(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    word = _pick(_words(text), chance)
    return text[: word.start()] + word[0].swapcase() + text[word.end() :] if word else None


def other_siglum(text: str, chance: random.Random, sigla: tuple[str, ...]) -> str | None:
    bracket = _pick(_BRACKET.finditer(text), chance)
    if bracket is None:
        return None
    named = bracket["sigla"].split()
    others = [s for s in sigla if s not in named]
    if not others:
        return None
    named[chance.randrange(len(named))] = chance.choice(others)
    return _with_sigla(text, bracket, named)


def lost_siglum(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    bracket = _pick((m for m in _BRACKET.finditer(text) if " " in m["sigla"]), chance)
    if bracket is None:
        return None
    named = bracket["sigla"].split()
    named.pop(chance.randrange(len(named)))
    return _with_sigla(text, bracket, named)


def more_sigla(text: str, chance: random.Random, sigla: tuple[str, ...]) -> str | None:
    bracket = _pick(_BRACKET.finditer(text), chance)
    others = [s for s in sigla if bracket and s not in bracket["sigla"].split()]
    return (
        _with_sigla(text, bracket, [*bracket["sigla"].split(), chance.choice(others)])
        if bracket and others
        else None
    )


def _with_sigla(text: str, bracket: re.Match[str], named: list[str]) -> str:
    return (
        f"{text[: bracket.start()]}<{' '.join(named)}:{bracket['reading']}>{text[bracket.end() :]}"
    )


def lost_reading(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    bracket = _pick(_BRACKET.finditer(text), chance)
    return text[: bracket.start()] + text[bracket.end() :] if bracket else None


def lost_entry(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    entry = _pick(_ENTRY.finditer(text), chance)
    return text[: entry.start()] + entry["lemma"] + text[entry.end() :] if entry else None


def reading_for_lemma(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    entry = _pick(_ENTRY.finditer(text), chance)
    bracket = _BRACKET.search(entry["readings"]) if entry else None
    if entry is None or bracket is None:
        return None
    return text[: entry.start()] + bracket["reading"].strip() + text[entry.end() :]


def lost_point(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    """Delete the beginning or the end of a passage."""
    found = _pick(_POINT.finditer(text), chance)
    return text[: found.start()] + text[found.end() :] if found else None


def joined(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    end = _pick(re.finditer(r"(?<=\S)\n(?=\S)", text), chance)
    return f"{text[: end.start()]} {text[end.end() :]}" if end else None


def divided(text: str, chance: random.Random, _sigla: tuple[str, ...]) -> str | None:
    space = _pick(re.finditer(r"(?<=\w) (?=\w)", text), chance)
    return f"{text[: space.start()]}\n{text[space.end() :]}" if space else None


CHANGES: tuple[Change, ...] = (
    letter, lost_sign, new_letter, new_point, lost_word, word_twice, words_exchanged, capital, other_siglum, lost_siglum,
    more_sigla, lost_reading, lost_entry, reading_for_lemma, lost_point, joined, divided,
)  # fmt: skip


# ------------------------------------------------------------------ the copy, in many parts


def paragraphs(source: str) -> Iterator[str]:
    """Divide a part where a paragraph ends and no passage, note or lacuna is open."""
    piece: list[str] = []
    open_: set[str] = set()
    for block in source.strip("\n").split("\n\n"):
        piece.append(block)
        open_ |= set(re.findall(r"\{begin\}`([^`]+)`", block))
        open_ -= {name.split()[0] for name in re.findall(r"\{end\}`([^`]+)`", block)}
        if not open_ and not block.rstrip().endswith(("===", "---")):
            yield "\n\n".join(piece)
            piece = []
    if piece:
        yield "\n\n".join(piece)


def cut(root: Path, text: str) -> None:
    """Make each paragraph of a text a part and a page of its own."""
    record = next(root.rglob("edition.yaml"))
    content = record.read_text(encoding="utf-8")
    begin = content.index(f"  {text}:")
    folder = re.search(r"\n    folder: (\S+)", content[begin:])
    at = content.index("    parts:", begin)
    rows = re.match(r"    parts:.*\n(?: {6}.*\n?)*", content[at:])
    base = re.search(r"\n    base: \"?([^\"\s]+)", content[begin:])
    file = base and re.search(rf"\n      \"?{base[1]}\"?: .*file: ([^,}}]+)", content[begin:])
    assert folder
    assert rows
    assert file, "the base has a file, in the line of its siglum"
    witness = (record.parent / file[1]).read_text(encoding="utf-8").split("\n")
    lines = [n for n, line in enumerate(witness, 1) if line.strip()]
    parts: list[str] = []
    pages: list[str] = []
    for doc in re.findall(r"doc: ([\w-]+)", rows[0]):
        whole = record.parent / folder[1] / f"{doc}.md"
        for piece in paragraphs(whole.read_text(encoding="utf-8")):
            parts.append(f"cut-{len(parts):04}")
            head, line, body = piece.partition("===\n\n")
            if not line:
                head, body = "{supplied}`Cut ? (of the test)`\n", piece
            own = lines[: len([x for x in body.split("\n") if x.strip()])]
            lines = lines[len(own) :]
            pages.append(f"{len(parts)},{own[0]},{own[-1]},,\n")
            new = f"{{pb}}`{len(parts)}`{head}===\n\n{body}\n"
            (whole.parent / f"{parts[-1]}.md").write_text(new, encoding="utf-8")
        whole.unlink()
    table = "page,first_line,last_line,number_seen_at_line,note\n" + "".join(pages)
    (record.parent / "cut-pages.csv").write_text(table, encoding="utf-8")
    named = "".join(
        f"      - {{doc: {name}, id: {name}, type: essay, title: Cut}}\n" for name in parts
    )
    above = content[:at].replace(f"file: {file[1]}", f"file: {file[1]}, pages: cut-pages.csv", 1)
    record.write_text(f"{above}    parts:\n{named}{content[at + rows.end() :]}", encoding="utf-8")
    index = record.parent / "index.md"
    listed = "\n".join(f"{folder[1]}/{name}" for name in parts)
    index.write_text(f"# Cut\n\n```{{toctree}}\n{listed}\n```\n", encoding="utf-8")


# ------------------------------------------------------------------ the judgement


@dataclass
class Judge:
    """Read a changed part, and find its problems."""

    app: Sphinx
    text: Text

    def __post_init__(self) -> None:
        self.domain: EditionDomain = domain_of(self.app.env)
        self.facts = dict(self.domain.facts)
        self.proved = [w for w in self.text.witnesses if w.proved]
        self.has = {
            (part.doc, w.siglum): self._said(part.doc, w.siglum)
            for part in self.text.parts
            for w in self.proved
        }

    def _said(self, doc: str, siglum: str) -> str:
        return "".join(words for _, words in witness_text(self.domain.facts[doc].events, siglum))

    def read(self, doc: str, content: str) -> None:
        env = self.app.env
        Path(env.doc2path(doc)).write_text(content, encoding="utf-8")
        self.app.emit("env-purge-doc", env, doc)
        env.clear_doc(doc)
        self.app.builder.read_doc(doc)

    def restore(self, doc: str, content: str) -> None:
        """Undo a change."""
        Path(self.app.env.doc2path(doc)).write_text(content, encoding="utf-8")
        self.domain.facts[doc] = self.facts[doc]

    def problems(self, doc: str) -> list[str]:
        """Return the codes of the problems that a part shows alone; those of the witnesses only if there are no others, as in a build."""
        found = [problem.code for problem in self.domain.facts[doc].problems]
        if not found:
            found = [p.code for p in gate._between_parts(self.domain.edition, self.domain)]
        for witness in self.proved if not found else ():
            pieces = witness_text(self.domain.facts[doc].events, witness.siglum)
            has = self.has[doc, witness.siglum]
            if differences(pieces, has, witness.rules, self.text.glyphs):
                found.append(f"reading-differs {witness.siglum}")
        return found

    def whole(self) -> bool:
        """Return whether the whole edition has a problem."""
        return bool(gate.problems(self.domain))


@contextmanager
def judge(root: Path, text: str) -> Iterator[Judge]:
    """Return a judge for a copy of the edition, which passes the check."""
    source = next(root.rglob("edition.yaml")).parent
    with patch_docutils(str(root)), docutils_namespace():
        app = Sphinx(
            str(source), str(root), str(root / "out"), str(root / "trees"), "dummy", dict(SETTINGS), status=None, warning=None
        )  # fmt: skip
        app.build()
        yield Judge(app, domain_of(app.env).edition.texts[text])


@dataclass
class Outcome:
    """The results of the changes."""

    kinds: Counter[str]
    codes: Counter[str]
    unnoticed: list[str]
    otherwise: list[str]
    """judged differently from the whole edition"""


def run(root: Path, text: str, edits: int, seed: int = 1859, sample: int = 40) -> Outcome:
    """Change the sources of a copy ``edits`` times."""
    chance = random.Random(seed)
    outcome = Outcome(Counter(), Counter(), [], [])
    with judge(root, text) as judging:
        assert not judging.whole()
        docs = [part.doc for part in judging.text.parts]
        sources = {d: Path(judging.app.env.doc2path(d)).read_text(encoding="utf-8") for d in docs}
        weights = [len(source) for source in sources.values()]
        sigla = tuple(w.siglum for w in judging.text.witnesses)
        asked = set(chance.sample(range(edits), min(sample, edits)))
        while sum(outcome.kinds.values()) < edits:
            (doc,) = chance.choices(docs, weights)
            change = chance.choice(CHANGES)
            head, line, body = sources[doc].partition("===\n")
            new = change(body or head, chance, sigla)
            if new is None:
                continue
            content = head + line + new if body else new
            judging.read(doc, content)
            found = judging.problems(doc)
            number = sum(outcome.kinds.values())
            outcome.kinds[change.__name__] += 1
            outcome.codes.update(set(found))
            said = f"{change.__name__} in {doc}: {_where(sources[doc], content)}"
            if not found:
                outcome.unnoticed.append(said)
            if number in asked and judging.whole() != bool(found):
                outcome.otherwise.append(said)
            judging.restore(doc, sources[doc])
    return outcome


def _where(old: str, new: str) -> str:
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), 0)
    return f"{old[max(0, at - 25) : at + 25]!r} → {new[max(0, at - 25) : at + 25]!r}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--text", required=True)
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1859)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "copy"
        shutil.copytree(given.folder, root, ignore=shutil.ignore_patterns("build"))
        cut(root, given.text)
        begin = perf_counter()
        outcome = run(root, given.text, given.edits, given.seed)
        seconds = perf_counter() - begin
    for title, counted in (("changes", outcome.kinds), ("noticed as", outcome.codes)):
        print(f"{title}:", ", ".join(f"{n} {kind}" for kind, n in counted.most_common()))
    print(
        f"{given.edits} changes in {seconds:.0f} s, {len(outcome.unnoticed)} unnoticed, {len(outcome.otherwise)} judged otherwise from the whole"
    )
    print(*outcome.unnoticed[:50], *outcome.otherwise, sep="\n")
    return 1 if outcome.unnoticed or outcome.otherwise else 0


if __name__ == "__main__":
    sys.exit(main())

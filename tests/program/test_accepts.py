"""What `check` accepts, `build` builds; nothing that an editor writes is an internal error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from mini import Mini
from tei_export.model.vocabulary import ROLES, Family
from tei_export.source import lines as module

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "{pb}`3`{number}`CHAPTER II`\nTWO\n===\n"
KEYS = {
    "persons": "stalin",
    "places": "moscow",
    "organisations": "politburo",
    "events": "civil-war",
    "works": "prophet",
}
PLAIN = ("word", "Lenin", "naïve")
WORDS = (
    *PLAIN,
    "слово",
    "[sic]",
    "2 words",
    "1924",
    "…",
    "a¬",
    "[^1]",
    "[^ed-1]",
    "{pb}`3`",
    "{o}`25`",
    "",
)
TAILS = {
    Family.LAYER: (
        " <x>",
        " <>",
        " <x> ?",
        " <x> #auto",
        " <x> ? (p. 1)",
        " <x> (p. 99)",
        " <x> #nobody",
        " ???",
    ),
    Family.STATE: (" ?", " ??", " ? (p. 1)", " ???", " <x>"),
    Family.PHRASE: ("", " <1917-11-07>", " <12>", " <below>", " <de>", " <x>"),
    Family.MILESTONE: ("", " <B>", " <B: x>"),
    Family.VARIANTS: (" <B: x>", " <B C: >", ""),
}


def fenced(name: str, inside: str) -> str:
    """A role with more backticks than it holds."""
    ticks = "`" * (max((len(run) for run in re.findall("`+", inside)), default=0) + 1)
    return f"{{{name}}}{ticks}{inside}{' ' if inside.endswith('`') else ''}{ticks}"


DEPTH = 2


@st.composite
def phrase(draw: st.DrawFn, depth: int = DEPTH) -> str:
    if depth == 0 or draw(st.integers(0, 2)) == 0:
        return draw(st.sampled_from(draw(st.sampled_from([PLAIN, PLAIN, PLAIN, WORDS]))))
    rows = [
        row for row in ROLES if row.name not in {"pb", "o"} and not (row.aside and depth < DEPTH)
    ]
    row = draw(st.sampled_from(rows))
    inside = " ".join(draw(st.lists(phrase(depth - 1), min_size=1, max_size=2)))
    tails = [f" <{KEYS[row.register]}>", ""] if row.register else TAILS[row.family]
    return fenced(row.name, inside + draw(st.sampled_from(tails)))


_lines = st.lists(phrase().map("The {} party".format), min_size=1, max_size=2)
#: Ways to put lines into a block, some of them no good.
BLOCKS: tuple[Callable[[list[str]], str], ...] = (
    "\n".join,
    "\n".join,
    lambda lines: "\n".join(f"> {line}" for line in lines),
    lambda lines: "\n".join(f"- {line}" for line in lines),
    lambda lines: "```{entry} prophet\n" + "\n".join(lines) + "\n```",
    lambda lines: f"## {lines[0]}",
    lambda lines: "[^1]: " + "\n    ".join(lines),
    lambda lines: "[^ed-1]: " + "\n    ".join(lines),
    lambda lines: f"> > {lines[0]}",
    lambda lines: f"- a\n  - {lines[0]}",
    lambda lines: f"> - {lines[0]}",
    lambda lines: f"[^1]: > {lines[0]}",
    lambda lines: f"{lines[0]}\n===",
    lambda lines: f"% {lines[0]}",
)


@st.composite
def sources(draw: st.DrawFn) -> str:
    blocks = [draw(st.sampled_from(BLOCKS))(draw(_lines)) for _ in range(draw(st.integers(1, 2)))]
    return draw(st.sampled_from([*[HEAD] * 9, ""])) + "\n" + "\n\n".join(blocks) + "\n"


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    return Mini(tmp_path_factory.mktemp("accepts") / "mini")


def settle(mini: Mini, source: str) -> None:
    """Give the edition ``source`` as its second part, and the witness that the problems ask for, so
    that what is wrong is not hidden behind a witness that differs."""
    _lay(mini, source, [])
    _lay(mini, source, read_by_the_source(mini))


def _lay(mini: Mini, source: str, lines: list[str]) -> None:
    """Write the second part and the lines of the witness that it stands on."""
    witness = mini.read("witness/w.txt").split("\n")[:21] + lines
    mini.witness("\n".join(witness) + "\n")
    mini.write(
        "witness/pages.csv",
        f"page,first_line,last_line,number_seen_at_line\n1,1,12,\n2,14,20,14\n3,22,{max(len(witness), 22)},\n",
    )
    mini.write("t/two.md", source)


def read_by_the_source(mini: Mini) -> list[str]:
    """What O reads by the source, line by line, of the second part."""
    found: list[str] = []
    original = module.LineReader.block

    def block(self: module.LineReader, node: object) -> object:
        result = original(self, node)
        if self.file == "t/two.md":
            found.extend(
                " ".join(s.text.split())
                for line in result
                for s, _ in line.segments
                if s.text.split()
            )
        return result

    patch = pytest.MonkeyPatch()
    patch.setattr(module.LineReader, "block", block)
    mini.run("check", "--fresh")
    patch.undo()
    return found


accepted: list[str] = []
#: What only ``check`` asks for: a build takes the words as they are.
ASKED = ("[word-doubled]", "[marks-unbalanced]", "[page-beyond]")


@settings(
    max_examples=40,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(source=sources())
def test_what_is_accepted_is_built(edition: Mini, source: str) -> None:
    settle(edition, source)
    checked, built = edition.check(), edition.build("tei")
    note(f"{source}\n--- {checked.output}\n--- {built.output}")
    assert checked.code in {0, 1}
    asked = [problem for problem in checked.problems if problem.endswith(ASKED)]
    assert built.code == (1 if len(asked) < len(checked.problems) else 0)
    assert "internal error" not in checked.output + built.output
    if built.code == 0:
        accepted.append(source)


def test_some_were_accepted() -> None:
    """Else the test above says nothing."""
    assert len(accepted) >= 5


def test_a_gap_in_a_text_without_pages(mini: Mini) -> None:
    mini.replace("edition.yaml", "    pages: witness/pages.csv\n", "")
    mini.replace("edition.yaml", "complete: true", "complete: false")
    mini.replace(
        "edition.yaml", "      - {doc: two, id: ch-02, type: chapter, n: 2, title: II. Two}\n", ""
    )
    mini.replace("index.md", "t/two\n", "")
    mini.path("t/two.md").unlink()
    mini.write("t/one.md", "HEAD\n===\n\nWords and {gap}`2 words` and {supplied}`more ?`.\n")
    mini.witness("HEAD\nWords and and .\n")
    checked, built = mini.check(), mini.build("tei")
    assert (checked.code, built.code) == (0, 0), built.output
    assert 'reason="not-in-source"' in built.file("tei/t.xml")

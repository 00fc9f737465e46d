"""A build after any edit gives what a fresh build gives, byte for byte.

Every output is written into an empty folder; what one run leaves to the next is what it has read. So
after each of 200 edits that is compared with a fresh reading (trees, facts, titles, contents, and what
is said of a refused edit), and after every tenth the outputs, byte for byte: the pages, which take as long
as all the others, at every second of these comparisons. The edits are drawn once and for all: text, notes, pages, record, registers, page table, ledger, language, forms, renames, with
older times, taken back by git, half of them refused. ``TEI_EXPORT_EVERY_BYTE=1`` compares all outputs
after every edit that is not refused.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import random
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from machines import fingerprint
from mini import Mini

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*MystReferenceResolver.app:PendingDeprecationWarning"
)
EDITS, EVERY = 200, 10
#: All but the PDF, which takes as long as all the others; it has edits of its own below.
OUTPUTS = ("tei", "data", "dts", "epub", "html")

#: file, and two states of a place in it; every edit turns one over. A ``!`` marks those that are refused.
TURNS = (
    ("t/one.md", "{place}`Moscow`", "Moscow"),
    ("t/one.md", "{sic}`adamant <adament>`", "{sic}`adamant <adament> (medium)`"),
    ("t/one.md", "{place}`Moscow`, and the {org}`Politburo`", "{place}`Moscow`, and the Politburo"),
    ("t/one.md", "tion was a mistake.", "tion was a mistoke."),  # !
    ("t/one.md", "{pb}`2`fore", "{pb}`3`fore"),  # !
    ("t/two.md", "{person}`STALIN`", "STALIN"),
    ("t/two.md", "{ru}`меньшевизм`", "меньшевизм"),
    ("t/two.md", "{gap}`1 word`", "{gap}`2 words`"),
    ("t/two.md", "between two lines.[^1]", "between two lines.[^2]"),  # !
    ("index.md", "# A small edition", "# Another small edition"),
    ("index.md", "# A small edition", "# A small edition\n\n### Too deep"),  # !
    ("about.md", "What this is.", "What that was."),
    ("about.md", "[one](t/one.md)", "[two](t/two.md)"),
    ("edition.yaml", "subtitle: A mini edition of two chapters", "subtitle: Two chapters"),
    ("edition.yaml", "title: A small edition", "title: A larger edition"),
    ("edition.yaml", "short_title: Small", "short_title: Large"),
    ("edition.yaml", "editors: The editors of this edition", "editors: Other editors"),
    ("edition.yaml", "caveat: Restored", "caveat: Carefully restored"),
    ("edition.yaml", "statement: Not evaluated.", "statement: Not yet evaluated."),
    ("edition.yaml", 'date: "2026-01-31"', 'date: "2026-02-28"'),
    ("edition.yaml", 'base_url: ""', 'base_url: "https://example.org/e/"'),
    ("edition.yaml", "kind: typescript", "kind: manuscript"),
    ("edition.yaml", "title: A typescript", "title: The typescript"),
    ("edition.yaml", "title: II. Two", "title: II. The second"),
    ("edition.yaml", "status: draft", "status: unknown"),  # !
    ("edition.yaml", "pages: witness/pages.csv", "pages: tables/pages.csv"),
    ("edition.yaml", 'glyphs: {"’": "\'"}', 'glyphs: {"*": "\'"}'),
    ("registers/persons.yaml", "gloss: Revolutionary.", "gloss: A revolutionary."),
    ("registers/persons.yaml", "forms: [Stalin, STALIN]", "forms: [Stalin, STALIN, Koba]"),
    ("registers/persons.yaml", "forms: [Trotsky]", "forms: [Trotsky, Stalin, STALIN]"),  # !
    ("registers/persons.yaml", "name: Deutscher, Isaac", "name: Deutscher, I."),
    ("registers/events.yaml", "forms: [Civil War]", "forms: [Civil War, War]"),
    ("tables/pages.csv", "3,22,26,,", "3,22,26,22,"),
    ("tables/pages.csv", "1,1,12,,", "1,1,11,,"),  # ! where the record names this table
    ("tables/ledger.csv", "1,2,2026-01-01,", "1,3,2026-01-02,"),
    ("conf.py", 'language = "en"', 'language = "de"'),
    ("conf.py", 'project = "A small edition"', 'project = "A project"'),
)


class Chain:
    """An edition that is edited again and again, and git beside it."""

    def __init__(self, root: Path) -> None:
        self.mini = Mini(root)
        self.chance = random.Random(200)
        self.clock = 1_000_000_000
        self.before: dict[Path, bytes] = {}
        mini = self.mini
        mini.write("tables/pages.csv", mini.read("witness/pages.csv"))
        mini.write(
            "tables/ledger.csv",
            "page,readings,last_read,open_doubts\n1,2,2026-01-01,\n2,1,2026-01-01,\n3,1,2026-01-01,\n",
        )
        mini.replace(
            "edition.yaml",
            "    complete: true",
            "    ledger: tables/ledger.csv\n    complete: true",
        )
        mini.write("about.md", "# About\n\nWhat this is. See [one](t/one.md).\n")
        mini.replace("index.md", "t/two\n", "t/two\nabout\n")
        self.git("init", "-q", "-b", "main")
        self.commit()

    def git(self, *arguments: str) -> None:
        settings = [
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.org",
            "-c",
            "commit.gpgsign=false",
        ]
        subprocess.run(
            ["git", *settings, *arguments], cwd=self.mini.root, check=True, capture_output=True
        )

    def commit(self) -> None:
        self.git("add", "edition", "conf.py")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def digest(self) -> str:
        """Of all sources, and of the commit that they are compared with."""
        found = hashlib.sha256((self.mini.root / ".git/HEAD").read_bytes())
        found.update((self.mini.root / ".git/refs/heads/main").read_bytes())
        for path in sorted(self.files()):
            data = path.read_bytes()
            found.update(f"{path} {len(data)} ".encode() + data)
        return found.hexdigest()

    def edit(self, *, good: bool) -> str:
        """One edit; what it was. Most edits that were refused are taken back."""
        if not good and self.chance.random() < 0.8:
            return self.undo()
        if good:
            self.before = {path: path.read_bytes() for path in self.files()}
        kinds: list[tuple[int, Callable[[], str]]] = [
            (70, self.turn),
            (6, self.rename),
            (6, self.page),
            (8, self.back),
            (4, self.keep),
        ]
        (chosen,) = self.chance.choices(
            [kind for _, kind in kinds], [weight for weight, _ in kinds]
        )
        return chosen()

    def files(self) -> list[Path]:
        folder = self.mini.root / "edition"
        return [self.mini.root / "conf.py", *(path for path in folder.rglob("*") if path.is_file())]

    def undo(self) -> str:
        """Every file as it was before the last edit, and with an older time."""
        for path in self.files():
            if path not in self.before:
                path.unlink()
        for path, data in self.before.items():
            if not path.exists() or path.read_bytes() != data:
                path.write_bytes(data)
                self.clock -= 1000
                os.utime(path, (self.clock, self.clock))
        return "taken back"

    def turn(self) -> str:
        """One to three places; perhaps with a time that is older than the last."""
        done = []
        for name, one, other in self.chance.sample(TURNS, self.chance.choice([1, 1, 1, 2, 3])):
            path = self.mini.root / "conf.py" if name == "conf.py" else self.mini.path(name)
            if path.is_file():
                text = path.read_text(encoding="utf-8")
                new = (
                    text.replace(other, one)
                    if other in text and (one not in other or one not in text.replace(other, ""))
                    else text.replace(one, other)
                )
                path.write_text(new, encoding="utf-8")
                done.append(f"{name}: {one}")
                if self.chance.random() < 0.3:
                    self.clock -= 1000
                    os.utime(path, (self.clock, self.clock))
        return "; ".join(done)

    def rename(self) -> str:
        """A chapter gets another name; so do its place in the record and in the contents."""
        here, there = (
            ("two", "second") if self.mini.path("t/two.md").exists() else ("second", "two")
        )
        self.mini.path(f"t/{here}.md").rename(self.mini.path(f"t/{there}.md"))
        for name, old, new in (
            ("edition.yaml", f"doc: {here},", f"doc: {there},"),
            ("index.md", f"t/{here}\n", f"t/{there}\n"),
            ("about.md", f"t/{here}.md", f"t/{there}.md"),
        ):
            if self.mini.path(name).exists():
                self.mini.write(name, self.mini.read(name).replace(old, new))
        return f"{here} -> {there}"

    def page(self) -> str:
        """A page more or less; the contents may still name it."""
        name = self.chance.choice(["about.md", "more.md"])
        if self.mini.path(name).exists():
            self.mini.path(name).unlink()
        else:
            self.mini.write(
                name, "---\norphan: true\n---\n\n# Page\n\nWhat this is. See [one](t/one.md).\n"
            )
        if self.chance.random() < 0.5:
            self.mini.write("index.md", self.mini.read("index.md").replace("about\n", ""))
        return f"{name} comes or goes"

    def back(self) -> str:
        self.git("checkout", "-q", "--force", "HEAD", "--", ".")
        self.git("clean", "-q", "-f", "edition")
        return "git checkout"

    def keep(self) -> str:
        self.commit()
        return "git commit"


def state(out: Path) -> dict[str, Any]:
    """What a good run leaves to the next."""
    folder = out / ".cache" / "doctrees"
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*.doctree")):
        found[path.relative_to(folder).as_posix()] = pickle.loads(path.read_bytes()).pformat()
    env = pickle.loads((folder / "environment.pickle").read_bytes())
    found["facts"] = {
        name: env.domaindata["ed"]["facts"][name] for name in sorted(env.domaindata["ed"]["facts"])
    }
    found["titles"] = {name: title.pformat() for name, title in sorted(env.titles.items())}
    found["contents"] = {name: toc.pformat() for name, toc in sorted(env.tocs.items())}
    found["others"] = [
        sorted(env.found_docs),
        sorted(env.toctree_includes.items()),
        sorted(env.metadata.items()),
        {name: sorted(map(str, paths)) for name, paths in env.dependencies.items() if paths},
    ]
    return found


class Fresh:
    """What commands give where nothing was built before.

    Edits are taken back, so the same sources come again: what a command gives for them is kept.
    """

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self._known: dict[tuple[str, ...], tuple[int, str, Any]] = {}

    def run(self, read: Callable[[Path], Any], *arguments: str) -> tuple[int, str, Any]:
        """Exit code, what is printed, and what ``read`` finds in the outputs if all is well."""
        key = (self.chain.digest(), *arguments)
        if key not in self._known:
            mini = self.chain.mini
            kept, fresh = mini.out.with_name("kept"), mini.out.with_name("fresh")
            shutil.rmtree(fresh, ignore_errors=True)
            mini.out.rename(kept)
            try:
                result = mini.run(*arguments)
            finally:
                mini.out.rename(fresh)
                kept.rename(mini.out)
            found = read(fresh) if result.code == 0 else None
            self._known[key] = (result.code, result.output, found)
        return self._known[key]

    def first(self, *arguments: str) -> None:
        """Run a command for the first time: nothing was built before."""
        mini = self.chain.mini
        assert not mini.out.exists()
        result = mini.run(*arguments)
        assert result.code == 0, result.output
        known = (result.code, result.output, fingerprint(mini.out))
        self._known[self.chain.digest(), *arguments] = known

    def assert_same_reading(self, edit: str) -> bool:
        """Read the sources; what is said and what is kept is as of a fresh reading. Gives whether they are good."""
        mini = self.chain.mini
        known = mini.check()
        code, output, found = self.run(state, "check")
        assert (known.code, known.output) == (code, output), edit
        assert known.code in (0, 1), known.output
        if known.code == 0:
            assert state(mini.out) == found, edit
        return known.code == 0

    def assert_same_outputs(self, edit: str, *targets: str) -> bool:
        """Build; every byte is as in a fresh build. Gives whether the sources are good."""
        mini = self.chain.mini
        known = mini.run("build", *targets)
        code, output, there = self.run(fingerprint, "build", *targets)
        assert known.code == code, (edit, known.output, output)
        assert known.code in (0, 1), known.output
        if known.code == 0:
            here = fingerprint(mini.out)
            other = {
                name for name in here.keys() | there.keys() if here.get(name) != there.get(name)
            }
            if "all" not in targets:  # the pages of an earlier build stay where none are built
                other = {name for name in other if name.partition("/")[0] in targets}
            assert other == set(), edit
        return known.code == 0


@pytest.mark.slow
def test_200_edits(tmp_path: Path) -> None:
    chain = Chain(tmp_path / "mini")
    fresh = Fresh(chain)
    every_byte = bool(os.environ.get("TEI_EXPORT_EVERY_BYTE"))
    number_good = compared = 0
    good = True
    for number in range(1, EDITS + 1):
        edit = f"{number}: {chain.edit(good=good)}"
        good = fresh.assert_same_reading(edit)
        number_good += good
        if every_byte:
            compared += fresh.assert_same_outputs(edit, *OUTPUTS)
        elif number % EVERY == 0:
            if not good:
                edit, good = f"{edit}, {chain.back()}", True
            every = number % (2 * EVERY) == 0
            compared += fresh.assert_same_outputs(edit, *(OUTPUTS if every else OUTPUTS[:-1]))
    assert EDITS / 4 < number_good < EDITS
    assert compared >= EDITS / EVERY / 2


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """An edition of which all was made, which is what the command gives for it."""
    fresh = Fresh(Chain(tmp_path_factory.mktemp("made") / "mini"))
    fresh.first("build", "all")
    return fresh


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("conf.py", 'language = "en"', 'language = "de"'),
        ("conf.py", 'project = "A small edition"', 'pdf_forms = ["book", "plain"]'),
        ("edition.yaml", "caveat: Restored", "caveat: Carefully restored"),
    ],
)
def test_an_edit_of_all_that_is_made(made: Fresh, name: str, old: str, new: str) -> None:
    """With the PDF, which carries the TEI, and the pages that link all others."""
    mini = made.chain.mini
    path = mini.root / "conf.py" if name == "conf.py" else mini.path(name)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert made.assert_same_outputs(name, "all")
    assert (mini.out / "html/files/tei/t.xml").read_bytes() == (mini.out / "tei/t.xml").read_bytes()
    path.write_text(path.read_text(encoding="utf-8").replace(new, old), encoding="utf-8")
    assert made.assert_same_outputs(name, "all")

"""Provide mini editions: a copy of ``roots/base`` in a folder of its own, which a test changes and builds."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from sphinx.application import Sphinx

from tei_export.cli import main
from tei_export.shared.sphinx_run import sphinx_run

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parent.parent
ROOT = TESTS.parent
BASE = TESTS / "roots" / "base"
SEAL = "SEALED BY THE TEST"
#: ``file:line: [code]`` or ``file:line:column: [code]`` at the beginning of a printed problem.
HEAD = re.compile(r"^\S*?:\d+(?::\d+)?: \[[a-z-]+\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Result:
    """The exit code and output of a run of the command (standard output, then errors)."""

    code: int
    output: str
    out: Path

    @property
    def problems(self) -> list[str]:
        """The reported problems as ``file:line: [code]``, in order; ``rules/`` tests the columns."""
        return [re.sub(r"(:\d+):\d+(?=: \[)", r"\1", head) for head in HEAD.findall(self.output)]

    def file(self, name: str) -> str:
        """Return a file of the outputs as text."""
        return (self.out / name).read_text(encoding="utf-8")


class Mini:
    """A small edition in ``root``. File names are relative to its folder ``edition``."""

    def __init__(self, root: Path, base: Path = BASE) -> None:
        self.root = root
        self.out = root / "build"
        shutil.copytree(base, root, dirs_exist_ok=True)
        with (root / "conf.py").open("a", encoding="utf-8") as conf:
            conf.write(f"edition_schema = {str(ROOT / 'schema')!r}\n")
        self.seal()

    def path(self, name: str) -> Path:
        return self.root / "edition" / name

    def read(self, name: str) -> str:
        return self.path(name).read_text(encoding="utf-8")

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file of the edition."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def replace(self, name: str, old: str, new: str) -> None:
        """Change one place of a file; it must occur exactly once."""
        text = self.read(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def overlay(self, folder: Path) -> None:
        """Copy the files of ``folder`` (``edition/…`` and others) over those of the edition."""
        ignored = shutil.ignore_patterns("expected.txt", "commands.txt")
        shutil.copytree(folder, self.root, dirs_exist_ok=True, ignore=ignored)

    def seal(self) -> None:
        """Record the checksum of the witness if the record has none yet."""
        digest = hashlib.sha256(self.path("witness/w.txt").read_bytes()).hexdigest()
        record = self.path("edition.yaml").read_bytes()
        self.path("edition.yaml").write_bytes(record.replace(SEAL.encode(), digest.encode()))

    def witness(self, text: str) -> None:
        """Give the edition another witness, and record it."""
        old = hashlib.sha256(self.path("witness/w.txt").read_bytes()).hexdigest()
        self.write("witness/w.txt", text)
        self.replace("edition.yaml", old, SEAL)
        self.seal()

    def run(self, *arguments: str) -> Result:
        return command(self.root, *arguments)

    def check(self) -> Result:
        return self.run("check")

    def build(self, target: str) -> Result:
        return self.run("build", target)

    def app(self, builder: str = "dummy") -> Sphinx:
        """Return Sphinx's application after a build, for its doctrees and facts."""
        with sphinx(self.root, self.root / "edition", self.out / ".app", builder) as app:
            app.build()
        return app


def dumped(data: Any) -> str:
    """Return ``data`` as YAML, with libyaml, which takes a tenth of the time."""
    text: str = yaml.dump(
        data,
        Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper),
        allow_unicode=True,
        sort_keys=False,
    )
    return text


def command(root: Path, *arguments: str) -> Result:
    """Run ``tei-export ARGUMENTS --root …`` in this process."""
    printed, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(errors):
        code = main([*arguments, "--root", str(root)])
    return Result(code, printed.getvalue() + errors.getvalue(), root / "build")


@contextmanager
def sphinx(
    conf: Path, source: Path, out: Path, builder: str = "dummy", warning: io.StringIO | None = None
) -> Iterator[Sphinx]:
    """Yield an application whose roles and directives are removed afterwards."""
    with sphinx_run(conf):
        yield Sphinx(
            str(source),
            str(conf),
            str(out / builder),
            str(out / "doctrees"),
            builder,
            status=None,
            warning=warning or io.StringIO(),
            freshenv=True,
        )

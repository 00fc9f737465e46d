"""A round: read the saved files, check everything, and make the pages, first those of the saved files.

Every round starts from the state of the last good one, as every run does
(:mod:`tei_export.shared.workspace`), so a problem that the editor reverts leaves no trace. The pages
of saved documents are published as soon as they are ready, the others all together; a file saved
meanwhile ends the round.
"""

from __future__ import annotations

import gc
import io
import re
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tei_export.model.problems import CODES
from tei_export.schema.folder import schema_folder
from tei_export.serve.published_site import Told
from tei_export.session import SETTINGS
from tei_export.shared.atomic import write_whole
from tei_export.shared.edition_app import EditionApp
from tei_export.shared.failures import failure
from tei_export.shared.sphinx_run import sphinx_run
from tei_export.source.facts import domain_of
from tei_export.source.freshness import extension_files
from tei_export.tei.proved_tei import forget_exports

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx

    from tei_export.model.problems import Problem
    from tei_export.serve.published_site import PublishedSite

#: If more documents were saved, all pages are made at once.
_FEW = 3
#: The folder of the program itself, which is loaded once.
_PROGRAM = Path(__file__).parents[1]
_WARNING = re.compile(r"(?P<file>[^\n:]+\.\w+):(?:(?P<line>\d+):)? (?:WARNING|ERROR): (?P<said>.*)")


class _Superseded(BaseException):
    """Raised to end the round when a file was saved. Not an ``Exception``, which Sphinx would
    report as a crash."""


class _Refused(BaseException):
    """Raised when Sphinx has warned: the pages are not published."""


class _Same(BaseException):
    """Raised when nothing has changed: the pages need not be made."""


class Rounds:
    """Builds the site of the edition in ``root``, in ``folder``, for ``site``.

    :param root: the folder with conf.py
    :param folder: an empty folder of this run
    :param site: the published site
    :param saved: returns whether a file was saved since the round began
    """

    def __init__(
        self, root: Path, folder: Path, site: PublishedSite, saved: Callable[[], bool]
    ) -> None:
        self.root = root
        self.site = site
        #: The problems of the last round.
        self.folders: set[Path] = {root / "edition", root / "schema"}
        self.files: set[Path] = {root / "conf.py"}
        self._work, self._good, self._made = (folder / n for n in ("work", "good", "made"))
        self._saved = saved
        self._warnings = io.StringIO()
        self._started = 0.0
        #: Documents that were saved and read but whose pages are not published yet.
        self._due: set[str] = set()
        #: The digest of the sources of all published pages.
        self._complete = ""

    def round(self, changed: AbstractSet[Path]) -> str:
        """Build after ``changed`` were saved; return the lines to print.

        They contain the problems, which the pages also show. Sources with a problem publish nothing.
        """
        self._started = time.perf_counter()
        self._warnings = io.StringIO()
        self._forget_modules(changed)
        forget_exports()
        try:
            self._build(changed)
        except _Superseded:
            return ""  # the next round reports its own problems
        except _Same:
            self.site.say(())
            return f"{self._seconds()} nothing has changed"
        except _Refused:
            return self._refused(self._warned())
        except Exception as error:
            found = failure(error, self._work)
            told = [self._told(problem) for problem in found.problems]
            return self._refused(told or [Told(found.text)], found.text)
        finally:
            gc.collect()  # no garbage collection while nodes are created
        self.site.say(())
        return f"{self._seconds()} all pages"

    def _seconds(self) -> str:
        return f"{time.perf_counter() - self._started:5.1f} s"

    def _build(self, changed: AbstractSet[Path]) -> None:
        for path in (self._work, self._made):
            shutil.rmtree(path, ignore_errors=True)
        if self._good.is_dir():
            shutil.copytree(self._good, self._work)
        with sphinx_run(self.root):
            app = EditionApp(
                str(self.root / "edition"),
                str(self.root),
                str(self._made),
                str(self._work),
                "html",
                dict(SETTINGS),
                status=None,
                warning=self._warnings,
                warningiserror=True,
            )
            self._note_files(app)
            read: set[str] = set()
            app.connect("env-before-read-docs", lambda _app, _env, names: read.update(names))
            app.connect("html-page-context", self._stop_if_saved)
            make = app.builder.write_documents

            def write_documents(names: AbstractSet[str]) -> None:
                """Publish the saved pages, then the others; everything is read and checked,
                ``names`` are all documents."""
                self._check_warnings()
                self._keep()
                self._due = (self._due | _made_of(app, read, changed)) & names
                made_from = domain_of(app.env).made_from()
                inside = all(path.is_relative_to(self.root / "edition") for path in changed)
                if changed and inside and made_from == self._complete:
                    raise _Same
                self._complete = ""
                first = self._due if len(self._due) <= _FEW else frozenset[str]()
                if first:
                    make(first)
                    self._check_warnings()
                    pages = sorted(app.builder.get_target_uri(name) for name in first)
                    self.site.publish(self._made, pages)
                    self.site.say(())
                    print(f"{self._seconds()} {', '.join(pages)}", flush=True)
                    self._due = set()
                make(names - first)

            app.builder.write_documents = write_documents  # type: ignore[method-assign,assignment]
            app.build()
            self._check_warnings()
            self.site.publish(self._made)
            self._due = set()
            self._complete = domain_of(app.env).made_from()

    def _stop_if_saved(self, *_: Any) -> None:
        if self._good.is_dir() and self._saved():
            raise _Superseded

    def _check_warnings(self) -> None:
        """:raises _Refused: Sphinx has warned"""
        if self._warnings.getvalue():
            # a full disk may also appear as a warning
            write_whole(self._made / "room", bytes(1 << 16))
            raise _Refused

    def _keep(self) -> None:
        """Keep the doctrees for the next rounds."""
        new = self._good.with_name("new")
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(self._work, new)
        shutil.rmtree(self._good, ignore_errors=True)
        new.rename(self._good)

    def _note_files(self, app: Sphinx) -> None:
        """Note the files to watch: folders with all they contain, and single files."""
        config = app.config
        paths = [
            self.root / path
            for name in ("html_static_path", "html_extra_path", "templates_path")
            for path in config[name]
        ]
        schema = schema_folder(self.root, config.edition_schema)
        self.folders = {self.root / "edition", schema, *(p for p in paths if p.is_dir())}
        self.files = {
            self.root / "conf.py",
            *(p for p in paths if p.is_file()),
            *extension_files(app, own=True),
        }

    def _forget_modules(self, changed: AbstractSet[Path]) -> None:
        """Forget the edition's own extensions if one of them was saved."""
        if any(path.suffix == ".py" and path.name != "conf.py" for path in changed):
            for name, module in list(sys.modules.items()):
                file = getattr(module, "__file__", None) or ""
                if Path(file).is_relative_to(self.root) and "site-packages" not in file:
                    del sys.modules[name]

    # problems

    def _refused(self, told: list[Told], text: str = "") -> str:
        self.site.say(told)
        lines = [f"{t.place}: {t.title}" if t.place else t.title for t in told]
        return f"{text or chr(10).join(lines)}\nThe last good pages stay."

    def _told(self, problem: Problem) -> Told:
        title, cure = CODES[problem.code]
        return Told(
            title,
            problem.detail,
            cure,
            problem.place,
            problem.code,
            self._path(problem.file),
            problem.line,
            problem.column,
        )

    def _warned(self) -> list[Told]:
        """Return Sphinx's warnings, with their places if named."""
        found = []
        for line in self._warnings.getvalue().strip().splitlines():
            match = _WARNING.match(line)
            if match is None:
                found.append(Told(line.removeprefix("WARNING: ")))
                continue
            path = Path(match["file"])
            inside = path.is_relative_to(self.root / "edition")
            shown = path.relative_to(self.root / "edition").as_posix() if inside else path.name
            number = int(match["line"] or 0)
            found.append(
                Told(match["said"], place=f"{shown}:{number}", path=str(path), line=number)
            )
        return found

    def _path(self, file: str) -> str:
        """Return the full path of a problem's file; empty if there is none."""
        for folder in (self.root / "edition", self.root):
            path = (folder / file).resolve()
            if path.is_file() and path.is_relative_to(self.root.resolve()):
                return str(path)
        return ""


def _made_of(app: Sphinx, read: AbstractSet[str], saved: AbstractSet[Path]) -> set[str]:
    """Return the documents of ``read`` that are or include a ``saved`` file."""
    env = app.env

    def files(name: str) -> set[Path]:
        included = (Path(env.srcdir) / file for file in env.dependencies.get(name, ()))
        return {Path(env.doc2path(name)), *included}

    return {name for name in read if not files(name).isdisjoint(saved)}

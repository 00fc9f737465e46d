"""Write the pages of the site in this process and a copy of it: each takes the next page that nobody has taken.

The copy begins with the pages of documents, this process with those without sources. Nothing that
a page leaves in the process is needed for another, except the names of the pictures; Sphinx' own
parallel writing rests on the same, and waits for its end before it goes on.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tei_export.model.problems import EditionError
from tei_export.shared.side_by_side import SideBySide, Turns
from tei_export.source.build_stop import BuildStop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx


@dataclass(frozen=True, slots=True)
class _Written:
    """What the copy leaves: Sphinx's warnings and their number, the pictures of the pages."""

    warnings: str
    number: int
    images: dict[str, str]


class _Pages:
    """The pages of a site. Make it before the copy.

    :param write: writes the pages of documents
    :param running: the context in which pages are written
    """

    def __init__(
        self,
        app: Sphinx,
        docnames: AbstractSet[str],
        write: Callable[[AbstractSet[str]], None],
        running: ExitStack,
    ) -> None:
        self._builder: Any = app.builder
        self._write = write
        self._docnames = sorted(docnames, key=lambda name: (-_size(app, name), name))
        #: By handler; each makes its pages when they are asked for.
        self._others = app.events.emit("html-collect-pages")
        self._documents_left = running.enter_context(Turns(len(self._docnames)))
        self._others_left = running.enter_context(Turns(len(self._others)))

    def write_documents(self) -> None:
        """Write the pages of the documents that are left, the longest first."""
        for number in self._documents_left:
            self._write({self._docnames[number]})

    def write_others(self) -> None:
        """Write the pages without sources that are left."""
        for number in self._others_left:
            for page in self._others[number]:
                self._builder.handle_page(*page)


@contextmanager
def pages_beside(app: Sphinx) -> Iterator[None]:
    """Build ``app`` in this context; its warnings must go to a ``StringIO``.

    With another theme than ours, or an extension that does not allow it, all is written in one process.

    :raises EditionError: what the copy has found
    """
    builder: Any = app.builder
    if not _is_ours(builder) or not all(
        extension.parallel_write_safe for extension in app.extensions.values()
    ):
        yield
        return
    write, copy_images = builder.write_documents, builder.copy_image_files
    write_others = builder.gen_pages_from_extensions
    with ExitStack() as running:
        shared: list[tuple[_Pages, SideBySide]] = []

        def write_documents(docnames: AbstractSet[str]) -> None:
            pages = _Pages(app, docnames, write, running)
            copy = running.enter_context(SideBySide(lambda: written(pages)))
            shared.append((pages, copy))

        def written(pages: _Pages) -> _Written:
            warnings: Any = app._warning
            before, number = len(warnings.getvalue()), app._warncount
            try:
                pages.write_documents()
                pages.write_others()
            except BuildStop as stop:  # which only this process would understand
                raise EditionError(*stop.problems) from None
            return _Written(
                warnings.getvalue()[before:], app._warncount - number, dict(builder.images)
            )

        def write_pages() -> None:
            if not shared:  # there are no documents
                write_others()
            for pages, _copy in shared:
                pages.write_others()
                pages.write_documents()

        def copy_image_files() -> None:
            for _pages, copy in shared:
                done: _Written = copy.result()
                app._warning.write(done.warnings)
                app._warncount += done.number
                builder.images |= done.images
            copy_images()

        builder.write_documents = write_documents
        builder.gen_pages_from_extensions = write_pages
        builder.copy_image_files = copy_image_files
        yield


def _is_ours(builder: Any) -> bool:
    """Return whether the builder has our writer; Sphinx's own search index is made with the pages."""
    return bool(getattr(builder, "reads_final_tree", False)) and not getattr(
        builder, "search", True
    )


def _size(app: Sphinx, docname: str) -> int:
    return Path(app.env.doc2path(docname)).stat().st_size

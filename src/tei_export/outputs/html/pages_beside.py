"""Write the pages of the documents in a copy of the process, while this one makes the pages without sources.

Both need the same time, about. Nothing that the pages of documents leave in the process is needed
for the others, except the names of the pictures; Sphinx' own parallel writing rests on the same,
and waits for its end before it goes on.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tei_export.model.problems import EditionError
from tei_export.shared.side_by_side import SideBySide
from tei_export.source.build_stop import BuildStop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx


@dataclass(frozen=True, slots=True)
class _Written:
    """What the copy leaves: Sphinx's warnings and their number, the pictures of the pages."""

    warnings: str
    number: int
    images: dict[str, str]


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
    with ExitStack() as running:
        copies: list[SideBySide] = []

        def write_documents(docnames: AbstractSet[str]) -> None:
            copies.append(running.enter_context(SideBySide(lambda: written(docnames))))

        def written(docnames: AbstractSet[str]) -> _Written:
            warnings: Any = app._warning
            before, number = len(warnings.getvalue()), app._warncount
            try:
                write(docnames)
            except BuildStop as stop:  # which only this process would understand
                raise EditionError(*stop.problems) from None
            return _Written(
                warnings.getvalue()[before:], app._warncount - number, dict(builder.images)
            )

        def copy_image_files() -> None:
            for copy in copies:
                done: _Written = copy.result()
                app._warning.write(done.warnings)
                app._warncount += done.number
                builder.images |= done.images
            copy_images()

        builder.write_documents = write_documents
        builder.copy_image_files = copy_image_files
        yield


def _is_ours(builder: Any) -> bool:
    """Return whether the builder has our writer; Sphinx's own search index is made with the pages."""
    return bool(getattr(builder, "reads_final_tree", False)) and not getattr(
        builder, "search", True
    )

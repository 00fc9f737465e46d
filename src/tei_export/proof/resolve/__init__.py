"""The words at a page and line, read from every output as a stranger would: from the file.

Nothing here is shared with what wrote the files. ``wanted`` reads what is asked for, ``texts``
reads sources, HTML, TEI and EPUB, ``book`` the PDF, ``compare`` puts them side by side.
"""

from __future__ import annotations

#: Where the words can be read; all but the sources are built.
FORMS = ("sources", "html", "tei", "epub", "pdf")

"""Look up the words at a page and line in every output, reading only the files.

Nothing here shares code with the writers. ``passage`` parses the citation, ``texts`` reads sources,
HTML, TEI and EPUB, ``pdf`` reads the PDF, ``lines`` collects the lines, and ``compare`` compares
the results.
"""

from __future__ import annotations

#: The forms that can be read; all except the sources must be built first.
FORMS = ("sources", "html", "tei", "epub", "pdf")

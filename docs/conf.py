"""Settings of the documentation site: ``make docs``. The program's own theme has no part in it."""

project = "tei-export"
author = "the contributors of tei-export"
copyright = "the contributors of tei-export; CC BY 4.0"
language = "en"

extensions = ["myst_parser"]
root_doc = "index"
source_suffix = {".md": "markdown"}

html_theme = "furo"
html_title = "tei-export"
html_copy_source = False
html_show_sourcelink = False

# Links to headings such as pdf.md#measured.
myst_heading_anchors = 3
# The sources show MyST and shell examples: quotes and dashes stay as they are written.
smartquotes = False
nitpicky = True

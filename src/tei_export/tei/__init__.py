"""The TEI of a text: exported from the doctree, proved and validated."""

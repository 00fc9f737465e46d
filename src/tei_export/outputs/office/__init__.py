"""The edited text with its notes as files for word processors: OpenDocument (ODT) and Word (DOCX)."""

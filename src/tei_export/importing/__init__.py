"""How an edition begins: a new folder, and texts that come from OCR files or TEI."""

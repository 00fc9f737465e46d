"""Start an edition: create its folder, and import texts from OCR files or TEI."""

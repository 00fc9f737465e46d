"""The TEI folder: texts, reading texts, parts, pages, registers, corpus, plain text."""

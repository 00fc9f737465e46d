"""A small edition that has one of everything; tests copy it and lay other files over it."""

project = "A small edition"
language = "en"
extensions = ["tei_export"]
edition_project = True

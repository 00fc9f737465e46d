"""A small edition of a text that was never on paper; tests copy it."""

project = "A note on editing"
language = "en"
extensions = ["tei_export"]
edition_project = True

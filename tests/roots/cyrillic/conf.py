"""A small edition of a text in Russian, read by a machine; tests copy it."""

project = "A Russian pamphlet"
language = "en"
extensions = ["tei_export"]
edition_project = True

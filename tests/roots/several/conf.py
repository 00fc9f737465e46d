"""A small edition of a fable in five witnesses; tests copy it."""

project = "The fox and the grapes"
language = "en"
extensions = ["tei_export"]

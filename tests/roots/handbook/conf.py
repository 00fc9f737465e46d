"""A small edition of a handbook with figures, lists, numbered paragraphs and cross references; tests copy it."""

project = "A handbook of bees"
language = "en"
extensions = ["tei_export"]

"""A small edition of letters by two writers, with a register of letters; tests copy it."""

project = "Sample letters"
language = "en"
extensions = ["tei_export"]

"""A small edition of a manuscript whose leaves have a front and a back; tests copy it."""

project = "Letters of a journey"
language = "en"
extensions = ["tei_export"]
edition_project = True

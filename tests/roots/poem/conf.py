"""A small edition of verse: a poem in stanzas, and prose that quotes verse; tests copy it."""

project = "Songs"
language = "en"
extensions = ["tei_export"]
edition_project = True

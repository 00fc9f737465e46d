"""A small edition of a play, with acts and scenes, verse and prose; tests copy it."""

project = "A sample play"
language = "en"
extensions = ["tei_export"]

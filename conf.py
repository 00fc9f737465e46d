"""Values only: what this edition is, stands in ``edition/edition.yaml``."""

project = "Stalin and Trotsky, 1926–1928"
copyright = "text: not evaluated; edition: CC BY 4.0"
language = "en"

extensions = ["tei_export"]
exclude_patterns = ["registers/README.md"]
keep_warnings = False
html_copy_source = False
edition_project = True

"""A small edition of a page of accounts with tables; tests copy it."""

project = "Accounts of a house"
language = "en"
extensions = ["tei_export"]

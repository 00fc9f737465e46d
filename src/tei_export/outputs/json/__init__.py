"""JSON: every page and every block of the texts by layer, with notes, apparatus and names, described by OpenAPI 3.1."""

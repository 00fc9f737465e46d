"""A project of others, with five ordinary pages, beside whose pages stands an edition."""

project = "A project of others"
author = "Others"
copyright = "Others"  # noqa: A001
version = release = "4.2"
language = "en"
html_theme = "furo"
extensions = [
    "myst_parser", "tei_export", "sphinx_design", "sphinxcontrib.bibtex", "sphinx.ext.linkcode",
    "sphinx.ext.doctest", "sphinx.ext.coverage", "sphinx.ext.intersphinx", "sphinx_markdown_builder",
    "sphinxcontrib.restbuilder",
]  # fmt: skip
exclude_patterns = ["_*", "witness"]
bibtex_bibfiles = ["sources.bib"]
myst_enable_extensions = ["colon_fence", "substitution", "replacements"]
myst_substitutions = {"where": "in a project of others"}
applehelp_bundle_id = "org.example.others"
applehelp_disable_external_tools = True


def linkcode_resolve(domain, info):
    """As a neighbour does: an address for every object of a domain of its own."""
    return f"https://example.org/{info['fullname']}" if domain == "py" else None

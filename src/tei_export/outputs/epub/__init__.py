"""The edition as one EPUB 3.3 file (Sphinx builder ``edition-epub``).

``inline`` and ``writer`` render the parts, ``editors_pages`` the edition's own pages that belong in
the book, ``front_matter`` the front matter from the record, ``witness_list``, ``apparatus`` and
``index`` the back matter, ``package`` the container with navigation and metadata, ``cover`` the
cover image; ``missing_letters`` checks the typefaces; ``builder`` assembles all of it. Facts and
labels are those of the HTML pages.
"""

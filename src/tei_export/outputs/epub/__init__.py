"""The edition as one EPUB 3.3 file (Sphinx builder ``epub``).

``inline`` and ``writer`` render the parts, ``pages`` the edition's own pages that belong in
the book, ``matter`` what is made from the record, ``apparatus`` and ``index`` the back,
``package`` the container with navigation and metadata, ``cover`` the picture. The facts and
the words are those of the HTML pages.
"""

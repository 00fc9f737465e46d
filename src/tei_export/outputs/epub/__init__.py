"""The edition as one EPUB 3.3 file (Sphinx builder ``edition-epub``).

``inline`` and ``writer`` render the parts, ``pages`` the edition's own pages that belong in the
book, ``matter`` the front matter from the record, ``apparatus`` and ``index`` the back matter,
``package`` the container with navigation and metadata, ``cover`` the cover image. Facts and labels
are those of the HTML pages.
"""

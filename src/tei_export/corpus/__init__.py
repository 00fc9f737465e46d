"""``tei-export corpus build``: many editions, built side by side, with one site, one search, one DTS collection.

``cluster`` builds the editions on the workers of a scheduler, ``editions`` reads what was built, ``registers``
joins entries by their identifiers, ``search`` writes the index in pieces, ``dts`` the collection, ``pages`` the
site; ``folder`` replaces the files of the corpus as a whole; ``command`` puts them together. Only editions whose
build ended well are read.
"""

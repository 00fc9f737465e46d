"""Pictures of the text: the facts of all documents counted, and drawn as SVG.

``counts`` reads the facts; every other module draws what it is given: ``worldmap`` (with
``projection``, ``land``, ``labels``), ``timeline``, ``matrix``, ``arcs``, ``bars``; ``svg``
writes elements. Nothing here knows Sphinx, the addresses of pages or a language: links and
words come in with the data. The same facts give the same bytes.
"""

"""Charts: count the facts of all documents and draw them as SVG.

``counts`` reads the facts. The other modules draw the data they receive: ``worldmap`` (with
``projection``, ``land``, ``label_places``), ``timeline``, ``matrix``, ``arcs``, ``bars``; ``svg``
writes elements. These modules know neither Sphinx nor page addresses nor a language: links and
words arrive with the data. The same facts always give the same bytes.
"""

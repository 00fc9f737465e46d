"""The charts of the site: counted and drawn by :mod:`tei_export.shared.charts`, with words, links and tables.

``chart_pages`` writes the pages. ``chart_of_places`` is the map, ``chart_of_events`` the timeline;
``charts_by_chapter``, ``charts_by_page`` and ``charts_of_witnesses`` are the others. ``chart_list``
names the charts that have something to show, ``chart_parts`` is what they consist of, and
``chart_division`` divides one that is too large for a page.
"""

"""The edition as data for other programs: tables, linked data, citations."""

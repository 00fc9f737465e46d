"""Directives for the editors' own pages."""

"""The words of the interface in every language: catalogues, numbers, dates."""

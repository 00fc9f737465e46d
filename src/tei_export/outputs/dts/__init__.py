"""DTS: the texts as static files that answer the queries of the Distributed Text Services 1.0."""

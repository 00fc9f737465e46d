"""Code shared by several outputs: writing files, labels, citations, figures."""

"""What several outputs use: writing files, labels, citations, figures."""

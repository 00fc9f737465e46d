"""TEI: schema, validation, and what else concerns the TEI form of an edition."""

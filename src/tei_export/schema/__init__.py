"""The schema: the ODD compiler, the rules that no grammar expresses, validation."""

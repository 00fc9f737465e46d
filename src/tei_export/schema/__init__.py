"""The schema: the ODD compiler, the rules that no grammar can express, validation."""

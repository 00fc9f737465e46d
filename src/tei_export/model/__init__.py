"""The edition: record, texts, witness, registers, readings, places. No Sphinx, no docutils."""

"""What an edition is: record, texts, witness, registers, readings, places. No Sphinx, no docutils."""

"""From MyST to the final doctree and its facts: roles, lines, notes, witness, gate."""

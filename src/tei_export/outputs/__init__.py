"""The outputs, one package each. No output imports another."""

"""One folder for each output. No output imports another."""

"""Independent readers: programs that read the outputs back and share no code with the writers."""

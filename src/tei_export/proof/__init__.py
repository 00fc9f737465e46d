"""Second readers: programs that read the outputs back and share nothing with the writers."""

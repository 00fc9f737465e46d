"""The guard of the words: what a text says that no list, register or editor vouches for."""

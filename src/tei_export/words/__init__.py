"""Check the words of the texts: report every word that no word list, register or editor vouches for."""

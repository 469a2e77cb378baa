"""Random text for the reader: it reads it or refuses it, soon, and never breaks."""

"""Running the emitted files on symbols: exact or refused, and what is wrong is found and named."""

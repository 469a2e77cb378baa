"""The page that checks derivations in a browser: its sources, and the command that builds it."""

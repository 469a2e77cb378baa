"""README and the pages of docs/: whatever they show is run, and compared."""

"""The reader of written derivations."""

"""Passes: from programs to programs, each of which computes what the one before computed."""

"""Declarations proposed for files that have none."""

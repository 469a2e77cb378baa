"""The generator: what it lowers is exact, what it cannot it refuses, and files are in sync."""

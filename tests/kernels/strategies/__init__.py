"""Hypothesis strategies that force what random data never meets."""

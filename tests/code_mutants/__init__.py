"""Mutants of the emitted files: which layer of checks kills each of them."""

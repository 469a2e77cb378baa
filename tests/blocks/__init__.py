"""Blocks whose lists have weights and signs: the promises of spans, kept in their other form."""

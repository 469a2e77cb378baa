"""The meaning of emitted Coq text at numbers, read from the text and the library alone.

It is independent of the translator on purpose: nothing of `derivations.certify` is imported.
"""

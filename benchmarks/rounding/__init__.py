"""Bounds on rounding beside what is measured, a million times: ``python -m benchmarks.rounding``.

counted  the bounds in u B, by counting, beside the errors of a pair's loss and gradients
table    the rows as a table, and as JSON
"""

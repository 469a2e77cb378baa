"""Faults planted in one of the two meanings, by changing its text, and which guard sees each.

`python -m tests.language.faults` prints the table.
"""

"""Suggested repairs of a line that does not hold: small edits after which it is proved.

search    suggestions for a line, smallest first, within a budget, screened by values at points
edits     the edits themselves, the catalogue of them, edited lines in the order they are tried
operator  what an edit is, and every position in a term (a zipper)
"""

from derivations.repair.search import (
    Before,
    Budget,
    Repair,
    Spent,
    Suggestion,
    ending,
    repairs,
    suggestions,
)

__all__ = [
    "Before",
    "Budget",
    "Repair",
    "Spent",
    "Suggestion",
    "ending",
    "repairs",
    "suggestions",
]

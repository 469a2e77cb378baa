"""Suggested repairs of a line that does not hold: small edits after which it is proved.

search        suggestions for a line, smallest first, within a budget; all lines of a derivation
candidates    the catalogue of edits, and the edited lines in the order they are tried
operator      what an edit is, and every position in a term (a zipper)
letter_edits, sum_edits, term_edits   the edits themselves
screening     values of both sides at random points, by which most candidates fall
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

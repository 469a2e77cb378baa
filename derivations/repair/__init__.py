"""Suggested repairs of a line that does not hold: small edits after which it is proved.

search      suggestions for a line, smallest first, within a budget; all lines of a derivation
candidates  the edited lines, in the order they are tried
screening   values of both sides at random points, by which most candidates fall
suggestion  a repaired line, and how much is tried for it
"""

from derivations.repair.search import Repair, ending, repairs, suggestions
from derivations.repair.suggestion import Before, Budget, Spent, Suggestion

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

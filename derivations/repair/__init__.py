"""Suggested repairs of a line that does not hold: small edits after which it is proved.

search      the entry point: suggestions for a line, smallest first, within a budget
chain       all lines of a derivation, each with what was suggested for the one before it
candidates  the edited lines, in the order they are tried
hopeful     the part of a proof that is tried first
draw, point sizes, words and numbers drawn at random; sides: values there, most candidates fall
"""

from derivations.repair.budget import Budget
from derivations.repair.chain import Repair, ending, repairs
from derivations.repair.search import Before, suggestions
from derivations.repair.suggestion import Suggestion

__all__ = ["Before", "Budget", "Repair", "Suggestion", "ending", "repairs", "suggestions"]

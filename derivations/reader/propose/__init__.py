"""Declarations proposed for a file that has none.

Four passes: what the displays say as trees, which letters are indices of which set, shape
equations over all displays, and the definitions that the text gives. The result is a block of
declarations to look through: what the text leaves open is a question in it, with the choices.
"""

from derivations.reader.propose.proposal import Proposal, inserted, proposed

__all__ = ["Proposal", "inserted", "proposed"]

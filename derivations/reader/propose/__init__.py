"""Declarations proposed for a file that has none.

In this order (``proposal.py`` is the list):

1. the displays as syntax trees; which letters are indices, and of which set: ``index_analysis``
2. the formulas as untyped terms, names told from their subscripts: ``sketch``
3. shape equations over all displays, unified; what stays open by defaulting: ``shape_inference``
4. what the sentences of the text say: ``stated``
5. the definitions that the text gives, or takes for known: ``abbreviations``
6. all of it written as declarations, each accepted by the reader: ``proposal``

The result is a block of declarations to look through: what the text leaves open is a question in
it, with the choices.
"""

from derivations.reader.propose.proposal import Proposal, inserted, proposed

__all__ = ["Proposal", "inserted", "proposed"]

"""Declarations proposed for a file that has none.

In this order (``proposal.py`` is the list):

1. the displays as syntax trees: ``displays``
2. which letters are indices, and of which set: ``index_analysis``
3. the formulas as untyped terms, names told from their subscripts: ``sketch``
4. shape equations over all displays, unified: ``shape_inference``; what stays open by defaulting
5. the definitions that the text gives, or takes for known: ``abbreviations``
6. all of it written as declarations: ``declaring``

The result is a block of declarations to look through: what the text leaves open is a question in
it, with the choices.
"""

from derivations.reader.propose.proposal import Proposal, inserted, proposed

__all__ = ["Proposal", "inserted", "proposed"]

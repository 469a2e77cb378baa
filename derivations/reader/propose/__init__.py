"""Declarations proposed for a file that has none.

In this order (``proposal.py`` is the list):

1. the displays as trees: ``displays``
2. which letters are indices, and of which set: ``letters``, ``below_sums``, ``letter_sets``
3. the formulas as terms, names told from their subscripts: ``function_names``, ``sketching``
4. shape equations over all displays: ``equations``, ``open_products``; what stays open: ``habits``
5. the definitions that the text gives: ``introduced``, ``stands_in``, ``recognised``
6. all of it written as declarations: ``declaring``, ``label_lists``, ``any_function``

The result is a block of declarations to look through: what the text leaves open is a question in
it, with the choices.
"""

from derivations.reader.propose.proposal import Proposal, inserted, proposed

__all__ = ["Proposal", "inserted", "proposed"]

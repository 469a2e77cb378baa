"""Assumptions that formulas of the text state: an equality, or what entries add up to."""

from __future__ import annotations

from collections.abc import Callable

from derivations.claim import Claim, Premise
from derivations.language.data_conditions import OfData
from derivations.language.tree import Term
from derivations.reader.elaborate import Environment, IllFormed
from derivations.reader.elaborate.indexing import conditions
from derivations.reader.equality import NOTHING, equated, side
from derivations.reader.formula import listing
from derivations.reader.inference.standing import TEXT_SAYS, Stated
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Scope
from derivations.reader.source import Span
from derivations.reader.syntax import Node, Relation


def stated(span: Span, scope: Scope, lost: Callable[[Node], None]) -> Stated | None:
    """What a formula states, where it is one equality that can be read; else None.

    ``lost`` raises Unreadable for what uses a declaration that was lost.
    """
    try:
        return _stated(span, scope, lost)
    except (Unreadable, IllFormed):
        return None


def _stated(span: Span, scope: Scope, lost: Callable[[Node], None]) -> Stated | None:
    items = listing(span).items
    relation = items[0] if len(items) == 1 else None
    if not isinstance(relation, Relation) or relation.signs != ("=",):
        return None
    lost(relation)
    where = f"{TEXT_SAYS}{span.stripped.place}"
    try:
        found = conditions([relation], Environment(scope))
    except (Unreadable, IllFormed):
        found = ()
    of_data = tuple(each for each in found if isinstance(each, OfData))
    if len(of_data) < len(found):
        return None  # of indices
    left, right = (side(part, scope) for part in relation.parts)
    claim = equated(Claim("", "", "", "", *NOTHING, scope.conditions), left, right)
    asked = left.questions or right.questions
    if claim.misfit is not None or asked or left.conditions or right.conditions:
        return None
    assert isinstance(claim.left, Term)
    assert isinstance(claim.right, Term)
    return Stated(where, Premise(where, claim.left, claim.right, claim.conditions), of_data)

"""Required equalities of an exercise: ``require A = B``, or ``require A = ...`` for any answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from derivations.claim import Claim, Condition
from derivations.language.tree import Term
from derivations.reader.elaborate import Environment
from derivations.reader.elaborate.indexing import conditions
from derivations.reader.equality import NOTHING, equated, question, side
from derivations.reader.formula import formula, listing
from derivations.reader.problem import Place, Unreadable
from derivations.reader.scope import Scope
from derivations.reader.source import Span
from derivations.reader.syntax import Node, Relation
from derivations.reader.written import written

KEYWORD = "require"
WITHOUT_MEANING = "it has no meaning as it stands"
_OPEN = re.compile(r"(.*\S)\s*=\s*(?:\.\.\.|…|\\[lcd]?dots|\?)\s*", re.DOTALL)


@dataclass(frozen=True)
class Required:
    """An equality that a solution has to show; ``right`` is None where that is any answer.

    ``latex`` is how it is written, ``begins`` its left side, ``part`` the part that it is asked in,
    ``conditions`` what it may be shown under.
    """

    place: Place
    latex: str
    begins: str
    left: Term
    right: Term | None
    conditions: tuple[Condition, ...]
    part: str = ""


def required(span: Span, scope: Scope, lost: Callable[[Sequence[Node]], None]) -> Required:
    """What stands behind the keyword; raises Unreadable where that is no equality.

    ``lost`` raises it for what uses a declaration that was lost.
    """
    inside = span.stripped
    if len(inside.text) > 1 and inside.text.startswith("$") and inside.text.endswith("$"):
        inside = inside.part(1, len(inside.text) - 1).stripped
    latex = " ".join(inside.text.split())
    open_ = _OPEN.fullmatch(inside.text)
    if open_ is not None:
        node = formula(inside.part(*open_.span(1)))
        lost([node])
        found = side(node, scope)
        if not isinstance(found.value, Term):
            raise Unreadable(inside.place, latex, str(found.value), WITHOUT_MEANING)
        assumed = (*scope.conditions, *found.conditions)
        return Required(inside.place, latex, written(node), found.value, None, assumed)
    content = listing(inside)
    lost(content.items)
    first, *others = content.items or (None,)
    if not isinstance(first, Relation) or first.signs != ("=",):
        advice = "write require A = B, or require A = ... for any answer"
        raise Unreadable(inside.place, latex, "one equality is expected", advice)
    said = [each for each in others if isinstance(each, Relation)]
    if len(said) < len(others):
        what, advice = "what is this behind the equality?", "conditions may stand behind a comma"
        raise Unreadable(inside.place, latex, what, advice)
    assumed = (*scope.conditions, *conditions(said, Environment(scope)))
    left, right = (side(each, scope) for each in first.parts)
    asked = question(left, right, assumed)
    if asked is not None:
        raise asked
    claim = equated(Claim("", "", "", latex, *NOTHING, assumed, scope.names), left, right)
    if claim.misfit is not None:
        raise Unreadable(inside.place, latex, str(claim.misfit), WITHOUT_MEANING)
    one, other = claim.terms
    assumed = (*assumed, *left.conditions, *right.conditions)
    return Required(inside.place, latex, written(first.parts[0]), one, other, assumed)

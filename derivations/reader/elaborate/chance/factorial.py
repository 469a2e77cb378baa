"""Factorials: ``x!`` of a number is a positive function of it, 0! to 12! are the numbers they are.

Nothing else is known of it, so that it drops out of derivatives by other things and is the same on
both sides of a line. That x! is x (x - 1)! is not known: such lines are undecided.
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial

from derivations.language.functions import EXP
from derivations.language.tree import (
    Apply,
    Arbitrary,
    ArbitraryCall,
    Call,
    Definition,
    Number,
    Reference,
    Term,
    Variable,
)
from derivations.reader.elaborate.chance.partly_known import Asked, partly_known
from derivations.reader.elaborate.environment import Environment, fitted, scalar
from derivations.reader.syntax import Group
from derivations.reader.written import written

MOST = 12  # of which factorial the number is written

_WHAT = "of a factorial nothing is known here but that it is above zero"
_ASKED = Asked("!", _WHAT, "", whole=True)
_OF = Variable((), "x", "x")
_LOGARITHM = partly_known(Arbitrary("log-factorial", (_OF,), (r"\log(", 0, "!)")), _ASKED)
_FACTORIAL = Definition(
    "factorial", (_OF,), Apply(EXP, ArbitraryCall(_LOGARITHM, (Reference(_OF),))), ("(", 0, ")!")
)


def of_count(node: Group, here: Environment) -> Term:
    """The factorial of what stands before the sign."""
    assert node.content.only is not None
    value = scalar(node.content.only, here, written(node))
    if isinstance(value, Number) and value.value.denominator == 1 and 0 <= value.value <= MOST:
        return fitted(node, lambda: Number(Fraction(factorial(int(value.value)))))
    here.mention(f"{written(node)} is read as a factorial, any function above zero of its number")
    return fitted(node, lambda: Call(_FACTORIAL, (value,)))

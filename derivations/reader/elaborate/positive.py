"""Numbers that are above zero for sure: by what is declared, and by how they are made."""

from __future__ import annotations

from derivations.data_conditions import Positive, PositiveDefinite
from derivations.language.functions import EXP, SQRT
from derivations.language.tree import (
    Apply,
    Call,
    Determinant,
    Entry,
    Number,
    Pi,
    Power,
    Quotient,
    Reference,
    Size,
    Slice,
    Term,
    Times,
)
from derivations.reader.scope import Scope


def is_above_zero(term: Term, scope: Scope) -> bool:
    """Whether a number is above zero, whatever the data are."""
    match term:
        case Number(value):
            return value > 0
        case Size(least=least):
            return least > 0
        case Pi():
            return True
        case Reference(variable) | Entry(Reference(variable)):
            said = (each for each in scope.conditions if isinstance(each, Positive))
            return any(each.of.name == variable.name for each in said)
        case Times(left, right) | Quotient(left, right):
            return is_above_zero(left, scope) and is_above_zero(right, scope)
        case Power(base):
            return is_above_zero(base, scope)
        case Apply(function, of):
            return function is EXP or (function is SQRT and is_above_zero(of, scope))
        case Determinant(Reference(variable) | Slice(variable)):
            definite = (each for each in scope.conditions if isinstance(each, PositiveDefinite))
            return any(each.of.name == variable.name for each in definite)
        case Call(definition, ()):
            return is_above_zero(definition.body, scope)
    return False

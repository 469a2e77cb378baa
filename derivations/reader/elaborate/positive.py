"""Numbers that are above zero for sure: by what is declared, and by how they are made."""

from __future__ import annotations

from derivations.language.data_conditions import Between, Positive, PositiveDefinite
from derivations.language.functions import EXP, SIGMOID, SQRT
from derivations.language.tree import (
    Apply,
    Call,
    Determinant,
    Entry,
    Mapped,
    Negative,
    Number,
    Pi,
    Plus,
    Power,
    Quotient,
    Reference,
    Size,
    Slice,
    Sum,
    Table,
    Term,
    Times,
    Variable,
)
from derivations.reader.scope import Scope

Parameters = frozenset[Variable]


def is_above_zero(value: Term, scope: Scope, parameters: Parameters = frozenset()) -> bool:
    """Whether a number is above zero: declared so, one less what is below one, made of such.

    ``parameters`` are those of the definitions around: they may be anything. An array is above zero
    where all of its entries are.
    """

    def both(left: Term, right: Term) -> bool:
        return all(is_above_zero(each, scope, parameters) for each in (left, right))

    match value:
        case Number(number):
            return number > 0
        case Size(least=least):
            return least > 0
        case Pi():
            return True
        case Determinant(Reference(variable) | Slice(variable)):
            definite = (each for each in scope.conditions if isinstance(each, PositiveDefinite))
            known = any(each.of.name == variable.name for each in definite)
            return known and variable not in parameters
        case Apply(function=function, of=of):
            root = function is SQRT and is_above_zero(of, scope, parameters)
            return root or function in (EXP, SIGMOID)
        case Reference(variable) | Entry(Reference(variable)):
            said = (each for each in scope.conditions if isinstance(each, Positive))
            known = any(each.of.name == variable.name for each in said)
            return known and variable not in parameters
        case Plus((Number(number), Negative(taken))):
            return number >= 1 and _is_below_one(taken, scope, parameters)
        case Plus(parts):
            return all(is_above_zero(part, scope, parameters) for part in parts)
        case Times(left, right):
            return both(left, right)
        case Quotient(over, Sum(body=body)):  # a sum of none is no divisor
            return both(over, body)
        case Quotient(over, under):
            return both(over, under)
        case Power(base, _):
            return is_above_zero(base, scope, parameters)
        case Call(definition):
            return is_above_zero(
                definition.body, scope, parameters | _numbers(definition.parameters)
            )
        case Entry(Apply() | Mapped() | Call() | Table() as array):
            return is_above_zero(array, scope, parameters)
        case Mapped(definition):
            inside = parameters | _numbers(definition.parameters)
            return is_above_zero(definition.body, scope, inside)
        case Table(body=body):
            return is_above_zero(body, scope, parameters)
    return False


def _numbers(parameters: tuple[object, ...]) -> Parameters:
    return frozenset(each for each in parameters if isinstance(each, Variable))


def _is_below_one(value: Term, scope: Scope, parameters: Parameters) -> bool:
    """Whether a number is below one: between two of which the greater is at most one, or made so.

    It may be a share, as 1 of 1 + e^{-z}, or a product of numbers between zero and one.
    """
    match value:
        case Reference(variable) | Entry(Reference(variable)):
            said = [each for each in scope.conditions if isinstance(each, Between)]
            known = any(e.of.name == variable.name and e.ends[1] <= 1 for e in said)
            return known and variable not in parameters
        case Apply(function=function):
            return function is SIGMOID
        case Times(left, right):
            both = (left, right)
            above = all(is_above_zero(each, scope, parameters) for each in both)
            return above and all(_is_below_one(each, scope, parameters) for each in both)
        case Quotient(over, Plus(parts)) if over in parts and len(parts) > 1:
            return all(is_above_zero(part, scope, parameters) for part in parts)
        case Call(definition) | Mapped(definition):
            inside = parameters | _numbers(definition.parameters)
            return _is_below_one(definition.body, scope, inside)
        case Entry(Apply() | Mapped() | Call() | Table() as array):
            return _is_below_one(array, scope, parameters)
        case Table(body=body):
            return _is_below_one(body, scope, parameters)
    return False

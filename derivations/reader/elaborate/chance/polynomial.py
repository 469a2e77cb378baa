"""The degree of a term as a polynomial in the entries of a variable, as far as it can be seen."""

from __future__ import annotations

from collections.abc import Mapping

from derivations.language.traversal import free_in, free_in_definition, parts
from derivations.language.tree import (
    Call,
    Constant,
    Derivative,
    Entry,
    Entrywise,
    InnerProduct,
    Mapped,
    MatrixProduct,
    Negative,
    Plus,
    Power,
    Quotient,
    Reference,
    Row,
    Rows,
    Sum,
    Table,
    Term,
    Times,
    Trace,
    Transpose,
    Variable,
)

Degrees = Mapping[Variable, int]


def degree_in(variable: Variable, term: Term) -> int | None:
    """The degree, or a number above it; None where the term may be no polynomial."""
    return _degree(term, {variable: 1})


def _degree(term: Term, degrees: Degrees) -> int | None:
    if not any(each in degrees for each in free_in(term).variables):
        return 0
    match term:
        case Reference(variable):
            return degrees[variable]
        case Plus():
            return _most([_degree(part, degrees) for part in parts(term)])
        case Entry(of) | Negative(of) | Transpose(of) | Trace(of) | Constant(of) | Row(of):
            return _degree(of, degrees)
        case Sum(lower=None, upper=None) | Table() | Rows():
            return _degree(term.body, degrees)
        case (
            Times(left, right)
            | MatrixProduct(left, right)
            | Entrywise(left, right)
            | InnerProduct(left, right)
        ):
            return _sum(_degree(left, degrees), _degree(right, degrees))
        case Quotient(over, under) if _degree(under, degrees) == 0:
            return _degree(over, degrees)
        case Power(base, exponent) if exponent >= 0:
            inside = _degree(base, degrees)
            return None if inside is None else inside * exponent
        case Call(definition, arguments):
            inner = dict(degrees)
            for parameter, argument in zip(definition.parameters, arguments, strict=True):
                if isinstance(parameter, Variable) and isinstance(argument, Term):
                    own = _degree(argument, degrees)
                    if own is None:
                        return None
                    inner[parameter] = own
            return _degree(definition.body, {v: n for v, n in inner.items() if n})
        case Mapped(definition, of):
            (parameter,) = definition.parameters
            own = _degree(of, degrees)
            if own is None or any(v in degrees for v in free_in_definition(definition).variables):
                return None
            assert isinstance(parameter, Variable)
            return _degree(definition.body, {parameter: own} if own else {})
        case Derivative(of):  # by what it is a polynomial in as well
            return _degree(of, degrees)
    return None


def _most(found: list[int | None]) -> int | None:
    known = [each for each in found if each is not None]
    return max(known, default=0) if len(known) == len(found) else None


def _sum(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left + right

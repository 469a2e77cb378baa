"""Size of a term with its definitions written out: nodes, depth, degree, towers of exponentials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from derivations.language.functions import COSH, EXP, SIGMOID, SINH, SOFTPLUS, TANH
from derivations.language.traversal import parts
from derivations.language.tree import (
    Apply,
    Call,
    Definition,
    IndexNumber,
    IndexVariable,
    Mapped,
    Negative,
    Number,
    Pi,
    Power,
    Ranged,
    Reference,
    Size,
    Term,
    Times,
    Variable,
)
from derivations.reader.limits import MOST_DEEP, MOST_DEGREE, MOST_TOWER, MOST_UNFOLDED


@dataclass(frozen=True)
class Measure:
    """Nodes, how deep they are nested, and the largest product of exponents within exponents.

    ``tower`` is how many exponentials of a number, a term without letters, are within one
    another: SymPy calculates with such a number, and soon cannot.
    """

    nodes: int = 1
    deep: int = 1
    degree: int = 1
    tower: int = 0
    is_number: bool = True

    @property
    def excess(self) -> str:
        """What is too much of it; empty where nothing is."""
        if self.nodes > MOST_UNFOLDED:
            return f"larger than {MOST_UNFOLDED} when its definitions are written out"
        if self.deep > MOST_DEEP:
            return f"nested deeper than {MOST_DEEP} when its definitions are written out"
        if self.degree > MOST_DEGREE:
            return f"exponents within exponents above {MOST_DEGREE}"
        if self.tower > MOST_TOWER:
            return f"more than {MOST_TOWER} exponentials of a number within one another"
        return ""


Inside = Mapping[Variable, Measure]
Known = dict[tuple[Definition, tuple[Measure, ...]], Measure]
LETTER = Measure(is_number=False)
EXPONENTIALS = (EXP, SINH, COSH, TANH, SIGMOID, SOFTPLUS)  # what an exponential is made for


def measured(term: Term) -> Measure:
    """The measure of a term with its definitions written out."""
    return _measured(term, {}, {})


def _measured(term: Term, inside: Inside, known: Known) -> Measure:
    if isinstance(term, Reference):
        return inside.get(term.variable, LETTER)
    if isinstance(term, Size | IndexNumber):
        return LETTER
    if isinstance(term, Call):
        arguments = [each for each in term.arguments if isinstance(each, Term)]  # no members
        return _called(term.definition, [_measured(a, inside, known) for a in arguments], known)
    found = [_measured(part, inside, known) for part in parts(term)]
    if isinstance(term, Mapped):
        return _called(term.definition, found, known)
    if not found:
        return Measure(is_number=isinstance(term, Number | Pi))
    is_number = all(each.is_number for each in found) and not isinstance(term, Ranged)
    tower = max(each.tower for each in found)
    if isinstance(term, Apply) and term.function in EXPONENTIALS and is_number:
        tower += 1
    # beyond the bounds how far does not matter
    return Measure(
        min(1 + sum(each.nodes for each in found), MOST_UNFOLDED + 1),
        min(1 + max(each.deep for each in found), MOST_DEEP + 1),
        min(max(each.degree for each in found) * _exponent(term), MOST_DEGREE + 1),
        min(tower, MOST_TOWER + 1),
        is_number,
    )


def _called(definition: Definition, arguments: list[Measure], known: Known) -> Measure:
    """The measure of the body, its parameters as large as the arguments."""
    key = (definition, tuple(arguments))
    if key not in known:
        variables = [p for p in definition.parameters if not isinstance(p, IndexVariable)]
        values = dict(zip(variables, arguments, strict=True))
        known[key] = _measured(definition.body, values, known)
    return known[key]


def _exponent(term: Term) -> int:
    if isinstance(term, Power):
        return max(abs(term.exponent), 1)
    if isinstance(term, Apply) and term.function is EXP:
        return _coefficient(term.of)
    return 1


def _coefficient(term: Term) -> int:
    """The whole number that an exponent is multiplied by: exp(3 x) is a third power."""
    match term:
        case Negative(of=inner):
            return _coefficient(inner)
        case Number(value=value):
            return max(abs(int(value)), 1)
        case Times(left=left, right=right):
            return _coefficient(left) * _coefficient(right)
    return 1

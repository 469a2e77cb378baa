"""Terms that are not zero wherever an equality has a meaning, read off its sides.

Those are the denominators that are written, arguments of logarithms, what is declared to be above
zero, and sizes of which there is at least one. A factor of such a term is none either. Matrices
that are inverted somewhere have an inverse there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from derivations.claim import Condition
from derivations.language.data_conditions import Between, Positive
from derivations.language.traversal import binders, free_in, parts, same, with_members
from derivations.language.tree import (
    Apply,
    Call,
    Definition,
    Entry,
    IndexVariable,
    Inverse,
    Negative,
    Number,
    Power,
    Quotient,
    Ranged,
    Reference,
    Size,
    Term,
    Times,
    Variable,
)

MOST = 10
Wrap = Callable[[Term], Term]
Bound = frozenset[IndexVariable | Variable]
NOTHING: Bound = frozenset()


def nonzero_in(terms: Iterable[Term], conditions: Iterable[Condition]) -> list[Term]:
    """Numbers that are not zero where all these terms have values, each once."""
    terms = list(terms)
    positive = {
        each.of.name
        for each in conditions
        if isinstance(each, Positive) or (isinstance(each, Between) and each.lower >= 0)
    }
    letters = list(free_in(*terms).indices)
    found = (each for term in terms for each in _numbers(term, positive, letters, NOTHING, _itself))
    return _once(found)[:MOST]


def inverses_in(terms: Iterable[Term]) -> list[Term]:
    """The inverses that are taken in some terms, each once."""
    return _once(each for term in terms for each in _inverses(term, NOTHING, _itself))[:MOST]


def _itself(term: Term) -> Term:
    return term


def _once(terms: Iterable[Term]) -> list[Term]:
    kept: list[Term] = []
    for term in terms:
        if not any(same(term, each) for each in kept):
            kept.append(term)
    return kept


def _numbers(
    term: Term,
    positive: set[str],
    letters: Sequence[IndexVariable],
    bound: Bound,
    wrap: Wrap,
) -> Iterator[Term]:
    for factor in _nonzero_factors(term, positive):
        if _is_free_of(factor, bound):
            yield wrap(factor)
    if isinstance(term, Ranged) and (term.lower, term.upper, term.where) == (None, None, ()):
        # what is not zero at any member of a set is not at the one that a letter names
        for factor in _numbers(term.body, positive, (), bound, wrap):
            for letter in letters:
                if letter.space == term.over.space and term.over in free_in(factor).indices:
                    yield with_members(factor, {term.over: letter})
    for part, inside, wrapped in _parts(term, bound, wrap):
        yield from _numbers(part, positive, letters, inside, wrapped)


def _inverses(term: Term, bound: Bound, wrap: Wrap) -> Iterator[Term]:
    if isinstance(term, Inverse) and _is_free_of(term, bound):
        yield wrap(term)
    for part, inside, wrapped in _parts(term, bound, wrap):
        yield from _inverses(part, inside, wrapped)


def _parts(term: Term, bound: Bound, wrap: Wrap) -> Iterator[tuple[Term, Bound, Wrap]]:
    """The parts of a term, and the body of a definition that it calls, at its arguments."""
    inside = bound.union(binders(term))
    for part in parts(term):
        yield part, inside, wrap
    if isinstance(term, Call):
        definition, arguments = term.definition, term.arguments
        if all(not isinstance(each, Term) or _is_free_of(each, bound) for each in arguments):

            def called(factor: Term) -> Term:
                free = free_in(factor)
                if not {*free.variables, *free.indices} & {*definition.parameters}:
                    return wrap(factor)
                one = Definition("a factor", definition.parameters, factor)
                return wrap(Call(one, arguments))

            yield definition.body, bound, called


def _is_free_of(term: Term, bound: Bound) -> bool:
    free = free_in(term)
    return not {*free.variables, *free.indices} & bound


def _nonzero_factors(term: Term, positive: set[str]) -> Iterator[Term]:
    match term:
        case Quotient(_, under) if not under.shape:
            yield from factors(under)
        case Power(base, exponent) if exponent < 0 and not base.shape:
            yield from factors(base)
        case Apply(function, of) if function.name == "log" and not of.shape:
            yield from factors(of)
        case Reference(variable) | Entry(Reference(variable)):
            if not term.shape and variable.name in positive:
                yield term
        case Size(_, least) if least > 0:
            yield term


def factors(term: Term) -> Iterator[Term]:
    """Factors of a number, without those that are written out."""
    match term:
        case Number():
            return
        case Negative(of):
            yield from factors(of)
        case Power(base):
            yield from factors(base)
        case Times(left, right):
            yield from factors(left)
            yield from factors(right)
        case Quotient(over, under):
            yield from factors(over)
            yield from factors(under)
        case Call(definition, ()):
            yield from factors(definition.body)
        case _:
            yield term

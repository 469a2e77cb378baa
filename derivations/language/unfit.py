"""Terms whose parts do not fit, kept so that they can be mended: constructors that never fail.

A line that is ill-typed has no term, and yet the search for repairs has to change something. Here
a node that does not fit is held by `Unfit`, which no meaning knows: it cannot be judged, evaluated
or printed into a kernel, only edited, until every node fits again (`is_fit`). Literal numbers take
the shape of what they stand beside, as they do when they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from derivations.indices import IndexSet
from derivations.language.traversal import parts, with_members, with_parts
from derivations.language.tree import (
    Arbitrary,
    ArbitraryCall,
    Argument,
    Call,
    Cases,
    Comparison,
    Constant,
    Definition,
    Derivative,
    Entry,
    IllTyped,
    IndexNumber,
    IndexVariable,
    Indicator,
    ListEntry,
    Mapped,
    MatrixProduct,
    Member,
    Negative,
    Number,
    Numbered,
    Offset,
    Parameter,
    Plus,
    Quotient,
    Ranged,
    Row,
    Shape,
    Slice,
    Term,
    Times,
    Zeros,
    unchecked,
)


@dataclass(frozen=True)
class Unfit(Term):
    """A node whose parts do not fit; its shape is what it would be if they did."""

    node: Term

    def _shape(self) -> Shape:
        if isinstance(self.node, MatrixProduct):
            left, right = self.node.left.shape, self.node.right.shape
            if left and right:
                row, column = left[0], right[1]
                return (row, column) if row is not None or column is not None else ()
        if isinstance(self.node, Entry | Derivative | ArbitraryCall):
            return ()
        return next((part.shape for part in parts(self.node) if part.shape), ())


def bare(term: Term) -> Term:
    """The node itself, whether its parts fit or not."""
    return term.node if isinstance(term, Unfit) else term


def made(build: Callable[[], Term]) -> Term:
    """What ``build`` makes, held as `Unfit` where its parts do not fit."""
    try:
        return build()
    except IllTyped:
        with unchecked():
            return Unfit(build())


def with_any_parts(term: Term, new: Sequence[Term]) -> Term:
    """The same node with other terms inside, fitted to their shapes as the reader would."""
    node = bare(term)
    match node:
        case Times() | MatrixProduct():
            return product(*new)
        case Plus():
            return plus(new)
        case Zeros() | Constant():
            return made(lambda: with_parts(node, new))
        case Call(definition, (Term(),)) | Mapped(definition, _):
            (argument,) = new
            parameter = definition.parameters[0]
            if not isinstance(parameter, IndexVariable) and not parameter.shape:
                if argument.shape:
                    return made(lambda: Mapped(definition, argument))
                return made(lambda: Call(definition, (argument,)))
    return made(lambda: with_parts(node, new))


def relettered(term: Term, values: Mapping[IndexVariable, Member]) -> Term:
    """The term with free index variables replaced by members, whether it fits or not."""
    with unchecked():
        return with_members(term, values)


def product(left: Term, right: Term) -> Term:
    """Side by side: a multiple, or the matrix product."""
    left, right = literal(left), literal(right)
    if left.shape and right.shape:
        return made(lambda: MatrixProduct(left, right))
    return Times(left, right)


def factors(term: Term) -> tuple[Term, ...]:
    """The factors side by side in a product, brackets kept; any other term by itself."""
    node = bare(term)
    if isinstance(node, Times | MatrixProduct):
        return (*factors(node.left), node.right)
    return (term,)


def multiplied(terms: Sequence[Term]) -> Term:
    """The product of factors, from left to right."""
    return reduce(product, terms)


def negative(term: Term) -> Term:
    """Minus a term, or the term itself where it had a minus."""
    return term.of if isinstance(term, Negative) else Negative(term)


def plus(terms: Sequence[Term]) -> Term:
    """The sum of terms, literal numbers in the shape of the others."""
    inside = [literal(each) for each in terms]
    if len(inside) == 1:
        return inside[0]
    shape = next((each.shape for each in inside if each.shape), ())
    return made(lambda: Plus(tuple(in_shape(each, shape) for each in inside)))


def literal(term: Term) -> Term:
    """A number that was fitted to a shape, as the number that it was."""
    match term:
        case Zeros():
            return Number(Fraction(0))
        case Constant(of, _):
            return of
        case Negative(Zeros() | Constant() as inside):
            return Negative(literal(inside))
    return term


def in_shape(term: Term, shape: Shape) -> Term:
    """A literal number in a shape; any other term, or one of that shape, as it is."""
    if not shape or term.shape:
        return term
    inside = term.of if isinstance(term, Negative) else term
    if isinstance(inside, Number) and inside.value == 0:
        return Zeros(shape)
    one_axis = (shape[0] is None) != (shape[1] is None)
    return Constant(term, shape) if one_axis and _is_literal(term) else term


def _is_literal(term: Term) -> bool:
    match term:
        case Number():
            return True
        case Negative(inside):
            return _is_literal(inside)
        case Quotient(over, under):
            return _is_literal(over) and _is_literal(under)
    return False


# Whether everything fits ------------------------------------------------------------------------


def is_fit(term: Term) -> bool:
    """Whether every node in a term fits, and every member is one of the set it stands for."""
    try:
        _ = term.shape
    except IllTyped:
        return False
    match term:
        case Unfit():
            return False
        case IndexNumber(IndexVariable(space)) if space.labels:
            return False
    return all(_is_member(*pair) for pair in _members(term)) and all(map(is_fit, parts(term)))


def _members(term: Term) -> Iterator[tuple[Member, IndexSet | None]]:
    """Members with the sets they have to be of."""
    match term:
        case Entry(of, members):
            yield from zip(members, (axis for axis in of.shape if axis), strict=True)
        case Row(of, member):
            yield member, of.shape[0] if of.shape else None
        case Slice(variable, member):
            yield member, variable.over
        case Call(Definition(parameters=parameters), arguments):
            yield from _given(parameters, arguments)
        case ArbitraryCall(Arbitrary(parameters=parameters), arguments):
            yield from _given(parameters, arguments)
        case Indicator(comparisons) | Ranged(where=comparisons):
            yield from _compared(comparisons)
        case Cases(conditions):
            for comparisons in conditions:
                yield from _compared(comparisons)


def _compared(comparisons: tuple[Comparison, ...]) -> Iterator[tuple[Member, IndexSet | None]]:
    for each in comparisons:
        yield each.left, set_of(each.right)
        yield each.right, set_of(each.left)


def _given(
    parameters: tuple[Parameter, ...], arguments: tuple[Argument, ...]
) -> Iterator[tuple[Member, IndexSet]]:
    for parameter, argument in zip(parameters, arguments, strict=True):
        if isinstance(parameter, IndexVariable) and not isinstance(argument, Term):
            yield argument, parameter.space


def set_of(member: Member) -> IndexSet | None:
    """The index set that a member tells it is of; None for a number."""
    match member:
        case IndexVariable(space):
            return space
        case ListEntry(words, _):
            return words.values
        case Offset(of, _):
            return of.space if of is not None else None
        case Numbered():
            return None


def _is_member(member: Member, space: IndexSet | None) -> bool:
    match member:
        case Numbered(value):
            first = space is not None and space.inhabited and value == space.lower
            return first or (space is not None and space.symmetric and value == 0)
        case ListEntry(words, at) if not _is_member(at, words.places):
            return False
        case Offset():
            return True  # the reader has seen to its bounds
    return space is None or set_of(member) == space

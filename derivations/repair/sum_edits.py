"""Edits of sum signs, their bounds and restrictions, and of transposes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from derivations.language.traversal import members
from derivations.language.tree import (
    Comparison,
    Constant,
    Derivative,
    Indicator,
    ListEntry,
    MatrixProduct,
    Member,
    Negative,
    Number,
    Numbered,
    Offset,
    Plus,
    Ranged,
    Reference,
    Sum,
    Term,
    Times,
    Transpose,
    Zeros,
)
from derivations.language.unfit import bare, factors, literal, multiplied, plus, relettered
from derivations.reader.elaborate.indexing import size_term
from derivations.reader.unparser import member_latex
from derivations.repair.operator import Change, Position, Surroundings, positions

# Sum signs dropped, and sums with other bounds.


ONE = Number(Fraction(1))


def sum_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sum_w a`` as ``a``, where w is a letter that was declared."""
    term = position.term
    if not isinstance(term, Sum) or is_shifted(term):
        return
    letter = around.scope.letters.get(term.over.latex)
    if letter is not None and letter.space == term.over.space:
        yield f"the sum over {letter.latex} dropped", relettered(term.body, {term.over: letter})


def bound_shifted(position: Position, around: Surroundings) -> Iterator[Change]:
    """``k = 1`` as ``k = 2``, ``K`` as ``K - 1``, below or above a sum sign."""
    term = position.term
    if not isinstance(term, Sum) or term.over.space.labels or is_shifted(term):
        return
    space = term.over.space
    lower = term.lower if term.lower is not None else size_term(space.lower)
    upper = term.upper if term.upper is not None else size_term(space.upper)
    for words, changed in _shifts(lower, size_term(space.lower), inwards=1, around=around):
        yield f"{words} below the sum", replace(term, lower=changed, upper=upper)
    for words, changed in _shifts(upper, size_term(space.upper), inwards=-1, around=around):
        yield f"{words} above the sum", replace(term, lower=lower, upper=changed)


def _shifts(
    given: Term, end: Term, *, inwards: int, around: Surroundings
) -> Iterator[tuple[str, Term]]:
    """A bound one further in; one further out where it is not the end of the set."""
    for step in (inwards, -inwards) if given != end else (inwards,):
        if isinstance(given, Number):
            changed: Term = Number(given.value + step)
        else:
            changed = Plus((given, ONE if step > 0 else Negative(ONE)))
        yield f"{around.latex(changed)} for {around.latex(given)}", changed


def is_shifted(term: Sum) -> bool:
    """Whether a member is counted from the letter of a sum, as in ``x_{i + 1}``."""
    return any(
        isinstance(member, Offset) and member.of is term.over
        for position in positions(term.body)
        for member in members(position.term)
    )


# What a sum leaves out: restrictions dropped, added and negated.


def negated(position: Position, around: Surroundings) -> Iterator[Change]:
    """``=`` for ``\\ne``, and the other way, in restrictions and indicators."""
    term = position.term
    match term:
        case Indicator(comparisons):
            for words, changed in _negated(comparisons, around):
                yield words, replace(term, comparisons=changed)
        case Ranged(where=comparisons):
            for words, changed in _negated(comparisons, around):
                yield words, replace(term, where=changed)


def _negated(
    comparisons: tuple[Comparison, ...], around: Surroundings
) -> Iterator[tuple[str, tuple[Comparison, ...]]]:
    for n, each in enumerate(comparisons):
        turned = replace(each, negated=not each.negated)
        words = f"{_comparison_text(turned, around)} for {_comparison_text(each, around)}"
        yield words, (*comparisons[:n], turned, *comparisons[n + 1 :])


def _comparison_text(comparison: Comparison, around: Surroundings) -> str:
    left, right = (member_latex(each, around.scope) for each in (comparison.left, comparison.right))
    sign = r"\ne" if comparison.negated else "="
    return f"{left} {sign} {right}"


def restriction_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sum_{w \\ne o}`` as ``\\sum_w``."""
    term = position.term
    for n, each in enumerate(term.where if isinstance(term, Ranged) else ()):
        assert isinstance(term, Ranged)
        words = f"{_comparison_text(each, around)} dropped"
        yield words, replace(term, where=(*term.where[:n], *term.where[n + 1 :]))


def restriction_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sum_w`` without the word o, and a window without its center."""
    term = position.term
    if not isinstance(term, Sum):
        return
    space = term.over.space
    letters = position.letters(around.scope)
    others: list[Member] = [
        each for name, each in letters.items() if each.space == space and name != term.over.latex
    ]
    for other in [Numbered(0)] if space.symmetric else others:
        left_out = Comparison(term.over, other, negated=True)
        if left_out not in term.where:
            changed = replace(term, where=(*term.where, left_out))
            yield f"{_comparison_text(left_out, around)} put below the sum", changed


def by_words(position: Position, around: Surroundings) -> Iterator[Change]:
    """A range of places as a condition on words: ``\\sum_{j = l}^K`` as those with another word."""
    term = position.term
    words = around.scope.stand_ins.get(term.over.space) if isinstance(term, Sum) else None
    if not isinstance(term, Sum) or words is None or is_shifted(term):
        return
    for name, letter in position.letters(around.scope).items():
        if letter.space != term.over.space or name == term.over.latex:
            continue
        for different in (False, True):
            one, other = ListEntry(words, term.over), ListEntry(words, letter)
            where = (Comparison(one, other, different),)
            yield (
                f"{_comparison_text(where[0], around)} for the range of {term.over.latex}",
                replace(term, lower=None, upper=None, where=where),
            )


# Transposes put and dropped, at one factor or all through a side.


def transpose_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a^T`` as ``a``."""
    term = position.term
    if isinstance(term, Transpose) and not _is_written_plainly(term, around):
        yield f"the transpose dropped from {around.latex(term)}", term.of


def transpose_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a`` as ``a^T``, for the names of vectors and matrices, and for brackets."""
    term = position.term
    if not position.held.shape or position.in_sign or position.in_name:
        return
    if isinstance(position.parent, Transpose):
        return
    in_brackets = isinstance(position.parent, Times | MatrixProduct) and isinstance(term, Plus)
    if in_brackets or around.is_named(term):
        yield f"{around.latex(term)} transposed", Transpose(position.held)


def whole_side(position: Position, around: Surroundings) -> Iterator[Change]:
    """Every product of a side transposed: ``y^T U^T`` as ``U y``."""
    if position.parent is None:
        yield "the whole side transposed", _turned(position.held, around)


def _turned(term: Term, around: Surroundings) -> Term:
    node = bare(term)
    match node:
        case Plus(parts):
            return plus([_turned(part, around) for part in parts])
        case Negative(of):
            return Negative(_turned(of, around))
        case Times() | MatrixProduct() if any(each.shape for each in factors(node)):
            return multiplied([_turned(each, around) for each in reversed(factors(node))])
        case Transpose(of) if not _is_written_plainly(node, around):
            return of
        case Zeros() | Constant():
            return literal(node)
    return Transpose(term) if term.shape else term


def _is_written_plainly(term: Transpose, around: Surroundings) -> bool:
    """Whether it is written without a transpose: a matrix of columns, or a derivative by one."""
    by = term.of.by if isinstance(term.of, Derivative) else None
    turned = isinstance(by, Reference) and by.variable.transposed
    return turned or around.is_named(term)

"""Edits of terms: signs, numbers, factors and terms, functions forgotten or taken for others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from derivations.language.functions import EVERY, EXP, LOG, SQRT, Elementary
from derivations.language.tree import (
    Apply,
    Call,
    Constant,
    Extremum,
    InnerProduct,
    MatrixProduct,
    Negative,
    Number,
    Plus,
    Power,
    Quotient,
    Reference,
    Size,
    Sum,
    Term,
    Times,
    Zeros,
)
from derivations.language.unfit import (
    bare,
    factors,
    literal,
    made,
    multiplied,
    negative,
    plus,
    product,
)
from derivations.repair.operator import Change, Position, Surroundings

# Signs: of a term, of an argument, before brackets.


def of_a_term(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a - b`` as ``a + b``; a minus before what has none."""
    term = position.term
    if isinstance(term, Plus) and not position.in_sign:
        for n, part in enumerate(term.parts):
            if isinstance(part, Zeros):
                continue
            turned = negative(literal(part))
            sign, shown = ("-", part) if isinstance(turned, Negative) else ("+", turned)
            changed = plus((*term.parts[:n], turned, *term.parts[n + 1 :]))
            yield f"{sign} before {around.latex(shown)}", changed
    elif isinstance(term, Negative) and not isinstance(position.parent, Plus):
        yield f"the - before {around.latex(term.of)} dropped", term.of
    elif position.is_term and not _has_sign(position):
        yield f"- before {around.latex(term)}", Negative(position.held)


def _has_sign(position: Position) -> bool:
    """Whether a sign stands before it already, or means nothing there."""
    return isinstance(position.parent, Plus | Negative) or isinstance(position.term, Zeros)


def of_an_argument(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sigma(x)`` as ``\\sigma(-x)``, and ``e^x`` as ``e^{-x}``."""
    term = position.term
    argument = _argument(term)
    if argument is not None:
        words = f"the sign of the argument in {around.latex(term)}"
        yield words, _with_argument(term, negative(argument))


def moved_outside(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sigma(-x)`` as ``-\\sigma(x)``."""
    term = position.term
    argument = _argument(term)
    if isinstance(argument, Negative):
        changed = negative(_with_argument(term, argument.of))
        yield f"the minus in {around.latex(term)} moved outside", changed


def _argument(term: Term) -> Term | None:
    """The argument of a function of one number."""
    match term:
        case Apply(function, of) if function is EXP and not of.shape:
            return of
        case Call(_, (Term() as of,)) if not of.shape:
            return of
    return None


def _with_argument(term: Term, argument: Term) -> Term:
    if isinstance(term, Call):
        return made(lambda: replace(term, arguments=(argument,)))
    assert isinstance(term, Apply)
    return replace(term, of=argument)


def not_distributed(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a - (b + c)`` as ``a - b + c``."""
    term = position.term
    if isinstance(term, Negative) and not isinstance(position.parent, Plus):
        terms: tuple[Term, ...] = (term,)
    else:
        terms = term.parts if isinstance(term, Plus) else ()
    for n, part in enumerate(terms):
        inside = bare(part.of) if isinstance(part, Negative) else None
        if isinstance(inside, Plus):
            first, *others = inside.parts
            changed = plus((*terms[:n], negative(first), *others, *terms[n + 1 :]))
            yield f"the brackets dropped behind the minus: {around.latex(inside)}", changed


# Numbers, squares and complements.


ONE = Number(Fraction(1))


def changed(position: Position, around: Surroundings) -> Iterator[Change]:
    """``1`` as ``2`` and as ``0``, but not in bounds of sums."""
    term = position.term
    match term:
        case Number(value) if value.denominator == 1 and not position.in_sign:
            for other in (value + 1, value - 1):
                if other >= 0:
                    yield f"{other} for {value}", Number(other)
        case Zeros(shape) if position.parent is not None:
            yield "1 for 0", Constant(ONE, shape)
        case Power(_, exponent):
            for power in (exponent + 1, exponent - 1):
                if power > 1:
                    words = f"the exponent {power} for {exponent} in {around.latex(term)}"
                    yield words, replace(term, exponent=power)


def doubled(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a`` as ``2 a``."""
    leaf = Number | Size | Reference | Zeros | Constant
    if position.is_term and not isinstance(position.term, leaf):
        yield (
            f"2 times {around.latex(position.term)}",
            multiplied((Number(Fraction(2)), *factors(position.held))),
        )


def square_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a^2`` as ``a``."""
    term = position.term
    if isinstance(term, Power) and term.exponent == 2:
        yield f"the square dropped from {around.latex(term)}", term.base


def square_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a`` as ``a^2``, for applications, for brackets and for denominators."""
    term, parent = position.term, position.parent
    if position.held.shape or position.in_sign or isinstance(term, Number | Size | Reference):
        return
    below = isinstance(parent, Quotient) and position.path[-1] == 1
    in_brackets = isinstance(term, Plus) and isinstance(parent, Times | MatrixProduct)
    if below or in_brackets or isinstance(term, Call):
        yield f"{around.latex(term)} squared", Power(position.held, 2)


def complement_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``1 - s`` as ``s``."""
    match position.term:
        case Plus((first, Negative(inside))) if literal(first) == ONE:
            yield f"1 - dropped before {around.latex(inside)}", inside


def complement_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sigma(x)`` as ``1 - \\sigma(x)``."""
    term = position.term
    if isinstance(term, Call) and not position.held.shape and around.takes_no_vector(term):
        yield f"1 - put before {around.latex(term)}", Plus((ONE, Negative(position.held)))


# Factors and terms: dropped, added, exchanged.


def factor_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a b`` as ``a``."""
    if not position.is_product or position.in_sign:
        return
    every = factors(position.term)
    for n, factor in enumerate(every):
        rest = multiplied((*every[:n], *every[n + 1 :]))
        yield f"the factor {around.latex(factor)} dropped", rest


def factor_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a`` as ``a b``, for every name ``b`` in the line."""
    if not position.is_term:
        return
    for factor in around.factors(position):
        words = f"the factor {around.latex(factor)} put to {around.latex(position.term)}"
        yield words, product(position.held, factor)


def factors_exchanged(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a b`` as ``b a``, for vectors and matrices; numbers may stand anywhere."""
    if not position.is_product or position.in_sign:
        return
    every = factors(position.term)
    for n, (first, second) in enumerate(pairwise(every)):
        if first.shape and second.shape:
            words = f"{around.latex(first)} and {around.latex(second)} exchanged"
            yield words, multiplied((*every[:n], second, first, *every[n + 2 :]))


def term_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a - b`` as ``a``."""
    term = position.term
    if not isinstance(term, Plus) or position.in_sign:
        return
    for n, part in enumerate(term.parts):
        yield (
            f"the term {around.latex(part)} dropped",
            plus((*term.parts[:n], *term.parts[n + 1 :])),
        )


def turned_over(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\frac{a}{b}`` as ``\\frac{b}{a}``."""
    term = position.term
    if isinstance(term, Quotient):
        over, under = term.over, term.under
        yield f"{around.latex(term)} turned over", made(lambda: Quotient(under, over))


def denominator_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\frac{a}{b}`` as ``a``."""
    term = position.term
    if isinstance(term, Quotient):
        yield f"the denominator {around.latex(term.under)} dropped", term.over


# Elementary functions forgotten or taken for another one, and norms for their squares.


_NAMED = {row.name: row for row in EVERY}


def function_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\tanh(x)`` as ``x``; exp and log have kinds of their own."""
    term = position.term
    if isinstance(term, Apply) and term.function not in (EXP, LOG):
        yield f"{term.function.name} dropped from {around.latex(term)}", term.of


def function_exchanged(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sinh(x)`` as ``\\cosh(x)``, ``\\max`` as ``\\min``."""
    term = position.term
    match term:
        case Apply(function, of):
            for name in function.mistaken:
                yield f"{name} for {around.latex(term)}", Apply(_NAMED[name], of)
        case Extremum(parts, least):
            yield (
                f"{'max' if least else 'min'} for {around.latex(term)}",
                made(lambda: Extremum(parts, not least)),
            )


def root_put(position: Position, around: Surroundings) -> Iterator[Change]:
    """The square of a norm as the norm."""
    term, parent = position.term, position.parent
    inside = isinstance(parent, Apply) and parent.function is SQRT
    if isinstance(term, InnerProduct) and term.left == term.right and not inside:
        yield f"the norm for {around.latex(term)}", Apply(SQRT, term)


# Exponentials and logarithms forgotten, or put where there was none.


def exp_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\exp(x)`` as ``x``."""
    yield from _dropped(EXP, position, around)


def log_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\log(x)`` as ``x``."""
    yield from _dropped(LOG, position, around)


def _dropped(function: Elementary, position: Position, around: Surroundings) -> Iterator[Change]:
    term = position.term
    if isinstance(term, Apply) and term.function is function:
        yield f"{function.name} dropped from {around.latex(term)}", term.of


def exp_around(position: Position, around: Surroundings) -> Iterator[Change]:
    """An exponential around a score, a summand or a number that has none."""
    term = position.term
    match term:
        case Sum() if not term.body.shape and not any(map(_is_exp, factors(term.body))):
            yield f"exp around {around.latex(term.body)}", replace(term, body=Apply(EXP, term.body))
        case Reference() if not term.shape and not position.in_sign:
            yield f"exp around {around.latex(term)}", Apply(EXP, term)
        case InnerProduct() if not isinstance(position.parent, Apply):
            yield f"exp around {around.latex(term)}", Apply(EXP, position.held)
    if position.is_product:
        yield from _around_score(position, around)


def _around_score(position: Position, around: Surroundings) -> Iterator[Change]:
    every = factors(position.term)
    for n, (first, second) in enumerate(pairwise(every)):
        score = product(first, second)
        turned = len(first.shape) == 2 and first.shape[0] is None
        if not turned or score.shape:
            continue
        if len(every) == 2 and isinstance(position.parent, Apply):
            continue
        yield (
            f"exp around {around.latex(score)}",
            multiplied((*every[:n], Apply(EXP, score), *every[n + 2 :])),
        )


def _is_exp(term: Term) -> bool:
    return isinstance(term, Apply) and term.function is EXP


def log_around(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sigma(x)`` as ``\\log(\\sigma(x))``."""
    term = position.term
    parent = position.parent
    inside = isinstance(parent, Apply) and parent.function is LOG
    if isinstance(term, Call) and around.takes_no_vector(term) and not inside:
        yield f"log around {around.latex(term)}", Apply(LOG, position.held)

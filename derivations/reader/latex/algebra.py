"""Numbers, sums of terms, products and powers."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Add, Expr, Integer, Mul, Pow, Rational, S, log

from derivations.reader.latex.indicators import indicates, indicator
from derivations.reader.latex.piece import (
    Kind,
    Piece,
    Signed,
    fraction,
    one,
    powers,
    product,
    terms,
)
from derivations.reader.latex.show import show
from derivations.reader.latex.within import Unprintable, Within

_ONE = Piece("1", Kind.NUMBER)


@show.register
def _number(node: Rational, within: Within) -> Piece:
    return one(multiplied([node], within))


@show.register
def _terms(node: Add, within: Within) -> Piece:
    if indicates(node):
        return indicator(node, within)
    return terms([multiplied(Mul.make_args(term), within) for term in node.args])


@show.register
def _product(node: Mul, within: Within) -> Piece:
    return one(multiplied(node.args, within))


def multiplied(factors: Sequence[Expr], within: Within) -> Signed:
    """The product of ``factors``, its sign apart.

    A number stands before a fraction rather than in it: above the line it could be distributed
    over terms when it is read.
    """
    number = S.One
    over: list[Piece] = []
    under: list[Piece] = []
    for factor in factors:
        if isinstance(factor, Rational):
            number *= factor
        elif isinstance(factor, Pow) and isinstance(factor.exp, Integer):
            side = over if factor.exp > 0 else under
            side += powers(show(factor.base, within), abs(int(factor.exp)))
        else:
            over.append(show(factor, within))
    front = _front(abs(number))
    if under and not over and number.is_Integer:
        return Signed(bool(number < 0), fraction(front or _ONE, product(under)))
    if under:
        over = [fraction(product(over or [_ONE]), product(under))]
    pieces = [front, *over] if front else over
    return Signed(bool(number < 0), product(pieces or [_ONE]))


def _front(number: Rational) -> Piece | None:
    if number == 1:
        return None
    if number.q == 1:
        return Piece(str(number.p), Kind.NUMBER)
    return Piece(rf"\frac{{{number.p}}}{{{number.q}}}", Kind.NUMBER)


@show.register
def _power(node: Pow, within: Within) -> Piece:
    if isinstance(node.exp, Integer):
        return one(multiplied([node], within))
    if not isinstance(node.exp, Rational):
        raise Unprintable(f"only powers to a number are read, not {node}")
    scaled = multiplied([node.exp, log(node.base, evaluate=False)], within)
    return Piece(rf"\exp({one(scaled).text})", Kind.APPLIED)

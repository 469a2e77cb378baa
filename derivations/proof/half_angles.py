"""Sine, cosine and tangent as rational functions of tangents of half an angle, in normal forms.

cos a = (1 - t^2) / (1 + t^2) and sin a = 2 t / (1 + t^2) with t = tan(a/2) (K. Weierstrass; see
NIST Digital Library of Mathematical Functions, 4.21.15-17 with 4.21.2-3 for sums of angles), and a
rational multiple of pi that is a multiple of a right angle turns one into the other. Sound: these
are identities wherever t has a value, which is almost everywhere, and what both sides are there
they are everywhere by continuity. An angle is taken apart where it is a sum of at most
`MOST_ANGLES` terms; of others, and of multiples beyond `MOST_TURNS`, nothing is used, so that it is
no complete decision: what differs here may be equal.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derivations.proof.terms import CIRCLE, FREE, ArbitraryValue, Scalar, Table, Term, Total

if TYPE_CHECKING:
    from derivations.proof.sums import Algebra

MOST_ANGLES = 3  # within one argument
MOST_TURNS = 6  # of one angle

Turn = tuple[Total, Total]  # cosine and sine


def circular(name: str, angle: Total, algebra: Algebra) -> Total:
    """The cosine, sine or tangent of an angle."""
    cosine, sine = _of(angle, algebra)
    match name:
        case "cos":
            return cosine
        case "sin":
            return sine
        case "tan":
            return algebra.multiply(sine, algebra.inverse(cosine))
    raise ValueError(name)


CIRCULAR = ("cos", "sin", "tan")


def _of(angle: Total, algebra: Algebra) -> Turn:
    if len(angle) > MOST_ANGLES:
        return _apart(angle, algebra)
    found: Turn = (algebra.constant(1), ())
    for term, q in angle:
        found = _added(found, _of_term(term, q, algebra), algebra)
    return found


def _of_term(term: Term, q: Fraction, algebra: Algebra) -> Turn:
    """q times a term: a multiple of a fraction of it, or of a right angle."""
    ((circle, _),) = algebra.atom(Scalar(CIRCLE))
    if term == circle and (2 * q).denominator == 1:
        return _quarters(int(2 * q), algebra)
    if abs(q.numerator) > MOST_TURNS:
        return _apart(((term, q),), algebra)
    once = _by_half(((term, Fraction(1, q.denominator)),), algebra)
    if q < 0:
        once = _turned_back(once, algebra)
    found = once
    for _ in range(abs(q.numerator) - 1):
        found = _added(found, once, algebra)
    return found


def _quarters(number: int, algebra: Algebra) -> Turn:
    one, minus = algebra.constant(1), algebra.constant(-1)
    turns: tuple[Turn, ...] = ((one, ()), ((), one), (minus, ()), ((), minus))
    return turns[number % 4]


def _apart(angle: Total, algebra: Algebra) -> Turn:
    """An angle that is not taken apart; that of the opposite one is known by it."""
    if max((term.key, q) for term, q in angle)[1] > 0:
        return _by_half(angle, algebra)
    return _turned_back(_by_half(algebra.scale(angle, Fraction(-1)), algebra), algebra)


def _by_half(angle: Total, algebra: Algebra) -> Turn:
    half = Table((), algebra.scale(angle, Fraction(1, 2)))
    tangent = algebra.arbitrary(ArbitraryValue(f"{FREE}tan", (), (half,)))
    one, square = algebra.constant(1), algebra.power(tangent, 2)
    below = algebra.inverse(algebra.add((one, square)))
    above = algebra.add((one, algebra.scale(square, Fraction(-1))))
    twice = algebra.scale(tangent, Fraction(2))
    return algebra.multiply(above, below), algebra.multiply(twice, below)


def _added(one: Turn, other: Turn, algebra: Algebra) -> Turn:
    """cos(a + b) and sin(a + b)."""
    (c, s), (d, t) = one, other
    product = algebra.multiply
    minus = algebra.scale(product(s, t), Fraction(-1))
    return algebra.add((product(c, d), minus)), algebra.add((product(s, d), product(c, t)))


def _turned_back(turn: Turn, algebra: Algebra) -> Turn:
    cosine, sine = turn
    return cosine, algebra.scale(sine, Fraction(-1))

"""Cosine and sine of multiples and sums of angles, in a domain, from tangents of half of them.

With t = tan(a/2), cos a = (1 - t^2) / (1 + t^2) and sin a = 2 t / (1 + t^2); for sums of angles
cos a + i sin a is multiplied (NIST Digital Library of Mathematical Functions, 4.21). These are
identities wherever t has a value, so that what is zero is zero there, and by continuity wherever
it has one.
"""

from __future__ import annotations

from derivations.proof.domain import Domain, V
from derivations.proof.fragment import OutsideFragment

MOST_TURNS = 12  # of one angle


def quarter(domain: Domain[V], number: int) -> tuple[V, V]:
    """That many right angles."""
    zero, one, minus = (domain.constant(each) for each in (0, 1, -1))
    return ((one, zero), (zero, one), (minus, zero), (zero, minus))[number % 4]


def multiple(domain: Domain[V], tangent: V, times: int) -> tuple[V, V]:
    """So many times the angle of which the tangent of a half is given."""
    if abs(times) > MOST_TURNS:
        raise OutsideFragment(f"more than {MOST_TURNS} times an angle")
    one, square = domain.constant(1), domain.power(tangent, 2)
    below = domain.power(domain.add(one, square), -1)
    above = domain.add(one, domain.multiply(domain.constant(-1), square))
    twice = domain.multiply(domain.constant(2 if times > 0 else -2), tangent)
    once = domain.multiply(above, below), domain.multiply(twice, below)
    found = quarter(domain, 0)
    for _ in range(abs(times)):
        found = added(domain, found, once)
    return found


def added(domain: Domain[V], one: tuple[V, V], other: tuple[V, V]) -> tuple[V, V]:
    """The sum of two angles."""
    (c, s), (d, t) = one, other
    product = domain.multiply
    minus = domain.multiply(domain.constant(-1), product(s, t))
    return domain.add(product(c, d), minus), domain.add(product(s, d), product(c, t))


def of_turn(domain: Domain[V], name: str, turn: tuple[V, V]) -> V:
    """The function of this name."""
    cosine, sine = turn
    match name:
        case "cos":
            return cosine
        case "sin":
            return sine
        case "tan":
            return domain.multiply(sine, domain.power(cosine, -1))
    raise ValueError(name)

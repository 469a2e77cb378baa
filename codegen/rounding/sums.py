"""Sums and inner products under H4: in any order, fused or not.

A term of a sum of n passes through n - 1 additions at most, whatever their order, so that the
sum is off by gamma(n - 1) times the sum of the terms' magnitudes, gamma(k) = k u / (1 - k u);
a product is one rounding more, and may underflow. Higham, Accuracy and Stability of Numerical
Algorithms, sections 3.1 and 4.2. Terms that are exactly zero are added without a rounding.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb

from codegen.rounding.arithmetic import is_product_exact, product
from codegen.rounding.hypotheses import Hypotheses
from codegen.rounding.number import ONE, ZERO, Number, Unbounded, combined, in_range, with_new_error


def total(h: Hypotheses, terms: Sequence[Number]) -> Number:
    """The sum of the terms, in any order."""
    present = [term for term in terms if not term.is_exactly(0)]
    return _sum(h, present, gamma(h, len(present) - 1), ZERO, is_new=False)


def inner(h: Hypotheses, pairs: Sequence[tuple[Number, Number]]) -> Number:
    """The sum of the products of the pairs, in any order, fused or not.

    If the factors are exact, as the inputs are, its error is carried on as one.
    """
    products = [(product(x, y), is_product_exact(x, y)) for x, y in pairs]
    present = [(term, is_exact) for term, is_exact in products if not term.is_exactly(0)]
    roundings = len(present) - all(is_exact for _, is_exact in present)
    relative = gamma(h, roundings)
    lost = sum(not is_exact for _, is_exact in present) * h.subnormal / 2 * (1 + relative)
    is_new = all(x.is_exact and y.is_exact for x, y in pairs)
    return _sum(h, [term for term, _ in present], relative, lost, is_new)


def gamma(h: Hypotheses, roundings: int) -> arb:
    """What so many roundings in a row can do to a term, relatively."""
    if roundings <= 0:
        return ZERO
    together = roundings * h.u
    if not together < 1:
        raise Unbounded(f"a sum of {roundings + 1} terms in {h.dtype}")
    return (together / (1 - together)).upper()


def _sum(h: Hypotheses, terms: Sequence[Number], relative: arb, lost: arb, is_new: bool) -> Number:
    value, rest, size = ZERO, ZERO, ZERO
    linear: dict[int, arb] = {}
    for term in terms:
        value += term.value
        rest += term.rest
        size += term.magnitude
        linear = combined(linear, term.linear, ONE, ONE)
    error = (relative * size + lost).upper()
    in_range(h, Number((size + error).upper()))  # no partial sum is larger, in whatever order
    if is_new:
        return with_new_error(value, linear, rest.upper(), error)
    return Number(value, linear, (rest + error).upper())

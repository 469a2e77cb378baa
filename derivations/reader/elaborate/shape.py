"""Arithmetic of arrays with their shapes checked; what does not fit is IllTyped."""

from __future__ import annotations

from sympy import Expr, Integer, Rational, S, exp

from derivations.indices import total
from derivations.reader.array import Array, Misfit, aligned, same_shape
from derivations.reader.elaborate.number import Here, IllTyped, ill_typed, scalar
from derivations.reader.limits import MOST_BITS, MOST_POWER, MOST_TOWER
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Node
from derivations.reader.unfolded import measured
from derivations.reader.written import written

ZERO = "0"


def is_zero(value: Array) -> bool:
    """A zero that was written, which fits any shape; one that came out of a sum does not."""
    return value.name == ZERO


def transposed(value: Array) -> Array:
    """The transpose; a number is its own."""
    return value.turned()


def plus(left: Array, right: Array, sign: str, node: Node) -> Array:
    """The sum or difference of two of one shape."""
    if is_zero(right):
        return left
    negative = Integer(-1) if sign == "-" else Integer(1)
    if is_zero(left):
        return Array(negative * right.entry, right.axes)
    if not same_shape(left, right):
        raise ill_typed(node, left.said, right.said)
    return Array(left.entry + negative * aligned(right, left.axes), left.axes)


def times(left: Array, right: Array, node: Node) -> Array:
    """Side by side: a multiple, or the matrix product."""
    if not left.axes or not right.axes:
        return Array(left.entry * right.entry, left.axes or right.axes)
    product = left.times(right)
    if isinstance(product, Misfit):
        raise IllTyped(Misfit(written(node), left.said, right.said))
    return product if any(product.axes) else Array(product.entry)


def dot(left: Array, right: Array, node: Node) -> Array:
    """``u \\cdot v``: a multiple, or the inner product of two of one shape."""
    if not left.axes or not right.axes:
        return times(left, right, node)
    if not same_shape(left, right):
        raise ill_typed(node, left.said, right.said)
    entry: Expr = left.entry * aligned(right, left.axes)
    for axis in left.axes:
        entry = total(entry, axis) if axis is not None else entry
    return Array(entry)


def entrywise(left: Array, right: Array, node: Node) -> Array:
    """``u \\odot v``."""
    if not same_shape(left, right):
        raise ill_typed(node, left.said, right.said)
    return Array(left.entry * aligned(right, left.axes), left.axes)


def over(left: Array, right: Array, node: Node) -> Array:
    """Divided by a number."""
    if right.axes:
        raise ill_typed(node, f"shape {right.said}", "a divisor, which is a number")
    if right.entry is S.Zero:
        raise ill_typed(node, "zero", "a divisor")
    return Array(left.entry / right.entry, left.axes)


def powered(value: Array, exponent: Node, node: Node, here: Here) -> Array:
    """A number to a whole power."""
    power = scalar(exponent, here, "an exponent").entry
    if not isinstance(power, Integer):
        advice = "only whole numbers are; \\exp(...) for exponentials"
        raise Unreadable(exponent.at, written(exponent), "this exponent is not read", advice)
    if abs(int(power)) > MOST_POWER:
        raise Unreadable(exponent.at, written(exponent), f"an exponent above {MOST_POWER}")
    _require_small(value.entry, int(power), node)
    if value.axes and same_shape(value, value.turned()):
        advice = "write A A for a square"
        raise Unreadable(node.at, written(node), "powers and inverses of matrices", advice)
    if value.axes:
        raise ill_typed(node, f"shape {value.said}", "a power, which is of a number")
    if value.entry is S.Zero and power < 0:
        raise ill_typed(node, "zero", "a divisor")
    return Array(value.entry**power)


def exponential(raised: Expr, node: Node) -> Expr:
    """``exp(raised)``, unless that is a number too large to calculate with."""
    measure = measured(raised)
    if measure.is_number and measure.tower >= MOST_TOWER:
        excess = f"more than {MOST_TOWER} exponentials of a number within one another"
        raise Unreadable(node.at, written(node)[:40], excess)
    return exp(raised)


def _require_small(base: Expr, power: int, node: Node) -> None:
    """Refuse exponents within exponents before they are multiplied out."""
    if isinstance(base, Rational):
        bits = (int(base.p).bit_length() + int(base.q).bit_length()) * abs(power)
        excess = f"a number of more than {MOST_BITS} bits" if bits > MOST_BITS else ""
    else:
        excess = measured(base**power).excess
    if excess:
        raise Unreadable(node.at, written(node)[:40], excess)

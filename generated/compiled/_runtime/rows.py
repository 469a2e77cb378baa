"""Rows of arrays: their products and sums, and what is added to them."""

from typing import Any

import numpy as np

from .compiling import entrywise, making, seldom, summing
from .floats import are_finite, exponent, is_finite, scaled

_BLOCK = 256  # numbers that are added up before their sum is added to others


@summing
def dot(x: Any, y: Any) -> Any:
    """The inner product of two rows."""
    total = x.dtype.type(0)
    for i in range(len(x)):
        total += x[i] * y[i]
    return total


@summing
def total(x: Any) -> Any:
    """The sum of a row."""
    whole = x.dtype.type(0)
    blocks = len(x) // _BLOCK
    for n in range(blocks):
        part = x.dtype.type(0)
        for i in range(_BLOCK):  # so many that they are known when it is compiled
            part += x[n * _BLOCK + i]
        whole += part
    part = x.dtype.type(0)
    for i in range(blocks * _BLOCK, len(x)):
        part += x[i]
    return whole + part


@entrywise
def total_without(x: Any, place: Any) -> Any:
    """The sum of a row without one entry, and without a subtraction."""
    return total(x[:place]) + total(x[place + 1 :])


@entrywise
def add(row: Any, other: Any) -> None:
    """row += other."""
    for i in range(len(row)):
        row[i] += other[i]


@entrywise
def add_multiple(row: Any, weight: Any, other: Any) -> None:
    """row += weight * other."""
    for i in range(len(row)):
        row[i] += weight * other[i]


@entrywise
def put(rows: Any, begun: Any, place: Any, other: Any) -> None:
    """rows[place] += other, where the row holds nothing before it has ``begun``."""
    row = rows[place]
    if begun[place]:
        for i in range(len(row)):
            row[i] += other[i]
    else:
        begun[place] = True
        for i in range(len(row)):
            row[i] = other[i]


@entrywise
def put_multiple(rows: Any, begun: Any, place: Any, weight: Any, other: Any) -> None:
    """rows[place] += weight * other, where the row holds nothing before it has ``begun``."""
    row = rows[place]
    if begun[place]:
        for i in range(len(row)):
            row[i] += weight * other[i]
    else:
        begun[place] = True
        for i in range(len(row)):
            row[i] = weight * other[i]


@entrywise
def product(x: Any, y: Any) -> Any:
    """The inner product; where it is not finite, NaN or what `mended` makes of it."""
    found = dot(x, y)
    return found if is_finite(found) else mended(x, y)


@entrywise
def mend(products: Any, matrix: Any, vector: Any) -> None:
    """Inner products of the rows of a matrix with a vector, each mended where it is not finite."""
    if not is_finite(dot(products, products)):
        for w in range(len(products)):
            if not is_finite(products[w]):
                products[w] = mended(matrix[w], vector)


@seldom
def mended(x: Any, y: Any) -> Any:
    """An inner product that is not finite, taken again.

    Where an input is not finite it is NaN, so that everything computed from it is NaN. Where the
    inputs are finite the sum overflowed on its way, and is taken again of vectors scaled by powers
    of two: infinite only where the exact value is out of range.
    """
    if not (are_finite(x) and are_finite(y)):
        return x.dtype.type(np.nan)
    by_x, by_y = exponent(x), exponent(y)
    whole = x.dtype.type(0)
    for i in range(len(x)):
        whole += scaled(x[i], -by_x) * scaled(y[i], -by_y)
    return scaled(whole, by_x + by_y)


@making
def matmul(left: Any, right: Any, out: Any) -> None:
    """The product of two matrices, written to ``out``."""
    np.dot(left, right, out)

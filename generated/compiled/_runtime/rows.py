"""Rows of arrays, and words: products and sums of rows, and the distinct words of some arrays."""

from typing import Any

import numpy as np

from . import entrywise, making, seldom, summing
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


@entrywise
def fits(shape: Any, wanted: Any) -> None:
    """Raise ValueError unless a shape is as it should be."""
    if shape != wanted:
        raise ValueError("a shape is not as it should be")


@entrywise
def inhabited(length: Any) -> None:
    """Raise ValueError where an axis has no place."""
    if length == 0:
        raise ValueError("an axis has no place")


@entrywise
def inside(words: Any, below: Any) -> None:
    """Raise ValueError unless all words of a list are in ``0..below - 1``."""
    outside = False
    for m in range(len(words)):
        outside |= words[m] < 0 or words[m] >= below
    if outside:
        raise ValueError("a word is out of range")


@entrywise
def is_inside(word: Any, below: Any) -> None:
    """Raise ValueError unless a word is in ``0..below - 1``."""
    if word < 0 or word >= below:
        raise ValueError("a word is out of range")


@making
def unmarked(below: Any) -> Any:
    """A bit for each word, 32 to a number."""
    return np.zeros((below >> 5) + 1, np.int64)


@entrywise
def mark(bits: Any, words: Any) -> Any:
    """Set the bits of a list of words; how many were not set before."""
    count = 0
    for m in range(len(words)):
        count += mark_one(bits, words[m])
    return count


@entrywise
def mark_one(bits: Any, word: Any) -> Any:
    """Set the bit of a word; 1 where it was not set before, else 0."""
    before = bits[word >> 5]
    bits[word >> 5] = before | (1 << (word & 31))
    return 1 - ((before >> (word & 31)) & 1)


@making
def listed(bits: Any, below: Any, count: Any) -> Any:
    """The words that are marked, so many, in order, and the place of each among them, by word.

    What the places hold of words that are not marked is rubbish.
    """
    rows = np.empty(count, np.intp)
    places = np.empty(below, np.int32)
    found = 0
    for n in range(len(bits)):
        left = bits[n]
        while left:
            last = left & -left
            word = 32 * n + _ones(last - 1)
            rows[found] = word
            places[word] = found
            found += 1
            left ^= last
    return rows, places


@entrywise
def _ones(bits: Any) -> Any:
    """How many of 32 bits are set: added up in pairs, in pairs of pairs, and so on."""
    bits = bits - ((bits >> 1) & 0x55555555)
    bits = (bits & 0x33333333) + ((bits >> 2) & 0x33333333)
    bits = (bits + (bits >> 4)) & 0x0F0F0F0F
    return ((bits * 0x01010101) & 0xFFFFFFFF) >> 24

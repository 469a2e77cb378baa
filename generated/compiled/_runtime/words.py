"""Words and shapes: whether they are good, and the distinct words of some arrays in order."""

from typing import Any

import numpy as np

from .compiling import entrywise, making


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

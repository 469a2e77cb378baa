"""A text as numbers: words in order of first appearance, sentences as stretches of one array."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from .sources import parts

LONGEST_SENTENCE = 10_000  # as in gensim: what is longer is cut
_END = "\0"  # stands for the end of a sentence among its words


@dataclass(frozen=True)
class Text:
    """All words of a text, one after the other.

    ``ids[bounds[s]:bounds[s + 1]]`` is sentence s; number i stands for ``words[i]``.
    """

    words: list[str]
    ids: NDArray[np.intc]
    bounds: NDArray[np.int64]


def read(names: Sequence[str], encoding: str | None = None, *, compiled: bool = False) -> Text:
    """The text in some files, one sentence a line, words apart by spaces (or by NUL).

    ``compiled`` has it read by compiled code, to the same result.

    Raises Refused, saying what is wrong with the file.
    """
    if compiled:
        from .compiled.reading import END, numbered_parts

        words, ids = numbered_parts(parts(names, encoding))
        return _text(words, ids, END)
    spaced = (part.replace(_END, " ").replace("\n", f" {_END} ") for part in parts(names, encoding))
    return _numbered(part.split() for part in spaced)


def numbered(sentences: Iterable[Sequence[str]]) -> Text:
    """Sentences of words as one array of numbers."""
    return _numbered([*words, _END] for words in sentences)


def _numbered(some: Iterable[Sequence[str]]) -> Text:
    """Words among which those called _END end a sentence."""
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    number[_END]
    found = [np.zeros(0, np.intc)]
    for words in _joined(some):
        found.append(np.fromiter(map(number.__getitem__, words), np.intc, len(words)))
    ids = np.concatenate(found)
    return _text(list(number)[1:], ids - np.intc(1), -1)


def _text(words: list[str], ids: NDArray[np.intc], end: int) -> Text:
    """From the numbers of the words, ``end`` among them where a sentence ends."""
    ends = np.flatnonzero(ids == end)
    bounds = np.concatenate(([0], ends - np.arange(len(ends))))
    return Text(words, ids[ids != end], _none_too_long(bounds))


def _joined(some: Iterable[Sequence[str]], least: int = 1 << 16) -> Iterable[Sequence[str]]:
    """The same words, more of them at a time."""
    kept: list[Sequence[str]] = []
    held = 0
    for words in some:
        kept.append(words)
        held += len(words)
        if held >= least:
            yield kept[0] if len(kept) == 1 else list(chain.from_iterable(kept))
            kept, held = [], 0
    yield list(chain.from_iterable(kept))


def _none_too_long(bounds: NDArray[np.intp]) -> NDArray[np.int64]:
    """Empty sentences left out, long ones cut."""
    bounds = np.unique(bounds)
    pieces = np.maximum(-(-np.diff(bounds) // LONGEST_SENTENCE), 1)
    first = np.repeat(np.cumsum(pieces) - pieces, pieces)
    place = np.arange(len(first)) - first
    starts = np.repeat(bounds[:-1], pieces) + place * LONGEST_SENTENCE
    return np.append(starts, bounds[-1:]).astype(np.int64)

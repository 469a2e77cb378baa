"""The words to train: those that occur often enough, most frequent first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .corpus import Text


@dataclass(frozen=True)
class Corpus:
    """A text in the numbers of its vocabulary, rare words left out.

    ``ids[bounds[s]:bounds[s + 1]]`` is sentence s, ``words[i]`` the word of number i and
    ``counts[i]`` how often it occurs; ``read`` counts the rare words as well.
    """

    words: list[str]
    counts: NDArray[np.int64]
    ids: NDArray[np.intp]
    bounds: NDArray[np.int64]
    read: int

    @cached_property
    def digest(self) -> str:
        """The same for the same words in the same sentences, and for no others."""
        digest = hashlib.blake2b("\n".join(self.words).encode("utf-8", "surrogatepass"))
        digest.update(self.ids.data)
        digest.update(self.bounds.data)
        return digest.hexdigest()


def corpus_of(text: Text, min_count: int) -> Corpus:
    """Leave out the words that occur fewer than ``min_count`` times; ties keep their order."""
    counts = np.bincount(text.ids, minlength=len(text.words))
    order = np.argsort(-counts, kind="stable")
    order = order[counts[order] >= min_count]
    number = np.full(len(text.words), -1, np.intp)
    number[order] = np.arange(len(order))
    ids = number[text.ids]
    is_kept = ids >= 0
    kept_before = np.concatenate(([0], np.cumsum(is_kept)))
    words = [text.words[word] for word in order]
    bounds = kept_before[text.bounds]
    return Corpus(words, counts[order], ids[is_kept], bounds, len(text.ids))


def keep_probabilities(corpus: Corpus, sample: float) -> NDArray[np.float64]:
    """How likely each word is kept when frequent ones are thinned out; 0 keeps all of them.

    With f the share of the text that is the word: √(sample / f) + sample / f, at most 1.
    """
    if sample == 0:
        return np.ones(len(corpus.counts))
    ratio: NDArray[np.float64] = sample * corpus.counts.sum() / corpus.counts
    return np.minimum(np.sqrt(ratio) + ratio, 1.0)

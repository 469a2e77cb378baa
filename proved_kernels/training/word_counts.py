"""Vocabulary by counts: which words are trained, thinned out, and drawn as negative samples.

The noise that samples are drawn from is of counts to a power, 3/4 by default.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from proved_kernels.training.corpus import Text


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


@dataclass(frozen=True)
class Noise:
    """Words laid out on a line, each as long as it is likely; ``ends`` is where they end."""

    ends: NDArray[np.float64]

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.intp]:
        """Independent words."""
        return self._at(rng.random(shape))

    def evenly(
        self, shape: tuple[int, ...], together: int, rng: np.random.Generator
    ) -> NDArray[np.intp]:
        """Words of which every ``together`` are spread over the line, one from each part of it.

        Their order is random, so that each is as likely to be a word as an independent one is;
        but a word that should be there once is hardly ever there thrice.
        """
        runs = -(-prod(shape) // together)
        spots = (np.arange(together) + rng.random((runs, together))) / together
        words = rng.permuted(self._at(spots), axis=1)
        return words.ravel()[: prod(shape)].reshape(shape)

    def guided(self) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        """The ends in units of 2^-64, and the word at the start of each of as many equal parts.

        The guide table of Chen and Asau (1974): from there a word is found in a step or two.
        """
        size = np.uint64(len(self.ends))
        ends = np.minimum(self.ends / self.ends[-1] * 2.0**64, 2.0**64 - 2048).astype(np.uint64)
        ends[-1] = np.iinfo(np.uint64).max
        half = np.uint64(32)
        parts = np.arange(size, dtype=np.uint64) << half
        starts = (parts + size - np.uint64(1)) // size << half  # by the upper 32 bits of a spot
        return ends, np.searchsorted(ends, starts).astype(np.int32)

    def _at(self, spots: NDArray[np.float64]) -> NDArray[np.intp]:
        """The words at spots of a line of length one."""
        found = np.searchsorted(self.ends, spots * self.ends[-1], side="right")
        words: NDArray[np.intp] = np.minimum(found, len(self.ends) - 1)
        return words


def noise_of(counts: NDArray[np.int64], exponent: float) -> Noise:
    """Each word as often as its count to the power of ``exponent`` says."""
    shares = counts.astype(np.float64) ** exponent
    return Noise(np.cumsum(shares / shares.sum()))

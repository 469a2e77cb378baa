"""A text in two: what is trained on, and its last sentences, which are held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proved_kernels.training.corpus import Text
from proved_kernels.training.vocabulary import Corpus, corpus_of

HELD_OUT = 0.05  # of the sentences


@dataclass(frozen=True)
class Split:
    """The corpus to train on, and held-out sentences in the numbers of its vocabulary."""

    corpus: Corpus
    held_ids: NDArray[np.intp]
    held_bounds: NDArray[np.int64]
    sentences: list[list[str]]  # the corpus once more, rare words included, for gensim


def split(text: Text, min_count: int) -> Split:
    """Leave out the last sentences; words that are not in the vocabulary are left out of both."""
    sentences = len(text.bounds) - 1
    cut = sentences - max(round(HELD_OUT * sentences), 1)
    end = text.bounds[cut]
    corpus = corpus_of(Text(text.words, text.ids[:end], text.bounds[: cut + 1]), min_count)
    number = {word: n for n, word in enumerate(corpus.words)}
    known = np.array([number.get(word, -1) for word in text.words], np.intp)[text.ids[end:]]
    before = np.concatenate(([0], np.cumsum(known >= 0)))
    words = np.array(text.words, object)
    return Split(
        corpus,
        known[known >= 0],
        before[text.bounds[cut:] - end],
        [part.tolist() for part in np.split(words[text.ids[:end]], text.bounds[1:cut])],
    )

"""How well the vectors rank pairs of words as people do, by gensim's own measure."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.training.corpora import test_data

SETS = {"wordsim353": "wordsim353.tsv", "simlex999": "simlex999.txt"}


@dataclass(frozen=True)
class Rank:
    """Spearman's correlation, and the share of pairs whose words are known."""

    spearman: float
    known: float


def similarity(words: list[str], V: NDArray[np.float32]) -> dict[str, Rank]:
    """For each set that gensim ships."""
    from gensim.models import KeyedVectors

    logging.getLogger("gensim").setLevel(logging.ERROR)
    keyed = KeyedVectors(V.shape[1])
    keyed.add_vectors(words, V)
    found = {}
    for name, file in SETS.items():
        try:
            _, spearman, unknown = keyed.evaluate_word_pairs(test_data(file))
        except ValueError:  # no pair is known
            found[name] = Rank(float("nan"), 0.0)
        else:
            found[name] = Rank(float(spearman[0]), 1 - unknown / 100)
    return found

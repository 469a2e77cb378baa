"""A text small enough to train on while one waits, and its skip-gram pairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TEXT = """
this is the farmer sowing his corn
that kept the cock that crowed in the morn
that waked the priest all shaven and shorn
that married the man all tattered and torn
that kissed the maiden all forlorn
that milked the cow with the crumpled horn
that tossed the dog that worried the cat
that killed the rat that ate the malt
that lay in the house that jack built
"""
WORDS = TEXT.split()
VOCABULARY = sorted(set(WORDS))


def skip_gram_pairs() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The center and the outside word of each pair at most two places apart."""
    text = np.searchsorted(VOCABULARY, WORDS)
    places = np.arange(len(text))
    apart = np.abs(places[:, np.newaxis] - places)
    centers, outsides = np.nonzero((apart > 0) & (apart <= 2))
    return text[centers], text[outsides]

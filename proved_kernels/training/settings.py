"""What decides the vectors: settings by the names gensim and word2vec give them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Skip-gram, or CBOW; negative sampling, or hierarchical softmax.

    The rate falls in a line from alpha to min_alpha.
    """

    cbow: bool = False
    hs: bool = False
    vector_size: int = 100
    window: int = 5
    min_count: int = 5
    sample: float = 1e-3
    negative: int = 5
    ns_exponent: float = 0.75
    alpha: float = 0.025
    min_alpha: float = 0.0001
    epochs: int = 5
    seed: int = 1

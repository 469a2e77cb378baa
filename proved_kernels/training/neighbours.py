"""The words whose vectors point most nearly the same way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def nearest(
    words: Sequence[str], vectors: NDArray[np.float32], of: int, topn: int
) -> list[tuple[str, float]]:
    """The ``topn`` words next to word number ``of`` by cosine, nearest first, itself left out."""
    lengths = np.linalg.norm(vectors, axis=1)
    cosines = vectors @ vectors[of] / np.maximum(lengths * lengths[of], np.finfo(np.float32).tiny)
    order = np.argsort(-cosines, kind="stable")
    order = order[order != of][:topn]
    return [(words[word], float(cosines[word])) for word in order]

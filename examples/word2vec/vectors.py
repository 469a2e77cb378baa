"""Vectors in the text format of word2vec, which gensim and others load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .atomic import replacing


def write(path: Path, words: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """A line with both sizes, then a line for each word; nine digits give float32 back exactly."""
    size, dimension = vectors.shape
    line = "%s" + " %.9g" * dimension + "\n"
    with replacing(path) as file:
        file.write(f"{size} {dimension}\n".encode())
        for word, vector in zip(words, vectors, strict=True):
            file.write((line % (word, *vector.tolist())).encode())

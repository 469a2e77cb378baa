"""Vectors in the two formats of word2vec, which gensim, spaCy and fastText's readers load."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from .atomic import replacing
from .refused import Refused


def write(
    path: Path, words: Sequence[str], vectors: NDArray[np.float32], form: str = "text"
) -> None:
    """A line with both sizes, then each word with its vector: by FORMS; ``.gz`` is compressed.

    The same bytes for the same vectors. Raises Refused for a word that UTF-8 has no bytes for.
    """
    with replacing(path) as file:
        try:
            if path.suffix == ".gz":
                with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                    _write(packed, words, vectors, form)
            else:
                _write(file, words, vectors, form)
        except UnicodeEncodeError as error:
            raise Refused(f"{path}: {error.object!r} cannot be written in UTF-8") from error


def _write(
    file: BinaryIO | gzip.GzipFile, words: Sequence[str], vectors: NDArray[np.float32], form: str
) -> None:
    file.write(b"%d %d\n" % vectors.shape)
    line = FORMS[form](vectors.shape[1])
    for word, vector in zip(words, vectors, strict=True):
        file.write(word.encode() + line(vector))


def _text(dimension: int) -> Callable[[NDArray[np.float32]], bytes]:
    """Nine digits, which give float32 back exactly."""
    digits = " %.9g" * dimension + "\n"
    return lambda vector: (digits % tuple(vector.tolist())).encode()


def _binary(dimension: int) -> Callable[[NDArray[np.float32]], bytes]:
    """The four bytes of each number, the lowest first."""
    return lambda vector: b" " + vector.astype("<f4").tobytes() + b"\n"


FORMS = {"text": _text, "binary": _binary}

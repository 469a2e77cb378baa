"""Word vectors written whole or not at all, in the two formats of word2vec, and nearest neighbours.

Whether a file can be written is asked before the work that it is for. gensim, spaCy and fastText
load the text, which is that of a .vec; gensim loads the binary format as well.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from proved_kernels.training.corpus import STANDARD_INPUT, Refused


def partial(path: Path) -> Path:
    """Where a file is written that is to take the place of ``path``."""
    return path.with_name(f"{path.name}.partial")


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write, which takes the place of ``path`` once it is complete and on disk.

    What is no file, as a device or a pipe, is written to as it is.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    with partial(path).open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial(path), path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def checked(option: str, path: Path, texts: Sequence[str]) -> None:
    """Raises Refused if nothing can be written there, or a text would be written over."""
    if not path.parent.is_dir():
        raise Refused(f"{option} {path}: no such folder")
    if path.is_dir():
        raise Refused(f"{option} {path}: is a folder")
    for text in texts:
        is_there = text != STANDARD_INPUT and path.exists() and Path(text).exists()
        if is_there and path.samefile(text):
            raise Refused(f"{option} {path}: is the text")
    if path.exists() and not path.is_file():  # a device, a pipe: written to as it is
        if not os.access(path, os.W_OK):
            raise Refused(f"{option} {path}: may not be written")
        return
    try:
        partial(path).open("wb").close()
        partial(path).unlink()
    except OSError as error:
        raise Refused(f"{option} {path}: {error.strerror}") from error


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


def nearest(
    words: Sequence[str], vectors: NDArray[np.float32], of: int, topn: int
) -> list[tuple[str, float]]:
    """The ``topn`` words next to word number ``of`` by cosine, nearest first, itself left out."""
    lengths = np.linalg.norm(vectors, axis=1)
    cosines = vectors @ vectors[of] / np.maximum(lengths * lengths[of], np.finfo(np.float32).tiny)
    order = np.argsort(-cosines, kind="stable")
    order = order[order != of][:topn]
    return [(words[word], float(cosines[word])) for word in order]

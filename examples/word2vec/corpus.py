"""A text as numbers: words in order of first appearance, sentences as stretches of one array."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .refused import Refused

LONGEST_SENTENCE = 10_000  # as in gensim: what is longer is cut


@dataclass(frozen=True)
class Text:
    """All words of a text, one after the other.

    ``ids[bounds[s]:bounds[s + 1]]`` is sentence s; number i stands for ``words[i]``.
    """

    words: list[str]
    ids: NDArray[np.intc]
    bounds: NDArray[np.int64]


def read(path: Path, encoding: str = "utf-8") -> Text:
    """The text in a file, one sentence a line, words apart by spaces.

    Raises Refused, saying what is wrong with the file.
    """
    try:
        return numbered(line.split() for line in _lines(path, encoding))
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error
    except LookupError as error:
        raise Refused(f"--encoding {encoding}: no such encoding") from error
    except UnicodeError as error:
        raise Refused(f"{path}: not {encoding} text ({error}); see --encoding") from error


def numbered(sentences: Iterable[list[str]]) -> Text:
    """Sentences of words as one array of numbers."""
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    ids = array("i")
    bounds = [0]
    for sentence in sentences:
        for start in range(0, len(sentence), LONGEST_SENTENCE):
            ids.extend(map(number.__getitem__, sentence[start : start + LONGEST_SENTENCE]))
            bounds.append(len(ids))
    return Text(list(number), np.frombuffer(ids, np.intc) if ids else np.zeros(0, np.intc),
                np.array(bounds, np.int64))  # fmt: skip


def _lines(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding) as file:
        yield from file

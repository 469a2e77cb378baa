"""The texts, two real ones by name or a file, each in two: trained on, and held out."""

from __future__ import annotations

import gzip
import re
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from proved_kernels.training.corpus import Refused, Text, numbered, read
from proved_kernels.training.word_counts import Corpus, corpus_of

GCIDE = Path("/usr/share/dictd/gcide.dict.dz")
_WORD = re.compile(r"[a-z]+")
_PARAGRAPH = re.compile(r"\n\s*\n")


def text_of(name: str, gcide: Path) -> Text:
    """``lee``, ``gcide`` or the path of a text; exits with what to install where it is missing."""
    if name == "gcide":
        return _dictionary(gcide)
    try:
        return read([str(test_data("lee_background.cor")) if name == "lee" else name])
    except Refused as error:
        sys.exit(str(error))


def test_data(name: str) -> Path:
    """A file that gensim ships for its tests."""
    spec = find_spec("gensim")
    if spec is None or spec.origin is None:
        sys.exit("this measures beside gensim: pip install gensim")
    path = Path(spec.origin).parent / "test" / "test_data" / name
    if not path.exists():
        sys.exit(f"this gensim came without its test data: {path} is missing")
    return path


def _dictionary(path: Path) -> Text:
    """A paragraph a sentence, words of letters, in lower case; dictzip is a kind of gzip."""
    try:
        with gzip.open(path) as file:
            content = file.read().decode("utf-8", "replace").lower()
    except FileNotFoundError:
        sys.exit(
            f"{path} is missing: install the Debian package dict-gcide, or unpack it anywhere with "
            "`apt-get download dict-gcide && dpkg -x dict-gcide_*.deb gcide` and say "
            "--gcide gcide/usr/share/dictd/gcide.dict.dz; or name a text of your own with --corpus"
        )
    except (OSError, EOFError) as error:
        sys.exit(f"{path}: {error}")
    return numbered(_WORD.findall(paragraph) for paragraph in _PARAGRAPH.split(content))


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

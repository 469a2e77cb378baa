"""The benchmark judges both trainers by the same text, and says what is missing."""

from __future__ import annotations

import gzip
from math import inf, log
from pathlib import Path

import numpy as np
import pytest

from benchmarks.training.corpora import split, text_of
from benchmarks.training.quality import Trained, held_out
from proved_kernels.training.corpus import numbered
from proved_kernels.training.trainer import Settings

SENTENCES = [["a", "b", "c"], ["b", "a", "rare"], *[["a", "b"]] * 37, ["c", "a", "new", "b"]]
SETTINGS = Settings(min_count=2, sample=0, window=1)


def test_the_last_sentences_are_held_out_in_the_vocabulary_of_the_rest() -> None:
    found = split(numbered([*SENTENCES, SENTENCES[-1]]), 1)
    assert found.sentences == SENTENCES[:-1]
    assert [found.corpus.words[n] for n in found.held_ids] == ["c", "a", "b"] * 2
    assert found.held_bounds.tolist() == [0, 3, 6]
    assert found.corpus.read == sum(map(len, SENTENCES[:-1]))


def test_held_out_pairs_are_neighbours_in_a_sentence_both_ways() -> None:
    parts = split(numbered([*SENTENCES, SENTENCES[-1]]), 1)
    held = held_out(parts, SETTINGS)
    words = parts.corpus.words
    pairs = sorted(words[c] + words[o] for c, o in zip(held.centers, held.outsides, strict=True))
    assert pairs == sorted(["ca", "ac", "ab", "ba"] * 2)
    assert held.negatives.shape == (8, SETTINGS.negative)


def test_vectors_that_know_nothing_have_the_loss_of_even_chances() -> None:
    parts = split(numbered(SENTENCES), 1)
    zeros = np.zeros((len(parts.corpus.words), 3), np.float32)
    assert held_out(parts, SETTINGS).loss(zeros, zeros) == pytest.approx(6 * log(2))


def test_the_time_to_a_loss_is_that_of_the_first_point_below_it() -> None:
    none = np.zeros((1, 1), np.float32)
    run = Trained("ours", 1, 3.0, none, none, [(1.0, 2.5), (2.0, 2.4), (3.0, 2.3)])
    assert [run.seconds_to(loss) for loss in (2.6, 2.45, 2.3, 2.2)] == [1.0, 2.0, 3.0, inf]


def test_a_dictionary_is_read_by_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "gcide.dict.dz"
    path.write_bytes(gzip.compress(b'Abacus \\Ab"a*cus\\, n.\n   1. A table.\n\nB, 2nd\n'))
    text = text_of("gcide", path)
    assert [text.words[n] for n in text.ids] == [
        "abacus",
        "ab",
        "a",
        "cus",
        "n",
        "a",
        "table",
        "b",
        "nd",
    ]
    assert text.bounds.tolist() == [0, 7, 9]


def test_a_missing_dictionary_is_said_with_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="apt-get download dict-gcide"):
        text_of("gcide", tmp_path / "absent")


def test_a_missing_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="No such file"):
        text_of(str(tmp_path / "absent"), tmp_path)

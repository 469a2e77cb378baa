"""A text becomes numbers, and its vocabulary is what word2vec would count."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from proved_kernels.training import corpus, default_text
from proved_kernels.training.refused import Refused
from proved_kernels.training.vocabulary import corpus_of, keep_probabilities

from .small_texts import corpus as corpus_from


def test_sentences_come_back_from_numbers(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("the cat  sat\n\non the\tmat\n", encoding="utf-8")
    text = corpus.read([str(path)])
    sentences = [
        [text.words[word] for word in text.ids[first:last]] for first, last in pairwise(text.bounds)
    ]
    assert [s for s in sentences if s] == [["the", "cat", "sat"], ["on", "the", "mat"]]


def test_a_long_sentence_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "LONGEST_SENTENCE", 3)
    assert corpus.numbered([list("abcdefg")]).bounds.tolist() == [0, 3, 6, 7]


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        (b"caf\xe9 au lait", "utf-8", "not utf-8 text"),
        (b"cafe", "no-such", "no such encoding"),
        (b"odd", "utf-16", "not utf-16 text"),
    ],
)
def test_what_cannot_be_decoded_is_refused(
    tmp_path: Path, content: bytes, encoding: str, message: str
) -> None:
    path = tmp_path / "text"
    path.write_bytes(content)
    with pytest.raises(Refused, match=message):
        corpus.read([str(path)], encoding)


def test_another_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"caf\xe9")
    assert corpus.read([str(path)], "latin-1").words == ["café"]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No such file"):
        corpus.read([str(tmp_path / "absent")])


def test_rare_words_are_left_out_and_frequent_ones_come_first() -> None:
    found = corpus_from(["abcb", "c", "dbe"], min_count=2)
    assert found.words == ["b", "c"]
    assert found.counts.tolist() == [3, 2]
    assert found.ids.tolist() == [0, 1, 0, 1, 0]
    assert found.bounds.tolist() == [0, 3, 4, 5]
    assert found.read == 8


def test_the_digest_tells_texts_apart() -> None:
    texts = (["ab", "ba"], ["abba"], ["ab", "ab"], ["xb", "bx"])
    assert len({corpus_from(text).digest for text in texts}) == len(texts)
    assert corpus_from(["ab", "ba"]).digest == corpus_from(["ab", "ba"]).digest


def test_a_text_without_frequent_words_leaves_nothing() -> None:
    assert corpus_of(corpus.numbered([["a", "b"]]), 2).words == []


def test_frequent_words_are_thinned_out() -> None:
    text = corpus_from(["a" * 90 + "b" * 9 + "c"])
    keep = keep_probabilities(text, 0.01)
    share = np.array([0.9, 0.09, 0.01])
    assert keep == pytest.approx(np.minimum(np.sqrt(0.01 / share) + 0.01 / share, 1))
    assert keep_probabilities(text, 0).tolist() == [1, 1, 1]


@pytest.mark.slow
def test_the_default_text_is_large_enough_to_train_on() -> None:
    text = corpus.numbered(default_text.sentences())
    assert len(text.ids) > 100_000
    assert {"the", "returns", "module"} <= set(text.words)

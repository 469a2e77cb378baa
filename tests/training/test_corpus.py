"""A text becomes numbers, wherever it comes from; its vocabulary is what word2vec would count."""

from __future__ import annotations

import gzip
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from proved_kernels.training import corpus
from proved_kernels.training.command_line import main
from proved_kernels.training.corpus import Refused
from proved_kernels.training.word_counts import corpus_of, keep_probabilities
from tests.training.small_texts import corpus as corpus_from
from tests.training.small_texts import zipf_lines


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
    text = corpus.numbered(corpus.default_sentences())
    assert len(text.ids) > 100_000
    assert {"the", "returns", "module"} <= set(text.words)


ROOT = Path(__file__).parents[2]
QUICK = ["--vector-size", "8", "--min-count", "2", "--epochs", "2"]


def sentences(*names: Path, encoding: str | None = None) -> list[list[str]]:
    text = corpus.read([str(name) for name in names], encoding)
    parts = np.split(text.ids, text.bounds[1:-1])
    return [[text.words[word] for word in part] for part in parts]


def test_several_files_are_one_text_and_a_file_ends_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"the cat\nsat")
    (tmp_path / "b").write_bytes(gzip.compress(b"on the\r\nmat\n"))
    found = sentences(tmp_path / "a", tmp_path / "b")
    assert found == [["the", "cat"], ["sat"], ["on", "the"], ["mat"]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_the_encoding_and_is_no_part_of_a_word(
    encoding: str, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes("été café".encode(encoding))
    assert sentences(tmp_path / "a") == [["été", "café"]]


@pytest.mark.parametrize("length", [1, 2, 3, 7])
def test_no_word_is_cut_where_a_part_ends(
    length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "_LENGTH", length)
    (tmp_path / "a").write_text("some longer words\tand a tab\n\n  one more line")
    assert sentences(tmp_path / "a") == [
        ["some", "longer", "words", "and", "a", "tab"],
        ["one", "more", "line"],
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"some text")[:-4], "ends too early"),
        (b"\x1f\x8b" + b"\xff" * 20, "not a gzip file after all"),
    ],
)
def test_a_broken_compressed_file_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(content)
    with pytest.raises(Refused, match=message):
        sentences(tmp_path / "a.gz")


def test_standard_input_is_read_compressed_or_not(tmp_path: Path) -> None:
    text = zipf_lines().encode()
    (tmp_path / "text").write_bytes(text)
    assert main([str(tmp_path / "text"), *QUICK, "--output", str(tmp_path / "0")]) == 0
    for number, given in enumerate((text, gzip.compress(text)), 1):
        command = [sys.executable, "-m", "proved_kernels.training", "-", *QUICK]
        command += ["--output", str(tmp_path / f"{number}")]
        done = subprocess.run(command, input=given, capture_output=True, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / f"{number}").read_bytes() == (tmp_path / "0").read_bytes()

"""Vectors are written in both formats, where they can be; what cannot be written is said first."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from proved_kernels.training import vectors
from proved_kernels.training.command import main

WORDS = ["the", "naïve", "猫"]
V = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)


@pytest.mark.parametrize("form", ["text", "binary"])
@pytest.mark.parametrize("name", ["v", "v.gz"])
def test_gensim_loads_the_same_numbers(form: str, name: str, tmp_path: Path) -> None:
    keyed = pytest.importorskip("gensim.models.keyedvectors", reason="pip install gensim")
    vectors.write(tmp_path / name, WORDS, V, form)
    loaded = keyed.KeyedVectors.load_word2vec_format(tmp_path / name, binary=form == "binary")
    assert loaded.index_to_key == WORDS
    assert np.array_equal(loaded.vectors, V)


def test_a_compressed_file_has_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        vectors.write(tmp_path / name, WORDS, V)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()).startswith(b"3 5\nthe ")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--output", "{}"], "is a folder"),
        (["--output", "{}/text"], "is the text"),
        (["--checkpoint", "{}/text"], "is the text"),
        (["--output", "{}/text/v"], "no such folder"),
        (["--output", "/proc/v"], "--output /proc/v: "),
        (["--workers", "2"], "several threads need --backend compiled"),
        (["-", "-"], "can be read only once"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text").write_text("a b\n" * 10)
    given = [option.format(tmp_path) for option in options]
    try:
        code = main([str(tmp_path / "text"), *given])
    except SystemExit as left:
        code = left.code  # type: ignore[assignment]
    assert code == 2
    told = capsys.readouterr()
    assert message in told.err
    assert told.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["text"]


def test_a_short_text_trains_and_a_loss_that_did_not_move_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "text"
    path.write_text("a b c d\n" * 8)
    options = ["--min-count", "1", "--sample", "0", "--vector-size", "10"]
    assert main([str(path), *options, "--alpha", "0.1", "--epochs", "40"]) == 0
    assert capsys.readouterr().err == ""
    assert main([str(path), *options, "--alpha", "1e-6", "--min-alpha", "0"]) == 0
    assert "the loss did not move" in capsys.readouterr().err
    path.write_text("a\n" * 8)
    assert main([str(path), *options]) == 0
    assert "no word has a neighbour" in capsys.readouterr().err

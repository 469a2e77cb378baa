"""The command trains: reproducible, resumable, and clear about what it cannot use."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from time import sleep

import numpy as np
import pytest

from proved_kernels.training.command import main

from .small_texts import zipf_lines

SCRIPT = Path(__file__).parents[2] / "examples" / "train_word2vec.py"
QUICK = ["--vector-size", "8", "--min-count", "2", "--epochs", "2"]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text"
    path.write_text(zipf_lines(), encoding="utf-8")
    return path


def vectors(path: Path) -> tuple[list[str], np.ndarray]:
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split(" ") for line in lines]
    found = np.array([row[1:] for row in rows], np.float32)
    assert head == f"{found.shape[0]} {found.shape[1]}"
    return [row[0] for row in rows], found


def test_the_same_seed_gives_the_same_vectors_and_another_gives_others(
    text: Path, tmp_path: Path
) -> None:
    outputs = [tmp_path / name for name in "abc"]
    for output, seed in zip(outputs, "112", strict=True):
        assert main([str(text), *QUICK, "--seed", seed, "--output", str(output)]) == 0
    first, same, other = (output.read_bytes() for output in outputs)
    assert first == same
    assert first != other


def test_words_that_keep_company_come_to_be_neighbours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(0)
    groups = [["red", "green", "blue", "pink"], ["one", "two", "three", "four"]]
    path = tmp_path / "text"
    path.write_text("\n".join(" ".join(rng.choices(groups[k % 2], k=8)) for k in range(800)))
    options = ["--vector-size", "10", "--sample", "0", "--alpha", "0.05"]
    assert main([str(path), *options, "--similar", "red", "--similar", "two", "--topn", "3"]) == 0
    *_, red, two = capsys.readouterr().out.splitlines()
    assert set(red.split(": ")[1].replace(",", "").split()[::2]) == {"green", "blue", "pink"}
    assert set(two.split(": ")[1].replace(",", "").split()[::2]) == {"one", "three", "four"}


def test_gensim_loads_the_vectors(text: Path, tmp_path: Path) -> None:
    keyed = pytest.importorskip("gensim.models.keyedvectors", reason="pip install gensim")
    output = tmp_path / "vectors.txt"
    assert main([str(text), *QUICK, "--output", str(output)]) == 0
    loaded = keyed.KeyedVectors.load_word2vec_format(output)
    words, found = vectors(output)
    assert loaded.index_to_key == words
    assert np.array_equal(loaded.vectors, found)


@pytest.mark.slow
def test_what_is_killed_at_any_moment_ends_with_the_same_vectors(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text(zipf_lines(400, 50), encoding="utf-8")
    checkpoint = tmp_path / "c.npz"

    def command(output: Path, *more: str) -> list[str]:
        options = ["--vector-size", "20", "--epochs", "150", "--output", str(output)]
        return [sys.executable, str(SCRIPT), str(text), *options, *more]

    keeping = ("--checkpoint", str(checkpoint), "--checkpoint-every", "0")
    subprocess.run(command(tmp_path / "whole"), check=True, capture_output=True)
    kills = 0
    for _ in range(3):
        process = subprocess.Popen(command(tmp_path / "killed", *keeping), stdout=subprocess.PIPE)
        while not checkpoint.exists() and process.poll() is None:
            sleep(0.01)
        sleep(random.uniform(0.0, 0.5))
        process.kill()
        process.communicate()
        kills += process.returncode != 0
    assert kills
    done = subprocess.run(command(tmp_path / "killed", *keeping), check=True, capture_output=True)
    assert done.stderr == b""  # no terminal: no progress
    assert (tmp_path / "killed").read_bytes() == (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--window", "0"], "--window: '0' should be an integer from 1"),
        (["--window", "five"], "--window: 'five' should be an integer"),
        (["--alpha", "nan"], "--alpha: 'nan' should be a number"),
        (["--sample", "2"], "--sample: '2' should be a number from 0 to 1"),
        (["--alpha", "0.01", "--min-alpha", "0.02"], "--min-alpha should not be above --alpha"),
        (["--output", "absent/vectors.txt"], "no such folder"),
        (["--checkpoint", "absent/c.npz"], "no such folder"),
    ],
)
def test_wrong_usage_is_refused_before_any_work(
    options: list[str], message: str, text: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([str(text), *options])
    assert exit_.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (None, [], "No such file"),
        (b"", [], "no words"),
        (b"a b c", [], "no word occurs 5 times; lower --min-count"),
        (b"caf\xe9", [], "not utf-8 text"),
        (b"a a a a a", ["--similar", "b"], "--similar b: not in the vocabulary"),
        (b"a a a a a", ["--encoding", "absent"], "no such encoding"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused(
    content: bytes | None,
    options: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "some"
    if content is not None:
        path.write_bytes(content)
    assert main([str(path), *options]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""


def test_a_text_of_one_word_is_trained_on(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("a\n" * 5)
    assert main([str(path), "--output", str(tmp_path / "v")]) == 0
    assert np.isfinite(vectors(tmp_path / "v")[1]).all()

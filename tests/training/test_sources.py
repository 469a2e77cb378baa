"""Text comes from files, compressed or not, and standard input, in the encoding it is in."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from proved_kernels.training import corpus, sources
from proved_kernels.training.command import main
from proved_kernels.training.refused import Refused

from .small_texts import zipf_lines

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
    monkeypatch.setattr(sources, "_LENGTH", length)
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

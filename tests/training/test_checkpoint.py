"""A checkpoint holds all that training needs, and is refused where it does not fit."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from proved_kernels.training import checkpoint, training
from proved_kernels.training.atomic import replacing
from proved_kernels.training.method import Model
from proved_kernels.training.negative_sampling import NegativeSampling
from proved_kernels.training.refused import Refused
from proved_kernels.training.training import new_model, train

from .small_texts import SMALL, corpus, trained, zipf_sentences

TEXT = corpus(zipf_sentences())
METHOD = NegativeSampling(TEXT, SMALL)
OTHER = corpus(zipf_sentences(seed=1))


def saved(path: Path) -> Model:
    model = new_model(len(TEXT.words), SMALL)
    checkpoint.save(path, model, TEXT, SMALL)
    return model


@pytest.mark.parametrize("stretches", [0, 1, 4, 7, 10])
def test_training_goes_on_as_if_it_had_not_stopped(
    stretches: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "STRETCH", 220)  # 5 stretches an epoch
    path = tmp_path / "c.npz"
    model = new_model(len(TEXT.words), SMALL)
    for _ in islice(train(model, TEXT, SMALL, METHOD), stretches):
        pass
    checkpoint.save(path, model, TEXT, SMALL)
    resumed = checkpoint.load(path, TEXT, SMALL)
    for _ in train(resumed, TEXT, SMALL, METHOD):
        pass
    whole = trained(TEXT, SMALL)
    assert resumed.stretches == whole.stretches == 10
    assert np.array_equal(resumed.V, whole.V)
    assert np.array_equal(resumed.U, whole.U)


@pytest.mark.parametrize("name", sorted(vars(SMALL)))
def test_a_checkpoint_of_another_setting_is_refused_by_its_name(name: str, tmp_path: Path) -> None:
    saved(tmp_path / "c.npz")
    other = replace(SMALL, **{name: getattr(SMALL, name) + 1})
    with pytest.raises(Refused, match=f"--{name.replace('_', '-')} "):
        checkpoint.load(tmp_path / "c.npz", TEXT, other)


def test_a_checkpoint_of_another_text_is_refused(tmp_path: Path) -> None:
    saved(tmp_path / "c.npz")
    with pytest.raises(Refused, match="another text"):
        checkpoint.load(tmp_path / "c.npz", OTHER, SMALL)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"0 1 2", b"\x80\x04]."])
def test_what_is_no_checkpoint_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "c.npz").write_bytes(content)
    with pytest.raises(Refused, match="not a checkpoint"):
        checkpoint.load(tmp_path / "c.npz", TEXT, SMALL)


@pytest.mark.parametrize("change", [{"V": np.zeros((2, 2), np.float32)}, {"settings": "[]"},
                                    {"settings": json.dumps({})}, {"stretches": "x"}])  # fmt: skip
def test_a_checkpoint_with_other_contents_is_refused(
    change: dict[str, object], tmp_path: Path
) -> None:
    saved(tmp_path / "c.npz")
    with np.load(tmp_path / "c.npz") as file:
        contents = {name: file[name] for name in file.files}
    np.savez(tmp_path / "c.npz", **{**contents, **change})
    with pytest.raises(Refused):
        checkpoint.load(tmp_path / "c.npz", TEXT, SMALL)


def test_pickled_objects_are_not_loaded(tmp_path: Path) -> None:
    np.savez(tmp_path / "c.npz", settings=np.array([{}], object))
    with pytest.raises(Refused):
        checkpoint.load(tmp_path / "c.npz", TEXT, SMALL)


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")

    def interrupted() -> None:
        with replacing(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "before"
    with replacing(path) as file:
        file.write(b"after")
    assert path.read_text() == "after"

"""The kernels trained by torch: its optimizers, and its engine in two processes."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.examples.small_batches import SAMPLING

torch = pytest.importorskip("torch", reason="torch is not installed: pip install '.[torch]'")
SkipGram = import_module("examples.torch_skip_gram").SkipGram

ROOT = Path(__file__).parents[2]
WORDS = [torch.from_numpy(word) for word in SAMPLING.words]


def model() -> Any:
    """A module whose parameters are those of `SAMPLING`."""
    skip_gram = SkipGram(*SAMPLING.V.shape)
    with torch.no_grad():
        skip_gram.center.weight.copy_(torch.from_numpy(SAMPLING.V))
        skip_gram.outside.weight.copy_(torch.from_numpy(SAMPLING.U))
    return skip_gram


def test_a_step_of_sgd_is_the_step_by_hand() -> None:
    skip_gram = model()
    skip_gram(*WORDS).backward()
    torch.optim.SGD(skip_gram.parameters(), lr=0.5).step()
    _, by_V, by_U = SAMPLING.kernel(SAMPLING.V, SAMPLING.U, *SAMPLING.words)
    for embedding, before, gradient in (
        (skip_gram.center, SAMPLING.V, by_V),
        (skip_gram.outside, SAMPLING.U, by_U),
    ):
        after = before - 0.5 * gradient.dense(len(before))
        np.testing.assert_allclose(embedding.weight.detach().numpy(), after, rtol=1e-15)


def test_sparse_adam_trains_the_listed_rows_and_no_other() -> None:
    skip_gram = model()
    optimizer = torch.optim.SparseAdam(skip_gram.parameters(), lr=0.1)
    losses = []
    for _ in range(20):
        optimizer.zero_grad()
        loss = skip_gram(*WORDS)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses == sorted(losses, reverse=True)
    unseen = np.setdiff1d(np.arange(len(SAMPLING.V)), SAMPLING.words[0])
    assert len(unseen)
    V = skip_gram.center.weight.detach().numpy()
    assert np.array_equal(V[unseen], SAMPLING.V[unseen])


def test_two_processes_train_what_one_would() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "examples.torch_data_parallel", "--epochs", "4"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    losses = [float(loss) for loss in re.findall(r"epoch \d+: loss (\S+) a pair", done.stdout)]
    assert len(losses) == 4
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] / 2
    between, from_one = map(float, re.findall(r"largest difference .*: (\S+)", done.stdout))
    assert between == 0
    assert from_one <= 1e-12

"""The compiled step, read by plain Python, is that of the proved gradients; wrong ones are seen."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from codegen.execute.chosen_cases import Lengths, Limits, cases
from codegen.execute.running import Count, Variant, run_case
from codegen.interpret.symbolic import symbolic
from codegen.kernel import Kernel
from proved_kernels.training.compiled import center_steps
from tests.execute.scene import FUNCTIONS, STATED

TEXT = Path(str(center_steps.__file__)).read_text(encoding="utf-8")
KERNEL = FUNCTIONS["blocks.sgd_step"]
LIMITS = Limits(30, 30, 10)
SIZES: list[Lengths] = [
    {"N": n, "d": d, "G": 1, "S": 1, "L": length, "T": 1}
    for n, d, length in [
        (1, 1, 0),
        (1, 1, 1),
        (2, 1, 2),
        (2, 2, 1),
        (1, 2, 2),
        (3, 1, 1),
        (2, 1, 3),
        (1, 1, 5),
    ]
]


def edited(old: str = "", new: str = "") -> ModuleType:
    """The text of `center_steps` with a change."""
    assert not old or TEXT.count(old) == 1, "the code has changed: say the mistake anew"
    module = ModuleType("center_steps")
    exec(compile(TEXT.replace(old, new), "center_steps.py", "exec"), module.__dict__)
    return module


def as_kernel(step: ModuleType) -> Variant:
    """The step with the arguments of the proved kernel, for one block of one center."""

    def sgd_step(
        V: Any, U: Any, centers: Any, lists: Any, kinds: Any, weights: Any, signs: Any,
        rate: Any, most: Any,
    ) -> None:  # fmt: skip
        rows, weight = lists[0], weights[kinds[0, 0]]
        moves, scores = (symbolic(np.zeros(len(rows), object)) for _ in range(2))
        move = step.rates(rows, weight, moves, len(rows), rate, most)
        at, width = centers[0, 0], (0,)
        v = step.load(V, at, width)
        gradient = step.descend(v, U, rows, signs, weight, moves, len(rows), scores, width)
        step.store(V, at, step.added(v, -move, gradient))

    module = SimpleNamespace(sgd_step=sgd_step)
    loaded: Any = SimpleNamespace(module=lambda _: module, sparse=True, small=False, overflow=False)
    return Variant("read by Python", loaded)


def decided(step: ModuleType) -> Count:
    assert isinstance(KERNEL, Kernel)
    whole, variant = Count(), as_kernel(step)
    for lengths in SIZES:
        for case in cases(KERNEL, lengths, LIMITS)[1]:
            whole.add(run_case(KERNEL, "blocks", STATED, case, [variant], 64, whole.room or 20))
            if whole.failures:
                return whole
    return whole


def test_the_step_moves_both_vectors_as_the_proved_gradients_say() -> None:
    found = decided(edited())
    assert found.failures == []
    assert found.cases > 40
    assert found.entries > 150


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("gradient = added(gradient, scores[k],", "gradient = added(gradient, -scores[k],"),
        ("-(moves[k] * scores[k]), v)", "-scores[k], v)"),
        ("-(moves[k] * scores[k]), v)", "moves[k] * scores[k], v)"),
        ("load(U, rows[k], width), -(", "load(U, rows[0], width), -("),
        ("if rows[other] == rows[k]", "if other == k"),
        ("total = total + weights[k]", "total = weights[k]"),
        ("\n    for first in range(0, count, 4)", "\n    for first in range(0, count - 1, 4)"),
        ("sigmoid * signs[:count] * weights[:count]", "sigmoid * weights[:count]"),
        ("sigmoid * signs[:count] * weights[:count]", "sigmoid * signs[:count]"),
        ("z = signs[:count] * scores[:count]", "z = -signs[:count] * scores[:count]"),
        ("np.exp(np.minimum(z, 0)) / (1", "np.exp(np.minimum(z, 0)) / (2"),
        ("min(first + 4, count)", "min(first + 2, count)"),
        ("return row + factor * other", "return row + other"),
    ],
)  # fmt: skip
def test_a_wrong_step_is_seen(old: str, new: str) -> None:
    assert decided(edited(old, new)).failures

"""Examples say what they need, and on Dask, for MCP and as a reward what the checker says."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from derivations import check, check_many
from examples.mcp_server import server, told
from examples.reward import reward, rewards
from generated import RowGrad, naive_softmax, negative_sampling

Kernel = Callable[..., tuple[Any, Any, Any]]


@dataclass(frozen=True)
class Batch:
    """A kernel with what it is called with."""

    name: str
    kernel: Kernel
    V: NDArray[np.float64]
    U: NDArray[np.float64]
    words: tuple[NDArray[np.int64], ...]


def _batches() -> list[Batch]:
    rng = np.random.default_rng(0)
    N, B, K = 5, 4, 3

    def matrices() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        V, U = rng.normal(size=(2, N, 2))
        return V, U

    def words(*shape: int) -> NDArray[np.int64]:
        return rng.integers(N, size=shape)

    sampling, softmax = negative_sampling.batch_value_and_grad, naive_softmax.batch_value_and_grad
    random = [
        Batch("softmax", softmax, *matrices(), (words(B), words(B))),
        Batch("sampling", sampling, *matrices(), (words(B), words(B), words(B, K))),
    ]
    repeated = np.array([2, 2, 0, 2])  # centers and outsides, and an outside among its negatives
    negatives = np.array([[2, 4, 4], [1, 1, 1], [3, 0, 3], [2, 2, 2]])
    return [
        *random,
        Batch("softmax, words repeated", softmax, *matrices(), (repeated, repeated)),
        Batch("sampling, words repeated", sampling, *matrices(), (repeated, repeated, negatives)),
    ]


BATCHES = _batches()
SAMPLING = BATCHES[-1]


def sign_lost(*arguments: Any) -> tuple[Any, Any, Any]:
    """The kernel of `SAMPLING`, but one row of the gradient by V has the wrong sign."""
    losses, by_V, by_U = SAMPLING.kernel(*arguments)
    by_V.values[0] *= -1
    return losses, by_V, by_U


def duplicates_lost(V: Any, U: Any, centers: Any, outsides: Any, negatives: Any) -> Any:
    """The kernel of `SAMPLING`, but a repeated negative counts once in the gradient by U."""
    losses, by_V, by_U = SAMPLING.kernel(V, U, centers, outsides, negatives)
    parts = [
        SAMPLING.kernel(V, U, centers[b : b + 1], outsides[b : b + 1], np.unique(drawn)[None])[2]
        for b, drawn in enumerate(negatives)
    ]
    dense = sum(part.dense(len(U)) for part in parts)
    return losses, by_V, RowGrad(by_U.rows, dense[by_U.rows])


def mean_instead(*arguments: Any) -> tuple[Any, Any, Any]:
    """The kernel of `SAMPLING`, but the gradients are those of the mean."""
    losses, by_V, by_U = SAMPLING.kernel(*arguments)
    by_V, by_U = (RowGrad(rows, values / len(losses)) for rows, values in (by_V, by_U))
    return losses, by_V, by_U


FAULTS = (sign_lost, duplicates_lost, mean_instead)


ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("example", "package", "extra"),
    [
        ("torch_data_parallel", "torch", "torch"),
        ("jax_custom_vjp", "jax", "jax"),
        ("on_dask", "distributed", "dask"),
        ("mcp_server", "mcp", "mcp"),
    ],
)
def test_an_example_says_what_it_needs(example: str, package: str, extra: str) -> None:
    program = (
        f"import runpy, sys; sys.modules[{package!r}] = None;"
        f"runpy.run_module('examples.{example}', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == f"this example needs {package}: pip install '.[{extra}]'\n"


@pytest.mark.slow  # a cluster takes seconds to start
def test_two_workers_report_the_same_in_the_same_order() -> None:
    pytest.importorskip("distributed", reason="Dask is not installed: pip install '.[dask]'")
    from examples.on_dask import GIVEN, TEXTS, on_dask

    found = on_dask(TEXTS, GIVEN)
    assert [len(report) for report in found] == [1, 1, 1, 1, 1, 0]
    assert found == list(check_many(TEXTS, GIVEN, jobs=2))


SQUARED = "scalar a, b\nrequire (a + b)^2 = ..."
WRONG = "$$(a + b)^2 = a^2 + b^2$$"
ANSWER = (
    "line.1 refuted: (a + b)^2 = a^2 + b^2 (the sides differ by 2 a b)\n"
    "required.1 not shown: its chain breaks at line.1, which is refuted: (a + b)^2 = ..."
)


def test_the_server_tells_each_line_and_what_is_required() -> None:
    assert told(check(WRONG, SQUARED)) == ANSWER
    assert "proposed" in told(check("$$x^T y = y^T x$$"))


def test_a_client_is_told_the_same() -> None:
    mcp = pytest.importorskip("mcp", reason="mcp is not installed: pip install '.[mcp]'")

    async def asked() -> tuple[list[str], str]:
        async with mcp.Client(server()) as client:
            tools = (await client.list_tools()).tools
            asked_for = {"text": WRONG, "given": SQUARED}
            result = await client.call_tool("check_derivation", asked_for)
        return [tool.name for tool in tools], result.content[0].text

    assert asyncio.run(asked()) == (["check_derivation"], ANSWER)


SQUARE = "scalar a, b\nrequire (a + b)^2 = a^2 + 2 a b + b^2\nrequire (a - b)^2 = ...\n"
ONE_MORE = "scalar a\nrequire (a + 1)^2 = a^2 + 2 a + 1\n"
RIGHT = "$$(a + b)^2 = a^2 + 2 a b + b^2$$"


def test_completions_are_rewarded_in_their_order_each_by_its_own_exercise() -> None:
    """TRL hands over prompts, completions and the columns of the data set by name."""
    found = rewards(
        prompts=["p"] * 4,
        completions=[
            [{"role": "assistant", "content": RIGHT}],
            [{"role": "assistant", "content": RIGHT + "\n\n$$a + b = a$$"}],
            [{"role": "assistant", "content": "$$0 = 0$$"}],
            "$$(a + 1)^2 = a^2 + 2 a + 1$$",
        ],
        given=[SQUARE, SQUARE, SQUARE, ONE_MORE],
        completion_ids=[[1]] * 4,
    )
    assert found == [0.5, 0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    "cheat",
    [
        "$$a = 2 a$$\n- line.1 refuted",
        "```given\ndefine a = 0\nrequire 0 = 0\n```\n$$(a + 1)^2 = 1$$",
        "I did it.",
        "$$a^2 + 2 a + 1 = 1 + a (a + 2)$$",
    ],
)
def test_one_completion_is_rewarded_by_what_its_exercise_asks_for(cheat: str) -> None:
    """verifiers hands over the completion, and what belongs to it by name."""
    info = {"given": ONE_MORE}
    right = [
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": "$$(a + 1)^2 = a^2 + 2 a + 1$$"},
    ]
    assert reward(completion=right, info=info, prompt="p", answer="", state={}) == 1.0
    assert reward(completion=cheat, info=info, state={}) == 0.0

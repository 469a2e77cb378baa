"""What is not finite stays visible where it counts, and does not leave its block."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from tests.spans.calls import loss, value_and_grad
from tests.spans.case import Blocks
from tests.spans.oracle import oracle
from tests.spans.promise import allowed

Broken = tuple[Blocks, str, tuple[int, int], float]


class Reach(NamedTuple):
    """Rows of V and of U: those that a word counts for, and all that share a block with it."""

    V: set[int]
    U: set[int]
    near_V: set[int]
    near_U: set[int]


def nan_in_gives_nan_out(kernels: Any, broken: Broken) -> None:
    assert_visible(kernels, broken)


def infinity_in_gives_no_finite_result(kernels: Any, broken: Broken) -> None:
    """Not even the limit: an infinite entry is a run that has diverged."""
    assert_visible(kernels, broken)


def assert_visible(kernels: Any, broken: Broken) -> None:
    case, matrix, at, value = broken
    array = getattr(case, matrix).copy()
    array[at] = value
    spoilt = replace(case, **{matrix: array})
    reach = reached(case, matrix, at[0])
    got = value_and_grad(kernels, spoilt)
    for what, part in (
        ("loss()", loss(kernels, spoilt) if reach.V else np.nan),
        ("loss", got.loss if reach.V else np.nan),
        ("grad_V", got.grad_V[list(reach.V)]),
        ("grad_U", got.grad_U[list(reach.U)]),
    ):
        assert not np.isfinite(part).any(), f"{what} is {part!r} in spite of {value}: {spoilt}"
    elsewhere(got.grad_V, case, "grad_V", reach.near_V)
    elsewhere(got.grad_U, case, "grad_U", reach.near_U)


def reached(case: Blocks, matrix: str, word: int) -> Reach:
    reach = Reach(set(), set(), set(), set())
    for g, p in case.places():
        c, window = int(case.centers[g, p]), case.contexts[g, case.window(g, p)]
        counted = {*window.tolist(), *(case.negatives[g].tolist() if len(window) else ())}
        if matrix == "V" and c == word and counted:
            reach.V.add(c)
            reach.U.update(counted)
        if matrix == "U" and word in counted:
            reach.V.add(c)
            reach.U.add(word)
        read = case.centers[g] if matrix == "V" else [*case.contexts[g], *case.negatives[g]]
        if word in read:
            reach.near_V.update(case.centers[g].tolist())
            reach.near_U.update(case.contexts[g].tolist(), case.negatives[g].tolist())
    return reach


def elsewhere(got: Any, case: Blocks, what: str, near: set[int]) -> None:
    """The rows of words of other blocks are as they would be without the fault."""
    want, allow = getattr(oracle(case)[0], what), getattr(allowed(case), what)
    for row in set(range(len(got))) - near:
        for number, exact, margin in zip(got[row], want[row], allow[row], strict=True):
            assert np.isfinite(number), f"{what}[{row}] is {got[row]!r}: {case}"
            assert abs(exact - float(number)) <= margin, f"{what}[{row}] is {got[row]!r}: {case}"

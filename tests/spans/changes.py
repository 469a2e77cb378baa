"""Blocks together with a change to make to them: another order, a cut, a rate, a broken number."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.spans.case import Blocks
from tests.spans.strategies import blocks


@st.composite
def ordered(draw: Any) -> tuple[Blocks, list[int]]:
    """Blocks, and another order of their samples."""
    case = draw(blocks(least=1))
    return case, draw(st.permutations(range(case.samples)))


@st.composite
def relabelled(draw: Any) -> tuple[Blocks, list[int]]:
    case = draw(blocks(least=1))
    return case, draw(st.permutations(range(len(case.U))))


@st.composite
def cut(draw: Any) -> tuple[Blocks, int]:
    case = draw(blocks(least=2))
    return case, draw(st.integers(1, len(case.centers) - 1))


@st.composite
def with_rate(draw: Any) -> tuple[Blocks, float]:
    return draw(blocks()), draw(st.sampled_from([0.025, 1.0, 0.3, -0.5, 0]))


@st.composite
def broken(draw: Any, values: tuple[float, ...]) -> tuple[Blocks, str, tuple[int, int], float]:
    """Blocks, and where a word that they use has an entry that is not finite."""
    case = draw(blocks(moderate=True, least=1))
    matrix = draw(st.sampled_from(["V", "U"]))
    used = case.centers if matrix == "V" else np.hstack([case.contexts, case.negatives])
    at = (int(draw(st.sampled_from(used.ravel().tolist()))), draw(st.integers(0, 99)))
    return case, matrix, (at[0], at[1] % case.V.shape[1]), draw(st.sampled_from(values))


def in_float32(case: Blocks) -> Blocks:
    return replace(case, V=case.V.astype(np.float32), U=case.U.astype(np.float32))

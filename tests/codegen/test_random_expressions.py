"""Whatever is put together from entries, sums and deltas is lowered exactly, or refused."""

from typing import Any

import numpy as np
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sympy import Abs, Expr, Integer, KroneckerDelta, exp, log

from codegen.arrays.nodes import LoweringError, Repeated
from derivations.indices import total
from derivations.word2vec.losses import (
    U,
    V,
    b,
    centers,
    draw,
    h,
    i,
    j,
    k,
    near,
    o,
    outsides,
    w,
    x,
    z,
)
from tests.codegen.interpreter import tabulated
from tests.codegen.scene import COIN, SCALE, arguments, lowering, run, world

WORDS_AT = [w, x, o, draw[k], centers[b], outsides[b], near[j]]
FEW = 500


@st.composite
def atoms(draw: Any) -> Expr:
    family = draw(st.sampled_from([U, V, U, V, COIN, SCALE, z, 2, -1]))
    if family in (U, V):
        return family[draw(st.sampled_from(WORDS_AT)), draw(st.sampled_from([i, h]))]
    return COIN[k] if family is COIN else Integer(0) + family


def leave_out(part: Expr, word: Expr) -> Expr:
    return (1 - KroneckerDelta(w, word)) * part


def replace(part: Expr, word: Expr, new: Expr) -> Expr:
    return leave_out(part, word) + KroneckerDelta(w, word) * new


def look_up(part: Expr, word: Expr) -> Expr:
    return total(KroneckerDelta(w, word) * part, w)


def window(part: Expr) -> Expr:
    return total((1 - KroneckerDelta(j, 0)) * part, j)


def composed(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    points = st.sampled_from([o, draw[k], outsides[b]])
    return st.one_of(
        st.builds(lambda p, q: p + q, parts, parts),
        st.builds(lambda p, q: p - q, parts, parts),
        st.builds(lambda p, q: p * q, parts, parts),
        st.builds(lambda p, q: p / (1 + q**2), parts, parts),
        st.builds(lambda p: exp(-Abs(p)), parts),
        st.builds(lambda p: log(1 + Abs(p)), parts),
        st.builds(total, parts, st.sampled_from([w, x, i, h, k, b])),
        st.builds(leave_out, parts, points),
        st.builds(replace, parts, points, parts),
        st.builds(look_up, parts, points),
        st.builds(window, parts),
    )


@settings(
    max_examples=FEW,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.recursive(atoms(), composed, max_leaves=7), st.integers(0, 3))
def test_lowered_exactly_or_refused(expression: Expr, seed: int) -> None:
    values = arguments(seed)
    lowered = lowering()
    try:
        node = lowered.lower(expression)
    except LoweringError:
        event("refused")
        return
    event("lowered")
    axes = lowered.axes.ordered(lowered.axes.running(expression))
    got = run(lowered, Repeated(node, axes), values)
    want = tabulated(expression, axes, world(values))
    got = np.broadcast_to(got, want.shape)  # a look-up may leave nothing that varies
    np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-9 * (1 + np.abs(want).max(initial=0)))


def test_most_random_expressions_are_lowered() -> None:
    """Or the test above would say nothing."""
    outcomes = []

    @settings(max_examples=200, deadline=None, derandomize=True, database=None)
    @given(st.recursive(atoms(), composed, max_leaves=7))
    def look(expression: Expr) -> None:
        try:
            lowering().lower(expression)
            outcomes.append(bool(expression.atoms(KroneckerDelta)))
        except LoweringError:
            pass

    look()
    assert len(outcomes) > 60
    assert sum(outcomes) > 10

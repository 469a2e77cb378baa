"""What no rule lowers exactly is refused, with the name of what was met."""

from collections.abc import Callable

import pytest
from sympy import Add, Expr, IndexedBase, KroneckerDelta, Piecewise, Sum, log, pi, sin

from codegen.arrays.nodes import LoweringError
from codegen.backends.numpy.expressions import code
from codegen.grounds import Equality
from codegen.lower.row_gradients import row_sums
from codegen.matching import Rewrites, match, match_part
from derivations.indices import Index, total
from derivations.word2vec.losses import (
    DRAWS,
    U,
    V,
    c,
    draw,
    h,
    i,
    j,
    k,
    near,
    o,
    score,
    sigma,
    w,
    x,
    z,
)
from tests.codegen.scene import COIN, lowering

REFUSED = {
    "an unknown function": (sin(z), "sin"),
    "an unknown number": (pi * z, "Pi"),
    "an unknown family": (IndexedBase("W", real=True)[w, i], "no argument of the kernel holds W"),
    "an unknown symbol": (x.func("q", x.space) * z, "q is a word"),
    "a fraction of a power": (z ** (U[o, i]), "power"),
    "a delta alone": (KroneckerDelta(w, o) * z, "stands alone"),
    "a word as a number": (o + z, "o is a word"),
    "a drawn word as a number": (draw[k] * z, "is a word"),
    "the first word by its number": (U[1, i], "1 is no word"),
    "a word next to another": (U[o + 1, i], "is no word"),
    "a draw where a word belongs": (U[k, i], "k is no word"),
    "a word where a coordinate belongs": (V[o, x], "x is no coordinate"),
    "a window with its center": (total(U[near[j], i], j), "leave out"),
    "the center of a window": (U[near[0], i], "0 is no word"),
    "part of an index set": (Sum(U[w, i], (w, 1, o)), "whole index set"),
    "a sum over no index set": (Sum(z, (z, 1, 2)), "whole index set"),
    "three cases": (Piecewise((z, z > 2), (2 * z, z > 1), (1, True)), "two cases"),
    "an entry of what does not vary": ((1 - KroneckerDelta(w, o)) * z, "no axis w"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name(name: str) -> None:
    expression, named = REFUSED[name]
    with pytest.raises(LoweringError, match=named):
        lowering().lower(expression)


def test_a_gradient_with_a_term_at_no_word_is_not_row_sparse() -> None:
    mixed = KroneckerDelta(x, o) * V[o, i] + U[x, i]
    assert row_sums(mixed, x, lowering()) is None
    with pytest.raises(LoweringError, match="depends on the row x"):
        row_sums(KroneckerDelta(x, o) * U[x, i], x, lowering())


PATTERNS: dict[str, tuple[Callable[[], object], object]] = {
    "an index is no other set's": (lambda: match(score(c, w), score(c, k), [w]), None),
    "a variable stands for one thing": (lambda: match(score(w, w), score(c, o), [w]), None),
    "and for that one again": (lambda: match(score(w, w), score(o, o), [w]), {w: o}),
    "terms in another order": (
        lambda: match(Add(1, -sigma(z)), Add(-sigma(COIN[k]), 1), [z]),
        {z: COIN[k]},
    ),
    "a bound index is never captured": (
        lambda: match(total(U[w, h] * z, h), total(U[w, h] * V[o, h], h), [z]),
        None,
    ),
    "some terms of a sum, up to a number": (
        lambda: match_part(1 - sigma(z), 3 - 3 * sigma(-z) + COIN[k], [z]),
        ({z: -z}, 3, COIN[k]),
    ),
    "not terms in other proportions": (lambda: match_part(1 - sigma(z), 3 - sigma(z), [z]), None),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns(name: str) -> None:
    attempt, expected = PATTERNS[name]
    assert attempt() == expected


def test_rewrites_that_never_end_are_refused() -> None:
    swap = [Equality("there", sigma(z), log(z)), Equality("back", log(z), sigma(z))]
    with pytest.raises(ValueError, match="do not come to an end"):
        Rewrites(swap, {}).apply(sigma(z))


def test_a_draw_is_counted_though_nothing_depends_on_it() -> None:
    expression: Expr = total(z, Index("l", DRAWS))
    assert code(lowering().lower(expression)) == "z * t.shape[0]"

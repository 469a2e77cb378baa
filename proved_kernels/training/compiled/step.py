"""One center's step down the gradient of negative sampling or hierarchical softmax.

The loss of a vector v beside a list of rows of U, each with a sign and a weight:

    J = −Σ_k weight[k] log σ(−sign[k] U[rows[k]] · v)

which is `generated.blocks` with one block of one center, and held against its claims: read by
plain Python on exact symbols this text moves v and U as the proved gradients say, words that are
listed twice included (tests/training/test_step_is_proved.py).
"""

from __future__ import annotations

from typing import Any

from .lanes import Width, added, larger, load, nothing, products, slopes, store


def descend(
    v: Any,
    U: Any,
    rows: Any,
    signs: Any,
    weights: Any,
    moves: Any,
    count: int,
    scores: Any,
    width: Width,
) -> Any:
    """Move the rows of U, each listed one by its own rate; the gradient by v, which stays.

    Args:
        v: a row (d,).
        U: (N, d), changed in place: U[rows[k]] -= moves[k] sign weight σ(sign score) v.
        rows, signs, weights, moves: (L,) at least ``count`` of each that are read.
        scores: (L,) memory that is written over.
    """
    for first in range(0, count, 4):
        products(scores, first, count, v, U, rows, width)
    slopes(scores, signs, weights, count)
    gradient = nothing(U, width)
    for k in range(count):
        gradient = added(gradient, scores[k], load(U, rows[k], width))
    for k in range(count):
        store(U, rows[k], added(load(U, rows[k], width), -(moves[k] * scores[k]), v))
    return gradient


def rates(rows: Any, weights: Any, moves: Any, count: int, rate: Any, most: Any) -> Any:
    """The rate of each listed row, written to ``moves``, and of the center, which is returned.

    What is met more often than rate × mass = ``most`` allows moves less: rate / max(rate mass /
    most, 1), mass being the weights of a row's own places in the list, and for v of all.
    """
    total = 0 * rate
    for k in range(count):
        total = total + weights[k]
        mass = 0 * rate
        for other in range(count):
            if rows[other] == rows[k]:
                mass = mass + weights[other]
        moves[k] = rate / larger(rate * mass / most, 1)
    return rate / larger(rate * total / most, 1)

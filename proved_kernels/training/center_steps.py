"""Stochastic gradient descent center by center, as text that plain Python reads and Numba compiles.

Rows of vectors are single values, made by a few functions which do here what they say, on arrays
of any numbers, exact ones as well. Compiled, `simd` puts instructions on sixteen numbers at a time
in their place. There a row has 16 × ``len(width)`` numbers, here as many as the matrix has
columns; ``width`` is a tuple whose length alone counts, since compiled code has to know it.

A step is that of one center: the loss of a vector v beside a list of rows of U, each with a sign
and a weight,

    J = −Σ_k weight[k] log σ(−sign[k] U[rows[k]] · v)

which is `generated.blocks` with one block of one center, and held against its claims: on exact
symbols this text moves v and U as the proved gradients say, words that are listed twice included,
and each instruction of `simd` does what its function here says (tests/training).

Centers are taken one at a time, in blocks of CENTERS that share SAMPLES negative samples; each
counts a sample as often as gives all its pairs together the ``draws`` that are asked for. Skip-gram
has a center's own vector predict the words of its window, CBOW the mean of those the center; what
is predicted is a word beside samples, or the path to it in a tree.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LANES = 16  # numbers of an instruction
Width = tuple[int, ...]
# as they are compiled; read by Python the numbers may be of any kind
Floats = NDArray[np.floating]
Words = NDArray[np.signedinteger]
Bits = NDArray[np.uint64]
Rate = np.float32 | float


def load(matrix: Floats, at: int, width: Width) -> Floats:
    """Row ``at`` of a matrix."""
    return matrix[at, :].copy()


def store(matrix: Floats, at: int, row: Floats) -> None:
    """The row put in its place."""
    matrix[at] = row


def nothing(matrix: Floats, width: Width) -> Floats:
    """A row of zeros."""
    return 0 * matrix[0, :]


def added(row: Floats, factor: Rate, other: Floats) -> Floats:
    """row + factor × other."""
    return row + factor * other


def products(
    scores: Floats, first: int, count: int, v: Floats, U: Floats, rows: Words, width: Width
) -> None:
    """scores[k] = v · U[rows[k]] for four k, from ``first`` on, where they are below ``count``."""
    for k in range(first, min(first + 4, count)):
        scores[k] = (v * U[rows[k]]).sum()


def slopes(scores: Floats, signs: Floats, weights: Floats, count: int) -> None:
    """scores[k] = sign weight σ(sign scores[k]), the derivative of −weight log σ(−sign score)."""
    z = signs[:count] * scores[:count]
    sigmoid = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
    scores[:count] = sigmoid * signs[:count] * weights[:count]


def prefetch(matrix: Floats, at: int, width: Width) -> None:
    """Have a row brought near; it does nothing that can be seen."""


def larger(one: Rate, other: Rate) -> Rate:
    """The larger of two numbers."""
    found: Rate = np.maximum(one, other)
    return found


def descend(
    v: Floats,
    U: Floats,
    rows: Words,
    signs: Floats,
    weights: Floats,
    moves: Floats,
    count: int,
    scores: Floats,
    width: Width,
) -> Floats:
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


def rates(rows: Words, weights: Floats, moves: Floats, count: int, rate: Rate, most: Rate) -> Rate:
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


CENTERS = 8
SAMPLES = 6
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_27, _30, _31, _32 = (np.uint64(bits) for bits in (27, 30, 31, 32))
_LOW = np.uint64(0xFFFFFFFF)


def drawn(state: Bits) -> np.uint64:
    """The next 64 bits of splitmix64 (Steele, Lea, Flood, 2014); ``state`` has one number."""
    z: np.uint64 = state[0] + _GOLDEN
    state[0] = z
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    return z ^ (z >> _31)


def thinned(
    ids: Words, bounds: Words, keep: Bits, window: np.uint64, state: Bits,
    kept: Words, before: Words, after: Words,
) -> int:  # fmt: skip
    """Words that stay, and how many on either side are in the window of each: how many stay.

    ``keep`` has for each word how likely it stays, in units of 2^-32. A window reaches one to
    ``window`` words each way, all equally likely, and no further than its sentence.
    """
    n = 0
    for s in range(len(bounds) - 1):
        start = n
        for k in range(bounds[s], bounds[s + 1]):
            bits = drawn(state)
            if (bits & _LOW) < keep[ids[k]]:
                kept[n] = ids[k]
                after[n] = 1 + (((bits >> _32) * window) >> _32)
                n += 1
        for k in range(start, n):
            before[k] = min(after[k], k - start)
            after[k] = min(after[k], n - 1 - k)
    return n


def sampled(samples: Words, ends: Bits, guide: Words, state: Bits) -> None:
    """Words spread evenly over the noise, whose line and guide are `Noise.guided`'s.

    The points on the line go on by its golden ratio (Weyl's sequence). From a random start each is
    as likely to be a word as an independent one; but of many a word is as often as it should be,
    but for one or two: the loss is 0.2 to 0.4 % less than with independent ones.
    """
    size = np.uint64(len(guide))
    for k in range(len(samples)):
        point = state[0] + _GOLDEN
        state[0] = point
        word = guide[((point >> _32) * size) >> _32]
        while ends[word] < point:
            word += 1
        samples[k] = word


def listed(
    center: int, kept: Words, before: Words, after: Words, samples: Words, draws: int,
    cbow: bool, starts: Words, nodes: Words, turns: Floats,
    rows: Words, signs: Floats, weights: Floats,
) -> int:  # fmt: skip
    """The rows that a center is beside, each with sign and weight: how many there are.

    ``nodes[starts[w]:starts[w + 1]]`` is the path to word w, and ``turns`` the sign at each node;
    where there is no tree, ``starts`` is empty and words stand for themselves, beside samples.
    """
    first, last = center - before[center], center + after[center] + 1
    if cbow:
        first, last = center, center + 1
    count = 0
    targets = 0
    for k in range(first, last):
        if k == center and not cbow:
            continue
        targets += 1
        word = kept[k]
        if len(starts):
            for n in range(starts[word], starts[word + 1]):
                rows[count], signs[count], weights[count] = nodes[n], turns[n], 1
                count += 1
        else:
            rows[count], signs[count], weights[count] = word, -1, 1
            count += 1
    if not len(starts):
        share = np.float32(draws * targets) / np.float32(len(samples))
        for k in range(len(samples)):
            rows[count], signs[count], weights[count] = samples[k], 1, share
            count += 1
    return count


def mean_row(
    center: int, V: Floats, kept: Words, before: Words, after: Words, width: Width
) -> Floats:
    """The mean of the vectors of a center's window."""
    mean = nothing(V, width)
    share = np.float32(1) / np.float32(before[center] + after[center])
    for k in range(center - before[center], center + after[center] + 1):
        if k != center:
            mean = added(mean, share, load(V, kept[k], width))
    return mean


def walk(
    V: Floats, U: Floats, n: int, kept: Words, before: Words, after: Words,
    ends: Bits, guide: Words, draws: int, state: Bits, cbow: bool,
    starts: Words, nodes: Words, turns: Floats, samples: Words, following: Words,
    rows: Words, signs: Floats, weights: Floats, moves: Floats, scores: Floats,
    rate: Rate, last: Rate, most: Rate, width: Width,
) -> None:  # fmt: skip
    """A step for each of n centers, the rate going from ``rate`` to ``last`` in a line."""
    sampled(following, ends, guide, state)
    for block in range(0, n, CENTERS):
        for k in range(SAMPLES):
            samples[k] = following[k]
        sampled(following, ends, guide, state)
        now = np.float32(rate + (last - rate) * (block / n))
        for center in range(block, min(block + CENTERS, n)):
            # a few rows each time: more than the processor waits for at once would hold it up
            if center - block < SAMPLES and not len(starts):
                prefetch(U, following[center - block], width)
            if center + 2 * CENTERS < n:
                prefetch(V, kept[center + 2 * CENTERS], width)
                prefetch(U, kept[center + 2 * CENTERS], width)
            pairs = before[center] + after[center]
            if pairs == 0:
                continue
            count = listed(
                center, kept, before, after, samples, draws, cbow,
                starts, nodes, turns, rows, signs, weights,
            )  # fmt: skip
            total = np.float32(0)
            for k in range(count):
                total += weights[k]
                moves[k] = now
            move: Rate = now
            if now * total > most:  # otherwise no mass, being part of it, is too large
                move = rates(rows, weights, moves, count, now, most)
            if cbow:
                v = mean_row(center, V, kept, before, after, width)
            else:
                v = load(V, kept[center], width)
            gradient = descend(v, U, rows, signs, weights, moves, count, scores, width)
            if cbow:
                part = move / np.float32(pairs)
                for k in range(center - before[center], center + after[center] + 1):
                    if k != center:
                        store(V, kept[k], added(load(V, kept[k], width), -part, gradient))
            else:
                store(V, kept[center], added(v, -move, gradient))


def loss(
    V: Floats, U: Floats, n: int, kept: Words, before: Words, after: Words,
    ends: Bits, guide: Words, draws: int, state: Bits, cbow: bool,
    starts: Words, nodes: Words, turns: Floats, samples: Words, following: Words,
    rows: Words, signs: Floats, weights: Floats, moves: Floats, scores: Floats,
    width: Width,
) -> tuple[float, int]:  # fmt: skip
    """The loss of n centers, nothing moved, and how many predictions it is of."""
    total, predictions = 0.0, 0
    for center in range(n):
        if center % CENTERS == 0:
            sampled(samples, ends, guide, state)
        pairs = before[center] + after[center]
        if pairs == 0:
            continue
        predictions += 1 if cbow else pairs
        count = listed(
            center, kept, before, after, samples, draws, cbow,
            starts, nodes, turns, rows, signs, weights,
        )  # fmt: skip
        if cbow:
            v = mean_row(center, V, kept, before, after, width)
        else:
            v = load(V, kept[center], width)
        for first in range(0, count, 4):
            products(scores, first, count, v, U, rows, width)
        for k in range(count):
            z = -signs[k] * scores[k]  # −log σ(z), by the form of generated's log_sigmoid
            total += weights[k] * (np.log1p(np.exp(-abs(z))) - min(z, 0))
    return total, predictions

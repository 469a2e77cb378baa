"""Blocks are sums: of blocks, of centers, and of pairs with samples of their own on the average."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from flint import arb

from tests.kernels.calls import value_and_grad as of_a_kernel
from tests.kernels.cases import Pair, Window
from tests.kernels.promise import allowed as allowed_to_a_kernel
from tests.kernels.properties.symmetries import known as known_of_a_kernel
from tests.spans.calls import value_and_grad
from tests.spans.case import Blocks
from tests.spans.oracle import Answer, blank
from tests.spans.promise import allowed, assert_near, assert_same, known


def blocks_add(kernels: Any, case: tuple[Blocks, int]) -> None:
    whole, place = case
    first, second = whole.of_blocks(slice(None, place)), whole.of_blocks(slice(place, None))
    one, two = (known(value_and_grad(kernels, part), part) for part in (first, second))
    assert_same(kernels, whole, one + two)


def centers_are_blocks_of_their_own(kernels: Any, case: Blocks) -> None:
    """The centers of a block, each with the places around it and all the samples, add up to it."""
    width = 1 + 2 * case.reach
    around = np.lib.stride_tricks.sliding_window_view(case.contexts, width, axis=1)
    narrow = replace(
        case,
        contexts=around.reshape(-1, width),
        negatives=np.repeat(case.negatives, case.centers.shape[1], axis=0),
        **{name: getattr(case, name).reshape(-1, 1) for name in ("centers", "before", "after")},
    )
    assert_same(kernels, narrow, known(value_and_grad(kernels, case), case))


def with_as_many_samples_as_draws_it_is_skip_gram(kernels: Any, case: Blocks) -> None:
    """R = K: every outside word of a center has the same samples."""
    case = replace(case, draws=case.samples)
    want, also = blank(case), blank(case)
    for g, p in case.places():
        outside = case.contexts[g, case.window(g, p)]
        negatives = np.tile(case.negatives[g], (len(outside), 1))
        window = Window(int(case.centers[g, p]), outside, case.V, case.U, negatives)
        found, allow = (
            known_of_a_kernel(of_a_kernel(kernels, window), window),
            allowed_to_a_kernel(window),
        )
        want += Answer(found.loss, found.grad_v, found.grad_U)
        also += Answer(allow.loss, allow.grad_v, allow.grad_U)
    assert_same(kernels, case, want, also)


def shared_samples_cost_on_the_average_what_fresh_ones_do(kernels: Any, case: Blocks) -> None:
    """Every draw of R samples of a block, and of K samples for each pair, all as likely."""
    N = len(case.U)
    shared = [
        replace(case, negatives=np.array([drawn]))
        for drawn in product(range(N), repeat=case.samples)
    ]
    fresh, also = blank(case), blank(case)
    for g, p in case.places():
        c = int(case.centers[g, p])
        for q in case.window(g, p):
            for drawn in product(range(N), repeat=int(case.draws)):
                pair = Pair(case.V[c], int(case.contexts[g, q]), case.U, np.array(drawn))
                each = arb(N) ** -int(case.draws)
                place(fresh, c, known_of_a_kernel(of_a_kernel(kernels, pair), pair), each)
                place(also, c, allowed_to_a_kernel(pair), each)
    each = arb(N) ** -case.samples
    mean, spread = blank(case), also
    for one in shared:
        mean += known(value_and_grad(kernels, one), one) * each
        spread += allowed(one) * each
    assert_near(mean, fresh, spread, case)


def place(total: Answer, c: int, of_pair: Any, each: Any) -> None:
    total.loss += of_pair.loss * each
    total.grad_V[c] += of_pair.grad_v * each
    total.grad_U += of_pair.grad_U * each


def loss_is_affine_in_draws(kernels: Any, case: Blocks) -> None:
    """J(K) = J(0) + K (J(1) - J(0)), and so are the gradients."""
    none, one = replace(case, draws=0), replace(case, draws=1)
    at_none, at_one = (known(value_and_grad(kernels, at), at) for at in (none, one))
    K = arb(float(case.V.dtype.type(case.draws)))
    want = at_none * (1 - K) + at_one * K
    assert_same(kernels, case, want, allowed(none) * (1 + K) + allowed(one) * K)

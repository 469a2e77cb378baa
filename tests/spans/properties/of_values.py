"""What spans cost and their gradients, by formula, sums and symmetries."""

from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from flint import arb

from tests.kernels.calls import value_and_grad as of_a_kernel
from tests.kernels.cases import Pair, Window
from tests.kernels.oracle import allowed as allowed_to_a_kernel
from tests.kernels.properties.of_values import known as known_of_a_kernel
from tests.spans.cases import Blocks, loss, value_and_grad
from tests.spans.oracle import (
    Answer,
    allowed,
    assert_near,
    assert_promise,
    assert_same,
    blank,
    known,
    oracle,
)

# The numbers themselves, against the formula and against each other.


def matches_the_formula(kernels: Any, case: Blocks) -> None:
    assert_promise(value_and_grad(kernels, case), case)


def loss_alone_is_the_same_loss(kernels: Any, case: Blocks) -> None:
    alone, together = loss(kernels, case), value_and_grad(kernels, case).loss
    assert alone == together, f"loss() {alone!r}, value_and_grad {together!r}: {case}"
    assert isinstance(alone, float), f"loss() is a {type(alone)}: {case}"


def float32_agrees_with_float64(kernels: Any, case: Blocks) -> None:
    double = case.changed(lambda x: x.astype(np.float64) if x.dtype.kind == "f" else x)
    double = Blocks(**{**vars(double), "draws": float(case.V.dtype.type(case.draws))})
    want = known(value_and_grad(kernels, double), double)
    assert_same(kernels, case, want, allowed(double))


# Blocks are sums: of blocks, of centers, and of pairs with samples of their own on the average.


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


# What may be done to blocks without changing what they cost.


def order_of_samples_does_not_matter(kernels: Any, case: tuple[Blocks, list[int]]) -> None:
    given, order = case
    shuffled = replace(given, negatives=given.negatives[:, order])
    assert_same(kernels, shuffled, known(value_and_grad(kernels, given), given))


def samples_listed_twice_count_half(kernels: Any, case: Blocks) -> None:
    """The samples stand for K a pair, however many they are."""
    twice = replace(case, negatives=np.tile(case.negatives, 2))
    assert_same(kernels, twice, known(value_and_grad(kernels, case), case))


def relabelling_words_permutes_rows(kernels: Any, case: tuple[Blocks, list[int]]) -> None:
    given, order = case[0], np.array(case[1])
    label = np.argsort(order)
    renamed = replace(
        given,
        V=given.V[order],
        U=given.U[order],
        **{name: label[getattr(given, name)] for name in ("centers", "contexts", "negatives")},
    )
    found = known(value_and_grad(kernels, given), given)
    assert_same(kernels, renamed, Answer(found.loss, found.grad_V[order], found.grad_U[order]))


def a_text_read_backwards_costs_the_same(kernels: Any, case: Blocks) -> None:
    """What came before comes after."""
    backwards = replace(
        case,
        centers=case.centers[:, ::-1],
        contexts=case.contexts[:, ::-1],
        before=case.after[:, ::-1],
        after=case.before[:, ::-1],
    )
    assert_same(kernels, backwards, known(value_and_grad(kernels, case), case))


def wider_contexts_change_nothing(kernels: Any, case: Blocks) -> None:
    """One more place on either side, with any word: no window reaches there."""
    edge = np.zeros((len(case.contexts), 1), int)
    wider = replace(case, contexts=np.hstack([edge, case.contexts, edge + len(case.U) - 1]))
    assert_same(kernels, wider, known(value_and_grad(kernels, case), case))


def centers_without_a_window_add_nothing(kernels: Any, case: Blocks) -> None:
    """Padding: a block filled up on the right with centers of no window."""
    more = 2
    sizes = {"centers": more, "contexts": more, "before": more, "after": more}
    padded = replace(
        case,
        **{name: np.pad(getattr(case, name), ((0, 0), (0, n))) for name, n in sizes.items()},
    )
    assert_same(kernels, padded, known(value_and_grad(kernels, case), case))
    empty = replace(case, before=0 * case.before, after=0 * case.after)
    for what, got in zip(Answer.__annotations__, value_and_grad(kernels, empty), strict=True):
        assert not np.any(got), f"{what} is {got!r} though no center has a window: {empty}"


# What is not finite stays visible where it counts, and does not leave its block.


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

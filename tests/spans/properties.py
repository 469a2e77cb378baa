"""What must hold of the kernels of blocks: each property with the cases that it is tried on."""

import tracemalloc
import warnings
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from flint import arb
from hypothesis import strategies as st

from tests.kernels.cases import Pair, Window
from tests.kernels.cases import value_and_grad as of_a_kernel
from tests.kernels.examples import Properties
from tests.kernels.oracle import allowed as allowed_to_a_kernel
from tests.kernels.oracle import assert_close, balls
from tests.kernels.properties import LAYOUTS, fortran, reversed_, strided
from tests.kernels.properties import known as known_of_a_kernel
from tests.spans import cases
from tests.spans.cases import (
    BAD_CALLS,
    GOOD,
    RATE,
    Answer,
    BadCall,
    Blocks,
    Floats,
    allowed,
    assert_near,
    assert_promise,
    assert_same,
    blank,
    known,
    loss,
    oracle,
    quiet,
    raw,
    step,
    value_and_grad,
)

PROPERTIES = Properties()

# The numbers themselves, against the formula and against each other.


@PROPERTIES.on(cases.blocks())
def matches_the_formula(kernels: Any, case: Blocks) -> None:
    assert_promise(value_and_grad(kernels, case), case)


@PROPERTIES.on(cases.blocks())
def loss_alone_is_the_same_loss(kernels: Any, case: Blocks) -> None:
    alone, together = loss(kernels, case), value_and_grad(kernels, case).loss
    assert alone == together, f"loss() {alone!r}, value_and_grad {together!r}: {case}"
    assert isinstance(alone, float), f"loss() is a {type(alone)}: {case}"


@PROPERTIES.on(cases.blocks(True).map(cases.in_float32))
def float32_agrees_with_float64(kernels: Any, case: Blocks) -> None:
    double = case.changed(lambda x: x.astype(np.float64) if x.dtype.kind == "f" else x)
    double = Blocks(**{**vars(double), "draws": float(case.V.dtype.type(case.draws))})
    want = known(value_and_grad(kernels, double), double)
    assert_same(kernels, case, want, allowed(double))


# Blocks are sums: of blocks, of centers, and of pairs with samples of their own on the average.


@PROPERTIES.on(cases.cut())
def blocks_add(kernels: Any, case: tuple[Blocks, int]) -> None:
    whole, place = case
    first, second = whole.of_blocks(slice(None, place)), whole.of_blocks(slice(place, None))
    one, two = (known(value_and_grad(kernels, part), part) for part in (first, second))
    assert_same(kernels, whole, one + two)


@PROPERTIES.on(cases.blocks())
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


@PROPERTIES.on(cases.blocks())
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


@PROPERTIES.on(cases.few())
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


@PROPERTIES.on(cases.blocks())
def loss_is_affine_in_draws(kernels: Any, case: Blocks) -> None:
    """J(K) = J(0) + K (J(1) - J(0)), and so are the gradients."""
    none, one = replace(case, draws=0), replace(case, draws=1)
    at_none, at_one = (known(value_and_grad(kernels, at), at) for at in (none, one))
    K = arb(float(case.V.dtype.type(case.draws)))
    want = at_none * (1 - K) + at_one * K
    assert_same(kernels, case, want, allowed(none) * (1 + K) + allowed(one) * K)


# What may be done to blocks without changing what they cost.


@PROPERTIES.on(cases.ordered())
def order_of_samples_does_not_matter(kernels: Any, case: tuple[Blocks, list[int]]) -> None:
    given, order = case
    shuffled = replace(given, negatives=given.negatives[:, order])
    assert_same(kernels, shuffled, known(value_and_grad(kernels, given), given))


@PROPERTIES.on(cases.blocks())
def samples_listed_twice_count_half(kernels: Any, case: Blocks) -> None:
    """The samples stand for K a pair, however many they are."""
    twice = replace(case, negatives=np.tile(case.negatives, 2))
    assert_same(kernels, twice, known(value_and_grad(kernels, case), case))


@PROPERTIES.on(cases.relabelled())
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


@PROPERTIES.on(cases.blocks())
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


@PROPERTIES.on(cases.blocks())
def wider_contexts_change_nothing(kernels: Any, case: Blocks) -> None:
    """One more place on either side, with any word: no window reaches there."""
    edge = np.zeros((len(case.contexts), 1), int)
    wider = replace(case, contexts=np.hstack([edge, case.contexts, edge + len(case.U) - 1]))
    assert_same(kernels, wider, known(value_and_grad(kernels, case), case))


@PROPERTIES.on(cases.blocks())
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


@PROPERTIES.on(cases.broken((np.nan,)))
def nan_in_gives_nan_out(kernels: Any, broken: Broken) -> None:
    assert_visible(kernels, broken)


@PROPERTIES.on(cases.broken((float("inf"), float("-inf"))))
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


# A step changes V and U in place by the rate times the gradients, and nothing else.


def stepped(array: Floats, rate: float, gradient: Floats) -> Floats:
    with quiet():
        moved: Floats = array - array.dtype.type(rate) * gradient
    return moved


def assert_equal(what: str, got: Floats, want: Floats, case: Blocks) -> None:
    assert np.array_equal(got, want), f"{what} is {got!r}, not {want!r}: {case}"


@PROPERTIES.on(cases.with_rate())
def a_step_follows_the_gradients(kernels: Any, case: tuple[Blocks, float]) -> None:
    """Both gradients are taken before either matrix changes, to the last bit."""
    given, rate = case
    _, grad_V, grad_U = value_and_grad(kernels, given)
    moved = replace(given, V=given.V.copy(), U=given.U.copy())
    step(kernels, moved, rate)
    assert_equal("V", moved.V, stepped(given.V, rate, grad_V), given)
    assert_equal("U", moved.U, stepped(given.U, rate, grad_U), given)


@PROPERTIES.on(cases.with_rate())
def one_array_may_be_both(kernels: Any, case: tuple[Blocks, float]) -> None:
    """Tied vectors: the same array for V and U takes both steps."""
    given, rate = replace(case[0], V=case[0].U), case[1]
    _, grad_V, grad_U = value_and_grad(kernels, given)
    table = given.U.copy()
    step(kernels, replace(given, V=table, U=table), rate)
    assert_equal("V", table, stepped(stepped(given.U, rate, grad_V), rate, grad_U), given)


@PROPERTIES.on(cases.with_rate())
def any_layout_is_changed_in_place(kernels: Any, case: tuple[Blocks, float]) -> None:
    """Views of a wider table change with it, and what lies between is left alone."""
    given, rate = case
    for layout in (fortran, strided, reversed_):
        moved = replace(given, V=layout(given.V.copy()), U=layout(given.U.copy()))
        step(kernels, moved, rate)
        assert_stepped(moved, given, rate)
    table, d = np.hstack([given.V, given.U, given.U + 1]), given.V.shape[1]
    moved = replace(given, V=table[:, :d], U=table[:, d : 2 * d])
    step(kernels, moved, rate)
    assert_stepped(moved, given, rate)
    assert_equal("a neighbour of U", table[:, 2 * d :], given.U + 1, given)


def assert_stepped(moved: Blocks, given: Blocks, rate: float) -> None:
    """V and U are where the exact gradients lead, within their promise and two more roundings."""
    exact, allow = oracle(given)[0], allowed(given)
    info = np.finfo(given.V.dtype)
    two, subnormal = arb(float(info.eps)), arb(float(info.smallest_subnormal))
    by = arb(float(given.V.dtype.type(rate)))
    for name in ("V", "U"):
        start, slope, unsure = (
            balls(getattr(given, name)),
            by * getattr(exact, f"grad_{name}"),
            abs(by) * getattr(allow, f"grad_{name}"),
        )
        margin = unsure + two * (abs(start) + abs(slope) + unsure) + subnormal
        assert_close(name, getattr(moved, name), start - slope, margin, given)


@PROPERTIES.on(cases.ordinary())
def a_short_step_lowers_the_loss(kernels: Any, case: Blocks) -> None:
    """By about the rate times the square of the gradient."""
    _, grad_V, grad_U = value_and_grad(kernels, case)
    square = arb(float((grad_V**2).sum() + (grad_U**2).sum()))
    rate = 2.0**-20
    if square < 1e-6:
        return
    moved = replace(case, V=case.V.copy(), U=case.U.copy())
    step(kernels, moved, rate)
    before, after = oracle(case)[0].loss, oracle(moved)[0].loss
    fell, should = before - after, rate * square
    assert abs(fell - should) < 0.01 * should, (
        f"a step of {rate} lowers the loss by {fell.str(5)}, should be {should.str(5)}: {case}"
    )


# What the kernels do with the arrays they are given and with those they hand over.


INTEGERS = (np.int8, np.int32, np.uint8, np.uint64)
N, D = 200_000, 16
DENSE = N * D * np.dtype(np.float64).itemsize


@PROPERTIES.on(cases.blocks())
def results_have_the_dtype_of_the_input(kernels: Any, case: Blocks) -> None:
    with quiet():
        number, *gradients = raw(kernels, case)
    assert isinstance(number, float), f"loss is a {type(number)}: {case}"
    for gradient in gradients:
        found = gradient.values.dtype
        assert found == case.V.dtype, f"a gradient is {found}, not {case.V.dtype}: {case}"


@PROPERTIES.on(cases.blocks())
def gradients_list_each_word_once(kernels: Any, case: Blocks) -> None:
    """Row gradients: the words of the blocks, sorted and distinct, and memory of their own."""
    with quiet():
        _, grad_V, grad_U = raw(kernels, case)
    outside = np.append(case.contexts, case.negatives)
    for name, gradient, words in (("grad_V", grad_V, case.centers), ("grad_U", grad_U, outside)):
        wanted = np.unique(words)
        assert np.array_equal(gradient.rows, wanted), f"{name}.rows is {gradient.rows!r}: {case}"
        shape = (len(wanted), case.V.shape[1])
        assert gradient.values.shape == shape, f"{name}.values: {gradient.values.shape}: {case}"
        for given in case.arrays().values():
            assert not any(np.may_share_memory(part, given) for part in gradient), f"{name}: {case}"


@PROPERTIES.on(cases.blocks())
def inputs_are_byte_identical_afterwards(kernels: Any, case: Blocks) -> None:
    before = {name: array.tobytes() for name, array in case.arrays().items()}
    loss(kernels, case)
    value_and_grad(kernels, case)
    step(kernels, replace(case, V=case.V.copy(), U=case.U.copy()), 0.5)
    for name, array in case.arrays().items():
        assert array.tobytes() == before[name], f"{name} became {array!r}: {case}"


@PROPERTIES.on(st.tuples(cases.blocks(), st.sampled_from(LAYOUTS)))
def any_layout_gives_the_same_answer(kernels: Any, case: tuple[Blocks, Any]) -> None:
    given, layout = case
    assert_promise(value_and_grad(kernels, given.changed(layout)), given)


@PROPERTIES.on(st.tuples(cases.blocks(), st.sampled_from(INTEGERS)))
def words_may_be_of_any_integer_type(kernels: Any, case: tuple[Blocks, Any]) -> None:
    given, integer = case
    retyped = given.changed(lambda x: x.astype(integer) if x.dtype.kind == "i" else x)
    assert_promise(value_and_grad(kernels, retyped), given)


@PROPERTIES.on(cases.blocks(least=1))
def lists_are_taken_for_arrays(kernels: Any, case: Blocks) -> None:
    """Lists hold Python's floats, so this is the promise of float64."""
    double = replace(case, V=case.V.astype(np.float64), U=case.U.astype(np.float64))
    assert_promise(value_and_grad(kernels, case.changed(lambda array: array.tolist())), double)


@PROPERTIES.on(cases.blocks())
def finite_input_gives_no_warning(kernels: Any, case: Blocks) -> None:
    """Under NumPy's own default settings, with every warning an error."""
    moved = replace(case, V=case.V.copy(), U=case.U.copy())
    with np.errstate(all="warn", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            raw(kernels, case)
            kernels.spans.loss(**case.arguments())
            kernels.spans.sgd_step(**moved.arguments(), rate=0.1)
        except Warning as warning:
            raise AssertionError(f"warned {warning!r}: {case}") from warning


def of_a_large_vocabulary() -> Blocks:
    """Rows that the system has promised but not yet provided."""
    return _of_words(N)


def _of_words(count: int) -> Blocks:
    rng = np.random.default_rng(0)
    contexts, negatives = rng.integers(count, size=(4, 12)), rng.integers(count, size=(4, 5))
    V, U = np.zeros((count, D)), np.zeros((count, D))
    near = np.full((4, 8), 2)
    return Blocks(V, U, contexts[:, 2:-2], contexts, near, near, negatives, 5)


@PROPERTIES.on(st.just(of_a_large_vocabulary))
def nothing_as_large_as_a_matrix_is_allocated(kernels: Any, make: Callable[[], Blocks]) -> None:
    """A number for each word is allowed; an (N, d) array is not, nor in a step."""
    case, small = make(), _of_words(9)
    raw(kernels, small)  # what is imported at a first call is no array
    step(kernels, small, 0.1)
    for work in (lambda: raw(kernels, case), lambda: step(kernels, case, 0.1)):
        tracemalloc.start()
        try:
            work()
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < DENSE / 4, f"{peak} bytes allocated; a matrix has {DENSE}"


# Wrong arguments: refused by name, and nothing changed by then.


@PROPERTIES.on(st.sampled_from(BAD_CALLS))
def wrong_arguments_are_refused_and_change_nothing(kernels: Any, bad: BadCall) -> None:
    good = {name: array.copy() for name, array in GOOD.arrays().items()}
    rate = {"rate": RATE} if bad.function == "sgd_step" else {}
    arguments = {**good, "draws": GOOD.draws, **rate, bad.argument: bad.value}
    try:
        returned = getattr(kernels.spans, bad.function)(**arguments)
    except bad.error as refusal:
        message = str(refusal)
    else:
        raise AssertionError(f"{bad} was accepted, giving {returned!r}")
    assert bad.was in message, f"{bad}: {message!r} does not say {bad.was!r}"
    for name, array in good.items():
        assert np.array_equal(array, getattr(GOOD, name)), f"{name} changed: {bad}"

"""Steps, arguments, memory and refusals of kernels of spans."""

import tracemalloc
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from flint import arb

from tests.kernels.oracle import assert_close, balls
from tests.kernels.properties.of_calls import fortran, reversed_, strided
from tests.spans.cases import (
    GOOD,
    RATE,
    BadCall,
    Blocks,
    Floats,
    loss,
    quiet,
    raw,
    step,
    value_and_grad,
)
from tests.spans.oracle import allowed, assert_promise, oracle

# A step changes V and U in place by the rate times the gradients, and nothing else.


def stepped(array: Floats, rate: float, gradient: Floats) -> Floats:
    with quiet():
        moved: Floats = array - array.dtype.type(rate) * gradient
    return moved


def assert_equal(what: str, got: Floats, want: Floats, case: Blocks) -> None:
    assert np.array_equal(got, want), f"{what} is {got!r}, not {want!r}: {case}"


def a_step_follows_the_gradients(kernels: Any, case: tuple[Blocks, float]) -> None:
    """Both gradients are taken before either matrix changes, to the last bit."""
    given, rate = case
    _, grad_V, grad_U = value_and_grad(kernels, given)
    moved = replace(given, V=given.V.copy(), U=given.U.copy())
    step(kernels, moved, rate)
    assert_equal("V", moved.V, stepped(given.V, rate, grad_V), given)
    assert_equal("U", moved.U, stepped(given.U, rate, grad_U), given)


def one_array_may_be_both(kernels: Any, case: tuple[Blocks, float]) -> None:
    """Tied vectors: the same array for V and U takes both steps."""
    given, rate = replace(case[0], V=case[0].U), case[1]
    _, grad_V, grad_U = value_and_grad(kernels, given)
    table = given.U.copy()
    step(kernels, replace(given, V=table, U=table), rate)
    assert_equal("V", table, stepped(stepped(given.U, rate, grad_V), rate, grad_U), given)


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


def results_have_the_dtype_of_the_input(kernels: Any, case: Blocks) -> None:
    with quiet():
        number, *gradients = raw(kernels, case)
    assert isinstance(number, float), f"loss is a {type(number)}: {case}"
    for gradient in gradients:
        found = gradient.values.dtype
        assert found == case.V.dtype, f"a gradient is {found}, not {case.V.dtype}: {case}"


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


def inputs_are_byte_identical_afterwards(kernels: Any, case: Blocks) -> None:
    before = {name: array.tobytes() for name, array in case.arrays().items()}
    loss(kernels, case)
    value_and_grad(kernels, case)
    step(kernels, replace(case, V=case.V.copy(), U=case.U.copy()), 0.5)
    for name, array in case.arrays().items():
        assert array.tobytes() == before[name], f"{name} became {array!r}: {case}"


def any_layout_gives_the_same_answer(kernels: Any, case: tuple[Blocks, Any]) -> None:
    given, layout = case
    assert_promise(value_and_grad(kernels, given.changed(layout)), given)


def words_may_be_of_any_integer_type(kernels: Any, case: tuple[Blocks, Any]) -> None:
    given, integer = case
    retyped = given.changed(lambda x: x.astype(integer) if x.dtype.kind == "i" else x)
    assert_promise(value_and_grad(kernels, retyped), given)


def lists_are_taken_for_arrays(kernels: Any, case: Blocks) -> None:
    """Lists hold Python's floats, so this is the promise of float64."""
    double = replace(case, V=case.V.astype(np.float64), U=case.U.astype(np.float64))
    assert_promise(value_and_grad(kernels, case.changed(lambda array: array.tolist())), double)


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

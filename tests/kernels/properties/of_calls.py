"""Calls: contract, layouts, limits, memory, arguments and how they are refused."""

import tracemalloc
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tests.kernels.calls import Kernels, arrays, loss, raw, raw_loss, value_and_grad
from tests.kernels.cases import Batch, Case, Floats, Pair, Window
from tests.kernels.oracle import allowed, assert_promise
from tests.kernels.properties.of_values import assert_same, known, plus

# What a kernel does with the arrays it is given and with those it hands over.


def results_have_the_dtype_of_the_input(kernels: Kernels, case: Case) -> None:
    with np.errstate(all="ignore"):
        returned = raw(kernels, case)
    for array in arrays(returned):
        wanted = (case.U.dtype, np.dtype(np.int64), np.dtype(np.intp))
        assert array.dtype in wanted, f"a result has dtype {array.dtype}, not {wanted[0]}: {case}"
    if isinstance(case, Pair):
        for number in (returned[0], loss(kernels, case)):
            accepted = (float, case.U.dtype.type)
            assert isinstance(number, accepted), f"loss is a {type(number)}: {case}"


def finite_input_gives_no_warning(kernels: Kernels, case: Case) -> None:
    """Under NumPy's own default settings, with every warning an error."""
    with np.errstate(all="warn", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            raw(kernels, case)
            if isinstance(case, Pair):
                raw_loss(kernels, case)
        except Warning as warning:
            raise AssertionError(f"warned {warning!r}: {case}") from warning


def inputs_are_byte_identical_afterwards(kernels: Kernels, case: Case) -> None:
    given = [x for x in vars(case).values() if isinstance(x, np.ndarray)]
    before = [x.tobytes() for x in given]
    value_and_grad(kernels, case)
    if isinstance(case, Pair):
        loss(kernels, case)
    for array, saved in zip(given, before, strict=True):
        old = np.frombuffer(saved, array.dtype).reshape(array.shape)
        assert array.tobytes() == saved, f"an input was {old!r} and became {array!r}"


def results_survive_the_next_call(kernels: Kernels, cases: tuple[Case, Case]) -> None:
    first, second = cases
    with np.errstate(all="ignore"):
        kept = [*arrays(raw(kernels, first))]
        copies = [array.copy() for array in kept]
        raw(kernels, second)
    for array, copy in zip(kept, copies, strict=True):
        assert np.array_equal(array, copy, equal_nan=True), (
            f"a result was {copy!r} and became {array!r} after a second call: {cases}"
        )


def results_own_their_memory(kernels: Kernels, case: Case) -> None:
    """No result overlaps an input, another result, or itself; each may be written to."""
    with np.errstate(all="ignore"):
        results = arrays(raw(kernels, case))
    given = [x for x in vars(case).values() if isinstance(x, np.ndarray)]
    for i, result in enumerate(results):
        for other in given + results[:i]:
            assert not np.may_share_memory(result, other), f"{result!r} shares memory: {case}"
        assert result.flags.writeable, f"{result!r} is read-only: {case}"
        overlaps = result.size > 1 and 0 in np.array(result.strides)[np.array(result.shape) > 1]
        assert not overlaps, f"{result!r} overlaps itself: {case}"


def the_same_call_gives_the_same_bits(kernels: Kernels, cases: tuple[Case, Case]) -> None:
    first, between = cases
    with np.errstate(all="ignore"):
        one = bits(raw(kernels, first))
        raw(kernels, between)
        two = bits(raw(kernels, first))
    assert one == two, f"two calls with the same arguments differ: {first}"


def bits(returned: tuple[Any, Any, Any]) -> list[bytes]:
    return [np.asarray(returned[0]).tobytes(), *(array.tobytes() for array in arrays(returned))]


# The same numbers in another layout, as lists, or in another precision.


def fortran(array: Floats) -> Floats:
    return np.asfortranarray(array)


def strided(array: Floats) -> Floats:
    """Every second entry along each axis of a larger array, the rest poisoned."""
    wide = np.full([2 * n for n in array.shape], 77, dtype=array.dtype)
    wide[tuple(slice(None, None, 2) for _ in array.shape)] = array
    return wide[tuple(slice(None, None, 2) for _ in array.shape)]


def reversed_(array: Floats) -> Floats:
    backwards = tuple(slice(None, None, -1) for _ in array.shape)
    return array[backwards].copy()[backwards]


def read_only(array: Floats) -> Floats:
    locked = array.copy()
    locked.flags.writeable = False
    return locked


def other_byte_order(array: Floats) -> Floats:
    return array.astype(array.dtype.newbyteorder())


def unaligned(array: Floats) -> Floats:
    memory = np.empty(array.nbytes + 1, dtype=np.uint8)[1:]
    shifted: Floats = memory.view(array.dtype).reshape(array.shape)
    shifted[...] = array
    return shifted


LAYOUTS: tuple[Callable[[Floats], Floats], ...] = (
    fortran,
    strided,
    reversed_,
    read_only,
    unaligned,
    other_byte_order,
)


def any_layout_gives_the_same_answer(
    kernels: Kernels, drawn: tuple[Case, Callable[[Floats], Floats]]
) -> None:
    case, layout = drawn
    moved = changed(case, lambda x: layout(x) if isinstance(x, np.ndarray) else x)
    got = value_and_grad(kernels, moved)
    assert_promise(got, case)


def lists_are_taken_for_arrays(kernels: Kernels, case: Case) -> None:
    """Lists hold Python's floats, so this is float64's promise."""
    listed = changed(case, as_list)
    double = changed(case, in_double)
    result = value_and_grad(kernels, listed)
    assert_promise(result, double)


def float32_agrees_with_float64(kernels: Kernels, case: Case) -> None:
    double = changed(case, in_double)
    want = known(value_and_grad(kernels, double), double)
    assert_same(kernels, case, want, plus(allowed(case), allowed(double)))


def as_list(value: Any) -> Any:
    """A list, unless it could not tell (0, K) from (0,)."""
    if not isinstance(value, np.ndarray) or (value.ndim == 2 and not len(value)):
        return value
    return value.tolist()


def in_double(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(np.float64)
    return value


def changed(case: Case, change: Callable[[Any], Any]) -> Case:
    return replace(case, **{name: change(value) for name, value in vars(case).items()})


# NaN and infinity stay visible, and words that are not involved are not even read.


class Broken(NamedTuple):
    """A pair, and where in v or in a row of U that it uses something is not a number."""

    pair: Pair
    array: str
    at: tuple[int, ...]
    value: float


def nan_in_gives_nan_out(kernels: Kernels, broken: Broken) -> None:
    assert_visible(kernels, broken)


def infinity_in_gives_no_finite_result(kernels: Kernels, broken: Broken) -> None:
    """Not even the limit: an infinite entry is a run that has diverged."""
    assert_visible(kernels, broken)


def assert_visible(kernels: Kernels, broken: Broken) -> None:
    """The fault reaches the loss, all of grad_v and the gradient rows that depend on it."""
    pair = spoilt(broken)
    got = value_and_grad(kernels, pair)
    everywhere = broken.array == "v" or pair.negatives is None
    rows = pair.touched if everywhere else [broken.at[0]]
    for what, part in (
        ("loss()", loss(kernels, pair)),
        ("loss", got.loss),
        ("grad_v", got.grad_v),
        ("grad_U", got.grad_U[rows]),
    ):
        assert not np.isfinite(part).any(), f"{what} is {part!r} in spite of {broken.value}: {pair}"


def spoilt(broken: Broken) -> Pair:
    array = getattr(broken.pair, broken.array).copy()
    array[broken.at] = broken.value
    return replace(broken.pair, **{broken.array: array})


def absent_words_are_not_read(kernels: Kernels, case: Case) -> None:
    """NaN in the rows of words that take no part leaves the promise intact.

    In the softmax every row of U takes part.
    """
    poisoned: Any = case
    if case.negatives is not None:
        pairs = [case] if isinstance(case, Pair) else case.pairs()
        poisoned = replace(case, U=only(case.U, [w for pair in pairs for w in pair.touched]))
    if isinstance(case, Window):
        poisoned = replace(poisoned, V=only(case.V, [case.c]))
    if isinstance(case, Batch):
        poisoned = replace(poisoned, V=only(case.V, case.centers.tolist()))
    assert_promise(value_and_grad(kernels, poisoned), case)


def only(array: np.ndarray, used: list[int]) -> np.ndarray:
    kept = np.full_like(array, np.nan)
    kept[used] = array[used]
    return kept


# Negative sampling costs what its draws cost, whatever the size of the vocabulary.


N, D = 1_000_000, 16
DENSE = N * D * np.dtype(np.float64).itemsize
STATM = Path("/proc/self/statm")


def vocabulary() -> np.ndarray:
    """Rows that the system has promised but not yet provided: none is ever written."""
    return np.zeros((N, D))


def big_batch() -> Batch:
    draws = np.random.default_rng(0).integers(N, size=(64, 5))
    return Batch(vocabulary(), vocabulary(), draws[:, 0], draws[:, 1], draws)


def big_pair() -> Pair:
    return Pair(np.ones(D), N // 2, vocabulary(), np.array([3, N - 1, 3]))


def big_window() -> Window:
    negatives = np.array([[5, N - 2], [7, 7]])
    return Window(N // 3, np.array([1, N // 2]), vocabulary(), vocabulary(), negatives)


def a_batch_never_allocates_a_dense_gradient(kernels: Kernels, make: Callable[[], Batch]) -> None:
    """A bitmap or a counter for each word is allowed; an (N, d) array is not."""
    batch = make()
    peak = peak_while(lambda: raw(kernels, batch))
    assert peak < DENSE / 4, f"{peak} bytes allocated; a dense gradient has {DENSE}"


def only_touched_rows_are_written(kernels: Kernels, make: Callable[[], Pair | Window]) -> None:
    """A fresh zero page costs nothing until it is written: the process hardly grows."""
    case = make()
    before = resident()
    kept = raw(kernels, case)
    grown = resident() - before
    assert grown < DENSE / 4, f"{grown} bytes written; a dense gradient has {DENSE}"
    del kept
    gradients = 1 if isinstance(case, Pair) else 2
    peak = peak_while(lambda: raw(kernels, case))
    assert peak < (gradients + 0.25) * DENSE, f"{peak} bytes allocated for {gradients} gradients"


def peak_while(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def resident() -> int:
    """Bytes of this process in memory, where the system tells."""
    return int(STATM.read_text().split()[1]) * 4096 if STATM.exists() else 0


# Wrong arguments: refused before any work, by a message that names argument and fault.


N_OF_ARGUMENTS, D_OF_ARGUMENTS = 50_000, 3
REFUSALS = (ValueError, IndexError, TypeError)
# Far below one array of N entries, far above a message.
WORK = N_OF_ARGUMENTS

ROWS = np.zeros((N_OF_ARGUMENTS, D_OF_ARGUMENTS))
GOOD: dict[str, Any] = {
    "v_c": np.ones(D_OF_ARGUMENTS),
    "o": 1,
    "c": 2,
    "U": ROWS,
    "V": ROWS,
    "outside": np.array([3, 4]),
    "centers": np.array([0, 1]),
    "outsides": np.array([5, 5]),
}
DRAWS = {"negatives": np.array([6, 7])}
TABLE = {"negatives": np.array([[6, 7], [8, 8]])}

# Each function's arguments in their order, and what it calls its negatives.
FUNCTIONS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "naive_softmax.loss": (("v_c", "o", "U"), {}),
    "naive_softmax.value_and_grad": (("v_c", "o", "U"), {}),
    "naive_softmax.batch_value_and_grad": (("V", "U", "centers", "outsides"), {}),
    "negative_sampling.loss": (("v_c", "o", "U", "negatives"), DRAWS),
    "negative_sampling.value_and_grad": (("v_c", "o", "U", "negatives"), DRAWS),
    "negative_sampling.batch_value_and_grad": (
        ("V", "U", "centers", "outsides", "negatives"),
        TABLE,
    ),
    "skip_gram.naive_softmax_value_and_grad": (("c", "outside", "V", "U"), {}),
    "skip_gram.negative_sampling_value_and_grad": (
        ("c", "outside", "V", "U", "negatives"),
        TABLE,
    ),
}


class Fault(NamedTuple):
    """A wrong value for an argument, and ways for the message to say what it was."""

    label: str
    value: Any
    was: tuple[str, ...]


class BadCall(NamedTuple):
    function: str
    argument: str
    fault: Fault

    def __str__(self) -> str:
        return f"{self.function}: {self.argument} {self.fault.label}"


def arguments_of(function: str) -> dict[str, Any]:
    names, negatives = FUNCTIONS[function]
    return {name: {**GOOD, **negatives}[name] for name in names}


def call(kernels: Kernels, function: str, arguments: dict[str, Any]) -> object:
    module, name = function.split(".")
    result: object = getattr(getattr(kernels, module), name)(*arguments.values())
    return result


def bad_arguments_are_refused_before_any_work(kernels: Kernels, bad: BadCall) -> None:
    arguments = {**arguments_of(bad.function), bad.argument: bad.fault.value}
    with suppress(*REFUSALS):  # what a library imports at its first complaint is no work
        call(kernels, bad.function, arguments)
    tracemalloc.start()
    try:
        returned = call(kernels, bad.function, arguments)
    except REFUSALS as refusal:
        message = str(refusal)
    else:
        raise AssertionError(f"{bad} was accepted, giving {returned!r}")
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    words = message.replace(",", " ").replace("[", " ").replace(":", " ").split()
    assert bad.argument in words, f"{bad}: {message!r} does not name {bad.argument}"
    said = any(way in message for way in bad.fault.was)
    assert said, f"{bad}: {message!r} does not say {bad.fault.was}"
    assert peak < WORK, f"{bad}: {peak} bytes allocated before it was refused"


# The faults that an argument can have, by what kind of argument it is.


RAGGED = [[1], [1, 2]]


def of_a_word() -> list[Fault]:
    return [
        Fault("is negative", -1, ("-1",)),
        Fault("is N", N_OF_ARGUMENTS, (str(N_OF_ARGUMENTS),)),
        Fault("is beyond any machine integer", 2**70, (str(2**70),)),
        Fault("is a float", 1.0, ("float",)),
        Fault("is a boolean", True, ("bool",)),
        Fault("is NumPy's boolean", np.True_, ("bool",)),
        Fault("is text", "1", ("str",)),
        Fault("is missing", None, ("None",)),
        Fault("is an array of one", np.array([1]), ("(1,)", "ndarray")),
    ]


def of_words(good: Any) -> list[Fault]:
    """Faults of an index array, whatever its number of axes."""
    negative, beyond = good.copy(), good.copy()
    negative.flat[-1], beyond.flat[0] = -1, N_OF_ARGUMENTS
    flat = str((good.size + 1,)) if good.ndim == 2 else str((*good.shape, 1))
    wrong = np.zeros(good.size + 1, int) if good.ndim == 2 else good[:, None]
    return [
        Fault("has a negative word", negative, ("-1",)),
        Fault("has the word N", beyond, (str(N_OF_ARGUMENTS),)),
        Fault("holds floats", good.astype(float), ("float64",)),
        Fault("holds booleans", good.astype(bool), ("bool",)),
        Fault("holds objects", good.astype(object), ("object",)),
        Fault("has the wrong number of axes", wrong, (flat,)),
        Fault("is one word", 1, ("()", "int")),
        Fault("is ragged", RAGGED, ("ragged", "inhomogeneous")),
    ]


def of_floats(good: Any) -> list[Fault]:
    return [
        Fault("holds booleans", np.zeros(good.shape, bool), ("bool",)),
        Fault("holds objects", np.zeros(good.shape, object), ("object",)),
        Fault("holds complex numbers", np.zeros(good.shape, complex), ("complex128",)),
        Fault("has an axis too many", good[None], (str((1, *good.shape)),)),
        Fault("has an axis too few", good[0], (str(good.shape[1:]),)),
        Fault("is ragged", RAGGED, ("ragged", "inhomogeneous")),
    ]


def of_fitting(good: Any) -> list[Fault]:
    """v_c and V must fit U."""
    wide = np.zeros((*good.shape[:-1], D_OF_ARGUMENTS + 1))
    longer = np.zeros((N_OF_ARGUMENTS + 1, D_OF_ARGUMENTS))
    faults = [Fault("is wider than U", wide, (str(wide.shape), f"= {D_OF_ARGUMENTS + 1}"))]
    if good.ndim == 2:
        faults.append(
            Fault("has a row more than U", longer, (str(longer.shape), f"= {N_OF_ARGUMENTS + 1}"))
        )
    return faults


def of_paired(good: Any) -> list[Fault]:
    """Faults of an argument that must be as long as another."""
    return [Fault("is too short", good[:1], (str(good[:1].shape),))]


def bad_calls() -> list[BadCall]:
    calls = []
    for function in FUNCTIONS:
        for argument, good in arguments_of(function).items():
            calls += [BadCall(function, argument, fault) for fault in faults(argument, good)]
    return calls


def faults(argument: str, good: Any) -> list[Fault]:
    if argument in ("o", "c"):
        return of_a_word()
    if argument == "U":
        return of_floats(good)
    if good.dtype.kind == "f":
        return of_floats(good) + of_fitting(good)
    paired: bool = argument == "outsides" or good is TABLE["negatives"]
    return of_words(good) + (of_paired(good) if paired else [])


BAD_CALLS = bad_calls()

"""Blocks as lists hold what spans promise, at rates of their own, and refuse the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import generated
from generated import blocks
from tests.kernels.properties import Property, survivors, times
from tests.planting import mistakes
from tests.spans.properties import PROPERTIES
from tests.spans.test_spans import CASES, EXAMPLES, FEW

# Good arguments for the kernels of lists, with words that repeat.


RATE, MOST = 0.5, 2.0


def good_arguments(dtype: Any = np.float64) -> dict[str, Any]:
    """Three blocks of two centers and lists of four words, of a vocabulary of five."""
    rng = np.random.default_rng(0)
    return {
        "V": rng.normal(size=(5, 3)).astype(dtype),
        "U": rng.normal(size=(5, 3)).astype(dtype),
        "centers": np.array([[1, 2], [1, 1], [4, 0]]),
        "lists": np.array([[0, 1, 1, 3], [1, 1, 1, 1], [2, 3, 0, 0]]),
        "kinds": np.array([[0, 2], [1, 1], [2, 0]]),
        "weights": np.array([[1, 0, 2.5, 2.5], [1, 1, 1, 0.5], [0, 0, 1, 1]], dtype),
        "signs": np.array([-1, -1, 1, 1], dtype),
    }


# The kernels of lists, called with the arguments of a span: so they keep its promises.


@dataclass(frozen=True)
class Listed:
    """Stands where ``kernels.spans`` would: places and samples become one list.

    Every center is of a kind of its own; the last row of weights is nobody's.
    """

    kernels: Any

    def loss(self, *given: Any, **named: Any) -> Any:
        return self._called(self.kernels.blocks.loss, *given, **named)

    def value_and_grad(self, *given: Any, **named: Any) -> Any:
        return self._called(self.kernels.blocks.value_and_grad, *given, **named)

    def sgd_step(self, *given: Any, rate: Any, most: Any = np.inf, **named: Any) -> Any:
        return self._called(self.kernels.blocks.sgd_step, *given, **named, rate=rate, most=most)

    def _called(
        self,
        function: Callable[..., Any],
        V: Any,
        U: Any,
        centers: Any,
        contexts: Any,
        before: Any,
        after: Any,
        negatives: Any,
        draws: Any,
        **more: Any,
    ) -> Any:
        one = np.ones((len(V), 1), np.asarray(V).dtype)
        words = centers, contexts, before, after, negatives
        band, share = self.kernels.spans.weights(one, one, *words, draws)
        shares = np.repeat(share[:, :, np.newaxis], np.shape(negatives)[1], axis=2)
        weights = np.concatenate((band, shares), axis=2)
        weights = weights.reshape(-1, weights.shape[2])
        return function(
            V=V,
            U=U,
            centers=centers,
            lists=np.concatenate((contexts, negatives), axis=1),
            kinds=np.arange(len(weights)).reshape(share.shape),
            weights=np.concatenate((weights, np.full_like(weights[:1], 7.0)))
            if len(weights)
            else np.ones((1, weights.shape[1]), band.dtype),
            signs=np.repeat(
                np.array([-1, 1], band.dtype), (np.shape(contexts)[1], np.shape(negatives)[1])
            ),
            **more,
        )


class Kernels:
    """A generated package whose spans are computed by its lists."""

    def __init__(self, kernels: Any) -> None:
        self.kernels, self.spans = kernels, Listed(kernels)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.kernels, name)


MUTANTS = mistakes(Path(__file__).with_name("mutants.diff"), once=False)


# What holds of spans holds of the lists that say the same, and faults planted there are seen.


HELD = [p for p in PROPERTIES if p.name != "wrong_arguments_are_refused_and_change_nothing"]


@times(4)
@pytest.mark.parametrize("prop", HELD, ids=lambda prop: prop.name)
def test_lists_hold_what_spans_promise(prop: Property, times: int) -> None:
    @settings(EXAMPLES, max_examples=times * EXAMPLES.max_examples)
    @given(prop.strategy)
    def every_case(case: Any) -> None:
        prop.check(Kernels(generated), case)

    every_case()


@pytest.mark.slow
@pytest.mark.parametrize(
    "prop",
    [prop for prop in HELD if any(mutant.seen_by == prop.name for mutant in MUTANTS)],
    ids=lambda prop: prop.name,
)
def test_a_property_kills_the_mutants_that_name_it(prop: Property) -> None:
    named = [mutant for mutant in MUTANTS if mutant.seen_by == prop.name]
    assert survivors(prop, named, (FEW, CASES), Kernels) == []


def test_every_mutant_names_a_property() -> None:
    assert {mutant.seen_by for mutant in MUTANTS} <= {prop.name for prop in HELD}


# A row whose mass times the rate is above the bound moves at a rate that comes to the bound.


DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])


def masses(case: dict[str, Any]) -> dict[str, Any]:
    """Counted pair by pair."""
    found = {"V": np.zeros(5), "U": np.zeros(5)}
    for g, p in np.ndindex(*case["centers"].shape):
        for place, word in enumerate(case["lists"][g]):
            weight = case["weights"][case["kinds"][g, p], place]
            found["V"][case["centers"][g, p]] += weight
            found["U"][word] += weight
    return found


@DTYPES
@pytest.mark.parametrize("most", [MOST, 0.1, 1e6])
def test_rows_move_at_their_own_rates(dtype: Any, most: float) -> None:
    case, start = good_arguments(dtype), good_arguments(dtype)
    _, grad_V, grad_U = blocks.value_and_grad(**start)
    blocks.sgd_step(**case, rate=RATE, most=most)
    for name, grad in (("V", grad_V), ("U", grad_U)):
        mass = masses(start)[name]
        rates = np.minimum(RATE, most / np.maximum(mass, 1e-9))
        wanted = start[name] - rates[:, np.newaxis] * grad.dense(5)
        assert case[name] == pytest.approx(wanted, rel=1e-5, abs=1e-6)
        slowed = int((rates < RATE).sum())
        assert slowed == {MOST: slowed, 0.1: np.count_nonzero(mass), 1e6: 0}[most]


@DTYPES
def test_with_no_bound_all_rows_move_at_the_rate(dtype: Any) -> None:
    case, start = good_arguments(dtype), good_arguments(dtype)
    _, grad_V, _ = blocks.value_and_grad(**start)
    blocks.sgd_step(**case, rate=RATE, most=np.inf)
    wanted = start["V"] - case["V"].dtype.type(RATE) * grad_V.dense(5)
    assert np.array_equal(case["V"], wanted)


def test_at_this_bound_some_rows_are_slowed_and_some_are_not() -> None:
    mass = masses(good_arguments())
    slowed = np.concatenate((mass["V"], mass["U"])) * RATE > MOST
    assert slowed.any()
    assert not slowed.all()


@DTYPES
def test_a_row_that_nothing_moves_stays(dtype: Any) -> None:
    case = good_arguments(dtype)
    case["weights"][...] = 0
    before = case["U"].copy()
    with np.errstate(all="raise"):
        blocks.sgd_step(**case, rate=RATE, most=MOST)
    assert np.array_equal(case["U"], before)


def test_no_blocks_move_nothing() -> None:
    case = good_arguments()
    for name in ("centers", "lists", "kinds"):
        case[name] = case[name][:0]
    assert blocks.loss(**case) == 0
    before = case["V"].copy()
    blocks.sgd_step(**case, rate=RATE, most=MOST)
    assert np.array_equal(case["V"], before)


def test_a_score_out_of_range_that_does_not_count_costs_nothing() -> None:
    V, U = np.array([[1e200], [1.0]]), np.array([[1.0], [-1e200]])
    signs = np.array([-1.0, -1.0])
    case: dict[str, Any] = {"centers": [[0]], "lists": [[0, 1]], "kinds": [[0]], "signs": signs}
    counted = blocks.loss(V, U, **case, weights=np.array([[1.0, 1.0]]))
    assert counted == np.inf
    assert blocks.loss(V, U, **case, weights=np.array([[1.0, 0.0]])) == 0


# Every wrong argument of the kernels of lists is refused by name, and nothing is changed.


GOOD = good_arguments()
FUNCTIONS = ("loss", "value_and_grad", "sgd_step")


def with_word(name: str, place: tuple[int, int], word: int) -> Any:
    array = GOOD[name].copy()
    array[place] = word
    return array


ANYWHERE: tuple[tuple[str, Any, type[Exception], str], ...] = (
    ("V", GOOD["V"][0], ValueError, "V has shape (3,)"),
    ("U", GOOD["U"][:4], ValueError, "U has shape (4, 3)"),
    ("U", GOOD["U"].astype("f4"), TypeError, "V is float64, U is float32"),
    ("centers", GOOD["centers"][0], ValueError, "centers has shape (2,)"),
    ("centers", with_word("centers", (2, 1), 5), IndexError, "centers[2, 1] is 5"),
    ("centers", GOOD["centers"][:, :0], ValueError, "centers has shape (3, 0)"),
    ("lists", GOOD["lists"][:, 1:], ValueError, "lists has shape (3, 3)"),
    ("lists", GOOD["lists"][:2], ValueError, "lists has shape (2, 4)"),
    ("lists", with_word("lists", (0, 3), -1), IndexError, "lists[0, 3] is -1"),
    ("lists", GOOD["lists"] * 1.0, TypeError, "lists is of dtype float64"),
    ("kinds", GOOD["kinds"][:, :1], ValueError, "kinds has shape (3, 1)"),
    ("kinds", with_word("kinds", (1, 0), 3), IndexError, "kinds[1, 0] is 3, should be in 0..2"),
    ("kinds", GOOD["kinds"] > 0, TypeError, "kinds is of dtype bool"),
    ("weights", GOOD["weights"][:, 1:], ValueError, "signs has shape (4,)"),
    ("weights", GOOD["weights"][:0], ValueError, "weights has shape (0, 4)"),
    ("weights", GOOD["weights"].astype("f4"), TypeError, "V is float64"),
    ("signs", GOOD["signs"][:3], ValueError, "signs has shape (3,)"),
    ("signs", None, TypeError, "signs is of dtype object"),
)
IN_A_STEP: tuple[tuple[str, Any, type[Exception], str], ...] = (
    ("V", GOOD["V"].tolist(), TypeError, "V is [["),
    ("U", np.broadcast_to(1.0, (5, 3)), ValueError, "U is read-only"),
    ("rate", [0.5], ValueError, "rate has shape (1,)"),
    ("most", True, TypeError, "most is of dtype bool"),
    ("most", np.ones(2), ValueError, "most has shape (2,)"),
)
CALLS = [
    (function, *fault)
    for function in FUNCTIONS
    for fault in (ANYWHERE + IN_A_STEP if function == "sgd_step" else ANYWHERE)
]


@pytest.mark.parametrize(("function", "name", "value", "error", "was"), CALLS)
def test_a_wrong_argument_is_refused_and_changes_nothing(
    function: str, name: str, value: Any, error: type[Exception], was: str
) -> None:
    case: dict[str, Any] = {**good_arguments(), **_more(function), name: value}
    with pytest.raises(error) as caught:
        getattr(blocks, function)(**case)
    assert str(caught.value).startswith(was)
    for matrix in {"V", "U"} - {name}:
        assert np.array_equal(case[matrix], GOOD[matrix])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_arguments_that_the_faults_are_planted_in_are_good(function: str) -> None:
    case = {**good_arguments(), **_more(function)}
    getattr(blocks, function)(**case)
    assert np.array_equal(case["V"], GOOD["V"]) == (function != "sgd_step")
    assert {name for asked, name, *_ in CALLS if asked == function} == {*case}


def _more(function: str) -> dict[str, Any]:
    return {"rate": RATE, "most": MOST} if function == "sgd_step" else {}

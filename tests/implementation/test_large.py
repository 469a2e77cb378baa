"""What is right of large inputs: within its own bound of what balls say, and pasteable."""

from __future__ import annotations

from time import sleep
from typing import Any

import numpy as np
import pytest

from derivations.implementation import Kind, wide
from derivations.implementation.exact import expected
from derivations.implementation.inputs import Case, cases
from derivations.implementation.known_subjects import FUNCTIONS
from derivations.implementation.large import at_once
from derivations.implementation.large_inputs import (
    AROUND,
    THOUSANDS,
    Times,
    large_cases,
    large_sizes,
)
from derivations.implementation.question import Problem
from derivations.implementation.resolve import problem_of
from derivations.implementation.wide import UNIT
from tests.implementation.kernels import quick, rows, sigmoid, softmax


def problem(name: str) -> Problem:
    made: Any = eval(f"lambda {', '.join(FUNCTIONS[name].arguments)}: 0")
    return problem_of(made, name, None, None, None)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_of_many_places_are_as_near_to_those_in_balls_as_they_say(name: str) -> None:
    asked = problem(name)
    some = list(cases(asked, np.dtype(np.float64), 0, False, 4))[::4]
    seen = 0
    for case in some:
        balls, large = expected(asked, case), at_once(asked, case)
        assert (balls is None) == (large is None)
        for output in balls or {}:
            (a, rest), (b, more) = balls[output].apart, large[output].apart
            seen += a.size
            off = large[output].off.astype(np.float64)
            assert (abs((b - a) + (more - rest)) <= 1.5 * UNIT * off + 1e-300).all()
            # what a kernel may lose is more than the scale of the small inputs says
            assert (large[output].scales >= balls[output].scales * 0.3).all()
    assert seen > 50


def test_every_size_is_tried_around_powers_of_two_and_one_at_a_few_thousand() -> None:
    asked = problem("negative_sampling")
    sizes = large_sizes(asked, {"K": (1000,)}, first=True)
    for name in ("N", "d", "K"):
        assert {each[name] for each in sizes} >= set(AROUND)
    assert {each["N"] for each in sizes} >= {THOUSANDS}
    assert {each["K"] for each in sizes} >= {1000}


def test_a_large_input_is_made_by_the_text_that_is_shown() -> None:
    asked = problem("batch.negative_sampling")
    for case in large_cases(asked, "f8", 3, large_sizes(asked, {}, first=False)):
        names: dict[str, Any] = {"np": np}
        for name, text in case.texts.items():
            value = eval(text, names)
            assert np.asarray(value).tobytes() == np.asarray(case.values[name]).tobytes(), text


def test_what_is_wrong_from_a_size_on_is_said_with_the_size() -> None:
    def kernel(v_c: Any, o: int, U: Any) -> Any:
        grad = softmax(v_c, o, U)[2]
        grad[16:] = 0
        return grad

    (finding,) = quick(kernel, "naive_softmax", returns="grad_U", blocks=True).findings
    assert "only from N = 17 on (right up to 16)" in finding.detail
    assert "default_rng" in finding.reproduce


def test_the_report_says_what_was_tried() -> None:
    report = quick(rows, "negative_sampling", returns="grad_U", blocks=True, sizes={"d": 300})
    told = str(report)
    for part in ("255–257", "4099", "300", "minus zero (v_c, U)", "Fortran order", "600 times"):
        assert part in told, told
    assert report.tried.calls > 600


def test_a_sum_over_more_places_than_there_is_room_for_is_left_out_and_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wide, "MOST", 10_000)
    asked = {"V": "V", "U": "U", "centers": "centers", "outsides": "outsides"}

    def kernel(V: Any, U: Any, centers: Any, outsides: Any) -> Any:
        return np.array([softmax(V[c], o, U)[0] for c, o in zip(centers, outsides, strict=True)])

    report = quick(kernel, "batch.naive_softmax", asked, "losses", blocks=True, sizes={"N": 20_000})
    assert report.ok, report
    assert "N = 20000" in str(report)


def test_a_large_case_weighs_more_than_any_small_one() -> None:
    large = Case({"N": 9}, {"U": np.zeros(2)}, "f8", frozenset({"large"}))
    small = Case({"N": 9}, {"U": np.full((60, 60), 1 / 3)}, "f8")
    assert large.weight > small.weight


# Functions that are compiled for shapes, refuse layouts, or take their steps in sequence.


def test_what_is_compiled_for_shapes_is_known_by_its_times_and_meets_few() -> None:
    seen: set[Any] = set()

    def kernel(v_c: Any, o: int, U: Any) -> Any:
        if U.shape not in seen:
            seen.add(U.shape)
            sleep(0.05)
        return softmax(v_c, o, U)

    report = quick(kernel, "naive_softmax", blocks=True)
    assert report.ok, report
    assert len(seen) <= 12
    assert "compiled for each shape" in str(report)


def test_what_is_merely_slow_is_not_taken_for_compiled() -> None:
    times = Times(softmax)
    for shape in range(5):
        for _ in range(3):
            times.took(shape, 0.2)
    assert not times.compiled


def test_a_signature_that_takes_no_read_only_array_is_no_mistake() -> None:
    def kernel(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
        if not U.flags.writeable:
            raise TypeError("No matching definition for readonly array")
        return rows(v_c, o, U, negatives)

    report = quick(kernel, "negative_sampling", returns="grad_U")
    assert report.ok, report


def test_a_precision_that_a_function_is_not_made_for_is_told_with_the_option() -> None:
    def kernel(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
        if U.dtype != np.float64:
            raise TypeError("No matching definition")
        return rows(v_c, o, U, negatives)

    both = {"dtypes": ["float64", "float32"]}
    (finding,) = quick(kernel, "negative_sampling", returns="grad_U", **both).findings
    assert "dtypes='float64'" in finding.detail


def test_arrays_where_tensors_are_wanted_are_told_with_the_option() -> None:
    (finding,) = quick(lambda v_c, o, U: U.clone(), "naive_softmax", returns="grad_U").findings
    assert "convert=torch.as_tensor" in finding.detail


def test_a_finding_with_a_converter_shows_it() -> None:
    report = quick(
        lambda v_c, o, U: -softmax(v_c, o, U)[2],
        "naive_softmax",
        returns="grad_U",
        convert=lambda array: array,
    )
    assert "(v_c=convert(v_c), o=o, U=convert(U))" in str(report)


def word2vec_c(v_c: Any, o: int, U: Any, negatives: Any, lr: float) -> None:
    error = np.zeros_like(v_c)
    for word, label in [(o, 1), *((word, 0) for word in negatives)]:
        g = (label - sigmoid(U[word] @ v_c)) * lr
        error += g * U[word]
        U[word] += g * v_c
    v_c += error


def pair_by_pair(V: Any, U: Any, centers: Any, outsides: Any, negatives: Any, lr: float) -> None:
    for c, o, drawn in zip(centers, outsides, negatives, strict=True):
        word2vec_c(V[c], o, U, drawn, lr)


@pytest.mark.parametrize(
    ("kernel", "name", "said"),
    [
        (word2vec_c, "negative_sampling", "each of K sees"),
        pytest.param(
            pair_by_pair,
            "negative_sampling/batch",
            "each of B and of K sees",
            marks=pytest.mark.slow,  # every order of pairs and samples is worked out
        ),
    ],
)
def test_steps_sample_by_sample_are_called_so(kernel: Any, name: str, said: str) -> None:
    (finding,) = quick(kernel, name, rate="lr", saturated=False).findings
    assert finding.kind is Kind.SEQUENCE
    assert said in finding.detail


def test_a_duplicate_dropped_by_a_step_is_no_sequence() -> None:
    def kernel(v_c: Any, o: int, U: Any, negatives: Any, lr: float) -> None:
        grad = np.outer(sigmoid(U[negatives] @ v_c), v_c)
        by_v = U[negatives].T @ sigmoid(U[negatives] @ v_c) - sigmoid(-(U[o] @ v_c)) * U[o]
        by_o = -sigmoid(-(U[o] @ v_c)) * v_c
        U[negatives] -= lr * grad
        U[o] -= lr * by_o
        v_c -= lr * by_v

    (finding,) = quick(kernel, "negative_sampling", rate="lr", saturated=False).findings
    assert finding.kind is Kind.DUPLICATE


def test_a_cache_that_some_inputs_meet_is_no_mistake_at_those_inputs() -> None:
    kept: dict[Any, Any] = {}

    def kernel(v_c: Any, o: int, U: Any) -> Any:
        if U.shape not in kept or not np.array_equal(kept[U.shape][0][0], U[0]):
            kept[U.shape] = U.copy(), v_c.copy()
        return softmax(kept[U.shape][1], o, U)[0]

    report = quick(kernel, "naive_softmax", returns="loss")
    assert not report.ok
    assert {finding.kind for finding in report.findings} <= {Kind.STATE, Kind.SWALLOWED}, report


def test_a_place_in_all_rows_that_is_counted_in_sixteen_bits_is_found() -> None:
    def kernel(v_c: Any, o: int, U: Any) -> Any:
        rows = softmax(v_c, o, U)[2]
        at = np.arange(U.size).astype(np.int16).astype(int)
        grad = np.zeros(U.size, U.dtype)
        np.add.at(grad, at, rows.ravel())
        return grad.reshape(U.shape)

    (finding,) = quick(kernel, "naive_softmax", returns="grad_U", blocks=True).findings
    assert "only from N = 4099 on" in finding.detail

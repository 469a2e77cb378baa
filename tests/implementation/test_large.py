"""What is right of large inputs: within its own bound of what balls say, and pasteable."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from derivations.implementation import wide
from derivations.implementation.around_blocks import AROUND, THOUSANDS, large_cases, large_sizes
from derivations.implementation.case import Case
from derivations.implementation.cases import cases
from derivations.implementation.exact import expected
from derivations.implementation.large import at_once
from derivations.implementation.named import FUNCTIONS
from derivations.implementation.question import Problem
from derivations.implementation.resolve import problem_of
from derivations.implementation.wide import UNIT
from tests.implementation.kernels import quick, rows, softmax


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

"""Every case is in one unit of the work, and what is told does not depend on who ran it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from codegen.execute import work_units
from codegen.execute.chosen_cases import Limits, Plan, cases, how_many
from codegen.execute.direct_runs import NAMES as ROW_SUMS
from codegen.execute.work_units import (
    MOST_CASES,
    Report,
    loadings,
    names_of,
    prove,
    report,
    units_of,
    units_of_all,
)
from codegen.subjects import MODULES
from tests.execute.scene import FUNCTIONS, STATED, TEXTS, with_instead

SOME = tuple(module for module in MODULES if module.path == "glove.py")
PLAN = Plan(most=2, sizes=12, each=Limits(4, 16, 6), few=Limits(1, 1, 1), paths=4)


def reports(monkeypatch: pytest.MonkeyPatch, texts: dict[str, str], cores: int) -> list[Report]:
    monkeypatch.setattr(work_units, "_cores", lambda: cores)
    work = units_of_all(SOME, PLAN)
    return [_timeless(one) for one in prove(SOME, work, STATED, texts, PLAN)]


def _timeless(one: Report) -> Report:
    return replace(one, seconds=0.0)


@pytest.fixture(autouse=True)
def _short_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_units, "MOST_CASES", 3)
    monkeypatch.setattr(work_units, "ROW_SUMS", ROW_SUMS[:1])


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(TEXTS, id="as it is", marks=pytest.mark.slow),
        pytest.param(
            with_instead("glove.py", "grad_c = 2 *", "grad_c = 1 *"),
            id="wrong everywhere",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            with_instead(
                "_runtime/scatter.py",
                "values[right - step] += values[right]",
                "values[right - step] += 0",
            ),
            id="wrong in one way at some words",
        ),
    ],
)
def test_two_processes_tell_what_one_does(
    monkeypatch: pytest.MonkeyPatch, texts: dict[str, str]
) -> None:
    shared = reports(monkeypatch, texts, 2)
    assert [one.name for one in shared] == names_of(SOME)
    assert shared == reports(monkeypatch, texts, 1)
    ways = loadings(texts)
    alone = [
        _timeless(report(name, FUNCTIONS.get(name), STATED, ways, PLAN)) for name in names_of(SOME)
    ]
    assert shared == alone
    assert any(not one.proved for one in shared) == (texts is not TEXTS)


@pytest.mark.parametrize("name", ["negative_sampling.batch_value_and_grad", "spans.loss"])
def test_every_case_is_in_one_unit(name: str) -> None:
    kernel: Any = FUNCTIONS[name]
    cut = list(units_of(name, kernel, PLAN))
    for lengths in {id(unit.lengths): unit.lengths for unit in cut}.values():
        parts = [unit for unit in cut if unit.lengths is lengths]
        limits = parts[0].limits
        which, every = cases(kernel, lengths, limits)
        assert (which, len(every)) == how_many(kernel, lengths, limits)
        found = [c for u in parts for c in cases(kernel, lengths, limits, u.start, u.stop)[1]]
        assert list(map(str, found)) == list(map(str, every))
        assert all(unit.stop - unit.start <= 3 < MOST_CASES for unit in parts)

"""The command that runs every file on symbols: its units of work, what it prints, how it ends."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from codegen import commands
from codegen.commands import executed
from codegen.execute import work_units
from codegen.execute.running import NAMES as ROW_SUMS
from codegen.execute.specification import Limits, Plan, cases, how_many
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
from codegen.kernel import Kernel, Module
from codegen.subjects import MODULES
from tests.codegen.scene import write
from tests.execute.scene import FUNCTIONS, STATED, TEXTS, with_instead

GLOVE = tuple(module for module in MODULES if module.path == "glove.py")


KNOWN: dict[Any, list[Report]] = {}


def proved_once(modules: Any, units: Any, claims: Any, texts: Any, plan: Plan, on_done: Any) -> Any:
    """What `prove` says: asked once of the same texts, however it is told."""
    asked = str((modules, plan, sorted(texts.items())))
    if asked not in KNOWN:
        KNOWN[asked] = prove(modules, units, claims, texts, plan, on_done)
    return KNOWN[asked]


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    little = Plan(most=1, sizes=4, each=Limits(2, 2, 2), few=Limits(1, 1, 1), paths=2)
    monkeypatch.setattr(commands, "QUICK", little)
    monkeypatch.setattr(commands, "FULL", little)
    monkeypatch.setattr(commands, "prove", proved_once)


@pytest.fixture
def folder(tmp_path: Path, little: None) -> Path:
    write(TEXTS, tmp_path)
    return tmp_path


def options(folder: Path, *, full: bool = False, format: str = "text") -> Namespace:
    return Namespace(into=folder, prove=full, format=format)


def test_files_as_they_are_pass_in_one_line(folder: Path, capsys: Any) -> None:
    assert executed(GLOVE, STATED, options(folder)) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("5 of 5 functions compute what is proved")
    assert "sizes up to 1" in line


def test_a_spoilt_file_fails_and_is_told_where(folder: Path, capsys: Any) -> None:
    path = folder / "glove.py"
    path.write_text(path.read_text().replace("grad_c = 2 *", "grad_c = 1 *"))
    assert executed(GLOVE, STATED, options(folder)) == 1
    out = capsys.readouterr().out
    assert (
        "glove.value_and_grad (as it is) at N = 1, d = 1: grad_c[0] is not what was proved" in out
    )
    assert "4 of 5 functions compute" in out


def test_a_file_that_is_gone_or_broken_fails(folder: Path, capsys: Any) -> None:
    (folder / "glove.py").write_text("def loss(:\n")
    assert executed(GLOVE, STATED, options(folder)) == 1
    assert "SyntaxError" in capsys.readouterr().out


def test_all_is_told_in_a_table(folder: Path, capsys: Any) -> None:
    assert executed(GLOVE, STATED, options(folder, full=True)) == 0
    out = capsys.readouterr().out
    assert "glove.batch_value_and_grad" in out
    assert out.count("✓") == 5
    assert re.search(r"all words: every choice .*; \d+ cases at \d+ sizes", out)
    assert re.search(r"words drawn: some choices .*; \d+ cases at \d+ sizes", out)


def test_json_is_one_object(folder: Path, capsys: Any) -> None:
    path = folder / "glove.py"
    path.write_text(path.read_text().replace("grad_c = 2 *", "grad_c = 1 *"))
    assert executed(GLOVE, STATED, options(folder, full=True, format="json")) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["summary"]["functions"] == 5
    assert found["summary"]["proved"] == 4
    kernels = [one for one in found["functions"] if one["name"].startswith("glove.")]
    assert all(sum(one["cases_by_words"].values()) == one["cases"] for one in kernels)
    (failed,) = (one for one in found["functions"] if not one["proved"])
    assert failed["name"] == "glove.value_and_grad"
    assert failed["failures"][0]["case"] == "N = 1, d = 1"
    assert "should be" in failed["failures"][0]["what"]


def test_nothing_run_is_nothing_proved(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(commands, "QUICK", Plan(0, 1, Limits(1, 1, 1), Limits(1, 1, 1), 1))
    loss = next(one for one in GLOVE[0].functions if isinstance(one, Kernel))
    module = Module("glove.py", "", (loss,))
    assert executed([module], STATED, options(folder)) == 1
    assert "glove.loss: nothing was decided" in capsys.readouterr().out


SOME = tuple(module for module in MODULES if module.path == "glove.py")
PLAN = Plan(most=2, sizes=12, each=Limits(4, 16, 6), few=Limits(1, 1, 1), paths=4)


def reports(monkeypatch: pytest.MonkeyPatch, texts: dict[str, str], cores: int) -> list[Report]:
    monkeypatch.setattr(work_units, "_cores", lambda: cores)
    work = units_of_all(SOME, PLAN)
    return [_timeless(one) for one in prove(SOME, work, STATED, texts, PLAN)]


def _timeless(one: Report) -> Report:
    return replace(one, seconds=0.0)


@pytest.fixture
def short_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_units, "MOST_CASES", 3)
    monkeypatch.setattr(work_units, "ROW_SUMS", ROW_SUMS[:1])


@pytest.mark.usefixtures("short_units")
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
                "_runtime/rows.py",
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


@pytest.mark.usefixtures("short_units")
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

"""Kernels run on symbols: mistakes in their text are found and named; the command that does it."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from codegen import commands
from codegen.commands import executed
from codegen.emitted import GENERATED, printed, texts_in
from codegen.execute import jobs
from codegen.execute.jobs import (
    MOST_CASES,
    Report,
    functions,
    jobs_of,
    jobs_of_all,
    loadings,
    names_of,
    prove,
    report,
)
from codegen.execute.running import NAMES as ROW_SUMS
from codegen.execute.specification import Limits, Plan, cases, how_many
from codegen.interpret.branching import Path as Choices
from codegen.interpret.branching import State, same
from codegen.interpret.symbolic import EXACT, Number, number, symbolic
from codegen.kernel import Kernel, Module, equalities
from codegen.subjects import CLAIMS, MODULES
from derivations.proof.field import Field
from tests.codegen.programs import write
from tests.planting import Mutant, mistakes, rewritten

TEXTS = texts_in(GENERATED)
STATED = equalities(CLAIMS)
FUNCTIONS = dict(functions(printed(MODULES)))
SMALL = Plan(most=2, sizes=48, each=Limits(4, 4, 4), few=Limits(1, 1, 1), paths=4, longer=3)


def state(*choices: int) -> State:
    return State(Field(40), Choices(choices))


def symbols(state: State, name: str, *shape: int) -> Any:
    """An array of symbols."""
    array = np.empty(shape, object)
    for at in np.ndindex(shape):
        array[at] = Number(state, state.field.parameter((name, at)))
    return symbolic(array)


def equal(state: State, got: Any, want: Any) -> bool:
    """Whether two arrays have equal entries, each without cases."""
    got, want = (np.stack(one) if isinstance(one, list) else one for one in (got, want))
    got, want = EXACT.lifted(got).entries, EXACT.lifted(want).entries
    assert got.shape == want.shape
    pairs = zip(got.flat, want.flat, strict=True)
    return all(same(state, number(state, x).tree, number(state, y).tree) for x, y in pairs)


def with_instead(file: str, old: str, new: str) -> dict[str, str]:
    """The committed texts, ``old`` written ``new`` in one file."""
    return Mutant("", rewritten(file, old, new)).texts(TEXTS)


def decided(name: str, texts: dict[str, str] = TEXTS) -> Report:
    """What is decided of one function of texts."""
    return report(name, FUNCTIONS.get(name), STATED, loadings(texts), SMALL)


MISTAKES = mistakes(Path(__file__).with_name("mutants.diff"), once=False)


@pytest.mark.parametrize("mutant", MISTAKES, ids=str)
def test_a_planted_mistake_is_found_and_named(mutant: Mutant) -> None:
    function, said = mutant.seen_by.split(" ", 1)
    found = decided(function, mutant.texts(TEXTS))
    assert not found.proved
    text = str(found.count.failures[0])
    assert text.startswith(function)
    assert re.search(said, text), text


# these take seconds; the steps beside them come to the same gradients, and loops are all run by
# `codegen --check`
SLOW = ("spans.loss", "spans.value_and_grad", "blocks.loss", "blocks.value_and_grad")
QUICK = ("compiled.negative_sampling.value_and_grad", "compiled.glove.batch_value_and_grad")


def is_slow(name: str) -> bool:
    return name in SLOW or (name.startswith("compiled.") and name not in QUICK)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if is_slow(name) else [])
        for name in (
            *(one for one in FUNCTIONS if one[:4] != "jax."),
            "_runtime.rows.row_sums",
            "_runtime.rows.matrix_of",
        )
    ],
)
def test_the_committed_text_passes(name: str) -> None:
    found = decided(name)
    assert found.proved, found.count.failures
    assert found.count.runs >= found.count.cases > 0


# `python -m codegen --check` runs them all
@pytest.mark.parametrize(
    "name", ["jax.logistic_regression.value_and_grad", "jax.glove.value_and_grad"]
)
def test_the_committed_text_for_jax_passes(name: str) -> None:
    found = decided(name)
    assert found.proved, found.count.failures
    assert found.variants == ("as it is", "by the rule of its loss")


def test_both_values_and_the_point_are_shown() -> None:
    found = decided(
        "glove.loss",
        with_instead("glove.py", 'np.einsum("ij,ij->", errors**2, weights)', "errors.sum()"),
    )
    text = str(found.count.failures[0])
    assert "N = 1, d = 1" in text
    assert "should be" in text
    assert "W[1,1] = " in text


def test_a_form_that_is_equal_passes() -> None:
    found = decided(
        "glove.value_and_grad",
        with_instead("glove.py", "weighted.sum(axis=1)", "np.einsum('ij->i', weighted)"),
    )
    assert found.proved, found.count.failures


def test_a_relation_that_differs_at_a_tie_only_passes() -> None:
    for new in ("np.where(z > 0, 0, z)", "np.where(z >= 0, 0, z)", "np.minimum(0, z)"):
        found = decided(
            "negative_sampling.value_and_grad", with_instead("_sigmoid.py", "np.minimum(z, 0)", new)
        )
        assert found.proved, found.count.failures


def test_results_do_not_depend_on_which_word_leads() -> None:
    found = decided(
        "naive_softmax.value_and_grad", with_instead("naive_softmax.py", ".argmax()", ".argmin()")
    )
    assert found.proved, found.count.failures


def test_an_unknown_operation_is_named() -> None:
    found = decided(
        "naive_softmax.value_and_grad",
        with_instead("naive_softmax.py", "np.exp(scores", "np.arctan(scores"),
    )
    assert "Refused: np.arctan" in str(found.count.failures[0])


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
    monkeypatch.setattr(jobs, "_cores", lambda: cores)
    work = jobs_of_all(SOME, PLAN)
    return [_timeless(one) for one in prove(SOME, work, STATED, texts, PLAN)]


def _timeless(one: Report) -> Report:
    return replace(one, seconds=0.0)


@pytest.fixture
def short_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_CASES", 3)
    monkeypatch.setattr(jobs, "ROW_SUMS", ROW_SUMS[:1])


@pytest.mark.slow
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
    cut = list(jobs_of(name, kernel, PLAN))
    for lengths in {id(unit.lengths): unit.lengths for unit in cut}.values():
        parts = [unit for unit in cut if unit.lengths is lengths]
        limits = parts[0].limits
        which, every = cases(kernel, lengths, limits)
        assert (which, len(every)) == how_many(kernel, lengths, limits)
        found = [c for u in parts for c in cases(kernel, lengths, limits, u.start, u.stop)[1]]
        assert list(map(str, found)) == list(map(str, every))
        assert all(unit.stop - unit.start <= 3 < MOST_CASES for unit in parts)

"""The fuzzing finds planted faults; those that take it longer are in the table by command."""

from __future__ import annotations

import pytest

from derivations.proof.normal_form import normal_form
from derivations.word2vec.losses import U
from tests.proof.fuzz.__main__ import main
from tests.proof.fuzz.mutants import MUTANTS, Mutant
from tests.proof.fuzz.mutation import BLIND, first_kill

SOON = 100
QUICK = [mutant for mutant in MUTANTS if mutant.within <= SOON]


@pytest.mark.parametrize("mutant", QUICK, ids=lambda mutant: mutant.name)
def test_a_planted_fault_is_found_within_its_number_of_expressions(mutant: Mutant) -> None:
    killed = first_kill(mutant, mutant.within, seed=0)
    assert killed is not None, f"{mutant.name} survives {mutant.within} expressions"
    assert killed[1] != BLIND


@pytest.mark.slow
def test_conditions_that_are_ignored_show_in_the_figures() -> None:
    (blind,) = [mutant for mutant in MUTANTS if mutant.name == "conditions ignored"]
    assert first_kill(blind, blind.within, seed=0) == (blind.within, BLIND)


@pytest.mark.parametrize("count", [60, pytest.param(300, marks=pytest.mark.slow)])
def test_nothing_is_found_where_nothing_is_planted(count: int) -> None:
    assert first_kill(Mutant("none", count, ()), count, seed=0) is None


def test_there_are_enough_faults_each_with_a_name_of_its_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 30
    assert len(QUICK) >= 20


def test_a_fault_is_gone_after_its_block() -> None:
    (lost,) = [mutant for mutant in MUTANTS if mutant.name == "like terms replace each other"]
    entry = U[1, 1]
    with lost.planted():
        assert len(normal_form(entry - 2 * entry)) == 1
    assert normal_form(entry - entry) == ()


def test_a_survivor_fails_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--mutants", "--count", "1", "--seed", "3"]) == 1
    assert "survives" in capsys.readouterr().out

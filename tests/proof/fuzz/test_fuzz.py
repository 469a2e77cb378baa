"""The seeded share of the random expressions, and what makes a run worth something."""

from __future__ import annotations

import pytest

from tests.proof.fuzz.__main__ import main
from tests.proof.fuzz.cases import KINDS, case
from tests.proof.fuzz.run import BLOCK, block, jobs
from tests.proof.fuzz.tally import Tally

SEED = 1_000_000


@pytest.mark.parametrize("share", [200, pytest.param(1200, marks=pytest.mark.slow)])
def test_no_random_expression_has_a_wrong_normal_form(share: int) -> None:
    tally = Tally()
    for job in jobs(share, SEED):
        tally.merge(block(job))
    assert not tally.reports, "\n".join(tally.reports)
    assert not tally.vacuous()
    assert tally.counts["zeros with other sides"] > share // 4
    assert tally.counts["zeros that need conditions"] > share // 100
    assert all(tally.counts[kind] for kind in KINDS)
    assert tally.counts["zeros, rewritten"] > 0.75 * tally.counts["rewritten"]
    assert tally.counts["given up"] < share // 100


def test_a_case_is_the_same_every_time_and_seeds_differ() -> None:
    assert case(3, 14) == case(3, 14)
    assert case(3, 14) != case(4, 14)


def test_blocks_cover_the_count_with_a_seed_each() -> None:
    assert list(jobs(2 * BLOCK + 5, 7)) == [(7, 0, BLOCK), (8, 0, BLOCK), (9, 0, 5)]


def test_a_run_without_zeros_or_conditions_is_an_error() -> None:
    assert len(Tally().vacuous()) == 5


def test_the_command_ends_with_a_summary_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "120", "--seed", "5"]) == 0
    out = capsys.readouterr().out
    assert "0 wrong zeros, 0 wrong values, 0 crashes" in out
    assert "seeds 5 to 5" in out


def test_the_command_shows_a_single_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "5:3"]) == 0
    assert "1 expressions" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [["--count", "0"], ["--jobs", "x"], ["--only", "5"], ["more"]])
def test_wrong_usage_is_status_2(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(wrong)
    assert ended.value.code == 2

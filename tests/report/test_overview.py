"""A run without a file is told in a dozen lines: part by part, errata, and what to type next."""

from __future__ import annotations

import pytest

from derivations.verify import main
from tests.report.pretend import everything, gullible, knowing


def page(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    main(list(options), everything, knowing)
    return capsys.readouterr().out


def test_each_part_has_its_claims_and_its_false_claims(capsys: pytest.CaptureFixture[str]) -> None:
    told = page(capsys)
    rows = {line.split()[0]: " ".join(line.split()) for line in told.splitlines() if line.strip()}
    assert rows["e"] == "e 1 of 1 proved 1 of 1 fell"
    assert rows["c"] == "c 1 of 1 proved"
    assert "2 of 2 claims proved · 2 of 2 false claims fell" in told


def test_it_says_what_to_type_next(capsys: pytest.CaptureFixture[str]) -> None:
    told = page(capsys)
    assert "python -m derivations.verify homework.md" in told
    assert len(told.splitlines()) < 20


def test_a_false_claim_that_does_not_fall_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], everything, gullible) == 1
    told = capsys.readouterr().out
    assert "0 of 1 fell" in told
    assert "e.exp is proved" in told


def test_the_whole_table_is_there_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    assert "e.complement" not in page(capsys)
    assert "e.complement" in page(capsys, "--all")

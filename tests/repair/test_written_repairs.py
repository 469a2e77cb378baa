"""The faulty lines of the written derivation: what is suggested is what was recorded."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from derivations.claim import Claim, Verdict
from derivations.proof.judge import judge
from derivations.reader.derivation import derivation
from derivations.repair import Repair, repairs
from tests.mutation.true_lines import WRITTEN

FAULTY = ["a.1", "a.3", "a.4", "b.2", "b.3", "b.4", "b.5", "c.2", "c.3", "c.4", "c.5", "c.6", "h.4"]


@cache
def found() -> dict[str, Repair]:
    """The repairs of all faulty lines but those of part g, which take longer."""
    lines = derivation(WRITTEN.read_text(encoding="utf-8"), WRITTEN.name).lines
    some = [line for line in lines if line.part != "g"]
    return {each.line.id: each for each in repairs(some, lambda line: judge(line.claim).verdict)}


def same(claim: Claim, correction: Claim) -> bool:
    """Whether both sides of a claim are proved equal to those of the recorded one."""
    sides = [(claim.left, correction.left), (claim.right, correction.right)]
    claims = [replace(correction, left=one, right=other) for one, other in sides]
    return all(judge(each).verdict is Verdict.PROVED for each in claims)


def test_every_faulty_line_is_looked_at() -> None:
    assert list(found()) == FAULTY


@pytest.mark.parametrize("name", FAULTY)
def test_the_recorded_correction_or_an_equal_one_comes_first(name: str) -> None:
    repair = found()[name]
    assert repair.line.correction is not None
    assert same(repair.suggestions[0].claim, repair.line.correction)


def test_a_step_from_a_faulty_line_says_so() -> None:
    befores = {name: each.suggestions[0].before for name, each in found().items()}
    steps = {name: before for name, before in befores.items() if before}
    assert steps == {"a.4": "a.3", "b.3": "b.2", "b.5": "b.4", "c.3": "c.2", "c.6": "c.5"}

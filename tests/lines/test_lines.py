"""No true line falls, no false one is proved; mistakes planted in the reader give wrong ones."""

from __future__ import annotations

import pytest

from tests.lines.adapter import said
from tests.lines.campaign import Task, run
from tests.lines.families import FAMILIES
from tests.lines.faults import FAULTS, seen
from tests.lines.report import summary
from tests.planting import Mutant

SHARE = 40  # of each family; the campaign by command judges as many as are asked for
SEED = 1


@pytest.mark.parametrize("family", FAMILIES)
def test_no_verdict_is_wrong(family: str) -> None:
    found = sorted(run(Task(SEED, (family,)), SHARE, checker=said), key=lambda each: each.number)
    wrong = [each for each in found if each.wrong]
    assert not wrong, "\n".join(summary(found))


WORDS = [fault.meant for _, fault in FAULTS]


@pytest.mark.slow
@pytest.mark.parametrize(("family", "fault"), FAULTS, ids=WORDS)
def test_random_lines_see_a_planted_mistake(family: str, fault: Mutant) -> None:
    found = seen(family, fault)
    assert found is not None, f"no line of {family} shows that {fault.meant}"


def test_there_are_many_mistakes_and_no_two_are_planted_alike() -> None:
    assert len(FAULTS) >= 24
    assert len({*WORDS}) == len(FAULTS)

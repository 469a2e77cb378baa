"""A seeded share of the campaign: no true line falls, no false one is proved, nothing crashes."""

from __future__ import annotations

import pytest

from tests.lines.adapter import said
from tests.lines.campaign import Task, run
from tests.lines.families import FAMILIES
from tests.lines.report import summary

SHARE = 40  # of each family; the campaign by command judges as many as are asked for
SEED = 1


@pytest.mark.parametrize("family", FAMILIES)
def test_no_verdict_is_wrong(family: str) -> None:
    found = sorted(run(Task(SEED, (family,)), SHARE, checker=said), key=lambda each: each.number)
    wrong = [each for each in found if each.wrong]
    assert not wrong, "\n".join(summary(found))

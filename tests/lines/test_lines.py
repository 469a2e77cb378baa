"""No true line falls, no false one is proved; mistakes planted in the reader give wrong ones."""

from __future__ import annotations

from collections import Counter

import pytest

from derivations.reader.declare import recurrences
from derivations.reader.syntax import Node
from tests.lines.campaign import (
    FAULTS,
    PROVED,
    REFUTED,
    UNDECIDED,
    Result,
    Task,
    run,
    said,
    seen,
    summary,
)
from tests.lines.families import FAMILIES, TEXTS
from tests.lines.families.chains import recurrence_case
from tests.planting import Mutant

SHARE, FEW = 40, 6  # of each family; the campaign by command judges as many as are asked for


def judged(family: str, share: int, seed: int = 1) -> list[Result]:
    """What is said of the first lines of a family, none of it wrong."""
    found = list(run(Task(seed, (family,)), share, checker=said))
    assert not any(each.wrong for each in found), "\n".join(summary(found))
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_no_verdict_is_wrong(family: str) -> None:
    assert len(judged(family, SHARE)) == SHARE


# what the false ones come to; nothing is declared of the probabilities
FALL = {name: UNDECIDED if name == "probabilities" else REFUTED for name in TEXTS}


@pytest.mark.parametrize("family", TEXTS)
def test_lines_written_as_texts_have_no_wrong_verdict_and_some_are_decided(family: str) -> None:
    share = 8 if family == "recurrences" else FEW
    verdicts = Counter((each.true, each.said.verdict) for each in judged(family, share, seed=3))
    assert verdicts[True, PROVED] >= 1
    assert verdicts[False, FALL[family]] >= 1


@pytest.mark.parametrize("family", TEXTS)
def test_texts_are_true_and_false_and_no_two_alike(family: str) -> None:
    drawn = [TEXTS[family](f"many/{number}") for number in range(40)]
    assert 8 <= sum(each.true for each in drawn) <= 34
    assert len({each.text for each in drawn}) > 20


def test_a_recurrence_that_is_shifted_too_far_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = recurrences._counted

    def wrong(node: Node) -> tuple[str, int] | None:
        """``t - 1`` as ``t - 2``."""
        found = right(node)
        return (found[0], 2 * found[1]) if found is not None and found[1] < 0 else found

    monkeypatch.setattr(recurrences, "_counted", wrong)
    verdicts = [said(recurrence_case(f"quick/{number}").text)[-1].verdict for number in range(4)]
    assert PROVED not in verdicts


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.seen_by}, {fault.meant}")
def test_random_lines_see_a_planted_mistake(fault: Mutant) -> None:
    assert seen(fault) is not None, f"no line of {fault.seen_by} shows that {fault.meant}"


def test_there_are_many_mistakes_each_planted_once_for_a_family() -> None:
    for fault in FAULTS:
        with fault.planted():
            pass
    assert len({(fault.seen_by, fault.meant) for fault in FAULTS}) == len(FAULTS) >= 50
    assert {fault.seen_by for fault in FAULTS} >= set(TEXTS)

"""Lines of the families apart."""

from __future__ import annotations

from collections import Counter

import pytest

from derivations.reader.declare import recurrences
from derivations.reader.syntax import Node
from tests.lines.apart import FAMILIES
from tests.lines.apart.case import is_wrong, verdict
from tests.lines.apart.faults import FAULTS, SEEN_BY, seen
from tests.lines.apart.recurrences import case
from tests.planting import Mutant

# Lines of the families apart: none has a wrong verdict, and planted mistakes give some one.


# what the false ones come to; nothing is declared of the probabilities
FALL = {name: "undecided" if name == "probabilities" else "refuted" for name in FAMILIES}


@pytest.mark.parametrize("family", FAMILIES)
def test_no_line_of_a_family_apart_has_a_wrong_verdict(family: str) -> None:
    said: Counter[tuple[bool, str]] = Counter()
    for number in range(6):
        found = FAMILIES[family](f"quick/{number}")
        what = verdict(found)
        assert not is_wrong(found, what), (what, found.text)
        said[found.true, what] += 1
    assert said[True, "proved"] >= 1
    assert said[False, FALL[family]] >= 1


@pytest.mark.parametrize("family", FAMILIES)
def test_there_are_true_and_false_ones_and_no_two_alike(family: str) -> None:
    drawn = [FAMILIES[family](f"many/{number}") for number in range(40)]
    assert 8 <= sum(each.true for each in drawn) <= 34
    assert len({each.text for each in drawn}) > 20


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "fault"), FAULTS, ids=[f"{family}, {fault.meant}" for family, fault in FAULTS]
)
def test_a_family_apart_sees_a_planted_mistake(family: str, fault: Mutant) -> None:
    assert seen(family, fault) is not None, f"no line of {family} shows that {fault.meant}"


def test_every_family_apart_has_mistakes_that_it_sees() -> None:
    assert set(SEEN_BY) == set(FAMILIES)


# Random lines about recurrences: no true one falls, no false one is proved; some are decided.


def test_no_random_line_about_a_recurrence_has_a_wrong_verdict() -> None:
    seen: Counter[tuple[bool, str]] = Counter()
    for number in range(8):
        found = case(f"quick/{number}")
        said = verdict(found)
        assert not is_wrong(found, said), (said, found)
        seen[found.true, said] += 1
    assert seen[True, "proved"] >= 2
    assert seen[False, "refuted"] >= 2


def test_a_recurrence_that_is_shifted_too_far_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = recurrences._counted

    def wrong(node: Node) -> tuple[str, int] | None:
        """``t - 1`` as ``t - 2``."""
        found = right(node)
        return (found[0], 2 * found[1]) if found is not None and found[1] < 0 else found

    monkeypatch.setattr(recurrences, "_counted", wrong)
    said = [verdict(case(f"quick/{number}")) for number in range(4)]
    assert "proved" not in said

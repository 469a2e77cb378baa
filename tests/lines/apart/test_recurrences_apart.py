"""Random lines about recurrences: no true one falls, no false one is proved; some are decided."""

from __future__ import annotations

from collections import Counter

from tests.lines.apart.case import is_wrong, verdict
from tests.lines.apart.faults import SEEN_BY
from tests.lines.apart.recurrences import case


def test_no_random_line_about_a_recurrence_has_a_wrong_verdict() -> None:
    seen: Counter[tuple[bool, str]] = Counter()
    for number in range(8):
        found = case(f"quick/{number}")
        said = verdict(found)
        assert not is_wrong(found, said), (said, found)
        seen[found.true, said] += 1
    assert seen[True, "proved"] >= 2
    assert seen[False, "refuted"] >= 2


def test_a_recurrence_that_is_shifted_too_far_is_seen() -> None:
    (fault,) = SEEN_BY["recurrences"]
    with fault.planted():
        said = [verdict(case(f"quick/{number}")) for number in range(4)]
    assert "proved" not in said

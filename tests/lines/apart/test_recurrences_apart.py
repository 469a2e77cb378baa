"""Random lines about recurrences: no true one falls, no false one is proved; some are decided."""

from __future__ import annotations

from collections import Counter

import pytest

from derivations.reader.declare import recurrences
from tests.lines.apart.case import is_wrong, verdict
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


def test_a_recurrence_that_is_shifted_too_far_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = recurrences._counted

    def wrong(node: recurrences.Node) -> tuple[str, int] | None:
        """``t - 1`` as ``t - 2``."""
        found = right(node)
        return (found[0], 2 * found[1]) if found is not None and found[1] < 0 else found

    monkeypatch.setattr(recurrences, "_counted", wrong)
    said = [verdict(case(f"quick/{number}")) for number in range(4)]
    assert "proved" not in said

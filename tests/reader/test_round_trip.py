"""What was read can be printed, and what is printed is read as the same."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from sympy import Expr, Integer, KroneckerDelta, preorder_traversal

from derivations.indices import Index, IndexSum, total
from derivations.language.tree import Array
from derivations.reader.latex import Unprintable
from tests.reader.declared_names import AXES, LIST, PLACES, SCOPE, TIMES, WORDS, entry
from tests.reader.levels import levelled
from tests.reader.printer_mistakes import MISTAKES, Mistake
from tests.reader.random_entries import entries
from tests.reader.round_trip import lost

SEEDED = settings(
    max_examples=300, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
LONG = settings(SEEDED, max_examples=20_000, derandomize=False)
KINDS = {"Add", "Mul", "Pow", "Derivative", "IndexSum", "KroneckerDelta", "Indexed", "exp", "log"}
KINDS |= {"P", "J_pair", "G", "S", "M", "l", "ŷ", "σ", "Rational"}


@settings(LONG if os.environ.get("HYPOTHESIS_PROFILE") == "long" else SEEDED)
@given(entries)
def test_a_random_entry_comes_back(entry: Expr) -> None:
    try:
        assert not lost(Array(entry, AXES), SCOPE)
    except Unprintable as refused:
        if "exponents within exponents" not in str(refused):
            raise
        reject()  # the reader's own bound on powers of powers


def test_a_letter_that_has_to_be_declared_is_not_one_that_another_sum_has_as_well() -> None:
    """Letters left over for -m..m, which is read by its bounds, and for a part of 1..K."""
    i, j, w = (SCOPE.letters[letter] for letter in "ijw")
    z = SCOPE.things["z"].body.entry
    summand = KroneckerDelta(j, 0) * entry(r"\hat{y}", LIST[i])
    whole = total(IndexSum(summand, (j, PLACES.lower, PLACES.upper)), w)
    part = IndexSum(Integer(-2), (i, Integer(1), entry("l")))
    assert not lost(Array(-2 * (z + part) * (whole + 1) + KroneckerDelta(j, 0), AXES), SCOPE)


def test_random_entries_hold_nodes_of_every_kind() -> None:
    seen: set[str] = set()

    @settings(SEEDED, phases=[Phase.generate])
    @given(entries)
    def collect(entry: Expr) -> None:
        seen.update(type(node).__name__ for node in preorder_traversal(entry))

    collect()
    assert seen >= KINDS


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_planted_mistake_of_the_printer_is_seen(
    mistake: Mistake, monkeypatch: pytest.MonkeyPatch
) -> None:
    @settings(SEEDED, phases=[Phase.generate])
    @given(entries)
    def every_entry_comes_back(entry: Expr) -> None:
        assert not lost(Array(entry, AXES), SCOPE)

    monkeypatch.setattr(mistake.module, mistake.function, mistake.wrong)
    with pytest.raises((AssertionError, Unprintable)):
        every_entry_comes_back()


def test_only_the_names_of_bound_indices_are_forgotten() -> None:
    w, x = SCOPE.letters["w"], SCOPE.letters["x"]
    pair = entry("M", w, x)
    assert levelled(total(pair, w)) == levelled(
        total(entry("M", Index("q", WORDS), x), Index("q", WORDS))
    )
    assert levelled(total(pair, w)) != levelled(total(entry("M", w, w), w))
    assert levelled(total(pair, w)) != levelled(total(pair, x))
    assert levelled(total(total(pair, w), x)) != levelled(total(total(pair, x), w))
    assert levelled(total(entry("z"), w)) != levelled(total(entry("z"), Index("w", TIMES)))

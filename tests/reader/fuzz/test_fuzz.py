"""A seeded share of the campaign: every text is read or refused, and soon."""

import gc
from collections.abc import Iterator, Sequence
from random import Random

import pytest
from lark import Token
from lark.exceptions import UnexpectedToken

from derivations.reader import syntax
from tests.reader.fuzz.corpus import Tally, mutated, seeds
from tests.reader.fuzz.target import outcome


@pytest.fixture(autouse=True)
def _only_what_is_read_here_is_collected() -> Iterator[None]:
    """What other tests left in memory is not looked through on the clock of a text."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def share(count: int, seed: int) -> Tally:
    """Texts changed from the seeds and from what was read of the changed ones."""
    random, tally = Random(seed), Tally()
    known = [text for text in seeds() if len(text) < 2000]
    for _ in range(count):
        text = mutated(random.choice(known), known, random)
        found = outcome(text)
        tally.record(text, found)
        if found.kind == "read" and len(known) < 2000:
            known.append(text)
    return tally


@pytest.mark.parametrize("texts", [300, pytest.param(1200, marks=pytest.mark.slow)])
def test_every_text_is_read_or_refused_and_soon(texts: int) -> None:
    tally = share(texts, seed=1)
    assert tally.wrong == {}
    assert tally.slow == []
    assert tally.counts["read"] > texts / 20
    assert tally.counts["refused"] > texts / 4


def test_a_planted_crash_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(error: UnexpectedToken, before: Sequence[Token]) -> str:
        return before[len(before)].value

    monkeypatch.setattr(syntax, "_advice", broken)
    tally = share(100, seed=2)
    assert any(said.startswith("IndexError at reader/syntax.py") for said in tally.broken)

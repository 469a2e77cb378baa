"""A wrong translation is seen: planted into the translator, or made in the text."""

import re

import pytest

from derivations.claim import Claim
from tests.certify.correspondence import Apart, compare, same_said
from tests.certify.interpreter.elaborate import IllTyped
from tests.certify.interpreter.parse import UnknownSyntax
from tests.certify.plants.conditions import CONDITIONS
from tests.certify.plants.expressions import EXPRESSIONS
from tests.certify.text_mutants import mutants
from tests.certify.texts import covered, emitted
from tests.planting import Mutant

PLANTS = (*EXPRESSIONS, *CONDITIONS)


WRONG = (Apart, IllTyped, UnknownSyntax)
MUTATED = (
    "word2vec/b.columns",
    "word2vec/c.other",
    "word2vec/e.forms",
    "word2vec/e.derivative",
    "word2vec/stable.log-sigmoid",
    "contrastive/s.4",
    "glove/p.2",
)
# that a size is at least one also follows from an index that is a member of its set
IMPLIED = re.compile(r"  \(\d <=? \w+\)%Z ->")


def corresponds(claim: Claim) -> None:
    texts = emitted(claim)
    compare(claim, texts.holds, texts.letters)
    if texts.falls is not None:
        same_said(texts.holds, texts.falls)


@pytest.mark.parametrize("mutant", PLANTS, ids=str)
def test_a_wrong_translation_is_seen(mutant: Mutant) -> None:
    claim = covered()[mutant.seen_by]
    corresponds(claim)
    with mutant.planted(), pytest.raises(WRONG):
        corresponds(claim)


def test_no_two_plants_are_called_the_same() -> None:
    assert len({mutant.meant for mutant in PLANTS}) == len(PLANTS)


@pytest.mark.parametrize("key", MUTATED)
def test_a_changed_text_is_told_from_the_emitted_one(key: str) -> None:
    claim = covered()[key]
    texts = emitted(claim)
    passed, seen = [], 0
    for line, text in mutants(texts.holds):
        try:
            compare(claim, text, texts.letters)
        except WRONG:
            seen += 1
        else:
            passed.append(line)
    assert seen > 2 * len(passed)
    assert [line for line in passed if not IMPLIED.fullmatch(line)] == []

"""The two meanings of a term are the same: of random terms, and no fault in one of them passes."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.language import tree
from derivations.language.tree import Term
from derivations.proof.evaluate import Instance
from tests.language.faults import (
    FAULTS,
    WRITTEN,
    cases,
    differs_on_written,
    first_by_hand,
    first_difference,
    is_in_direct,
)
from tests.language.terms import INSTANCES, Outcome, compared, made, terms
from tests.language.test_direct import _nodes
from tests.planting import Mutant

SOON, FEW, MANY = 50, 300, 2500


@settings(max_examples=100, deadline=None)
@given(terms(), st.sampled_from(INSTANCES))
def test_both_meanings_agree_on_what_hypothesis_draws(term: Term, instance: Instance) -> None:
    assert compared(term, instance) is not Outcome.DIFFER


def test_both_meanings_agree_on_random_terms_and_most_of_these_have_both() -> None:
    found = Counter(compared(term, instance) for term, instance in cases(FEW))
    assert found[Outcome.DIFFER] == 0
    assert found[Outcome.AGREE] > 0.7 * FEW


def test_both_meanings_agree_on_terms_written_for_mistakes() -> None:
    found = {compared(term, instance) for term in WRITTEN for instance in INSTANCES}
    assert Outcome.AGREE in found
    assert Outcome.DIFFER not in found


def test_random_terms_have_every_kind_of_node() -> None:
    rng = Random(2)
    seen = {type(node) for _ in range(FEW) for node in _nodes(made(rng.choice))}
    kinds = {each for each in vars(tree).values() if isinstance(each, type)}
    wanted = {each for each in kinds if issubclass(each, Term) and not each.__subclasses__()}
    assert seen == wanted


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_two_meanings_alone_see_a_fault_in_either(fault: Mutant) -> None:
    soon = first_difference(fault, SOON) is not None or differs_on_written(fault)
    assert soon or first_difference(fault, MANY) is not None


@pytest.mark.slow
def test_there_are_many_faults_and_values_by_hand_see_most_of_meaning_two() -> None:
    in_direct = [fault for fault in FAULTS if is_in_direct(fault)]
    assert len(in_direct) >= 40
    assert len(FAULTS) - len(in_direct) >= 20
    assert len({fault.meant for fault in in_direct}) == len(in_direct)
    assert sum(first_by_hand(fault) is not None for fault in in_direct) > 0.7 * len(in_direct)

"""Instances respect the conditions; where nothing meets them, nothing is proved."""

from itertools import combinations

import pytest

from derivations.claim import Claim, Distinct, NotAmong, Unequal, Verdict
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import U, V, draw, i, k, o, other_draw, x
from tests.proof.judged import equality, judged
from tests.proof.test_instances import BELL, ROWS_DRAWN, alike, blocks, found

CALLED = {claim.id: claim for claim in CLAIMS}


def test_distinct_draws_have_one_pattern() -> None:
    patterns = [blocks(one, "n") for one in found(alike(ROWS_DRAWN, Distinct(draw)), K=4)]
    assert len(patterns) == 1
    assert all(len(block) == 1 for block in patterns[0])


def test_unequal_words_are_never_equal() -> None:
    met = found(alike(U[x, i] + U[o, i], Unequal(x, o)))
    assert len(met) == 1
    assert all(one.indices["x"] != one.indices["o"] for one in met)


def test_a_word_that_is_not_drawn_is_none_of_the_draws() -> None:
    met = found(alike(ROWS_DRAWN + U[o, i], NotAmong(o, draw)), K=3)
    assert len(met) == BELL[3]
    assert all(one.indices["o"] not in one.words.values() for one in met)


def test_a_condition_makes_words_meet_that_meet_nowhere_else() -> None:
    """A row of U and a row of V; without a word apart there would be nothing to decide."""
    assert len(found(alike(U[x, i] + V[o, i], Unequal(x, o)))) == 1
    assert len(found(alike(ROWS_DRAWN + V[o, i], NotAmong(o, draw)), K=3)) == BELL[3]


@pytest.mark.parametrize("name", [claim.id for claim in CLAIMS if claim.conditions])
def test_every_instance_of_a_claim_meets_its_conditions(name: str) -> None:
    claim = CALLED[name]
    met = found(claim, N=3, K=2, m=1, B=1)
    assert met
    for instance in met:
        free = instance.indices
        for condition in claim.conditions:
            if isinstance(condition, Unequal):
                assert free[condition.left.name] != free[condition.right.name]
                continue
            drawn = [word for (listed, _), word in instance.words.items() if listed == "n"]
            if isinstance(condition, Distinct):
                assert all(a != b for a, b in combinations(drawn, 2))
            else:
                assert free[condition.word.name] not in drawn


# No instances, no proof


@pytest.mark.parametrize(
    "claim",
    [
        alike(U[x, i], Unequal(x, x)),
        alike(U[x, i] + U[o, i], Unequal(x, o), Unequal(o, x), Unequal(o, o)),
        alike(U[draw[k], i], NotAmong(draw[k], draw)),
        alike(U[draw[k], i] + U[draw[other_draw], i], Distinct(draw), NotAmong(draw[k], draw)),
    ],
    ids=["x ≠ x", "o ≠ o", "a draw not drawn", "a distinct draw not drawn"],
)
def test_conditions_that_nothing_meets_prove_nothing(claim: Claim) -> None:
    judgement = judged(claim)
    assert judgement.verdict is Verdict.UNDECIDED
    assert judgement.instances == 0
    assert judgement.reason == "no small instance meets the conditions"


def test_conditions_that_nothing_meets_refute_nothing_either() -> None:
    assert judged(equality(U[x, i], 0, Unequal(x, x))).verdict is Verdict.UNDECIDED

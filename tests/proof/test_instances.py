"""Small instances: every pattern of equal words, each once."""

from collections.abc import Iterable

import pytest
from sympy import Expr, Integer, KroneckerDelta

from derivations.claim import Claim
from derivations.indices import total
from derivations.proof.index_evaluation import Instance
from derivations.proof.instances import instances
from derivations.proof.size_signature import shape_of
from derivations.word2vec.losses import U, V, draw, i, j, k, near, o, w, x
from tests.proof.judged import equality

BELL = [1, 1, 2, 5, 15, 52]
UP_TO_THREE_BLOCKS = [1, 1, 2, 5, 14, 41]  # partitions into at most three
ROWS_DRAWN = total(U[draw[k], i], k)


def alike(expression: Expr, *conditions: object) -> Claim:
    """``expression`` equals itself."""
    return equality(expression, expression, *conditions)  # type: ignore[arg-type]


def found(claim: Claim, **sizes: int) -> list[Instance]:
    shape = shape_of(claim)
    return list(instances(shape, {"N": 1, "d": 1, **sizes}))


def blocks(instance: Instance, names: Iterable[str]) -> frozenset[frozenset[object]]:
    """Which words of these lists coincide, whatever they are called."""
    slots = {slot: word for slot, word in instance.words.items() if slot[0] in names}
    return frozenset(
        frozenset(slot for slot, other in slots.items() if other == word) for word in slots.values()
    )


@pytest.mark.parametrize("draws", range(6))
def test_there_is_one_instance_for_each_set_partition_of_the_draws(draws: int) -> None:
    patterns = [blocks(instance, "n") for instance in found(alike(ROWS_DRAWN), K=draws)]
    assert len(patterns) == BELL[draws]
    assert len(set(patterns)) == BELL[draws]


@pytest.mark.parametrize("draws", range(6))
def test_a_vocabulary_that_is_summed_over_limits_the_number_of_blocks(draws: int) -> None:
    claim = alike(ROWS_DRAWN + total(U[w, i], w))
    patterns = {blocks(instance, "n") for instance in found(claim, K=draws, N=3)}
    assert len(patterns) == UP_TO_THREE_BLOCKS[draws]
    assert all(len(pattern) <= 3 for pattern in patterns)


def test_every_vocabulary_is_large_enough_for_the_words_in_it() -> None:
    for instance in found(alike(ROWS_DRAWN + U[o, i]), K=3):
        assert max(instance.words.values()) <= instance.sizes["N"]
        assert instance.indices["o"] <= instance.sizes["N"]


def test_free_words_join_the_patterns_of_the_words_they_can_equal() -> None:
    assert len(found(alike(ROWS_DRAWN + U[o, i] + U[x, i]), K=3)) == BELL[5]


def test_words_that_never_meet_are_chosen_independently() -> None:
    """Rows of U and rows of V: what their words have in common makes no difference."""
    assert len(found(alike(ROWS_DRAWN + V[o, i] + V[x, i]), K=3)) == BELL[3] * BELL[2]


def test_a_delta_makes_words_meet() -> None:
    claim = alike(total(KroneckerDelta(draw[k], o), k) + V[x, i])
    assert len(found(claim, K=3)) == BELL[4]


def test_a_word_given_by_its_number_is_tried_as_every_word() -> None:
    claim = alike(U[Integer(1), i] + U[o, i])
    assert {instance.indices["o"] for instance in found(claim)} >= {1, 2}


def test_a_number_meets_what_runs_over_all_words() -> None:
    """Handed to a definition too: 1 is not the word that o is only compared with in a sum."""
    claim = alike(total(KroneckerDelta(w, o) * U[w, i], w) + U[Integer(1), i])
    assert {instance.indices["o"] for instance in found(claim, N=2)} == {1, 2}


def test_coordinates_are_tried_up_to_their_names() -> None:
    assert {instance.indices["i"] for instance in found(alike(U[o, i]), d=3)} == {1}


def test_the_place_of_the_center_word_has_no_outside_word() -> None:
    around = total((1 - KroneckerDelta(j, 0)) * U[near[j], i], j)
    chosen = {slot for instance in found(alike(around), m=2) for slot in instance.words}
    assert chosen == {("near", (place,)) for place in (-2, -1, 1, 2)}

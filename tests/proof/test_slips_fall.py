"""Every false claim falls, and its counterexample is one: the numbers are worked out again."""

from collections import Counter
from math import e, isclose

import mpmath
import pytest

from derivations.claim import Claim, Verdict, Witness
from tests.false_claims import SLIPS
from tests.proof.by_hand import ByHand
from tests.proof.judged import judged

WELL_SHAPED = [slip for slip in SLIPS if slip.misfit is None]
every_slip = pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.id)
every_refuted = pytest.mark.parametrize("slip", WELL_SHAPED, ids=lambda slip: slip.id)
SLACK = mpmath.mpf(10) ** -20


def witness_of(slip: Claim) -> Witness:
    witness = judged(slip).witness
    assert witness is not None
    return witness


def sigma(z: float) -> float:
    return float(1 / (1 + e**-z))


def middles(witness: Witness) -> tuple[float, float]:
    left, right = ((float(low) + float(high)) / 2 for low, high in (witness.left, witness.right))
    return left, right


@every_slip
def test_a_slip_is_refuted_or_ill_typed(slip: Claim) -> None:
    judgement = judged(slip)
    refuted = slip in WELL_SHAPED
    assert judgement.verdict is (Verdict.REFUTED if refuted else Verdict.ILL_TYPED)
    assert (judgement.witness is not None) == refuted
    assert bool(judgement.reason) != refuted


def test_there_are_slips_for_every_part_and_three_where_there_is_a_gradient() -> None:
    counts = Counter(slip.part for slip in SLIPS)
    assert len(SLIPS) >= 45
    assert all(counts[part] >= 3 for part in (*"abcdefgh", "batch", "spans", "stable"))


@every_slip
def test_a_slip_names_its_mistake_and_says_where_it_is_printed(slip: Claim) -> None:
    assert len(slip.title.split()) >= 3
    assert slip.place == "not printed" or slip.place.startswith(f"({slip.part})")


@every_refuted
def test_the_intervals_of_a_witness_do_not_meet(slip: Claim) -> None:
    with mpmath.workdps(50):
        left, right = (tuple(map(mpmath.mpf, ends)) for ends in _sides(slip))
        assert left[0] <= left[1]
        assert right[0] <= right[1]
        assert left[1] + SLACK < right[0] or right[1] + SLACK < left[0]


@every_refuted
def test_both_sides_worked_out_again_lie_in_their_intervals(slip: Claim) -> None:
    with mpmath.workdps(50):
        by_hand = ByHand(witness_of(slip))
        entries = (slip.sides.left, slip.sides.right)
        for entry, (low, high) in zip(entries, _sides(slip), strict=True):
            value = by_hand.value(entry, {})
            assert mpmath.mpf(low) - SLACK <= value <= mpmath.mpf(high) + SLACK


@every_refuted
def test_a_witness_meets_the_conditions_of_its_slip(slip: Claim) -> None:
    """No condition is met by accident: the words are compared by their names."""
    words = witness_of(slip).words
    drawn = [word for name, word in words.items() if name.startswith("w[")]
    for text in map(str, slip.conditions):
        if text == "x ≠ o":
            assert words["x"] != words["o"]
        elif text == "w distinct":
            assert len(set(drawn)) == len(drawn)
        else:
            assert text == "o not among w"
            assert words["o"] not in drawn


def _sides(slip: Claim) -> tuple[tuple[str, str], tuple[str, str]]:
    witness = witness_of(slip)
    return witness.left, witness.right


# A few worked with pencil and paper, formulas and all


def slip_called(name: str) -> Claim:
    (slip,) = (slip for slip in SLIPS if slip.id == name)
    return slip


def test_the_dropped_exp_by_pencil_and_paper() -> None:
    """One word, u = v = 1: the gradient is −1 + 1, the line printed says −1 + e/1."""
    witness = witness_of(slip_called("slip.b.dropped-exp"))
    assert witness.values == {"U[1,1]": "1", "V[1,1]": "1"}
    left, right = middles(witness)
    assert isclose(left, 0, abs_tol=1e-9)
    assert isclose(right, e - 1, rel_tol=1e-9)


def test_the_extra_factor_by_pencil_and_paper() -> None:
    """One word, u = 1 and v = −1: nothing to learn, but v (1 v − 1) is 2."""
    witness = witness_of(slip_called("slip.c.extra-factor-entrywise"))
    assert witness.values == {"U[1,1]": "1", "V[1,1]": "-1"}
    left, right = middles(witness)
    assert isclose(left, 0, abs_tol=1e-9)
    assert isclose(right, 2, rel_tol=1e-9)


def test_the_overlapping_split_by_pencil_and_paper() -> None:
    """One draw, which is x itself: −log σ(−z) once, not twice."""
    witness = witness_of(slip_called("slip.g.split-printed"))
    assert (witness.sizes["K"], witness.words["l"]) == (1, 1)
    left, right = middles(witness)
    once = -mpmath.log(sigma(0))
    assert isclose(left, once, rel_tol=1e-9)
    assert isclose(right, 2 * once, rel_tol=1e-9)


def test_the_window_with_its_center_by_pencil_and_paper() -> None:
    """No word on either side: the loss is the empty sum, the line printed has one term."""
    witness = witness_of(slip_called("slip.h.center-in-window"))
    assert witness.sizes["m"] == 0
    assert middles(witness) == (0, 1)


def test_the_wrong_argument_of_the_sigmoid_by_pencil_and_paper() -> None:
    """A sample with score 1: its gradient is σ(1), not 1 − σ(1)."""
    witness = witness_of(slip_called("slip.f.sample-argument"))
    left, right = middles(witness)
    assert isclose(left, sigma(1), rel_tol=1e-9)
    assert isclose(right, 1 - sigma(1), rel_tol=1e-9)


def test_the_lost_multiplicity_by_pencil_and_paper() -> None:
    """A word drawn twice at score 0: its gradient is 2 · ½ v, not ½ v."""
    witness = witness_of(slip_called("slip.f.sample-repeated"))
    assert witness.words["w[1]"] == witness.words["w[2]"] != witness.words["o"]
    assert middles(witness) == (1, 0.5)

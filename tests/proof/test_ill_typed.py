"""An ill-typed line is told by its shapes, and whether a transpose would mend it."""

import pytest

from derivations.claim import Claim, Verdict
from derivations.language.tree import Array, Misfit, column
from derivations.proof.judge import judge
from derivations.word2vec.losses import U, V, c, i, o, w, x, yhat
from tests.false_claims import SLIPS
from tests.proof.judged import judged

CALLED = {claim.id: claim for claim in SLIPS}


def matrices(left: Array | Misfit, right: Array | Misfit) -> Claim:
    return Claim("made.up", "", "", "", left, right)


@pytest.mark.parametrize(
    ("slip", "part", "shapes"),
    [
        ("slip.a.subscript-lost", "left = right", ("scalar", "(N, 1)")),
        ("slip.b.row-vector", "left = right", ("(d, 1)", "(1, d)")),
        ("slip.b.transposed", r"U^T (\hat{y} - y)^T", ("(N, d)", "(1, N)")),
        ("slip.b.rows-untransposed", r"U(\hat{y} - y)", ("(N, d)", "(N, 1)")),
        ("slip.c.extra-factor", "v_c(P(O = o | C = c) v_c - 1)", ("(d, 1)", "(d, 1)")),
        ("slip.d.shape", "left = right", ("(N, d)", "(d, N)")),
        ("slip.d.transpose-forgotten", r"v_c(\hat{y} - y)", ("(d, 1)", "(N, 1)")),
        ("slip.d.inner-product", r"v_c^T(\hat{y} - y)", ("(1, d)", "(N, 1)")),
    ],
)
def test_an_ill_typed_line_is_told_by_its_part_and_both_shapes(
    slip: str, part: str, shapes: tuple[str, str]
) -> None:
    judgement = judged(CALLED[slip])
    assert judgement.verdict is Verdict.ILL_TYPED
    assert judgement.reason.startswith(f"{part}: {shapes[0]} does not fit {shapes[1]}")


TRANSPOSED = "with the right side transposed the line is true"


@pytest.mark.parametrize("slip", ["slip.b.row-vector", "slip.d.shape"])
def test_a_line_that_a_transpose_makes_true_is_told_so(slip: str) -> None:
    assert TRANSPOSED in judged(CALLED[slip]).reason


def test_a_line_that_is_false_transposed_as_well_is_not_told_so() -> None:
    v_c = column(V[c, i], i, "v_c")
    u_o = column(U[o, i], i, "u_o")
    judgement = judge(matrices(v_c, u_o.T))
    assert judgement.verdict is Verdict.ILL_TYPED
    assert "transposed" not in judgement.reason
    assert TRANSPOSED in judge(matrices(v_c, v_c.T)).reason


def test_an_ill_typed_line_has_no_proof_no_witness_and_no_instance() -> None:
    judgement = judged(CALLED["slip.b.transposed"])
    assert judgement.proofs == ()
    assert judgement.witness is None
    assert judgement.instances == 0


def test_equal_shapes_over_other_indices_are_well_typed() -> None:
    """Which letter runs over the words does not matter."""
    assert judge(matrices(column(yhat(c, w), w), column(yhat(c, x), x))).verdict is Verdict.PROVED


def test_words_do_not_fit_coordinates() -> None:
    judgement = judge(matrices(column(U[w, i], w), column(U[w, i], i)))
    assert judgement.verdict is Verdict.ILL_TYPED
    assert "(N, 1) does not fit (d, 1)" in judgement.reason

"""A claim is stated with its conditions, and where it does not fit together it says so."""

import pytest

from derivations.claim import Claim
from derivations.language.tree import Array
from derivations.report.statement import definitions, ranges, readings, statement
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import V, c, i
from tests.report.pretend import OTHER, SHAPELESS

BY_ID = {claim.id: claim for claim in CLAIMS}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.cross-entropy", "H(y, ŷ) = −log ŷ[o]"),
        ("b.entry", "∂J_naive/∂V[c,i] = Σ_w U[w,i] (ŷ[w] − y[w])"),
        ("c.other", "∂J_naive/∂U[x,i] = V[c,i] P(x|c)  (x ≠ o)"),
        ("e.complement", "1 − σ(z) = σ(−z)"),
        (
            "f.sample",
            "∂J_neg/∂U[n[k],i] = V[c,i] (1 − σ(−z[n[k]]))  (n distinct; o not among n)",
        ),
        (
            "g.row",
            "∂J_neg/∂U[x,i] = V[c,i] (−[x = o] (1 − σ(z[o])) + Σ_k [n[k] = x] (1 − σ(−z[n[k]])))",
        ),
        ("h.U", "∂J_window/∂U[x,i] = Σ_{j≠0} ∂J(c, near[j])/∂U[x,i]"),
    ],
)
def test_a_claim_is_stated_entry_by_entry(name: str, text: str) -> None:
    assert statement(BY_ID[name]) == text


def test_a_line_of_matrix_algebra_is_stated_both_ways() -> None:
    assert readings(BY_ID["b.rows"]) == [
        "∂J/∂v_c = Uᵀ (ŷ − y)",
        "∂J_naive/∂V[c,i] = Σ_w U[w,i] (ŷ[w] − y[w])",
    ]


def test_a_misfit_is_stated_with_both_shapes() -> None:
    assert statement(SHAPELESS) == "∂J/∂v_c = U (ŷ − y), where (N, d) does not fit (N, 1)"


def test_sides_of_different_shapes_are_stated_with_their_shapes() -> None:
    column, row = Array(V[c, i], (i, None), "v_c"), Array(V[c, i], (None, i))
    claim = Claim("id", "b", "(b)", "title", column, row)
    assert statement(claim) == "v_c = V[c,i], which equates (d, 1) and (1, d)"


def test_every_named_function_of_a_statement_is_defined_down_to_the_parameters() -> None:
    assert definitions(OTHER) == [
        "J_naive = −log P(o|c)",
        "P(o|c) = exp(z[o]) / (Σ_w exp(z[w]))",
        "z[w] = Σ_h U[w,h] V[c,h]",
    ]


def test_free_indices_are_listed_with_their_ranges_also_those_differentiated_by() -> None:
    assert ranges(BY_ID["c.other"]) == ["c, o, x in 1..N (word)", "i in 1..d (coordinate)"]


def test_an_index_that_a_sum_binds_is_not_free_though_it_is_differentiated_by() -> None:
    assert ranges(BY_ID["d.row-sum"]) == ["c, o in 1..N (word)", "i in 1..d (coordinate)"]

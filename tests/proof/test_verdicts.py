"""What a verdict is and where it is decided; false claims fall, and a wrong step proves nothing."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import e, isclose
from pathlib import Path
from typing import Any

import mpmath
import pytest
from sympy import Expr, Function, Integer, KroneckerDelta, Symbol, cbrt, exp, log

from derivations import verify
from derivations.claim import Claim, Condition, Distinct, NotAmong, Proof, Unequal, Verdict, Witness
from derivations.indices import total
from derivations.language import tree
from derivations.language.functions import ARCCOS
from derivations.language.tree import Array, Misfit, column
from derivations.proof import contraction, functions_of_sums, normal_form, reductions, sums
from derivations.proof import judge as judge_module
from derivations.proof.context import Context
from derivations.proof.evaluate import Instance
from derivations.proof.functions_of_sums import Algebra
from derivations.proof.instances import instances, signature_of
from derivations.proof.judge import Disagreement, judge
from derivations.proof.terms import Table, Term, Total
from derivations.reader.derivation import reading
from derivations.report.stdio import FAILED
from derivations.report.subject import Subject
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import (
    D,
    U,
    V,
    b,
    c,
    draw,
    i,
    j,
    k,
    near,
    o,
    other_draw,
    score,
    sigma,
    w,
    x,
    yhat,
    z,
)
from tests.documents import SLIPS
from tests.planting import Mutant, instead
from tests.proof.by_hand import ByHand, equality, judged
from tests.reader.test_forms import verdict

# What a judgement says beside its verdict: the node that left the fragment, the evidence.


CALLED = {claim.id: claim for claim in (*CLAIMS, *SLIPS)}


# Undecided

unknown = Function("g")


@pytest.mark.parametrize(
    ("expression", "node"),
    [
        (unknown(z), "g(z)"),
        (cbrt(U[o, i]), "U[o, i]**(1/3)"),
        (Symbol("t") ** Symbol("s"), "t**s"),
        (Integer(2) ** z, "2**z"),
    ],
    ids=str,
)
def test_what_is_outside_the_fragment_is_undecided_and_named(expression: Expr, node: str) -> None:
    judgement = judge(equality(expression, expression + z - z))
    assert judgement.verdict is Verdict.UNDECIDED
    assert node in judgement.reason


def test_an_undecided_claim_is_not_decided_by_looking_alike() -> None:
    """Both sides are the very same expression; still nothing is said about what is unknown."""
    assert judge(equality(unknown(z), unknown(z))).verdict is Verdict.UNDECIDED


def test_sides_without_a_value_are_undecided() -> None:
    judgement = judge(equality(1 / (U[o, i] - U[o, i] * sigma(z) - U[o, i] * sigma(-z)), z))
    assert judgement.verdict is Verdict.UNDECIDED
    assert "no value" in judgement.reason or "division by zero" in judgement.reason


# What a judgement carries


def test_a_proof_says_what_it_covered() -> None:
    proofs = {proof.name: proof for proof in judged(CALLED["b.entry"]).proofs}
    assert proofs["normal form"].detail == "the difference is zero for all sizes"
    assert proofs["small sizes"].detail == "N ≤ 3, d ≤ 2"
    assert proofs["size bound"].instances > 0


def test_instances_are_added_up_over_the_arguments() -> None:
    judgement = judged(CALLED["c.any"])
    assert judgement.instances == sum(proof.instances for proof in judgement.proofs) > 0


def test_a_refutation_carries_its_instance_and_no_reason() -> None:
    judgement = judged(CALLED["slip.c.o-among-the-others"])
    assert judgement.verdict is Verdict.REFUTED
    assert [proof.holds for proof in judgement.proofs] == [False]
    assert judgement.reason == ""
    assert judgement.witness is not None
    assert judgement.witness.words["x"] == judgement.witness.words["o"]


def test_a_judgement_belongs_to_its_claim_and_is_timed() -> None:
    claim = CALLED["e.derivative"]
    judgement = judge(claim)
    assert judgement.claim is claim
    assert judgement.seconds > 0


def test_the_full_sizes_decide_more_instances_and_the_same_verdict() -> None:
    claim = CALLED["c.other"]
    default, full = judged(claim), judge(claim, "full")
    assert default.verdict is full.verdict is Verdict.PROVED
    assert full.instances > default.instances


def test_a_false_claim_gets_its_smallest_sizes() -> None:
    """One word is not enough to tell the sign of a gradient that is zero there."""
    witness = judged(CALLED["slip.b.sign"]).witness
    assert witness is not None
    assert witness.sizes == {"N": 2, "d": 1}
    assert judge(equality(U[x, i], U[o, i], Unequal(x, o))).verdict is Verdict.REFUTED


# An ill-typed line is told by its shapes, and whether a transpose would mend it.


CALLED_OF_ILL_TYPED = {claim.id: claim for claim in SLIPS}


def matrices(left: tree.Term | Misfit, right: tree.Term | Misfit) -> Claim:
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
    judgement = judged(CALLED_OF_ILL_TYPED[slip])
    assert judgement.verdict is Verdict.ILL_TYPED
    assert judgement.reason.startswith(f"{part}: {shapes[0]} does not fit {shapes[1]}")


TRANSPOSED = "with the right side transposed the line is true"


@pytest.mark.parametrize("slip", ["slip.b.row-vector", "slip.d.shape"])
def test_a_line_that_a_transpose_makes_true_is_told_so(slip: str) -> None:
    assert TRANSPOSED in judged(CALLED_OF_ILL_TYPED[slip]).reason


def test_a_line_that_is_false_transposed_as_well_is_not_told_so() -> None:
    v_c = column(V[c, i], i, "v_c")
    u_o = column(U[o, i], i, "u_o")
    judgement = judge(matrices(v_c, u_o.T))
    assert judgement.verdict is Verdict.ILL_TYPED
    assert "transposed" not in judgement.reason
    assert TRANSPOSED in judge(matrices(v_c, v_c.T)).reason


def test_an_ill_typed_line_has_no_proof_no_witness_and_no_instance() -> None:
    judgement = judged(CALLED_OF_ILL_TYPED["slip.b.transposed"])
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


# Every line claimed is proved, by both arguments.


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_is_proved_by_both_arguments_and_has_no_counterexample(claim: Claim) -> None:
    found = judged(claim)
    assert found.verdict is Verdict.PROVED
    proofs = {proof.name: proof for proof in found.proofs}
    assert proofs.keys() >= {"normal form", "small sizes"}
    assert all(proof.holds for proof in proofs.values())
    assert found.instances >= proofs["small sizes"].instances > 0
    assert found.witness is None
    assert found.reason == ""


def test_ids_are_unique_across_claims_and_false_claims() -> None:
    repeated = [id for id, n in Counter(c.id for c in (*CLAIMS, *SLIPS)).items() if n > 1]
    assert repeated == []


def test_every_part_of_the_document_has_claims() -> None:
    assert {claim.part for claim in CLAIMS} == {*"abcdefgh", "batch", "spans", "stable"}


def test_an_id_begins_with_the_part_it_belongs_to() -> None:
    assert [c.id for c in CLAIMS if not c.id.startswith(f"{c.part}.")] == []
    assert [s.id for s in SLIPS if not s.id.startswith(f"slip.{s.part}.")] == []


def test_no_equality_is_claimed_twice() -> None:
    said = Counter((c.left, c.right, c.conditions) for c in (*CLAIMS, *SLIPS))
    assert [key for key, n in said.items() if n > 1] == []


# No verdict rests on a heuristic, a float or a parsed text; what is guessed has to be proved.


PROOF = Path(__file__).parents[2] / "derivations" / "proof"
FORBIDDEN = {
    *("simplify", "equals", "nsimplify", "is_constant", "evalf", "lambdify", "doit"),
    *("sympify", "parse_expr", "parse_latex", "eval", "exec", "literal_eval", "pickle"),
    *("float", "numpy", "isclose", "random"),
}

# a multiple is guessed from numbers at random points, and is then a claim of its own, to be proved
GUESSED = {"premise_multiplier.py": {"float", "random"}}


def used(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield "float"


def test_no_argument_rests_on_simplification_or_floating_point() -> None:
    files = sorted(PROOF.glob("*.py"))
    assert len(files) > 10
    found = {path.name: FORBIDDEN & set(used(path.read_text())) for path in files}
    assert {name: words for name, words in found.items() if words} == GUESSED


def test_a_use_of_simplification_or_floating_point_is_seen() -> None:
    assert FORBIDDEN & set(used("from sympy import simplify")) == {"simplify"}
    assert FORBIDDEN & set(used("a.equals(b)")) == {"equals"}
    assert FORBIDDEN & set(used("tolerance = 1e-9")) == {"float"}


# Small instances: every pattern of equal words, each once.


BELL = [1, 1, 2, 5, 15, 52]
UP_TO_THREE_BLOCKS = [1, 1, 2, 5, 14, 41]  # partitions into at most three
ROWS_DRAWN = total(U[draw[k], i], k)


def alike(expression: Expr, *conditions: object) -> Claim:
    """``expression`` equals itself."""
    return equality(expression, expression, *conditions)  # type: ignore[arg-type]


def found(claim: Claim, **sizes: int) -> list[Instance]:
    shape = signature_of(claim)
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


# Instances respect the conditions; where nothing meets them, nothing is proved.


CALLED_OF_INSTANCE_CONDITIONS = {claim.id: claim for claim in CLAIMS}


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
    claim = CALLED_OF_INSTANCE_CONDITIONS[name]
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
                assert isinstance(condition, NotAmong)
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


def _verdict(left: Expr, right: Expr) -> Verdict:
    return judge(Claim("real", "real", "", "", Array(left), Array(right))).verdict


@pytest.mark.parametrize("loss", [log(-sigma(z)), log(-exp(z)), log(log(1 / (1 + exp(z))))])
def test_a_logarithm_that_is_never_real_is_undecided(loss: Expr) -> None:
    assert _verdict(loss, loss + 0 * z) is Verdict.UNDECIDED


def test_a_logarithm_that_is_never_real_is_undecided_where_a_derivative_is_zero() -> None:
    never = total(log(-sigma(score(c, draw[k]))), k)
    always = total(log(sigma(score(c, draw[k]))), k)
    assert _verdict(D(never, z), Integer(0)) is Verdict.UNDECIDED
    assert _verdict(D(always, z), Integer(0)) is Verdict.PROVED


@pytest.mark.parametrize(
    ("left", "right"),
    [(log(z) + log(z), 2 * log(z)), (1 / z + 1 / z, 2 / z), (log(1 - z), log(1 - z) + 0 * z)],
)
def test_a_side_that_is_real_for_some_numbers_is_proved(left: Expr, right: Expr) -> None:
    assert _verdict(left, right) is Verdict.PROVED


# A false claim among the true ones is not proved, and the command fails.


BY_ID = {claim.id: claim for claim in (*CLAIMS, *SLIPS)}


@pytest.mark.parametrize("part", sorted({slip.part for slip in SLIPS}))
def test_a_slip_under_another_name_is_not_proved(part: str) -> None:
    slip = next(slip for slip in SLIPS if slip.part == part)
    planted = replace(slip, id="b.planted", title="the gradient by the center vector")
    assert judge(planted).verdict is not Verdict.PROVED


def test_the_command_fails_when_a_slip_is_among_the_claims(
    capsys: pytest.CaptureFixture[str],
) -> None:
    planted = replace(BY_ID["slip.e.plus"], id="e.planted")
    assert verify.main([], load=lambda: Subject((BY_ID["e.forms"], planted), ())) == FAILED
    assert "e.planted" in capsys.readouterr().out


def test_the_command_fails_when_a_true_claim_is_among_the_slips(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verify.main([], load=lambda: Subject((), (BY_ID["e.forms"],))) == FAILED
    assert "e.forms" in capsys.readouterr().out


# A wrong rule for what is one of two, odd, or beside a column times a row is found out.


GIVEN = r"""```given
size n >= 1
scalar y in \{0, 1\}
scalar z
matrix A in R^{n x n}, invertible
vector u, v in R^n
```
"""


def _found_out(line: str) -> bool:
    """Whether a line that a wrong rule makes true is not proved."""
    (entry,) = reading(f"{GIVEN}$${line}$$\n", "line.md").entries
    try:
        return judge(entry.claim).verdict.value != "proved"  # type: ignore[union-attr]
    except Disagreement:
        return True


def _exchanged(terms: Total, context: Context, of: Any = contraction.in_sum) -> Any:
    found = of(terms, context)
    return found and replace(found, first=found.second, second=found.first)


def _doubled(of: Table, context: Context, found: Any = contraction.rank_one_update) -> Any:
    parted = found(of, context)
    return parted and (parted[0], (parted[1][0], 2 * parted[1][1]))


VALUES = r"e^{y z} = y + (1 - y) e^z"
DETERMINANT = r"\det(A + u v^\top) = \det(A) (1 + 2 v^\top A^{-1} u)"
ODD = r"\arccos(-\frac{y}{2}) = -\arccos(\frac{y}{2})"
RULES = (
    Mutant(
        "the values are exchanged", (instead(contraction, "in_sum", _exchanged),), seen_by=VALUES
    ),
    Mutant(
        "the product counts twice",
        (instead(contraction, "rank_one_update", _doubled),),
        DETERMINANT,
    ),
    Mutant("an even function is odd", (instead(ARCCOS.symbolic, "odd", True),), ODD),
)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_wrong_rule_proves_nothing(rule: Mutant) -> None:
    with rule.planted():
        assert _found_out(rule.seen_by)


def test_the_lines_of_wrong_rules_are_false() -> None:
    text = GIVEN + "\n".join(f"$${rule.seen_by}$$\n" for rule in RULES)
    assert [verdict(entry) for entry in reading(text, "lines.md").entries] == ["refuted"] * 3


# Every false claim falls, and its counterexample is one: the numbers are worked out again.


SLACK = mpmath.mpf(10) ** -20


def witness_of(slip: Claim) -> Witness:
    witness = judged(slip).witness
    assert witness is not None
    return witness


def logistic(z: float) -> float:
    return float(1 / (1 + e**-z))


def middles(witness: Witness) -> tuple[float, float]:
    left, right = ((float(low) + float(high)) / 2 for low, high in (witness.left, witness.right))
    return left, right


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.id)
def test_a_slip_falls_with_its_mistake_named_and_numbers_that_show_it(slip: Claim) -> None:
    """Both sides are worked out again, and the conditions are met by no accident."""
    assert len(slip.title.split()) >= 3
    assert slip.place == "not printed" or slip.place.startswith(f"({slip.part})")
    judgement = judged(slip)
    if slip.misfit is not None:
        assert judgement.verdict is Verdict.ILL_TYPED
        assert judgement.reason
        assert judgement.witness is None
        return
    assert judgement.verdict is Verdict.REFUTED
    assert not judgement.reason
    witness = witness_of(slip)
    with mpmath.workdps(50):
        left, right = (tuple(map(mpmath.mpf, ends)) for ends in (witness.left, witness.right))
        assert left[0] <= left[1]
        assert right[0] <= right[1]
        assert left[1] + SLACK < right[0] or right[1] + SLACK < left[0]
        by_hand = ByHand(witness)
        for entry, (low, high) in zip(
            (slip.sides.left, slip.sides.right), (left, right), strict=True
        ):
            assert low - SLACK <= by_hand.value(entry, {}) <= high + SLACK
    assert_meets_the_conditions(slip, witness.words)


def assert_meets_the_conditions(slip: Claim, words: Mapping[str, int]) -> None:
    """The words are compared by their names."""
    drawn = [word for name, word in words.items() if name.startswith("w[")]
    for text in map(str, slip.conditions):
        if text == "x ≠ o":
            assert words["x"] != words["o"]
        elif text == "w distinct":
            assert len(set(drawn)) == len(drawn)
        else:
            assert text == "o not among w"
            assert words["o"] not in drawn


def test_there_are_slips_for_every_part_and_three_where_there_is_a_gradient() -> None:
    counts = Counter(slip.part for slip in SLIPS)
    assert len(SLIPS) >= 45
    assert all(counts[part] >= 3 for part in (*"abcdefgh", "batch", "spans", "stable"))


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
    once = -mpmath.log(logistic(0))
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
    assert isclose(left, logistic(1), rel_tol=1e-9)
    assert isclose(right, 1 - logistic(1), rel_tol=1e-9)


def test_the_lost_multiplicity_by_pencil_and_paper() -> None:
    """A word drawn twice at score 0: its gradient is 2 · ½ v, not ½ v."""
    witness = witness_of(slip_called("slip.f.sample-repeated"))
    assert witness.words["w[1]"] == witness.words["w[2]"] != witness.words["o"]
    assert middles(witness) == (1, 0.5)


# No condition is there for show: without it the claim falls.


NEEDED = [(claim, condition) for claim in CLAIMS for condition in claim.conditions]


@pytest.mark.parametrize(
    ("claim", "condition"), NEEDED, ids=[f"{claim.id}: {c}" for claim, c in NEEDED]
)
def test_without_its_condition_a_claim_is_refuted(claim: Claim, condition: Condition) -> None:
    others = tuple(other for other in claim.conditions if other != condition)
    twin = judged(replace(claim, conditions=others))
    assert judged(claim).verdict is Verdict.PROVED
    assert twin.verdict is Verdict.REFUTED
    assert twin.witness is not None


def test_some_claims_have_conditions() -> None:
    assert len(NEEDED) >= 9


WELL_SHAPED = [slip for slip in SLIPS if slip.misfit is None]
TERM, IDLE = Algebra.term, "_summed_out"


def outcome(claim: Claim) -> str:
    """The verdict, or that there is none because the arguments disagree."""
    try:
        return judge_module.judge(claim).verdict.value
    except Disagreement:
        return "disagreement"


def _zero(*_: object) -> tuple[()]:
    return ()


def _one(algebra: Algebra, *_: object) -> Total:
    return algebra.constant(1)


def _unsigned(algebra: Algebra, binders: Any, factors: Any, q: Fraction) -> Total:
    return TERM(algebra, binders, factors, abs(q))


def _sum_of_one(_: Algebra, binders: Any, product: Any, q: Fraction) -> Total:
    used = {number for atom, _ in product for number in atom.bound}
    kept = tuple(binder for binder in binders if binder.index.number in used)
    return ((Term(kept, product), q),)


def planted(meant: str, owner: object, name: str, broken: object, seen_by: str = "") -> Mutant:
    return Mutant(meant, (instead(owner, name, broken),), seen_by)


@pytest.mark.slow
def test_a_normal_form_that_is_always_zero_proves_no_slip() -> None:
    """Where a side has no value at some instance there is nothing to disagree with."""
    where = (instead(module, "difference", _zero) for module in (judge_module, reductions))
    with Mutant("every difference is zero", tuple(where)).planted():
        found = {slip.id: outcome(slip) for slip in WELL_SHAPED}
    assert found.pop("slip.batch.mean") == "undecided"
    assert set(found.values()) == {"disagreement"}
    assert len(found) > 90


TOO_MUCH = [
    planted(*each)
    for each in [
        ("any two words differ", Context, "differ", lambda *_: True, "slip.d.only-o"),
        ("every delta is one", Algebra, "delta", _one, "slip.c.captured"),
        ("every delta is zero", Algebra, "delta", _zero, "slip.c.normaliser-constant"),
        ("every exponential is one", Algebra, "exp", _one, "slip.e.even"),
        ("division by anything is by one", Algebra, "inverse", _one, "slip.e.square"),
        ("logarithms vanish", Algebra, "log", _zero, "slip.a.sign"),
        ("signs are lost", Algebra, "term", _unsigned, "slip.e.odd"),
        ("a sum of ones is one", Algebra, IDLE, _sum_of_one, "slip.f.center-inside-sum"),
    ]
]


@pytest.mark.parametrize("mutant", TOO_MUCH, ids=str)
def test_a_step_that_proves_too_much_is_found_out(mutant: Mutant) -> None:
    slip = BY_ID[mutant.seen_by]
    assert outcome(slip) == "refuted"
    with mutant.planted():
        assert outcome(slip) == "disagreement"


def test_a_delta_solved_out_of_range_is_found_out() -> None:
    """The draw with the number of a pair, where there may be fewer draws than pairs."""
    claim = equality(total(KroneckerDelta(k, b) * V[c, i], k), V[c, i])
    first = equality(total(KroneckerDelta(k, 1) * U[draw[k], i], k), U[draw[Integer(1)], i])
    assert outcome(claim) == "refuted"
    assert outcome(first) == "undecided"  # where there is no draw, the right side has no value
    with planted("all is in range", Context, "within", lambda *_: True).planted():
        assert outcome(claim) == "disagreement"
        assert outcome(first) == "undecided"


TOO_LITTLE = [
    planted(*each)
    for each in [
        ("no two words differ", Context, "differ", lambda *_: False, "c.other"),
        ("nothing is in range", Context, "within", lambda *_: False, "a.cross-entropy"),
        ("no delta is solved", contraction, "solved", lambda *_: None, "a.cross-entropy"),
        ("nothing is divided out", sums, "cancelled", lambda *_: None, "a.softmax"),
        ("nothing is positive", functions_of_sums, "positive", lambda *_: False, "stable.softplus"),
        ("sums lose their binder", Algebra, "bind", lambda _, body, __: body, "a.softmax"),
        ("every exponential is one", Algebra, "exp", _one, "stable.max-shift"),
    ]
]
# it sees what division does, too
NEVER_ZERO = instead(normal_form, "vanishes", lambda _: False)


@pytest.mark.parametrize("mutant", TOO_LITTLE, ids=str)
def test_a_step_that_proves_too_little_loses_the_proof(mutant: Mutant) -> None:
    with replace(mutant, changes=(NEVER_ZERO, *mutant.changes)).planted():
        assert outcome(BY_ID[mutant.seen_by]) == "undecided"


def test_a_size_bound_that_fails_on_a_proved_claim_is_a_disagreement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failed = Proof("size bound", False, "fails at N = 3", 1)
    monkeypatch.setattr(judge_module, "by_size_bound", lambda *_: failed)
    with pytest.raises(Disagreement, match="fails at N = 3"):
        judge_module.judge(BY_ID["b.entry"])

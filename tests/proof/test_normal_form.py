"""The normal form for all sizes: what is cancelled and captured; derivatives by two routes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sympy import Derivative, Expr, Integer, KroneckerDelta, Sum, exp, log, pi, sqrt
from sympy.core.cache import clear_cache

from derivations import verify
from derivations.claim import Claim, Verdict
from derivations.indices import Index, total
from derivations.language import index_nodes
from derivations.language.functions import ARCTAN, AbsoluteValue
from derivations.language.index_nodes import (
    InverseEntry,
    define,
    differentiated,
    rebuilt,
    substitute,
    unfold,
)
from derivations.proof import decide, fixed_ranges, normal_form, reductions
from derivations.proof.domain import V as Number
from derivations.proof.evaluate import Dual, Instance, Pair
from derivations.proof.field import Value
from derivations.proof.fragment import OutsideFragment
from derivations.proof.functions_of_sums import Algebra
from derivations.proof.judge import Disagreement, NotCovered, degree, judge
from derivations.proof.terms import Atom, Range, Total, Whole
from derivations.proof.terms import InverseEntry as InverseAtom
from derivations.reader.derivation import derivation
from derivations.report.stdio import PROGRAM_ERROR
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import (
    DRAWS,
    WORDS,
    N,
    P,
    U,
    V,
    c,
    draw,
    h,
    i,
    j,
    k,
    naive_softmax,
    near,
    o,
    score,
    sigma,
    w,
    x,
    y,
    yhat,
)
from tests.planting import forget
from tests.proof.by_hand import PROVED, REFUTED, equality, judged
from tests.reader.test_forms import cases

# Equalities multiplied by what is inverted in them, each with a false twin.


GIVEN = r"""
size n, k >= 1
matrix A, B in R^{n x n}, invertible
matrix S, T in R^{n x n}, positive definite
matrix H in R^{k x n}
matrix U in R^{n x k}
matrix V in R^{k x n}
matrix R in R^{k x k}, positive definite
vector x, y, m in R^n
vector z in R^k
scalar \lambda > 0
"""
# those that are proved and their false twins, by turns
(CLEARED,) = (text for name, _, text in cases() if name.startswith("equalities to be multiplied"))
CLEARED_LINES = re.findall(r"\$\$(.*)\$\$", CLEARED)


def claim(line: str) -> Claim:
    text = f"```given\n{GIVEN}\n```\n\n$$ {line} $$\n"
    (read,) = derivation(text, "cleared").lines
    return read.claim


@pytest.mark.parametrize("line", CLEARED_LINES[1::2])
def test_a_false_twin_is_never_cleared_to_zero(line: str) -> None:
    sides = claim(line).sides
    assert not reductions.equal_when_cleared(sides.left, sides.right, sides.axes, ())


def test_without_clearing_most_of_them_are_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reductions, "MOST_TRIED", -1)
    found = {judge(claim(line)).verdict for line in CLEARED_LINES[:6:2]}
    assert found == {Verdict.UNDECIDED}


def test_what_is_zero_for_all_data_is_not_divided_by(monkeypatch: pytest.MonkeyPatch) -> None:
    zero = r"x^\top ((I + A)^{-1} + (I + A^{-1})^{-1} - I) y"
    sides = claim(rf"\frac{{1}}{{{zero}}} = \frac{{2}}{{{zero}}}").sides
    with pytest.raises(OutsideFragment, match="division by a sum that is zero"):
        normal_form.difference(sides.left, sides.right)
    forget()
    right = Algebra._entry_at_identity

    def mistaken(algebra: Algebra, square: set[str], zero: set[str], atom: Atom) -> Total:
        if isinstance(atom, InverseAtom):  # whatever is inverted
            return algebra.delta(*atom.at)
        return right(algebra, square, zero, atom)

    monkeypatch.setattr(Algebra, "_entry_at_identity", mistaken)
    assert normal_form.difference(sides.left, sides.right)
    forget()


SPREAD = r"""
size n >= {least}
index i in 1..n
vector x, y in R^n
define m = \frac{{1}}{{n}} \sum_i x_i
define s = \sum_i (x_i - m)^2
"""


def of_spread(line: str, least: int) -> Claim:
    text = f"```given\n{SPREAD.format(least=least)}\n```\n\n$$ {line} $$\n"
    (read,) = derivation(text, "spread").lines
    return read.claim


def test_a_spread_may_be_divided_by_from_two_values_on_and_the_reason_says_so() -> None:
    line = r"\frac{\sum_i (x_i - m) y_i}{s} s = \sum_i x_i y_i - m \sum_i y_i"
    assert judge(of_spread(line, 2)).verdict is Verdict.PROVED
    judgement = judge(of_spread(line, 1))
    assert judgement.verdict is Verdict.UNDECIDED
    assert judgement.reason == "a side has no value where n = 1; declare n >= 2"


def test_what_the_least_size_makes_zero_is_not_divided_by(monkeypatch: pytest.MonkeyPatch) -> None:
    sides = of_spread(r"\frac{1}{s} = \frac{2}{s}", 1).sides
    plain = tuple(map(differentiated, (sides.left, sides.right)))
    with pytest.raises(OutsideFragment, match="division by a sum that is zero"):
        normal_form.difference(*plain)
    forget()
    monkeypatch.setattr(Algebra, "_of_sizes", lambda *_: Whole.number(1))  # whatever it is
    assert normal_form.difference(*plain)
    forget()


# Ranges of a fixed length, written out: a mistake there is contradicted by small numbers.


FIXED = r"""
scalar a, b
vector v in R^2
matrix M in R^{2 x 2}
"""
# what each would prove, and where it is made
WRITTEN_WRONG = {
    "the last member is lost": (
        r"\sum_{i=1}^2 v_i = v_1",
        "_between",
        lambda lower, upper: range(int(lower), int(upper)),
    ),
    "all permutations count alike": (
        r"\det M = M_{11} M_{22} + M_{12} M_{21}",
        "_inversions",
        lambda order: 0,
    ),
    "what is free is put at the first member alone": (
        r"v = (v_1, v_1)",
        "product",
        lambda *ranges: [tuple(each[0] for each in ranges)],
    ),
}


def of_fixed_size(line: str) -> Claim:
    text = f"```given\n{FIXED}\n```\n\n$$ {line} $$\n"
    (read,) = derivation(text, "fixed").lines
    return read.claim


@pytest.mark.parametrize("name", WRITTEN_WRONG)
def test_a_mistake_in_what_is_written_out_is_seen(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, where, mistaken = WRITTEN_WRONG[name]
    assert judge(of_fixed_size(line)).verdict is Verdict.REFUTED
    forget()
    monkeypatch.setattr(fixed_ranges, where, mistaken)
    with pytest.raises(Disagreement):
        judge(of_fixed_size(line))
    forget()


def test_the_last_member_of_a_geometric_sum_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    right, wrong = (
        rf"\sum_{{i=1}}^n \lambda^i (\lambda - 1) = \lambda^{{{end}}} - \lambda"
        for end in ("n + 1", "n")
    )
    assert judge(claim(right)).verdict is Verdict.PROVED
    assert judge(claim(wrong)).verdict is Verdict.REFUTED
    forget()
    summed = Algebra._summed_by_parts

    def mistaken(algebra: Algebra, power: int, extent: Range, *others: Any) -> Total:
        shorter = Range(extent.lower, extent.upper - Whole.number(1))
        return summed(algebra, power, shorter, *others)

    monkeypatch.setattr(Algebra, "_summed_by_parts", mistaken)
    with pytest.raises(Disagreement):
        judge(claim(wrong))
    forget()


def test_the_adjugate_is_that_of_the_transposed_cofactors(monkeypatch: pytest.MonkeyPatch) -> None:
    right, wrong = (
        r"M^{-1} = \frac{1}{\det M} \begin{pmatrix}"
        rf" M_{{22}} & -{one} \\ -{other} & M_{{11}} \end{{pmatrix}}"
        for one, other in (("M_{12}", "M_{21}"), ("M_{21}", "M_{12}"))
    )
    assert judge(of_fixed_size(right)).verdict is Verdict.PROVED
    assert judge(of_fixed_size(wrong)).verdict is Verdict.REFUTED
    monkeypatch.setattr(InverseEntry, "at", property(lambda entry: entry.args[1::-1]))
    forget()
    with pytest.raises(Disagreement):
        judge(of_fixed_size(wrong))
    forget()


def test_too_much_is_not_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixed_ranges, "MOST_NODES", 5)
    assert judge(of_fixed_size(r"\det M = M_{11} M_{22} - M_{12} M_{21}")).verdict is (
        Verdict.UNDECIDED
    )


def test_an_array_that_stands_in_an_inverse_is_not_left_out() -> None:
    line = r"\operatorname{diag}(x)^{-1} x = \operatorname{diag}(y)^{-1} x"
    sides = claim(line).sides
    assert not reductions.equal_when_cleared(sides.left, sides.right, sides.axes, ())


def test_sides_of_different_degrees_are_not_compared_by_their_derivatives() -> None:
    sides = claim(r"x^T A^{-1} y = 2 x^T A^{-1} y + \lambda").sides
    assert not reductions.equal_when_cleared(sides.left, sides.right, sides.axes, ())


# How many bound indices a term holds: what the bound on sizes rests on.


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (U[o, i], {}),
        (total(U[w, i], w), {"word": 1}),
        (total(U[w, i], w) * total(V[w, i], w), {"word": 2}),
        (total(U[w, i], w) ** 3, {"word": 3}),
        (total(U[w, i], w) + total(V[w, i], w), {"word": 1}),
        (total(total(U[w, i] * V[x, i], w), x), {"word": 2}),
        (total(U[w, h] * V[w, h], h) * total(U[w, i], w), {"word": 1, "coordinate": 1}),
        (exp(score(c, o)), {}),
        (total(exp(score(c, w)), w), {"word": 1}),
        (sigma(score(c, o)), {}),
        (total(U[draw[k], i], k), {"draw": 1}),
        (total(U[near[j], i], j) ** 2, {"offset": 2}),
        (P(o, c), {}),
        (P(o, c) - U[o, i], {"word": 1}),
        (P(o, c) ** 2 - U[o, i], {"word": 2}),
        (total(P(w, c), w) - 1, {"word": 1}),
        (total(sqrt(1 + U[w, i] ** 2), w), {"word": 1}),
        (total(AbsoluteValue(U[w, i]), w) ** 2, {"word": 2}),
        (sqrt(pi) * ARCTAN.symbolic(U[o, i]), {}),
    ],
    ids=str,
)
def test_bound_indices_are_counted_once_denominators_are_cleared(
    expression: Expr, expected: dict[str, int]
) -> None:
    assert +degree(unfold(expression)) == Counter(expected)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (N * U[o, i], "the size N as a number"),
        (naive_softmax(c, o), "a sum inside a logarithm"),
        (log(total(U[w, i], w)), "a sum inside a logarithm"),
        (exp(total(U[w, i], w)), "a sum over words inside an exponential"),
        (exp(score(c, o)) + exp(total(U[o, h], h)), "exponentials of different sums"),
        (total(U[w, i] / total(U[x, i] * V[w, i], x), w), "depends on a bound index"),
        (sqrt(total(U[w, i] ** 2, w)), "Pow"),
        (sqrt(N) * U[o, i], "Pow"),
        (AbsoluteValue(total(U[w, i], w)), "AbsoluteValue"),
    ],
    ids=str,
)
def test_what_the_argument_does_not_cover_is_refused(expression: Expr, reason: str) -> None:
    with pytest.raises(NotCovered, match=reason):
        degree(unfold(expression))


# What is refuted says by how much its sides differ, simplified, where that is short.


GIVEN_OF_DIFFERENCES = """\
```given
size n >= 1
index i, j in 1..n
vector w, x in R^n
matrix A in R^{n x n}
scalar \\lambda, a, b
```
"""


def difference(line: str) -> str:
    (entry,) = derivation(f"{GIVEN_OF_DIFFERENCES}$${line}$$", "own").lines
    judgement = judge(entry.claim)
    assert judgement.verdict is Verdict.REFUTED
    return judgement.difference


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (r"\lambda a = a", "(λ − 1) a"),
        (r"a - b = b - a", "2 (a − b)"),
        (r"-a = b", "−(a + b)"),
        (r"\lambda w = w", "(λ − 1) w[i]"),
        (r"\lambda w^T x = w^T x", "(λ − 1) Σ_i w[i] x[i]"),
        (r"\frac{a}{\lambda} = \frac{b}{\lambda}", "(a − b) / λ"),
        (r"\frac{a}{2} = \frac{b}{2}", "(a − b) / 2"),
        (r"\frac{1}{a} = 0", "1 / a"),
        (r"a + 1 = a", "1"),
        (r"\frac{1}{3} a = 0", "a / 3"),
        (r"A x = A^T x", "Σ_j A[i,j] x[j] − Σ_j A[j,i] x[j]"),
    ],
)
def test_the_difference_is_told(line: str, told: str) -> None:
    assert difference(line) == told


def test_a_derivative_of_an_unknown_function_in_numbers_to_try_reads_as_one() -> None:
    given = "```given\nscalar t, s\narbitrary L(t)\narbitrary G(t, s)\n```\n"
    derivative = r"\frac{\partial}{\partial t}"
    for line, name in (
        (f"{derivative} L(t^2) = L(t)", "L′(0)"),
        (f"{derivative} G = 1", "∂₁G(0, 0)"),
    ):
        (entry,) = derivation(f"{given}$${line}$$", "own").lines
        witness = judge(entry.claim).witness
        assert witness is not None
        assert name in witness.values


def test_a_long_difference_is_not_told() -> None:
    assert difference(r"(a + b)^9 = 0") == ""


def test_sides_that_are_equal_have_no_difference() -> None:
    (entry,) = derivation(f"{GIVEN_OF_DIFFERENCES}$$a + b = b + a$$", "own").lines
    assert judge(entry.claim).difference == ""


# Letters that are bound in one place and free in another: nothing is captured.


def D(function: Expr, by: Expr) -> Expr:
    return Derivative(function, by, evaluate=False)


SUM_OF_EXP = total(exp(U[w, i]), w)


@pytest.mark.parametrize(
    ("right", "verdict"),
    [
        (exp(U[w, i]), PROVED),  # one term depends on the free w
        (SUM_OF_EXP, REFUTED),  # what SymPy answers when both are called w
        (0, REFUTED),
    ],
)
def test_a_sum_differentiated_by_the_letter_it_binds(right: Expr, verdict: Verdict) -> None:
    assert judged(equality(D(SUM_OF_EXP, U[w, i]), right)).verdict is verdict


def test_sympy_alone_does_capture() -> None:
    """The reason for renaming; the day this fails, renaming may go."""
    assert SUM_OF_EXP.diff(U[w, i]).doit() == SUM_OF_EXP
    assert differentiated(D(SUM_OF_EXP, U[w, i])).has(KroneckerDelta)


def test_a_row_of_the_gradient_called_by_the_bound_letter() -> None:
    """∂/∂u_w of −log P, where P sums over w."""
    gradient = D(naive_softmax(c, o), U[w, i])
    assert judged(equality(gradient, (yhat(c, w) - y(o, w)) * V[c, i])).verdict is PROVED
    captured = total(yhat(c, w) * V[c, i], w) - y(o, w) * V[c, i]
    assert judged(equality(gradient, captured)).verdict is REFUTED


def test_a_letter_bound_on_one_side_and_free_on_the_other() -> None:
    assert judged(equality(total(U[w, i], w), total(U[x, i], x))).verdict is PROVED
    assert judged(equality(total(U[w, i], w), U[w, i])).verdict is REFUTED


def test_a_letter_bound_and_free_in_one_term() -> None:
    both = U[w, i] * total(U[w, i], w)
    assert judged(equality(both, total(U[w, i] * U[x, i], x))).verdict is PROVED
    assert judged(equality(both, total(U[w, i] ** 2, w))).verdict is REFUTED


def test_the_innermost_of_two_sums_over_one_letter_binds() -> None:
    nested = total(V[w, i] * total(U[w, i], w), w)
    assert judged(equality(nested, total(V[w, i], w) * total(U[x, i], x))).verdict is PROVED
    assert judged(equality(nested, total(V[w, i] * U[w, i], w))).verdict is REFUTED


def test_a_sum_over_one_letter_twice() -> None:
    """Σ_w Σ_w u_w: the outer sum repeats the inner one N times."""
    repeated = total(total(U[w, i], w), w)
    assert judged(equality(repeated, WORDS.upper * total(U[x, i], x))).verdict is PROVED
    assert judged(equality(repeated, total(U[w, i], w))).verdict is REFUTED


def test_a_square_of_a_sum_is_a_sum_over_pairs() -> None:
    square = total(U[w, i], w) ** 2
    assert judged(equality(square, total(total(U[w, i] * U[x, i], w), x))).verdict is PROVED
    assert judged(equality(square, total(U[w, i] ** 2, w))).verdict is REFUTED


def test_a_sum_below_a_sum_below_the_same_letter() -> None:
    """A bound name met again inside an inverse is another one."""
    share = U[w, i] / total(exp(V[w, i]), w)
    claim = equality(total(share, w), total(U[x, i], x) / total(exp(V[o, i]), o))
    assert judged(claim).verdict is PROVED
    wrong = total(U[w, i] / exp(V[w, i]), w)
    assert judged(equality(total(share, w), wrong)).verdict is REFUTED


def test_a_nested_inverse_keeps_its_own_index() -> None:
    inner = 1 / total(exp(U[w, i]), w)
    outer = 1 / total(exp(V[w, i]) + inner, w)
    same = 1 / (total(exp(V[x, i]), x) + WORDS.upper / total(exp(U[o, i]), o))
    assert judged(equality(outer, same)).verdict is PROVED
    captured = 1 / total(exp(V[w, i]) + 1 / exp(U[w, i]), w)
    assert judged(equality(outer, captured)).verdict is REFUTED


def test_a_definition_sees_its_parameters_and_not_the_place_it_is_used_in() -> None:
    """score(c, w) sums over h; so does the sum around it."""
    around = total(score(c, w) * U[w, h], h)
    product = score(c, w) * total(U[w, i], i)
    assert judged(equality(around, product)).verdict is PROVED


def test_an_argument_of_a_definition_may_use_the_letter_it_binds() -> None:
    """P(w|c) summed over w, where the body of P sums over w too."""
    assert judged(equality(total(P(w, c), w), 1)).verdict is PROVED
    captured = total(exp(score(c, w)) / exp(score(c, w)), w)
    assert judged(equality(total(P(w, c), w), captured)).verdict is REFUTED


def test_a_parameter_called_like_a_free_index_is_another_one() -> None:
    first = define("first", "first({x})", (x,), U[x, i])
    assert (
        judged(equality(total(first(w), w) * V[x, i], total(U[o, i], o) * V[x, i])).verdict
        is PROVED
    )
    assert judged(equality(first(w), U[x, i])).verdict is REFUTED


def test_substitution_renames_what_would_capture() -> None:
    replaced = substitute(total(U[w, i] * V[x, i], w), {x: w})
    ((bound, *_),) = replaced.limits
    assert bound != w
    assert w in replaced.free_symbols
    assert judged(equality(replaced, V[w, i] * total(U[o, i], o))).verdict is PROVED


PRIMED = Index("w'", WORDS)


def test_substitution_renames_away_from_every_name_there_is() -> None:
    """The name that w would get is free beside it, or comes in with another value."""
    beside = total(U[w, i] * V[x, i] * U[PRIMED, i], w)
    replaced = substitute(beside, {x: w})
    assert judged(equality(replaced, V[w, i] * U[PRIMED, i] * total(U[o, i], o))).verdict is PROVED
    assert judged(equality(replaced, V[w, i] * total(U[o, i] ** 2, o))).verdict is REFUTED
    both = substitute(total(U[w, i] * V[x, i] * V[o, i], w), {x: w, o: PRIMED})
    assert {w, PRIMED} <= both.free_symbols


def test_substitution_renames_within_one_another_to_different_names() -> None:
    nested = total(total(U[w, i] * U[PRIMED, i] * V[x, i], PRIMED), w)
    replaced = substitute(nested, {x: w})
    names = [limit[0] for node in replaced.atoms(Sum) for limit in node.limits]
    assert len({*names, w}) == 3
    assert judged(equality(replaced, V[w, i] * total(U[o, i], o) ** 2)).verdict is PROVED


def test_a_name_taken_by_another_set_is_not_given_again() -> None:
    """Two letters that are printed alike would be told apart by nobody."""
    word_k = Index("k", WORDS)
    replaced = substitute(total(U[draw[k], i] * V[x, i], k), {x: word_k})
    ((bound, *_),) = replaced.limits
    assert bound.name != "k"


def test_unfolding_renames_away_from_every_name_there_is() -> None:
    """A letter that looks like a new name, free in the line or in the body of a definition."""
    numbered = Index("w₁", WORDS)
    row = define("row", "row({x})", (x,), U[x, i] * V[Index("w₂", WORDS), i])
    whole = unfold(U[numbered, i] * total(row(w), w))
    bound = {limit[0].name for node in whole.atoms(Sum) for limit in node.limits}
    assert bound.isdisjoint({"w₁", "w₂"})
    product = U[numbered, i] * total(U[w, i] * V[x, i], w)
    assert judged(equality(product, V[x, i] * U[numbered, i] * total(U[o, i], o))).verdict is PROVED
    captured = V[x, i] * total(U[o, i] ** 2, o)
    assert judged(equality(product, captured)).verdict is REFUTED


def test_unfolding_makes_all_bound_names_distinct() -> None:
    whole = unfold(total(P(w, c), w) * total(P(w, c), w))
    names = [limit[0].name for node in whole.atoms(Sum) for limit in node.limits]
    assert len(names) == len(set(names))


def test_a_letter_means_the_index_set_it_ranges_over() -> None:
    """A k over draws and a k over words are two indices."""
    word_k = Index("k", WORDS)
    assert Index("k", DRAWS) == k != word_k
    both = total(total(U[draw[k], i] * V[word_k, i], k), word_k)
    split = total(U[draw[k], i], k) * total(V[w, i], w)
    assert judged(equality(both, split)).verdict is PROVED


CALLED = {claim.id: claim for claim in CLAIMS}


@pytest.fixture
def nothing_remembered() -> Iterator[None]:
    """What a broken program worked out must not be found by the next test."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    clear_cache()
    index_nodes._differentiated.cache_clear()
    index_nodes._by.cache_clear()
    forget()


def _capturing(expression: Expr) -> Any:
    """Definitions replaced by their bodies, bound names left as they are."""
    return rebuilt(expression, {}, lambda index, _: index, unfolding=True)


@pytest.mark.usefixtures("nothing_remembered")
@pytest.mark.parametrize(
    ("fault", "owner", "name", "broken", "claim"),
    [
        ("the derivative of exp is one", exp, "fdiff", lambda *_: Integer(1), "b.entry"),
        ("the derivative of log is one", log, "fdiff", lambda *_: Integer(1), "c.any"),
        ("bound names are not renamed", index_nodes, "unfold", _capturing, "d.columns"),
    ],
)
def test_a_fault_in_the_derivative_by_sympy_is_a_disagreement(
    monkeypatch: pytest.MonkeyPatch, fault: str, owner: Any, name: str, broken: Any, claim: str
) -> None:
    monkeypatch.setattr(owner, name, broken)
    with pytest.raises(Disagreement, match="by rule and the one in index notation differ"):
        judge(CALLED[claim])


@pytest.mark.usefixtures("nothing_remembered")
@pytest.mark.parametrize("claim", ["b.entry", "c.any", "e.derivative", "g.row", "h.U"])
def test_a_derivative_by_sympy_that_is_always_zero_is_a_disagreement(
    monkeypatch: pytest.MonkeyPatch, claim: str
) -> None:
    monkeypatch.setattr(index_nodes, "_differentiated", lambda _: Integer(0))
    with pytest.raises(Disagreement, match="by rule and the one in index notation differ"):
        judge(CALLED[claim])


def _first_factor_only(dual: Dual[Number], left: Pair[Number], right: Pair[Number]) -> Pair[Number]:
    value = dual.base.multiply(left.value, right.value)
    return Pair(value, dual.base.multiply(left.tangent, right.value))


def _no_inner_derivative(dual: Dual[Number], pair: Pair[Number]) -> Pair[Number]:
    value = dual.base.exp(pair.value)
    return Pair(value, value)


def _log_upside_down(dual: Dual[Number], pair: Pair[Number]) -> Pair[Number]:
    return Pair(dual.base.log(pair.value), dual.base.multiply(pair.tangent, pair.value))


def _exponent_forgotten(dual: Dual[Number], pair: Pair[Number], exponent: int) -> Pair[Number]:
    outer = dual.base.power(pair.value, exponent - 1)
    return Pair(dual.base.power(pair.value, exponent), dual.base.multiply(outer, pair.tangent))


def _constant(dual: Dual[Number], key: Any) -> Pair[Number]:
    return Pair(dual.base.parameter(key), dual.zero)


@pytest.mark.usefixtures("nothing_remembered")
@pytest.mark.parametrize(
    ("rule", "broken", "claim"),
    [
        ("multiply", _first_factor_only, "b.entry"),
        ("exp", _no_inner_derivative, "c.other"),
        ("log", _log_upside_down, "f.outside"),
        ("power", _exponent_forgotten, "e.derivative"),
        ("parameter", _constant, "g.center"),
    ],
)
def test_a_fault_in_a_rule_of_calculus_is_a_disagreement(
    monkeypatch: pytest.MonkeyPatch, rule: str, broken: Callable[..., Pair[Any]], claim: str
) -> None:
    monkeypatch.setattr(Dual, rule, broken)
    with pytest.raises(Disagreement, match="by rule and the one in index notation differ"):
        judge(CALLED[claim])


@pytest.mark.usefixtures("nothing_remembered")
def test_a_disagreement_has_its_own_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(index_nodes, "_differentiated", lambda _: Integer(0))
    assert verify.main(["e.derivative"]) == PROGRAM_ERROR
    assert "e.derivative" in "".join(capsys.readouterr())


@pytest.mark.usefixtures("nothing_remembered")
@pytest.mark.parametrize("claim", ["c.other", "h.U"])
def test_both_routes_are_compared_at_ever_larger_and_more_varied_instances(
    monkeypatch: pytest.MonkeyPatch, claim: str
) -> None:
    compared: list[tuple[Instance, Expr]] = []

    def counted(run: decide._Run, side: decide.Side, value: Value) -> None:
        compare(run, side, value)
        compared.append((run.instance, side.form))

    compare = decide._Run._compare
    monkeypatch.setattr(decide._Run, "_compare", counted)
    assert judge(CALLED[claim]).verdict is Verdict.PROVED
    left = decide.question_of(CALLED[claim]).left
    at = [instance for instance, form in compared if form == left.form]
    varied = [decide._variety(instance) for instance in at]
    assert varied == sorted(varied)
    assert len(set(varied)) >= 3
    assert any(len(set(each.sizes.values())) > 1 for each in at)

"""Expressions become mathematics that reads as it was meant."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Add,
    Basic,
    Derivative,
    Expr,
    Integer,
    KroneckerDelta,
    Matrix,
    Min,
    Mul,
    Piecewise,
    Pow,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    nan,
    oo,
    zoo,
)

from derivations.indices import total
from derivations.language.index_form import entry_of
from derivations.language.tree import Term
from derivations.report.linear_notation import mathematics
from derivations.report.statement import readings
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import (
    K,
    P,
    U,
    V,
    c,
    centers,
    draw,
    i,
    j,
    k,
    naive_softmax,
    near,
    negative_sampling_at,
    o,
    pair_loss,
    sigma,
    w,
    x,
    y,
    yhat,
    z,
)
from tests.false_claims import SLIPS
from tests.report.read_back import read_back


def D(function: Expr, by: Expr) -> Expr:
    return Derivative(function, by, evaluate=False)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (D(naive_softmax(c, o), V[c, i]), "∂J_naive/∂V[c,i]"),
        (total(U[w, i] * (yhat(c, w) - y(o, w)), w), "Σ_w U[w,i] (ŷ[w] − y[w])"),
        (total((1 - KroneckerDelta(j, 0)) * near[j], j), "Σ_{j≠0} near[j]"),
        (total(1 - KroneckerDelta(j, 0), j), "Σ_{j≠0} 1"),
        (-2 * total((1 - KroneckerDelta(w, o)) * P(w, c), w), "−2 Σ_{w≠o} P(w|c)"),
        (total((1 - KroneckerDelta(draw[k], x)) * z, k), "Σ_k [n[k] ≠ x] z"),
        (Sum(U[draw[k], i], (k, 1, K - 1)), "Σ_{k=1..K−1} U[n[k],i]"),
        (KroneckerDelta(w, o), "[w = o]"),
        (1 - KroneckerDelta(w, o), "[w ≠ o]"),
        (P(o, c) - 1, "P(o|c) − 1"),
        (1 - sigma(-z), "1 − σ(−z)"),
        (-log(P(o, c)), "−log P(o|c)"),
        (z * log(sigma(z)), "z log σ(z)"),
        (log(1 + exp(-z)), "log(1 + exp(−z))"),
        (exp(z) / (1 + exp(z)), "exp(z) / (1 + exp(z))"),
        (exp(-z) / (1 + exp(-z)) ** 2, "exp(−z) / (1 + exp(−z))²"),
        (z / 2, "z / 2"),
        (Rational(-3, 4), "−3/4"),
        (Piecewise((1, z >= 0), (exp(-Abs(z)), True)), "{1 if z ≥ 0; exp(−|z|) otherwise}"),
        (Min(z, 0), "min(z, 0)"),
        (D(pair_loss(c, near[j]), U[x, i]), "∂J(c, near[j])/∂U[x,i]"),
        (pair_loss(c, o).partial(V, (c, i)), "(∂J/∂V)(c, o, i)"),
    ],
)
def test_an_expression_is_written_as_a_reader_would(expression: Expr, text: str) -> None:
    assert mathematics(expression) == text


def test_an_argument_that_the_notation_leaves_out_is_shown_where_it_is_not_the_usual_one() -> None:
    assert mathematics(yhat(centers[1], x)) == "ŷ[x; c=centers[1]]"
    assert mathematics(naive_softmax(c, near[j])) == "J_naive(o=near[j])"
    assert mathematics(negative_sampling_at(c, near[j], j)) == "J_neg[j; o=near[j]]"


def test_a_node_without_a_notation_is_refused_with_advice() -> None:
    with pytest.raises(TypeError, match=r"has no notation; give it one in"):
        mathematics(Matrix([[1]]).as_immutable())


def test_claims_that_look_alike_are_alike() -> None:
    seen: dict[str, list[Expr]] = {}
    for claim in (*CLAIMS, *SLIPS):
        terms = [side for side in (claim.left, claim.right) if isinstance(side, Term)]
        entries = [entry_of(term)[0] for term in terms]
        assert seen.setdefault(readings(claim)[-1], entries) == entries
    assert len(seen) > (len(CLAIMS) + len(SLIPS)) // 2


NAMES = {name: Fraction(value) for name, value in zip("abkl", (3, -5, 2, 7), strict=True)}
SYMBOLS = {name: Symbol(name) for name in NAMES}
LEAVES = st.one_of(
    st.integers(-3, 3).map(Integer),
    st.sampled_from(list(SYMBOLS.values())),
    st.sampled_from([Rational(1, 2), Rational(-2, 3)]),
    st.sampled_from([KroneckerDelta(SYMBOLS["k"], 1), 1 - KroneckerDelta(SYMBOLS["k"], 2)]),
)


def _grown(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    pairs = st.tuples(parts, parts)
    return st.one_of(
        pairs.map(lambda two: Add(*two)),
        pairs.map(lambda two: Mul(*two)),
        pairs.map(lambda two: Mul(two[0], Pow(two[1], -1))),
        st.tuples(parts, st.sampled_from([-2, -1, 2, 3])).map(lambda two: Pow(*two)),
        st.tuples(parts, st.sampled_from("kl")).map(
            lambda two: Sum(two[0], (SYMBOLS[two[1]], 1, 3))
        ),
    )


def _value(node: Basic, names: dict[str, Fraction]) -> Fraction:
    """What the expression is worth, straight from its tree."""
    if isinstance(node, Sum):
        *inner, (index, lower, upper) = node.limits
        rest = Sum(node.function, *inner) if inner else node.function
        members = range(int(lower), int(upper) + 1)
        values = [_value(rest, {**names, index.name: Fraction(n)}) for n in members]
        return sum(values, Fraction(0))
    if isinstance(node, Symbol):
        return names[node.name]
    if isinstance(node, Rational):
        return Fraction(int(node.p), int(node.q))
    parts = [_value(part, names) for part in node.args]
    if isinstance(node, KroneckerDelta):
        return Fraction(parts[0] == parts[1])
    if isinstance(node, Pow):
        return parts[0] ** int(parts[1])
    result = parts[0]
    for part in parts[1:]:
        result = result + part if isinstance(node, Add) else result * part
    return result


@settings(max_examples=400, deadline=None)
@given(st.recursive(LEAVES, _grown, max_leaves=7))
def test_the_text_read_back_has_the_value_of_the_expression(expression: Expr) -> None:
    assume(not expression.has(nan, oo, zoo))
    try:
        value = _value(expression, NAMES)
    except ZeroDivisionError:
        reject()
    assert read_back(mathematics(expression), NAMES) == value

"""How expressions, readings and statements are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

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

from derivations.claim import Claim, Verdict
from derivations.indices import total
from derivations.language.index_form import entry_of
from derivations.language.tree import Array, Term
from derivations.reader.source import Attempts
from derivations.report.judging import AsRead
from derivations.report.statement import definitions, mathematics, ranges, readings, statement
from derivations.report.subject import of_file
from derivations.report.workers import Limits
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
from tests.report.test_screen import OTHER, SHAPELESS

# Reads the notation of rational expressions back and evaluates it, to check the printer.


TOKEN = re.compile(r"\s*(Σ_\{[^}]*\}|\d+|[a-z]|[()\[\]|=≠+−/]|[⁰¹²³⁴-⁹]+)")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
STARTS = re.compile(r"\d+|[a-z]|[(\[]|Σ.*")


class Reader:
    """Recursive descent; what it knows of precedence is stated here and nowhere else."""

    def __init__(self, text: str) -> None:
        self.tokens = [match[1] for match in TOKEN.finditer(text)]
        assert "".join(self.tokens).replace(" ", "") == text.replace(" ", "")
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        assert not expected or token == expected, (token, expected)
        self.at += 1
        return token

    def value(self, names: dict[str, Fraction]) -> Fraction:
        """A few terms."""
        sign = -1 if self.peek() == "−" and self.take() else 1
        result = sign * self.term(names)
        while self.peek() in ("+", "−"):
            sign = -1 if self.take() == "−" else 1
            result += sign * self.term(names)
        return result

    def term(self, names: dict[str, Fraction]) -> Fraction:
        """Factors side by side, and at most one divisor."""
        result = self.factor(names)
        while STARTS.fullmatch(self.peek()):
            result *= self.factor(names)
        if self.peek() == "/":
            self.take()
            result /= self.power(names)
        return result

    def factor(self, names: dict[str, Fraction]) -> Fraction:
        """A sum reads on to the end of its term."""
        head = re.fullmatch(r"Σ_\{(\w)=(\d+)\.\.(\d+)((?:, \w≠[^,]+)*)\}", self.peek())
        if head is None:
            return self.power(names)
        self.take()
        left_out = [read_back(part.split("≠")[1], names) for part in head[4].split(",")[1:]]
        start, result = self.at, Fraction(0)
        for member in range(int(head[2]), int(head[3]) + 1):
            self.at = start
            value = self.term({**names, head[1]: Fraction(member)})
            result += 0 if member in left_out else value
        return result

    def power(self, names: dict[str, Fraction]) -> Fraction:
        base = self.atom(names)
        if self.peek() and self.peek()[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹":
            return base ** int(self.take().translate(SUPERSCRIPTS))
        return base

    def atom(self, names: dict[str, Fraction]) -> Fraction:
        token = self.take()
        if token == "(":
            result = self.value(names)
            self.take(")")
            return result
        if token == "[":
            left, relation, right = self.value(names), self.take(), self.value(names)
            self.take("]")
            return Fraction((left == right) == (relation == "="))
        return Fraction(token) if token.isdecimal() else names[token]


def read_back(text: str, names: dict[str, Fraction]) -> Fraction:
    """The value of ``text``, all of it."""
    reader = Reader(text)
    result = reader.value(names)
    assert reader.at == len(reader.tokens), reader.tokens[reader.at :]
    return result


# Expressions become mathematics that reads as it was meant.


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


# Of many files the first ones are judged before the last ones are read, and each once.


TEXT = "```given\nscalar a, b\n```\n\n$$a + b = b + a$$\n\n$$a + b = a b$$\n"


def judging(attempts: Attempts, *names: str) -> AsRead:
    return AsRead(None, "default", Limits(), attempts, frozenset(names), len(names))


def test_what_is_enough_is_judged_before_the_next_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("derivations.report.judging.ENOUGH", 4)
    told: list[str] = []

    def tell(name: str, found: Mapping[str, Any]) -> None:
        told.append(name.rpartition("/")[2])

    attempts = Attempts(telling=tell)
    files = [str(tmp_path / f"{name}.md") for name in "abc"]
    work = judging(attempts, *files)
    counts = []
    for file in files:
        Path(file).write_text(TEXT)
        work.add(file, of_file(file, attempts))
        counts.append(len(told))
    assert counts == [0, 4, 4]
    work.finish()
    assert told[-2:] == ["c.md: line.1", "c.md: line.2"]
    for file in files:
        verdicts = [each.verdict for each in work.judgements[file]]
        assert verdicts == [Verdict.PROVED, Verdict.REFUTED]
        assert [each.claim.id for each in work.judgements[file]] == ["line.1", "line.2"]
    again = judging(Attempts(known=dict(attempts.known), telling=tell), *files)
    for file in files:
        again.add(file, of_file(file))
    again.finish()
    assert len(told) == 6
    assert list(again.judgements) == files


def test_a_file_that_another_may_take_in_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("derivations.report.judging.ENOUGH", 1)
    file = tmp_path / "part.tex"
    file.write_text("% given\n% scalar a\n\n\\[a = a\\]\n")
    work = judging(Attempts(), str(file))
    work.add(str(file), of_file(str(file)))
    assert not work.judgements
    work.finish()
    assert str(file) in work.judgements


# A claim is stated with its conditions, and where it does not fit together it says so.


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

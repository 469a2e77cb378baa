"""Arguments have domains, by the derivation or by the user, and inputs are drawn from there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx

from derivations.implementation import BadArguments
from derivations.implementation.exact import BITS, expected
from derivations.implementation.inputs import Case, cases
from derivations.implementation.question import Domain, read, within
from derivations.implementation.resolve import problem_of
from tests.implementation.kernels import quick, sigmoid, softmax
from tests.kernels.cases import Pair
from tests.kernels.oracle import oracle

SIGNS = r"""```given
size m >= 1
index i in 1..m
vector s in \{-1, 1\}^m
vector w in R^m
define \sigma(z) = \frac{1}{1 + e^{-z}}
define J(w) = -\sum_i \log \sigma(s_i w_i)
```

## (a)

$$\frac{\partial}{\partial w_i} J(w) = -s_i \sigma(-s_i w_i)$$
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "notes.md"
    path.write_text(text, encoding="utf-8")
    return path


def one_line(tmp_path: Path, declared: str, line: str) -> Path:
    return written(tmp_path, f"```given\n{declared}\n```\n\n## (a)\n\n$${line}$$\n")


def test_a_number_above_zero_is_drawn_above_zero(tmp_path: Path) -> None:
    seen: list[float] = []

    def kernel(s: Any) -> Any:
        seen.append(float(s))
        return 2 * np.log(s)

    path = one_line(tmp_path, "scalar s > 0", r"\log(s^2) = 2 \log s")
    report = quick(kernel, "a.1", {"s": "s"}, derivation=path)
    assert report.ok, report
    assert min(seen) > 0
    assert "s > 0" in str(report)


def test_signs_are_signs(tmp_path: Path) -> None:
    seen: set[float] = set()

    def kernel(s: Any, w: Any) -> Any:
        seen.update(s.tolist())
        # right where s is a sign, and only there
        return np.where(s > 0, -sigmoid(-w), sigmoid(w)).astype(w.dtype)

    path = written(tmp_path, SIGNS)
    report = quick(kernel, "a.1", {"s": "s", "w": "w"}, derivation=path, blocks=True)
    assert report.ok, report
    assert seen == {-1.0, 1.0}


def test_counts_are_whole_numbers(tmp_path: Path) -> None:
    seen: set[float] = set()

    def kernel(x: Any) -> Any:
        seen.update(x.tolist())
        return 2 * np.where(x == np.floor(x), x, -x)

    declared = "size n >= 1\nindex i, j in 1..n\nvector x in \\mathbb{N}^n"
    path = one_line(tmp_path, declared, r"\frac{\partial}{\partial x_i} \sum_j x_j^2 = 2 x_i")
    report = quick(kernel, "a.1", {"x": "x"}, derivation=path)
    assert report.ok, report
    assert all(each >= 0 and each == int(each) for each in seen)
    assert len(seen) > 2


@pytest.mark.parametrize(
    ("declared", "line", "low", "high"),
    [
        ("scalar p in (0, 1)", r"\log(p (1 - p)) = \log p + \log(1 - p)", 0.0, 1.0),
        ("scalar -1 < r < 1", r"\frac{\partial}{\partial r} r^2 = 2 r", -1.0, 1.0),
    ],
)
def test_a_number_between_two_is_drawn_between_them(
    tmp_path: Path, declared: str, line: str, low: float, high: float
) -> None:
    seen: list[float] = []
    letter = "p" if "p" in declared else "r"

    def kernel(x: Any) -> Any:
        seen.append(float(x))
        return np.log(x) + np.log1p(-x) if letter == "p" else 2 * x

    path = one_line(tmp_path, declared, line)
    assert quick(kernel, "a.1", {"x": letter}, derivation=path).ok
    assert low < min(seen) < max(seen) < high


def test_a_domain_that_only_the_code_has_is_said_by_its_user() -> None:
    def kernel(v: Any, nodes: Any, signs: Any, Theta: Any) -> Any:
        bits = signs < 0  # of signs alone
        z = Theta[nodes] @ v
        by = np.where(bits, sigmoid(z), -sigmoid(-z)).astype(v.dtype)
        return Theta[nodes].T @ by

    path = Path("derivations/hierarchical_softmax/written.md")
    asked = {"v": "v", "nodes": "p", "signs": "s", "Theta": "Θ.T"}
    assert not quick(kernel, "s.5", asked, derivation=path).ok
    report = quick(kernel, "s.5", asked, derivation=path, domains={"signs": "{-1, 1}"})
    assert report.ok, report


def test_what_is_no_domain_is_refused() -> None:
    with pytest.raises(BadArguments, match="none of '> 0'"):
        quick(lambda c, outside, V, U: 0, "skip_gram.naive_softmax", domains={"V": "small"})
    with pytest.raises(BadArguments, match="no argument 'W'"):
        quick(lambda c, outside, V, U: 0, "skip_gram.naive_softmax", domains={"W": "> 0"})


@pytest.mark.parametrize(
    ("said", "domain"),
    [
        ("> 0", Domain(lower=0)),
        ("(0, 1)", Domain(lower=0, upper=1)),
        ("in (0, 1)", Domain(lower=0, upper=1)),
        ("{-1, 1}", Domain(values=(-1, 1))),
        (r"\{0, 1\}", Domain(values=(0, 1))),
        ("whole", Domain(whole=True)),
        ("(1, 0)", None),
        ("positive", None),
    ],
)
def test_domains_are_read(said: str, domain: Domain | None) -> None:
    assert read(said) == domain


def test_probabilities_add_up_exactly() -> None:
    rng = np.random.default_rng(0)
    for n in (1, 2, 5, 300):
        found = within(Domain(lower=0, upper=1, total=1), np.zeros(n), rng)
        assert found.sum() == 1
        assert n == 1 or ((found > 0) & (found < 1)).all()


@pytest.mark.parametrize("axis", [0, 1])
def test_what_each_row_adds_up_to_is_drawn_so(axis: int) -> None:
    rng = np.random.default_rng(0)
    numbers = within(Domain(total=2, axis=axis), rng.normal(size=(4, 5)), rng)
    assert (numbers.sum(axis=axis) == 2).all()
    bits = within(Domain(values=(0, 1), total=1, axis=axis), np.zeros((4, 5)), rng)
    assert (bits.sum(axis=axis) == 1).all()
    assert (bits.sum(axis=1 - axis) != 1).any()


# The condition scale from the expression, against the one worked out by hand.


NAMES = {"loss": "loss", "grad_v_c": "grad_v", "grad_U": "grad_U"}


def sampling(v_c: Any, o: Any, U: Any, negatives: Any) -> Any:
    """Never called: its arguments are all that is looked at."""


PROBLEMS = {
    "naive_softmax": problem_of(softmax, "naive_softmax", None, None, None),
    "negative_sampling": problem_of(sampling, "negative_sampling", None, None, None),
}


def inputs(name: str) -> list[Case]:
    return list(cases(PROBLEMS[name], np.dtype(np.float64), 3, True, 10))


def pair(case: Case) -> Pair:
    values = case.values
    return Pair(values["v_c"], values["o"], values["U"], values.get("negatives"))


@pytest.mark.parametrize("name", PROBLEMS)
def test_values_are_those_of_the_oracle_written_by_hand(name: str) -> None:
    for case in inputs(name):
        found = expected(PROBLEMS[name], case)
        exact, _ = oracle(pair(case))
        assert found is not None
        for output, part in NAMES.items():
            want = np.asarray(getattr(exact, part), dtype=object)
            for ours, theirs in zip(found[output].values.ravel(), want.ravel(), strict=True):
                assert ours.overlaps(theirs), (output, case.values)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_scale_is_nowhere_more_lenient_than_the_one_worked_out_by_hand(name: str) -> None:
    with ctx.workprec(BITS[-1]):
        for case in inputs(name):
            found = expected(PROBLEMS[name], case)
            _, scale = oracle(pair(case))
            assert found is not None
            for output, part in NAMES.items():
                limit = np.asarray(getattr(scale, part), dtype=object)
                for ours, theirs in zip(found[output].scale.ravel(), limit.ravel(), strict=True):
                    assert not ours > theirs * (1 + arb(1e-9)), (output, case.values)


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_small_relative_change_of_rows_moves_no_result_by_more_than_the_scale(name: str) -> None:
    """Rounding a score is such a change; so the scale must not be too strict, either."""
    rng = np.random.default_rng(5)
    small = 2.0**-40
    for case in inputs(name):
        if np.abs(case.values["U"] @ case.values["v_c"]).max() > 50:
            continue  # there a change of 2^-40 is not of first order
        U = case.values["U"] * (1 + small * rng.choice([-1, 1], case.values["U"].shape))
        moved = Case(case.sizes, {**case.values, "U": U}, case.dtype)
        before, after = expected(PROBLEMS[name], case), expected(PROBLEMS[name], moved)
        assert before is not None
        assert after is not None
        for output in NAMES:
            one, other = before[output], after[output]
            for a, b, scale in zip(
                one.values.ravel(), other.values.ravel(), one.scale.ravel(), strict=True
            ):
                assert not abs(a - b) > 1.001 * small * scale, (output, case.values)

"""What is found is told with its numbers; inputs come from domains and hurt at their ends."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx

from derivations.implementation import BadArguments, KernelWrong, Kind
from derivations.implementation.exact import BITS, expected
from derivations.implementation.inputs import Case, cases, within
from derivations.implementation.question import Domain, read
from derivations.implementation.resolve import problem_of
from tests.implementation.conftest import buffered, quick, rows, sigmoid, softmax
from tests.kernels.cases import Pair
from tests.kernels.oracle import oracle

KEPT: dict[Any, Any] = {}


def transposed(v_c: Any, o: int, U: Any) -> Any:
    gradient = softmax(v_c, o, U)[2]
    return gradient.T if gradient.shape[0] == gradient.shape[1] else gradient


def of_the_wrong_shape(v_c: Any, o: int, U: Any) -> Any:
    return softmax(v_c, o, U)[2].T


def negated(v_c: Any, o: int, U: Any) -> Any:
    return -softmax(v_c, o, U)[2]


def averaged(v_c: Any, o: int, U: Any) -> Any:
    return softmax(v_c, o, U)[2] / U.dtype.type(len(U))


def cancelling(v_c: Any, o: int, U: Any) -> Any:
    e = np.exp(U @ v_c - (U @ v_c).max())
    error = e / e.sum()
    error[o] -= 1
    return np.outer(error, v_c)


def overflowing(v_c: Any, o: int, U: Any) -> Any:
    e = np.exp(U @ v_c)
    error = e / e.sum()
    error[o] = -np.delete(e, o).sum() / e.sum()
    return np.outer(error, v_c)


def dead(v_c: Any, o: int, U: Any) -> Any:
    return np.zeros_like(U)


def clipped(v_c: Any, o: int, U: Any) -> Any:
    return np.clip(softmax(v_c, o, U)[2], -2, 2)


def rounded(v_c: Any, o: int, U: Any) -> Any:
    with np.errstate(over="ignore"):
        return softmax(v_c, o, U)[2].astype(np.float32).astype(U.dtype)


def doubled(v_c: Any, o: int, U: Any) -> Any:
    return softmax(v_c, o, U)[2].astype(np.longdouble)


def ignoring_nan(v_c: Any, o: int, U: Any) -> Any:
    return np.nan_to_num(softmax(v_c, o, U)[2])


def changing(v_c: Any, o: int, U: Any) -> Any:
    if U.flags.writeable:
        U -= U.mean(axis=0)
    return softmax(v_c, o, U)[2]


def reusing(v_c: Any, o: int, U: Any) -> Any:
    kept = KEPT.setdefault(U.shape, np.empty(U.shape))
    kept[...] = softmax(v_c, o, U)[2]
    return kept


def remembering(v_c: Any, o: int, U: Any) -> Any:
    KEPT["calls"] = KEPT.get("calls", 0) + 1
    gradient = softmax(v_c, o, U)[2]
    return gradient * (1 + KEPT["calls"] % 3 * np.finfo(U.dtype).eps)


def reading_memory(v_c: Any, o: int, U: Any) -> Any:
    return softmax(v_c, o, U.ravel(order="K").reshape(U.shape))[2]


def raising(v_c: Any, o: int, U: Any) -> Any:
    if len(U) == 1:
        raise RuntimeError("one word is no vocabulary")
    return softmax(v_c, o, U)[2]


def edged(v_c: Any, o: int, U: Any) -> Any:
    return softmax(v_c, o, U)[2] + (len(v_c) == 1)


def too_many(v_c: Any, o: int, U: Any) -> Any:
    return softmax(v_c, o, U)


@pytest.mark.parametrize(
    ("kernel", "kind"),
    [
        (transposed, Kind.TRANSPOSED),
        (of_the_wrong_shape, Kind.TRANSPOSED),
        (negated, Kind.SIGN),
        (averaged, Kind.FACTOR),
        (cancelling, Kind.CANCELLATION),
        (overflowing, Kind.NAN),
        (dead, Kind.ZERO),
        (clipped, Kind.CLIPPED),
        (rounded, Kind.PRECISION),
        (doubled, Kind.WRONG_DTYPE),
        (ignoring_nan, Kind.SWALLOWED),
        (changing, Kind.MUTATED),
        (reusing, Kind.REUSED),
        (remembering, Kind.STATE),
        (reading_memory, Kind.LAYOUT),
        (raising, Kind.RAISES),
        (edged, Kind.EDGE),
        (too_many, Kind.WRONG_SHAPE),
    ],
)
def test_a_mistake_is_called_by_its_name(kernel: Any, kind: Kind) -> None:
    KEPT.clear()
    report = quick(kernel, "c.any", {"v_c": "V[c]", "o": "o", "U": "U"})
    assert kind in {finding.kind for finding in report.findings}, report


def test_a_dropped_duplicate_is_named_with_the_list_it_was_dropped_from() -> None:
    report = quick(buffered, "negative_sampling", returns="grad_U")
    (finding,) = report.findings
    assert finding.kind is Kind.DUPLICATE
    assert "negatives" in finding.detail


def test_an_outside_word_that_is_not_counted_as_a_sample_is_named() -> None:
    def kernel(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
        return rows(v_c, o, U, negatives[negatives != o])

    (finding,) = quick(kernel, "negative_sampling", returns="grad_U").findings
    assert finding.kind is Kind.SHARED
    assert "o is also in negatives" in finding.detail


def test_a_mean_in_place_of_a_sum_is_named_by_its_size() -> None:
    (finding,) = quick(averaged, "naive_softmax", returns="grad_U").findings
    assert "1/N times" in finding.detail


def test_two_mistakes_are_two_findings() -> None:
    def kernel(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
        grad = np.zeros_like(U)
        grad[o] += (sigmoid_minus_one(U[o] @ v_c)) * v_c
        grad[negatives] += buffered(v_c, o, U, negatives)[negatives] - grad[negatives]
        return grad

    def sigmoid_minus_one(x: Any) -> Any:
        return 1 / (1 + np.exp(-x)) - 1

    kinds = {each.kind for each in quick(kernel, "negative_sampling", returns="grad_U").findings}
    assert {Kind.DUPLICATE, Kind.CANCELLATION} <= kinds


def test_a_list_handed_back_as_the_rows_of_a_result_is_an_alias() -> None:
    def kernel(v_c: Any, o: int, U: Any) -> Any:
        loss, by_v, by_U = softmax(v_c, o, U)
        v_c[...] = by_v
        return loss, v_c, by_U

    kinds = {finding.kind for finding in quick(kernel, "naive_softmax").findings}
    assert {Kind.ALIASED, Kind.MUTATED} <= kinds


def test_a_row_listed_twice_is_found_though_dense_adds_it_up() -> None:
    class Listed:
        def __init__(self, words: Any, values: Any) -> None:
            self.rows, self.values = words, values

        def dense(self, count: int) -> Any:
            grad = np.zeros((count, self.values.shape[1]), self.values.dtype)
            np.add.at(grad, self.rows, self.values)
            return grad

    def kernel(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
        words = np.array([o, *negatives])
        right = rows(v_c, o, U, negatives)[words]
        times = np.unique(words, return_inverse=True, return_counts=True)
        return Listed(words, right / times[2][times[1]][:, None].astype(U.dtype))

    found = quick(kernel, "negative_sampling", returns="grad_U").findings
    assert {finding.kind for finding in found} == {Kind.REPEATED_ROWS}


# Reports print, reproduce and raise.


def test_the_input_of_a_finding_can_be_pasted_and_shows_it() -> None:
    (finding,) = quick(buffered, "negative_sampling", returns="grad_U").findings
    names: dict[str, Any] = {"np": np}
    exec(finding.reproduce, names)
    given = {name: names[name] for name in finding.values}
    at = tuple(map(int, finding.where.partition("[")[2].rstrip("]").split(",")))
    got, want = buffered(**given)[at], rows(**given)[at]
    assert f"{got:.6g}" == finding.got
    assert f"{want:.6g}" == finding.want
    assert finding.got != finding.want


def test_the_input_of_a_layout_finding_lies_in_memory_as_it_did() -> None:
    def kernel(v_c: Any, o: int, U: Any) -> Any:
        return softmax(v_c, o, U.ravel(order="K").reshape(U.shape))[2]

    (finding,) = quick(kernel, "naive_softmax", returns="grad_U").findings
    names: dict[str, Any] = {"np": np}
    exec(finding.reproduce, names)
    given = {name: names[name] for name in finding.values}
    assert not given["U"].flags.c_contiguous
    assert not np.allclose(kernel(**given), softmax(**given)[2])


def test_float32_numbers_are_written_so_that_they_are_the_same() -> None:
    def kernel(v_c: Any, o: int, U: Any) -> Any:
        return -softmax(v_c, o, U)[2]

    report = quick(kernel, "naive_softmax", returns="grad_U", dtypes=["float32"])
    finding = report.findings[0]
    names: dict[str, Any] = {"np": np}
    exec(finding.reproduce, names)
    assert names["U"].dtype == np.float32
    assert names["U"].tobytes() == np.asarray(finding.values["U"]).tobytes()


def test_the_printed_report_says_what_where_and_how_to_try_it() -> None:
    text = str(quick(buffered, "negative_sampling", returns="grad_U"))
    for part in ("buffered ✗", "dropped duplicate", "grad_U[", "u B", "np.array", "negatives ="):
        assert part in text


def test_the_same_seed_gives_the_same_report() -> None:
    first, second = (str(quick(buffered, "negative_sampling", returns="grad_U")) for _ in "ab")
    assert first == second


def test_another_seed_finds_it_as_well() -> None:
    assert not quick(buffered, "negative_sampling", returns="grad_U", seed=7).ok


def test_a_wrong_kernel_raises_with_the_report_as_message() -> None:
    report = quick(buffered, "negative_sampling", returns="grad_U")
    with pytest.raises(KernelWrong, match="dropped duplicate") as raised:
        report.raise_if_wrong()
    assert isinstance(raised.value, AssertionError)


def test_a_right_kernel_does_not_raise() -> None:
    report = quick(rows, "negative_sampling", returns="grad_U")
    report.raise_if_wrong()
    assert "✓" in str(report)


@pytest.mark.slow
def test_the_inputs_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "import numpy as np\n"
        "from derivations.implementation.resolve import problem_of\n"
        "from derivations.implementation.inputs import cases\n"
        "def f(c, outside, V, U, negatives): ...\n"
        "asked = problem_of(f, 'skip_gram.negative_sampling', None, None, None)\n"
        "found = cases(asked, np.dtype(np.float64), 0, True, 9)\n"
        "print([(sorted(x.sizes.items()), str(x.values)) for x in found])\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(told) == 1
    assert "negatives" in told.pop()


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
        ("> 0", Domain(lower=Fraction(0))),
        ("(0, 1)", Domain(lower=Fraction(0), upper=Fraction(1))),
        ("in (0, 1)", Domain(lower=Fraction(0), upper=Fraction(1))),
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
        found = within(Domain(lower=Fraction(0), upper=Fraction(1), total=1), np.zeros(n), rng)
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
    values: dict[str, Any] = {**case.values}
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
        rows, v_c = (np.asarray(case.values[name]) for name in ("U", "v_c"))
        if np.abs(rows @ v_c).max() > 50:
            continue  # there a change of 2^-40 is not of first order
        U = rows * (1 + small * rng.choice([-1, 1], rows.shape))
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

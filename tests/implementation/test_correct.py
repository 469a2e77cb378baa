"""Right implementations are not accused, large ones included; those with planted bugs are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import Any

import numpy as np
import pytest

import generated
from benchmarks.gradient_checkers.escaping_kernels import ESCAPING, TWINS
from benchmarks.gradient_checkers.planted import PLANTED, SOFTMAX, Kernel
from derivations import CheckReport, check_kernel
from derivations.implementation import BadArguments, Kind
from derivations.implementation import large as wide
from derivations.implementation.calling import Times
from derivations.implementation.exact import expected
from derivations.implementation.inputs import (
    AROUND,
    THOUSANDS,
    Case,
    cases,
    large_cases,
    large_sizes,
)
from derivations.implementation.known_subjects import FUNCTIONS
from derivations.implementation.large import UNIT, at_once
from derivations.implementation.question import Problem
from derivations.implementation.resolve import problem_of
from tests.implementation import conftest as kernels
from tests.implementation.conftest import quick, rows, sigmoid, softmax

KERNELS: dict[str, Callable[..., Any]] = {
    "naive_softmax": generated.naive_softmax.value_and_grad,
    "negative_sampling": generated.negative_sampling.value_and_grad,
    "skip_gram.naive_softmax": generated.skip_gram.naive_softmax_value_and_grad,
    "skip_gram.negative_sampling": generated.skip_gram.negative_sampling_value_and_grad,
    "batch.naive_softmax": generated.naive_softmax.batch_value_and_grad,
    "batch.negative_sampling": generated.negative_sampling.batch_value_and_grad,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_generated_kernels_are_right(name: str) -> None:
    report = quick(KERNELS[name], name)
    assert report.ok, report
    assert max(report.worst.values()) < 8


def test_both_precisions_are_tried() -> None:
    seen = set()

    def watched(v_c: Any, o: Any, U: Any) -> Any:
        seen.add(U.dtype.name)
        return softmax(v_c, o, U)

    report = check_kernel(watched, "naive_softmax")
    assert report.ok, report
    assert seen == {"float32", "float64"}


def test_a_loss_alone_is_right() -> None:
    report = quick(generated.negative_sampling.loss, "negative_sampling", returns="loss")
    assert report.ok, report


def test_one_gradient_alone_is_right() -> None:
    report = quick(rows, "negative_sampling", returns="grad_U")
    assert report.ok, report


def test_results_that_are_not_looked_at_may_be_anything() -> None:
    def kernel(v_c: Any, o: Any, U: Any) -> Any:
        return "nothing", softmax(v_c, o, U)[2]

    report = quick(kernel, "naive_softmax", returns=(None, "grad_U"))
    assert report.ok, report


def test_claims_by_id_with_the_rows_as_columns() -> None:
    def kernel(center: Any, outside: int, vectors: Any) -> Any:
        loss, by_center, by_rows = softmax(center, outside, vectors.T)
        return loss, by_center, by_rows.T

    arguments = {"center": "V[c]", "outside": "o", "vectors": "U.T"}
    report = quick(kernel, ["J_naive", "b.entry", "c.any"], arguments)
    assert report.ok, report


def test_a_gradient_put_together_from_claims_with_conditions_is_covered() -> None:
    """The two rows of a window: the center's gradient, and zero elsewhere."""
    report = quick(
        lambda **given: KERNELS["skip_gram.naive_softmax"](**given)[1],
        "skip_gram.naive_softmax",
        {"c": "c", "outside": "near", "V": "V", "U": "U"},
        returns="grad_V",
    )
    assert report.ok, report


def test_ordinary_code_passes_where_saturation_is_left_out() -> None:
    def textbook(v_c: Any, o: int, U: Any) -> Any:
        e = np.exp(U @ v_c)
        error = e / e.sum()
        loss = -np.log(error[o])
        error[o] -= 1
        return loss, U.T @ error, np.outer(error, v_c)

    assert not quick(textbook, "naive_softmax").ok
    report = check_kernel(textbook, "naive_softmax", saturated=False)
    assert report.ok, report


# Subjects with roots, hyperbolic tangents, signs and pi: right kernels pass, wrong ones do not.


RIGHT: dict[str, tuple[Any, dict[str, Any]]] = {
    "logistic_regression": (kernels.logistic, {}),
    "logistic_regression/signs": (kernels.logistic_by_signs, {}),
    "softmax_regression": (kernels.regression, {}),
    "two_layer_network": (kernels.network, {}),
    "two_layer_network/relu": (kernels.relu_network, {}),
    "layer_normalisation": (
        kernels.normalisation_backwards,
        {"returns": ("grad_x", "grad_gamma")},
    ),
    "attention_head": (kernels.attention_backwards, {"saturated": False}),
    "variational_autoencoder": (kernels.divergence, {}),
    "variational_autoencoder/prior": (kernels.divergence_from_prior, {}),
}
ALWAYS = ("logistic_regression", "layer_normalisation", "variational_autoencoder/prior")


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[] if n in ALWAYS else [pytest.mark.slow]) for n in RIGHT],
)
def test_a_right_kernel_of_each_subject_is_not_accused(name: str) -> None:
    kernel, options = RIGHT[name]
    report = quick(kernel, name, **options)
    assert report.ok, report


def test_a_forward_pass_is_a_result_on_request() -> None:
    assert quick(kernels.normalisation, "layer_normalisation", returns="y").ok
    report = quick(kernels.attention, "attention_head", returns="O")
    assert report.ok, report


def test_large_inputs_have_roots_as_well() -> None:
    def first_block(x: Any, gamma: Any, beta: Any, epsilon: Any) -> Any:
        scale = np.sqrt(x[:16].var() + epsilon)
        return gamma * (x - x.mean()) / scale + beta

    (finding,) = quick(first_block, "layer_normalisation", returns="y", blocks=True).findings
    assert "n = 17" in finding.detail


def test_the_mean_and_scale_taken_for_constants_are_found() -> None:
    def kernel(u: Any, x: Any, gamma: Any, epsilon: Any) -> Any:
        return u * gamma / kernels.normalised(x, epsilon)[1]

    assert not quick(kernel, "layer_normalisation", returns="grad_x").ok


@pytest.mark.slow  # exact values of a network
def test_a_gate_left_open_is_found() -> None:
    def kernel(x: Any, label: int, V: Any, b: Any, W: Any, c: Any) -> Any:
        a = V @ x + b
        return kernels.relu_network(x, label, V, b, W, c)[2] + W.T.sum(axis=1) * (a < 0)

    assert not quick(kernel, "two_layer_network/relu", returns="grad_b").ok


KINKS = r"""```given
size n >= 1
index i in 1..n
vector x in R^n
```

## (a)

$$\sum_i \max(x_i, 0) = \frac{1}{2} \sum_i (x_i + |x_i|)$$

$$\frac{\partial}{\partial x_i} \sum_i \max(x_i, 0) = \frac{1}{2} (1 + \operatorname{sign}(x_i))$$
"""


@pytest.mark.parametrize("at_zero", [0, 1])
def test_whatever_is_returned_at_a_kink_is_not_accused(tmp_path: Path, at_zero: int) -> None:
    path = tmp_path / "notes.md"
    path.write_text(KINKS, encoding="utf-8")

    def kernel(x: Any) -> Any:
        return np.maximum(x, 0).sum(), np.where(x == 0, at_zero, x > 0).astype(x.dtype)

    report = quick(kernel, ("a.1", "a.2"), derivation=path)
    assert report.ok, report


def test_a_number_that_rounding_takes_for_zero_is_no_zero() -> None:
    def kernel(mu: Any, sigma: Any, m: Any, s: Any) -> Any:
        return (np.log(s / sigma) + (sigma**2 + (mu - m) ** 2) / (2 * s * s)).sum()

    (finding,) = quick(kernel, "variational_autoencoder/prior", returns="loss").findings
    assert finding.kind is Kind.VALUE


@pytest.mark.parametrize(("left", "is_right"), [(1e-58, True), (1e-20, False)])
def test_a_trace_beside_an_exact_zero_is_no_error_and_a_number_is(
    left: float, is_right: bool
) -> None:
    def kernel(v_c: Any, o: Any, U: Any) -> Any:
        _, grad, _ = generated.naive_softmax.value_and_grad(v_c, o, U)
        return np.where(grad == 0, left, grad)

    assert quick(kernel, "naive_softmax", returns="grad_v_c", dtypes="float64").ok is is_right


# Hessians, Jacobians and their products with vectors, of proved lines.


LOGISTIC = "logistic_regression"
REGRESSION = Path("derivations/softmax_regression/written.md")


def test_a_hessian_is_right() -> None:
    report = quick(kernels.logistic_hessian, LOGISTIC, returns="hess_w")
    assert report.ok, report


def test_weights_forgotten_in_a_hessian_are_found() -> None:
    assert not quick(lambda X, t, w: X.T @ X, LOGISTIC, returns="hess_w").ok


def test_the_line_of_a_hessian_entry_by_entry_is_the_whole_hessian() -> None:
    report = quick(
        kernels.logistic_hessian, "h.2", derivation="derivations/logistic_regression/written.md"
    )
    assert report.ok, report


@pytest.mark.slow  # an entry for each two weights
def test_a_hessian_by_a_matrix_has_four_axes() -> None:
    def kernel(X: Any, W: Any) -> Any:
        z = X @ W.T
        e = np.exp(z - z.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        one = np.eye(len(W), dtype=W.dtype)
        inner = p[:, :, None] * (one - p[:, None, :])
        return np.einsum("skj,si,sm->kijm", inner, X, X)

    report = quick(kernel, "softmax_regression", returns="hess_W", saturated=False)
    assert report.ok, report


def product(X: Any, t: Any, w: Any, v: Any) -> Any:
    """Of the Hessian with v."""
    return X.T @ (kernels.sigmoid(X @ w) * kernels.sigmoid(-(X @ w)) * (X @ v))


def test_a_product_of_the_hessian_with_a_vector_is_right() -> None:
    report = quick(product, LOGISTIC, returns="hess_w", along={"v": "w"}, blocks=True)
    assert report.ok, report


def test_a_factor_forgotten_in_such_a_product_is_found() -> None:
    def kernel(X: Any, t: Any, w: Any, v: Any) -> Any:
        return X.T @ (kernels.sigmoid(X @ w) * (X @ v))

    assert not quick(kernel, LOGISTIC, returns="hess_w", along={"v": "w"}).ok


def test_a_gradient_along_a_direction_is_a_number() -> None:
    report = quick(lambda X, t, w, v: kernels.logistic(X, t, w)[1] @ v, LOGISTIC, along={"v": "w"})
    assert report.ok, report


def pushed(v_c: Any, o: int, U: Any, dv: Any, dU: Any) -> Any:
    _, by_v, by_U = softmax(v_c, o, U)
    return by_v @ dv + (by_U * dU).sum()


def test_directions_of_two_arguments_give_one_derivative() -> None:
    report = quick(pushed, "naive_softmax", along={"dv": "v_c", "dU": "U"})
    assert report.ok, report
    (finding,) = quick(
        lambda v_c, o, U, dv, dU: -pushed(v_c, o, U, dv, dU),
        "naive_softmax",
        along={"dv": "v_c", "dU": "U"},
    ).findings
    assert finding.kind is Kind.SIGN


def jacobian(a: Any) -> Any:
    e = np.exp(a - a.max())
    p = e / e.sum()
    rest = np.array([np.delete(p, k).sum() for k in range(len(p))], dtype=a.dtype)
    found = -np.outer(p, p)
    found[np.diag_indices(len(p))] = p * rest
    return found


def test_a_letter_below_what_is_differentiated_is_an_axis_of_the_jacobian() -> None:
    report = quick(jacobian, "a.3", derivation=REGRESSION)
    assert report.ok, report
    report = quick(lambda a, k: jacobian(a)[k], "a.3", derivation=REGRESSION)
    assert report.ok, report


def test_a_jacobian_times_a_vector_is_right() -> None:
    report = quick(lambda a, v: jacobian(a) @ v, "a.3", derivation=REGRESSION, along={"v": "a"})
    assert report.ok, report


@pytest.mark.parametrize(
    ("along", "returns", "said"),
    [
        ({"v": "w"}, "loss", "loss is no derivative by w"),
        ({"v": "X"}, "grad_w", "grad_w is no derivative by X"),
        ({"v": "q"}, "grad_w", "there is no 'q' here"),
    ],
)
def test_a_direction_that_nothing_is_along_is_refused(
    along: dict[str, str], returns: str, said: str
) -> None:
    with pytest.raises(BadArguments, match=said):
        quick(product, LOGISTIC, along=along, returns=returns)


SHARE = 10  # every tenth; all of them take a minute


@pytest.mark.slow
@pytest.mark.parametrize(
    "bug",
    [
        pytest.param(bug, marks=[pytest.mark.slow] if n % SHARE else [])
        for n, bug in enumerate(PLANTED)
    ],
    ids=lambda bug: bug.name,
)
def test_a_planted_bug_is_caught(bug: Kernel) -> None:
    subject = bug.subject
    single = "HalfPrecision" in bug.name or bug.what.startswith("float32 in")
    precisions = ["float32"] if single else ["float64"]
    report = quick(
        bug.make(),
        subject.claim,
        subject.arguments,
        derivation=subject.derivation,
        dtypes=precisions,
    )
    assert not report.ok, bug.what


def test_there_are_at_least_forty_planted_bugs_each_with_a_name_and_a_word_about_it() -> None:
    assert len({bug.name for bug in PLANTED}) == len(PLANTED) >= 40
    assert all(bug.what for bug in PLANTED)


# Kernels made to escape: nine in ten of those within the contract are found, no twin is accused.
#
# A share of them in every run, those of one subject so that what is right is worked out once; all
# of them slowly, and by `python -m benchmarks.gradient_checkers`.


COVERED = [each.kernel for each in ESCAPING if each.covered]
SHARE_OF_ESCAPING = 8
ENOUGH = 0.9


def report(kernel: Kernel, **options: Any) -> CheckReport:
    subject = kernel.subject
    usual: dict[str, Any] = {"dtypes": ["float64"], "count": 0}
    return check_kernel(
        kernel.make(),
        subject.claim,
        subject.arguments,
        derivation=subject.derivation,
        **usual | options,
    )


def some(kernels: list[Kernel]) -> list[Kernel]:
    return [kernel for kernel in kernels if kernel.subject is SOFTMAX][::SHARE_OF_ESCAPING]


LAST = 5  # the kinds that were found last


@pytest.mark.parametrize("kernel", some(COVERED) + COVERED[-LAST:], ids=lambda kernel: kernel.name)
def test_a_kernel_that_small_inputs_let_through_is_found(kernel: Kernel) -> None:
    assert not report(kernel).ok, kernel.what


@pytest.mark.parametrize("kernel", some(TWINS), ids=lambda kernel: kernel.name)
def test_its_correct_twin_is_not_accused(kernel: Kernel) -> None:
    found = report(kernel)
    assert found.ok, found


@pytest.mark.slow  # all of them: minutes
def test_nine_in_ten_of_all_are_found() -> None:
    missed = [kernel.name for kernel in COVERED if report(kernel).ok]
    assert len(missed) <= (1 - ENOUGH) * len(COVERED), missed


@pytest.mark.slow  # all of them: minutes
def test_no_twin_at_all_is_accused() -> None:
    accused = [kernel.name for kernel in TWINS if not report(kernel).ok]
    assert not accused


def test_there_are_seventy_five_of_them_each_with_a_name() -> None:
    assert len({each.kernel.name for each in ESCAPING}) == len(ESCAPING) >= 75


def problem(name: str) -> Problem:
    made: Any = eval(f"lambda {', '.join(FUNCTIONS[name].arguments)}: 0")
    return problem_of(made, name, None, None, None)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_of_many_places_are_as_near_to_those_in_balls_as_they_say(name: str) -> None:
    asked = problem(name)
    some = list(cases(asked, np.dtype(np.float64), 0, False, 4))[::4]
    seen = 0
    for case in some:
        balls, large = expected(asked, case), at_once(asked, case)
        assert (balls is None) == (large is None)
        if balls is None or large is None:
            continue
        for output in balls:
            (a, rest), (b, more) = balls[output].apart, large[output].apart
            seen += a.size
            off = large[output].off.astype(np.float64)
            assert (abs((b - a) + (more - rest)) <= 1.5 * UNIT * off + 1e-300).all()
            # what a kernel may lose is more than the scale of the small inputs says
            assert (large[output].scales >= balls[output].scales * 0.3).all()
    assert seen > 50


def test_every_size_is_tried_around_powers_of_two_and_one_at_a_few_thousand() -> None:
    asked = problem("negative_sampling")
    sizes = large_sizes(asked, {"K": (1000,)}, first=True)
    for name in ("N", "d", "K"):
        assert {each[name] for each in sizes} >= set(AROUND)
    assert {each["N"] for each in sizes} >= {THOUSANDS}
    assert {each["K"] for each in sizes} >= {1000}


def test_a_large_input_is_made_by_the_text_that_is_shown() -> None:
    asked = problem("batch.negative_sampling")
    for case in large_cases(asked, np.dtype("f8"), 3, large_sizes(asked, {}, first=False)):
        names: dict[str, Any] = {"np": np}
        for name, text in case.texts.items():
            value = eval(text, names)
            assert np.asarray(value).tobytes() == np.asarray(case.values[name]).tobytes(), text


def test_what_is_wrong_from_a_size_on_is_said_with_the_size() -> None:
    def kernel(v_c: Any, o: int, U: Any) -> Any:
        grad = softmax(v_c, o, U)[2]
        grad[16:] = 0
        return grad

    (finding,) = quick(kernel, "naive_softmax", returns="grad_U", blocks=True).findings
    assert "only from N = 17 on (right up to 16)" in finding.detail
    assert "default_rng" in finding.reproduce


def test_the_report_says_what_was_tried() -> None:
    report = quick(rows, "negative_sampling", returns="grad_U", blocks=True, sizes={"d": 300})
    told = str(report)
    for part in ("255–257", "4099", "300", "minus zero (v_c, U)", "Fortran order", "600 times"):
        assert part in told, told
    assert report.tried.calls > 600


def test_a_sum_over_more_places_than_there_is_room_for_is_left_out_and_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wide, "MOST_PLACES", 10_000)
    asked = {"V": "V", "U": "U", "centers": "centers", "outsides": "outsides"}

    def kernel(V: Any, U: Any, centers: Any, outsides: Any) -> Any:
        return np.array([softmax(V[c], o, U)[0] for c, o in zip(centers, outsides, strict=True)])

    report = quick(kernel, "batch.naive_softmax", asked, "losses", blocks=True, sizes={"N": 20_000})
    assert report.ok, report
    assert "N = 20000" in str(report)


def test_a_large_case_weighs_more_than_any_small_one() -> None:
    double = np.dtype(np.float64)
    large = Case({"N": 9}, {"U": np.zeros(2)}, double, frozenset({"large"}))
    small = Case({"N": 9}, {"U": np.full((60, 60), 1 / 3)}, double)
    assert large.weight > small.weight


# Functions that are compiled for shapes, refuse layouts, or take their steps in sequence.


def test_what_is_compiled_for_shapes_is_known_by_its_times_and_meets_few() -> None:
    seen: set[Any] = set()

    def kernel(v_c: Any, o: int, U: Any) -> Any:
        if U.shape not in seen:
            seen.add(U.shape)
            sleep(0.05)
        return softmax(v_c, o, U)

    report = quick(kernel, "naive_softmax", blocks=True)
    assert report.ok, report
    assert len(seen) <= 12
    assert "compiled for each shape" in str(report)


def test_what_is_merely_slow_is_not_taken_for_compiled() -> None:
    times = Times(softmax)
    for shape in range(5):
        for _ in range(3):
            times.took(shape, 0.2)
    assert not times.compiled


def test_a_signature_that_takes_no_read_only_array_is_no_mistake() -> None:
    def kernel(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
        if not U.flags.writeable:
            raise TypeError("No matching definition for readonly array")
        return rows(v_c, o, U, negatives)

    report = quick(kernel, "negative_sampling", returns="grad_U")
    assert report.ok, report


def test_a_precision_that_a_function_is_not_made_for_is_told_with_the_option() -> None:
    def kernel(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
        if U.dtype != np.float64:
            raise TypeError("No matching definition")
        return rows(v_c, o, U, negatives)

    both = {"dtypes": ["float64", "float32"]}
    (finding,) = quick(kernel, "negative_sampling", returns="grad_U", **both).findings
    assert "dtypes='float64'" in finding.detail


def test_arrays_where_tensors_are_wanted_are_told_with_the_option() -> None:
    (finding,) = quick(lambda v_c, o, U: U.clone(), "naive_softmax", returns="grad_U").findings
    assert "convert=torch.as_tensor" in finding.detail


def test_a_finding_with_a_converter_shows_it() -> None:
    report = quick(
        lambda v_c, o, U: -softmax(v_c, o, U)[2],
        "naive_softmax",
        returns="grad_U",
        convert=lambda array: array,
    )
    assert "(v_c=convert(v_c), o=o, U=convert(U))" in str(report)


def word2vec_c(v_c: Any, o: int, U: Any, negatives: Any, lr: float) -> None:
    error = np.zeros_like(v_c)
    for word, label in [(o, 1), *((word, 0) for word in negatives)]:
        g = (label - sigmoid(U[word] @ v_c)) * lr
        error += g * U[word]
        U[word] += g * v_c
    v_c += error


def pair_by_pair(V: Any, U: Any, centers: Any, outsides: Any, negatives: Any, lr: float) -> None:
    for c, o, drawn in zip(centers, outsides, negatives, strict=True):
        word2vec_c(V[c], o, U, drawn, lr)


@pytest.mark.parametrize(
    ("kernel", "name", "said"),
    [
        (word2vec_c, "negative_sampling", "each of K sees"),
        pytest.param(
            pair_by_pair,
            "negative_sampling/batch",
            "each of B and of K sees",
            marks=pytest.mark.slow,  # every order of pairs and samples is worked out
        ),
    ],
)
def test_steps_sample_by_sample_are_called_so(kernel: Any, name: str, said: str) -> None:
    (finding,) = quick(kernel, name, rate="lr", saturated=False).findings
    assert finding.kind is Kind.SEQUENCE
    assert said in finding.detail


def test_a_duplicate_dropped_by_a_step_is_no_sequence() -> None:
    def kernel(v_c: Any, o: int, U: Any, negatives: Any, lr: float) -> None:
        grad = np.outer(sigmoid(U[negatives] @ v_c), v_c)
        by_v = U[negatives].T @ sigmoid(U[negatives] @ v_c) - sigmoid(-(U[o] @ v_c)) * U[o]
        by_o = -sigmoid(-(U[o] @ v_c)) * v_c
        U[negatives] -= lr * grad
        U[o] -= lr * by_o
        v_c -= lr * by_v

    (finding,) = quick(kernel, "negative_sampling", rate="lr", saturated=False).findings
    assert finding.kind is Kind.DUPLICATE


def test_a_cache_that_some_inputs_meet_is_no_mistake_at_those_inputs() -> None:
    kept: dict[Any, Any] = {}

    def kernel(v_c: Any, o: int, U: Any) -> Any:
        if U.shape not in kept or not np.array_equal(kept[U.shape][0][0], U[0]):
            kept[U.shape] = U.copy(), v_c.copy()
        return softmax(kept[U.shape][1], o, U)[0]

    report = quick(kernel, "naive_softmax", returns="loss")
    assert not report.ok
    assert {finding.kind for finding in report.findings} <= {Kind.STATE, Kind.SWALLOWED}, report


def test_a_place_in_all_rows_that_is_counted_in_sixteen_bits_is_found() -> None:
    def kernel(v_c: Any, o: int, U: Any) -> Any:
        rows = softmax(v_c, o, U)[2]
        at = np.arange(U.size).astype(np.int16).astype(int)
        grad = np.zeros(U.size, U.dtype)
        np.add.at(grad, at, rows.ravel())
        return grad.reshape(U.shape)

    (finding,) = quick(kernel, "naive_softmax", returns="grad_U", blocks=True).findings
    assert "only from N = 4099 on" in finding.detail

"""The kernels for JAX on JAX: gradients, `jit`, `vmap`, second derivatives; the example."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import generated
from generated import logistic_regression as of_numpy
from tests.examples.test_examples import BATCHES, SAMPLING, Batch

pytestmark = pytest.mark.skipif(
    find_spec("jax") is None, reason="jax is not installed: pip install '.[jax]'"
)
jax: Any = None
ROOT = Path(__file__).parents[2]
named = pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: batch.name)


@pytest.fixture(scope="module", autouse=True)
def started() -> None:
    """JAX starts threads: these tests do so, not all processes that collect them, which fork."""
    global jax
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", True)


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def loss_of(batch: Batch) -> Any:
    """The loss in `generated.jax` whose rule the kernel of the batch is."""
    return import_module(batch.kernel.__module__.replace("generated.", "generated.jax.")).batch_loss


def checked(loss: Any, batch: Batch, order: int = 1) -> None:
    def of_matrices(V: Any, U: Any) -> Any:
        return loss(jax.numpy.tanh(V), U, *batch.words)

    check_grads = import_module("jax.test_util").check_grads
    check_grads(jax.jit(of_matrices), (batch.V, batch.U), order, modes=("rev",))


@named
def test_check_grads_passes_amid_other_operations(batch: Batch) -> None:
    checked(loss_of(batch), batch)


@pytest.mark.slow  # compiled for each derivative
@named
def test_second_derivatives_pass_check_grads(batch: Batch) -> None:
    checked(loss_of(batch), batch, order=2)


def test_check_grads_fails_on_a_rule_with_the_wrong_sign() -> None:
    from generated.jax import negative_sampling
    from generated.jax._runtime import ruled

    def sign_lost(V: Any, U: Any, centers: Any, outsides: Any, negatives: Any) -> Any:
        losses, by_V, by_U = negative_sampling.batch_value_and_grad(
            V, U, centers, outsides, negatives
        )
        return losses, -by_V, by_U

    @ruled(sign_lost, "V", "U")
    def loss(V: Any, U: Any, centers: Any, outsides: Any, negatives: Any) -> Any:
        return sign_lost(V, U, centers, outsides, negatives)[0].sum()

    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        checked(loss, SAMPLING)


def test_the_example_trains() -> None:
    printed = run("-m", "examples.jax_custom_vjp", "--epochs", "6")
    losses = [float(loss) for loss in re.findall(r"epoch \d+: loss (\S+) a pair", printed)]
    assert len(losses) == 6
    assert losses[-1] < losses[0]


RNG = np.random.default_rng(7)
W, X, T = RNG.normal(size=2), RNG.normal(size=(3, 2)), np.array([1.0, 0.0, 0.25])
CENTERS, OUTSIDES = RNG.normal(size=(2, 3, 2))
PAIR = (CENTERS[0], 1, OUTSIDES, np.array([2, 2, 0]))


@pytest.fixture(autouse=True)
def double() -> Any:
    with jax.enable_x64(True):
        yield


def near(found: Any, wanted: Any) -> bool:
    return bool(np.allclose(found, wanted, rtol=1e-12, atol=1e-14))


def test_the_derivative_of_a_loss_is_the_proved_gradient_under_jit() -> None:
    from generated.jax import negative_sampling

    found = jax.jit(jax.grad(negative_sampling.loss, argnums=(0, 2)))(*PAIR)
    _, grad_v, grad_U = generated.negative_sampling.value_and_grad(*PAIR)
    assert near(found[0], grad_v)
    assert near(found[1], grad_U)


def test_a_loss_that_is_differentiated_by_what_no_gradient_is_proved_for_is_refused() -> None:
    from generated.jax import logistic_regression

    with pytest.raises(TypeError, match="no gradient of loss by X is proved"):
        jax.grad(logistic_regression.loss, argnums=1)(W, X, T)


def test_the_hessian_of_a_proved_gradient_is_the_proved_hessian() -> None:
    from generated.jax import logistic_regression

    found = jax.jit(jax.hessian(logistic_regression.loss))(W, X, T)
    assert near(found, of_numpy.value_grad_and_hess(W, X, T)[2])


def test_shapes_and_types_are_refused_by_name_while_it_is_traced() -> None:
    from generated.jax import logistic_regression

    for bad, kind, message in (
        (T[:2], ValueError, r"t has shape \(2,\), should be \(n,\) with n = 3"),
        (T.astype(np.float32), TypeError, "should be of one dtype"),
        (T > 0, TypeError, "t is of dtype bool, should be float64 or float32"),
    ):
        with pytest.raises(kind, match=message):
            jax.eval_shape(logistic_regression.loss, W, X, bad)


def test_one_number_that_is_not_finite_makes_nan_and_a_product_that_overflows_saturates() -> None:
    from generated.jax import logistic_regression

    run = jax.jit(logistic_regression.value_and_grad)
    infinite, large = X.copy(), X.copy()
    infinite[1, 0], large[1] = np.inf, (1e200, 0.0)
    loss, grad = run(W, infinite, T)
    assert np.isnan(loss)
    assert np.isnan(grad).all()
    loss, grad = run(np.array([-1e200, 0.0]), large, T)
    assert not np.isnan(loss)
    assert np.isfinite(grad).all()


def test_a_word_out_of_range_makes_nan() -> None:
    from generated.jax import negative_sampling

    loss = jax.jit(negative_sampling.loss)
    v, o, U, negatives = PAIR
    assert np.isnan(loss(v, 3, U, negatives))
    assert np.isnan(loss(v, -1, U, negatives))
    assert np.isfinite(loss(v, o, U, negatives))


@pytest.mark.slow  # JAX compiles each of them
def test_losses_of_single_pairs_under_vmap_are_those_of_a_batch() -> None:
    from generated.jax import negative_sampling

    centers, outsides, negatives = np.array([0, 2]), np.array([1, 1]), np.array([[2, 2], [0, 1]])
    each = jax.jit(jax.vmap(negative_sampling.loss, in_axes=(0, 0, None, 0)))
    losses, grad_V, grad_U = generated.negative_sampling.batch_value_and_grad(
        CENTERS, OUTSIDES, centers, outsides, negatives
    )
    assert near(each(CENTERS[centers], outsides, OUTSIDES, negatives), losses)
    by_V, by_U = jax.jit(jax.grad(negative_sampling.batch_loss, argnums=(0, 1)))(
        CENTERS, OUTSIDES, centers, outsides, negatives
    )
    assert near(by_V, grad_V.dense(3))
    assert near(by_U, grad_U.dense(3))


@pytest.mark.slow
def test_single_precision_stays_single() -> None:
    from generated.jax import attention_head

    Q, K = CENTERS.astype(np.float32), OUTSIDES.astype(np.float32)
    found = jax.jit(attention_head.value_and_grad)(Q, K, K, 1.5, Q)
    wanted: Any = generated.attention_head.value_and_grad(Q, K, K, 1.5, Q)
    for one, other in zip(found, wanted, strict=True):
        assert one.dtype == np.float32
        assert np.allclose(one, other, rtol=1e-4, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["naive_softmax", "contrastive", "layer_normalisation", "glove"])
def test_a_gradient_is_what_jax_finds_without_the_rule(name: str) -> None:
    from importlib import import_module

    module = import_module(f"generated.jax.{name}")
    vector, numbers = RNG.normal(size=3), RNG.normal(size=(3, 3))
    given: dict[str, tuple[Any, ...]] = {
        "naive_softmax": (CENTERS[0], 1, OUTSIDES),
        "contrastive": (CENTERS, OUTSIDES, 1.5),
        "layer_normalisation": (vector, vector + 1, vector, 0.1, vector - 1),
        "glove": (CENTERS, OUTSIDES, vector, vector, numbers**2, numbers),
    }
    _, *gradients = jax.jit(module.value_and_grad)(*given[name])
    by = [n for n, one in enumerate(given[name]) if not isinstance(one, int)][: len(gradients)]
    plain = jax.grad(lambda *every: module.value_and_grad(*every)[0], argnums=tuple(by))
    for one, other in zip(gradients, jax.jit(plain)(*given[name]), strict=True):
        assert near(one, other)


def test_the_package_imports_no_jax_and_says_which_extra_is_missing() -> None:
    code = (
        "import sys, generated; assert 'jax' not in sys.modules\n"
        "import importlib.util as u; u.find_spec = lambda name: None\n"
        "try: import generated.jax\n"
        "except ImportError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert "pip install 'proved-kernels[jax]'" in done.stdout

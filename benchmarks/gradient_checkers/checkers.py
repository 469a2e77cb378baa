"""The checkers: this project's, and those of other libraries at their default settings.

Each of the others checks a kernel against differences of the kernel's own loss, as its
documentation shows it, and gets the same random points.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.gradient_checkers.planted import Kernel, Subject, points, value_and_grads
from derivations import check_kernel

Array = NDArray[Any]
# SciPy returns a norm and leaves it to the user what is small; forward differences reach some 1e-7
SMALL = 1e-5


@dataclass(frozen=True)
class Checker:
    """``catches`` says what is found of a kernel at ``count`` points, empty where nothing is."""

    name: str
    catches: Callable[[Kernel, int, int], str]
    needs: str = ""  # a module

    @property
    def library(self) -> str:
        """The name by which it is left out."""
        return self.needs.split(".")[0]

    def load(self) -> None:
        """Raises ModuleNotFoundError where its library is missing."""
        if self.needs:
            import_module(self.needs)


def by_us(kernel: Kernel, count: int, seed: int) -> str:
    """What it is called, empty where nothing is found; points are its own."""
    subject = kernel.subject
    report = check_kernel(
        kernel.make(),
        subject.claim,
        subject.arguments,
        derivation=subject.derivation,
        saturated=not kernel.ordinary,
        seed=seed,
    )
    return "; ".join(dict.fromkeys(finding.kind.value for finding in report.findings))


def by_torch(kernel: Kernel, count: int, seed: int) -> str:
    """What gradcheck says of any point; empty where it is content with all."""
    import torch
    from torch.autograd.gradcheck import GradcheckError

    function, subject = kernel.make(), kernel.subject

    class Loss(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, words: Any, *parts: Any) -> Any:
            arrays = [part.detach().numpy() for part in parts]
            with torch.enable_grad():  # a kernel may use autograd itself
                value, gradients = value_and_grads(function, subject, words, arrays)
            ctx.save_for_backward(*(torch.as_tensor(np.asarray(each)) for each in gradients))
            return torch.as_tensor(np.asarray(value))

        @staticmethod
        def backward(ctx: Any, by: Any) -> Any:  # type: ignore[override]
            return (None, *(by * each for each in ctx.saved_tensors))

    for words, floats in points(subject, count, seed):
        tensors = [torch.tensor(part, requires_grad=True) for part in floats]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                torch.autograd.gradcheck(lambda *p, w=words: Loss.apply(w, *p), tensors)
            except GradcheckError as error:
                return str(error).splitlines()[0]
    return ""


def by_jax(kernel: Kernel, count: int, seed: int) -> str:
    """What check_grads says of any point; empty where it is content with all."""
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)
    function, subject = kernel.make(), kernel.subject
    for words, floats in points(subject, count, seed):

        def run(*parts: Any, words: Any = words) -> Any:
            arrays = [np.array(part) for part in parts]
            value, gradients = value_and_grads(function, subject, words, arrays)
            return np.asarray(value), tuple(map(np.asarray, gradients))

        @jax.custom_vjp
        def loss(*parts: Any, run: Any = run) -> Any:
            return run(*parts)[0]

        def forward(*parts: Any, run: Any = run) -> Any:
            value, gradients = run(*parts)
            return jax.numpy.asarray(value), tuple(map(jax.numpy.asarray, gradients))

        def backward(gradients: Any, by: Any) -> Any:
            return tuple(by * each for each in gradients)

        loss.defvjp(forward, backward)
        try:
            check_grads(loss, tuple(map(jax.numpy.asarray, floats)), order=1, modes=["rev"])
        except AssertionError as error:
            return next((line for line in str(error).splitlines() if line.strip()), "differs")
    return ""


def by_scipy(kernel: Kernel, count: int, seed: int) -> str:
    """Whether the norm is not small beside that of the gradient, at any point."""
    from scipy.optimize import check_grad

    function, subject = kernel.make(), kernel.subject
    for words, floats in points(subject, count, seed):
        x = np.concatenate([part.ravel() for part in floats])
        at: Any = (function, subject, words)
        error = check_grad(partial(_loss, *at), partial(_gradient, *at), x)
        size = max(1.0, float(np.linalg.norm(_gradient(*at, x))))
        if not error <= SMALL * size:
            return f"differs by {error:.2g}"
    return ""


def by_numdifftools(kernel: Kernel, count: int, seed: int) -> str:
    """Whether both are not close by the defaults of `numpy.allclose`, at any point."""
    import numdifftools

    function, subject = kernel.make(), kernel.subject
    for words, floats in points(subject, count, seed):
        x = np.concatenate([part.ravel() for part in floats])
        at: Any = (function, subject, words)
        numeric = numdifftools.Gradient(partial(_loss, *at))(x)
        if not np.allclose(_gradient(*at, x), numeric):
            return "not close"
    return ""


def _loss(
    function: Callable[..., Any], subject: Subject, words: Mapping[str, Any], x: Array
) -> float:
    """The sum of the losses."""
    return float(value_and_grads(function, subject, words, _apart(subject, x))[0])


def _gradient(
    function: Callable[..., Any], subject: Subject, words: Mapping[str, Any], x: Array
) -> Array:
    """All gradients in a row."""
    _, gradients = value_and_grads(function, subject, words, _apart(subject, x))
    return np.concatenate([np.asarray(part, dtype=np.float64).ravel() for part in gradients])


def _apart(subject: Subject, x: Array) -> list[Array]:
    shapes = [subject.floats[name] for name in subject.differentiated]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    pairs = zip(np.split(x, ends), shapes, strict=True)
    return [part.reshape(shape).copy() for part, shape in pairs]


OURS = Checker("check_kernel", by_us)
CHECKERS = (
    OURS,
    Checker("torch.autograd.gradcheck", by_torch, "torch"),
    Checker("jax.test_util.check_grads", by_jax, "jax.test_util"),
    Checker("scipy.optimize.check_grad", by_scipy, "scipy.optimize"),
    Checker("numdifftools", by_numdifftools, "numdifftools"),
)

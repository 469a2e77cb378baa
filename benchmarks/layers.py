"""Logistic regression, layer normalisation and an attention head beside JAX and torch.

``python -m benchmarks.layers`` compares the NumPy kernels, the same programs as compiled loops and
for JAX, and what JAX and torch find themselves of the textbook loss: the largest error of a
component in units in its last place, by ball arithmetic, at ordinary and at hard inputs; then
processor seconds a call on one core, medians of rounds in turn. Needs the extra ``jax``; Numba and
torch take part where they are installed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from rich.progress import track
from rich.table import Table

from benchmarks.accuracy import ulps
from benchmarks.clock import TimedCall, calls_in_turn, pin
from benchmarks.tables import Peer, beside, console, installed, positive, spread, table
from tests.subjects import specified_losses as losses
from tests.subjects.specified_losses import exact

if find_spec("jax") is not None:
    import jax
    import jax.numpy as jnp

Case = dict[str, Any]
BASE = "textbook, JAX"


def margins(w: Any, X: Any, t: Any, b: Any, penalty: Any) -> Any:
    """The textbook loss of labels 1 and -1."""
    return jnp.logaddexp(0, -t * (X @ w + b)).sum() + penalty / 2 * (w @ w)


def layer(x: Any, gain: Any, shift: Any, epsilon: Any, upstream: Any) -> Any:
    """The textbook layer, weighed by the derivatives of what follows it."""
    return upstream @ (gain * (x - x.mean()) / jnp.sqrt(x.var() + epsilon) + shift)


def head(Q: Any, K: Any, V: Any, scale: Any, upstream: Any) -> Any:
    """The textbook head, weighed by the derivatives of what follows it."""
    return (upstream * (jax.nn.softmax(scale * Q @ K.T) @ V)).sum()


def margins_in_torch(torch: Any, w: Any, X: Any, t: Any, b: Any, penalty: Any) -> Any:
    """The same in torch."""
    losses = torch.logaddexp(torch.zeros_like(t), -t * (X @ w + b))
    return losses.sum() + penalty / 2 * (w @ w)


def layer_in_torch(torch: Any, x: Any, gain: Any, shift: Any, epsilon: Any, upstream: Any) -> Any:
    """The same in torch."""
    normalised = (x - x.mean()) / torch.sqrt(x.var(correction=0) + epsilon)
    return upstream @ (gain * normalised + shift)


def head_in_torch(torch: Any, Q: Any, K: Any, V: Any, scale: Any, upstream: Any) -> Any:
    """The same in torch."""
    return (upstream * (torch.softmax(scale * Q @ K.T, dim=1) @ V)).sum()


def of_jax(textbook: Callable[..., Any], places: tuple[int, ...]) -> Callable[..., Any]:
    """The loss and its gradients by the arguments at these places, as JAX differentiates it."""
    plain = jax.jit(jax.value_and_grad(textbook, places))

    def contender(*given: Any) -> Any:
        value, gradients = plain(*given)
        return value, *gradients

    return contender


def of_torch(textbook: Callable[..., Any], places: tuple[int, ...]) -> Callable[..., Any]:
    """The loss and its gradients by the arguments at these places, as torch differentiates it."""
    import torch

    torch.set_num_threads(1)

    def contender(*given: Any) -> Any:
        tensors = [torch.as_tensor(np.asarray(one)) for one in given]
        leaves = [tensors[place].requires_grad_() for place in places]
        loss = textbook(torch, *tensors)
        return tuple(each.detach().numpy() for each in (loss, *torch.autograd.grad(loss, leaves)))

    return contender


@dataclass(frozen=True)
class Subject:
    """A kernel, what its gradients are by, the losses to compare with, and cases of it."""

    module: str
    function: str
    by: tuple[str, ...]
    textbook: Callable[..., Any]
    in_torch: Callable[..., Any]
    balls: Callable[..., Any]
    case: Callable[[np.random.Generator, int, int, str], Case]
    sizes: tuple[tuple[int, int], ...]

    def contenders(self, case: Case) -> dict[str, Callable[..., Any]]:
        """Functions of a case that return the loss and its gradients."""
        places = tuple([*case].index(name) for name in self.by)
        peers: list[Peer[Callable[..., Any]]] = [
            Peer("ours, NumPy", lambda: self.kernel("generated")),
            Peer("ours, JAX", lambda: jax.jit(self.kernel("generated.jax"))),
            Peer(BASE, lambda: of_jax(self.textbook, places)),
            Peer("ours, compiled", lambda: self.kernel("generated.compiled"), ("numba", "scipy")),
            Peer("textbook, torch", lambda: of_torch(self.in_torch, places), ("torch",)),
        ]
        return installed(peers)[0]

    def kernel(self, package: str) -> Callable[..., Any]:
        """Ours, of one back end."""
        module = import_module(f"{package}.{self.module}")
        found: Callable[..., Any] = getattr(module, self.function)
        return found


def _examples(rng: np.random.Generator, n: int, d: int, kind: str) -> Case:
    size = {"ordinary": 1.0, "large scores": 40.0, "near equal": 1.0}[kind]
    X = rng.normal(size=(n, d)) * size / np.sqrt(d)
    if kind == "near equal":
        X = 1 + 1e-6 * X
    t = rng.choice([-1.0, 1.0], n)
    return {"w": rng.normal(size=d), "X": X, "t": t, "b": np.float64(0.5), "penalty": np.float64(0)}


def _layer(rng: np.random.Generator, n: int, d: int, kind: str) -> Case:
    x = rng.normal(size=n) * {"ordinary": 1.0, "large scores": 800.0, "near equal": 1e-6}[kind]
    x += kind == "near equal"
    gain, shift, upstream = rng.normal(size=(3, n))
    case = {"x": x, "gain": gain, "shift": shift, "epsilon": np.float64(1e-5)}
    return {**case, "upstream": upstream}


def _head(rng: np.random.Generator, n: int, d: int, kind: str) -> Case:
    Q, K, V, upstream = rng.normal(size=(4, n, d))
    if kind == "near equal":
        K = 1 + 1e-6 * K
    scale = {"ordinary": 1.0, "large scores": 40.0, "near equal": 1.0}[kind] / np.sqrt(d)
    return {"Q": Q, "K": K, "V": V, "scale": np.float64(scale), "upstream": upstream}


SUBJECTS = (
    Subject(
        "logistic_regression",
        "margin_value_and_grad",
        ("w", "b"),
        margins,
        margins_in_torch,
        losses.logistic_of_margins,
        _examples,
        ((32, 50), (1024, 300)),
    ),
    Subject(
        "layer_normalisation",
        "value_and_grad",
        ("x", "gain", "shift"),
        layer,
        layer_in_torch,
        losses.layer_normalisation,
        _layer,
        ((256, 1), (4096, 1)),
    ),
    Subject(
        "attention_head",
        "value_and_grad",
        ("Q", "K", "V", "scale"),
        head,
        head_in_torch,
        losses.attention_head,
        _head,
        ((64, 64), (512, 64)),
    ),
)
KINDS = ("ordinary", "large scores", "near equal")


def errors(subject: Subject, kind: str, cases: int) -> dict[str, float]:
    """The largest error of any component of a result, in ulp, of each contender."""
    drawn = [subject.case(np.random.default_rng(seed), 4, 3, kind) for seed in range(cases)]
    contenders = subject.contenders(drawn[0])
    worst: dict[str, float] = {}
    for case in drawn:
        value, slopes = exact(subject.balls, case, subject.by)
        wanted = [value, *(slopes[name] for name in subject.by)]
        for name, contender in contenders.items():
            for got, want in zip(contender(*case.values()), wanted, strict=True):
                found = np.asarray(got, np.float64).reshape(-1)
                balls = np.asarray(want, dtype=object).reshape(-1)
                largest = float(ulps(found, balls, np.dtype(np.float64)).max())
                worst[name] = max(worst.get(name, 0.0), largest)
    return worst


def times(subject: Subject, size: tuple[int, int], rounds: int) -> dict[str, TimedCall]:
    """Each contender's calls, in turn."""
    case = subject.case(np.random.default_rng(0), *size, "ordinary")
    single = [np.asarray(value, np.float32) for value in case.values()]
    calls = {
        name: partial(_settled, contender, single)
        for name, contender in subject.contenders(dict(zip(case, single, strict=True))).items()
    }
    for call in calls.values():
        call()
    return calls_in_turn(calls, rounds)


def _settled(contender: Callable[..., Any], given: list[Any]) -> None:
    jax.block_until_ready(contender(*given))


def tables(cases: int, rounds: int) -> Iterator[Table]:
    """Errors, times and ratios of times: a subject and kind or size a row."""
    first = SUBJECTS[0].case(np.random.default_rng(0), 2, 2, KINDS[0])
    names = tuple(SUBJECTS[0].contenders(first))
    largest = table("largest error, ulp", *names)
    err = console(error=True)
    for subject in track(SUBJECTS, "errors", console=err, transient=True):
        for kind in KINDS:
            found = errors(subject, kind, cases)
            largest.add_row(f"{subject.module}, {kind}", *(f"{found[n]:.2g}" for n in names))
    yield largest
    spent = table("processor microseconds a call, float32", *names)
    ratios = table(f"by the time of {BASE}", *names)
    for subject in track(SUBJECTS, "times", console=err, transient=True):
        for size in subject.sizes:
            timed = {name: each.seconds for name, each in times(subject, size, rounds).items()}
            row = f"{subject.module}, {size[0]} x {size[1]}"
            spent.add_row(row, *(spread([1e6 * s for s in timed[n]], ".0f") for n in names))
            ratios.add_row(row, *(spread(beside(timed[n], timed[BASE])) for n in names))
    yield spent
    yield ratios


def main() -> None:
    """All tables, on one core."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.layers", description=__doc__)
    parser.add_argument("--cases", type=positive, default=10, help="of each kind, default 10")
    parser.add_argument("--rounds", type=positive, default=5, help="of timing, default 5")
    options = parser.parse_args()
    if find_spec("jax") is None:
        sys.exit("this benchmark needs jax: pip install '.[jax]'")
    pin("benchmarks.layers", sys.argv[1:])
    jax.config.update("jax_enable_x64", True)
    for each in tables(options.cases, options.rounds):
        console().print(each)


if __name__ == "__main__":
    main()

"""python -m benchmarks.gradient_checkers: planted bugs by checkers, one table.

The checkers are this project's and those of other libraries, at their default settings. Each of the
others checks a kernel against differences of the kernel's own loss, as its documentation shows it,
and gets the same random points.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from rich.text import Text

from benchmarks.gradient_checkers.escaping_kernels import ESCAPING, TWINS
from benchmarks.gradient_checkers.planted import (
    PLANTED,
    Kernel,
    Subject,
    correct,
    points,
    value_and_grads,
)
from benchmarks.tables import Peer, add_without, console, installed, table
from derivations import check_kernel
from derivations.implementation import BadArguments

Array = NDArray[Any]
# SciPy returns a norm and leaves it to the user what is small; forward differences reach some 1e-7
SMALL = 1e-5


# what is found of a kernel at so many points, by a seed; empty where nothing is
Catches = Callable[[Kernel, int, int], str]


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


def _peer(name: str, catches: Catches) -> Peer[Catches]:
    library = name.split(".")[0]

    def load() -> Catches:
        import_module(library)
        return catches

    return Peer(name, load, (library,))


OURS = "check_kernel"
PEERS = (
    Peer(OURS, lambda: by_us),
    _peer("torch.autograd.gradcheck", by_torch),
    _peer("jax.test_util.check_grads", by_jax),
    _peer("scipy.optimize.check_grad", by_scipy),
    _peer("numdifftools", by_numdifftools),
)


POINTS = 8
Said = dict[str, str | None]


def main(arguments: list[str] | None = None) -> None:
    """Print the table; exit with 1 where ours misses a bug or accuses a correct kernel."""
    options = _parser().parse_args(arguments)
    checkers, missing = installed(PEERS, options.without)
    escaping = [each.kernel for each in ESCAPING if each.covered]
    wrong = [kernel for kernel in (*PLANTED, *escaping) if options.only in kernel.name]
    wrong = [kernel for kernel in wrong if kernel in escaping] if options.escaping else wrong
    twins = [*TWINS] if options.escaping else [*correct(options.without), *TWINS]
    right = [] if options.only else twins
    found = [(kernel, _asked(kernel, checkers, options)) for kernel in _watched(wrong, "bugs")]
    alarms = [(kernel, _asked(kernel, checkers, options)) for kernel in _watched(right, "correct")]
    names = [*checkers]
    if options.format == "json":
        print(json.dumps(_as_json(names, found, alarms, missing, options), indent=2))
    else:
        _print(names, found, alarms, missing, options)
    well = all(said[OURS] for _, said in found)
    well = well and not any(said[OURS] for _, said in alarms)
    sys.exit(0 if well else 1)


def _asked(kernel: Kernel, checkers: dict[str, Catches], options: Any) -> Said:
    """What each checker says of a kernel; what it raises is an objection as well."""
    said: Said = {}
    for name, catches in checkers.items():
        try:
            said[name] = catches(kernel, options.points, options.seed)
        except BadArguments:
            raise  # it was not checked at all
        except Exception as error:
            said[name] = f"{type(error).__name__}: {error}"[:200]
    return said


def _print(names: list[str], found: Any, alarms: Any, missing: list[str], options: Any) -> None:
    screen = console()
    short = [name if name == OURS else name.split(".")[0] for name in names]
    shown = table("planted bug", *short, "what check_kernel calls it")
    shown.columns[-1].justify, shown.columns[-1].overflow = "left", "fold"
    for kernel, said in found:
        marks = ("✓" if said[name] else "·" for name in names)
        shown.add_row(kernel.name, *marks, Text(said[OURS] or ""))
    totals = (str(sum(bool(said[name]) for _, said in found)) for name in names)
    shown.add_row(f"caught of {len(found)}", *totals, "")
    accused = (str(sum(bool(said[name]) for _, said in alarms)) for name in names)
    shown.add_row(f"false alarms, {len(alarms)} correct kernels", *accused, "")
    screen.print(shown)
    for kernel, said in alarms:
        for name, text in said.items():
            if text:
                screen.print(f"{name} accuses {kernel.name}: {text}", markup=False)
    screen.print(f"{options.points} random points each, seed {options.seed}; {', '.join(names)}")
    for message in missing:
        screen.print(message, markup=False)


def _as_json(names: list[str], found: Any, alarms: Any, missing: list[str], options: Any) -> Any:
    def rows(kernels: Any) -> list[Any]:
        return [{"name": k.name, "what": k.what, "said": said} for k, said in kernels]

    return {
        "checkers": names,
        "points": options.points,
        "seed": options.seed,
        "planted": rows(found),
        "correct": rows(alarms),
        "caught": {name: sum(bool(said[name]) for _, said in found) for name in names},
        "missing": missing,
    }


def _watched(kernels: list[Kernel], what: str) -> Iterable[Kernel]:
    screen = console(error=True)
    return track(kernels, what, console=screen, transient=True, disable=not screen.is_terminal)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.gradient_checkers",
        description="Planted kernel bugs, each given to derivations.check_kernel and to the "
        "gradient checkers of PyTorch, JAX, SciPy and numdifftools (default settings, float64, "
        "random points), and correct kernels, which none may accuse.",
    )
    parser.add_argument("--points", type=int, default=POINTS, help="random points for the others")
    parser.add_argument("--seed", type=int, default=0, help="which points (0)")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--only", default="", metavar="TEXT", help="bugs whose name has this text")
    parser.add_argument("--escaping", action="store_true",
                        help="only those made to escape, and their twins")  # fmt: skip
    add_without(parser, PEERS)
    return parser


if __name__ == "__main__":
    main()

"""Names for steps that the kernel's data leaves unnamed: what is used twice is computed once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import count

from sympy import Expr

from codegen.lower.lowering import Lowering

Attempt = Callable[[Mapping[Expr, str]], Lowering]


def named(
    names: Mapping[Expr, str], taken: Collection[str], attempt: Attempt
) -> Mapping[Expr, str]:
    """``names`` with a name for every definition that the code would else compute twice.

    A definition gives its own name to the step. ``attempt`` lowers everything under given names;
    what varies along the most axes comes first, since the rest may then be looked up in it.
    """
    names = dict(names)
    while True:
        lowering = attempt(names)
        repeated = [step for step, times in lowering.met.items() if times > 1]
        if not repeated:
            return names
        step = max(repeated, key=lambda step: len(lowering.axes.running(step)))
        names[step] = _unused(step.func.__name__, {*taken, *names.values()})


def _unused(name: str, taken: Collection[str]) -> str:
    numbered = (name if n == 1 else f"{name}_{n}" for n in count(1))
    return next(candidate for candidate in numbered if candidate not in taken)

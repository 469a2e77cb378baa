"""A loss and its rule, run as JAX runs them: what the rule says has to be what is proved.

The loss of a kernel is called; then its rule forwards, and backwards from a symbol for the
derivative by the loss. What comes back is to be that symbol times the gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from codegen.backends.jax.function import loss_of
from codegen.backends.jax.pure import by
from codegen.grounds import Equality
from codegen.interpret.branching import World
from codegen.interpret.exact_numbers import Number
from codegen.interpret.symbolic import symbolic
from codegen.kernel import Gradient, Kernel, Value


def hows(kernel: Kernel, claims: Mapping[str, Equality]) -> list[tuple[str, Callable[..., Any]]]:
    """One way more to run a kernel that is the rule of a loss."""
    name = loss_of(kernel)
    named = by(kernel, claims)
    return [("by the rule of its loss", _by_rule(name, named))] if name else []


def _by_rule(loss: str, named: list[str]) -> Callable[..., Any]:
    def results(
        module: Any, kernel: Kernel, given: Mapping[str, Any], world: World
    ) -> dict[str, Any]:
        rule, (first, *_) = getattr(module, loss), kernel.outputs
        assert isinstance(first, Value)
        perturbed = tuple(name in named for name in given)
        incoming = Number(world, world.fresh("incoming"))
        value, *pulled = rule.pulled(symbolic(incoming), perturbed, *given.values())
        back = dict(zip(given, pulled, strict=True))
        if surplus := [name for name, one in back.items() if one is not None and name not in named]:
            raise AssertionError(f"a derivative by {', '.join(surplus)}, which no gradient is by")
        gradients = [one.name for one in kernel.outputs if isinstance(one, Gradient)]
        found = {
            output: back[name] / symbolic(incoming)
            for output, name in zip(gradients, named, strict=True)
        }
        terms = getattr(module, kernel.name)(*given.values())[0]
        found[first.name] = _with_what_is_off(terms, [value, rule(*given.values())], world)
        return found

    return results


def _with_what_is_off(terms: Any, sums: list[Any], world: World) -> Any:
    """The terms, where each of several sums is their sum; else the first of them is another."""
    total = np.sum(terms)
    off = 0
    for one in sums:
        off = off + symbolic(Number(world, world.fresh("off"))) * (one - total)
    if np.ndim(terms) == 0:
        return total + off
    terms = terms.copy()
    if terms.size:
        terms[(0,) * terms.ndim] = terms[(0,) * terms.ndim] + off
    return terms

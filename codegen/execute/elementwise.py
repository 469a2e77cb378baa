"""The functions of one number, on a symbol: both sides of every condition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codegen.equality import Equality
from codegen.execute.compare import Entries, mismatches
from codegen.execute.run import Count, Failure
from codegen.interpret.branching import World
from codegen.interpret.exact_numbers import Number
from codegen.interpret.loaded import Loaded
from codegen.interpret.paths import Path
from codegen.interpret.symbolic import symbolic
from codegen.kernel import Elementwise
from derivations.proof.evaluate import Interpreter
from derivations.proof.field import Field
from derivations.proof.index_evaluation import Instance

ROOM = 8
EVERY_SIGN = "both signs"


def run_elementwise(
    function: Elementwise, module: str, claims: Mapping[str, Equality], loaded: Loaded
) -> Count:
    """Run it on one symbol; it has to be what the claim's left side is."""
    world = World(Field(ROOM), Path())
    interpreter = Interpreter(Instance({}, {}, {}), world.field)
    want: Entries = {(): interpreter.value(claims[function.claim].left)}
    number: Any = symbolic(Number(world, interpreter.value(function.argument)))
    count = Count(cases=1, runs=1, entries=1)
    try:
        got = getattr(loaded.module(module), function.name)(number)
        wrong = next((f"is {one.reason}" for one in mismatches(world, "", got, want, 0)), None)
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"
    if wrong is not None:
        name = f"{module}.{function.name}"
        count.failures.append(Failure(name, "", f"{function.argument}", wrong))
    return count

"""Symbols to try operations on, and kernels with a mistake in their text."""

from __future__ import annotations

from typing import Any

import numpy as np

from codegen.emitted import GENERATED, printed, texts_in
from codegen.execute.specification import Limits, Plan
from codegen.execute.work_units import Report, functions, loadings, report
from codegen.interpret.branching import Path as Choices
from codegen.interpret.branching import World
from codegen.interpret.symbolic import EXACT, Number, number, symbolic
from codegen.kernel import equalities
from codegen.subjects import CLAIMS, MODULES
from derivations.proof.field import Field
from tests.planting import Mutant, rewritten

TEXTS = texts_in(GENERATED)
STATED = equalities(CLAIMS)
FUNCTIONS = dict(functions(printed(MODULES)))
SMALL = Plan(most=2, sizes=48, each=Limits(4, 4, 4), few=Limits(1, 1, 1), paths=4, longer=3)


def world(*choices: int) -> World:
    return World(Field(40), Choices(choices))


def symbols(world: World, name: str, *shape: int) -> Any:
    """An array of symbols."""
    array = np.empty(shape, object)
    for at in np.ndindex(shape):
        array[at] = Number(world, world.field.parameter((name, at)))
    return symbolic(array)


def equal(world: World, got: Any, want: Any) -> bool:
    """Whether two arrays have equal entries, each without cases."""
    got, want = (np.stack(one) if isinstance(one, list) else one for one in (got, want))
    got, want = EXACT.lifted(got).entries, EXACT.lifted(want).entries
    assert got.shape == want.shape
    pairs = zip(got.flat, want.flat, strict=True)
    return all(
        world.equal(number(world, one).tree, number(world, other).tree) for one, other in pairs
    )


def with_instead(file: str, old: str, new: str) -> dict[str, str]:
    """The committed texts, ``old`` written ``new`` in one file."""
    return Mutant("", rewritten(file, old, new)).texts(TEXTS)


def decided(name: str, texts: dict[str, str] = TEXTS) -> Report:
    """What is decided of one function of texts."""
    return report(name, FUNCTIONS.get(name), STATED, loadings(texts), SMALL)

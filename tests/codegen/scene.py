"""Small random arguments for lowered text, and the same arguments as a world to interpret in."""

from typing import Any

import numpy as np
from sympy import IndexedBase, Symbol

from codegen.arrays.nodes import Node
from codegen.backends.numpy.expressions import code, step_lines
from codegen.grounds import Equality
from codegen.kernel import Argument
from codegen.lower.entrywise_rules import RULES
from codegen.lower.lowering import Axes, Lowering
from codegen.matching import Rewrites
from derivations.word2vec.losses import (
    COORDINATES,
    DRAWS,
    OFFSETS,
    PAIRS,
    WORDS,
    U,
    V,
    b,
    centers,
    draw,
    i,
    j,
    k,
    near,
    o,
    outsides,
    w,
    z,
)
from generated._runtime.entries import overwritten, picked, replaced, sum_without
from generated._runtime.products import guarded, weigh
from generated._runtime.rows import row_sums, totals
from tests.codegen.interpreter import World

SIZES = {"N": 4, "d": 3, "K": 5, "J": 3, "B": 2}
LEAST = {"N": 1, "d": 1, "K": 0, "J": 0, "B": 0}
COIN = IndexedBase("t", real=True)  # numbers t[k], one for each draw
SCALE = Symbol("s", real=True)
ARGUMENTS = (
    Argument("U", U[w, i], (w, i), ("N", "d")),
    Argument("V", V[w, i], (w, i), ("N", "d")),
    Argument("t", COIN[k], (k,), ("K",)),
    Argument("s", SCALE),
    Argument("z", z),
    Argument("o", o),
    Argument("n", draw[k], (k,), ("K",)),
    Argument("centers", centers[b], (b,), ("B",)),
    Argument("outsides", outsides[b], (b,), ("B",)),
    Argument("outside", near[j], (j,), ("J",), 0),
)
AXES = Axes(ARGUMENTS, (PAIRS, OFFSETS, DRAWS, WORDS, COORDINATES))
RUNTIME = {
    "np": np,
    "overwritten": overwritten,
    "picked": picked,
    "replaced": replaced,
    "sum_without": sum_without,
    "guarded": guarded,
    "weigh": weigh,
    "row_sums": row_sums,
    "totals": totals,
}


def sizes(seed: int) -> dict[str, int]:
    """Lengths of the axes: at seed 0 all different, at others anything from the least on."""
    rng = np.random.default_rng(1000 + seed)
    drawn = {letter: int(rng.integers(least, 6)) for letter, least in LEAST.items()}
    return drawn if seed else SIZES


def arguments(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    N, D, K, J, B = sizes(seed).values()
    words = {"n": K, "centers": B, "outsides": B, "outside": J}
    return {
        "U": rng.standard_normal((N, D)),
        "V": rng.standard_normal((N, D)),
        "t": rng.standard_normal(K),
        "s": np.float64(rng.standard_normal()),
        "z": np.float64(rng.standard_normal()),
        "o": int(rng.integers(N)),
        **{name: rng.integers(0, N, size) for name, size in words.items()},
    }


def world(values: dict[str, Any]) -> World:
    """The places of the window are 1, 2, ...: its center, 0, has no outside word."""
    N, D = values["U"].shape
    K, J, B = (len(values[name]) for name in ("n", "outside", "centers"))

    def entries(name: str) -> Any:
        return lambda *place: values[name][place]

    return World(
        {
            WORDS: range(N),
            COORDINATES: range(D),
            DRAWS: range(K),
            PAIRS: range(B),
            OFFSETS: range(1, J + 1),
        },
        {
            U: entries("U"),
            V: entries("V"),
            COIN: entries("t"),
            draw: entries("n"),
            centers: entries("centers"),
            outsides: entries("outsides"),
            near: lambda place: values["outside"][place - 1],
        },
        {SCALE: values["s"], z: values["z"], o: values["o"], WORDS.size: N, DRAWS.size: K},
    )


def lowering(
    names: dict[Any, str] | None = None,
    rules: tuple[Equality, ...] = (),
    choices: dict[Any, Any] | None = None,
) -> Lowering:
    return Lowering(AXES, names or {}, Rewrites(rules, choices or {}), {}, RULES)


def lines(lowered: Lowering) -> list[str]:
    """The steps as they are printed."""
    return [line for step in lowered.made for line in step_lines(step)]


def run(lowered: Lowering, node: Node, values: dict[str, Any]) -> Any:
    """Execute the lines of the steps, then evaluate the node."""
    space = {**RUNTIME, **values}
    exec("\n".join(lines(lowered)), space)
    return eval(code(node), space)

"""Programs and packages made for a test: emitted, loaded, interpreted on numbers."""

import importlib.util
import operator
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod, sqrt
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import numpy as np
import sympy
from sympy import IndexedBase, Symbol

from codegen.array_language import Node
from codegen.backends.numpy.numpy_text import code, step_lines
from codegen.emitted import package, runtime_texts
from codegen.kernel import Argmax, Argument, Equality, Module, equalities
from codegen.lower.lowering import Axes, Lowering
from codegen.lower.rules import RULES
from codegen.matching import Rewrites
from derivations.claim import Claim
from derivations.indices import IndexSet
from derivations.language.index_nodes import Defined
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
from generated._runtime.arrays import guarded, overwritten, picked, replaced, sum_without, weigh
from generated._runtime.rows import row_sums, totals

# Packages emitted for a test, and loaded from where they were written.


def emitted(modules: Sequence[Module], claims: Iterable[Claim], folder: Path) -> ModuleType:
    """Emit the modules into ``folder`` and import them as a package of a name of its own."""
    write({**package(modules, equalities(claims)), **runtime_texts()}, folder)
    return loaded(folder)


def write(texts: Mapping[str, str], folder: Path) -> None:
    """The files of a package, by their paths in it."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def loaded(folder: Path) -> ModuleType:
    """The package in ``folder``, imported under a name of its own."""
    name = f"emitted_{uuid4().hex}"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


# Derivatives by differences, of a loss given as a function of arrays.


STEP = 1e-6


def slope(loss: Callable[[], float], array: Any) -> Any:
    """The derivative of ``loss`` by every entry of ``array``, which it reads."""
    out = np.empty_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + STEP
        above = loss()
        array[place] = kept - STEP
        out[place] = (above - loss()) / (2 * STEP)
        array[place] = kept
    return out


# The meaning of index expressions, by walking the tree: the oracle for the lowering rules.
#
# Slow and plain on purpose, and independent of the code it judges: every sum is a loop.


@dataclass(frozen=True)
class World:
    """Values for everything that is free: members of the index sets, families, symbols.

    Families are functions of indices. Members are counted from zero, as arrays are.
    """

    members: Mapping[IndexSet, range | list[int]]
    families: Mapping[sympy.IndexedBase, Any]
    symbols: Mapping[sympy.Symbol, Any]

    def with_(self, values: Mapping[sympy.Symbol, Any]) -> "World":
        return replace(self, symbols={**self.symbols, **values})


FUNCTIONS: dict[Any, Any] = {
    sympy.exp: np.exp,
    sympy.log: np.log,
    sympy.Abs: abs,
    sympy.Min: min,
    sympy.Max: max,
}


RELATIONS: dict[Any, Any] = {
    sympy.Ge: operator.ge,
    sympy.Le: operator.le,
    sympy.Ne: operator.ne,
}


def meaning(node: Any, world: World) -> Any:
    """The number that an expression stands for."""

    def of(part: Any) -> Any:
        return meaning(part, world)

    if isinstance(node, sympy.Symbol):
        return world.symbols[node]
    if node.is_Rational:
        return int(node.p) / int(node.q) if node.q != 1 else int(node.p)
    if isinstance(node, Defined):
        arguments = dict(zip(node.params, map(of, node.args), strict=True))
        return meaning(node.body, world.with_(arguments))
    if isinstance(node, Argmax):
        inside = world.with_(dict(zip(node.params, map(of, node.args), strict=True)))
        members = world.members[node.index.space]
        return max(members, key=lambda n: meaning(node.body, inside.with_({node.index: n})))
    if isinstance(node, sympy.Sum):
        return _sum(node.function, [limit[0] for limit in node.limits], world)
    if isinstance(node, sympy.Indexed):
        return world.families[node.base](*map(of, node.indices))
    if isinstance(node, sympy.KroneckerDelta):
        return int(of(node.args[0]) == of(node.args[1]))
    if isinstance(node, sympy.Piecewise):
        return next(of(case.expr) for case in node.args if of(case.cond))
    if isinstance(node, sympy.Add):
        return sum(map(of, node.args))
    if isinstance(node, sympy.Mul):
        return prod(map(of, node.args))
    if isinstance(node, sympy.Pow):
        return of(node.base) ** of(node.exp) if node.exp != sympy.S.Half else sqrt(of(node.base))
    if node.func in FUNCTIONS:
        return FUNCTIONS[node.func](*map(of, node.args))
    if isinstance(node, sympy.And):
        return all(map(of, node.args))
    for kind, holds in RELATIONS.items():
        if isinstance(node, kind):
            return holds(of(node.lhs), of(node.rhs))
    if node is sympy.true:
        return True
    raise NotImplementedError(type(node))


def _sum(summand: Any, indices: list[Any], world: World) -> Any:
    if not indices:
        return meaning(summand, world)
    *inner, outermost = indices
    members = world.members[outermost.space]
    return sum(_sum(summand, inner, world.with_({outermost: n})) for n in members)


def tabulated(expression: Any, axes: tuple[Any, ...], world: World) -> Any:
    """The expression at every value of its running indices, as an array."""
    members = [world.members[axis.space] for axis in axes]
    table = np.empty([len(some) for some in members])
    for place in np.ndindex(table.shape):
        chosen = [some[n] for some, n in zip(members, place, strict=True)]
        table[place] = meaning(expression, world.with_(dict(zip(axes, chosen, strict=True))))
    return table


# Small random arguments for lowered text, and the same arguments as a world to interpret in.


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

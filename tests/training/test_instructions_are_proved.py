"""The instructions that stand for functions on rows, run on exact symbols, do what these say.

`simd` tells LLVM's builder what to do. Here a builder takes its place that does it at once, on
sixteen exact symbols at a time in a memory of symbols, and refuses what lies outside of it or is
not aligned. Left out is the polynomial for exp: a symbol stands for its value, and the polynomial
is compared with the exponential itself elsewhere, at numbers of every size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba", reason="pip install '.[compiled]'")

import numba.extending
from llvmlite import ir
from numba import types
from sympy import QQ, field

from proved_kernels.training.compiled import center_steps, simd

L = center_steps.LANES
TEXT = Path(str(simd.__file__)).read_text(encoding="utf-8")
WIDTHS = ((0,), (0, 0, 0))
ROWS = 3


class Fault(Exception):
    """The processor would not do this, or nobody knows what it would do."""


@dataclass
class Pointer:
    """A place in a memory of numbers, and how many it leads to."""

    memory: list[Any]
    place: int
    count: int = 1

    def part(self, align: int) -> slice:
        if 4 * self.place % align or not 0 <= self.place <= len(self.memory) - self.count:
            raise Fault("not aligned, or outside")
        return slice(self.place, self.place + self.count)


def value(given: Any) -> Any:
    """A constant of LLVM as numbers; what is not defined is None."""
    if not isinstance(given, ir.Constant):
        return given
    if given.constant is ir.Undefined:
        return undefined(given.type)
    if isinstance(given.constant, (list, tuple)):
        return [value(each) for each in given.constant]
    whole = int(given.constant)
    assert whole == given.constant
    return whole


def undefined(kind: Any) -> Any:
    if not isinstance(kind, (ir.ArrayType, ir.VectorType)):
        return None
    return [undefined(kind.element) for _ in range(kind.count)]


class Builder:
    """What LLVM's builder is told, done at once."""

    def __init__(self) -> None:
        self.module = ir.Module()

    def gep(self, pointer: Pointer, by: list[Any]) -> Pointer:
        return Pointer(pointer.memory, pointer.place + value(by[0]))

    def bitcast(self, pointer: Pointer, kind: Any) -> Pointer:
        return Pointer(pointer.memory, pointer.place, getattr(kind.pointee, "count", 1))

    def load(self, pointer: Pointer, align: int) -> Any:
        return pointer.memory[pointer.part(align)]

    def store(self, vector: Any, pointer: Pointer, align: int) -> None:
        if len(vector) != pointer.count:
            raise Fault("another size")
        pointer.memory[pointer.part(align)] = vector

    def mul(self, one: Any, other: Any) -> Any:
        return one.type(value(one) * value(other))

    def insert_value(self, whole: Any, part: Any, place: int) -> Any:
        whole = list(value(whole))
        whole[place] = value(part)
        return whole

    def extract_value(self, whole: Any, place: int) -> Any:
        return value(whole)[place]

    def insert_element(self, vector: Any, number: Any, place: Any) -> Any:
        return self.insert_value(vector, number, value(place))

    def shuffle_vector(self, one: Any, other: Any, places: Any) -> Any:
        both = [*value(one), *value(other)]
        return [both[place] for place in value(places)]

    def _each(self, done: Callable[..., Any], *vectors: Any) -> Any:
        return [done(*parts) for parts in zip(*map(value, vectors), strict=True)]

    def fadd(self, one: Any, other: Any) -> Any:
        return self._each(lambda x, y: x + y, one, other)

    def fmul(self, one: Any, other: Any) -> Any:
        return self._each(lambda x, y: x * y, one, other)

    def fdiv(self, one: Any, other: Any) -> Any:
        return self._each(lambda x, y: x / y, one, other)

    def fneg(self, one: Any) -> Any:
        return self._each(lambda x: -x, one)

    def fcmp_ordered(self, sign: str, one: Any, other: Any) -> Any:
        told = {">=": lambda x, y: x >= y, "ord": lambda x, y: True}[sign]
        return self._each(told, one, other)

    def select(self, which: Any, yes: Any, no: Any) -> Any:
        return self._each(lambda w, y, n: y if w else n, which, yes, no)

    def call(self, function: Any, given: Any) -> Any:
        done = {
            "fmuladd": lambda x, y, z: x * y + z,
            "fabs": abs,
        }[function.name.split(".")[1]]
        return self._each(done, *given)


@dataclass
class Matrix:
    """Rows of numbers, one after the other in memory."""

    memory: list[Any]
    width: int

    def array(self) -> Any:
        made = np.empty(len(self.memory), object)
        made[:] = self.memory
        return made.reshape(-1, self.width)


def run(module: ModuleType, name: str, *given: Any) -> Any:
    """One of the instructions on these arguments: the type of each, and what it is."""
    signature, made = getattr(module, name)._defn(None, *(kind for kind, _ in given))
    context = SimpleNamespace(
        make_array=lambda _: lambda *_, value: SimpleNamespace(data=Pointer(value.memory, 0)),
        get_dummy_value=lambda: None,
    )
    return made(context, Builder(), signature, [each for _, each in given])


def symbols(*shapes: int) -> tuple[Any, list[list[Any]]]:
    made = field(f"x0:{sum(shapes)}", QQ)
    names = iter(made[1:])
    return made[0], [[next(names) for _ in range(count)] for count in shapes]


def index(at: int) -> tuple[Any, Any]:
    return types.int64, ir.Constant(ir.IntType(64), at)


def rows_differ(module: ModuleType) -> bool:
    """Whether an instruction on rows does anything else than its function in `center_steps`."""
    for width in WIDTHS:
        d, row = L * len(width), module.Row(len(width))
        kind = types.Array(types.float32, 2, "C")
        _, (memory, other, (factor,)) = symbols(ROWS * d, d, 1)
        V, wide = Matrix(memory, d), types.UniTuple(types.int64, len(width))

        def flat(vector: Any) -> list[Any]:
            return [each for part in value(vector) for each in part]

        def split(numbers: Any, d: int = d) -> list[Any]:
            return [list(numbers[k : k + L]) for k in range(0, d, L)]

        for at in range(ROWS):
            loaded = run(module, "_load", (kind, V), index(at), (wide, None))
            if flat(loaded) != center_steps.load(V.array(), at, width).tolist():
                return True
            sum_ = run(
                module, "_added", (row, loaded), (types.float32, factor), (row, split(other))
            )
            once, array = np.empty(1, object), np.empty(d, object)
            once[:], array[:] = [factor], other
            wanted = center_steps.added(center_steps.load(V.array(), at, width), once, array)
            if flat(sum_) != wanted.tolist():
                return True
            changed, expected = Matrix(list(memory), d), V.array()
            run(module, "_store", (kind, changed), index(at), (row, sum_))
            center_steps.store(expected, at, wanted)
            if changed.memory != expected.ravel().tolist():
                return True
        if flat(run(module, "_nothing", (wide, None))) != [0] * d:
            return True
    return False


def products_differ(module: ModuleType) -> bool:
    for width in WIDTHS:
        d, row = L * len(width), module.Row(len(width))
        line, kind = types.Array(types.float32, 1, "C"), types.Array(types.float32, 2, "C")
        _, (memory, v, before) = symbols(ROWS * d, d, 12)
        U, four = Matrix(memory, d), types.UniTuple(types.int64, 4)
        for first, places in ((0, (0, 1, 2, 1)), (4, (2, 2, 0, 1)), (7, (1, 0, 0, 2))):
            scores = Matrix(list(before), 12)
            parts = [v[k : k + L] for k in range(0, d, L)]
            at = [ir.Constant(ir.IntType(64), place) for place in places]
            run(module, "_products", (line, scores), index(first), (row, parts), (kind, U),
                (four, at))  # fmt: skip
            wanted, vector = np.empty(12, object), np.empty(d, object)
            wanted[:], vector[:] = before, v
            given = first, first + 4, vector, U.array(), [0] * first + list(places), width
            center_steps.products(wanted, *given)
            if scores.memory != wanted.tolist():
                return True
    return False


def slopes_differ(module: ModuleType) -> bool:
    line = types.Array(types.float32, 1, "C")
    _, (weights, powers) = symbols(2 * L, L)

    def power(z: int) -> Any:
        return powers[abs(z) - 1] if z else powers[0] ** 0

    def exp(builder: Builder, x: Any) -> Any:
        if any(each > 0 for each in x):
            raise Fault("the polynomial is for numbers up to 0")
        return list(map(power, x))

    module._exp = exp  # type: ignore[attr-defined]
    scores = [(k * 5) % (L + 1) * (-1) ** (k // 2) for k in range(2 * L)]
    signs = [(-1) ** (k // 3) for k in range(2 * L)]
    moved = Matrix(list(scores), 2 * L)
    given = [(line, moved), (line, Matrix(signs, 2 * L)), (line, Matrix(weights, 2 * L))]
    run(module, "_slopes", *given, index(L))
    for k in range(L, 2 * L):
        z = signs[k] * scores[k]
        sigmoid = (power(0) if z >= 0 else power(z)) / (1 + power(z))
        if moved.memory[k] != sigmoid * signs[k] * weights[k]:
            return True
    return moved.memory[:L] != scores[:L]


def differs(module: ModuleType) -> bool:
    try:
        return slopes_differ(module) or rows_differ(module) or products_differ(module)
    except Fault:
        return True


def read(text: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module of a text; Numba does not hear of its overloads."""
    monkeypatch.setattr(numba.extending, "overload", lambda *_, **__: lambda function: function)
    module = ModuleType("proved_kernels.training.compiled.read")
    module.__package__ = "proved_kernels.training.compiled"
    monkeypatch.setitem(__import__("sys").modules, module.__name__, module)
    exec(compile(text, "simd.py", "exec"), module.__dict__)
    return module


def test_each_instruction_does_what_its_function_on_rows_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not differs(read(TEXT, monkeypatch))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at.type(count * LANES)", "at.type(LANES)"),
        ("ir.IntType(64)(n * LANES)", "ir.IntType(64)(n)"),
        ("[_constant(0)] * count", "[_constant(1)] * count"),
        ("for each in (more, base))", "for each in (base, more))"),
        ("builder.load(some[k][n], align=64),", "builder.load(some[0][n], align=64),"),
        ("sums = [_constant(0)] * 4", "sums = [_constant(1)] * 4"),
        ("[0, 4, 1, 5]), picked(x, y, [2, 6, 3, 7])", "[0, 4, 1, 5]), picked(x, y, [2, 6, 3, 3])"),
        ("picked(one, other, [0, 1, 4, 5])", "picked(one, other, [0, 4, 1, 5])"),
        ("while length > 4:", "while length > 8:"),
        ("builder.fmul(sign, score)", "builder.fmul(sign, sign)"),
        ("builder.fmul(builder.fmul(sigmoid, sign), weight)", "builder.fmul(sigmoid, weight)"),
        ("is_positive, _constant(1), small", "is_positive, small, _constant(1)"),
        ("builder.fadd(_constant(1), small)", "builder.fadd(_constant(2), small)"),
        ("place = builder.gep(data, [given[3]])", "place = builder.gep(data, [given[3].type(0)])"),
    ],
)  # fmt: skip
def test_a_wrong_instruction_is_seen(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert TEXT.count(old) == 1, "the code has changed: say the mistake anew"
    assert differs(read(TEXT.replace(old, new), monkeypatch))

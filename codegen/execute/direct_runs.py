"""Functions that are run by themselves: those of one number, and the row sums of the runtime."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from codegen.execute.compared_entries import Entries, mismatches
from codegen.execute.running import Count, Failure, Variant
from codegen.grounds import Equality
from codegen.interpret.branching import Path, World
from codegen.interpret.exact_numbers import Number
from codegen.interpret.loaded import Loaded
from codegen.interpret.symbolic import symbolic
from codegen.kernel import Elementwise
from derivations.proof.evaluate import Instance, Interpreter
from derivations.proof.field import Field

# The functions of one number, on a symbol: both sides of every condition.


ROOM_OF_ONE = 8
EVERY_SIGN = "both signs"


def run_elementwise(
    function: Elementwise, module: str, claims: Mapping[str, Equality], loaded: Loaded
) -> Count:
    """Run it on one symbol; it has to be what the claim's left side is."""
    world = World(Field(ROOM_OF_ONE), Path())
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


# The row sums of the runtime by themselves: words far apart, shared rows, numbers or none.
#
# Kernels call them with small words; here words are as far apart as makes them sort, too.


WORDS = (((0, 1, 2), 4), ((0, 3, 9000), 3))  # three words, and how many places a list has
ROOM = 40
D = 2
NAMES = ("_runtime.rows.row_sums", "_runtime.rows.matrix_of")


def run_row_sums(name: str, ways: Sequence[Variant]) -> Count:
    """Every list of up to so many words out of three."""
    count = Count()
    for words, most in WORDS if name == NAMES[0] else WORDS[:1]:
        for length in range(most + 1):
            for chosen in product(words, repeat=length):
                count.cases += 1
                for way in ways:
                    for wrong in _wrong(name, way, list(chosen), count):
                        at = f"words = {list(chosen)}"
                        count.failures.append(Failure(name, way.name, at, wrong))
                        return count
    return count


def _wrong(name: str, way: Variant, words: list[int], count: Count) -> Iterator[str]:
    for terms in ("rows", "numbers", "shared", "several"):
        world = World(Field(ROOM), Path())
        given, want = _terms(world, terms, words)
        count.runs += 1
        try:
            rows = way.loaded.module("_runtime.rows")
            if name == NAMES[0]:
                got = rows.row_sums(*given)
                listed = sorted(set(words))
                if np.asarray(got.rows).tolist() != listed:
                    yield f"lists the rows {got.rows}, should list {listed}"
                dense = got.dense(max(words, default=0) + 1)
            else:
                dense = rows.matrix_of(max(words, default=0) + 1, *given)
            some = {at: want.get(at, world.field.constant(0)) for at in _places(words, dense)}
            if dense.shape[1] != D:
                yield f"has rows of length {dense.shape[1]}, should be {D}"
            for at, value in some.items():
                count.entries += 1
                for wrong in mismatches(world, f"{list(at)}", dense[at], {(): value}, 0):
                    yield f"{terms}: {wrong.output} {wrong.reason}"
        except Exception as error:
            yield f"{terms}: {type(error).__name__}: {error}"


def _places(words: list[int], dense: Any) -> Iterator[tuple[int, int]]:
    """Rows of words, and some beside them."""
    rows = {*words, *(word + 1 for word in words), 0}
    return ((row, i) for row in sorted(rows) if row < len(dense) for i in range(D))


def _terms(
    world: World, kind: str, words: list[int]
) -> tuple[list[Any], dict[tuple[int, int], Any]]:
    """Terms for the functions, and what they add up to."""
    field = world.field
    index = np.array(words, np.intp)
    want: dict[tuple[int, int], Any] = {}

    def symbols(letter: str, *shape: int) -> tuple[Any, Any]:
        values = np.empty(shape, object)
        array = np.empty(shape, object)
        for at in np.ndindex(shape):
            values[at] = field.parameter((letter, at))
            array[at] = Number(world, values[at])
        return values, symbolic(array)

    def add(word: int, factor: Any, row: Any) -> None:
        for i in range(D):
            before = want.get((word, i), field.constant(0))
            want[word, i] = field.add(before, field.multiply(factor, row[i]))

    numbers, weights = symbols("a", len(words))
    one = field.constant(1)
    if kind == "shared":
        row, shared = symbols("r", D)
        for word, number in zip(words, numbers, strict=True):
            add(word, number, row)
            add(word, field.multiply(field.constant(-2), one), row)
        return [
            (index, weights, shared),
            (index, -2, np.broadcast_to(shared, (len(words), D))),
        ], want
    rows, given = symbols("r", len(words), D)
    for word, number, row in zip(words, numbers, rows, strict=True):
        add(word, one if kind == "rows" else number, row)
    if kind == "several":
        parts = (slice(0, 1), slice(1, 2), slice(2, None))
        return [(index[part], weights[part], given[part]) for part in parts], want
    return [(index, weights if kind == "numbers" else None, given)], want

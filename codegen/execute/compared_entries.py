"""What a kernel returned, against what it had to, decided exactly; a point where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, log
from random import Random
from typing import Any

import numpy as np

from codegen.interpret.array import Array
from codegen.interpret.branching import Holds, World, differing
from codegen.interpret.exact_numbers import number
from codegen.interpret.symbolic import EXACT
from derivations.proof.field import Field, Value
from derivations.proof.field import Value as Element

# What a kernel returned or changed, against what it had to: entry by entry, decided exactly.


Place = tuple[int, ...]
Entries = Mapping[Place, Any]  # elements of the field, or trees of them


@dataclass(frozen=True)
class Mismatch:
    """One entry that is wrong, or what else is wrong with an output."""

    output: str
    entry: Place | None
    reason: str
    got: Element | None = None
    want: Element | None = None
    case: Holds | None = None


def mismatches(world: World, name: str, got: Any, want: Entries, lists: int) -> Iterator[Mismatch]:
    """What is wrong with an output; ``lists`` is the number of its axes.

    A row-sparse gradient has to list distinct rows in order, and what it does not list is zero.
    """
    if hasattr(got, "rows") and hasattr(got, "values"):
        yield from _rows(world, name, got, want)
        return
    shape = tuple(max((at[n] for at in want), default=-1) + 1 for n in range(lists))
    if lists == 0:
        yield from _entry(world, name, (), got, want[()])
        return
    if not isinstance(got, np.ndarray | Array):
        yield Mismatch(name, None, f"is a {type(got).__name__}, should be an array")
    elif not _fits(got.shape, shape, want):
        yield Mismatch(name, None, f"has shape {got.shape}, should be {shape}")
    else:
        for at, value in want.items():
            yield from _entry(world, name, at, EXACT.lifted(got).entries[at], value)


def _fits(found: Place, shape: Place, want: Entries) -> bool:
    return found == shape if want else len(found) == len(shape) and 0 in found


def _rows(world: World, name: str, got: Any, want: Entries) -> Iterator[Mismatch]:
    rows = np.asarray(got.rows).tolist()
    if rows != sorted(set(rows)) or len(rows) != len(got.values):
        yield Mismatch(name, None, f"lists the rows {rows} for {len(got.values)} rows")
        return
    width = max(at[1] for at in want) + 1
    if got.values.shape != (len(rows), width):
        yield Mismatch(name, None, f"has rows of shape {got.values.shape[1:]}, should be {width}")
        return
    place = {row: n for n, row in enumerate(rows)}
    if rows and not 0 <= rows[0] <= rows[-1] <= max(at[0] for at in want):
        yield Mismatch(name, None, f"lists the rows {rows}, which are not all there")
        return
    for (row, column), value in want.items():
        entry = EXACT.lifted(got.values).entries[place[row], column] if row in place else 0
        yield from _entry(world, name, (row, column), entry, value)


def _entry(world: World, name: str, at: Place, got: Any, want: Any) -> Iterator[Mismatch]:
    if isinstance(got, Array) and got.ndim == 0:
        got = got.item()
    if isinstance(got, np.ndarray | Array):
        yield Mismatch(name, at, f"is an array of shape {got.shape}, should be a number")
        return
    wrong = differing(world, number(world, got).tree, want)
    if wrong is not None:
        yield Mismatch(name, at, "is not what was proved", *wrong)


# Where two exact values differ: their numbers at one point, for a reader. Never a verdict.


TRIES = 200


def shown(got: Value, want: Value, case: Holds, world: World) -> str:
    """Both values at a point where the case in which they differ is the one that holds."""
    random = Random(0)
    text = ""
    for attempt in range(TRIES):
        point = _point(world.field, random)
        try:
            left, right = (_as_float(value, world.field, point) for value in (got, want))
            holds = all(
                (_as_float(world.conditions[n], world.field, point) >= 0) == wanted
                for n, wanted in case.items()
            )
        except (ArithmeticError, ValueError):
            continue
        if attempt == 0 or holds:
            text = f"{left:.6g}, should be {right:.6g}, at {_named(world.field, point)}"
        if holds and f"{left:.6g}" != f"{right:.6g}":
            break
    return text or "values that no point shows"


def _point(field: Field, random: Random) -> dict[int, float]:
    point = {n: random.choice((-1, 1)) * random.randint(1, 8) / 4 for n in field.coordinates}
    for n, argument in field.arguments.items():
        point[n] = exp(_as_float(argument, field, point))
    for key, n in field.numbers.items():
        if isinstance(key, tuple) and key[0] == "log" and n not in point:
            known = {str(one): one for one in field.irreducible}
            inside = key[1] if isinstance(key[1], int) else _polynomial(known[key[1]], point)
            point[n] = log(abs(inside))
    return point


def _as_float(value: Value, field: Field, point: dict[int, float]) -> float:
    """The value at a point, as a float."""
    result = _polynomial(value.numerator, point)
    for n, power in value.denominator:
        result /= _polynomial(field.irreducible[n], point) ** power
    return result


def _polynomial(polynomial: Any, point: dict[int, float]) -> float:
    total = 0.0
    for powers, coefficient in polynomial.to_dict().items():
        term = int(coefficient.p) / int(coefficient.q)
        for n, power in enumerate(powers):
            if power:
                term *= point[n] ** int(power)
        total += term
    return total


def _named(field: Field, point: dict[int, float]) -> str:
    named = []
    for key, n in field.numbers.items():
        if n in field.coordinates and isinstance(key, tuple):
            indices = ",".join(str(index) for index in key[1])
            named.append(
                f"{key[0]}[{indices}] = {point[n]:g}" if indices else f"{key[0]} = {point[n]:g}"
            )
    return ", ".join(named)

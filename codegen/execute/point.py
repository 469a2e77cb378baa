"""Where two exact values differ: their numbers at one point, for a reader. Never a verdict."""

from __future__ import annotations

from math import exp, log
from random import Random
from typing import Any

from codegen.interpret.branching import Holds, World
from derivations.proof.field import Field, Value

TRIES = 200


def shown(got: Value, want: Value, case: Holds, world: World) -> str:
    """Both values at a point where the case in which they differ is the one that holds."""
    random = Random(0)
    text = ""
    for attempt in range(TRIES):
        point = _point(world.field, random)
        try:
            left, right = (number(value, world.field, point) for value in (got, want))
            holds = all(
                (number(world.conditions[n], world.field, point) >= 0) == wanted
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
        point[n] = exp(number(argument, field, point))
    for key, n in field.numbers.items():
        if isinstance(key, tuple) and key[0] == "log" and n not in point:
            known = {str(one): one for one in field.irreducible}
            inside = key[1] if isinstance(key[1], int) else _polynomial(known[key[1]], point)
            point[n] = log(abs(inside))
    return point


def number(value: Value, field: Field, point: dict[int, float]) -> float:
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

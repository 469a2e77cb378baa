"""What is right at one input, and how far off rounding may be: in balls, as precise as it takes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product
from typing import Any, Protocol

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray
from sympy import Abs, Basic, Expr, Max, Min, Symbol, exp, log

from derivations.implementation.inputs import Case, instance_of, members, numbers_of
from derivations.implementation.question import Output, Piece, Problem, indices_of
from derivations.implementation.running_error import ZERO, Conditioned, Score, Terms, parameters_of
from derivations.indices import Index, free_symbols
from derivations.language.index_nodes import Defined
from derivations.proof.domain import Key, Scope
from derivations.proof.evaluate import Instance, Interpreter, Places, Thunk
from derivations.proof.fragment import NoValue
from derivations.proof.instances import meets

# The interpreter, which works out a function of the same numbers once.
#
# What an entry of a gradient is made of, the probabilities and errors, is that of other entries as
# well. A value is known by its expression and by what the free symbols in it stand for.


class Remembering(Interpreter[Terms]):
    """Values of functions are kept; nothing changes a value once it is made."""

    def __init__(self, instance: Instance, domain: Conditioned) -> None:
        super().__init__(instance, domain)
        self.balls = domain
        self.kept: dict[Hashable, Terms] = {}

    def _value(self, node: Expr, scope: Scope) -> Terms:
        if isinstance(node, Abs | Max | Min):
            return self._without_ties(node, scope)
        if not isinstance(node, exp | log | Defined):
            return super()._value(node, scope)
        key = node, _meaning(node, scope)
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = super()._value(node, scope)
        return found

    def _without_ties(self, node: Expr, scope: Scope) -> Terms:
        """|z|, min and max: where two are equal and nothing is rounded, either will do."""
        best, *others = (self._value(part, scope) for part in node.args)
        if isinstance(node, Abs):
            others = [self._minus(best)]
        wanted = -1 if isinstance(node, Min) else 1
        for other in others:
            apart = self.domain.add(other, self._minus(best))
            if not self.balls.is_plainly_zero(apart) and self.domain.sign(apart) == wanted:
                best = other
        return best


def _meaning(node: Basic, scope: Scope) -> Hashable:
    """What the free symbols stand for, through the arguments of definitions."""
    found: list[Hashable] = []
    for symbol in _letters(node):
        bound = scope.get(symbol)
        if isinstance(bound, Thunk):
            found.append((bound.node, _meaning(bound.node, bound.scope)))
        else:
            found.append(bound)
    return tuple(found)


@lru_cache(maxsize=16384)
def _letters(node: Basic) -> tuple[Symbol, ...]:
    return tuple(sorted((s for s in free_symbols(node) if isinstance(s, Symbol)), key=str))


BITS = (192, 768, 4800)  # the products of two float64 span fewer than 4,300
GOOD = 80  # bits of each value and scale that have to be certain
Balls = NDArray[Any]
Floats = NDArray[np.float64]


class Right(Protocol):
    """Of one result: what is right in floats, and how far off one may be."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        ...

    @property
    def apart(self) -> tuple[Floats, Floats]:
        """The values as sums of two floats."""
        ...

    @property
    def reach(self) -> float:
        """The largest score, zero where it is not known."""
        ...

    @property
    def scales(self) -> Floats:
        """The scale B of each entry."""
        ...

    @property
    def floors(self) -> Floats:
        """What underflow may cost."""
        ...

    @property
    def naives(self) -> Floats:
        """What naive sums cost, in roundings."""
        ...


class NotCovered(LookupError):
    """The claims say nothing of some entry here."""


@dataclass(frozen=True, eq=False)
class Expected:
    """Of one result: exact values, scale B, what underflow may cost, and what naive sums cost.

    ``reads`` has for each entry the parameters that it depends on; ``reach`` is the largest score.
    """

    values: Balls
    scale: Balls
    floor: Balls
    naive: Balls
    reads: NDArray[Any]
    reach: float = 0.0

    @property
    def shape(self) -> tuple[int, ...]:
        return self.values.shape

    @cached_property
    def apart(self) -> tuple[Floats, Floats]:
        """The exact values rounded, and what is missing then, rounded as well."""
        with ctx.workprec(BITS[-1]):
            known = _floats(self.values)
            pairs = zip(self.values.ravel(), known.ravel(), strict=True)
            rest = [float(value - arb(x)) if np.isfinite(x) else 0.0 for value, x in pairs]
        return known, np.array(rest, dtype=np.float64).reshape(self.shape)

    @cached_property
    def scales(self) -> Floats:
        """B, rounded."""
        return _floats(self.scale)

    @cached_property
    def floors(self) -> Floats:
        """What underflow may cost, rounded."""
        return _floats(self.floor)

    @cached_property
    def naives(self) -> Floats:
        """What naive sums cost, rounded."""
        return _floats(self.naive)


def expected(problem: Problem, case: Case) -> dict[str, Expected] | None:
    """Each result that is looked at; None where the claims do not cover this input."""
    instance = instance_of(problem, case)
    info = np.finfo(case.dtype)
    tiny = arb(float(info.tiny))
    for bits in BITS:
        with ctx.workprec(bits):
            domain = Conditioned(numbers_of(problem, case, instance), float(info.eps) / 2)
            reader: Interpreter[Terms] = Remembering(instance, domain)
            try:
                found = {
                    output.name: _result(output, case, reader, domain, tiny)
                    for output in problem.judged
                }
            except (NotCovered, NoValue, ZeroDivisionError):
                return None
            if all(_certain(each, tiny) for each in found.values()):
                scores = [abs(float(value)) for value, _ in domain.known.values()]
                reach = max(scores, default=0.0)
                return {name: replace(each, reach=reach) for name, each in found.items()}
    return None


def _floats(balls: Balls) -> Floats:
    rounded = [float(ball) for ball in balls.ravel()]
    return np.array(rounded, dtype=np.float64).reshape(balls.shape)


def _result(
    output: Output, case: Case, reader: Interpreter[Terms], domain: Conditioned, tiny: arb
) -> Expected:
    places = [members(axis.space, case.sizes) for axis in output.axes]
    rows = [
        _scaled(_value(output, dict(zip(output.axes, at, strict=True)), reader), domain, tiny)
        for at in product(*places)
    ]
    shape = tuple(map(len, places))
    values, scale, floor, naive, reads = (
        _objects([row[part] for row in rows], shape) for part in range(5)
    )
    return Expected(values, scale, floor, naive, reads)


def _objects(parts: list[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    array = np.empty(len(parts), dtype=object)
    array[:] = parts
    return array.reshape(shape)


def _value(output: Output, scope: dict[Index, int], reader: Interpreter[Terms]) -> Terms:
    """The value of the first piece that says what is at this place."""
    for piece in output.pieces:
        for bound in _bindings(piece, output, scope, reader.instance):
            here = {axis.name: place for axis, place in scope.items()}
            indices = {**reader.instance.indices, **here, **bound}
            at = replace(reader.instance, indices=indices)
            if all(meets(condition, at) for condition in piece.conditions):
                names = {index: bound[index.name] for index in piece.bound}
                return reader.value(piece.value, {**scope, **names})
    raise NotCovered


def _bindings(
    piece: Piece, output: Output, scope: dict[Index, int], instance: Instance
) -> Iterator[dict[str, int]]:
    """Values of the bound indices at which the piece is by the entry at this place."""
    by, place = indices_of(piece.by), indices_of(output.place)
    if not by or not place:
        yield {}
        return
    places = Places(instance)
    target = places.places(place, scope)
    direct = {index: place for index, place in zip(by, target, strict=True) if index in piece.bound}
    others = [index for index in piece.bound if index not in direct]
    for chosen in product(*(_members(index, instance) for index in others)):
        names = {**scope, **direct, **dict(zip(others, chosen, strict=True))}
        if places.places(by, names) == target:
            yield {index.name: names[index] for index in piece.bound}


def _members(index: Index, instance: Instance) -> tuple[int, ...]:
    return Places(instance).members(index.space.lower, index.space.upper, {})


def _scaled(value: Terms, domain: Conditioned, tiny: arb) -> tuple[Any, ...]:
    """The number, its scale, what underflow costs, the scale of sums as typed, what it reads."""
    whole, size, naive, floor = ZERO, ZERO, ZERO, arb(1)
    slopes: dict[Score, Any] = {}
    for monomial, coefficient in value.items():
        number = domain.number(monomial)
        atom = domain.coefficient(coefficient)
        whole += number * atom.value
        size += abs(number) * atom.size
        naive += abs(number) * (1 + sum((each.size for each in coefficient.atoms), ZERO))
        floor += abs(number)
        for score, slope in atom.slopes.items():
            slopes[score] = slopes.get(score, ZERO) + number * slope
    reach = domain.reach(slopes)
    # a score itself, rounded and then subtracted
    largest = max((float(abs(domain.number(monomial))) for monomial in value), default=0.0)
    naive += largest * sum((domain.known[score][1] for score in slopes), ZERO)
    floor += sum((abs(slope) * len(score) for score, slope in slopes.items()), ZERO)
    reads = frozenset(parameters_of(value))
    # where nothing but zeros is added up there is no scale to measure by
    least = max(tiny, arb(domain.u) ** 2) if size + reach < tiny else tiny
    return whole, size + reach, least * floor, naive + reach, reads


def _certain(found: Expected, tiny: arb) -> bool:
    """Whether every number is known to many bits, or to be too small to matter."""
    for part in (found.values, found.scale):
        for ball in part.ravel():
            if not ball.is_finite():
                return False
            if ball.rel_accuracy_bits() < GOOD and not abs(ball) < tiny:
                return False
    return True


def dependence(found: Expected, key: Key) -> NDArray[Any]:
    """Which entries depend on a parameter."""
    flags = [key in reads for reads in found.reads.ravel()]
    return np.array(flags, dtype=bool).reshape(found.shape)

"""The value of an expression at an instance, in certified intervals."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from math import prod
from random import Random
from typing import Any

from flint import arb, fmpq
from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    log,
)

from derivations.claim import Condition, Distinct, NotAmong, Unequal
from derivations.indices import Entries, Index, IndexSet, WordArray
from derivations.language.index_nodes import Applied, Opaque, Partial
from tests.proof.fuzz.expressions import LISTS, POOL

# The value of an index expression at one instance, as a certified interval.
#
# Written from the mathematician's meaning alone: a sum binds its index in its summand and nowhere
# else, the innermost sum of that name counts. It shares no code with the arguments it judges.


BITS = 192
Scope = Mapping[Index, int]


class Undefined(Exception):
    """No value here: division by zero, for example."""


class Unlisted(Undefined):
    """No such draw, or no member of an empty index set."""


def place(node: Any, scope: Scope, instance: Instance) -> int:
    """The integer that an index, a word of a list or a bound stands for."""
    if isinstance(node, Index):
        found = scope.get(node, instance.free.get(node))
        if found is None:
            raise Unlisted(f"{node} has no value in an empty index set")
        return found
    if isinstance(node, Symbol):
        return instance.sizes[node.name]
    if isinstance(node, Indexed) and isinstance(node.base, WordArray):
        key = (node.base.name, tuple(place(index, scope, instance) for index in node.indices))
        if key not in instance.words:
            raise Unlisted(f"{node} is not listed")
        return instance.words[key]
    if node.is_Integer:
        return int(node)
    parts = [place(part, scope, instance) for part in node.args]
    if isinstance(node, Add):
        return sum(parts)
    assert isinstance(node, Mul), node
    return prod(parts)


def value(node: Any, scope: Scope, instance: Instance) -> arb:
    """The real number ``node`` stands for; not a finite ball where it has no value."""
    if isinstance(node, Mul):
        return _product(node, scope, instance)
    if isinstance(node, Add):
        return sum((value(part, scope, instance) for part in node.args), arb(0))
    if isinstance(node, Sum):
        return _sum(node, len(node.limits) - 1, scope, instance)
    if isinstance(node, Indexed):
        places = tuple(place(index, scope, instance) for index in node.indices)
        return instance.value((node.base.name, places))
    if isinstance(node, KroneckerDelta):
        left, right = (place(index, scope, instance) for index in node.args)
        return arb(left == right)
    if isinstance(node, Pow) and node.exp.is_Integer:
        return power(value(node.base, scope, instance), int(node.exp))
    if isinstance(node, Pow) and node.exp == Rational(1, 2):
        return value(node.base, scope, instance).sqrt()
    if isinstance(node, Abs):
        return abs(value(node.args[0], scope, instance))
    if isinstance(node, Max | Min):
        values = [value(part, scope, instance) for part in node.args]
        return reduce(arb.max if isinstance(node, Max) else arb.min, values)
    if isinstance(node, exp):
        return value(node.args[0], scope, instance).exp()
    if isinstance(node, log):
        return value(node.args[0], scope, instance).log()
    if node.is_Rational:
        return arb(fmpq(int(node.p), int(node.q)))
    if isinstance(node, Symbol):
        is_count = isinstance(node, Index) or node.name in instance.sizes
        return arb(place(node, scope, instance)) if is_count else instance.value((node.name, ()))
    if isinstance(node, Opaque):
        return _opaque(node.func, node.args, (), scope, instance)
    if isinstance(node, Partial):
        return _opaque(node.function, node.labels, node.entries, scope, instance)
    if isinstance(node, Applied):
        return _applied(node, scope, instance)
    raise Undefined(f"{type(node).__name__} is no index expression")


def _opaque(function: Any, picks: Any, by: Any, scope: Scope, instance: Instance) -> arb:
    """A function of declared matrices and rows: of their entries, and of the other labels."""
    picked = [place(index, scope, instance) for index in picks]
    entries = []
    for base, row in function.rows.items():
        first = () if row is None else (picked[row],)
        places = product(*(_members_of_oracle(space, instance) for space in function.axes[base]))
        entries.append({at: instance.value((base.name, (*first, *at))) for at in places})
    labels = tuple(n for k, n in enumerate(picked) if k not in function.rows.values())
    slots = [
        (list(function.rows).index(base), tuple(place(each, scope, instance) for each in at))
        for base, at in by
    ]
    return instance.function(function.__name__, labels, entries, slots)


def _applied(node: Applied, scope: Scope, instance: Instance) -> arb:
    labels = tuple(place(index, scope, instance) for index in node.args[: node.labels])
    entries = []
    for argument in node.values:
        indices = argument.indices if isinstance(argument, Entries) else ()
        inside = argument.entry if isinstance(argument, Entries) else argument
        places = product(*(_members_of_oracle(index.space, instance) for index in indices))
        scopes = {at: {**scope, **dict(zip(indices, at, strict=True))} for at in places}
        entries.append({at: value(inside, inner, instance) for at, inner in scopes.items()})
    slots = [
        (argument - node.labels, tuple(place(each, scope, instance) for each in at))
        for argument, at in node.entries
    ]
    return instance.function(node.function, labels, entries, slots)


def _members_of_oracle(space: IndexSet, instance: Instance) -> range:
    return range(place(space.lower, {}, instance), place(space.upper, {}, instance) + 1)


def _product(node: Mul, scope: Scope, instance: Instance) -> arb:
    """Deltas first: beside one that is zero, what another factor excludes is not looked at."""
    deltas = [part for part in node.args if _of_deltas(part)]
    result = arb(1)
    for part in deltas:
        result *= value(part, scope, instance)
    if result == 0:
        return result
    for part in node.args:
        if part not in deltas:
            result *= value(part, scope, instance)
    return result


def _of_deltas(node: Any) -> bool:
    """Whether a node is made of deltas and numbers alone."""
    if isinstance(node, Add | Mul):
        return all(map(_of_deltas, node.args))
    return isinstance(node, KroneckerDelta) or bool(node.is_Rational)


def _sum(node: Sum, level: int, scope: Scope, instance: Instance) -> arb:
    """The sum over the limits up to ``level``; the last limit is the outermost."""
    if level < 0:
        return value(node.function, scope, instance)
    index, lower, upper = node.limits[level]
    members = range(place(lower, scope, instance), place(upper, scope, instance) + 1)
    return sum((_sum(node, level - 1, {**scope, index: n}, instance) for n in members), arb(0))


def power(base: arb, exponent: int) -> arb:
    """A whole power by multiplication: a ball around zero has no other powers in FLINT."""
    if exponent < 0:
        if base.contains(0):
            raise Undefined("division by zero")
        return power(1 / base, -exponent)
    result = arb(1)
    for _ in range(exponent):
        result *= base
    return result


# A small instance: sizes, words and rational values, drawn so that the conditions hold.


ATTEMPTS = 12
Slot = tuple[int, tuple[int, ...]]
EntriesOfInstance = Sequence[Mapping[tuple[int, ...], arb]]
PRIMES = (1, 2, 3, 5, 7)


@dataclass
class Instance:
    """``free`` has the free indices, ``words`` the entries of the lists, ``values`` the rest.

    Values are drawn when first asked for, so that every expression sees the same ones.
    """

    sizes: dict[str, int]
    free: dict[Index, int]
    words: dict[tuple[str, tuple[int, ...]], int]
    rng: Random
    values: dict[Hashable, arb] = field(default_factory=dict)

    def value(self, key: Hashable) -> arb:
        """The value of a parameter or of an arbitrary function."""
        if key not in self.values:
            below = self.rng.choice(PRIMES)
            above = self.rng.choice((-1, 1)) * self.rng.randint(1, 2 * below)
            self.values[key] = arb(fmpq(above, below))
        return self.values[key]

    def function(
        self, name: str, labels: Hashable, entries: EntriesOfInstance, by: Sequence[Slot]
    ) -> arb:
        """The value of an arbitrary function, or of its derivative ``by`` some entries.

        For each choice of labels it is a sum of two exponentials of the entries.
        """
        result = arb(0)
        for part in range(2):
            factors = {
                (place, at): self.value((name, labels, part, place, at)) / 8
                for place, known in enumerate(entries)
                for at in known
            }
            term = self.value((name, labels, part))
            for slot in by:
                if slot not in factors:
                    raise Undefined(f"{name} has no entry {slot}")
                term *= factors[slot]
            exponent = sum((factors[slot] * entries[slot[0]][slot[1]] for slot in factors), arb(0))
            result += term * exponent.exp()
        return result

    def meets(self, condition: Condition) -> bool:
        """Whether the words are as a condition says."""
        match condition:
            case Unequal(left, right):
                return place(left, {}, self) != place(right, {}, self)
            case Distinct(listed):
                drawn = self._drawn(listed.name)
                return len(drawn) == len(set(drawn))
            case NotAmong(word, listed):
                return place(word, {}, self) not in self._drawn(listed.name)

    def _drawn(self, name: str) -> list[int]:
        return [word for (listed, _), word in self.words.items() if listed == name]


def random_instance(
    rng: Random, conditions: Sequence[Condition], about: Expr = S.Zero
) -> Instance | None:
    """An instance that meets the conditions; None if none was found in a few attempts.

    A free index of ``about`` is a member of its index set, which is therefore not empty.
    """
    names = {symbol for symbol in about.free_symbols if isinstance(symbol, Index)}
    for _ in range(ATTEMPTS):
        instance = _any_instance(rng)
        try:
            if names <= instance.free.keys() and all(map(instance.meets, conditions)):
                return instance
        except Undefined:
            continue
    return None


def _any_instance(rng: Random) -> Instance:
    sizes = {
        "N": rng.choice((1, 1, 2, 2, 3, 3, 4)),
        "d": rng.choice((1, 2, 2)),
        "K": rng.choice((0, 1, 1, 2, 2, 3)),
        "m": rng.choice((0, 1, 1)),
    }
    members = {space: _members(space.lower, space.upper, sizes) for space in POOL}
    free = {
        index: rng.choice(members[space])
        for space, indices in POOL.items()
        for index in indices
        if members[space]
    }
    words = {
        (listed.name, places): rng.choice(members[listed.space])
        for listed, spaces in LISTS.items()
        for places in product(*(members[space] for space in spaces))
    }
    return Instance(sizes, free, words, rng)


def _members(lower: object, upper: object, sizes: dict[str, int]) -> range:
    empty = Instance(sizes, {}, {}, Random(0))
    return range(place(lower, {}, empty), place(upper, {}, empty) + 1)

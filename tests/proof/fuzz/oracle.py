"""Oracle: certified values of expressions and of normal forms, at random instances."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import product
from math import prod
from random import Random
from time import perf_counter
from typing import Any

from flint import arb, ctx, fmpq
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
from derivations.proof import normal_form as judged
from derivations.proof.context import root
from derivations.proof.fragment import OutsideFragment
from derivations.proof.terms import (
    AbsoluteValue,
    ArbitraryValue,
    Atom,
    Binder,
    BoundIndex,
    Delta,
    DividedSum,
    Exponential,
    Factors,
    FreeIndex,
    IndexNumber,
    ListedIndex,
    Logarithm,
    NumberedIndex,
    OffsetIndex,
    Order,
    Parameter,
    Range,
    Scalar,
    Sign,
    SizeNumber,
    Term,
    Total,
    Whole,
)
from derivations.proof.terms import Index as Member
from tests.planting import OutOfTime, time_limit
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
        raise AssertionError(condition)

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


# The value of a normal form at one instance: its data read as `terms.py` says they mean.


FormScope = Mapping[BoundIndex, int]


class Unbound(Exception):
    """An index that no sum binds and that the expression does not have."""


class FormValue:
    """Reads normal forms of one expression."""

    def __init__(self, expression: Expr, instance: Instance) -> None:
        self.instance = instance
        self.free = {index.name: n for index, n in instance.free.items()}
        bounds = {limit[1:] for node in expression.atoms(Sum) for limit in node.limits}
        bounds |= {(space.lower, space.upper) for space in POOL}
        self.something_is_empty = not all(
            place(lower, {}, instance) <= place(upper, {}, instance) for lower, upper in bounds
        )

    def total(self, terms: Total, scope: FormScope) -> arb:
        """The value of a sum of terms."""
        return sum((_number(q) * self.term(term, scope) for term, q in terms), arb(0))

    def term(self, term: Term, scope: FormScope) -> arb:
        """The value of one term: its product, summed over its bound indices."""
        scopes = self._scopes(term.binders, scope)
        return sum((self._product(term.factors, inner) for inner in scopes), arb(0))

    def _scopes(self, binders: tuple[Binder, ...], scope: FormScope) -> Iterator[FormScope]:
        indices = [binder.index for binder in binders]
        for places in product(*(self._members(binder.extent) for binder in binders)):
            yield {**scope, **dict(zip(indices, places, strict=True))}

    def _members(self, extent: Range) -> range:
        return range(self._whole(extent.lower), self._whole(extent.upper) + 1)

    def _whole(self, number: Whole) -> int:
        sizes = self.instance.sizes
        return sum(c * prod(sizes[name] for name in monomial) for monomial, c in number.terms)

    def _product(self, factors: Factors, scope: FormScope) -> arb:
        """Deltas first: beside one that is zero, what another factor excludes is not looked at."""
        if any(isinstance(atom, Delta) and not self._same(atom, scope) for atom, _ in factors):
            return arb(0)
        result = arb(1)
        for atom, exponent in factors:
            result *= self._power(atom, exponent, scope)
        return result

    def _power(self, atom: Atom, exponent: Fraction, scope: FormScope) -> arb:
        inside = root(atom)
        if inside is not None and exponent == Fraction(1, 2):  # a root is zero where its P is
            return _root(self.total(inside, scope))
        if isinstance(atom, Exponential):
            return (self.term(atom.term, scope) * _number(exponent)).exp()
        base = self._atom(atom, scope)
        assert exponent.denominator == 1
        return power(base, int(exponent))

    def _atom(self, atom: Atom, scope: FormScope) -> arb:
        match atom:
            case ArbitraryValue():
                return self._arbitrary(atom, scope)
            case Parameter(name, indices):
                return self.instance.value((name, tuple(self._place(i, scope) for i in indices)))
            case SizeNumber(name):
                return arb(self.instance.sizes[name])
            case Scalar(name):
                return self.instance.value((name, ()))
            case Delta():
                return arb(self._same(atom, scope))
            case DividedSum(terms):
                return self.total(terms, scope)
            case Logarithm(terms):
                return self.total(terms, scope).log()
            case AbsoluteValue(terms):
                return abs(self.total(terms, scope))
            case Sign(terms):
                return self.total(terms, scope).sgn()
            case IndexNumber(index):
                return arb(self._place(index, scope))
            case Order(left, right):
                one, other = (self._place(index, scope) for index in (left, right))
                return arb((one < other) - (one > other))
        raise AssertionError(atom)

    def _arbitrary(self, atom: ArbitraryValue, scope: FormScope) -> arb:
        labels = tuple(self._place(index, scope) for index in atom.labels)
        entries = []
        for table in atom.values:
            indices = [binder.index for binder in table.binders]
            places = product(*(self._members(binder.extent) for binder in table.binders))
            scopes = {at: {**scope, **dict(zip(indices, at, strict=True))} for at in places}
            entries.append({at: self.total(table.entry, inner) for at, inner in scopes.items()})
        slots = [(n, tuple(self._place(each, scope) for each in at)) for n, at in atom.partials]
        return self.instance.function(atom.function, labels, entries, slots)

    def _same(self, delta: Delta, scope: FormScope) -> bool:
        return self._place(delta.left, scope) == self._place(delta.right, scope)

    def _place(self, index: Member, scope: FormScope) -> int:
        match index:
            case NumberedIndex(number):
                return self._whole(number)
            case BoundIndex() if index in scope:
                return scope[index]
            case FreeIndex(name) if name in self.free:
                return self.free[name]
            case OffsetIndex(of, by):
                return self._place(of, scope) + self._whole(by)
            case ListedIndex(words, at):
                key = (words, tuple(self._place(entry, scope) for entry in at))
                if key not in self.instance.words:
                    raise Unlisted(f"{key} is not listed")
                return self.instance.words[key]
        raise Unbound(f"{index} is bound nowhere")


def _root(value: arb) -> arb:
    """The square root; that of a ball around zero is one as well."""
    return arb(0, abs(value).upper().sqrt()) if value.contains(0) else value.sqrt()


def _number(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))


# One case judged: an empty normal form has to mean zero, any other the expression's value.


INSTANCES_FOR_ZERO = 5
INSTANCES_FOR_VALUE = 2
PATIENCE = 60  # seconds; the bound on steps should end any search long before
WIDEST = arb(2) ** -40

Conditions = tuple[Condition, ...]
WRONG_ZERO, WRONG_VALUE, CRASH = "wrong zero", "wrong value", "crash"


@dataclass(frozen=True)
class Finding:
    """A fault of the normal form and the instance that shows it."""

    fault: str
    detail: str
    instance: Instance | None = None


@dataclass(frozen=True)
class Outcome:
    """What was seen: ``form`` is None outside the fragment; ``compared`` counts instances.

    ``conditional`` says of a zero that it is none without the conditions, ``gave_up`` that the
    bound on the work was met.
    """

    form: Total | None
    compared: int
    undefined: int
    seconds: float
    conditional: bool = False
    gave_up: bool = False
    finding: Finding | None = None


@ctx.workprec(BITS)
def check(
    difference: Expr, conditions: Conditions, seed: str, sides: tuple[Expr, Expr] | None = None
) -> Outcome:
    """Normalise, then evaluate at random instances that meet the conditions.

    With ``sides`` given, each one is normalised by itself.
    """
    start = perf_counter()
    try:
        with time_limit(PATIENCE):
            if sides is None:
                form = judged.normal_form(difference, conditions)
            else:
                form = judged.difference(*sides, conditions)
    except OutsideFragment as left:
        return Outcome(
            None, 0, 0, perf_counter() - start, gave_up=str(left).startswith("no normal")
        )
    except (Exception, OutOfTime) as crash:  # whatever else it raises is a fault of its own
        fault = Finding(CRASH, f"{type(crash).__name__}: {crash}")
        return Outcome(None, 0, 0, perf_counter() - start, finding=fault)
    seconds = perf_counter() - start
    compared, undefined, finding = _compared(difference, conditions, form, Random(seed))
    conditional = bool(conditions) and not form and _without_conditions(difference) != ()
    return Outcome(form, compared, undefined, seconds, conditional, finding=finding)


def _without_conditions(difference: Expr) -> Total | None:
    try:
        return judged.normal_form(difference)
    except OutsideFragment:
        return None


def _compared(
    difference: Expr, conditions: Conditions, form: Total, rng: Random
) -> tuple[int, int, Finding | None]:
    compared = undefined = 0
    for _ in range(INSTANCES_FOR_VALUE if form else INSTANCES_FOR_ZERO):
        instance = random_instance(rng, conditions, difference)
        if instance is None:
            continue
        try:
            meant = value(difference, {}, instance)
        except Undefined:
            undefined += 1
            continue
        if not meant.is_finite() or meant.rad() > WIDEST * (1 + abs(meant.mid())):
            undefined += 1
            continue
        try:
            finding = _fault(difference, form, meant, instance)
        except Undefined:
            undefined += 1
            continue
        compared += 1
        if finding is not None:
            return compared, undefined, finding
    return compared, undefined, None


def _fault(expression: Expr, form: Total, meant: arb, instance: Instance) -> Finding | None:
    if not form:
        if meant.contains(0):
            return None
        return Finding(WRONG_ZERO, f"the normal form is empty, the value {meant}", instance)
    reader = FormValue(expression, instance)
    try:
        found = reader.total(form, {})
    except Unbound as loose:
        return Finding(WRONG_VALUE, str(loose), instance)
    except Undefined as gone:
        if isinstance(gone, Unlisted) or reader.something_is_empty:
            raise
        return Finding(WRONG_VALUE, f"{gone} in the normal form, the value {meant}", instance)
    if not found.is_finite() and reader.something_is_empty:
        raise Undefined("a logarithm of what is not positive")
    if found.is_finite() and found.overlaps(meant):
        return None
    return Finding(WRONG_VALUE, f"the normal form is worth {found}, the value {meant}", instance)

"""Whether a normal form has the value of its expression."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from random import Random
from time import perf_counter

from flint import arb, ctx, fmpq
from sympy import Expr, Sum

from derivations.claim import Condition
from derivations.proof import normal_form as judged
from derivations.proof.context import root
from derivations.proof.fragment import OutsideFragment
from derivations.proof.members import (
    BoundIndex,
    FreeIndex,
    Index,
    ListedIndex,
    NumberedIndex,
    OffsetIndex,
    Range,
    Whole,
)
from derivations.proof.terms import (
    AbsoluteValue,
    ArbitraryValue,
    Atom,
    Binder,
    Delta,
    DividedSum,
    Exponential,
    Factors,
    IndexNumber,
    Logarithm,
    Order,
    Parameter,
    Scalar,
    Sign,
    SizeNumber,
    Term,
    Total,
)
from tests.proof.fuzz.expressions import POOL
from tests.proof.fuzz.oracle import (
    BITS,
    Instance,
    Undefined,
    Unlisted,
    place,
    power,
    random_instance,
    value,
)

# The value of a normal form at one instance: its data read as `terms.py` says they mean.


Scope = Mapping[BoundIndex, int]


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

    def total(self, terms: Total, scope: Scope) -> arb:
        """The value of a sum of terms."""
        return sum((_number(q) * self.term(term, scope) for term, q in terms), arb(0))

    def term(self, term: Term, scope: Scope) -> arb:
        """The value of one term: its product, summed over its bound indices."""
        scopes = self._scopes(term.binders, scope)
        return sum((self._product(term.factors, inner) for inner in scopes), arb(0))

    def _scopes(self, binders: tuple[Binder, ...], scope: Scope) -> Iterator[Scope]:
        indices = [binder.index for binder in binders]
        for places in product(*(self._members(binder.extent) for binder in binders)):
            yield {**scope, **dict(zip(indices, places, strict=True))}

    def _members(self, extent: Range) -> range:
        return range(self._whole(extent.lower), self._whole(extent.upper) + 1)

    def _whole(self, number: Whole) -> int:
        sizes = self.instance.sizes
        return sum(c * prod(sizes[name] for name in monomial) for monomial, c in number.terms)

    def _product(self, factors: Factors, scope: Scope) -> arb:
        """Deltas first: beside one that is zero, what another factor excludes is not looked at."""
        if any(isinstance(atom, Delta) and not self._same(atom, scope) for atom, _ in factors):
            return arb(0)
        result = arb(1)
        for atom, exponent in factors:
            result *= self._power(atom, exponent, scope)
        return result

    def _power(self, atom: Atom, exponent: Fraction, scope: Scope) -> arb:
        inside = root(atom)
        if inside is not None and exponent == Fraction(1, 2):  # a root is zero where its P is
            return _root(self.total(inside, scope))
        if isinstance(atom, Exponential):
            return (self.term(atom.term, scope) * _number(exponent)).exp()
        base = self._atom(atom, scope)
        assert exponent.denominator == 1
        return power(base, int(exponent))

    def _atom(self, atom: Atom, scope: Scope) -> arb:
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

    def _arbitrary(self, atom: ArbitraryValue, scope: Scope) -> arb:
        labels = tuple(self._place(index, scope) for index in atom.labels)
        entries = []
        for table in atom.values:
            indices = [binder.index for binder in table.binders]
            places = product(*(self._members(binder.extent) for binder in table.binders))
            scopes = {at: {**scope, **dict(zip(indices, at, strict=True))} for at in places}
            entries.append({at: self.total(table.entry, inner) for at, inner in scopes.items()})
        slots = [(n, tuple(self._place(each, scope) for each in at)) for n, at in atom.partials]
        return self.instance.function(atom.function, labels, entries, slots)

    def _same(self, delta: Delta, scope: Scope) -> bool:
        return self._place(delta.left, scope) == self._place(delta.right, scope)

    def _place(self, index: Index, scope: Scope) -> int:
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
        with _patience():
            if sides is None:
                form = judged.normal_form(difference, conditions)
            else:
                form = judged.difference(*sides, conditions)
    except OutsideFragment as left:
        return Outcome(
            None, 0, 0, perf_counter() - start, gave_up=str(left).startswith("no normal")
        )
    except Exception as crash:  # whatever else it raises is a fault of its own
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


@contextmanager
def _patience() -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise TimeoutError(f"no answer within {PATIENCE} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

"""One case judged: an empty normal form has to mean zero, any other the expression's value."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from time import perf_counter

from flint import arb, ctx
from sympy import Expr

from derivations.claim import Condition
from derivations.proof import normal_form as judged
from derivations.proof.fragment import OutsideFragment
from derivations.proof.terms import (
    Total,
)
from tests.proof.fuzz.form_value import FormValue, Unbound
from tests.proof.fuzz.instance import Instance, random_instance
from tests.proof.fuzz.oracle import BITS, Undefined, Unlisted, value

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

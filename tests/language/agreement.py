"""The two meanings of a term compared exactly, entry by entry, at one instance."""

from __future__ import annotations

from enum import Enum
from types import ModuleType
from typing import Any

from sympy import Expr

from derivations.indices import Index
from derivations.language import direct, index_form
from derivations.language.differentiation import differentiated
from derivations.language.tree import Term
from derivations.proof.evaluate import Interpreter
from derivations.proof.field import Branch, Field, TooManyVariables
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.index_evaluation import Instance

ROOM = (16, 40, 120)


class Outcome(Enum):
    """What a comparison shows; ``OUTSIDE`` where one of the meanings says nothing."""

    AGREE = "agree"
    DIFFER = "differ"
    OUTSIDE = "outside the fragment"
    NO_VALUE = "no value"


Form = tuple[Expr, tuple[Index, ...]]


def form_of(term: Term, one: ModuleType = index_form) -> Form | None:
    """The entry in index notation with derivatives taken, and its axes, where it has one."""
    try:
        entry, axes = one.entry_of(term)
        return differentiated(entry), axes
    except OutsideFragment:
        return None


def compared(
    term: Term, instance: Instance, two: ModuleType = direct, one: ModuleType = index_form
) -> Outcome:
    """How meaning two of a term compares with meaning one; modules with faults can be given."""
    return compared_with(form_of(term, one), term, instance, two)


def compared_with(form: Form | None, term: Term, instance: Instance, two: ModuleType) -> Outcome:
    """The same where the index notation is known."""
    if form is None:
        return Outcome.OUTSIDE
    for room in ROOM:
        try:
            return _compared(term, *form, instance, Field(room), two)
        except TooManyVariables:
            continue
        except (OutsideFragment, Branch):
            return Outcome.OUTSIDE
        except (NoValue, ZeroDivisionError):
            return Outcome.NO_VALUE
    return Outcome.OUTSIDE


def _compared(
    term: Term,
    taken: Expr,
    axes: tuple[Index, ...],
    instance: Instance,
    exact: Field,
    two: ModuleType,
) -> Outcome:
    evaluator: Any = two.Direct(instance, exact)
    rows = evaluator.value(term)
    index_notation = Interpreter(instance, exact)
    places = (
        [()]
        if not term.shape
        else [
            (*i, *j)
            for i in evaluator.sets.places(term.shape[0])
            for j in evaluator.sets.places(term.shape[1])
        ]
    )
    entries = [entry for row in rows for entry in row]
    if len(entries) != len(places):
        return Outcome.DIFFER
    for place, entry in zip(places, entries, strict=True):
        scope = dict(zip(axes, place, strict=True))
        if not exact.equal(entry, index_notation.value(taken, scope)):
            return Outcome.DIFFER
        if not exact.equal(entry, evaluator.entry(term, place)):
            return Outcome.DIFFER
    return Outcome.AGREE

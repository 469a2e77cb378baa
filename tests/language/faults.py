"""Mistakes in the text of one of the two meanings, and which guard sees each.

``python -m tests.language.faults [terms]``: both meanings are compared, on random terms and on
written ones. The first column is the number of the random term on which they first differ, or says
that a written one is needed; the second is the first value by hand that is wrong (of meaning two).
The exit status is 1 if the two meanings alone let a fault pass, or differ without one.
"""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType

import numpy as np

from derivations.language import direct, index_form, tree
from derivations.language.functions import ABOVE
from derivations.language.tree import Term
from derivations.proof.evaluate import Instance
from tests.language import test_functions, test_index_form
from tests.language.terms import (
    INSTANCES,
    ROWS,
    Form,
    Outcome,
    compared,
    compared_with,
    form_of,
    made,
    value,
)
from tests.language.test_direct import BY_HAND
from tests.planting import Edited, Mutant, mistakes, module_with, table

FAULTS = mistakes(Path(__file__).with_name("mutants.diff"))


# Terms written for such mistakes; entries of a defined vector, one after the other
ROW, K = tree.IndexVariable(ROWS, "row"), tree.IndexVariable(ROWS, "k")
SQUARES = tree.Definition(
    "s", (), tree.Table((ROW, None), tree.Power(tree.Entry(test_index_form.x, (ROW,)), 2))
)
ADDED = tree.Sum(K, tree.Entry(tree.Call(SQUARES), (K,)))
# one definition with two arguments
SQUARE = tree.Definition(
    "q", (ROW,), tree.Power(tree.Entry(test_index_form.x, (ROW,)), 2), ("q(", 0, ")")
)
TWICE = tree.Sum(K, tree.Call(SQUARE, (K,)))
# two matrices that do not commute
INVERTED = tree.Inverse(tree.MatrixProduct(test_index_form.A, test_index_form.B))
# a test that is decided where the sign of no variable is known
DECIDED = tree.Choice(
    (tree.Apply(ABOVE, tree.Number(Fraction(1))),), (test_index_form.a, test_index_form.b)
)
WRITTEN = [
    ADDED,
    TWICE,
    INVERTED,
    DECIDED,
    *(term for term, *_ in test_index_form.NUMBERS.values()),
    *(term for term, *_ in test_index_form.ARRAYS.values()),
    *(line[0] for line in test_functions.LINES.values()),
    *(line[0] for line in test_functions.ARRAYS.values()),
    *test_index_form.NESTED,
    *test_functions.CAPTURING,
]


MOST = 2500
SEED = 1
Case = tuple[Term, Instance]


@cache
def cases(count: int) -> list[Case]:
    """Random terms with an instance each: the same ones on every run."""
    rng = Random(SEED)
    return [(made(rng.choice), rng.choice(INSTANCES)) for _ in range(count)]


@cache
def _right_form(number: int, count: int) -> Form | None:
    return form_of(cases(count)[number][0])


def first_difference(fault: Mutant | None, count: int) -> int | None:
    """The number of the first random term on which the meanings differ, or one of them breaks."""
    two, one = _modules(fault)
    for number, (term, instance) in enumerate(cases(count)):
        try:
            form = _right_form(number, count) if one is index_form else form_of(term, one)
            outcome = compared_with(form, term, instance, two)
        except Exception:
            if fault is None:
                raise
            return number + 1
        if outcome is Outcome.DIFFER:
            return number + 1
    return None


def differs_on_written(fault: Mutant) -> bool:
    """Whether the meanings differ, or one breaks, on a term that was written for such faults."""
    two, one = _modules(fault)
    pairs = ((term, instance) for term in WRITTEN for instance in INSTANCES)
    try:
        return any(compared(*pair, two, one) is Outcome.DIFFER for pair in pairs)
    except Exception:
        return True


def first_by_hand(fault: Mutant) -> str | None:
    """The first value by hand that a fault of meaning two changes."""
    two, _ = _modules(fault)
    for name, (term, expected) in BY_HAND.items():
        wanted = np.atleast_2d(np.asarray(expected, dtype=np.float64))
        try:
            got = value(term, two=two)
        except Exception:
            return name
        if got.shape != wanted.shape or not np.allclose(got, wanted, rtol=1e-12, atol=0):
            return name
    return None


def _modules(fault: Mutant | None) -> tuple[ModuleType, ModuleType]:
    """Meaning two and meaning one, the fault in one of them."""
    if fault is None:
        return direct, index_form
    if is_in_direct(fault):
        return module_with(fault, direct), index_form
    return direct, module_with(fault, index_form)


def is_in_direct(fault: Mutant) -> bool:
    """Whether it is meaning two that is wrong."""
    return {change.file for change in fault.changes if isinstance(change, Edited)} == {
        direct.__name__
    }


def seen(fault: Mutant, count: int) -> str | None:
    """What sees a fault; the values by hand alone do not count."""
    number = first_difference(fault, count)
    written = number is None and differs_on_written(fault)
    if number is None and not written:
        return None
    by_hand = first_by_hand(fault) if is_in_direct(fault) else None
    by_terms = f"term {number:,}" if number else "written"
    return f"meaning {'two' if is_in_direct(fault) else 'one'}  {by_terms:>10}  {by_hand or ''}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.language.faults", description=__doc__)
    parser.add_argument("terms", type=int, nargs="?", default=MOST, help="(default %(default)s)")
    count: int = parser.parse_args().terms
    alarm = first_difference(None, count)
    print(f"without a fault: {'no difference' if alarm is None else f'FALSE ALARM at {alarm}'}")
    survivors = table(FAULTS, lambda fault: seen(fault, count))
    return 1 if survivors or alarm is not None else 0


if __name__ == "__main__":
    sys.exit(main())

"""Which guard sees each planted fault: ``python -m tests.language.faults [terms]``.

The guards: both meanings compared, on random terms and on written ones; values by hand. The first
column is the number of the random term on which the two meanings first differ; where there is none,
terms are tried that were written for it. The second one is the first value by hand that is wrong
(of meaning two). The exit status is 1 if the two meanings alone let a fault pass, or differ without
one.
"""

from __future__ import annotations

import argparse
import sys
from functools import cache
from random import Random
from types import ModuleType

import numpy as np

from derivations.language import direct, index_form
from derivations.language.tree import Term
from derivations.proof.evaluate import Instance
from tests.language.planted import IN_DIRECT, IN_INDEX_FORM
from tests.language.planted import TERMS as WRITTEN
from tests.language.terms import (
    INSTANCES,
    Form,
    Outcome,
    compared,
    compared_with,
    form_of,
    made,
    value,
)
from tests.language.test_direct import BY_HAND
from tests.planting import Mutant, module_with, table

TERMS = 2500
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
    return fault in IN_DIRECT


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
    parser.add_argument("terms", type=int, nargs="?", default=TERMS, help="(default %(default)s)")
    count: int = parser.parse_args().terms
    alarm = first_difference(None, count)
    print(f"without a fault: {'no difference' if alarm is None else f'FALSE ALARM at {alarm}'}")
    survivors = table((*IN_DIRECT, *IN_INDEX_FORM), lambda fault: seen(fault, count))
    return 1 if survivors or alarm is not None else 0


if __name__ == "__main__":
    sys.exit(main())

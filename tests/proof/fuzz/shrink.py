"""A smaller expression that shows the same fault: subterms replaced while it stays."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from time import perf_counter

from sympy import Expr, Integer

from derivations.claim import Condition
from tests.proof.fuzz.check import Finding, check
from tests.proof.fuzz.steps.place import places, replaced
from tests.proof.fuzz.writer import Writer

AS_WRITTEN = Writer(Random(0), raw=1.0)
TIME = 20.0
Conditions = tuple[Condition, ...]


def shrunk(
    expression: Expr, conditions: Conditions, seed: str, fault: Finding
) -> tuple[Expr, Conditions, Finding]:
    """Greedy: the first smaller candidate with the same kind of fault, again and again."""
    start = perf_counter()
    smaller = True
    while smaller and perf_counter() - start < TIME:
        smaller = False
        for candidate, kept in _candidates(expression, conditions):
            finding = check(candidate, kept, seed).finding
            if finding is not None and finding.fault == fault.fault:
                expression, conditions, fault = candidate, kept, finding
                smaller = True
                break
            if perf_counter() - start > TIME:
                break
    return expression, conditions, fault


def _candidates(expression: Expr, conditions: Conditions) -> Iterator[tuple[Expr, Conditions]]:
    for n in range(len(conditions)):
        yield expression, conditions[:n] + conditions[n + 1 :]
    for path, part, _ in places(expression):
        if part.is_Rational:
            continue
        inner = [below for step, below, _ in places(part) if len(step) == 1]
        fewer = [
            AS_WRITTEN.again(part, *part.args[:n], *part.args[n + 1 :])
            for n in range(len(part.args))
            if len(part.args) > 2 and (part.is_Add or part.is_Mul)
        ]
        for new in (Integer(0), Integer(1), *inner, *fewer):
            yield replaced(expression, path, new, AS_WRITTEN), conditions

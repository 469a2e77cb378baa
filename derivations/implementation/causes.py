"""Causes with a signature of their own: what the numbers would be, and are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sympy import Indexed

from derivations.implementation.case import Case
from derivations.implementation.compare import Compared, compared
from derivations.implementation.diagnose import Reason
from derivations.implementation.exact import expected
from derivations.implementation.finding import Kind
from derivations.implementation.question import Output, Problem

AGREE = 0.02  # of numbers that are the same
ENTRIES = 3
MOST = 1e-2  # no one adds more to a probability
MODERATE = 5.0  # a score; tables and clipped ones end at 6
MOST_OFF = 0.02  # of the largest entry
HALF = 11  # bits of half precision
LOOSE = 1e-4  # of a result, for what is rounded on the way


def epsilon(wrong: Sequence[tuple[Case, Compared]]) -> Reason | None:
    """A loss is -log(p + e) for one e: then exp(-loss) is off by e, whatever p is.

    Where p is held at e, its rival, nothing is wrong of a p above e; so one of those has to be.
    """
    offs: list[tuple[float, float]] = []
    for _, found in wrong:
        if found.got.ndim > 1:
            return None
        at = found.errors > 0
        for got, want in zip(found.got[at], found.want[at], strict=True):
            if not float(got) < float(want) + 1e-300:
                return None
            if 0.0 < want < 600:
                offs.append((float(np.exp(-float(got)) - np.exp(-float(want))), float(want)))
    clear = [(off, want) for off, want in offs if 0 < off < MOST and off > 1e-6 * np.exp(-want)]
    best: list[tuple[float, float]] = []
    for off, _ in clear:
        alike = [each for each in clear if abs(each[0] / off - 1) <= AGREE]
        best = max(best, alike, key=len)
    if len(best) < ENTRIES or not any(np.exp(-want) > 8 * off for off, want in best):
        return None
    middle = float(np.median([off for off, _ in best]))
    return Reason("", Kind.EPSILON, f"this is -log(p + {middle:.3g})")


def approximated(wrong: Sequence[tuple[Case, Compared]]) -> Reason | None:
    """Wrong by little wherever scores are moderate, in numbers of full length: a table.

    Arithmetic in few digits is as little off, and its rival: what it gives has few digits.
    """
    moderate = [(case, found) for case, found in wrong if 0 < found.reach < MODERATE]
    if len(moderate) < ENTRIES:
        return None
    worst = 0.0
    for _, found in moderate:
        top = float(np.abs(found.want).max(initial=0))
        apart = float(np.abs(found.got - found.want).max(initial=0))
        if not apart <= MOST_OFF * top:
            return None
        worst = max(worst, apart / top)
    if all(_has_few_digits(found.got) for _, found in moderate):
        return None
    words = f"off by up to {100 * worst:.2g} % wherever scores are below {MODERATE:g}"
    return Reason("", Kind.THRESHOLD, words)


def _has_few_digits(numbers: np.ndarray[Any, Any]) -> bool:
    """Whether they are numbers of half precision."""
    mantissas = np.ldexp(np.frexp(numbers.astype(np.float64))[0], HALF)
    return bool((mantissas == np.rint(mantissas)).all())


def in_sequence(
    problem: Problem, output: Output, wrong: Sequence[tuple[Case, Compared]], limit: float
) -> Reason | None:
    """The result is right for another argument after its own step: both should use the old ones."""
    others = [
        each
        for each in problem.judged
        if each.name != output.name and len(each.place) == 1 and isinstance(each.place[0], Indexed)
    ]
    if not others or any(case.is_large for case, _ in wrong):
        wrong = [(case, found) for case, found in wrong if not case.is_large]
    for other in others:
        held = [one for one in problem.arguments if one.entry == other.place[0]]
        if not held:
            continue
        tried = sorted(wrong, key=lambda each: each[0].weight)[:2]
        if tried and all(
            _after(problem, output, other, held[0].name, case, found, limit)
            for case, found in tried
        ):
            text = f"right for the {held[0].name} that has its step already"
            return Reason("", Kind.SEQUENCE, text)
    return None


def _after(
    problem: Problem,
    output: Output,
    other: Output,
    name: str,
    case: Case,
    found: Compared,
    limit: float,
) -> bool:
    now = expected(problem, case)
    if now is None:
        return False
    before = np.asarray(case.values[name], dtype=np.float64)
    step = now[other.name].apart[0]
    if step.shape != before.shape:
        return False
    stepped = (before - step).astype(case.dtype)
    then = expected(problem, replace(case, values={**case.values, name: stepped}))
    if then is None:
        return False
    u = max(float(np.finfo(case.dtype).eps) / 2, LOOSE / limit)
    return compared(found.got, then[output.name], u, limit).worst <= limit

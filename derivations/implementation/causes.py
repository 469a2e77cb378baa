"""Causes with a signature of their own: epsilon in a logarithm, tables, updates in sequence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np
from sympy import Indexed

from derivations.implementation.check_report import Kind
from derivations.implementation.diagnosis import Compared, Reason, compared
from derivations.implementation.exact import expected
from derivations.implementation.inputs import Case
from derivations.implementation.question import Argument, Output, Problem

# Causes with a signature of their own: what the numbers would be, and are.


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


# Updates sample by sample: what a step would be if each one saw those before it, as in word2vec.c.
#
# The loss is a sum along lists. What one sample adds to a gradient is the difference of the
# gradients of two beginnings of its list, what one pair of a batch adds the gradient of that pair
# alone; here each is worked out at what the steps before have left. The step of one argument may be
# held back to the end of a pair.


LOOSE_STEP = 1e-5  # of a step, for what is rounded on the way
TRIED = 2  # inputs
Cut = Mapping[str, range]
Move = tuple[Cut, Cut | None]  # what is done, and what of it was done before


def one_by_one(
    problem: Problem, output: Output, wrong: Sequence[tuple[Case, Compared]]
) -> Reason | None:
    """A reason, where the steps of all results are right for an order of samples."""
    small = sorted((each for each in wrong if not each[0].is_large), key=lambda e: e[0].weight)
    if not small or any(len(each.place) != 1 for each in problem.judged):
        return None
    held = {
        each.name: next(one for one in problem.arguments if one.entry == each.place[0])
        for each in problem.judged
    }
    for outer, inner in _orders(problem):
        for late in ("", *held):
            if all(
                _agrees(problem, output, case, found, held, _moves(case, outer, inner), late)
                for case, found in small[:TRIED]
            ):
                names = " and of ".join(filter(None, (outer, inner)))
                return Reason("", Kind.SEQUENCE, f"right where each of {names} sees those before")
    return None


def _orders(problem: Problem) -> Iterator[tuple[str, str]]:
    """Sizes of lists to go along: pairs of a batch, and samples of each."""
    sizes = dict.fromkeys(
        str(axis.space.upper) for one in problem.arguments if one.is_integer for axis in one.axes
    )
    yield from (("", inner) for inner in sizes)
    yield from ((outer, "") for outer in sizes)
    yield from ((outer, inner) for outer in sizes for inner in sizes if outer != inner)


def _moves(case: Case, outer: str, inner: str) -> list[tuple[int, Move]]:
    """Each with the number of its pair."""
    found: list[tuple[int, Move]] = []
    for number in range(case.sizes[outer] if outer else 1):
        pair = {outer: range(number, number + 1)} if outer else {}
        if not inner:
            found.append((number, (pair, None)))
            continue
        ends = range(case.sizes[inner] + 1)
        found += [
            (number, ({**pair, inner: range(n)}, {**pair, inner: range(n - 1)} if n else None))
            for n in ends
        ]
    return found


def _agrees(
    problem: Problem,
    output: Output,
    case: Case,
    found: Compared,
    held: Mapping[str, Argument],
    moves: Sequence[tuple[int, Move]],
    late: str,
) -> bool:
    values = dict(case.values)
    start = {name: np.asarray(values[one.name], dtype=np.float64) for name, one in held.items()}
    values |= {one.name: start[name] for name, one in held.items()}
    for _, pair in groupby(moves, key=lambda each: each[0]):
        kept = np.zeros(1)
        for _, (done, before) in pair:
            now = _gradients(problem, case, values, done)
            past = None if before is None else _gradients(problem, case, values, before)
            if now is None:
                if before is None:  # a list that may not be empty has no beginning
                    continue
                return False
            for name, one in held.items():
                step = now[name] - (0 if past is None else past[name])
                if name == late:
                    kept = kept + step
                else:
                    values[one.name] = values[one.name] - step
        if late:
            values[held[late].name] = values[held[late].name] - kept
    own = held[output.name].name
    step = start[output.name] - values[own]
    size = float(np.abs(start[output.name]).max(initial=0)) + float(np.abs(step).max(initial=0))
    rounded = LOOSE_STEP if case.dtype == np.float32 else LOOSE_STEP**2
    return bool((abs(found.got - step) <= rounded * size).all())


def _gradients(
    problem: Problem, case: Case, values: Mapping[str, Any], done: Cut
) -> dict[str, Any] | None:
    """Those of some samples alone."""
    cut = {}
    for one in problem.arguments:
        value = values[one.name]
        for number, axis in enumerate(one.axes):
            members = done.get(str(axis.space.upper))
            if members is not None:
                value = np.take(value, members, axis=number)
        cut[one.name] = value
    sizes = {**case.sizes, **{name: len(members) for name, members in done.items()}}
    try:
        found = expected(problem, replace(case, sizes=sizes, values=cut))
    except (ValueError, IndexError):
        return None
    return None if found is None else {name: each.apart[0] for name, each in found.items()}

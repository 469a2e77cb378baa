"""Updates sample by sample: what a step would be if each one saw those before it, as in word2vec.c.

The loss is a sum along lists. What one sample adds to a gradient is the difference of the
gradients of two beginnings of its list, what one pair of a batch adds the gradient of that pair
alone; here each is worked out at what the steps before have left. The step of one argument may be
held back to the end of a pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np

from derivations.implementation.case import Case
from derivations.implementation.compare import Compared
from derivations.implementation.diagnose import Reason
from derivations.implementation.exact import expected
from derivations.implementation.finding import Kind
from derivations.implementation.question import Argument, Output, Problem

LOOSE = 1e-5  # of a step, for what is rounded on the way
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
    rounded = LOOSE if case.dtype == np.float32 else LOOSE**2
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

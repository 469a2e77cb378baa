"""The same inputs in other orders: backwards, hundreds of times, under other random states."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np

from derivations.implementation.call import Kernel
from derivations.implementation.case import Case
from derivations.implementation.compare import compared
from derivations.implementation.contract import Pair, fresh
from derivations.implementation.exact import Right
from derivations.implementation.finding import Finding, Kind
from derivations.implementation.tried import Tried

CALLS = 600  # of one input, half of them under changed random states
SECONDS = 2.0  # for each order; who is slower is called less often, and the report says it
STATES = (0, 1, 12345)
FAR = 32  # from which a large input is told from small ones


Answer = Callable[[Case], Mapping[str, Right] | None]


@dataclass(frozen=True, eq=False)
class Known:
    """An input at which every result was right, and what they were, byte by byte."""

    case: Case
    right: Mapping[str, Right]
    before: tuple[bytes, ...]


def results_of(kernel: Kernel, case: Case, given: Mapping[str, Any] | None = None) -> list[Any]:
    """The results that are looked at, as arrays; ``given`` holds the input already."""
    results = kernel(fresh(case) if given is None else given)
    outputs = kernel.problem.outputs
    pairs = zip(outputs, results, strict=True)
    return [np.asarray(kernel.read(result, output, case)) for output, result in pairs if output]


def written_down(kernel: Kernel, results: Sequence[Any], case: Case) -> tuple[bytes, ...]:
    """Results of a call, byte by byte."""
    pairs = zip(kernel.problem.outputs, results, strict=True)
    return tuple(
        np.asarray(kernel.read(r, output, case)).tobytes() for output, r in pairs if output
    )


def backwards(kernel: Kernel, known: Sequence[Known], limit: float, tried: Tried) -> Iterator[Pair]:
    """All inputs once more, the last one first: what a large one leaves meets a small one."""
    ends = perf_counter() + SECONDS
    done = 0
    for each in reversed(known):
        found = _differs(kernel, each, limit)
        done += 1
        if found:
            text = "right when it was first called with this, wrong after larger inputs"
            yield each.case, found(text)
            break
        if perf_counter() > ends:
            break
    whole = done == len(known)
    tried.orders["every input forwards and backwards" if whole else f"{done} inputs backwards"] = (
        None
    )


def all_right_again(kernel: Kernel, wrong: Sequence[Known], other: Known, limit: float) -> bool:
    """Whether each input that came out wrong is right when it is called after another one."""
    for each in wrong:
        _differs(kernel, other, limit)
        if _differs(kernel, each, limit):
            return False
    return bool(wrong)


def many(kernel: Kernel, one: Known, limit: float, tried: Tried) -> Iterator[Pair]:
    """The same input hundreds of times, then under other states of the global random numbers."""
    ends = perf_counter() + SECONDS
    done = 0
    for turn in range(CALLS // 2):
        found = _differs(kernel, one, limit)
        done += 1
        if found:
            yield one.case, found(f"wrong from call {kernel.calls} on, right before")
            return
        if turn % 16 == 0 and perf_counter() > ends:
            break
    with other_states() as change:
        for turn in range(CALLS // 2):
            change(STATES[turn] if turn < len(STATES) else None)
            found = _differs(kernel, one, limit)
            done += 1
            if found:
                yield one.case, found(f"wrong at call {kernel.calls}, with another random state")
                return
            if turn % 16 == 0 and perf_counter() > ends + SECONDS:
                break
    tried.orders[f"one input {done} times"] = None
    tried.orders["other states of the global random numbers"] = None


def look_alikes(
    kernel: Kernel, known: Sequence[Known], limit: float, tried: Tried, answer: Answer
) -> Iterator[Pair]:
    """After an input one of the same shapes, words, sums and first entries, which is another.

    It stands in the memory of the first: arrays are changed in place between calls, as in training.
    """
    seen: set[str] = set()
    for one in known:
        past = "plain" if not one.case.is_large else _past(one.case)
        if past in seen or not any(each in one.case.traits for each in ("plain", "large")):
            continue
        if one.case.is_large and max(one.case.sizes.values()) < FAR:
            continue
        seen.add(past)
        for values in _variants(kernel, one.case):
            other = replace(one.case, values=values, texts={})
            right = answer(other)
            given = fresh(one.case)
            if right is None or _differs(kernel, one, limit, given):
                continue
            for name, value in fresh(other).items():
                if isinstance(value, np.ndarray):
                    given[name][...] = value
            found = _differs(kernel, Known(other, right, ()), limit, given)
            if found:
                text = "wrong after a call with an input that is like it: same shapes, sums, memory"
                yield other, found(text)
                return
    tried.orders["inputs that look alike in turn, in the same memory"] = None


def _past(case: Case) -> str:
    """The largest size by name."""
    return max(case.sizes, key=lambda name: case.sizes[name])


def _variants(kernel: Kernel, case: Case) -> Iterator[dict[str, Any]]:
    """All numbers in another order; then the first entries as they are, the others halved.

    Of small inputs also one array alone halved, while all others are the same.
    """
    free = [
        one.name
        for one in kernel.problem.arguments
        if not one.is_integer and one.axes and kernel.problem.domain(one).anywhere
    ]
    for change in (_turned, _halved):
        yield {n: change(v) if n in free else v for n, v in case.values.items()}
    for alone in () if case.is_large or len(free) < 2 else free:
        yield {n: _halved(v) if n == alone else v for n, v in case.values.items()}


def _turned(array: Any) -> Any:
    return np.ascontiguousarray(array.ravel()[::-1].reshape(array.shape))


def _halved(array: Any) -> Any:
    found = array * array.dtype.type(0.5)
    found.ravel()[:1] = array.ravel()[:1]
    return found


def _differs(
    kernel: Kernel, one: Known, limit: float, given: Mapping[str, Any] | None = None
) -> Any:
    """None where the results are what they were, or as good; else a finding without words."""
    case = one.case
    try:
        results = results_of(kernel, case, given)
    except Exception as error:
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
        return lambda text: Finding("", Kind.STATE, f"{text}: {said}", case.values)
    if tuple(result.tobytes() for result in results) == one.before:
        return None
    u = float(np.finfo(case.dtype).eps) / 2
    for output, got in zip(kernel.problem.judged, results, strict=True):
        right = one.right[output.name]
        if got.shape != right.shape:
            if got.size == 1 and not right.shape:
                got = got.reshape(())
            else:
                return lambda text, name=output.name, shape=got.shape: Finding(
                    name, Kind.STATE, f"{text}: shape {shape}", case.values
                )
        found = compared(got, right, u, limit)
        if not found.worst <= limit:
            at = found.where()
            return lambda text, name=output.name, found=found, at=at: Finding(
                name,
                Kind.STATE,
                text,
                case.values,
                f"{name}[{', '.join(map(str, at))}]" if at else name,
                f"{found.want[at]:.6g}",
                f"{float(found.got[at]):.6g}",
                float(found.errors[at]),
            )
    return None


@contextmanager
def other_states() -> Iterator[Any]:
    """Global random numbers of Python and NumPy may be changed inside, and are as before behind."""
    before, numpy_before = random.getstate(), np.random.get_state()

    def change(seed: int | None) -> None:
        if seed is None:
            random.random()
            np.random.random()
        else:
            random.seed(seed)
            np.random.seed(seed)

    try:
        yield change
    finally:
        random.setstate(before)
        np.random.set_state(numpy_before)

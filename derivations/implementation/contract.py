"""Contract of a kernel beyond its numbers: memory, NaN, and other orders of the same calls."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TypeGuard

import numpy as np

from derivations.implementation.calling import Kernel, NotConvertible, memory
from derivations.implementation.check_report import LAYOUTS, Finding, Kind, Tried, plain
from derivations.implementation.comparison import Right, compared
from derivations.implementation.exact import Expected, dependence
from derivations.implementation.inputs import Case, entries, instance_of
from derivations.implementation.question import Argument, Array, Value
from derivations.language.index_nodes import has_branch, unfold
from derivations.proof.domain import Key

# What a kernel may not do to memory: change or hand back its inputs, keep or mix its results.


Pair = tuple[Case, Finding]


def fresh(case: Case) -> dict[str, Value]:
    """Arguments that nobody else holds."""
    return {n: plain(v) if isinstance(v, np.ndarray) else v for n, v in case.values.items()}


def changed(
    given: Mapping[str, Value], case: Case, stepped: Collection[str] = ()
) -> Iterator[Pair]:
    """A finding for each argument that is not what it was, and that no step is to change."""
    for name, value in given.items():
        if (
            name not in stepped
            and isinstance(value, np.ndarray)
            and value.tobytes() != np.asarray(case.values[name]).tobytes()
        ):
            text = f"{name} is not what it was before the call"
            yield case, Finding("", Kind.MUTATED, text, case.values, where=name)


def aliased(given: Mapping[str, Value], results: list[object], case: Case) -> Iterator[Pair]:
    """A finding for each result that lies in the memory of an argument."""
    for number, result in enumerate(results):
        for part in memory(result):
            for name, value in given.items():
                if isinstance(value, np.ndarray) and np.shares_memory(part, value):
                    text = f"result {number} shares its memory with {name}"
                    yield case, Finding("", Kind.ALIASED, text, case.values, where=name)


def kept(kernel: Kernel, case: Case, other: Case) -> Iterator[Pair]:
    """Whether a result survives a call with other numbers, and the same call gives it again."""
    if kernel.stepped:
        return
    given = fresh(case)
    first = kernel(given)
    before = [[part.tobytes() for part in memory(result)] for result in first]
    kernel(fresh(other))
    for number, (result, old) in enumerate(zip(first, before, strict=True)):
        if [part.tobytes() for part in memory(result)] != old:
            text = f"result {number} of a call is overwritten by the next call"
            yield case, Finding("", Kind.REUSED, text, case.values)
            return
    again = kernel(given)
    after = [[part.tobytes() for part in memory(result)] for result in again]
    if after != before:
        text = "the same call gives other numbers after a call in between"
        yield case, Finding("", Kind.STATE, text, case.values)


def laid_out(
    kernel: Kernel, case: Case, right: dict[str, Expected], limit: float
) -> Iterator[Pair]:
    """Other layouts of the same numbers, at an input where plain ones come out right."""
    u = float(np.finfo(case.dtype).eps) / 2
    for layout, lay in LAYOUTS.items():
        if layout == "read-only" and kernel.stepped:
            continue
        given = {n: lay(v) if _has_axes(v) else v for n, v in case.values.items()}
        try:
            results = kernel(given)
        except NotConvertible:
            continue
        except Exception as error:
            if _is_refusal(error):  # by its signature: what it is not made for
                continue
            text = f"{layout}: {type(error).__name__}: {' '.join(str(error).split())[:120]}"
            yield case, Finding("", Kind.RAISES, text, case.values, layout=layout)
            continue
        for output, result in zip(kernel.problem.outputs, results, strict=True):
            if output is None:
                continue
            got = kernel.read(result, output, case)
            if got.shape != right[output.name].shape:
                continue
            found = compared(got, right[output.name], u, limit)
            if not found.worst <= limit:
                at = found.where()
                yield (
                    case,
                    Finding(
                        output.name,
                        Kind.LAYOUT,
                        f"right in C order, wrong for {layout} input",
                        case.values,
                        f"{output.name}[{', '.join(map(str, at))}]" if at else output.name,
                        f"{found.want[at]:.6g}",
                        f"{float(got[at]):.6g}",
                        float(found.errors[at]),
                        layout=layout,
                    ),
                )
                break
        yield from changed(given, case, kernel.stepped)


def _is_refusal(error: Exception) -> bool:
    """Whether a function says that it takes no arrays that lie in memory so."""
    return isinstance(error, TypeError | BufferError) or "buffer source array" in str(error)


def swallowed(
    kernel: Kernel, case: Case, right: dict[str, Expected], asked: frozenset[str]
) -> Iterator[Pair]:
    """NaN in one entry of each array has to reach every result that depends on that entry.

    Only the results that are ``asked`` for: those that are wrong anyhow have their own finding. A
    result in which something is chosen by a sign may leave out what is not chosen, NaN as well.
    """
    for one in kernel.problem.arguments:
        value = case.values[one.name]
        domain = kernel.problem.domain(one)
        if one.is_integer or not np.size(value) or domain.values or domain.whole:
            continue
        spot = _most_read(one, case, right, kernel)
        if spot is None:
            continue
        key, at = spot
        poisoned = fresh(case)
        array = plain(np.asarray(value))
        array[at] = np.nan
        poisoned[one.name] = array if array.ndim else array[()]
        try:
            results = kernel(poisoned)
        except Exception:
            continue  # to refuse NaN is not to swallow it
        for output, result in zip(kernel.problem.outputs, results, strict=True):
            if output is None or output.name not in asked:
                continue
            if any(has_branch(unfold(piece.value)) for piece in output.pieces):
                continue
            reached = dependence(right[output.name], key)
            got = kernel.read(result, output, case)
            if got.shape == reached.shape and np.isfinite(got[reached]).any():
                text = f"NaN in {one.name} gives finite numbers in {output.name}"
                shown = {n: np.array(v) if _has_axes(v) else v for n, v in poisoned.items()}
                yield case, Finding(output.name, Kind.SWALLOWED, text, shown, want="nan")
                break


def _most_read(
    one: Argument, case: Case, right: dict[str, Expected], kernel: Kernel
) -> tuple[Key, tuple[int, ...]] | None:
    """The entry of an argument that most results depend on."""
    keys = [key for key, _ in entries(one, case, instance_of(kernel.problem, case))]
    spots = list(np.ndindex(np.shape(case.values[one.name])))
    counts = [sum(int(dependence(e, key).sum()) for e in right.values()) for key in keys]
    best = int(np.argmax(counts))
    return (keys[best], spots[best]) if counts[best] else None


def _has_axes(value: Value) -> TypeGuard[Array]:
    return isinstance(value, np.ndarray) and value.ndim > 0


# The same inputs in other orders: backwards, hundreds of times, under other random states.


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


def results_of(kernel: Kernel, case: Case, given: Mapping[str, Value] | None = None) -> list[Array]:
    """The results that are looked at, as arrays; ``given`` holds the input already."""
    results = kernel(fresh(case) if given is None else given)
    outputs = kernel.problem.outputs
    pairs = zip(outputs, results, strict=True)
    return [np.asarray(kernel.read(result, output, case)) for output, result in pairs if output]


def written_down(kernel: Kernel, results: Sequence[object], case: Case) -> tuple[bytes, ...]:
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
            yield each.case, found.saying(text)
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
            yield one.case, found.saying(f"wrong from call {kernel.calls} on, right before")
            return
        if turn % 16 == 0 and perf_counter() > ends:
            break
    with other_states() as change:
        for turn in range(CALLS // 2):
            change(STATES[turn] if turn < len(STATES) else None)
            found = _differs(kernel, one, limit)
            done += 1
            if found:
                text = f"wrong at call {kernel.calls}, with another random state"
                yield one.case, found.saying(text)
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
                held = given[name]
                if isinstance(value, np.ndarray) and isinstance(held, np.ndarray):
                    held[...] = value
            found = _differs(kernel, Known(other, right, ()), limit, given)
            if found:
                text = "wrong after a call with an input that is like it: same shapes, sums, memory"
                yield other, found.saying(text)
                return
    tried.orders["inputs that look alike in turn, in the same memory"] = None


def _past(case: Case) -> str:
    """The largest size by name."""
    return max(case.sizes, key=lambda name: case.sizes[name])


def _variants(kernel: Kernel, case: Case) -> Iterator[dict[str, Value]]:
    """All numbers in another order; then the first entries as they are, the others halved.

    Then one array alone halved, while all others are the same.
    """
    free = [
        one.name
        for one in kernel.problem.arguments
        if not one.is_integer and one.axes and kernel.problem.domain(one).anywhere
    ]
    for change in (_turned, _halved):
        yield {n: change(v) if n in free else v for n, v in case.values.items()}
    for alone in free if len(free) > 1 else ():
        yield {n: _halved(v) if n == alone else v for n, v in case.values.items()}


def _turned(value: Value) -> Array:
    array = np.asarray(value)
    return np.ascontiguousarray(array.ravel()[::-1].reshape(array.shape))


def _halved(value: Value) -> Array:
    array = np.asarray(value)
    found: Array = np.multiply(array, 0.5)
    found.ravel()[:1] = array.ravel()[:1]
    return found


def _differs(
    kernel: Kernel, one: Known, limit: float, given: Mapping[str, Value] | None = None
) -> Finding | None:
    """None where the results are what they were, or as good; else a finding, when not yet said."""
    case = one.case
    try:
        results = results_of(kernel, case, given)
    except Exception as error:
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
        return Finding("", Kind.STATE, said, case.values)
    if tuple(result.tobytes() for result in results) == one.before:
        return None
    u = float(np.finfo(case.dtype).eps) / 2
    for output, got in zip(kernel.problem.judged, results, strict=True):
        right = one.right[output.name]
        if got.shape != right.shape:
            if got.size == 1 and not right.shape:
                got = got.reshape(())
            else:
                return Finding(output.name, Kind.STATE, f"shape {got.shape}", case.values)
        found = compared(got, right, u, limit)
        if not found.worst <= limit:
            at = found.where()
            name = output.name
            return Finding(
                name,
                Kind.STATE,
                "",
                case.values,
                f"{name}[{', '.join(map(str, at))}]" if at else name,
                f"{found.want[at]:.6g}",
                f"{float(found.got[at]):.6g}",
                float(found.errors[at]),
            )
    return None


@contextmanager
def other_states() -> Iterator[Callable[[int | None], None]]:
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

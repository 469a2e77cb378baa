"""What a kernel may not do to memory: change or hand back its inputs, keep or mix its results."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np

from derivations.implementation.call import Kernel, NotConvertible, memory
from derivations.implementation.case import Case, entries, instance_of
from derivations.implementation.compare import compared
from derivations.implementation.exact import Expected, dependence
from derivations.implementation.finding import Finding, Kind
from derivations.implementation.layouts import LAYOUTS, plain
from derivations.language.index_nodes import unfold
from derivations.proof.signs import has_branch

Pair = tuple[Case, Finding]


def fresh(case: Case) -> dict[str, Any]:
    """Arguments that nobody else holds."""
    return {n: plain(v) if isinstance(v, np.ndarray) else v for n, v in case.values.items()}


def changed(given: Mapping[str, Any], case: Case, stepped: Collection[str] = ()) -> Iterator[Pair]:
    """A finding for each argument that is not what it was, and that no step is to change."""
    for name, value in given.items():
        if (
            name not in stepped
            and isinstance(value, np.ndarray)
            and value.tobytes() != case.values[name].tobytes()
        ):
            text = f"{name} is not what it was before the call"
            yield case, Finding("", Kind.MUTATED, text, case.values, where=name)


def aliased(given: Mapping[str, Any], results: list[Any], case: Case) -> Iterator[Pair]:
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
        if np.ndim(value):
            poisoned[one.name][at] = np.nan
        else:
            poisoned[one.name] = type(value)("nan")
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
                shown = {n: np.array(v) for n, v in poisoned.items()}
                shown = {n: v if v.ndim else poisoned[n] for n, v in shown.items()}
                yield case, Finding(output.name, Kind.SWALLOWED, text, shown, want="nan")
                break


def _most_read(
    one: Any, case: Case, right: dict[str, Expected], kernel: Kernel
) -> tuple[Any, tuple[int, ...]] | None:
    """The entry of an argument that most results depend on."""
    keys = [key for key, _ in entries(one, case, instance_of(kernel.problem, case))]
    spots = list(np.ndindex(np.shape(case.values[one.name])))
    counts = [sum(int(dependence(e, key).sum()) for e in right.values()) for key in keys]
    best = int(np.argmax(counts))
    return (keys[best], spots[best]) if counts[best] else None


def _has_axes(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0

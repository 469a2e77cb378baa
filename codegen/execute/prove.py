"""All kernels of a package, at all sizes of a plan: what was run, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from codegen.equality import Equality
from codegen.execute.call import Variant
from codegen.execute.plan import Plan
from codegen.execute.processes import in_processes
from codegen.execute.units import Function, Unit, functions, names_of, units_of
from codegen.execute.variants import loadings
from codegen.execute.work import Report, Work
from codegen.kernel import Module


def prove(
    modules: Sequence[Module],
    units: Sequence[Unit],
    claims: Mapping[str, Equality],
    texts: Mapping[str, str],
    plan: Plan,
    on_done: Callable[[str], None] = lambda name: None,
) -> list[Report]:
    """Run the units of all functions, as they stand in ``texts``, in processes if it can.

    The largest are begun first. What the reports say does not depend on who ran what.
    """
    _Shared.work = work = Work(dict(functions(modules)), claims, loadings(texts), plan)
    _Shared.units, _Shared.failed = units, {}
    found: dict[str, dict[int, Report | None]] = {name: {} for name in names_of(modules)}
    order = sorted(range(len(units)), key=lambda number: -units[number].cost)
    for number, part in in_processes(_numbered, order):
        name = units[number].name
        found[name][number] = part
        on_done(name)
    return [
        work.merged(name, (part for _, part in sorted(parts.items(), key=lambda one: one[0])))
        for name, parts in found.items()
    ]


class _Shared:
    """What every process has at hand: set before the processes are forked."""

    work: Work
    units: Sequence[Unit]
    failed: dict[str, int]  # a unit of each function that has failed here


def _numbered(number: int) -> tuple[int, Report | None]:
    """One unit, by its number; nothing where an earlier one of the same function has failed."""
    unit = _Shared.units[number]
    if _Shared.failed.get(unit.name, number) < number:
        return number, None
    part = _Shared.work.part(unit)
    if part.count.failures:
        _Shared.failed[unit.name] = number
    return number, part


def report(
    name: str,
    function: Function | None,
    claims: Mapping[str, Equality],
    ways: Sequence[Variant],
    plan: Plan,
) -> Report:
    """What is decided of one function; of the row sums where there is none."""
    work = Work({name: function} if function else {}, claims, ways, plan)
    return work.merged(name, map(work.part, units_of(name, function, plan)))

"""What every output of a kernel has to be at one case: its entries, evaluated once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from codegen.execute.rates import by_cases, rate_of
from codegen.execute.specification import Place, Specification
from codegen.interpret.branching import World
from codegen.interpret.exact_numbers import Number
from codegen.kernel import Kernel, Update
from derivations.proof.field import Value as Element


@dataclass(frozen=True)
class Returned:
    """An output that is returned: the entries themselves."""

    entries: Mapping[Place, Element]

    def trees(self, world: World) -> Mapping[Place, Any]:
        """The entries, in the world of one run."""
        return self.entries


@dataclass(frozen=True)
class Stepped:
    """An argument that is changed in place: its entries before, and the gradient."""

    update: Update
    meant: Specification
    entries: Mapping[Place, Element]
    slope: Mapping[Place, Element]

    def trees(self, world: World) -> Mapping[Place, Any]:
        """The entries after the step, by cases where the rate is."""
        rate = rate_of(self.update, self.meant)
        row = self.update.gradient.axes[0]
        rows = {at[0] for at in self.entries}
        rates = {n: by_cases(rate, {row: n + 1}, self.meant, world) for n in rows}
        return {
            at: (Number(world, value) - rates[at[0]] * Number(world, self.slope[at])).tree
            for at, value in self.entries.items()
        }


Wanted = Returned | Stepped


def wanted(kernel: Kernel, meant: Specification, given: Mapping[str, Any]) -> dict[str, Wanted]:
    """For each output what it has to be, by name."""
    found: dict[str, Wanted] = {}
    for output in kernel.outputs:
        if isinstance(output, Update):
            slope = meant.output(output.gradient)
            before = given[output.argument]
            found[output.argument] = Stepped(output, meant, before, slope)
        else:
            found[output.name] = Returned(meant.output(output))
    return found

"""What was tried: sizes, values, orders, and how many calls. Data, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from derivations.implementation.case import Case


@dataclass
class Tried:
    """Gathered while a kernel is called."""

    sizes: dict[str, set[int]] = field(default_factory=dict)
    values: dict[str, None] = field(default_factory=dict)
    words: dict[str, None] = field(default_factory=dict)
    layouts: dict[str, None] = field(default_factory=dict)
    orders: dict[str, None] = field(default_factory=dict)
    domains: dict[str, str] = field(default_factory=dict)
    dtypes: dict[str, None] = field(default_factory=dict)
    left_out: dict[str, None] = field(default_factory=dict)
    calls: int = 0

    def case(self, case: Case) -> None:
        """One more input."""
        for name, size in case.sizes.items():
            self.sizes.setdefault(name, set()).add(size)
        self.dtypes[str(case.dtype)] = None
        for trait in sorted(case.traits):
            if trait.endswith(" words"):
                self.words[trait.removesuffix(" words")] = None
            elif trait in ("plain", "integers", "saturated", "large") or " is " in trait:
                self.values["plain" if trait == "large" else trait] = None

    @property
    def lines(self) -> tuple[str, ...]:
        """In words, one line each."""
        found = [("sizes", ", ".join(f"{n} {_ranges(each)}" for n, each in self.sizes.items()))]
        found.append(("values", ", ".join(_grouped(self.values))))
        for name, said in (
            ("words", self.words), ("memory", self.layouts), ("orders", self.orders)
        ):  # fmt: skip
            found.append((name, ", ".join(said)))
        found.append(("domains", "; ".join(f"{n} {said}" for n, said in self.domains.items())))
        found.append(("calls", f"{self.calls}, {' and '.join(self.dtypes)}"))
        found.append(("left out", "; ".join(self.left_out)))
        return tuple(f"{name}: {said}" for name, said in found if said)


def _ranges(sizes: Iterable[int]) -> str:
    """1 to 9, 15 to 17, 64."""
    runs: list[list[int]] = []
    for n in sorted(sizes):
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs
    )


def _grouped(values: Mapping[str, None]) -> list[str]:
    """What is said of several arrays once: zero (V, U)."""
    plain = [value for value in values if " is " not in value]
    of: dict[str, list[str]] = {}
    for value in values:
        if " is " in value:
            name, said = value.split(" is ")
            of.setdefault(said, []).append(name)
    return plain + [f"{said} ({', '.join(names)})" for said, names in of.items()]

"""Linear dependence over the rationals of elements of a field of fractions (echelon form).

Elements are brought over one common denominator, which grows as denominators are met; over it an
element is the vector of coefficients of its numerator. Whoever asks names each element of the
basis by a number; `split` takes another one apart into rational multiples of these and a rest,
which is zero exactly where the element depends on the basis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flint import fmpq, fmpq_mpoly

Linear = dict[tuple[int, ...], fmpq]
Powers = dict[int, int]  # of irreducible polynomials, by number
Times = Callable[[fmpq_mpoly, Powers], fmpq_mpoly]


@dataclass(frozen=True)
class _Row:
    """A combination of the basis that has one at its pivot."""

    pivot: tuple[int, ...]
    vector: Linear
    combination: Mapping[int, fmpq]


class Basis:
    """Elements that are independent; ``times`` multiplies a polynomial by powers of factors."""

    def __init__(self, times: Times) -> None:
        self.times = times
        self.below: Powers = {}
        self.elements: dict[int, tuple[fmpq_mpoly, Powers]] = {}
        self.rows: list[_Row] = []

    def split(self, numerator: fmpq_mpoly, below: Powers) -> tuple[dict[int, fmpq], Linear]:
        """The multiples of the basis that an element has in it, and what is left over."""
        if any(power > self.below.get(number, 0) for number, power in below.items()):
            for number, power in below.items():
                self.below[number] = max(power, self.below.get(number, 0))
            self.rows = []
            for number, element in self.elements.items():
                self._append(number, *element)
        rest = self._vector(numerator, below)
        found: dict[int, fmpq] = {}
        for row in self.rows:
            factor = rest.get(row.pivot)
            if factor is not None:
                _subtract(rest, row.vector, factor)
                for number, q in row.combination.items():
                    found[number] = found.get(number, fmpq(0)) + factor * q
        return {number: q for number, q in found.items() if q != 0}, rest

    def add(self, number: int, numerator: fmpq_mpoly, below: Powers) -> None:
        """One element more, which does not depend on those that are there."""
        self.elements[number] = (numerator, dict(below))
        self._append(number, numerator, below)

    def _append(self, number: int, numerator: fmpq_mpoly, below: Powers) -> None:
        found, rest = self.split(numerator, below)
        pivot = max(rest)
        lead = rest[pivot]
        combination = {number: 1 / lead, **{n: -q / lead for n, q in found.items()}}
        self.rows.append(_Row(pivot, {m: q / lead for m, q in rest.items()}, combination))

    def _vector(self, numerator: fmpq_mpoly, below: Powers) -> Linear:
        missing = {n: power - below.get(n, 0) for n, power in self.below.items()}
        found: Linear = self.times(numerator, missing).to_dict()
        return found


def _subtract(target: Linear, row: Linear, factor: fmpq) -> None:
    for monomial, q in row.items():
        left = target.get(monomial, fmpq(0)) - factor * q
        if left == 0:
            target.pop(monomial, None)
        else:
            target[monomial] = left

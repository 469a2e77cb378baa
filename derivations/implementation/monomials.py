"""Sums of monomials in the parameters, each times a number plus functions of scores. Data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from typing import Any

from flint import arb, fmpq

from derivations.proof.domain import Key

Monomial = tuple[tuple[Key, int], ...]
Score = frozenset[tuple[Monomial, Fraction]]
ONE: Monomial = ()
ZERO = arb(0)


@dataclass(frozen=True, slots=True)
class Atom:
    """A function of scores: its value, what its own rounding costs, its derivatives."""

    value: Any
    size: Any
    slopes: Mapping[Score, Any]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A number plus functions of scores."""

    number: Fraction = Fraction(0)
    atoms: tuple[Atom, ...] = ()


Terms = dict[Monomial, Coefficient]


def parameters_of(value: Terms) -> set[Key]:
    """The parameters that a value depends on."""
    monomials = list(value)
    for coefficient in value.values():
        for atom in coefficient.atoms:
            monomials += [monomial for score in atom.slopes for monomial, _ in score]
    return {key for monomial in monomials for key, _ in monomial}


@cache
def _fraction(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def ball(value: Fraction) -> arb:
    """A fraction as a ball."""
    return arb(_fraction(value))


def of(atom: Atom) -> Terms:
    """A function of scores as a value."""
    return {ONE: Coefficient(atoms=(atom,))}


def is_polynomial(value: Terms) -> bool:
    """Whether there is no function of scores in it."""
    return not any(coefficient.atoms for coefficient in value.values())


def is_monomial(value: Terms) -> bool:
    """Whether it is a number times powers of parameters."""
    return len(value) == 1 and is_polynomial(value)


def times_number(coefficient: Coefficient, number: Fraction) -> Coefficient:
    """A multiple."""
    if number == 1:
        return coefficient
    by = ball(number)
    atoms = tuple(
        Atom(by * atom.value, abs(by) * atom.size, scaled(atom.slopes, by))
        for atom in coefficient.atoms
    )
    return Coefficient(coefficient.number * number, atoms)


def times(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials."""
    if not left or not right:
        return left or right
    powers = dict(left)
    for key, power in right:
        powers[key] = powers.get(key, 0) + power
    return tuple(sorted((key, power) for key, power in powers.items() if power))


def scaled(slopes: Mapping[Score, Any], by: Any) -> dict[Score, Any]:
    """All derivatives times one number."""
    return {score: by * slope for score, slope in slopes.items()}


def least(balls: list[Any]) -> Any:
    """The least of some balls, one of those that may be."""
    return reduce(lambda a, b: a if a < b else b, balls)

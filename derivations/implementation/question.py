r"""What a kernel is checked for: arguments with their domains, results as claims, how it is called.

Domains of arguments: a derivation says where numbers may be in a declaration (`scalar \beta > 0`,
`vector s in \{-1, 1\}^m`, `vector p in (0, 1)^n`, `matrix A in R^{n x n}, symmetric`); a user of
`check_kernel` in ``domains=``, for an argument whose derivation is wider than the code's contract.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import isqrt
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Indexed, Symbol

from derivations.claim import (
    AtLeast,
    Between,
    Condition,
    Count,
    OneOfTwo,
    Positive,
    SumsTo,
    Symmetric,
)
from derivations.indices import Index, IndexSet, WordArray, free_indices
from derivations.language.index_nodes import unfold

Array = NDArray[np.floating | np.integer]
Floats = NDArray[np.float64]
Format = np.dtype[np.floating]
Value = int | np.floating | Array  # of an argument: a word or a number, or many of them


@dataclass(frozen=True)
class Domain:
    """Where every number of an argument is: between, one of ``values``, ...; anywhere by default.

    ``total`` is what the entries of a vector add up to; or, along an ``axis``, those of a matrix.
    """

    lower: Fraction | None = None
    upper: Fraction | None = None
    values: tuple[int, ...] = ()
    symmetric: bool = False
    total: int | None = None
    whole: bool = False
    axis: int | None = None

    @property
    def anywhere(self) -> bool:
        """Whether nothing is said."""
        return self == EVERYWHERE

    def __str__(self) -> str:
        if self.values:
            said = f"in {{{', '.join(map(str, self.values))}}}"
        elif self.lower is not None and self.upper is not None:
            said = f"in ({self.lower}, {self.upper})"
        elif self.lower is not None:
            said = f"> {self.lower}"
        else:
            said = f"< {self.upper}" if self.upper is not None else ""
        parts = [said, "whole" if self.whole else "", "symmetric" if self.symmetric else ""]
        parts.append("" if self.total is None else f"entries add up to {self.total}")
        return ", ".join(filter(None, parts))


EVERYWHERE = Domain()


OfNumbers = Positive | Between | OneOfTwo | Count | Symmetric | SumsTo


def known(condition: object) -> TypeGuard[AtLeast | OfNumbers]:
    """Whether numbers can be drawn so that a condition holds."""
    return isinstance(condition, AtLeast | OfNumbers)


def of_conditions(letter: str, conditions: Iterable[object]) -> Domain:
    """What conditions of a claim say of one symbol."""
    lower: Fraction | None = None
    upper: Fraction | None = None
    values: tuple[int, ...] = ()
    symmetric, total, axis, whole = False, None, None, False
    for each in conditions:
        if not isinstance(each, OfNumbers) or each.of.name != letter:
            continue
        match each:
            case Positive():
                lower = max(lower, Fraction(0)) if lower is not None else Fraction(0)
            case Between():
                lower, upper = each.ends
            case OneOfTwo():
                values = (-1, 1) if each.signs else (0, 1)
            case Count():
                whole = True
            case Symmetric():
                symmetric = True
            case SumsTo():
                total = int(each.value)
                axis = each.axis if len(each.total.function.indices) > 1 else None
    return Domain(lower, upper, values, symmetric, total, whole, axis)


_SAID = re.compile(
    r"\s*(?:(?P<whole>whole)|>\s*(?P<above>-?[\d./]+)|<\s*(?P<below>-?[\d./]+)"
    r"|(?:in\s*)?\(\s*(?P<low>-?[\d./]+)\s*,\s*(?P<high>-?[\d./]+)\s*\)"
    r"|(?:in\s*)?\\?\{(?P<values>\s*-?\d+(?:\s*,\s*-?\d+)*\s*)\\?\})\s*"
)


def read(text: str) -> Domain | None:
    """A domain as a user says it: ``> 0``, ``(0, 1)``, ``{-1, 1}``, ``whole``, or none."""
    match = _SAID.fullmatch(text)
    if match is None:
        return None
    try:
        if match["whole"]:
            return Domain(whole=True)
        if match["values"]:
            return Domain(values=tuple(map(int, match["values"].split(","))))
        if match["low"]:
            low, high = Fraction(match["low"]), Fraction(match["high"])
            return Domain(low, high) if low < high else None
        if match["above"]:
            return Domain(lower=Fraction(match["above"]))
        return Domain(upper=Fraction(match["below"]))
    except (ValueError, ZeroDivisionError):
        return None


FAR = 5000  # bits


class BadArguments(ValueError):
    """A kernel or a claim that cannot be checked as asked; the message says what would do."""


@dataclass(frozen=True)
class Argument:
    """One argument of the kernel: ``entry`` is what it holds at its ``axes``.

    An index without axes is a word, another symbol without axes a number.
    """

    name: str
    entry: Expr
    axes: tuple[Index, ...] = ()

    @property
    def is_integer(self) -> bool:
        """Whether it holds words, not numbers."""
        return isinstance(self.base, WordArray) or isinstance(self.entry, Index)

    @property
    def base(self) -> object:
        """The indexed symbol that it holds entries of; None for a single symbol."""
        return self.entry.base if isinstance(self.entry, Indexed) else None

    @property
    def space(self) -> IndexSet:
        """What words it holds are members of."""
        space: IndexSet = (
            self.entry.space if isinstance(self.entry, Index) else self.entry.base.space
        )
        return space

    @property
    def letter(self) -> str:
        """The name of its symbol."""
        return str(self.entry.base if isinstance(self.entry, Indexed) else self.entry)


@dataclass(frozen=True)
class Piece:
    """A value under conditions; ``by`` are the entries that the loss is differentiated by there.

    As they are printed: of a second derivative there are two. ``bound`` are the indices that only
    ``by`` gives a value: x in ∂J/∂U[x,i].
    """

    value: Expr
    by: tuple[Expr, ...] = ()
    conditions: tuple[Condition, ...] = ()
    bound: tuple[Index, ...] = ()


@dataclass(frozen=True)
class Output:
    """One result: what it is at its axes; of a gradient each entry is by ``place``."""

    name: str
    pieces: tuple[Piece, ...]
    axes: tuple[Index, ...] = ()
    place: tuple[Expr, ...] = ()


@dataclass(frozen=True)
class Fixed:
    """A number that no argument gives: one over the root of a size."""

    letter: str
    size: str

    def value(self, sizes: Mapping[str, int]) -> Fraction:
        """To far more digits than anything is compared with."""
        return Fraction(1 << FAR, isqrt(sizes[self.size] << 2 * FAR))


@dataclass(frozen=True)
class Problem:
    """The arguments in order, and the results in order; None is a result not looked at."""

    name: str
    arguments: tuple[Argument, ...]
    outputs: tuple[Output | None, ...]
    domains: tuple[tuple[str, Domain], ...] = ()  # by argument
    least: tuple[tuple[str, int], ...] = ()  # by size
    fixed: tuple[Fixed, ...] = ()

    def domain(self, one: Argument) -> Domain:
        """Where the numbers of an argument are."""
        return dict(self.domains).get(one.name, EVERYWHERE)

    @property
    def judged(self) -> tuple[Output, ...]:
        """The results that are looked at."""
        return tuple(output for output in self.outputs if output is not None)

    @cached_property
    def spaces(self) -> tuple[IndexSet, ...]:
        """Every index set that has to have a size."""
        return tuple(dict.fromkeys(self._spaces()))

    @cached_property
    def labels(self) -> frozenset[IndexSet]:
        """The sets that words are members of."""
        return frozenset(one.space for one in self.arguments if one.is_integer)

    @cached_property
    def hidden(self) -> tuple[Index, ...]:
        """Indices that no argument gives: a row that is handed over by itself has one."""
        given = {one.entry for one in self.arguments}
        used = {index for one in self.arguments for index in free_indices(one.entry)}
        axes = {axis for one in self.arguments for axis in one.axes}
        return tuple(sorted(used - axes - given, key=str))

    def _spaces(self) -> Iterator[IndexSet]:
        for one in self.arguments:
            yield from (axis.space for axis in one.axes)
            if one.is_integer:
                yield one.space
        yield from (index.space for index in self.hidden)
        for output in self.judged:
            yield from (axis.space for axis in output.axes)
            for piece in output.pieces:
                yield from (index.space for index in sorted(bound_or_free(piece.value), key=str))


def indices_of(places: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The indices of some entries, one after the other; a number has none."""
    return tuple(i for each in places if isinstance(each, Indexed) for i in each.indices)


def bound_or_free(value: Expr) -> set[Index]:
    """Every index of an expression, with what its definitions hide."""
    found: set[Index] = unfold(value).atoms(Index)
    return found


def leaves(value: Expr) -> Iterator[Indexed | Symbol]:
    """The entries and the numbers that an expression reads, free indices among them."""
    whole = unfold(value)
    entries = whole.atoms(Indexed)
    yield from sorted(entries, key=str)
    names = {entry.base.label for entry in entries}
    sizes = {size for index in whole.atoms(Index) for size in index.space.size.free_symbols}
    numbers = whole.atoms(Symbol) - names - sizes - whole.atoms(Index)
    yield from sorted(numbers, key=str)
    yield from sorted(free_indices(whole), key=str)


Hook = Callable[..., object]


@dataclass(frozen=True)
class Manner:
    """``columns``: a vector is (d, 1), a number (1, 1). ``rate`` names the argument that is the
    rate of a step in place. ``draws`` has for each argument that the function draws by itself what
    it is handed by. ``empty`` says whether sizes of zero are tried.
    """

    columns: bool = False
    rate: str | None = None
    draws: Mapping[str, Hook] = field(default_factory=dict)
    empty: bool = True


PLAINLY = Manner()

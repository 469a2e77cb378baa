"""What a kernel is: its arguments, outputs and rewrites, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Expr, Indexed, Integer, Symbol

from codegen.argmax import Argmax
from derivations.indices import Index, IndexSet


@dataclass(frozen=True)
class Argument:
    """An argument of the kernel and what it stands for.

    ``stands_for`` is a scalar symbol, or an entry of a family at the running indices ``axes``;
    an index of the entry that is not an axis is fixed: ``V[c, i]`` with axis ``i`` is one row.
    ``letters`` names the axes' lengths in messages. ``left_out`` is the member of the first
    axis' index set that has no place in the array.
    """

    name: str
    stands_for: Indexed | Symbol
    axes: tuple[Index, ...] = ()
    letters: tuple[str, ...] = ()
    left_out: Integer | None = None
    meaning: str = ""

    @property
    def is_integer(self) -> bool:
        """Whether it holds words rather than numbers."""
        base = self.stands_for.base.label if self.axes else self.stands_for
        return bool(base.is_integer)

    @property
    def fixed(self) -> tuple[Symbol, ...]:
        """The symbols that are given with the argument and do not run."""
        if isinstance(self.stands_for, Symbol):
            return (self.stands_for,)
        return tuple(index for index in self.stands_for.indices if index not in self.axes)


@dataclass(frozen=True)
class Value:
    """An output computed from a loss itself, with one entry for each of ``axes``."""

    name: str
    loss: Expr
    axes: tuple[Index, ...] = ()


@dataclass(frozen=True)
class Gradient:
    """An output computed from the right side of a claim, with one entry for each of ``axes``.

    Where the gradient is a sum over touched rows it is returned row-sparse, or made ``dense``.
    ``only_row`` says that the claim gives one row of the gradient, and that every other row is
    zero by the claim ``elsewhere``.
    """

    name: str
    claim: str
    axes: tuple[Index, ...]
    dense: str = ""
    only_row: tuple[Index, Expr] | None = None
    elsewhere: str = ""


@dataclass(frozen=True)
class Kernel:
    """A public function.

    ``loss`` is what every gradient must be a gradient of. ``rewrites`` are claims used from
    left to right; ``choices`` gives the values of symbols that only their right sides have.
    ``calls`` maps claims to functions that compute their left sides. ``names`` are the steps
    that get a name: an expression, at whatever running indices it has, and the variable.
    """

    name: str
    title: str
    loss: Expr
    arguments: tuple[Argument, ...]
    outputs: tuple[Value | Gradient, ...]
    layout: tuple[IndexSet, ...]
    rewrites: tuple[str, ...] = ()
    choices: Mapping[Symbol, Expr | Argmax] = field(default_factory=dict)
    calls: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[Expr, str] = field(default_factory=dict)

    @property
    def claims(self) -> tuple[str, ...]:
        """The ids of all claims that the function rests on."""
        outputs = [output for output in self.outputs if isinstance(output, Gradient)]
        gradients = [id for output in outputs for id in (output.claim, output.elsewhere) if id]
        return tuple(dict.fromkeys([*gradients, *self.rewrites, *self.calls.values()]))


@dataclass(frozen=True)
class Elementwise:
    """A function of a number, applied to every entry of an array: the right side of a claim."""

    name: str
    title: str
    claim: str
    argument: Symbol
    names: Mapping[Expr, str] = field(default_factory=dict)

    @property
    def claims(self) -> tuple[str, ...]:
        """The one claim that the function rests on."""
        return (self.claim,)


@dataclass(frozen=True)
class Module:
    """One emitted file of functions; ``origin`` names what it is made from."""

    path: str
    title: str
    functions: tuple[Kernel | Elementwise, ...]
    origin: str = "codegen/subjects/"

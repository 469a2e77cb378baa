"""What the names of a derivation mean: data, filled in by its declarations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sympy import Expr, Symbol

from derivations.claim import Condition
from derivations.indices import Index, IndexSet, WordArray
from derivations.reader.array import Array


@dataclass(frozen=True)
class Thing:
    """A number, vector or matrix, or a family of them.

    ``params`` are what the first subscripts stand for; further subscripts pick entries.
    ``implicit`` are letters it depends on without naming them, as a one-hot y does on o.
    """

    params: tuple[Index, ...]
    body: Array
    implicit: tuple[Symbol, ...] = ()


@dataclass(frozen=True)
class WordList:
    """A list of labels; ``origin`` is the letter its subscripts start from, t in ``w_{t+j}``."""

    words: WordArray
    places: IndexSet
    origin: str = ""


@dataclass(frozen=True)
class Parameter:
    """What an argument must be.

    ``stands_for`` is an index or a scalar symbol; ``vector`` is the name of the family the
    argument must be a member of (``v`` in ``J(v_c)``); ``keyword`` what stands before its
    ``=`` in ``P(O = o)``; ``fixed`` the things, often one, that must stand there.
    """

    stands_for: Symbol | None = None
    vector: str = ""
    keyword: str = ""
    fixed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Function:
    """A named function: ``value`` of the symbols of ``implicit`` and of its parameters."""

    name: str
    parameters: tuple[Parameter, ...]
    implicit: tuple[Symbol, ...]
    value: Callable[[tuple[Expr, ...]], Array]
    conditional: bool = False  # its arguments are separated by a bar: P(O = o | C = c)


@dataclass(frozen=True)
class Scope:
    """Every declared name, and the letters bound where something is read."""

    sets: Mapping[str, IndexSet] = field(default_factory=dict)
    letters: Mapping[str, Index] = field(default_factory=dict)
    things: Mapping[str, Thing] = field(default_factory=dict)
    lists: Mapping[str, tuple[WordList, ...]] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    stand_ins: Mapping[IndexSet, WordList] = field(default_factory=dict)
    bound: Mapping[str, Index] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()

    def letter(self, name: str) -> Index | None:
        """The index a letter stands for here: bound ones hide declared ones."""
        return self.bound.get(name, self.letters.get(name))

    def binding(self, name: str, index: Index) -> Scope:
        """The scope under a sum over ``name``."""
        return replace(self, bound={**self.bound, name: index})

    def spaces(self) -> tuple[IndexSet, ...]:
        """Every declared index set, once."""
        return tuple(dict.fromkeys(self.sets.values()))

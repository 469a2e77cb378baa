"""Environment of a derivation: what its names are bound to, filled in by its declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from derivations.claim import Condition
from derivations.indices import IndexSet, Names
from derivations.language.tree import (
    Arbitrary,
    Argument,
    Comparison,
    Definition,
    IndexVariable,
    Target,
    Term,
    Variable,
    WordList,
)
from derivations.reader.syntax import Node


@dataclass(frozen=True)
class Named:
    """A number, vector or matrix, or a family: a term for every value of its subscripts."""

    letters: tuple[IndexVariable, ...]
    body: Term


@dataclass(frozen=True)
class Subset:
    """The members ``over`` of a set that meet the conditions, for each value of ``letters``."""

    letters: tuple[IndexVariable, ...]
    over: IndexVariable
    where: tuple[Comparison, ...]


@dataclass(frozen=True)
class Slot:
    """What an argument must be, and which parameter it is behind the implicit ones (None: none).

    ``declared`` is the argument where the function is named alone; None where one must be given.
    ``vector`` is the name of the family the argument must be a member of (``v`` in ``J(v_c)``);
    ``keyword`` what stands before its ``=`` in ``P(O = o)``; ``fixed`` the names, often one, that
    stand there as they were declared. ``again`` says that the letter below it is the one of a slot
    before: x_i in ``p(y_i | x_i)``.
    """

    parameter: int | None = None
    declared: Argument | None = None
    vector: str = ""
    keyword: str = ""
    fixed: tuple[str, ...] = ()
    again: bool = False


@dataclass(frozen=True)
class Function:
    """A named function with the slots of its arguments.

    ``implicit`` are the letters that its definition depends on beside them: its first parameters.
    """

    name: str
    slots: tuple[Slot, ...]
    meaning: Definition | Arbitrary
    implicit: tuple[IndexVariable, ...] = ()
    separators: tuple[str, ...] = ()  # those that are no commas, as in p(y = k | x; theta)

    @property
    def conditional(self) -> bool:
        """Whether its arguments are separated by a bar: P(O = o | C = c)."""
        return "|" in self.separators


@dataclass(frozen=True)
class Step:
    """One of the names that a recurrence defines at each member ``letter``: ``left = right``.

    A *state* is used one member before as well (one behind, where its ``direction`` is -1): it is a
    family of any numbers or arrays, given at ``first`` where that is a number, or one behind the
    size ``last``. What is made of states has no direction. ``scope`` is what was known where it
    was declared, with all names of the recurrence.
    """

    letter: IndexVariable
    left: Node
    right: Node
    scope: Scope
    direction: int = 0
    first: int | None = None
    last: str = ""
    state: Definition | None = None


@dataclass(frozen=True)
class Drawn:
    """The moments of what is drawn: of a vector ``spread`` is its covariance, or where there is an
    ``at`` the variance of the entry there, and these are independent of one another.

    ``bit`` says that it is 0 or 1, and ``normal`` what it says.
    """

    mean: Term
    spread: Term
    at: IndexVariable | None
    bit: bool = False
    normal: bool = False


@dataclass(frozen=True)
class Scope:
    """Every declared name, and the letters bound where something is read.

    ``symbols`` are the printed names that are taken, with what they stand for; ``layout`` is how
    derivatives by vectors are declared to be laid out, ``softmax`` the axis that it is taken along,
    empty where nothing says it. ``drawn`` are letters that nothing declares and a sum is taken
    over; ``hidden`` has, of probabilities that nothing declares, the variables with finitely many
    values. ``moved`` are the variables that differentials vary, ``moved_before`` those of what
    stands before; ``unsure_of_d`` says that d is a size and may be the sign of one. ``steps`` are
    the names that recurrences define; ``reached`` are the definitions that these have been written
    out to, each with how many members on it is, and in which direction. ``families`` have names
    that mean something else where nothing stands below them: ``L_t`` where ``L`` is their sum.
    ``random`` has the moments of what is declared to be drawn. ``in_blocks`` are matrices with the
    rows of their blocks. ``awaiting`` has names that were declared behind functions of them.
    """

    sets: Mapping[str, IndexSet] = field(default_factory=dict)
    letters: Mapping[str, IndexVariable] = field(default_factory=dict)
    things: Mapping[str, Named] = field(default_factory=dict)
    families: Mapping[str, Named] = field(default_factory=dict)
    in_blocks: Mapping[str, tuple[tuple[Term, ...], ...]] = field(default_factory=dict)
    lists: Mapping[str, tuple[WordList, ...]] = field(default_factory=dict)
    awaiting: Mapping[str, tuple[Node, Function]] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    subsets: Mapping[str, Subset] = field(default_factory=dict)
    stand_ins: Mapping[IndexSet, WordList] = field(default_factory=dict)
    bound: Mapping[str, IndexVariable] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    symbols: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    layout: str = ""
    softmax: str = ""
    steps: Mapping[str, Step] = field(default_factory=dict)
    reached: Mapping[Definition, tuple[int, int]] = field(default_factory=dict)
    drawn: frozenset[str] = frozenset()
    hidden: Mapping[str, tuple[tuple[str, IndexSet], ...]] = field(default_factory=dict)

    random: Mapping[Variable, Drawn] = field(default_factory=dict)
    moved: tuple[Target, ...] = ()
    unsure_of_d: bool = False
    moved_before: tuple[Target, ...] = ()

    def letter(self, name: str) -> IndexVariable | None:
        """The index a letter stands for here: bound ones hide declared ones."""
        return self.bound.get(name, self.letters.get(name))

    def binding(self, name: str, variable: IndexVariable) -> Scope:
        """The scope under a sum over ``name``."""
        return replace(self, bound={**self.bound, name: variable})

    def spaces(self) -> tuple[IndexSet, ...]:
        """Every declared index set, once."""
        return tuple(dict.fromkeys(self.sets.values()))

    @property
    def declared(self) -> tuple[Mapping[str, object], ...]:
        """Every sort of name that a single letter may be."""
        return (self.things, self.letters, self.functions, self.bound)

    @property
    def names(self) -> Names:
        """The declared letters, for the choice of printed names."""
        return Names(tuple((each.name, each.space) for each in self.letters.values()))

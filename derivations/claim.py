"""What is claimed, and what was found out about it. Data only."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from sympy import Expr, IndexedBase, Symbol

from derivations.definition import symbol_names
from derivations.language.index_form import Sides, sides
from derivations.language.names import Names
from derivations.language.tree import IllTyped, Misfit, Term, spelled

BOTH_SIDES = "left = right"  # the part that does not fit where each side has a shape by itself


@dataclass(frozen=True)
class Unequal:
    """The two words differ."""

    left: Expr
    right: Expr

    def __str__(self) -> str:
        return f"{self.left} ≠ {self.right}"


@dataclass(frozen=True)
class Equal:
    """The two words are the same."""

    left: Expr
    right: Expr

    def __str__(self) -> str:
        return f"{self.left} = {self.right}"


@dataclass(frozen=True)
class Distinct:
    """No word is drawn twice."""

    words: IndexedBase

    def __str__(self) -> str:
        return f"{self.words} distinct"


@dataclass(frozen=True)
class NotAmong:
    """The word is none of those drawn."""

    word: Expr
    words: IndexedBase

    def __str__(self) -> str:
        return f"{self.word} not among {self.words}"


@dataclass(frozen=True)
class Positive:
    """A number, or every entry of an array, is above zero."""

    of: Symbol | IndexedBase

    def __str__(self) -> str:
        return f"{self.of} > 0"


@dataclass(frozen=True)
class Symmetric:
    """A matrix is its transpose."""

    of: IndexedBase

    def __str__(self) -> str:
        return f"{self.of} symmetric"


Condition = Unequal | Equal | Distinct | NotAmong | Positive | Symmetric


@dataclass(frozen=True)
class Assumed:
    """What is given of the data, by name: what is above zero, which matrices are symmetric."""

    positive: frozenset[str] = frozenset()
    symmetric: frozenset[str] = frozenset()

    def coordinate(self, key: Hashable) -> Hashable:
        """The coordinate that a key names: an entry of a symmetric matrix has two."""
        match key:
            case (str() as name, (int(), int()) as places) if name in self.symmetric:
                return (name, tuple(sorted(places)))
        return key

    def keys(self, coordinate: Hashable) -> tuple[Hashable, ...]:
        """All keys that name a coordinate."""
        match coordinate:
            case (str() as name, (int() as row, int() as column)) if row != column:
                if name in self.symmetric:
                    return (coordinate, (name, (column, row)))
        return (coordinate,)

    def is_positive(self, key: Hashable) -> bool:
        """Whether a coordinate is above zero."""
        return isinstance(key, tuple) and key[0] in self.positive


NOTHING_ASSUMED = Assumed()


def data_assumed(conditions: Iterable[Condition]) -> Assumed:
    """What some conditions say of the numbers that are given."""
    said = [each for each in conditions if isinstance(each, Positive | Symmetric)]
    return Assumed(
        frozenset(each.of.name for each in said if isinstance(each, Positive)),
        frozenset(each.of.name for each in said if isinstance(each, Symmetric)),
    )


@dataclass(frozen=True)
class Claim:
    """An equality: ``left = right`` for all sizes and all words that meet ``conditions``.

    ``place`` says where the document prints it; ``title`` says in words what it is about.
    ``names`` are the letters that were declared there.
    """

    id: str
    part: str
    place: str
    title: str
    left: Term | Misfit
    right: Term | Misfit
    conditions: tuple[Condition, ...] = ()
    names: Names = field(default_factory=Names)

    @cached_property
    def terms(self) -> tuple[Term, Term]:
        """Both sides; raises IllTyped where one has no meaning, or their shapes differ."""
        if self.misfit is not None:
            raise IllTyped(self.misfit.left, self.misfit.right)
        assert isinstance(self.left, Term)
        assert isinstance(self.right, Term)
        return self.left, self.right

    @cached_property
    def misfit(self) -> Misfit | None:
        """What does not fit: in a side, or one side and the other."""
        for side in (self.left, self.right):
            if isinstance(side, Misfit):
                return side
        assert isinstance(self.left, Term)
        assert isinstance(self.right, Term)
        if self.left.shape == self.right.shape:
            return None
        return Misfit(BOTH_SIDES, spelled(self.left.shape), spelled(self.right.shape))

    @cached_property
    def sides(self) -> Sides:
        """Both sides in index notation at the same indices.

        Raises IllTyped where the claim has a `misfit`, OutsideFragment for what index notation
        does not say.
        """
        said = (vars(condition).values() for condition in self.conditions)
        taken = frozenset[str]().union(*(symbol_names(part) for parts in said for part in parts))
        return sides(*self.terms, self.names, taken)


class Verdict(Enum):
    """What a judgement can say; only PROVED passes."""

    PROVED = "proved"
    REFUTED = "refuted"
    ILL_TYPED = "ill-typed"
    UNDECIDED = "undecided"
    NOT_READ = "not read"  # of a line that the reader refused: there is no claim to judge


# a line or claim with one of these is shown to be false, or without meaning
FALLEN = (Verdict.REFUTED, Verdict.ILL_TYPED)


@dataclass(frozen=True)
class Witness:
    """A counterexample: sizes, words and values, and both sides as certified intervals.

    The intervals are decimal strings; they do not meet.
    """

    sizes: dict[str, int]
    words: dict[str, int]
    values: dict[str, str]
    left: tuple[str, str]
    right: tuple[str, str]


@dataclass(frozen=True)
class Proof:
    """One argument that was carried out: its name, its outcome and what it covered."""

    name: str
    holds: bool
    detail: str
    instances: int = 0


@dataclass(frozen=True)
class Judgement:
    """The verdict on one claim with its evidence.

    ``disagreement`` says that two arguments contradict each other: an error of this program, and
    the claim is undecided.
    """

    claim: Claim
    verdict: Verdict
    proofs: tuple[Proof, ...] = ()
    witness: Witness | None = None
    reason: str = ""
    seconds: float = 0.0
    disagreement: bool = False

    @property
    def instances(self) -> int:
        """How many small instances were decided exactly."""
        return sum(proof.instances for proof in self.proofs)

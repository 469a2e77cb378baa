"""A claim and its judgement: data only."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, partial

from sympy import Expr, IndexedBase

from derivations.indices import Names
from derivations.language.data_conditions import OfData
from derivations.language.index_form import Sides, sides
from derivations.language.index_nodes import symbol_names
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


Condition = Unequal | Equal | Distinct | NotAmong | OfData


@dataclass(frozen=True)
class Premise:
    """An equality that another one is claimed under; ``name`` says where it stands.

    ``of`` are the names of the variables that it is said to determine, none where it is assumed;
    ``assumed`` says that the words of the text do so.
    """

    name: str
    left: Term
    right: Term
    conditions: tuple[Condition, ...] = ()
    of: frozenset[str] = frozenset()
    assumed: bool = False


@dataclass(frozen=True)
class Consequence:
    """What a claim that is not true by itself may follow from.

    ``premises`` are equalities; ``solutions`` are claims that follow from them, each of a variable
    or its entries, in reading order. ``assumed`` are conditions that the text states, and
    ``assumed_at`` where. ``others`` are equalities that may restrict the same variables, if they
    are not true by themselves; ``open`` says that there are such which are not read.
    """

    premises: tuple[Premise, ...] = ()
    solutions: tuple[Claim, ...] = ()
    assumed: tuple[Condition, ...] = ()
    assumed_at: str = ""
    others: tuple[Claim, ...] = ()
    open: bool = False


@dataclass(frozen=True)
class Claim:
    """An equality: ``left = right`` for all sizes and all words that meet ``conditions``.

    ``place`` says where the document prints it; ``title`` says in words what it is about.
    ``names`` are the letters that were declared there. ``under`` is what it may follow from where
    it is not true by itself. ``determines`` names what it is a condition on: such a claim is none.
    """

    id: str
    part: str
    place: str
    title: str
    left: Term | Misfit
    right: Term | Misfit
    conditions: tuple[Condition, ...] = ()
    names: Names = field(default_factory=Names)
    under: Consequence | None = None
    determines: str = ""

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

    ``difference`` is the left side less the right one of what is refuted, simplified, where that
    is short. ``disagreement`` says that two arguments contradict each other: an error of this
    program, and the claim is undecided. ``shown`` says what was shown where that is not the claim
    by itself, and ``premises`` has the names of those that were needed.
    """

    claim: Claim
    verdict: Verdict
    proofs: tuple[Proof, ...] = ()
    witness: Witness | None = None
    reason: str = ""
    seconds: float = 0.0
    disagreement: bool = False
    difference: str = ""
    shown: str = ""
    premises: tuple[str, ...] = ()

    @property
    def instances(self) -> int:
        """How many small instances were decided exactly."""
        return sum(proof.instances for proof in self.proofs)


Evidence = partial[Judgement]  # a judgement but for its claim: plain data

"""What is claimed, and what was found out about it. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sympy import Expr, IndexedBase

from derivations.array import Array, Misfit


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


Condition = Unequal | Equal | Distinct | NotAmong


@dataclass(frozen=True)
class Claim:
    """An equality: ``left = right`` for all sizes and all words that meet ``conditions``.

    ``place`` says where the document prints it; ``title`` says in words what it is about.
    """

    id: str
    part: str
    place: str
    title: str
    left: Array | Misfit
    right: Array | Misfit
    conditions: tuple[Condition, ...] = ()


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

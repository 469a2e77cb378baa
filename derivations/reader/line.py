"""A printed equality with all that is said of it, read or not; and the equalities required.

An exercise has lines of the form ``require A = B``; an argument has lines that follow from others.
"""

from __future__ import annotations

from dataclasses import dataclass

from derivations.claim import Claim, Premise, Verdict
from derivations.language.data_conditions import OfData
from derivations.language.tree import Number, Term, Zeros
from derivations.reader.equation import Equality
from derivations.reader.source import Place, Unreadable

# How a line stands in an argument: what is said to follow from it, and what it follows from.


TEXT_SAYS = "what the text says at "


@dataclass(frozen=True)
class Stated:
    """What a formula of the text states: an equality, perhaps conditions on data, and where."""

    where: str
    premise: Premise
    conditions: tuple[OfData, ...] = ()


@dataclass(frozen=True)
class Supposal:
    """A formula of the text that may restrict things with these ``names``.

    ``stated`` is what it states, where that can be read; ``plainly``, that words say it is assumed;
    ``doubt``, what is to be said of it where it may be a condition and is not taken as one.
    """

    names: frozenset[str]
    doubt: Unreadable
    stated: Stated | None = None
    plainly: bool = True


@dataclass(frozen=True)
class Made:
    """A name that a display introduces, and where."""

    name: str
    place: Place


@dataclass(frozen=True)
class Standing:
    """How a line stands in an argument.

    ``chain`` and ``statement`` number the displays and equalities that it is one of. ``premise``
    says that something is said to follow from it, ``follows`` that it stands behind such a sign,
    ``to_be`` that its sign says that its sides are to be equal. ``solves`` is the variable that an
    undeclared name in front of it is taken for, if a condition determines that. ``supposed`` is
    what the text may assume where it stands. ``introduces`` is the name that the line is taken to
    define, also with the sign of a definition, and ``uses`` are those of other lines.
    """

    chain: int = 0
    statement: int = 0
    premise: bool = False
    follows: bool = False
    to_be: bool = False
    solves: Term | None = None
    supposed: tuple[Supposal, ...] = ()
    introduces: Made | None = None
    uses: frozenset[Made] = frozenset()


ALONE = Standing()


# Required equalities of an exercise: ``require A = B``, or ``require A = ...`` for any answer.


@dataclass(frozen=True)
class Again:
    """The id of a line that says once more what a name is, and where that was said first."""

    name: str
    first: Place
    line: str


@dataclass(frozen=True, kw_only=True)
class Printed:
    """One equality of a derivation file as it stands there.

    ``left`` and ``right`` are as printed. ``from_start`` equates the start of the chain with
    this right side; it is None for the first line of a chain, which does so itself, and where one
    of the two cannot be read. ``words`` is the paragraph right above its chain. ``doubt`` is what
    could not be read and may be a condition of this line: whoever finds it false cannot know that
    it is; ``doubt_from_start`` is the same for the chain so far. ``defines`` is the name that the
    line is taken to say what it is of. ``again`` are lines that say once more what a name of this
    line is; what that name means is open until they are proved. ``standing`` says what the line
    follows from, and what from it. ``instances`` are what it says at the first members of a
    recurrence: where one falls, the line does; where all of ``induction`` are proved, it is.
    ``sign`` is where its sign stands, if that can be told; ``place`` is that of its right side.
    """

    id: str
    part: str
    place: Place
    left: str
    right: str
    from_start: Claim | None = None
    ends_chain: bool = True
    expected: Verdict | None = None
    correction: Claim | None = None
    notes: tuple[str, ...] = ()
    words: str = ""
    doubt: Unreadable | None = None
    doubt_from_start: Unreadable | None = None
    defines: str = ""
    again: tuple[Again, ...] = ()
    standing: Standing = ALONE
    instances: tuple[Claim, ...] = ()
    induction: tuple[Claim, ...] = ()
    sign: Place | None = None

    @property
    def latex(self) -> str:
        """The equality as printed."""
        return " = ".join(filter(None, (self.left, self.right)))

    def read(self, equality: Equality, claim: Claim, notes: tuple[str, ...]) -> Line:
        """The same with what it was read as."""
        return Line(**{**vars(self), "notes": notes}, equality=equality, claim=claim)

    def not_read(self, problem: Unreadable) -> NotRead:
        """The same with why it could not be read."""
        return NotRead(**vars(self), problem=problem)


def is_zero_alone(term: object) -> bool:
    """Whether a side is zero, a number or an array."""
    return isinstance(term, Zeros) or (isinstance(term, Number) and term.value == 0)


@dataclass(frozen=True, kw_only=True)
class Line(Printed):
    """An equality that was read, as trees and as a claim."""

    equality: Equality
    claim: Claim

    @property
    def is_in_argument(self) -> bool:
        """Whether it may be a condition of others, or follow from some: the trigger of premises.

        So it may by words above it, by its sign, by what the text supposes, by a side that is zero.
        """
        standing = self.standing
        said = standing.premise or standing.to_be or standing.supposed or self.words
        sides = (each for claim in self.claims for each in (claim.left, claim.right))
        return bool(said) or standing.solves is not None or any(map(is_zero_alone, sides))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What is to be judged: the line, the chain up to it, its correction, its instances."""
        every = (self.claim, self.from_start, self.correction)
        return (*filter(None, every), *self.instances, *self.induction)


@dataclass(frozen=True, kw_only=True)
class NotRead(Printed):
    """An equality that could not be read, and why."""

    problem: Unreadable

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What is to be judged all the same: the chain up to it, and its correction."""
        return tuple(filter(None, (self.from_start, self.correction)))

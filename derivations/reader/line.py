"""A printed equality with all that is said of it, read or not."""

from __future__ import annotations

from dataclasses import dataclass

from derivations.claim import Claim, Verdict
from derivations.reader.declare.required import Required
from derivations.reader.elsewhere import Elsewhere
from derivations.reader.equality import Equality
from derivations.reader.inference.standing import ALONE, Standing
from derivations.reader.problem import Place, Unreadable


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
        return Line(
            id=self.id,
            part=self.part,
            place=self.place,
            left=self.left,
            right=self.right,
            from_start=self.from_start,
            doubt=self.doubt,
            doubt_from_start=self.doubt_from_start,
            defines=self.defines,
            again=self.again,
            standing=self.standing,
            instances=self.instances,
            induction=self.induction,
            sign=self.sign,
            notes=notes,
            equality=equality,
            claim=claim,
        )

    def not_read(self, problem: Unreadable) -> NotRead:
        """The same with why it could not be read."""
        return NotRead(
            id=self.id,
            part=self.part,
            place=self.place,
            left=self.left,
            right=self.right,
            from_start=self.from_start,
            doubt=self.doubt,
            doubt_from_start=self.doubt_from_start,
            defines=self.defines,
            again=self.again,
            standing=self.standing,
            sign=self.sign,
            problem=problem,
        )


@dataclass(frozen=True, kw_only=True)
class Line(Printed):
    """An equality that was read, as trees and as a claim."""

    equality: Equality
    claim: Claim

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


@dataclass(frozen=True)
class Derivation:
    """All equalities of a file in reading order, and whatever in it could not be read.

    ``problems`` are those of declarations, remarks and blocks; a line that is not read carries
    its own. ``elsewhere`` are the equalities that stand outside of displays, ``taken`` the names of
    the files taken in, ``required`` the equalities that are to be shown.
    """

    name: str
    entries: tuple[Line | NotRead, ...]
    problems: tuple[Unreadable, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    taken: frozenset[str] = frozenset()
    required: tuple[Required, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that are read."""
        return tuple(entry for entry in self.entries if isinstance(entry, Line))

    @property
    def unread(self) -> tuple[Unreadable, ...]:
        """Everything that could not be read, once each, as it stands in the file.

        What fails only because something before it failed is left out.
        """
        of_lines = [entry.problem for entry in self.entries if isinstance(entry, NotRead)]
        roots = [each for each in (*self.problems, *of_lines) if not each.follows]
        return tuple(sorted(dict.fromkeys(roots), key=lambda each: each.place))

"""What a line of a family apart is, alone or with a false twin."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derivations.proof.judge import judge
from derivations.reader.derivation import reading
from derivations.report.results import results_of
from derivations.report.subject import Subject

# Numbers with their derivatives, exactly: sums and products of pairs.


@dataclass(frozen=True)
class Pair:
    """A number, and how fast it changes."""

    value: Fraction
    slope: Fraction = Fraction(0)

    def __add__(self, other: Pair) -> Pair:
        return Pair(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Pair) -> Pair:
        slope = self.slope * other.value + self.value * other.slope
        return Pair(self.value * other.value, slope)


# A line under declarations, whether it is true, and what the checker says of it.


@dataclass(frozen=True)
class Case:
    """A line of one kind under declarations, and whether it is true."""

    kind: str
    given: str
    line: str
    true: bool

    @property
    def text(self) -> str:
        """The file that it stands in."""
        return f"```given\n{self.given.strip()}\n```\n$${self.line}$$\n"


def verdict(found: Case) -> str:
    """What the checker says of the line of a case, the last one of its file."""
    read = reading(found.text, "apart.md")
    subject = Subject((), (), read.entries)
    judged = results_of(subject, [judge(each) for each in subject.everything], 0.0).lines
    return "not read" if read.problems else judged[-1].verdict.value


def is_wrong(found: Case, said: str) -> bool:
    """Whether a verdict contradicts what is known of a line."""
    return said in (("refuted", "ill-typed") if found.true else ("proved",))

"""The lines that are put to every checker, and what a checker can say of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from derivations.claim import Claim
from derivations.reader.scope import Scope
from tests.mutation.mutants import Fate, Mutant, Outcome, TrueLine


class Truth(Enum):
    """What is known of a line: proved, refuted in numbers, or without a meaning."""

    TRUE = "true"
    FALSE = "false"
    ILL_TYPED = "ill-typed"


class Opinion(Enum):
    """What a checker says of a line."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SILENT = "cannot say"


@dataclass(frozen=True)
class Case:
    """One line; ``latex`` are its sides as they are printed."""

    name: str
    truth: Truth
    latex: tuple[str, str]
    scope: Scope
    claim: Claim


@dataclass(frozen=True)
class Checker:
    """A way to check a line. One that works in components is not asked about ill-typed lines."""

    name: str
    how: str
    says: Callable[[Case], Opinion]
    components: bool = False

    def asked(self, case: Case) -> bool:
        """Whether the line can be put to it at all."""
        return not (self.components and case.truth is Truth.ILL_TYPED)


_TRUTHS = {
    Fate.REFUTED: Truth.FALSE,
    Fate.ILL_TYPED: Truth.ILL_TYPED,
    Fate.EQUIVALENT: Truth.TRUE,
}


def cases(
    lines: tuple[TrueLine, ...], mutants: list[Mutant], outcomes: list[Outcome]
) -> Iterator[Case]:
    """The true lines and the mutants of which the truth is known."""
    for line in lines:
        mutant = Mutant(line.id, line.part, "", "", line.equality)
        yield Case(line.id, Truth.TRUE, mutant.latex, line.equality.scope, line.claim)
    for mutant, outcome in zip(mutants, outcomes, strict=True):
        truth = _TRUTHS.get(outcome.fate)
        if truth is not None:
            scope = mutant.equality.scope
            yield Case(mutant.text, truth, mutant.latex, scope, mutant.claim())

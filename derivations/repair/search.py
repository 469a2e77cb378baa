"""The search for repairs: edited lines in order, cheap tests first, the judge last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from derivations.claim import Claim, Verdict
from derivations.proof.judge import judge
from derivations.reader.array import Array
from derivations.reader.equality import Equality, claimed
from derivations.reader.line import Line
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Node
from derivations.reader.written import written
from derivations.repair.budget import Budget, Spent
from derivations.repair.candidates import Candidate, Stage, stages
from derivations.repair.hopeful import hopeful
from derivations.repair.sides import Sides
from derivations.repair.suggestion import Suggestion


@dataclass(frozen=True)
class Before:
    """The repaired right side of the line above, which this line goes on from."""

    line: str
    tree: Node


def suggestions(
    line: Line,
    budget: Budget | None = None,
    before: Before | None = None,
    progress: Callable[[Spent], None] = lambda spent: None,
) -> list[Suggestion]:
    """Lines near ``line`` that are proved, those with the fewest edits first.

    With ``before``, what the line above should have ended in stands on the left first; only if
    nothing is found so is the left side taken as it is printed.
    """
    spent = Spent(budget or Budget(), progress)
    if before is not None:
        equality = replace(line.equality, left=before.tree)
        found = _Search(line, equality, spent, before.line).found()
        if found:
            return found
    return _Search(line, line.equality, spent).found()


class _Search:
    """One search, from one left side."""

    def __init__(self, line: Line, equality: Equality, spent: Spent, before: str = "") -> None:
        self.line, self.equality, self.spent, self.before = line, equality, spent, before
        self.sides = Sides(equality)

    def found(self) -> list[Suggestion]:
        """What the first stage that finds anything finds."""
        for stage in stages(self.equality, left_is_right=bool(self.before)):
            found = self._stage(stage)
            if found or self.spent.over:
                return found
        return []

    def _stage(self, stage: Stage) -> list[Suggestion]:
        found: list[Suggestion] = []
        for candidate in stage():
            if self.spent.over or len(found) == self.spent.budget.found:
                break
            suggestion = self._tried(candidate)
            if suggestion is not None:
                found.append(suggestion)
        return found

    def _tried(self, candidate: Candidate) -> Suggestion | None:
        left, right = candidate.left.tree, candidate.right.tree
        if not self._fits(candidate):
            return None
        self.spent.reading()
        if not self.sides.may_be_equal(left, right):
            return None
        equality = candidate.of(self.equality)
        try:
            line = self.line
            claim = claimed(equality, f"{line.id} repaired", line.part, line.claim.place)
        except Unreadable:
            return None
        if self._is_trivial(candidate, claim):
            return None
        self.spent.judged += 1
        if not hopeful(claim) or judge(claim).verdict is not Verdict.PROVED:
            return None
        return Suggestion(equality, candidate.edits, claim, self.before)

    def _fits(self, candidate: Candidate) -> bool:
        """Whether both sides have a meaning; the side that is edited least is asked first."""
        left, right = candidate.left.tree, candidate.right.tree
        if self.sides.fits(left) is None:
            return False
        return self.sides.fits(right) is not None

    def _is_trivial(self, candidate: Candidate, claim: Claim) -> bool:
        """One thing on both sides, or an edited left side that has become zero."""
        left, right = candidate.left.tree, candidate.right.tree
        if written(left) == written(right) or not isinstance(claim.left, Array):
            return True
        if isinstance(claim.right, Array) and claim.left.entry == claim.right.entry:
            return True
        return bool(candidate.left.edits) and self.sides.vanishes(left, claim)

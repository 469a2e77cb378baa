"""Required equalities beside the lines of a solution: which are shown, by which proved steps.

What is required is shown where a chain of proved lines leads from its one side to the other. Sides
are told apart by their keys (`language/arrangement.py`), so that how terms are ordered and what
abbreviations are called does not matter; that the equality is true does not count. From a line that
holds only under something that the exercise does not say nothing follows. A derivative that proved
lines lead from to an answer may be put in where it stands in another line, as in a chain rule: the
lines say so for all values of what is in them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from derivations.claim import Condition, Judgement, Verdict
from derivations.language.arrangement import Key, Untaken, key, left_to_take
from derivations.language.data_conditions import OfData
from derivations.language.traversal import free_in, with_members
from derivations.language.tree import Derivative, Term
from derivations.reader.line import Line, NotRead, Required

Judged = tuple[Line | NotRead, Judgement | None]
TOO_DEEP = "it is nested too deep to be compared"
MOST_RENAMINGS = 30
UNSAID, ASSUMED = "holds under what the exercise does not say", "follows from what is assumed"


@dataclass(frozen=True)
class Shown:
    """A required equality: the ids of the lines that show it, or why it is not shown."""

    id: str
    required: Required
    by: tuple[str, ...] = ()
    reason: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether proved steps lead from the one side to the other."""
        return not self.reason

    @property
    def verdict(self) -> str:
        """``shown`` or ``not shown``."""
        return "shown" if self.is_shown else "not shown"

    @property
    def said(self) -> str:
        """The same with by what, or why not."""
        by = f" by {', '.join(self.by)}" if self.by else ""
        return f"{self.verdict}{by}" if self.is_shown else f"{self.verdict}: {self.reason}"


def named(number: int) -> str:
    """The id of a required equality."""
    return f"required.{number}"


def showing(required: Sequence[Required], lines: Sequence[Judged]) -> tuple[Shown, ...]:
    """What came of each required equality, in their order."""
    known: dict[tuple[Condition, ...], _Steps] = {}
    found: list[Shown] = []
    for number, each in enumerate(required, 1):
        name = named(number)
        try:
            if each.conditions not in known:
                known[each.conditions] = _Steps(lines, each.conditions)
            found.append(known[each.conditions].shown(name, each))
        except RecursionError:
            found.append(Shown(name, each, reason=TOO_DEEP))
    return tuple(found)


@dataclass(frozen=True)
class _Side:
    """One side of a line: the term, what is printed, and the derivatives that stand in it."""

    term: Term
    latex: str
    untaken: Sequence[Untaken]


@dataclass(frozen=True)
class _Step:
    """A line that was read, and why it does not count, if it does not."""

    id: str
    left: _Side
    right: _Side
    missing: str


Path = list[_Step]


def _steps(lines: Sequence[Judged], conditions: tuple[Condition, ...]) -> Iterator[_Step]:
    for line, judgement in lines:
        if not isinstance(line, Line) or line.claim.misfit is not None or judgement is None:
            continue
        missing = ""
        if judgement.verdict is not Verdict.PROVED:
            missing = f"is {judgement.verdict.value}"
        elif not set(line.claim.conditions) <= set(conditions):
            missing = UNSAID
        elif judgement.shown or judgement.premises:
            missing = ASSUMED
        left, right = (
            _Side(term, latex, left_to_take(term))
            for term, latex in zip(line.claim.terms, (line.left, line.right), strict=True)
        )
        yield _Step(line.id, left, right, missing)


class _Steps:
    """The lines of a solution as steps between terms, under some conditions.

    ``values`` are the derivatives that are known, by their keys, and ``paths`` the steps that lead
    to what each of them is.
    """

    def __init__(self, lines: Sequence[Judged], conditions: tuple[Condition, ...]) -> None:
        self.unread = [line.id for line, _ in lines if isinstance(line, NotRead)]
        self.steps = list(_steps(lines, conditions))
        self.proved = [each for each in self.steps if not each.missing]
        self.values: dict[Key, Key] = {}
        self.paths: dict[Key, Path] = {}
        self.keys: dict[int, Key] = {}  # of terms, by their identity
        self.kept: list[Term] = []
        while self._answer():
            pass

    def shown(self, name: str, required: Required) -> Shown:
        """Whether some proved steps show what is required."""
        variants = list(islice(self._renamed(required), MOST_RENAMINGS))
        for each in variants:
            path = self._path(self.proved, each)
            if path is not None:
                return Shown(name, required, by=tuple(dict.fromkeys(step.id for step in path)))
        begun = next((each for each in variants if self._is_begun(each)), required)
        return Shown(name, required, reason=self._why_not(begun))

    def _renamed(self, required: Required) -> Iterator[Required]:
        """What is required, and the same with other letters for its free indices.

        It is said for all of them, unless a condition tells them apart.
        """
        yield required
        terms = [each for each in (required.left, required.right) if each is not None]
        letters = list(free_in(*terms).indices)
        if not letters or any(not isinstance(each, OfData) for each in required.conditions):
            return
        there = {
            (each.space, each.name): each
            for step in self.steps
            for each in free_in(step.left.term, step.right.term).indices
        }
        choices = [[each for each in there.values() if each.space == old.space] for old in letters]
        for chosen in product(*choices):
            if len({each.name for each in chosen}) == len(chosen):
                members = dict(zip(letters, chosen, strict=True))
                left, *right = (with_members(term, members) for term in terms)
                new = replace(required, left=left, right=right[0] if right else None)
                self.kept += [left, *right]  # so that no other term has their identity
                yield new

    def _key(self, term: Term) -> Key:
        if id(term) not in self.keys:
            self.keys[id(term)] = key(term, self.values)
        return self.keys[id(term)]

    def _path(self, steps: Sequence[_Step], required: Required) -> Path | None:
        """The steps from one side of what is required to the other; None where there are none."""
        start = key(required.left)
        if required.right is None:
            if start in self.paths:
                return self.paths[start]
            return self._walk(steps, required.left, self._answers(steps, required.left))
        if start == key(required.right):
            return next(([each] for each in steps if _both(each, start)), None)
        before = self.paths.get(start, [])
        path = self._walk(steps, required.left, {self._key(required.right)})
        return None if path is None else [*before, *path]

    def _answers(self, steps: Sequence[_Step], term: Term) -> set[Key]:
        """What an answer to a term may be: another one in which no derivative is left open."""
        asked = {each.by for each in left_to_take(term)}
        sides = (side for each in steps for side in (each.left, each.right))
        found = {
            self._key(side.term)
            for side in sides
            if all(
                each.key in self.values or (each.of_unknown and each.by not in asked)
                for each in side.untaken
            )
        }
        return found - {self._key(term)}

    def _answer(self) -> bool:
        """Note derivatives that proved steps lead from to an answer; whether there are new ones."""
        new = False
        for side in (side for each in self.proved for side in (each.left, each.right)):
            name = key(side.term)
            if name[0] != Derivative.__name__ or name in self.values:
                continue
            path = self._walk(self.proved, side.term, self._answers(self.proved, side.term))
            if path is not None:
                value = self._reached(side.term, path)
                self.values |= {name: value, self._key(side.term): value}
                self.paths[name] = path
                new = True
        self.keys.clear()
        return new

    def _reached(self, term: Term, path: Path) -> Key:
        at = self._key(term)
        for each in path:
            left, right = self._key(each.left.term), self._key(each.right.term)
            at = right if at == left else left
        return at

    def _walk(self, steps: Sequence[_Step], start: Term, ends: Iterable[Key]) -> Path | None:
        """The shortest way along the steps to one of the ends."""
        wanted, begin = set(ends), self._key(start)
        ways: dict[Key, Path] = {begin: []}
        waiting = deque([begin])
        next_to: dict[Key, list[tuple[Key, _Step]]] = {}
        for each in steps:
            left, right = self._key(each.left.term), self._key(each.right.term)
            next_to.setdefault(left, []).append((right, each))
            next_to.setdefault(right, []).append((left, each))
        while waiting:
            at = waiting.popleft()
            if at in wanted:
                return ways[at]
            for other, step in next_to.get(at, ()):
                if other not in ways:
                    ways[other] = [*ways[at], step]
                    waiting.append(other)
        return None

    # Why something is not shown

    def _is_begun(self, required: Required) -> bool:
        """Whether the left side stands in a line."""
        start = key(required.left)
        sides = (side.term for each in self.steps for side in (each.left, each.right))
        return any(key(term) == start for term in sides)

    def _why_not(self, required: Required) -> str:
        also = f"; {', '.join(self.unread)} could not be read" if self.unread else ""
        through = self._path(self.steps, required)
        broken = next((each for each in through or () if each.missing), None)
        if broken is not None:
            return f"its chain breaks at {broken.id}, which {broken.missing}{also}"
        sides = [side for each in self.proved for side in (each.left, each.right)]
        start = self._key(required.left)
        ends = [
            side
            for side in sides
            if key(side.term) != key(required.left)
            and self._walk(self.proved, required.left, [self._key(side.term)]) is not None
        ]
        if ends:
            return f"its chain of proved steps ends with {ends[-1].latex}{also}"
        if any(self._key(side.term) == start for side in sides):
            return f"no proved step leads from {required.begins} to an answer{also}"
        return f"no proved line has {required.begins} on a side{also}"


def _both(step: _Step, wanted: Key) -> bool:
    return key(step.left.term) == wanted == key(step.right.term)

"""Cases: a file with one line of known truth.

A true line is made by exact rewritings of both sides of an equality, and evaluation has to agree
wherever it looks. A false one is made by a slip, or of two sides that have nothing to do with each
other, and evaluation has to show a difference. All else is dropped, and counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

from tests.lines.context import Context, Unfit, context_after
from tests.lines.family import Equality, Family
from tests.lines.markdown import written
from tests.lines.rewrite import rewritten
from tests.lines.slips import slipped
from tests.lines.spellings import Style
from tests.lines.tree import ZERO, Deriv, File, Line, Ranged, Term, children, scoped_lines, size_of
from tests.lines.truth import Truth, examine

TIMES = (0, 1, 1, 2, 3)
MOST_TERMS, MOST_BINDERS = 45, 5
UNDECLARED = 0.3  # of the false lines of a family whose equalities need what is declared
MOST_ATTEMPTS = 200


@dataclass(frozen=True)
class Case:
    """A file whose last item is a line, whether that is true, and how it was made."""

    seed: str
    family: str
    kind: str
    how: str
    true: bool
    file: File
    plain: bool = False

    def style(self) -> Style:
        """The spellings that its text is in."""
        return Style(None if self.plain else Random(f"{self.seed}/style"))

    def text(self) -> str:
        """The file as its writer would write it."""
        return written(self.file, self.style())

    @property
    def line(self) -> Line:
        """The line that it is about, the last one."""
        last = self.file[-1]
        assert isinstance(last, Line)
        return last


class NoCase(Exception):
    """No case was found in so many attempts."""


def make(family: Family, seed: str, *, true: bool) -> tuple[Case, Counter[str]]:
    """A case of a family, and why what was tried before it was dropped."""
    dropped: Counter[str] = Counter()
    for attempt in range(MOST_ATTEMPTS):
        here = f"{seed}/{family.name}/{attempt}"
        case = _tried(family, here, true, dropped)
        if case is not None:
            return case, dropped
    raise NoCase(f"{family.name}: {dict(dropped)}")


def _tried(family: Family, seed: str, true: bool, dropped: Counter[str]) -> Case | None:
    random = Random(seed)
    try:
        setting = family.setting(random)
        context = context_after(setting)
        equality = family.equality(random, context)
        needed = not true and family.undeclared and random.random() < UNDECLARED
        left, right, how = _sides(equality, family, context, random, true or bool(needed))
        if needed and family.undeclared:
            setting, how = family.undeclared(setting), f"undeclared, {how}"
    except Unfit:
        dropped["nothing of this kind"] += 1
        return None
    if left == right:
        dropped["both sides the same"] += 1
        return None
    if _too_large(left) or _too_large(right):
        dropped["too large"] += 1
        return None
    file: File = (*setting, Line(left, right, equality.conditions))
    found = examine(scoped_lines(file)[-1], seed).truth
    if found is (Truth.TRUE if true else Truth.FALSE):
        return Case(seed, family.name, equality.kind, how, true, file)
    made = "rewritten, but" if true else "made false, but"
    dropped[f"{made} {found.value}"] += 1
    return None


def _sides(
    equality: Equality, family: Family, context: Context, random: Random, true: bool
) -> tuple[Term, Term, str]:
    left, right = equality.left, equality.right
    left, first = rewritten(left, context, family.rules, random.choice(TIMES) // 2, random)
    right, second = rewritten(right, context, family.rules, random.choice(TIMES), random)
    if random.random() < 0.3:
        left, right = right, left
    if true:
        return left, right, ", ".join((*first, *second))
    way = random.random()
    if way < 0.1:
        return left, _unrelated(left, family, context, random), "a random pair"
    if way < 0.14:
        return left, ZERO, "nought"
    slip = slipped(right, context, random, family.slips if random.random() < 0.5 else ())
    if slip is None:
        raise Unfit
    return (left, slip[0], slip[1]) if random.random() < 0.7 else (slip[0], left, slip[1])


def _unrelated(left: Term, family: Family, context: Context, random: Random) -> Term:
    shape = context.shape(left)
    for _ in range(10):
        other = family.equality(random, context).right
        if context.shape(other) == shape:
            return other
    raise Unfit


def _too_large(term: Term) -> bool:
    return size_of(term) > MOST_TERMS or _binders(term) > MOST_BINDERS


def _binders(term: Term) -> int:
    inside = max(map(_binders, children(term)), default=0)
    return inside + isinstance(term, Ranged | Deriv)

"""The edited lines, in the order they are tried.

One edit on the right, then one on the left; then one kind of edit in two places on the right, an
edit on each side, and any two on the right. What people get wrong once they often get wrong twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from derivations.edits import OPERATORS, Operator, Surroundings, variants
from derivations.language.tree import Number, Reference, Term, Times

RIGHT, LEFT = "on the right", "on the left"


@dataclass(frozen=True)
class Variant:
    """A side after some edits, and these in words."""

    term: Term
    edits: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class Candidate:
    """A line after some edits, its sides told apart so that either is evaluated only once."""

    left: Variant
    right: Variant

    @property
    def edits(self) -> tuple[str, ...]:
        """All edits in words."""
        return (*self.left.edits, *self.right.edits)


Stage = Callable[[], Iterator[Candidate]]


def stages(around: Surroundings, *, left_is_right: bool) -> Iterator[Stage]:
    """One stage after the other; the left side stays as it is where it is known to be right."""
    printed = tuple(map(Variant, around.sides))
    if left_is_right:
        yield lambda: iter([Candidate(*printed)])
    right = [*_edited(printed[1], around, RIGHT), *_doubled(printed[1], around)]
    yield lambda: (Candidate(printed[0], each) for each in right)
    left = [] if left_is_right else list(_edited(printed[0], around, LEFT))
    yield lambda: (Candidate(each, printed[1]) for each in left)
    yield lambda: (Candidate(printed[0], each) for each in _twice(right, around, alike=True))
    yield lambda: (Candidate(one, other) for one in left for other in right)
    yield lambda: (Candidate(printed[0], each) for each in _twice(right, around, alike=False))


def _edited(
    before: Variant, around: Surroundings, where: str, operators: Iterable[Operator] = OPERATORS
) -> Iterator[Variant]:
    for edit in variants(before.term, around, operators):
        yield Variant(edit.term, (*before.edits, f"{edit.words}, {where}"), edit.kind)


def _doubled(whole: Variant, around: Surroundings) -> Iterator[Variant]:
    """Twice a side that is nothing but a name: what is left of a square that was differentiated."""
    if isinstance(whole.term, Reference):
        twice = Times(Number(Fraction(2)), whole.term)
        yield Variant(twice, (f"2 times {around.latex(whole.term)}, {RIGHT}",), "doubled")


def _twice(once: list[Variant], around: Surroundings, *, alike: bool) -> Iterator[Variant]:
    """The right side after two edits, of one kind or of two; kinds with few variants first."""
    seen = {variant.term for variant in once}
    counts = Counter(variant.kind for variant in once)
    for variant in sorted(once, key=lambda variant: counts[variant.kind]):
        operators = [each for each in OPERATORS if alike == (each.kind == variant.kind)]
        for twice in _edited(variant, around, RIGHT, operators):
            if twice.term not in seen:
                seen.add(twice.term)
                yield twice

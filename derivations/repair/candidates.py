"""The edited lines, in the order they are tried.

One edit on the right, then one on the left; then one kind of edit in two places on the right, an
edit on each side, and any two on the right. What people get wrong once they often get wrong twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from derivations.edits import OPERATORS, Operator, Setting, variants
from derivations.edits.variants import setting_of
from derivations.reader.equality import Equality
from derivations.reader.syntax import Node

RIGHT, LEFT = "on the right", "on the left"


@dataclass(frozen=True)
class Variant:
    """A side after some edits, and these in words."""

    tree: Node
    edits: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class Candidate:
    """A line after some edits, its sides told apart so that either is read only once."""

    left: Variant
    right: Variant

    @property
    def edits(self) -> tuple[str, ...]:
        """All edits in words."""
        return (*self.left.edits, *self.right.edits)

    def of(self, equality: Equality) -> Equality:
        """The edited line in the place of another one."""
        return replace(equality, left=self.left.tree, right=self.right.tree)


Stage = Callable[[], Iterator[Candidate]]


def stages(equality: Equality, *, left_is_right: bool) -> Iterator[Stage]:
    """One stage after the other; the left side stays as it is where it is known to be right."""
    setting = setting_of(equality)
    printed = (Variant(equality.left), Variant(equality.right))
    if left_is_right:
        yield lambda: iter([Candidate(*printed)])
    right = list(_edited(printed[1], setting, RIGHT))
    yield lambda: (Candidate(printed[0], each) for each in right)
    left = [] if left_is_right else list(_edited(printed[0], setting, LEFT))
    yield lambda: (Candidate(each, printed[1]) for each in left)
    yield lambda: (Candidate(printed[0], each) for each in _twice(right, setting, alike=True))
    yield lambda: (Candidate(one, other) for one in left for other in right)
    yield lambda: (Candidate(printed[0], each) for each in _twice(right, setting, alike=False))


def _edited(
    before: Variant, setting: Setting, where: str, operators: Iterable[Operator] = OPERATORS
) -> Iterator[Variant]:
    for edit in variants(before.tree, setting, operators):
        yield Variant(edit.tree, (*before.edits, f"{edit.words}, {where}"), edit.kind)


def _twice(once: list[Variant], setting: Setting, *, alike: bool) -> Iterator[Variant]:
    """The right side after two edits, of one kind or of two; kinds with few variants first."""
    seen = {variant.tree for variant in once}
    counts = Counter(variant.kind for variant in once)
    for variant in sorted(once, key=lambda variant: counts[variant.kind]):
        operators = [each for each in OPERATORS if alike == (each.kind == variant.kind)]
        for twice in _edited(variant, setting, RIGHT, operators):
            if twice.tree not in seen:
                seen.add(twice.tree)
                yield twice

"""Names that another part of a text has introduced, where a later one uses them.

What part (a) says that p is, part (b) mostly means by p; but it may as well start anew. So a line
that depends on it can be proved, with a note, and not refuted. Where two parts say different things
of a name, none is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from derivations.reader.declare.block import Known
from derivations.reader.declare.introduction import (
    Introduced,
    is_known,
    names_in,
    says_anew,
)
from derivations.reader.elaborate import IllFormed
from derivations.reader.problem import Question, Unreadable
from derivations.reader.syntax import Node, Product
from derivations.reader.written import written

PROBABILITIES = ("p", "P", "q")
MOST = 12  # that one statement leads to


@dataclass(frozen=True)
class Elsewhere:
    """A name that a part has introduced; ``one`` is None where parts say different things of it."""

    part: str
    one: Introduced | None

    @property
    def name_of_probability(self) -> bool:
        """Whether other variables may have it as well: p(x) beside p(y)."""
        return self.one is not None and self.one.name[:1] in PROBABILITIES

    @property
    def key(self) -> tuple[str, ...]:
        """All that it says, as text."""
        if self.one is None:
            return (self.part,)
        says = written(self.one.says) if self.one.says is not None else ""
        return (self.part, written(self.one.head), says, str(self.one.place))


def with_introduced(
    made: Iterable[Introduced], part: str, before: Mapping[str, Elsewhere]
) -> dict[str, Elsewhere]:
    """What parts have introduced so far, with what this one has."""
    found = dict(before)
    for one in made:
        known = found.get(one.name)
        other = known is not None and known.part != part and not _says_same(known.one, one)
        found[one.name] = Elsewhere(part, None if other or one.beside else one)
    return found


def _says_same(one: Introduced | None, other: Introduced) -> bool:
    if one is None or one.says is None or other.says is None:
        return False
    return (written(one.head), written(one.says)) == (written(other.head), written(other.says))


def with_other_parts(
    trees: Iterable[Node | None],
    part: str,
    elsewhere: Mapping[str, Elsewhere],
    known: Known,
) -> Known:
    """What is known with the names of a statement that other parts have introduced.

    ``trees`` are its sides.
    """
    left, *others = trees
    used = {name for tree in (left, *others) if tree is not None for name in names_in(tree)}
    for name in sorted(used & elsewhere.keys()):
        anew = left is not None and says_anew(left, name, known.scope)
        found = elsewhere[name]
        if anew or found.part == part or not _is_meant(found, (left, *others)):
            continue
        known = _with_one(name, part, elsewhere, known, MOST)
    return known


def _is_meant(found: Elsewhere, trees: Iterable[Node | None]) -> bool:
    """Whether a probability is taken of the same variables, in the same signs."""
    if found.one is None or not isinstance(found.one.head, Product):
        return found.one is not None
    if found.name_of_probability:
        head = "".join(written(found.one.head).split())
        return any(head in "".join(written(tree).split()) for tree in trees if tree is not None)
    return True


def _with_one(
    name: str, part: str, elsewhere: Mapping[str, Elsewhere], known: Known, left: int
) -> Known:
    found = elsewhere[name]
    one = found.one
    if one is None or one.says is None or left <= 0 or is_known(name, known.scope):
        return known
    for other in sorted({*names_in(one.says)} & elsewhere.keys() - {name}):
        if elsewhere[other].part != part:
            known = _with_one(other, part, elsewhere, known, left - 1)
    try:
        made = known.saying(one.head, one.says)
    except (IllFormed, Unreadable):
        return known
    if made is None:
        return known
    again, scope = made
    what = f"is {name} here what part {found.part} says?"
    asked = Question(one.place, name, what, "say it again, or declare it above the first heading")
    introductions = known.introductions.with_one(replace(again, asked=asked, part=found.part))
    return replace(known, scope=scope, introductions=introductions)

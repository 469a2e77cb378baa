"""Whether an emitted theorem says what the claim says, at points near each other.

At every point the hypotheses hold exactly where the claim says something, and there both sides
of the text are the numbers that the claim's own sides are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flint import arb, ctx

from derivations.certify.letters import Letters
from tests.certify import functions
from tests.certify.claimed.admissible import is_admissible
from tests.certify.claimed.draw import admissible, near
from tests.certify.claimed.letters import Subject
from tests.certify.claimed.point import Point
from tests.certify.claimed.values import NoNumber, values
from tests.certify.interpreter import theorem
from tests.certify.interpreter.syntax import Relation
from tests.certify.interpreter.values import NoDerivative, NoValue, rational

BITS, NARROW = 256, arb(2) ** -100


class Apart(AssertionError):
    """The text says something else than the claim."""


def compare(subject: Subject, text: str, letters: Letters, seeds: Iterable[int]) -> int:
    """How many points had values; raises Apart with the point, UnknownSyntax and IllTyped."""
    read = theorem.read(text)
    _same_letters(subject, letters, read)
    _not_empty(subject, read)
    compared = 0
    for seed in seeds:
        point = admissible(subject, seed)
        for other in (point, *near(subject, point)):
            said, meant = read.admits(_named(letters, other)), is_admissible(subject, other)
            if said != meant:
                raise Apart(f"{subject.claim.id}: hypotheses {said}, conditions {meant}: {other}")
        compared += _same_values(subject, read, letters, point)
    if not compared:
        raise Apart(f"{subject.claim.id}: no point at which it has values")
    return compared


@ctx.workprec(BITS)
def _same_values(subject: Subject, read: theorem.Theorem, letters: Letters, point: Point) -> bool:
    env = _named(letters, point)
    try:
        meant = values(subject, point)
    except NoNumber:
        meant = None
    try:
        sides = read.sides(env)
        if not read.exists(env):
            raise Apart(f"{subject.claim.id}: a slope is said to exist and does not: {point}")
        said = sides.left, sides.right
    except (NoValue, NoDerivative):
        said = None
    if (said is None) != (meant is None):
        raise Apart(f"{subject.claim.id}: {said} and {meant}: {point}")
    if said is None or meant is None:
        return False
    for side, text, claim in zip(("left", "right"), said, meant, strict=True):
        if not (_is_narrow(text) and _is_narrow(claim)):
            raise Apart(f"{subject.claim.id}: too wide to compare: {text}, {claim}: {point}")
        if not text.overlaps(claim):
            raise Apart(f"{subject.claim.id}: {side} {text} in Coq, {claim} in SymPy: {point}")
    return True


def _is_narrow(ball: arb) -> bool:
    return bool(ball.is_finite() and ball.rad() < NARROW * (1 + abs(ball)))


def _not_empty(subject: Subject, read: theorem.Theorem) -> None:
    """Where a claim is true, its sides have the same values: one of them twice would pass."""
    left, right = subject.sides
    if isinstance(read.says, Relation) and len(set(read.says.parts)) == 1 and left != right:
        raise Apart(f"{subject.claim.id}: both sides are {read.says.parts[0]}")


def _same_letters(subject: Subject, letters: Letters, read: theorem.Theorem) -> None:
    """Every letter of the claim is a letter of the text, under a name of its own."""
    known: dict[object, str] = {
        **letters.sizes,
        **letters.indices,
        **letters.scalars,
        **letters.families,
        **letters.lists,
        **letters.functions,
    }
    meant = {*subject.free, *subject.families, *subject.functions}
    if meant != set(known) or sorted(known.values()) != sorted(read.letters):
        raise Apart(f"{subject.claim.id}: {meant} named {known}, declared {[*read.letters]}")


def _named(letters: Letters, point: Point) -> dict[str, Any]:
    """The values of all letters by their names in the text."""
    found: dict[str, Any] = {name: point.sizes[size] for size, name in letters.sizes.items()}
    found |= {name: point.indices[index] for index, name in letters.indices.items()}
    for scalar, name in letters.scalars.items():
        found[name] = rational(point.number(scalar.name, ()))
    for (base, arity), name in letters.families.items():
        found[name] = functions.family(point, base.name, arity)
    for (base, arity), name in letters.lists.items():
        found[name] = functions.words(point, base.name, arity)
    for kind, name in letters.functions.items():
        depths = tuple(2 if picked is None else 1 for picked in kind.rows.values())
        arity = next(iter(kind.nargs))
        found[name] = functions.arbitrary(point, kind.__name__, arity, depths)
    return found


def same_said(holds: str, falls: str) -> None:
    """That two texts are about one claim, one saying that it is true, the other that it is not."""
    one, other = theorem.read(holds), theorem.read(falls)
    if one.falls or not other.falls:
        raise Apart("which of them says that it is true")
    said = [(t.letters, t.hypotheses, t.says, t.definitions) for t in (one, other)]
    if said[0] != said[1]:
        raise Apart(f"{said[0]}\nand\n{said[1]}")

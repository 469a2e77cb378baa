"""Whether an emitted theorem says what the claim says, at points near each other.

At every point the hypotheses hold exactly where the claim says something, and there both sides
of the text are the numbers that the claim's own sides are.
"""

from __future__ import annotations

from typing import Any

from flint import arb, ctx

from derivations.certify.declarations import Letters
from derivations.claim import Claim
from tests.certify import functions
from tests.certify.claimed.cases import BITS, Case, cases
from tests.certify.claimed.letters import Subject
from tests.certify.claimed.point import Point
from tests.certify.interpreter import theorem
from tests.certify.interpreter.syntax import Relation
from tests.certify.interpreter.values import NoDerivative, NoValue, rational

NARROW = arb(2) ** -100


class Apart(AssertionError):
    """The text says something else than the claim."""


def compare(claim: Claim, text: str, letters: Letters, count: int = 5) -> int:
    """How many points had values; raises Apart with the point, UnknownSyntax and IllTyped."""
    read = theorem.read(text)
    subject, known = cases(claim, count)
    _same_letters(subject, letters, read)
    _not_empty(subject, read)
    compared = 0
    for case in known:
        for point, meant in ((case.point, True), *case.near):
            if read.admits(_named(letters, point)) != meant:
                said = "holds, by the text it does not" if meant else "fails, by the text it holds"
                raise Apart(f"{claim.id}: what is assumed {said}: {point}")
        compared += _same_values(claim, read, letters, case)
    if not compared:
        raise Apart(f"{claim.id}: no point at which it has values")
    return compared


@ctx.workprec(BITS)
def _same_values(claim: Claim, read: theorem.Theorem, letters: Letters, case: Case) -> bool:
    """Whether both sides have values, which are the same; raises Apart where they are not."""
    env, at = _named(letters, case.point), f"{claim.id} at {case.point}"
    try:
        sides = read.sides(env)
        if not read.exists(env):
            raise Apart(f"a slope is said to exist and does not: {at}")
        said = sides.left, sides.right
    except (NoValue, NoDerivative):
        said = None
    if said is None or case.sides is None:
        if said is not case.sides:
            raise Apart(f"{said} in Coq, {case.sides} in SymPy: {at}")
        return False
    for side, text, meant in zip(("left", "right"), said, case.sides, strict=True):
        if not (_is_narrow(text) and _is_narrow(meant)):
            raise Apart(f"too wide to compare: {text}, {meant}: {at}")
        if not text.overlaps(meant):
            raise Apart(f"{side} {text} in Coq, {meant} in SymPy: {at}")
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
    said = [(t.letters, t.hypotheses, t.says, t.existing, t.definitions) for t in (one, other)]
    if said[0] != said[1]:
        different = next(pair for pair in zip(*said, strict=True) if pair[0] != pair[1])
        raise Apart("said in one and in the other: {}\nand\n{}".format(*different))

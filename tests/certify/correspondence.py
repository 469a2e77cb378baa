"""An emitted theorem and its claim have the same values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from flint import arb, ctx

from derivations.certify.certificate import Certificate, certificate
from derivations.certify.certify_command import all_subjects
from derivations.certify.theorem import statement
from derivations.certify.writer import Letters, NotCovered
from derivations.claim import Claim, Judgement, Verdict, Witness
from derivations.word2vec.claims import CLAIMS
from tests.certify import theorem_values
from tests.certify.claimed import BITS, Case, Point, Subject, cases
from tests.certify.theorem_syntax import Relation
from tests.certify.theorem_values import LIBRARY, NoDerivative, NoValue, Real, rational
from tests.false_claims import SLIPS

# Certificates for the tests: of true claims, and of false ones that are passed off as true.


BY_ID = {claim.id: claim for claim in (*CLAIMS, *SLIPS)}
AT_ZERO = Witness({}, {}, {"z": "0"}, ("0", "0"), ("1", "1"))


def as_proved(claim: Claim | str) -> Certificate:
    """The theorem that a claim holds, whether it does or not."""
    known = BY_ID[claim] if isinstance(claim, str) else claim
    return certificate("word2vec", Judgement(known, Verdict.PROVED))


def as_refuted(claim: str, witness: Witness = AT_ZERO) -> Certificate:
    """The theorem that a claim fails at a witness, whether it does or not."""
    return certificate("word2vec", Judgement(BY_ID[claim], Verdict.REFUTED, witness=witness))


# Letters of a theorem as functions of Coq: one argument at a time.
#
# An arbitrary function of rows r is the product over its rows of 1 + Σ c x + c x², with x the
# entries of the row and c numbers that depend on all that is around. With a kink in a row it has
# Σ c |x| there, and no derivative at zero.


ROWS = range(1, 4)


def curried(function: Callable[..., Any], arity: int, *given: Any) -> Any:
    """A function of some arguments as one that takes them one by one."""
    if arity == 0:
        return function(*given)
    return lambda argument: curried(function, arity - 1, *given, argument)


def family(point: Point, name: str, arity: int) -> Any:
    """Numbers at places."""
    return curried(lambda *places: theorem_values.rational(point.number(name, places)), arity)


def words(point: Point, name: str, arity: int) -> Any:
    """A list of words."""
    return curried(lambda *places: point.word(name, places), arity)


def arbitrary(point: Point, name: str, arity: int, depths: tuple[int, ...]) -> Any:
    """A function of ``arity`` indices and of a vector or matrix for each of ``depths``."""

    def value(*arguments: Any) -> Real:
        indices, rows = arguments[:arity], arguments[arity:]
        result: Real = theorem_values.ONE
        for number, (depth, row) in enumerate(zip(depths, rows, strict=True)):
            total: Real = theorem_values.ONE
            for place in product(ROWS, repeat=depth):
                x = row
                for each in place:
                    x = x(each)
                factor = theorem_values.rational(point.number(name, (number, *indices, *place)))
                square = theorem_values.add(x, theorem_values.multiply(x, x))
                bent = _absolute(x) if point.kink == number else square
                total = theorem_values.add(total, theorem_values.multiply(factor, bent))
            result = theorem_values.multiply(result, total)
        return result

    return curried(value, arity + len(depths))


_absolute = LIBRARY["Rabs"][2]


# The emitted modules of a claim: all that the tests of this folder ask of the translator.


NOWHERE = Witness({}, {}, {}, ("0", "0"), ("0", "0"))


@dataclass(frozen=True)
class Emitted:
    """``holds`` says that the claim is true, ``falls`` that it is false, whatever it is.

    ``falls`` is None where the translator has no such text. ``letters`` are the names in both.
    """

    holds: str
    falls: str | None
    letters: Letters


def emitted(claim: Claim) -> Emitted:
    """The texts of one claim; raises NotCovered."""
    holds = certificate("", Judgement(claim, Verdict.PROVED)).text
    letters, falls = statement(claim).letters, None
    if not letters.functions:  # the translator has no counterexamples with arbitrary functions
        falls = certificate("", Judgement(claim, Verdict.REFUTED, witness=NOWHERE)).text
    return Emitted(holds, falls, letters)


@cache
def covered() -> dict[str, Claim]:
    """Every well-typed claim, false claim and line that has a text, by subject and id."""
    return {key: claim for key, claim in _well_typed().items() if not reason_against(claim)}


@cache
def not_reached() -> dict[str, str]:
    """Those that have none, with the reason."""
    reasons = {key: reason_against(claim) for key, claim in _well_typed().items()}
    return {key: reason for key, reason in reasons.items() if reason}


@cache
def _well_typed() -> dict[str, Claim]:
    return {
        f"{name}/{claim.id}": claim
        for name, subject in all_subjects().items()
        for claim in subject.everything
        if claim.misfit is None
    }


def reason_against(claim: Claim) -> str:
    """Why a claim has no text; empty where it has one."""
    try:
        emitted(claim)
    except NotCovered as reason:
        return str(reason)
    return ""


# Whether an emitted theorem says what the claim says, at points near each other.
#
# At every point the hypotheses hold exactly where the claim says something, and there both sides
# of the text are the numbers that the claim's own sides are.


NARROW = arb(2) ** -100


class Apart(AssertionError):
    """The text says something else than the claim."""


def compare(claim: Claim, text: str, letters: Letters, count: int = 5) -> int:
    """How many points had values; raises Apart with the point, UnknownSyntax and IllTyped."""
    read = theorem_values.read(text)
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
def _same_values(claim: Claim, read: theorem_values.Theorem, letters: Letters, case: Case) -> bool:
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


def _not_empty(subject: Subject, read: theorem_values.Theorem) -> None:
    """Where a claim is true, its sides have the same values: one of them twice would pass."""
    left, right = subject.sides
    if isinstance(read.says, Relation) and len(set(read.says.parts)) == 1 and left != right:
        raise Apart(f"{subject.claim.id}: both sides are {read.says.parts[0]}")


def _same_letters(subject: Subject, letters: Letters, read: theorem_values.Theorem) -> None:
    """Every letter of the claim is a letter of the text, under a name of its own."""
    known: dict[object, str] = {}
    every: tuple[Mapping[Any, str], ...] = (
        letters.sizes,
        letters.indices,
        letters.scalars,
        letters.families,
        letters.lists,
        letters.functions,
    )
    for named in every:
        known.update(named)
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
        found[name] = family(point, base.name, arity)
    for (base, arity), name in letters.lists.items():
        found[name] = words(point, base.name, arity)
    for kind, name in letters.functions.items():
        depths = tuple(2 if picked is None else 1 for picked in kind.rows.values())
        arity = next(iter(kind.nargs))
        found[name] = arbitrary(point, kind.__name__, arity, depths)
    return found


def same_said(holds: str, falls: str) -> None:
    """That two texts are about one claim, one saying that it is true, the other that it is not."""
    one, other = theorem_values.read(holds), theorem_values.read(falls)
    if one.falls or not other.falls:
        raise Apart("which of them says that it is true")
    said = [(t.letters, t.hypotheses, t.says, t.existing, t.definitions) for t in (one, other)]
    if said[0] != said[1]:
        different = next(pair for pair in zip(*said, strict=True) if pair[0] != pair[1])
        raise Apart("said in one and in the other: {}\nand\n{}".format(*different))

"""Errors in units of u B, what they look like, and what tells wrong inputs from right ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.implementation.check_report import Kind
from derivations.implementation.exact import Right

# One result against what is right: the error of every entry in units of u B.


@dataclass(frozen=True, eq=False)
class Compared:
    """``errors`` in u B, what underflow may cost taken off; infinite where it is not finite.

    ``small`` are the errors in units of u times the sums as they are typed: a few where digits
    were lost by cancellation and nothing else is wrong.
    """

    got: NDArray[Any]
    want: NDArray[np.float64]
    errors: NDArray[np.float64]
    small: NDArray[np.float64]
    reach: float = 0.0  # the largest score, where it is known

    @property
    def worst(self) -> float:
        return float(self.errors.max(initial=0))

    def where(self) -> tuple[int, ...]:
        """The entry of the largest error, the first of them."""
        at = np.unravel_index(int(self.errors.argmax()), self.errors.shape)
        return tuple(int(n) for n in at)


def compared(got: NDArray[Any], right: Right, u: float, limit: float) -> Compared:
    """The errors of an array of the right shape.

    A value is known as the sum of two floats: the error is theirs to 2^-50 of itself. Where it is
    zero and nothing is rounded, what is u^2 of the other entries is no error.
    """
    known, rest = right.apart
    numbers = got.astype(np.float64)
    with np.errstate(all="ignore"):
        error = abs((numbers - known) - rest)
        unit = u * right.scales + right.floors / limit
        top = float(np.max(right.scales, initial=0.0, where=np.isfinite(right.scales)))
        unit = np.where((known == 0) & (rest == 0), np.maximum(unit, u * u * top), unit)
        inside = (error < right.floors) | (error == 0)
        errors = np.where(inside, 0.0, np.where(unit > 0, error / unit, np.inf))
        small = np.where(inside, 0.0, error / (u * right.naives))
    bad = ~np.isfinite(numbers)
    errors = np.where(bad | np.isnan(errors), np.inf, errors)
    small = np.where(bad | np.isnan(small), np.inf, small)
    return Compared(got, known, errors, small, right.reach)


# What a wrong result looks like at one input: every mistake that would explain its numbers.


CLOSE = 1e-4  # of two numbers that are the same but for rounding, also in float32
LOST = 64  # roundings of the sums as typed that cancellation may cost
Look = tuple[Kind, str]


def overflown(found: Compared) -> Kind | None:
    """What stands where a finite number should; None where all are finite."""
    got = found.got.astype(np.float64)
    if np.isfinite(got).all():
        return None
    return Kind.NAN if np.isnan(got).any() else Kind.INFINITE


def lost(found: Compared, limit: float) -> str:
    """Whether the error is one of rounding what then cancels; empty where it is more."""
    wrong = found.errors > limit
    if found.small[wrong].max() > LOST:
        return ""
    return "digits lost in a difference" if found.got[wrong].any() else "every digit lost: 0"


def looks(found: Compared, sizes: Mapping[str, int], limit: float) -> Iterator[Look]:
    """Kinds of mistake, each with a few words; finite numbers are presumed."""
    got, want = found.got.astype(np.float64), found.want
    wrong = found.errors > limit
    if got.ndim == 2 and got.shape[0] == got.shape[1] > 1 and _same(got, want.T):
        yield Kind.TRANSPOSED, "the transpose is right"
    if not got[wrong].any():
        yield Kind.ZERO, "zero where it should not be"
    elif _same(got[wrong], -want[wrong]):
        whole = bool(wrong[want != 0].all())
        yield Kind.SIGN, "the negative is right" if whole else "some entries have the wrong sign"
    if _digits(got[wrong], want[wrong]):
        yield Kind.PRECISION, "only some of the digits are right"
    yield from _clipped(np.abs(got[wrong]), np.abs(want[wrong]))
    yield from _factor(got, want, sizes)


def _same(left: NDArray[Any], right: NDArray[Any]) -> bool:
    top = float(np.abs(right).max())
    return bool((np.abs(left - right) <= CLOSE * (np.abs(right) + top)).all())


def _digits(got: NDArray[Any], want: NDArray[Any]) -> bool:
    return bool((np.abs(got - want) <= CLOSE * np.abs(want)).all())


def _clipped(got: NDArray[Any], want: NDArray[Any]) -> Iterator[Look]:
    if got[0] and (got == got[0]).all() and (want > got).all():
        yield Kind.CLIPPED, f"held at {float(got[0]):.6g}"


def _factor(got: NDArray[Any], want: NDArray[Any], sizes: Mapping[str, int]) -> Iterator[Look]:
    """The one number that all entries are off by, as a size where it is one."""
    top = np.unravel_index(np.abs(want).argmax(), want.shape)
    if abs(want[top]) < np.finfo(np.float32).tiny:
        return
    factor = float(got[top] / want[top])
    if abs(factor) < CLOSE or abs(abs(factor) - 1) < CLOSE or not _same(got, factor * want):
        return
    named: dict[str, float] = {}
    for name, size in sizes.items():
        named |= {f"1/{name}": 1 / size, name: float(size)} if size > 1 else {}
    named[f"{factor:.4g}"] = factor
    for text, value in named.items():
        if abs(value / factor - 1) < CLOSE:
            simple = {"0.5": "1/2", "2": "2"}.get(text, "")
            if text in sizes or "/" in text:
                simple = text
            hint = f'; if that is a convention, scale="{simple}"' if simple else ""
            yield Kind.FACTOR, f"{text} times the right value{hint}"


# What kind of mistake it is: a cause is named where its signature is met, and no rival's is.
#
# A trait explains if all wrong inputs have it, hardly any right one that could show the mistake has
# it, and no other trait with another meaning does as well. A look, what the numbers are like,
# explains if nearly all wrong inputs look so, and no other look does as well.


MOST = 0.85  # the share of wrong inputs that have to look alike
PRECISE = 0.6  # the share of inputs with a trait that have to be wrong
CHANCE = 0.01  # that inputs taken at random would all have a trait
NAMED_SIZES = 6


@dataclass(frozen=True)
class Reason:
    """What all wrong inputs have in common: the trait, what it means, and in words."""

    trait: str = ""
    kind: Kind = Kind.VALUE
    words: str = ""


def reason(wrong: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> Reason:
    """The trait that tells wrong inputs from right ones, if there is one and only one."""
    total = len(wrong) + len(right)
    found: list[tuple[float, int, str]] = []
    for trait in frozenset.intersection(*wrong):
        count = len(wrong) + sum(trait in each for each in right)
        meant = _meaning(trait).kind is not Kind.VALUE
        if meant and (count / total) ** len(wrong) <= CHANCE and len(wrong) / count >= PRECISE:
            found.append((-len(wrong) / count, count, trait))
    if not found:
        return _least(wrong, right)
    found.sort()
    best = _meaning(found[0][2])
    rivals = [_meaning(trait) for share, _, trait in found[1:] if share == found[0][0]]
    if any(rival.kind is not best.kind for rival in rivals):
        return Reason()
    return best


def _least(wrong: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> Reason:
    """Each wrong input has an axis that is empty or single, and hardly any right one does."""

    def small(each: frozenset[str]) -> bool:
        return any(trait.endswith((" = 0", " = 1")) for trait in each)

    alike = sum(map(small, right))
    if len(wrong) > 1 and all(map(small, wrong)) and len(wrong) >= PRECISE * (len(wrong) + alike):
        return Reason("", Kind.EDGE, "only where an axis is empty or single")
    return Reason()


def _meaning(trait: str) -> Reason:
    if trait.startswith("repeats "):
        listed = trait.removeprefix("repeats ").replace(" with ", " and ")
        have = "have" if " and " in listed else "has"
        return Reason(trait, Kind.DUPLICATE, f"only where {listed} {have} a word twice")
    if " in " in trait:
        word, listed = trait.split(" in ")
        return Reason(trait, Kind.SHARED, f"only where {word} is also in {listed}")
    if trait == "saturated":
        return Reason(trait, Kind.SATURATED, "only at large scores")
    if " is " in trait or trait.startswith("all arrays are"):
        return Reason(trait, Kind.SPECIAL, f"only where {trait}")
    if " = " in trait:
        return Reason(trait, Kind.EDGE, f"only at {trait}")
    return Reason()


def by_size(wrong: Sequence[dict[str, int]], right: Sequence[dict[str, int]]) -> Reason:
    """One size that tells wrong inputs from right ones, past the small ones."""
    found = []
    for name in wrong[0]:
        bad, good = {sizes[name] for sizes in wrong}, {sizes[name] for sizes in right}
        if not good or bad & good or min(bad) < max(2, min(good)):
            continue
        if min(bad) > max(good):
            words = f"only from {name} = {min(bad)} on (right up to {max(good)})"
        elif len(bad) <= NAMED_SIZES:
            words = f"only at {name} = {', '.join(map(str, sorted(bad)))}"
        else:
            shown = ", ".join(map(str, sorted(bad)[:NAMED_SIZES]))
            words = f"only at {name} = {shown}, ..."
        found.append(Reason("", Kind.SIZE, words))
    return found[0] if len(found) == 1 else Reason()


def threshold(wrong: Sequence[float], right: Sequence[float]) -> Reason:
    """The largest score tells wrong inputs from right ones, wherever it comes from."""
    known = [score for score in right if score > 0]
    if len(wrong) < 2 or len(known) < 2:
        return Reason()
    least = min(wrong)
    below = [score for score in known if score < least]
    above = [score for score in known if score >= least]
    if len(below) < 2 or len(above) > 0.25 * len(wrong) or least < 1:
        return Reason()
    words = f"right up to scores of {max(below):.3g}, wrong from {least:.3g} on"
    return Reason("", Kind.THRESHOLD, words)


def common(found: Sequence[Sequence[Look]]) -> Look:
    """What nearly all inputs look like; VALUE where they do not agree, or on two things."""
    votes = Counter(look for each in found for look in set(each)).most_common(2)
    if not votes or votes[0][1] < MOST * len(found):
        return Kind.VALUE, ""
    if len(votes) > 1 and votes[1][1] == votes[0][1] and votes[1][0][0] is not votes[0][0][0]:
        return Kind.VALUE, ""
    return votes[0][0]

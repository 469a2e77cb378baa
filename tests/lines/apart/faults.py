"""Mistakes planted in the reader, each seen by lines of a family apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from derivations.language import tree
from derivations.reader.elaborate import (
    constructors,
    derivatives,
    expectations,
    identifiers,
    juxtaposition,
    operators,
)
from tests.lines.apart import FAMILIES
from tests.lines.apart.case import is_wrong, verdict
from tests.lines.faults import Seen, fault
from tests.planting import Mutant

Made = Callable[..., Any]
MOST = 60  # lines of a family that are tried for one mistake


def seen(family: str, mutant: Mutant, most: int = MOST, seed: str = "faults") -> Seen | None:
    """The first line of a family that shows a mistake; None where none does."""
    with mutant.planted():
        for number in range(most):
            found = FAMILIES[family](f"{seed}/{number}")
            said = verdict(found)
            if is_wrong(found, said):
                return Seen(number + 1, said)
    return None


def _unweighed(weight: Made) -> Made:
    return lambda *given: []


def _and_itself(function_of_part: Made) -> Made:
    """A formula and the part that it is differentiated by, added."""

    def wrong(*given: Any) -> Any:
        term, variable = function_of_part(*given)
        if term.shape or variable.shape:
            return term, variable
        return tree.Plus((term, tree.Reference(variable))), variable

    return wrong


def _of_all(probability: Made) -> Made:
    """P(a | b) is P(a)."""
    return lambda found, *given: probability(replace(found, given=()), *given)


def _the_other_way(probability: Made) -> Made:
    """P(a | b) is P(b | a)."""

    def wrong(found: Any, *given: Any) -> Any:
        turned = replace(found, of=found.given, given=found.of) if found.given else found
        return probability(turned, *given)

    return wrong


def _without_squares(power: Made) -> Made:
    """An exponent is one too small."""

    def wrong(*given: Any, **more: bool) -> int:
        found: int = power(*given, **more)
        return found - 1 if found > 1 else found

    return wrong


def _of_itself(inverse: Made) -> Made:
    return lambda value, *given: value


def _as_it_is(transposed: Made) -> Made:
    """A product of a matrix with another for its transpose, where both are square."""

    def wrong(value: tree.Term, node: Any) -> Any:
        square = len(value.shape) == 2 and value.shape[0] == value.shape[1]
        return value if square else transposed(value, node)

    return wrong


def _turned(times: Made) -> Made:
    """The factors of a product of square matrices in the other order."""

    def wrong(left: tree.Term, right: tree.Term, *more: object) -> Any:
        square = len(left.shape) == 2 and left.shape[0] == left.shape[1]
        both = square and left.shape == right.shape
        return times(right, left, *more) if both else times(left, right, *more)

    return wrong


def _where_it_does_not(tested: Made) -> Made:
    """A condition on a number that is one of two, negated."""

    def wrong(*given: Any) -> Any:
        found = tested(*given)
        return found and replace(found, negated=not found.negated)

    return wrong


def _to_the_end(between: Made) -> Made:
    """A range without the bound above it."""
    return lambda *given: replace(between(*given), upper=None)


def _in_itself(away: Made) -> Made:
    return lambda node, item: item


def _by_the_root(by_power: Made) -> Made:
    return lambda slope, *given: slope


_COUNTS_ITSELF = fault(
    "a derivative by a name counts the name itself", derivatives, "function_of_part", _and_itself
)
SEEN_BY: dict[str, tuple[Mutant, ...]] = {
    "means": (
        fault("an expectation does not weigh", expectations, "_weight", _unweighed),
        fault("a variance is the mean of squares", expectations, "_away", _in_itself),
        fault("an exponent is one too small", constructors, "exponent_of", _without_squares),
    ),
    "chains": (_COUNTS_ITSELF,),
    "probabilities": (
        fault("P(a | b) is P(a)", juxtaposition, "probability", _of_all),
        fault("P(a | b) is P(b | a)", juxtaposition, "probability", _the_other_way),
    ),
    "recurrences": (_COUNTS_ITSELF,),
    "inverses": (
        fault("an inverse is what is inverted", constructors, "inverse", _of_itself),
        fault("a square matrix is its transpose", identifiers, "transposed", _as_it_is),
        fault("factors of a matrix product exchanged", constructors, "times", _turned),
    ),
    "classes": (
        fault("a sum is over what it leaves out", operators, "tested", _where_it_does_not),
    ),
    "prefixes": (fault("a range goes to the end of its set", operators, "_between", _to_the_end),),
    "squares": (fault("by s^2 is by s", derivatives, "by_power", _by_the_root),),
}
FAULTS = tuple((family, one) for family, faults in SEEN_BY.items() for one in faults)

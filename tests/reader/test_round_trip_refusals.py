"""What no formula means is refused, with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from derivations.reader.array import Array, Misfit
from sympy import Expr, I, Integer, Max, Symbol

from derivations.claim import Claim
from derivations.indices import Index, IndexSum, total
from derivations.reader.latex import Unprintable, equation, latex
from tests.reader.declared_names import AXES, PART, SCOPE, TIMES, applied, entry


def _captured() -> Expr:
    """The softmax at another center than the one that its notation leaves unsaid."""
    made = SCOPE.things[r"\hat{y}"].body.entry.func
    return made(SCOPE.letters["x"], SCOPE.letters["o"])


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        (Symbol("nowhere"), "no declared name means nowhere"),
        (_captured(), "no declared name means"),
        (total(entry(r"\hat{y}", SCOPE.letters["w"]), SCOPE.letters["c"]), "no declared name"),
        (applied("G", *[SCOPE.letters["c"]] * 2).diff(entry("u", Integer(1), AXES[0])), "no "),
        (I, "no formula is read as ImaginaryUnit"),
        (Max(entry("z"), 0), "no formula is read as Max"),
        (entry("z") ** entry("a"), "only powers to a number"),
        (Integer(10) ** 20, "more than 12 digits"),
        (entry("u", Integer(2), SCOPE.letters["k"]), "would not be read"),
        (SCOPE.letters["w"] + 1, "would not be read"),
        (IndexSum(entry("z"), (Symbol("q"), 1, 2)), "which is no index"),
    ],
)
def test_what_no_formula_means_is_refused(expression: Expr, why: str) -> None:
    with pytest.raises(Unprintable, match=why):
        latex(expression, SCOPE)


def test_more_sums_than_the_reader_takes_are_refused() -> None:
    letters = [Index(name, TIMES) for name in "abcdfgh"]
    deep = entry("z")
    for letter in letters:
        deep = total(deep * letter, letter)
    with pytest.raises(Unprintable, match="within one another"):
        latex(deep, SCOPE)


def test_a_name_that_is_hidden_is_not_used() -> None:
    hidden = replace(SCOPE, letters={**SCOPE.letters, "z": SCOPE.letters["k"]})
    with pytest.raises(Unprintable, match="no declared name means z"):
        latex(entry("z"), hidden)
    letters = {**SCOPE.letters, "k": Index("k", PART)}
    things = {**SCOPE.things, "u_{w,k}": SCOPE.things["a"]}
    entry_of_u = entry("u", SCOPE.letters["w"], letters["k"])
    assert latex(entry_of_u, replace(SCOPE, letters=letters)) == "u_{w,k}"
    assert latex(entry_of_u, replace(SCOPE, letters=letters, things=things)) == "U_{k,w}"


def test_a_claim_that_is_no_equality_of_entries_is_refused() -> None:
    column, row = Array(Integer(0), (AXES[0], None)), Array(Integer(0), (None, AXES[0]))
    misfit = Misfit("part", "left", "right")
    for left, right in ((column, row), (misfit, row)):
        with pytest.raises(Unprintable, match=r"differ|no meaning"):
            equation(Claim("a", "a", "", "", left, right), SCOPE)

"""Mistakes that a printer of formulas can have, planted in ours one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from derivations.reader.latex import algebra, binders, formula, indicators, member, names, piece


@dataclass(frozen=True)
class Mistake:
    """``planted`` makes a wrong function of the right one that ``module`` uses."""

    name: str
    module: ModuleType
    function: str
    planted: Callable[[Callable[..., Any]], Callable[..., Any]]

    @property
    def wrong(self) -> Callable[..., Any]:
        return self.planted(getattr(self.module, self.function))


def _unsigned(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda parts: right([part._replace(minus=False) for part in parts])


def _without_other_letters(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given: right(*given[:-1], replace(given[-1], taken=frozenset()))


def _without_restrictions(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda node: ([], right(node)[1])


def _other_relation(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda factor: (right(factor)[0], "=")


def _distributed(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda factors: right([factor._replace(adds=False) for factor in factors])


def _textual(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda given, **_: given.text


MISTAKES = (
    Mistake("no bracket around a factor", piece, "_factor", _textual),
    Mistake("no bracket around a base or a term", piece, "bracketed", _textual),
    Mistake("no bracket around a summand", binders, "bracketed", _textual),
    Mistake("the sign of a product is lost", algebra, "one", lambda _: lambda term: term.piece),
    Mistake("the signs of terms are lost", algebra, "terms", _unsigned),
    Mistake("a bound letter that captures", binders, "bound_letter", _without_other_letters),
    Mistake("one letter for two axes", formula, "axis_letter", _without_other_letters),
    Mistake("restrictions are lost", binders, "_restricted", _without_restrictions),
    Mistake("unequal is printed as equal", indicators, "_delta", _other_relation),
    Mistake("a number over terms", algebra, "product", _distributed),
    Mistake("upside down", algebra, "fraction", lambda right: lambda a, b: right(b, a)),
    Mistake("an exponent too high", algebra, "powers", lambda right: lambda b, n: right(b, n + 1)),
    Mistake(
        "the last member of a range is back",
        binders,
        "_sign",
        lambda right: lambda i, low, high, out: right(i, low, high.replace(" - 1", ""), out),
    ),
    Mistake(
        "subscripts in the wrong order",
        names,
        "_thing",
        lambda right: lambda name, thing, values, within: right(name, thing, values[::-1], within),
    ),
    Mistake(
        "the place in a window is lost",
        member,
        "_place",
        lambda right: lambda place, words, within: words.origin or right(place, words, within),
    ),
)

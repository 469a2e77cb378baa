"""Mistakes that a printer of terms can have, planted in ours one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from derivations.language.tree import Comparison, Entry
from derivations.reader import unparser
from tests.planting import Mutant, Replaced


def _mistake(
    meant: str, owner: object, name: str, wrong: Callable[[Callable[..., Any]], object]
) -> Mutant:
    """``wrong`` makes another function of the right one that ``owner`` has."""
    return Mutant(meant, (Replaced(owner, name, wrong),))


def _printer(meant: str, name: str, wrong: Callable[..., Any]) -> Mutant:
    return _mistake(meant, unparser._Printer, name, wrong)


def _reversed(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(printer: Any, term: Any) -> Any:
        turned = isinstance(term, Entry) and len(term.members) == 2
        return right(printer, replace(term, members=term.members[::-1]) if turned else term)

    return wrong


MISTAKES = (
    _mistake(
        "no bracket around an operand", unparser.Piece, "above", lambda right: lambda p, level: p
    ),
    _mistake(
        "the signs of terms are lost", unparser, "_signed", lambda f: lambda t: (False, f(t)[1])
    ),
    _mistake(
        "an exponent too high",
        unparser,
        "_superscript",
        lambda right: lambda base, up: right(base, f"{up}1" if up.isdigit() else up),
    ),
    _printer(
        "a bound letter that captures",
        "_binding",
        lambda right: lambda p, *given, **how: right(replace(p, taken=frozenset()), *given, **how),
    ),
    _printer(
        "restrictions are lost",
        "_sign",
        lambda right: (
            lambda p, space, letter, ends, where, *how: right(p, space, letter, ends, [], *how)
        ),
    ),
    _printer(
        "bounds are lost",
        "_sign",
        lambda right: (
            lambda p, space, letter, ends, where, whole, declared: right(
                p, space, letter, ends, where, True, declared
            )
        ),
    ),
    _printer(
        "unequal is printed as equal",
        "comparison",
        lambda right: lambda p, each: right(p, Comparison(each.left, each.right)),
    ),
    _printer("upside down", "_fraction", lambda right: lambda p, a, b: right(p, b, a)),
    _printer("subscripts in the wrong order", "_subscripted", _reversed),
    _printer(
        "the place in a window is lost",
        "_place",
        lambda right: lambda p, words, at: words.origin or right(p, words, at),
    ),
    _printer("a transpose is lost", "_transposed", lambda right: lambda p, of: p.piece(of)),
    _printer(
        "what follows a sum is drawn into it",
        "_sum",
        lambda right: lambda p, term: replace(right(p, term), open=False),
    ),
    _printer(
        "an application is drawn into what follows a name",
        "_call",
        lambda right: lambda p, *given: replace(right(p, *given), hungry=False),
    ),
)

"""Pieces of Coq text, and the parentheses they need."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Level(IntEnum):
    """How tightly a piece holds together."""

    OPEN = 0
    TERMS = 1
    PRODUCT = 2
    SIGNED = 3
    APPLIED = 4
    CLOSED = 5


class Text(NamedTuple):
    """A piece of Coq text, and how tightly it holds together."""

    text: str
    level: Level = Level.CLOSED


def closed(piece: Text, least: Level = Level.CLOSED) -> str:
    """The piece, in parentheses unless it holds together at ``least``."""
    return piece.text if piece.level >= least else f"({piece.text})"


def parenthesised(proposition: str) -> str:
    """A proposition in parentheses, unless it is one range in parentheses already."""
    if proposition.endswith(")%Z") and proposition.count("(") == 1:
        return proposition
    return proposition if proposition.startswith("(forall") else f"({proposition})"


def applied(function: str, *arguments: Text) -> Text:
    """A function at its arguments."""
    if not arguments:
        return Text(function)
    return Text(" ".join([function, *map(closed, arguments)]), Level.APPLIED)


def terms(pieces: list[Text]) -> Text:
    """A sum of a few pieces."""
    text = closed(pieces[0], Level.TERMS)
    for piece in pieces[1:]:
        if piece.level >= Level.PRODUCT and piece.text.startswith("- "):
            text += f" {piece.text}"
        else:
            text += f" + {closed(piece, Level.PRODUCT)}"
    return Text(text, Level.TERMS)


def quotient(over: list[Text], under: list[Text], *, minus: bool) -> Text:
    """The product of ``over`` divided by the product of ``under``."""
    text = " * ".join(closed(factor, Level.SIGNED) for factor in over) or "1"
    single = over[0].level if len(over) == 1 and not under else Level.PRODUCT
    if under:
        below = under[0] if len(under) == 1 else Text(_times(under), Level.PRODUCT)
        text += f" / {closed(below, Level.APPLIED)}"
    if not minus:
        return Text(text, single if over else Level.PRODUCT)
    return Text(f"- {text}", Level.PRODUCT)


def _times(factors: list[Text]) -> str:
    return " * ".join(closed(factor, Level.APPLIED) for factor in factors)

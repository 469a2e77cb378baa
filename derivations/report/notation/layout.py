"""Joining pieces of mathematics into one line, with the parentheses they need and no others."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

MINUS = "−"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Level(IntEnum):
    """How tightly a piece holds together; an OPEN one reads on to the end of its product."""

    TERMS = 0
    PRODUCT = 1
    OPEN = 2
    POWER = 3
    CLOSED = 4


class Rank(IntEnum):
    """Where a piece stands in a product; what reads on to its end must stand last."""

    NUMBER = 0
    INDICATOR = 1
    NAME = 2
    FUNCTION = 3
    COMPOUND = 4
    OPEN = 5


class Text(NamedTuple):
    """A piece of mathematics, and what its surroundings must know of it."""

    text: str
    level: Level = Level.CLOSED
    rank: Rank = Rank.FUNCTION


def closed(piece: Text, least: Level = Level.CLOSED) -> str:
    """The piece, in parentheses unless it holds together at ``least``."""
    return piece.text if piece.level >= least else f"({piece.text})"


def product(pieces: Iterable[Text]) -> Text:
    """The pieces side by side, in an order that depends on their text only."""
    factors = sorted(pieces, key=lambda piece: (piece.rank, piece.text))
    if not factors:
        return Text("1", rank=Rank.NUMBER)
    if len(factors) == 1:
        return factors[0]
    *first, last = factors
    texts = [*(closed(factor, Level.POWER) for factor in first), closed(last, Level.OPEN)]
    return Text(" ".join(texts), Level.PRODUCT, Rank.COMPOUND)


def quotient(over: list[Text], under: list[Text]) -> Text:
    """The product of ``over`` divided by the product of ``under``."""
    if not under:
        return product(over)
    above, below = product(over), product(under)
    numerator = above.text if _may_be_divided(over) else f"({above.text})"
    divisor = below.text if below.level >= Level.POWER else f"({below.text})"
    return Text(f"{numerator} / {divisor}", Level.PRODUCT, Rank.COMPOUND)


def _may_be_divided(over: list[Text]) -> bool:
    reads_on = any(piece.level == Level.OPEN for piece in over)
    return not reads_on and not (len(over) == 1 and over[0].level < Level.OPEN)


def negative(piece: Text) -> Text:
    """The piece with a minus sign before it."""
    return Text(MINUS + closed(piece, Level.PRODUCT), Level.TERMS, Rank.COMPOUND)


def terms(pieces: Iterable[Text]) -> Text:
    """A sum of a few pieces; those that hold a Σ come last, since it reads on."""
    first, *rest = sorted(pieces, key=_term_key)
    signed = [first.text]
    for text, *_ in rest:
        is_negative = text.startswith(MINUS)
        signed.append(f"{MINUS} {text[1:]}" if is_negative else f"+ {text}")
    return Text(" ".join(signed), Level.TERMS, Rank.COMPOUND)


def _term_key(piece: Text) -> tuple[bool, bool, bool, str]:
    text = piece.text
    return "Σ" in text, text.startswith(MINUS), piece.rank != Rank.NUMBER, text


def raised(base: Text, exponent: Text) -> Text:
    """A power."""
    if exponent.text.isdecimal():
        power = exponent.text.translate(_SUPERSCRIPTS)
    else:
        power = f"^{closed(exponent)}"
    return Text(closed(base) + power, Level.POWER)


def pair(left: str, relation: str, right: str) -> str:
    """Two sides that may be swapped, the longer or later one first: ``n[k] = x``, ``j = 0``."""
    before, after = sorted((left, right), key=lambda side: (len(side), side), reverse=True)
    return f"{before}{relation}{after}"

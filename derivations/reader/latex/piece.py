"""Pieces of LaTeX put together, with the brackets the reader needs and no others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

from derivations.reader.limits import MOST_POWER


class Kind(IntEnum):
    """What a piece is to its surroundings; factors of a product stand in this order."""

    NUMBER = 0
    NAME = 1
    INDICATOR = 2
    APPLIED = 3  # a function with its argument, or a fraction
    PRODUCT = 4
    TERMS = 5
    OPEN = 6  # reaches over all that follows in its product


class Piece(NamedTuple):
    """A piece of a formula. ``adds``: it is a sum of terms, whatever it looks like."""

    text: str
    kind: Kind
    adds: bool = False


class Signed(NamedTuple):
    """A term, and whether it is subtracted."""

    minus: bool
    piece: Piece


def bracketed(piece: Piece) -> str:
    """The piece in round brackets."""
    return f"({piece.text})"


def product(factors: Iterable[Piece]) -> Piece:
    """The pieces side by side.

    A number does not stand directly before a sum of terms, over which it would be distributed
    when it is read.
    """
    ordered = sorted(factors, key=lambda factor: (factor.kind, factor.text))
    if len(ordered) == 1:
        return ordered[0]
    texts = [_factor(factor, last=factor is ordered[-1]) for factor in ordered]
    if ordered[0].kind is Kind.NUMBER and ordered[1].adds:
        texts.insert(1, r"\cdot")
    return Piece(" ".join(texts), Kind.PRODUCT)


def _factor(piece: Piece, *, last: bool) -> str:
    loose = piece.kind in (Kind.PRODUCT, Kind.TERMS) or (piece.kind is Kind.OPEN and not last)
    return bracketed(piece) if loose else piece.text


def fraction(over: Piece, under: Piece) -> Piece:
    """One piece over another."""
    return Piece(rf"\frac{{{over.text}}}{{{under.text}}}", Kind.APPLIED)


def powers(base: Piece, exponent: int) -> list[Piece]:
    """Factors that make up a power; the reader takes no large exponents."""
    steps = [MOST_POWER] * (exponent // MOST_POWER) + [exponent % MOST_POWER]
    return [_raised(base, step) for step in steps if step]


def _raised(base: Piece, exponent: int) -> Piece:
    if exponent == 1:
        return base
    held = base.text if base.kind is Kind.NAME else bracketed(base)
    return Piece(f"{held}^{{{exponent}}}", Kind.APPLIED)


def terms(parts: Sequence[Signed]) -> Piece:
    """A sum of terms, those with open ends last and a positive one first where there is one."""
    ordered = sorted(parts, key=lambda part: (part.piece.kind is Kind.OPEN, part.minus))
    text = ""
    for minus, piece in ordered:
        held = bracketed(piece) if piece.kind is Kind.TERMS else piece.text
        sign = "-" if minus else "+"
        if text:
            text += f" {sign} {held}"
        else:
            text = f"-{held}" if minus else held
    return Piece(text, Kind.TERMS, adds=True)


def one(term: Signed) -> Piece:
    """A single term with its sign."""
    return terms([term])._replace(adds=False) if term.minus else term.piece

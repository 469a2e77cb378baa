"""Which numbers a declared number or entry is: any, above zero, between two, one of two.

Written as a set, ``(0, 1)`` or ``\\{0, 1\\}``, or as bounds, ``x > 0`` or ``0 < x < 1``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from sympy import IndexedBase, Integer, Rational, Symbol

from derivations.claim import Condition
from derivations.language.data_conditions import Between, Count, OneOfTwo, Positive
from derivations.reader.problem import Unreadable
from derivations.reader.source import Span

_NUMBER = r"[+-]?\d+(?:\.\d+|/[1-9]\d*)?"
_ENDLESS = r"\+?(?:\\infty|∞|inf)"
_OPEN = rf"\(\s*({_NUMBER})\s*,\s*({_NUMBER}|{_ENDLESS})\s*\)"
_TWO = {"0,1": 0, "1,0": 0, "-1,1": 1, "1,-1": 1, "-1,+1": 1, "+1,-1": 1, r"\pm1": 1, "±1": 1}
_BRACES = r"\\?\{(.*?)\\?\}"
# a set of numbers, before the sign of a power or alone
COUNTS = r"(?:\\mathbb\{N\}|\N{DOUBLE-STRUCK CAPITAL N})(?:_0|_\{0\})?"
_REALS = r"(?:R|\\mathbb\{R\}|\N{DOUBLE-STRUCK CAPITAL R})"
SET = rf"{_REALS}|{COUNTS}" r"|\([^()]*\)|\[[^\[\]]*\]|\\?\{[^{}]*\}"
BOUNDS = rf"(?:({_NUMBER})\s*(?:<|\\lt)\s*)?(\S.*?)\s*(?:(?:>|\\gt)\s*0|(?:<|\\lt)\s*({_NUMBER}))"


@dataclass(frozen=True)
class Restricted:
    """Numbers above ``lower`` and below ``upper``; ``two``: 0 or 1 for False, -1 or 1 for True.

    A ``count`` is a whole number that is not below zero.
    """

    lower: Fraction | None = None
    upper: Fraction | None = None
    two: bool | None = None
    count: bool = False

    def __str__(self) -> str:
        found = "" if self.lower is None else f" above {self.lower}"
        found += "" if self.upper is None else f" below {self.upper}"
        found += " of counts" if self.count else ""
        return found if self.two is None else " of two signs" if self.two else " of two values"

    def said_of(self, of: Symbol | IndexedBase) -> list[Condition]:
        """What that says of a number or of the entries of an array."""
        said: list[Condition] = []
        if self.two is not None:
            said.append(OneOfTwo(of, Integer(self.two)))
        if self.count:
            said.append(Count(of))
        if self.lower is not None and self.lower >= 0:
            said.append(Positive(of))
        if self.lower is not None and self.upper is not None:
            said.append(Between(of, _rational(self.lower), _rational(self.upper)))
        return said


ANY = Restricted()
ABOVE_ZERO = Restricted(Fraction(0))


def in_set(span: Span) -> Restricted:
    """What a set of numbers says, as ``R``, ``(0, 1)``, ``\\{0, 1\\}``."""
    text = span.text.strip()
    found, braces = re.fullmatch(_OPEN, text), re.fullmatch(_BRACES, text)
    if found is not None:
        return _between(found[1], found[2], span)
    if braces is not None and (two := _TWO.get("".join(braces[1].split()))) is not None:
        return Restricted(two=bool(two))
    if re.fullmatch(COUNTS, text):
        return Restricted(count=True)
    if text.startswith(("(", "[", "{", "\\{")):
        advice = "write R, (0, 1) or another open interval, \\{0, 1\\} or \\{-1, 1\\}"
        raise Unreadable(span.place, text, "this set of numbers is not read", advice)
    return ANY


def bounded(lower: Span, upper: Span, whole: Span) -> Restricted:
    """What bounds say: ``x > 0`` where neither is written, ``0 < x < 1``."""
    if not upper.text:
        return ABOVE_ZERO
    if not lower.text:
        advice = "write 0 < x < 1, or scalar x"
        raise Unreadable(whole.place, whole.text.strip(), "a bound below is missing", advice)
    return _between(lower.text, upper.text, whole)


def _between(lower: str, upper: str, span: Span) -> Restricted:
    low = Fraction(lower)
    if re.fullmatch(_ENDLESS, upper):
        if low:
            what = "only numbers above zero have no upper bound"
            raise Unreadable(span.place, span.text.strip(), what, "write x > 0, or scalar x")
        return ABOVE_ZERO
    high = Fraction(upper)
    if low >= high:
        what = "there are no numbers between these"
        raise Unreadable(span.place, span.text.strip(), what, "write the smaller one first")
    return Restricted(low, high)


def _rational(number: Fraction) -> Rational:
    return Rational(number.numerator, number.denominator)

"""How many roundings the entries of an array have gone through.

The entries are sums of terms, and a count bounds the roundings in any term of any entry: the
computed entry is within so many u (to first order) of what exact arithmetic makes of the computed
scores, relatively to the sum of the terms' absolute values. Where all terms have one sign that
sum is the value's own size; it has to be wherever something is divided by it or its logarithm is
taken. The roundings of the inner products themselves are counted apart: their effect on a result
is the condition in B.
"""

from __future__ import annotations

from dataclasses import dataclass

INPUT, SCORE, LAG, CLIPPED, FUNCTION = "input", "score", "lag", "clipped", "function"


class Uncounted(Exception):
    """An operation after which counting says nothing: a cancellation, or one without a rule."""


@dataclass(frozen=True)
class Count:
    """How many roundings; ``is_shifted`` where an exponential of a rounded difference is in it."""

    role: str
    roundings: float = 0
    sign: int | None = None
    scores: float = 0
    is_shifted: bool = False

    def after(self, more: float, *others: Count, sign: int | None = None) -> Count:
        """A function of this and others, in which so many roundings were added to the most."""
        every = (self, *others)
        return Count(
            FUNCTION,
            max(each.roundings for each in every) + more,
            sign,
            max(each.scores for each in every),
            any(each.is_shifted for each in every),
        )

    def times(self, other: Count, more: float) -> Count:
        """A product or a quotient: the counts of both, and more."""
        sign = self.sign * other.sign if self.sign and other.sign else None
        both = self.after(0, other, sign=sign)
        return Count(
            both.role,
            self.roundings + other.roundings + more,
            both.sign,
            both.scores,
            both.is_shifted,
        )

"""Names, numbers, and what sums of terms, products and powers make of them."""

from __future__ import annotations

from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Number, Pow, Symbol

from derivations.report.notation.layout import (
    Level,
    Rank,
    Text,
    negative,
    pair,
    quotient,
    raised,
    terms,
)
from derivations.report.notation.show import listed, mathematics, show


@show.register
def _symbol(node: Symbol) -> Text:
    return Text(node.name, rank=Rank.NAME)


@show.register
def _indexed(node: Indexed) -> Text:
    return Text(f"{node.base.label}[{listed(node.indices, ',')}]", rank=Rank.NAME)


@show.register
def _number(node: Number) -> Text:
    text = str(abs(node)).replace("oo", "∞")
    number = Text(text, Level.PRODUCT if "/" in text else Level.CLOSED, Rank.NUMBER)
    return negative(number)._replace(rank=Rank.NUMBER) if node.is_negative else number


@show.register
def _delta(node: KroneckerDelta) -> Text:
    return indicator(node, "=")


@show.register
def _terms(node: Add) -> Text:
    delta = complement(node)
    if delta is not None:
        return indicator(delta, "≠")
    return terms(show(term) for term in node.args)


def complement(node: Expr) -> KroneckerDelta | None:
    """The delta where ``node`` is one minus a delta."""
    if not isinstance(node, Add) or len(node.args) != 2 or node.args[0] != 1:
        return None
    delta = -node.args[1]
    return delta if isinstance(delta, KroneckerDelta) else None


def indicator(delta: KroneckerDelta, relation: str) -> Text:
    """Iverson's bracket: one where the relation holds, else zero."""
    left, right = map(mathematics, delta.args[:2])
    return Text(f"[{pair(left, f' {relation} ', right)}]", rank=Rank.INDICATOR)


@show.register
def _power(node: Pow) -> Text:
    if _divides(node):
        return multiplied((node,))
    return raised(show(node.base), show(node.exp))


def _divides(node: Expr) -> bool:
    return isinstance(node, Pow) and node.exp.is_Number and bool(node.exp.is_negative)


@show.register
def _product(node: Mul) -> Text:
    return multiplied(node.args)


def multiplied(factors: tuple[Expr, ...]) -> Text:
    """The product of ``factors``: one sign in front, one division line."""
    over: list[Text] = []
    under: list[Text] = []
    minus = False
    for factor in factors:
        if isinstance(factor, Number):
            minus ^= bool(factor.is_negative)
            above, _, below = mathematics(abs(factor)).partition("/")
            over += [Text(above, rank=Rank.NUMBER)] if above != "1" else []
            under += [Text(below, rank=Rank.NUMBER)] if below else []
        elif _divides(factor):
            base, exponent = show(factor.base), -factor.exp
            under.append(base if exponent == 1 else raised(base, show(exponent)))
        else:
            over.append(show(factor))
    whole = quotient(over, under)
    return negative(whole) if minus else whole

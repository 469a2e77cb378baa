"""Sums with their bounds and what they leave out, and derivatives."""

from __future__ import annotations

from sympy import Derivative, Expr, Mul, Number, Sum

from derivations.indices import Index
from derivations.reader.latex.algebra import multiplied
from derivations.reader.latex.indicators import indicates, relation
from derivations.reader.latex.letters import bound_letter
from derivations.reader.latex.piece import Kind, Piece, bracketed, one
from derivations.reader.latex.show import show
from derivations.reader.latex.within import Unprintable, Within


@show.register
def _sum(node: Sum, within: Within) -> Piece:
    """All limits, the outermost first; the innermost says which members are left out."""
    restrictions, rest = _restricted(node)
    signs: list[str] = []
    for position, (index, lower, upper) in reversed(list(enumerate(node.limits))):
        if not isinstance(index, Index):
            raise Unprintable(f"a sum over {index}, which is no index")
        low, high = show(lower, within).text, show(upper, within).text
        letter = bound_letter(index, lower, upper, within)
        within = within.naming(index, letter)
        left_out = [] if position else [relation(factor, within, index) for factor in restrictions]
        signs.append(_sign(letter, low, high, left_out))
    summand = one(multiplied(rest, within))
    held = bracketed(summand) if summand.kind is Kind.TERMS else summand.text
    return Piece(" ".join([*signs, held]), Kind.OPEN)


def _sign(letter: str, lower: str, upper: str, left_out: list[str]) -> str:
    if not left_out:
        return rf"\sum_{{{letter}={lower}}}^{{{upper}}}"
    lines = r" \\ ".join([rf"{lower} \le {letter} \le {upper}", *left_out])
    return rf"\sum_{{\substack{{{lines}}}}}"


def _restricted(node: Sum) -> tuple[list[Expr], list[Expr]]:
    """The factors that leave out members of the innermost sum, and the other factors.

    They stay where they are if the others are a number and terms: it would be distributed.
    """
    factors = list(Mul.make_args(node.function))
    index = node.limits[0][0]
    found = [each for each in factors if indicates(each) and each.has(index)]
    rest = [each for each in factors if each not in found]
    others = [each for each in rest if not isinstance(each, Number)]
    if len(others) < len(rest) and [each.is_Add for each in others] == [True]:
        return [], factors
    return found, rest


@show.register
def _derivative(node: Derivative, within: Within) -> Piece:
    text = show(node.expr, within).text
    for variable in node.variables:
        below = show(variable, within).text
        text = rf"\frac{{\partial}}{{\partial {below}}} [{text}]"
    return Piece(text, Kind.OPEN)

"""Derivatives by a power of a number above zero: ``\\frac{\\partial \\ell}{\\partial \\sigma^2}``.

Of numbers above zero, sigma is a smooth function of its square, and the other way round: the chain
rule says what the derivative by the square is, that by sigma over 2 sigma.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derivations.language.tree import Entry, Number, Power, Quotient, Reference, Slice, Term, Times
from derivations.reader.elaborate.environment import Environment, fitted, resolve
from derivations.reader.elaborate.positive import is_above_zero
from derivations.reader.elaborate.spelling import is_numeral, raised_name
from derivations.reader.syntax import Group, Leaf, Node, Script
from derivations.reader.written import written


def root_below(by: Node | None, here: Environment) -> tuple[Node, int] | None:
    """What a derivative by a power is of a power of, and which; None for any other."""
    inside = by.content.only if isinstance(by, Group) and by.bracket == "(" else by
    if not isinstance(inside, Script) or inside.sup is None or inside.primes:
        return None
    above = inside.sup.only
    if not is_numeral(above) or raised_name(inside) in here.scope.things:
        return None
    assert isinstance(above, Leaf)
    root = inside.base if inside.sub is None else replace(inside, sup=None)
    value = resolve(root, here)
    match value:
        case Reference() | Entry(of=Reference() | Slice()):
            known = not value.shape and is_above_zero(value, here.scope)
            return (root, int(above.text)) if known and int(above.text) > 1 else None
    return None


def by_power(slope: Term, root: Node, power: int, whole: Node, here: Environment) -> Term:
    """The derivative by a power of ``root``, from the one by that itself."""
    here.mention(f"{written(whole)} is that by {written(root)}, by the chain rule")
    value = resolve(root, here)
    rest = value if power == 2 else Power(value, power - 1)
    return fitted(whole, lambda: Quotient(slope, Times(Number(Fraction(power)), rest)))

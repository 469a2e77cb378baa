"""Derivatives by a power of a number above zero: ``\\frac{\\partial \\ell}{\\partial \\sigma^2}``.

Of numbers above zero, sigma is a smooth function of its square, and the other way round: the chain
rule says what the derivative by the square is, that by sigma over 2 sigma. So it is with the
logarithm of such a power, which authors of variational autoencoders differentiate by.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
import fractions

from derivations.language.tree import Entry, Number, Power, Quotient, Reference, Slice, Term, Times
from derivations.reader.elaborate.environment import Environment, fitted, resolve
from derivations.reader.elaborate.positive import is_above_zero
from derivations.reader.elaborate.spelling import is_numeral, raised_name
from derivations.reader.syntax import Group, Leaf, Node, Product, Script
from derivations.reader.written import written


@dataclass(frozen=True)
class Root:
    """What a derivative by a power is of a power of, and whether of the logarithm of that."""

    node: Node
    power: int
    logarithm: bool = False


def root_below(by: Node | None, here: Environment) -> Root | None:
    """What a derivative by a power, or by its logarithm, is of a power of; None for any other."""
    inside = _bare(by)
    if isinstance(inside, Product) and len(inside.factors) == 2 and is_log(inside.factors[0]):
        found = _root(_bare(inside.factors[1]), here, least=1)
        return None if found is None else replace(found, logarithm=True)
    return _root(inside, here, least=2)


def _bare(by: Node | None) -> Node | None:
    """What stands in brackets, or without."""
    return by.content.only if isinstance(by, Group) and by.bracket == "(" else by


def is_log(node: Node) -> bool:
    """Whether this is the sign of the natural logarithm."""
    return isinstance(node, Leaf) and node.kind == "FUNCTION" and node.text == "log"


def _root(node: Node | None, here: Environment, least: int) -> Root | None:
    """The root, where it is a number above zero and at least ``least`` times a factor."""
    if not isinstance(node, Script | Leaf):
        return None
    power = 1
    if isinstance(node, Script) and node.sup is not None:
        above = node.sup.only
        if node.primes or not is_numeral(above) or raised_name(node) in here.scope.things:
            return None
        assert isinstance(above, Leaf)
        node, power = node.base if node.sub is None else replace(node, sup=None), int(above.text)
    if power < least:
        return None
    value = resolve(node, here)
    match value:
        case Reference() | Entry(of=Reference() | Slice()):
            known = not value.shape and is_above_zero(value, here.scope)
            return Root(node, power) if known else None
    return None


def by_power(slope: Term, root: Root, whole: Node, here: Environment) -> Term:
    """The derivative by a power of ``root``, or its logarithm, from the one by that itself."""
    here.mention(f"{written(whole)} is that by {written(root.node)}, by the chain rule")
    value = resolve(root.node, here)
    power = Number(fractions.Fraction(root.power))
    if root.logarithm:
        return fitted(whole, lambda: Quotient(Times(slope, value), power))
    rest = value if root.power == 2 else Power(value, root.power - 1)
    return fitted(whole, lambda: Quotient(slope, Times(power, rest)))

"""Second derivatives, written out as one derivative of another: a rewriting of what was written."""

from __future__ import annotations

from dataclasses import replace

from derivations.reader.syntax import Content, Fraction, Group, Leaf, Node, Product, Script


def nested(node: Node) -> tuple[Node, ...]:
    r"""The factors that a factor stands for: itself, unless it is a second derivative.

    ``\frac{\partial^2 f}{\partial x \partial y}`` is the derivative by x of that by y, and
    ``\frac{\partial^2}{\partial x^2}`` two derivatives in front of what stands behind them.
    """
    if not isinstance(node, Fraction):
        return (node,)
    above, joins = _factors(node.over)
    sign = _squared(above[0])
    by = _below(node.under, sign) if sign is not None else None
    if sign is None or by is None:
        return (node,)
    outer = Fraction(node.at, sign, _product((sign, by[0])))
    inner = Fraction(node.at, _product((sign, *above[1:]), joins), _product((sign, by[1])))
    if len(above) == 1:
        return outer, inner
    return (Group(node.at, "(", Content(node.at, (_product((outer, inner)),))),)


def _factors(node: Node) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    return (node.factors, node.joins) if isinstance(node, Product) else ((node,), ())


def _product(factors: tuple[Node, ...], joins: tuple[str, ...] = ()) -> Node:
    if len(factors) == 1:
        return factors[0]
    return Product(factors[0].at, factors, joins or ("",) * (len(factors) - 1))


def _squared(node: Node) -> Leaf | None:
    """The sign of a derivative in a square of it."""
    if not isinstance(node, Script) or not isinstance(node.base, Leaf) or not is_two(node.sup):
        return None
    plain = node.sub is None and not node.primes and _is_sign(node.base)
    return node.base if plain else None


def _is_sign(node: Node) -> bool:
    return isinstance(node, Leaf) and (node.kind == "PARTIAL" or node.text == "d")


def is_two(sup: Content | None) -> bool:
    """Whether an exponent is a two."""
    two = sup.only if sup is not None else None
    return isinstance(two, Leaf) and two.text == "2"


def _below(under: Node, sign: Leaf) -> tuple[Node, Node] | None:
    """What both derivatives are by: ``\\partial x \\partial y``, or ``\\partial x^2``."""
    factors, joins = _factors(under)
    if any(joins) or factors[0] != sign:
        return None
    match factors[1:]:
        case (Script(sup=sup) as square,) if is_two(sup):
            bare = replace(square, sup=None)
            plain = bare.sub is None and not bare.primes
            return (bare.base, bare.base) if plain else (bare, bare)
        case (first, between, second) if between == sign:
            return first, second
    return None

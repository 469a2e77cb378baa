"""Numbers, sums of terms, products and quotients, entry by entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Add, Expr, Indexed, Integer, Mul, Pow, Rational, S, Sum

from codegen.arrays.entrywise import Applied, Negative, Power, Product, Terms
from codegen.arrays.tree import LoweringError, Node, Number
from codegen.lower.deltas import chosen, excluded, merged_at_word
from codegen.lower.weighted import weighted
from derivations.language.index_nodes import Defined

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


def lower_number(number: Rational, lowering: Lowering) -> Node:
    """An integer as it is, a fraction as a quotient of two."""
    return Number(number)


def lower_add(addition: Add, lowering: Lowering) -> Node:
    """``p + q - r``, broadcast. Like terms of opposite sign are subtracted first.

    The difference of two near numbers loses nothing, while a third number that is added first
    is rounded to their size: (m - z_o) + log(...) keeps a small loss, m + log(...) - z_o not.
    What divides every term divides their sum.
    """
    merged = merged_at_word(addition, lowering) or chosen(addition, lowering)
    if merged is not None:
        return merged
    below = [factor for factor in Mul.make_args(addition.args[0]) if _is_quotient(factor)]
    for divisor in below:
        if all(divisor in Mul.make_args(term) for term in addition.args):
            return lowering.lower(Add(*(term / divisor for term in addition.args)) * divisor)
    terms = list(addition.args)
    like = _opposite(terms)
    if like and len(like) < len(terms):
        rest = Add(*(term for term in terms if term not in like))
        return _joined([Add(*like), rest], lowering)
    terms.sort(key=lambda term: (_is_negative(term), bool(term.has(Sum))))
    return _joined(terms, lowering)


def lower_mul(product: Mul, lowering: Lowering) -> Node:
    """``p * q / r``, broadcast; a factor 1 - delta(w, o) sets the entry at o to zero."""
    without = excluded(product, lowering)
    if without is not None:
        return without
    selected = weighted(product.args, lowering)
    if selected is not None:
        return selected
    number, rest = product.as_coeff_Mul()
    if number.is_negative:
        positive = lowering.lower(-number * rest)
        return Negative(positive, positive.axes)
    above = [factor for factor in Mul.make_args(rest) if not _is_quotient(factor)]
    below = [1 / factor for factor in Mul.make_args(rest) if _is_quotient(factor)]
    if number.p != 1 or not above:
        above.insert(0, Integer(number.p))
    if number.q != 1:
        below.append(Integer(number.q))
    tops = tuple(lowering.lower(factor) for factor in above)
    bottoms = tuple(lowering.lower(factor) for factor in below)
    return Product(tops, bottoms, lowering.axes.of(*tops, *bottoms))


def lower_pow(power: Pow, lowering: Lowering) -> Node:
    """``1 / p``, a square root, or a whole power."""
    base, exponent = power.as_base_exp()
    if exponent == S.Half:
        root = lowering.lower(base)
        return Applied("sqrt", (root,), root.axes)
    if not exponent.is_Integer:
        raise LoweringError(f"no rule lowers the power {power}")
    if exponent < 0:
        below = lowering.lower(1 / power)
        return Product((Number(S.One),), (below,), below.axes)
    found = lowering.lower(base)
    return Power(found, int(exponent), found.axes)


def _is_quotient(factor: Expr) -> bool:
    return isinstance(factor, Pow) and bool(factor.exp.is_negative)


def _opposite(terms: list[Expr]) -> list[Expr]:
    """The terms that are entries of one family, or values of one definition, if signs differ."""
    for first in terms:
        sign, core = first.as_coeff_Mul()
        kind = _kind(core)
        like = [term for term in terms if kind and _kind(term.as_coeff_Mul()[1]) == kind]
        if any(term.as_coeff_Mul()[0] * sign < 0 for term in like):
            return like
    return []


def _kind(core: Expr) -> object:
    if isinstance(core, Indexed):
        return core.base
    return core.func if isinstance(core, Defined) else None


def _is_negative(term: Expr) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)


def _joined(terms: list[Expr], lowering: Lowering) -> Node:
    """The terms one after the other; a sum among them keeps its parentheses."""
    first, *others = terms
    parts = [lowering.lower(-term if _is_negative(term) else term) for term in others]
    start = lowering.lower(first)
    negative = (False, *map(_is_negative, others))
    return Terms((start, *parts), negative, lowering.axes.of(start, *parts))

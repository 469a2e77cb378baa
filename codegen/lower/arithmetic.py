"""Numbers, sums of terms, products and quotients, entry by entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Add, Expr, Indexed, Integer, Mul, Pow, Rational, S, Sum

from codegen.lower.deltas import chosen, excluded, merged_at_word
from codegen.lower.text import ATOM, POWER, PRODUCT, SUM, UNARY, LoweringError, Text
from codegen.lower.weighted import weighted
from derivations.definition import Defined

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


def lower_number(number: Rational, lowering: Lowering) -> Text:
    """An integer as it is, a fraction as a quotient of two."""
    if number.q != 1:
        return Text(f"{number.p} / {number.q}", (), PRODUCT if number.p >= 0 else UNARY)
    return Text(str(number.p), (), ATOM if number.p >= 0 else UNARY)


def lower_add(addition: Add, lowering: Lowering) -> Text:
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


def lower_mul(product: Mul, lowering: Lowering) -> Text:
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
        if positive.binding >= PRODUCT:
            return Text(f"-{positive.code}", positive.axes, min(positive.binding, UNARY))
        return Text(f"-{positive.within(POWER)}", positive.axes, UNARY)
    above = [factor for factor in Mul.make_args(rest) if not _is_quotient(factor)]
    below = [1 / factor for factor in Mul.make_args(rest) if _is_quotient(factor)]
    if number.p != 1 or not above:
        above.insert(0, Integer(number.p))
    if number.q != 1:
        below.append(Integer(number.q))
    tops = [lowering.lower(factor) for factor in above]
    bottoms = [lowering.lower(factor) for factor in below]
    axes = lowering.axes.ordered(axis for part in tops + bottoms for axis in part.axes)
    code = " * ".join([tops[0].beside(axes, PRODUCT)] + [t.beside(axes, UNARY) for t in tops[1:]])
    for bottom in bottoms:
        code += f" / {bottom.beside(axes, UNARY)}"
    return Text(code, axes, PRODUCT if len(tops) + len(bottoms) > 1 else tops[0].binding)


def lower_pow(power: Pow, lowering: Lowering) -> Text:
    """``1 / p``, a square root, or a whole power."""
    base, exponent = power.as_base_exp()
    if exponent == S.Half:
        root = lowering.lower(base)
        return Text(f"np.sqrt({root.code})", root.axes)
    if not exponent.is_Integer:
        raise LoweringError(f"no rule lowers the power {power}")
    if exponent < 0:
        below = lowering.lower(1 / power)
        return Text(f"1 / {below.within(UNARY)}", below.axes, PRODUCT)
    text = lowering.lower(base)
    base_code = text.within(ATOM)
    sign = "**" if base_code.isidentifier() else " ** "
    return Text(f"{base_code}{sign}{exponent}", text.axes, POWER)


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


def _joined(terms: list[Expr], lowering: Lowering) -> Text:
    """The terms one after the other; a sum among them keeps its parentheses."""
    first, *others = terms
    parts = [lowering.lower(-term if _is_negative(term) else term) for term in others]
    start = lowering.lower(first)
    axes = lowering.axes.ordered(axis for part in [start, *parts] for axis in part.axes)
    code = start.beside(axes, PRODUCT)
    for term, part in zip(others, parts, strict=True):
        code += f" {'-' if _is_negative(term) else '+'} {part.beside(axes, PRODUCT)}"
    return Text(code, axes, SUM)

"""The rules by class of expression: sums, products and powers, functions of every entry."""

from __future__ import annotations

from sympy import (
    Abs,
    Add,
    And,
    Basic,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    log,
    sign,
    true,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from codegen.arrays.nodes import (
    AllOf,
    Applied,
    Compared,
    Indicator,
    LoweringError,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Terms,
)
from codegen.kernel import Argmax
from codegen.lower.contractions import (
    chosen,
    excluded,
    lower_delta,
    lower_sum,
    merged_at_word,
    weighted,
)
from codegen.lower.lowering import Lowering, Rule, lower_argmax, lower_indexed, lower_symbol
from derivations.language.functions import Above, SignOf, Signum
from derivations.language.index_nodes import Defined

# Numbers, sums of terms, products and quotients, entry by entry.


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


# Functions of one number, applied to every entry.


_NUMPY = {exp: "exp", Abs: "abs", Signum: "sign", SignOf: "sign", sign: "sign"}
_NUMPY_PAIR = {Min: "minimum", Max: "maximum"}


def lower_function(application: Expr, lowering: Lowering) -> Node:
    """``exp`` and ``Abs`` by NumPy's functions of the same meaning."""
    argument = lowering.lower(application.args[0])
    name = next(name for kind, name in _NUMPY.items() if issubclass(application.func, kind))
    return Applied(name, (argument,), argument.axes)


def lower_above(application: Above, lowering: Lowering) -> Node:
    """One of a number above zero, else zero."""
    inside = lowering.lower(application.args[0])
    positive = Compared(">", inside, Number(S.Zero), inside.axes)
    return Indicator(positive, lowering.axes.parameter(), inside.axes)


def lower_log(logarithm: log, lowering: Lowering) -> Node:
    """``log(1 + x)`` by log1p, which keeps a small x; any other logarithm by log."""
    (argument,) = logarithm.args
    function = "log"
    if isinstance(argument, Add) and S.One in argument.args:
        function, argument = "log1p", argument - 1
    inside = lowering.lower(argument)
    return Applied(function, (inside,), inside.axes)


def lower_extremum(extremum: Min | Max, lowering: Lowering) -> Node:
    """The smaller or larger of two; NaN if either is."""
    if len(extremum.args) != 2:
        raise LoweringError(f"no rule lowers {extremum} of other than two numbers")
    # SymPy sorts the arguments; the number goes last because it reads better
    first, second = sorted(extremum.args, key=lambda part: bool(part.is_number))
    parts = (lowering.lower(first), lowering.lower(second))
    return Applied(_NUMPY_PAIR[extremum.func], parts, lowering.axes.of(*parts))


def lower_piecewise(cases: Piecewise, lowering: Lowering) -> Node:
    """Two cases, the second for all that the first leaves, by ``where``.

    An indicator, one or zero, has the type of the parameters.
    """
    if len(cases.args) != 2 or cases.args[1].cond is not true:
        raise LoweringError(f"no rule lowers {cases}: two cases, the second of them True")
    (value, condition), (otherwise, _) = cases.args
    test = _condition(condition, lowering)
    if (value, otherwise) == (S.One, S.Zero):
        return Indicator(test, lowering.axes.parameter(), test.axes)
    parts = (test, lowering.lower(value), lowering.lower(otherwise))
    return Applied("where", parts, lowering.axes.of(*parts))


def _condition(condition: Boolean, lowering: Lowering) -> Node:
    """A comparison, or several that hold at once."""
    if isinstance(condition, And):
        parts = tuple(_condition(part, lowering) for part in sorted(condition.args, key=str))
        return AllOf(parts, lowering.axes.of(*parts))
    if not isinstance(condition, Relational):
        raise LoweringError(f"no rule lowers the condition {condition}")
    left, right = (lowering.lower(side) for side in condition.args)
    return Compared(condition.rel_op, left, right, lowering.axes.of(left, right))


# Which rule lowers which node.


def lower_defined(application: Defined, lowering: Lowering) -> Node:
    """An abbreviation without a name in the code: its body in its place."""
    return lowering.lower(application.opened)


RULES: dict[type[Basic], Rule] = {
    Rational: lower_number,
    Symbol: lower_symbol,
    Indexed: lower_indexed,
    Argmax: lower_argmax,
    Defined: lower_defined,
    Add: lower_add,
    Mul: lower_mul,
    Pow: lower_pow,
    Sum: lower_sum,
    KroneckerDelta: lower_delta,
    exp: lower_function,
    Abs: lower_function,
    log: lower_log,
    Min: lower_extremum,
    Max: lower_extremum,
    Piecewise: lower_piecewise,
}

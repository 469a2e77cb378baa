"""Index expressions as a reader writes them: one line of text, for docstrings and comments."""

from __future__ import annotations

from sympy import (
    Abs,
    Add,
    Basic,
    Derivative,
    Expr,
    Indexed,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Sum,
    Symbol,
    exp,
    log,
)
from sympy.core.relational import Relational

from codegen.argmax import Argmax
from derivations.definition import Defined

_SUM, _PRODUCT, _POWER, _ATOM = range(4)
_RELATIONS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}


def formula(expression: Basic) -> str:
    """``expression`` as text; definitions stay folded and print as they are shown."""
    return _shown(expression)[0]


def meaning(expression: Basic) -> str:
    """As `formula`, but a choice of a word says how it is chosen."""
    if isinstance(expression, Argmax):
        return f"the {expression.index} of largest {formula(expression.body_at())}"
    return formula(expression)


def _within(expression: Basic, binding: int) -> str:
    text, own = _shown(expression)
    return text if own >= binding else f"({text})"


def _shown(node: Basic) -> tuple[str, int]:
    if isinstance(node, Defined | Argmax):
        parameters = [parameter.name for parameter in node.params]
        values = dict(zip(parameters, map(formula, node.args), strict=True))
        return node.shown.format(**values), _ATOM
    if isinstance(node, Symbol):
        return node.name, _ATOM
    if node.is_Integer:
        return str(node).replace("-", "−"), _SUM if node.is_negative else _ATOM
    if isinstance(node, Indexed):
        return f"{node.base}[{','.join(map(formula, node.indices))}]", _ATOM
    if isinstance(node, KroneckerDelta):
        return f"δ[{','.join(map(formula, node.args))}]", _ATOM
    if isinstance(node, Add):
        return _addition(node), _SUM
    if isinstance(node, Mul):
        return _product(node), _PRODUCT
    if isinstance(node, Pow) and not isinstance(node, exp):
        return _power(node)
    if isinstance(node, Sum):
        indices = ",".join(str(limit[0]) for limit in reversed(node.limits))
        return f"Σ_{indices} {_within(node.function, _PRODUCT)}", _PRODUCT
    if isinstance(node, Derivative):
        by = "".join(f"∂{formula(variable)}" for variable in node.variables)
        return f"∂{_within(node.expr, _ATOM)}/{by}", _PRODUCT
    if isinstance(node, Abs):
        return f"|{formula(node.args[0])}|", _ATOM
    if isinstance(node, Piecewise):
        cases = "; ".join(f"{formula(case.expr)} if {formula(case.cond)}" for case in node.args)
        return f"({cases})".replace(" if True", " otherwise"), _ATOM
    names = {exp: "exp", log: "log", Min: "min", Max: "max"}
    if node.func in names:
        return f"{names[node.func]}({', '.join(map(formula, node.args))})", _ATOM
    if isinstance(node, Relational):
        return f"{formula(node.lhs)} {_RELATIONS[node.rel_op]} {formula(node.rhs)}", _SUM
    return str(node), _SUM


def _addition(addition: Add) -> str:
    terms = sorted(addition.args, key=lambda term: bool(term.could_extract_minus_sign()))
    text = _within(terms[0], _PRODUCT)
    for term in terms[1:]:
        shown = _within(term, _PRODUCT)
        text += f" − {shown[1:]}" if shown.startswith("−") else f" + {shown}"
    return text


def _product(product: Expr) -> str:
    number, rest = product.as_coeff_Mul()
    if number.is_negative:
        return f"−{_within(-number * rest, _PRODUCT)}"
    factors = [number, *Mul.make_args(rest)] if number != 1 else list(Mul.make_args(rest))
    below = [1 / factor for factor in factors if isinstance(factor, Pow) and factor.exp == -1]
    above = [factor for factor in factors if 1 / factor not in below]
    # a sum sign reaches to the end, so sums go last
    above.sort(key=lambda factor: isinstance(factor, Sum))
    shown = [_within(factor, _POWER) for factor in above[:-1]]
    for last in above[-1:]:
        ends = len(above) == 1 or (isinstance(last, Sum) and not below)
        shown.append(_within(last, _PRODUCT if ends else _POWER))
    return " / ".join([" ".join(shown) or "1", *(_within(factor, _POWER) for factor in below)])


def _power(power: Pow) -> tuple[str, int]:
    base, exponent = power.as_base_exp()
    if exponent == -1:
        return f"1 / {_within(base, _POWER)}", _PRODUCT
    return f"{_within(base, _ATOM)}^{_within(exponent, _ATOM)}", _POWER

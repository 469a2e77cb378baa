"""What would mend a formula that loses digits or is out of range on its way: an identity to prove.

Looked for in what is left once the table has been applied: what is there is not mended by it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr, Mul, Pow, exp, log, preorder_traversal

from codegen.formula import mathematics
from derivations.language.index_nodes import unfold

MOST = 2


def mending(expression: Expr) -> str:
    """Advice for the first things in an expression that can go wrong; empty if there are none."""
    advice = list(dict.fromkeys(_advice(expression)))[:MOST]
    return f"; prove {' and '.join(advice)}, and write the line by it" if advice else ""


def _advice(expression: Expr) -> Iterator[str]:
    for node in preorder_traversal(unfold(expression)):
        if isinstance(node, log) and (large := _exponential(node.args[0])) is not None:
            inside = Add(*(_less(term, large) for term in node.args[0].args))
            right = Add(large.args[0], log(inside), evaluate=False)
            yield f"{mathematics(node)} = {mathematics(right)} for the largest exponent"
        if isinstance(node, Pow) and node.exp == -1 and (large := _exponential(node.base)):
            base = Add(*(_less(term, large) for term in node.base.args))
            right = exp(-large.args[0]) / base
            yield f"{mathematics(node)} = {mathematics(right)} where {mathematics(large)} is large"
        if isinstance(node, Add) and any(one.is_Rational for one in node.args):
            number = next(one for one in node.args if one.is_Rational)
            negative = [one for one in node.args if (one.as_coeff_Mul()[0] * number).is_negative]
            if number and negative and not any(isinstance(one, exp) for one in negative):
                yield f"a form of {mathematics(node)} without the difference"


def _exponential(node: Expr) -> exp | None:
    """An exponential of something that varies, among the terms of a sum."""
    if not isinstance(node, Add):
        return None
    found = (one for term in node.args for one in Mul.make_args(term) if isinstance(one, exp))
    return next((one for one in sorted(found, key=_order) if one.free_symbols), None)


def _order(exponential: exp) -> tuple[bool, str]:
    return exponential.args[0].could_extract_minus_sign(), str(exponential)


def _less(term: Expr, large: exp) -> Expr:
    return term * exp(-large.args[0])

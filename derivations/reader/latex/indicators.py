"""Equalities and inequalities of indices: as numbers, and as what a sum is restricted to."""

from __future__ import annotations

from sympy import Add, Expr, KroneckerDelta

from derivations.indices import Index
from derivations.reader.latex.member import member
from derivations.reader.latex.piece import Kind, Piece
from derivations.reader.latex.show import show
from derivations.reader.latex.within import Within


def relation(factor: Expr, within: Within, index: Index | None = None) -> str:
    """``a = b`` where the factor is the delta of both, ``a \\ne b`` where it is its complement.

    A side with ``index`` comes first, and a number last.
    """
    delta, sign = _delta(factor)
    assert delta is not None
    pair = delta.args[:2]
    sides = sorted(pair, key=lambda side: (side.is_Integer, index not in side.free_symbols))
    return f" {sign} ".join(member(side, within) for side in sides)


def indicates(factor: Expr) -> bool:
    """Whether the factor is one or zero: a delta, or one minus a delta."""
    return _delta(factor)[0] is not None


def indicator(factor: Expr, within: Within) -> Piece:
    """One where the relation holds, else zero."""
    text = rf"\mathbb{{1}}_{{\{{{relation(factor, within)}\}}}}"
    return Piece(text, Kind.INDICATOR, adds=bool(factor.is_Add))


@show.register
def _equality(node: KroneckerDelta, within: Within) -> Piece:
    return indicator(node, within)


def _delta(factor: Expr) -> tuple[KroneckerDelta | None, str]:
    if isinstance(factor, KroneckerDelta):
        return factor, "="
    if isinstance(factor, Add) and len(factor.args) == 2 and factor.args[0] == 1:
        delta = -factor.args[1]
        return (delta, r"\ne") if isinstance(delta, KroneckerDelta) else (None, "")
    return None, ""

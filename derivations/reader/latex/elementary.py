"""exp and log, always with round brackets around their argument."""

from __future__ import annotations

from sympy import Expr, S, exp, log

from derivations.reader.latex.piece import Kind, Piece, bracketed
from derivations.reader.latex.show import show
from derivations.reader.latex.within import Within


@show.register
def _exponential(node: exp, within: Within) -> Piece:
    return _applied(r"\exp", node.args[0], within)


@show.register
def _logarithm(node: log, within: Within) -> Piece:
    return _applied(r"\log", node.args[0], within)


@show.register(type(S.Exp1))
def _euler(node: Expr, within: Within) -> Piece:
    return _applied(r"\exp", S.One, within)


def _applied(name: str, argument: Expr, within: Within) -> Piece:
    return Piece(name + bracketed(show(argument, within)), Kind.APPLIED)

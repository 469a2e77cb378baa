"""Judgements that several tests look at, each made once."""

from functools import cache

from sympy import Expr, Integer

from derivations.claim import Claim, Condition, Judgement
from derivations.language.tree import Array
from derivations.proof.judge import judge


@cache
def judged(claim: Claim) -> Judgement:
    return judge(claim)


def equality(left: Expr, right: Expr | int, *conditions: Condition) -> Claim:
    """A claim made up for a test."""
    return Claim("made.up", "", "", "", Array(left), Array(Integer(0) + right), conditions)

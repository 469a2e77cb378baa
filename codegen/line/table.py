"""Functions that keep their digits, and the identities that lead to them: each a proved claim.

What is proved in exact numbers is no promise in floats: ``1 - sigma(z)`` is 0 from z = 37 on, and
``log(1 + exp(z))`` is infinite at 710. The right sides here lose nothing but a few roundings at any
z. An identity is a row of ``ROWS``, judged like a line of any file before it is used; how its left
side is found in an expression is for `stable.py`.
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, Symbol, exp, log

from codegen.equality import Equality, equalities
from codegen.line.refusal import Refusal
from derivations.claim import Claim, Verdict
from derivations.language.index_nodes import define
from derivations.language.tree import Array
from derivations.proof.judge import judge
from derivations.word2vec.claims import CLAIMS as WORD2VEC
from derivations.word2vec.losses import sigma

z = Symbol("z", real=True)
TANH = define("tanh", "tanh({z})", (z,), 1 - 2 / (1 + exp(2 * z)))


def _row(name: str, left: Expr, right: Expr) -> Claim:
    return Claim(f"function.{name}", "table", "not printed", name, Array(left), Array(right))


ROWS = {
    row.id.removeprefix("function."): row
    for row in (
        _row("sigmoid", 1 / (1 + exp(-z)), sigma(z)),
        _row("sigmoid-times-exp", exp(z) * sigma(-z), sigma(z)),
        _row("complement", 1 - sigma(z), sigma(-z)),
        _row("log-one-and-exp", log(1 + exp(z)), -log(sigma(-z))),
        _row("tanh", 1 - 2 * sigma(z), TANH(-z / 2)),
        _row("tanh-of-exps", (exp(z) - exp(-z)) / (exp(z) + exp(-z)), TANH(z)),
        _row("tanh-slope", 1 - TANH(z) ** 2, 4 * sigma(2 * z) * sigma(-2 * z)),
    )
}

# functions that code calls, and the claims that say what they compute
_STABLE = {"sigmoid": "stable.sigmoid", "log_sigmoid": "stable.log-sigmoid"}
CALLS: dict[str, Claim] = {
    **{name: next(c for c in WORD2VEC if c.id == id) for name, id in _STABLE.items()},
    "tanh": Claim("function.np.tanh", "table", "not printed", "", Array(TANH(z)), Array(TANH.body)),
}
STATED: dict[str, Equality] = equalities(CALLS.values())


@cache
def require_row(name: str) -> str:
    """The id of a row, once it is proved; raises Refusal if it is not."""
    return require_proved(ROWS[name])


def require_proved(claim: Claim) -> str:
    """The id of a claim that is proved; raises Refusal if it is not."""
    judgement = judge(claim)
    if judgement.verdict is not Verdict.PROVED:
        raise Refusal(f"{claim.id} is {judgement.verdict.value}, and no code may rest on it")
    return claim.id

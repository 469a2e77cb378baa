"""Slips of part (e): the sigmoid and its derivative."""

from sympy import Integer, exp, log

from derivations.claim import Claim
from derivations.word2vec.losses import sigma
from derivations.word2vec.sides import entry, scalar
from derivations.word2vec.symbols import z

PART_E = (
    Claim(
        "slip.e.form",
        "e",
        "not printed",
        "the sign of the exponent lost when the fraction is expanded",
        scalar(sigma(z)),
        scalar(exp(-z) / (exp(-z) + 1)),
    ),
    Claim(
        "slip.e.odd",
        "e",
        "not printed",
        "the sigmoid taken for an odd function",
        scalar(sigma(-z)),
        scalar(-sigma(z)),
    ),
    Claim(
        "slip.e.even",
        "e",
        "not printed",
        "σ(x) for σ(−x)",
        scalar(1 - sigma(z)),
        scalar(sigma(z)),
    ),
    Claim(
        "slip.e.chain-rule-sign",
        "e",
        "not printed",
        "the minus sign of the inner derivative of exp(−x) lost",
        entry(sigma(z), z),
        scalar(-exp(-z) / (1 + exp(-z)) ** 2),
    ),
    Claim(
        "slip.e.square",
        "e",
        "not printed",
        "the square in the denominator lost",
        entry(sigma(z), z),
        scalar(exp(-z) / (1 + exp(-z))),
    ),
    Claim(
        "slip.e.minus-one",
        "e",
        "not printed",
        "the −1 of −1 + 1 + exp(−x) left out",
        entry(sigma(z), z),
        scalar(sigma(z) * (1 + exp(-z)) / (1 + exp(-z))),
    ),
    Claim(
        "slip.e.tanh",
        "e",
        "not printed",
        "the derivative of tanh in place of the sigmoid's",
        entry(sigma(z), z),
        scalar(Integer(1) - sigma(z) ** 2),
    ),
    Claim(
        "slip.e.plus",
        "e",
        "not printed",
        "1 + σ for 1 − σ",
        entry(sigma(z), z),
        scalar(sigma(z) * (1 + sigma(z))),
    ),
    Claim(
        "slip.e.log",
        "e",
        "not printed",
        "the derivative of log σ(x) taken for σ(x), which is that of −log σ(−x)",
        entry(log(sigma(z)), z),
        scalar(sigma(z)),
    ),
)

"""Part (e): the sigmoid."""

from sympy import exp

from derivations.claim import Claim
from derivations.word2vec.losses import sigma
from derivations.word2vec.sides import entry, scalar
from derivations.word2vec.symbols import z

PART_E = (
    Claim(
        "e.forms",
        "e",
        "(e), eq. (4)",
        "both forms of the sigmoid agree",
        scalar(sigma(z)),
        scalar(exp(z) / (exp(z) + 1)),
    ),
    Claim(
        "e.derivative",
        "e",
        "(e)",
        "the derivative of the sigmoid",
        entry(sigma(z), z),
        scalar(sigma(z) * (1 - sigma(z))),
    ),
    Claim(
        "e.complement",
        "e",
        "used in (f)",
        "the complement of the sigmoid is the sigmoid of the negative",
        scalar(1 - sigma(z)),
        scalar(sigma(-z)),
    ),
)

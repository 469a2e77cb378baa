"""Part (a): cross-entropy and the naive softmax loss."""

from sympy import Integer, exp, log

from derivations.claim import Claim
from derivations.indices import total
from derivations.word2vec.losses import P, cross_entropy, score, yhat
from derivations.word2vec.sides import NAIVE, scalar
from derivations.word2vec.symbols import c, o, w

PART_A = (
    Claim(
        "a.cross-entropy",
        "a",
        "(a), eq. (3)",
        "cross-entropy against a one-hot y picks the outside word",
        scalar(cross_entropy(c, o)),
        scalar(-log(yhat(c, o))),
    ),
    Claim(
        "a.naive-softmax",
        "a",
        "(a), eq. (2)",
        "the naive softmax loss is that cross-entropy",
        scalar(NAIVE),
        scalar(cross_entropy(c, o)),
    ),
    Claim(
        "a.softmax",
        "a",
        "eq. (1)",
        "the softmax probabilities add up to one",
        scalar(total(P(w, c), w)),
        scalar(Integer(1)),
    ),
    Claim(
        "a.scores",
        "a",
        "(b), line 1",
        "the naive softmax loss in scores",
        scalar(NAIVE),
        scalar(-score(c, o) + log(total(exp(score(c, w)), w))),
    ),
)

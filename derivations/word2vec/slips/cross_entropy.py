"""Slips of part (a): cross-entropy, softmax and the naive softmax loss."""

from sympy import Integer, KroneckerDelta, exp, log

from derivations.claim import Claim
from derivations.indices import total
from derivations.language.tree import column
from derivations.word2vec.losses import P, cross_entropy, score, y, yhat
from derivations.word2vec.sides import NAIVE, scalar
from derivations.word2vec.symbols import c, o, w, x

PART_A = (
    Claim(
        "slip.a.sign",
        "a",
        "not printed",
        "the minus sign of the cross-entropy lost",
        scalar(cross_entropy(c, o)),
        scalar(log(yhat(c, o))),
    ),
    Claim(
        "slip.a.word-zero",
        "a",
        "(a), eq. (3)",
        "a fixed word (here word 1) in place of the outside word: ŷ_0 for ŷ_o",
        scalar(cross_entropy(c, o)),
        scalar(-log(yhat(c, Integer(1)))),
    ),
    Claim(
        "slip.a.subscript-lost",
        "a",
        "(a), line 2",
        "log of the whole vector ŷ where one entry of it is meant",
        scalar(cross_entropy(c, o)),
        column(-total(y(o, w) * log(yhat(c, x)), w), x, "−Σ_w y_w log ŷ"),
    ),
    Claim(
        "slip.a.y-forgotten",
        "a",
        "not printed",
        "y forgotten: every word's log-probability added up",
        scalar(cross_entropy(c, o)),
        scalar(-total(log(yhat(c, w)), w)),
    ),
    Claim(
        "slip.a.log-of-sum",
        "a",
        "not printed",
        "the log of a sum taken as the sum of the logs",
        scalar(NAIVE),
        scalar(-score(c, o) + total(score(c, w), w)),
    ),
    Claim(
        "slip.a.others-only",
        "a",
        "not printed",
        "the outside word left out of the softmax's denominator",
        scalar(P(o, c)),
        scalar(exp(score(c, o)) / total((1 - KroneckerDelta(w, o)) * exp(score(c, w)), w)),
    ),
    Claim(
        "slip.a.summed-over-centers",
        "a",
        "not printed",
        "the probabilities of one word added up over the words it is conditioned on",
        scalar(total(P(o, w), w)),
        scalar(Integer(1)),
    ),
)

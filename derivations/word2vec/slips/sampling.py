"""Slips of part (f): negative sampling with distinct samples."""

from sympy import KroneckerDelta, Sum

from derivations.claim import Claim, Unequal
from derivations.indices import total
from derivations.word2vec import gradients as g
from derivations.word2vec.losses import score, sigma
from derivations.word2vec.sides import (
    DRAWS_DISTINCT,
    NEG,
    O_NOT_DRAWN,
    drawn_word,
    entry,
    pulled,
    pushed,
    scalar,
)
from derivations.word2vec.symbols import ONE, K, U, V, c, draw, i, k, o, x

PULL = -U[o, i] * (1 - sigma(score(c, o)))
PUSH = U[draw[k], i] * (1 - sigma(-score(c, draw[k])))

PART_F = (
    Claim(
        "slip.f.center-sign",
        "f",
        "not printed",
        "the inner minus sign of σ(−x) lost: samples attract like the outside word",
        entry(NEG, V[c, i]),
        scalar(PULL - total(PUSH, k)),
    ),
    Claim(
        "slip.f.center-outside-complement",
        "f",
        "not printed",
        "σ for 1 − σ on the outside word",
        entry(NEG, V[c, i]),
        scalar(-U[o, i] * sigma(score(c, o)) + total(PUSH, k)),
    ),
    Claim(
        "slip.f.center-sample-argument",
        "f",
        "not printed",
        "σ(x) for σ(−x) in the samples",
        entry(NEG, V[c, i]),
        scalar(PULL + total(U[draw[k], i] * (1 - sigma(score(c, draw[k]))), k)),
    ),
    Claim(
        "slip.f.center-last-draw",
        "f",
        "not printed",
        "the last draw left out: the sum ends at K − 1",
        entry(NEG, V[c, i]),
        scalar(PULL + Sum(PUSH, (k, ONE, K - 1))),
    ),
    Claim(
        "slip.f.center-mean",
        "f",
        "not printed",
        "a mean over the samples in place of the sum",
        entry(NEG, V[c, i]),
        scalar(PULL + total(PUSH, k) / K),
    ),
    Claim(
        "slip.f.center-inside-sum",
        "f",
        "not printed",
        "the outside word's term moved inside the sum: counted K times",
        entry(NEG, V[c, i]),
        scalar(total(PULL + PUSH, k)),
    ),
    Claim(
        "slip.f.center-samples-forgotten",
        "f",
        "not printed",
        "the path through the samples missing",
        entry(NEG, V[c, i]),
        scalar(PULL),
    ),
    Claim(
        "slip.f.outside-sign",
        "f",
        "not printed",
        "the minus sign of the loss lost",
        entry(NEG, U[o, i]),
        scalar(-pulled),
        (O_NOT_DRAWN,),
    ),
    Claim(
        "slip.f.outside-log-forgotten",
        "f",
        "not printed",
        "the derivative of σ in place of that of log σ",
        entry(NEG, U[o, i]),
        scalar(pulled * sigma(score(c, o))),
        (O_NOT_DRAWN,),
    ),
    Claim(
        "slip.f.outside-U-for-V",
        "f",
        "not printed",
        "the outside vector in place of the center vector",
        entry(NEG, U[o, i]),
        scalar(PULL),
        (O_NOT_DRAWN,),
    ),
    Claim(
        "slip.f.outside-drawn",
        "f",
        "not printed",
        "the condition dropped that the outside word is not among the samples",
        entry(NEG, U[o, i]),
        scalar(pulled),
    ),
    Claim(
        "slip.f.sample-argument",
        "f",
        "not printed",
        "σ(x) for σ(−x) in the complement",
        entry(NEG, U[drawn_word, i]),
        scalar(V[c, i] * (1 - sigma(score(c, drawn_word)))),
        (DRAWS_DISTINCT, O_NOT_DRAWN),
    ),
    Claim(
        "slip.f.sample-sign",
        "f",
        "not printed",
        "the inner minus sign of σ(−x) lost: a sample attracts",
        entry(NEG, U[drawn_word, i]),
        scalar(-pushed),
        (DRAWS_DISTINCT, O_NOT_DRAWN),
    ),
    Claim(
        "slip.f.sample-is-o",
        "f",
        "not printed",
        "the condition dropped that the sample is not the outside word",
        entry(NEG, U[drawn_word, i]),
        scalar(pushed),
        (DRAWS_DISTINCT,),
    ),
    Claim(
        "slip.f.sample-repeated",
        "f",
        "not printed",
        "the condition dropped that the samples are distinct",
        entry(NEG, U[drawn_word, i]),
        scalar(pushed),
        (O_NOT_DRAWN,),
    ),
    Claim(
        "slip.f.every-word-sampled",
        "f",
        "not printed",
        "a word pushed away whether it was drawn or not",
        entry(NEG, U[x, i]),
        scalar((1 - sigma(-score(c, x))) * V[c, i]),
        (Unequal(x, o), DRAWS_DISTINCT),
    ),
    Claim(
        "slip.f.delta-forgotten",
        "f",
        "not printed",
        "the pull of the joint form given to every row: Kronecker delta forgotten",
        entry(NEG, U[x, i]),
        scalar(g.sampling_by_row(c, o, x, i) + (1 - KroneckerDelta(x, o)) * pulled),
    ),
)

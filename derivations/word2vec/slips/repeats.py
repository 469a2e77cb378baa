"""Slips of part (g): negative sampling where a word may be drawn more than once."""

from sympy import Integer, KroneckerDelta, Sum, log

from derivations.claim import Claim, Unequal
from derivations.indices import total
from derivations.word2vec import gradients as g
from derivations.word2vec.losses import score, sigma
from derivations.word2vec.sides import NEG, O_NOT_DRAWN, drawn_word, entry, pulled, pushed, scalar
from derivations.word2vec.slips.sampling import PULL, PUSH
from derivations.word2vec.symbols import ONE, K, U, V, c, draw, i, k, o, other_draw, x

# The loss of K draws of which the first l are the word x
OF_OTHER, OF_X = log(sigma(-score(c, draw[k]))), log(sigma(-score(c, x)))
FIRST = Sum(OF_X, (k, ONE, other_draw))

PART_G = (
    Claim(
        "slip.g.split-printed",
        "g",
        "(g), line 2",
        "off by one: after l draws of x the others begin at l instead of l + 1",
        scalar(-FIRST - Sum(OF_OTHER, (k, other_draw + 1, K))),
        scalar(-FIRST - Sum(OF_OTHER, (k, other_draw, K))),
    ),
    Claim(
        "slip.g.split-overlaps",
        "g",
        "not printed",
        "the draws of x left in the sum they were split from",
        scalar(NEG),
        scalar(-log(sigma(score(c, o))) - total(OF_OTHER, k) - g.times_drawn(x) * OF_X),
    ),
    Claim(
        "slip.g.others-only",
        "g",
        "not printed",
        "the draws equal to x forgotten when the sum is split",
        scalar(NEG),
        scalar(-log(sigma(score(c, o))) - total((1 - KroneckerDelta(draw[k], x)) * OF_OTHER, k)),
    ),
    Claim(
        "slip.g.squared",
        "g",
        "not printed",
        "the multiplicity squared",
        entry(NEG, U[drawn_word, i]),
        scalar(g.times_drawn(drawn_word) ** 2 * pushed),
        (O_NOT_DRAWN,),
    ),
    Claim(
        "slip.g.one-more",
        "g",
        "not printed",
        "the multiplicity one too large: the draw at hand counted beside its repeats",
        entry(NEG, U[drawn_word, i]),
        scalar((1 + g.times_drawn(drawn_word)) * pushed),
        (O_NOT_DRAWN,),
    ),
    Claim(
        "slip.g.all-draws",
        "g",
        "not printed",
        "K times in place of l times",
        entry(NEG, U[drawn_word, i]),
        scalar(K * pushed),
        (O_NOT_DRAWN,),
    ),
    Claim(
        "slip.g.sample-is-o",
        "g",
        "not printed",
        "the condition dropped that the outside word is not among the samples",
        entry(NEG, U[drawn_word, i]),
        scalar(g.times_drawn(drawn_word) * pushed),
    ),
    Claim(
        "slip.g.center-once",
        "g",
        "not printed",
        "multiplicity lost: a word drawn again not counted again",
        entry(NEG, V[c, i]),
        scalar(PULL + total(PUSH / g.times_drawn(draw[k]), k)),
    ),
    Claim(
        "slip.g.center-twice",
        "g",
        "not printed",
        "multiplicity counted twice: l times for each of the l draws",
        entry(NEG, V[c, i]),
        scalar(PULL + total(PUSH * g.times_drawn(draw[k]), k)),
    ),
    Claim(
        "slip.g.outside-only-drawn",
        "g",
        "not printed",
        "an outside word that is also drawn counted only as a draw",
        entry(NEG, U[o, i]),
        scalar(g.times_drawn(o) * (1 - sigma(-score(c, o))) * V[c, i]),
    ),
    Claim(
        "slip.g.outside-weighted",
        "g",
        "not printed",
        "the pull on the outside word multiplied by how often it was drawn",
        entry(NEG, U[o, i]),
        scalar(g.times_drawn(o) * (pulled + (1 - sigma(-score(c, o))) * V[c, i])),
    ),
    Claim(
        "slip.g.untouched",
        "g",
        "not printed",
        "every row but the outside word's said to have no gradient",
        entry(NEG, U[x, i]),
        scalar(Integer(0)),
        (Unequal(x, o),),
    ),
)

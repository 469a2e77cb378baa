"""Part (h): the window, for an arbitrary pair loss and for both concrete ones."""

from sympy import Integer

from derivations.claim import Claim, Unequal
from derivations.word2vec import gradients as g
from derivations.word2vec.losses import pair_loss, window_sum
from derivations.word2vec.sides import WINDOW, WINDOW_NAIVE, WINDOW_NEG, D, entry, scalar
from derivations.word2vec.symbols import U, V, c, i, x

PART_H = (
    Claim(
        "h.U",
        "h",
        "(h), (i)",
        "the window by U, for an arbitrary pair loss",
        entry(WINDOW, U[x, i]),
        scalar(window_sum(lambda o, j: D(pair_loss(c, o), U[x, i]))),
    ),
    Claim(
        "h.center",
        "h",
        "(h), (ii)",
        "the window by the center vector, for an arbitrary pair loss",
        entry(WINDOW, V[c, i]),
        scalar(window_sum(lambda o, j: D(pair_loss(c, o), V[c, i]))),
    ),
    Claim(
        "h.other",
        "h",
        "(h), (iii)",
        "the window by any other center vector, for an arbitrary pair loss",
        entry(WINDOW, V[x, i]),
        scalar(Integer(0)),
        (Unequal(x, c),),
    ),
    Claim(
        "h.naive.U",
        "h",
        "(h), (i)",
        "the window of naive softmax by U",
        entry(WINDOW_NAIVE, U[x, i]),
        scalar(window_sum(lambda o, j: g.naive_softmax_by_row(c, o, x, i))),
    ),
    Claim(
        "h.naive.center",
        "h",
        "(h), (ii)",
        "the window of naive softmax by the center vector",
        entry(WINDOW_NAIVE, V[c, i]),
        scalar(window_sum(lambda o, j: g.naive_softmax_by_center(c, o, i))),
    ),
    Claim(
        "h.naive.other",
        "h",
        "(h), (iii)",
        "the window of naive softmax by any other center vector",
        entry(WINDOW_NAIVE, V[x, i]),
        scalar(Integer(0)),
        (Unequal(x, c),),
    ),
    Claim(
        "h.neg.U",
        "h",
        "(h), (i)",
        "the window of negative sampling by U",
        entry(WINDOW_NEG, U[x, i]),
        scalar(window_sum(lambda o, j: g.sampling_by_row(c, o, x, i, g.at(j)))),
    ),
    Claim(
        "h.neg.center",
        "h",
        "(h), (ii)",
        "the window of negative sampling by the center vector",
        entry(WINDOW_NEG, V[c, i]),
        scalar(window_sum(lambda o, j: g.sampling_by_center(c, o, i, g.at(j)))),
    ),
    Claim(
        "h.neg.other",
        "h",
        "(h), (iii)",
        "the window of negative sampling by any other center vector",
        entry(WINDOW_NEG, V[x, i]),
        scalar(Integer(0)),
        (Unequal(x, c),),
    ),
)

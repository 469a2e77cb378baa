"""The losses, each written once.

Every reading of a loss (its derivative, its proofs, its kernel) starts from the body given
here. Numbers in parentheses are the document's equations.
"""

from collections.abc import Callable

from sympy import Expr, KroneckerDelta, exp, log

from derivations.indices import total
from derivations.language.index_nodes import arbitrary, define
from derivations.word2vec.symbols import (
    COORDINATES,
    WORDS,
    U,
    V,
    b,
    c,
    centers,
    draw,
    h,
    j,
    k,
    near,
    o,
    outsides,
    w,
    z,
)

# The score of word w beside center word c: u_w . v_c
score = define("score", "z[{w}]", (c, w), total(U[w, h] * V[c, h], h))

# (1) and its softmax; y is the one-hot vector of the outside word
P = define("P", "P({o}|{c})", (o, c), exp(score(c, o)) / total(exp(score(c, w)), w))
yhat = define("yhat", "ŷ[{w}]", (c, w), P(w, c))
y = define("y", "y[{w}]", (o, w), KroneckerDelta(w, o))

cross_entropy = define("H", "H(y, ŷ)", (c, o), -total(y(o, w) * log(yhat(c, w)), w))

# (2)
naive_softmax = define("J_naive", "J_naive", (c, o), -log(P(o, c)))

# (4), the first form; the second is a claim
sigma = define("sigma", "σ({z})", (z,), 1 / (1 + exp(-z)))


def _negative_sampling(sample: Callable[[Expr], Expr]) -> Expr:
    """(5) and (6): the outside word, and every draw counted as often as it was drawn."""
    negatives = total(log(sigma(-score(c, sample(k)))), k)
    return -log(sigma(score(c, o))) - negatives


negative_sampling = define("J_neg", "J_neg", (c, o), _negative_sampling(lambda k: draw[k]))
negative_sampling_at = define(
    "J_neg_at", "J_neg[{j}]", (c, o, j), _negative_sampling(lambda k: draw[j, k])
)

# An arbitrary pair loss J(v_c, o, U)
pair_loss = arbitrary("J", 2, {V: 0, U: None}, {V: (COORDINATES,), U: (WORDS, COORDINATES)})


def window_sum(term: Callable[[Expr, Expr], Expr]) -> Expr:
    """(7): ``term(outside word, j)`` summed over the places j != 0 of the window."""
    return total((1 - KroneckerDelta(j, 0)) * term(near[j], j), j)


window = define("J_window", "J_window", (c,), window_sum(lambda o, j: pair_loss(c, o)))
window_naive_softmax = define(
    "J_window_naive", "J_window,naive", (c,), window_sum(lambda o, j: naive_softmax(c, o))
)
window_negative_sampling = define(
    "J_window_neg", "J_window,neg", (c,), window_sum(lambda o, j: negative_sampling_at(c, o, j))
)

# Pairs of a batch: the sum over pairs b of the loss of (centers[b], outsides[b])
batch_naive_softmax = define(
    "J_batch_naive", "J_batch,naive", (), total(naive_softmax(centers[b], outsides[b]), b)
)
batch_negative_sampling = define(
    "J_batch_neg",
    "J_batch,neg",
    (),
    total(negative_sampling_at(centers[b], outsides[b], b), b),
)

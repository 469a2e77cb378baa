"""Stretches of text: the window sum (7) of negative sampling for many centers at once.

A block g is a run of consecutive centers, the text places around them, and samples that all its
centers share. Which of the places are in the window of center p is told by ``band[g,p,q]``: one
where q is in it, zero elsewhere, but what is proved holds for any numbers. Shared samples stand
for K fresh ones of each pair, so they count K / R times the pairs that the center is in.
"""

from sympy import Expr, IndexedBase, KroneckerDelta, log

from derivations.indices import Index, IndexSet, WordArray, total
from derivations.language.index_nodes import define
from derivations.word2vec.losses import score, sigma
from derivations.word2vec.symbols import (
    DRAWS,
    ONE,
    WORDS,
    G,
    K,
    Q,
    R,
    S,
    U,
    V,
    c,
    w,
)

BLOCKS = IndexSet("block", ONE, G, inhabited=False)
CENTERS = IndexSet("center", ONE, S)
PLACES = IndexSet("place", ONE, Q)
SHARED = IndexSet("shared sample", ONE, R)

g, p = Index("g", BLOCKS), Index("p", CENTERS)
q, r = Index("q", PLACES), Index("r", SHARED)
sample = Index("l", DRAWS)

centers = WordArray("centers", WORDS)  # centers[g,p], the p-th center of block g
contexts = WordArray("contexts", WORDS)  # contexts[g,q], the word at place q of its text
shared = WordArray("shared", WORDS)  # shared[g,r], a sample of block g
band = IndexedBase("band", real=True)  # band[g,p,q], whether place q is in p's window
noise = IndexedBase("noise", real=True)  # noise[w], how probable the word w is as a sample

# how many pairs a center is in, and what each shared sample counts for it
pairs = define("pairs", "pairs[{g},{p}]", (g, p), total(band[g, p, q], q))
share = define("share", "share[{g},{p}]", (g, p), K * pairs(g, p) / R)


# what the places of a center's window add to the loss, and what the shared samples add
at_center = centers[g, p]
in_window = define(
    "in_window",
    "in_window[{g},{p}]",
    (g, p),
    -total(band[g, p, q] * log(sigma(score(at_center, contexts[g, q]))), q),
)
sampled = define(
    "sampled",
    "sampled[{g},{p}]",
    (g, p),
    -total(log(sigma(-score(at_center, shared[g, r]))), r),
)
center_loss = define(
    "J_center", "J_center[{g},{p}]", (g, p), in_window(g, p) + share(g, p) * sampled(g, p)
)
spans = define("J_spans", "J_spans", (), total(total(center_loss(g, p), p), g))

# what a sample adds on the average, if it is the word w with probability noise[w]
mean_push = define("mean_push", "E[{c}]", (c,), -total(noise[w] * log(sigma(-score(c, w))), w))


# how far each score is from what the text and the samples ask for
pull = define(
    "pull",
    "pull[{g},{p},{q}]",
    (g, p, q),
    band[g, p, q] * (1 - sigma(score(at_center, contexts[g, q]))),
)
push = define(
    "push",
    "push[{g},{p},{r}]",
    (g, p, r),
    share(g, p) * (1 - sigma(-score(at_center, shared[g, r]))),
)


def by_center(g: Expr, p: Expr, i: Expr) -> Expr:
    """Entry i of the derivative of a center's loss by its vector."""
    pushed = total(push(g, p, r) * U[shared[g, r], i], r)
    return pushed - total(pull(g, p, q) * U[contexts[g, q], i], q)


def by_row_of_V(x: Expr, i: Expr) -> Expr:
    """Entry i of the derivative by row x of V: all centers that are the word x."""
    return total(total(KroneckerDelta(at_center, x) * by_center(g, p, i), p), g)


def by_row_of_U(x: Expr, i: Expr) -> Expr:
    """Entry i of the derivative by row x of U: the places and the samples that are the word x."""
    pulled = KroneckerDelta(contexts[g, q], x) * total(pull(g, p, q) * V[at_center, i], p)
    pushed = KroneckerDelta(shared[g, r], x) * total(push(g, p, r) * V[at_center, i], p)
    return total(total(pushed, r) - total(pulled, q), g)

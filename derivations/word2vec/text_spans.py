"""Stretches of text and blocks of centers that share their samples: window sums of many centers."""

from sympy import Expr, IndexedBase, KroneckerDelta, Max, Symbol, log

from derivations.indices import Index, IndexSet, WordArray, total
from derivations.language.index_nodes import define
from derivations.word2vec.losses import (
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
    score,
    sigma,
    w,
    x,
)

# Stretches of text: the window sum (7) of negative sampling for many centers at once.
#
# A block g is a run of consecutive centers, the text places around them, and samples that all its
# centers share. Which of the places are in the window of center p is told by ``band[g,p,q]``: one
# where q is in it, zero elsewhere, but what is proved holds for any numbers. Shared samples stand
# for K fresh ones of each pair, so they count K / R times the pairs that the center is in.


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


# Blocks of centers that share one list of words: spans, in the form that is fastest to compute.
#
# All centers of block g are paired with all words of its list. How much center p counts the word
# at place l of it is ``weight[g,p,l]``, zero where the two are no pair; ``sign[l]`` is one for
# samples and minus one for words of the text. What is proved holds for any numbers. The places of
# a span and its samples are two parts of such a list.


L = Symbol("L", integer=True, positive=True)  # words in the list of a block
LISTED = IndexSet("listed word", ONE, L)
ell = Index("l", LISTED)

T = Symbol("T", integer=True, positive=True)  # kinds of centers

lists = WordArray("lists", WORDS)  # lists[g,l], a word of block g
weight = IndexedBase("weight", real=True)  # weight[g,p,l], what center p counts the word
sign = IndexedBase("sign", real=True)  # sign[l], one or minus one


def paired(number: Expr, sign: Expr, word: Expr, place: Index) -> Expr:
    """What a center's pairs with all the words of a list add to the loss."""
    return -total(number * log(sigma(-sign * score(at_center, word))), place)


blocks = define(
    "J_blocks",
    "J_blocks",
    (),
    total(total(paired(weight[g, p, ell], sign[ell], lists[g, ell], ell), p), g),
)


def of_a_span(number_of_samples: Expr, sign_of_samples: Expr) -> Expr:
    """The loss of blocks whose lists are the places of a span, then its samples."""
    places = paired(band[g, p, q], -ONE, contexts[g, q], q)
    samples = paired(number_of_samples, sign_of_samples, shared[g, r], r)
    return total(total(places + samples, p), g)


span = of_a_span(share(g, p), ONE)

# the derivative of the loss by a score
error = define(
    "error",
    "error[{g},{p},{l}]",
    (g, p, ell),
    weight[g, p, ell] * sign[ell] * (1 - sigma(-sign[ell] * score(at_center, lists[g, ell]))),
)


def at_centers(number: Expr, x: Expr) -> Expr:
    """The numbers of all centers that are the word x."""
    return total(total(KroneckerDelta(at_center, x) * number, p), g)


def at_places(number: Expr, x: Expr) -> Expr:
    """The numbers of all listed words that are the word x."""
    return total(total(KroneckerDelta(lists[g, ell], x) * number, ell), g)


def block_by_row_of_V(x: Expr, i: Expr) -> Expr:
    """Entry i of the derivative by row x of V."""
    return at_centers(total(error(g, p, ell) * U[lists[g, ell], i], ell), x)


def block_by_row_of_U(x: Expr, i: Expr) -> Expr:
    """Entry i of the derivative by row x of U."""
    return at_places(total(error(g, p, ell) * V[at_center, i], p), x)


# The mass of a row is what all pairs that move it count. A step whose rate times the mass of a row
# is above a bound moves this row at a lower rate, so that they come to the bound.
mass_of_V = define("mass_V", "mass_V[{x}]", (x,), at_centers(total(weight[g, p, ell], ell), x))
mass_of_U = define("mass_U", "mass_U[{x}]", (x,), at_places(total(weight[g, p, ell], p), x))
rate, most = Symbol("rate", real=True), Symbol("most", real=True)


def bounded_rate(mass: Expr) -> Expr:
    """The rate of a row: rate, or most / mass if that is less."""
    return rate / Max(1, rate * mass / most)

"""The skip-gram model: its letters, losses, their stable forms and claimed gradients, each once.

Stretches of text and blocks of centers that share their samples are window sums of many centers.
"""

from collections.abc import Callable

from sympy import (
    Abs,
    Derivative,
    Expr,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Symbol,
    exp,
    log,
)

from derivations.claim import Distinct, NotAmong
from derivations.indices import Index, IndexSet, WordArray, total
from derivations.language.index_nodes import arbitrary, define, softmax
from derivations.language.tree import Array, column

# Sizes, index sets, parameters and words of the skip-gram model.
#
# Row w of U is the outside vector u_w, row w of V the center vector v_w: rows are words. The
# document writes words as columns; there are both readings of the matrices below.


N = Symbol("N", integer=True, positive=True)  # words in the vocabulary
d = Symbol("d", integer=True, positive=True)  # coordinates of a word vector
K = Symbol("K", integer=True, nonnegative=True)  # negative samples of one outside word
m = Symbol("m", integer=True, nonnegative=True)  # window size: m words on either side
B = Symbol("B", integer=True, nonnegative=True)  # pairs in a batch
G = Symbol("G", integer=True, nonnegative=True)  # blocks of a stretch of text
S = Symbol("S", integer=True, positive=True)  # centers in a block
Q = Symbol("Q", integer=True, positive=True)  # places around them
R = Symbol("R", integer=True, positive=True)  # samples that a block shares

ONE = Integer(1)
WORDS = IndexSet("word", ONE, N, labels=True)
COORDINATES = IndexSet("coordinate", ONE, d)
DRAWS = IndexSet("draw", ONE, K, inhabited=False)
OFFSETS = IndexSet("offset", -m, m)
PAIRS = IndexSet("pair", ONE, B, inhabited=False)

c, o, w, x, a = (Index(name, WORDS) for name in "cowxa")
i, h = Index("i", COORDINATES), Index("h", COORDINATES)
k, other_draw = Index("k", DRAWS), Index("l", DRAWS)
j = Index("j", OFFSETS)
b = Index("b", PAIRS)

U = IndexedBase("U")  # outside vectors, (N, d)
V = IndexedBase("V")  # center vectors, (N, d)
draw = WordArray("n", WORDS)  # n[k], the k-th negative sample; n[j,k] at place j
near = WordArray("near", WORDS)  # near[j], the word j places from the center
centers = WordArray("centers", WORDS)  # centers[b], the center word of pair b
outsides = WordArray("outsides", WORDS)  # outsides[b], its outside word
z = Symbol("z", real=True)  # a score
shift = Symbol("M", real=True)  # a number taken off every score


# The losses, each written once.
#
# Every reading of a loss (its derivative, its proofs, its kernel) starts from the body given
# here. Numbers in parentheses are the document's equations.


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


# The forms that floating-point evaluation uses: equal to the losses, and kind to rounding.
#
# Each is claimed in `claims.py` and proved like any other line; the generator
# rewrites by those claims. `a` is any word: the equalities hold for all of them, and the generated
# code takes the one with the largest score.


FORMS = softmax(lambda member: score(c, member), (c,), w, o, a)
weight, weight_sum = FORMS.weight, FORMS.weight_sum
weight_of_others = FORMS.weight_of_others
excess, error = FORMS.excess, FORMS.error  # yhat_w - y_w, times the weight sum or not
lagging_loss = FORMS.lag

# The same from one sum: the weight of a is 1, and a sum in which it stays is at least that, so that
# taking another weight, which is at most 1, off it loses little. Without a nothing is taken off.
sum_at_once = define("sum_at_once", "1+Σe≠{a}", (c, a), 1 + weight_of_others(c, a, a))
others_at_once = define(
    "others_at_once",
    "Σe≠{a}→{o}",
    (c, a, o),
    KroneckerDelta(o, a) * weight_of_others(c, a, a)
    + (1 - KroneckerDelta(o, a)) * (sum_at_once(c, a) - weight(c, a, o)),
)
excess_at_once = define(
    "excess_at_once",
    "excess[{w}]",
    (c, o, a, w),
    (1 - KroneckerDelta(w, o)) * weight(c, a, w) - KroneckerDelta(w, o) * others_at_once(c, a, o),
)
error_at_once = excess_at_once(c, o, a, w) / sum_at_once(c, a)

# exp is only ever taken of a number that is not positive
sigma_by_sign = define(
    "sigma_by_sign",
    "σ±({z})",
    (z,),
    exp(Min(z, 0)) / (1 + exp(-Abs(z))),
)
log_sigma_by_sign = define(
    "log_sigma_by_sign", "logσ±({z})", (z,), Min(z, 0) - log(1 + exp(-Abs(z)))
)


# The claimed gradients, each written once: formulas over the words and indices they are at.
#
# `claims.py` states them, `codegen` lowers the very same expressions once they are proved.


Sample = Callable[[Expr], Expr]


def single(k: Expr) -> Expr:
    """The k-th draw where there is one outside word."""
    return draw[k]


def at(place: Expr) -> Sample:
    """The draws of one place of a window, or of one pair of a batch."""
    return lambda k: draw[place, k]


def naive_softmax_by_center(c: Expr, o: Expr, i: Expr) -> Expr:
    """(b): entry i of U(yhat - y)."""
    return total(U[w, i] * (yhat(c, w) - y(o, w)), w)


def naive_softmax_by_row(c: Expr, o: Expr, x: Expr, i: Expr) -> Expr:
    """(c), joint form: entry i of (yhat_x - y_x) v_c."""
    return (yhat(c, x) - y(o, x)) * V[c, i]


def sampling_by_center(c: Expr, o: Expr, i: Expr, sample: Sample = single) -> Expr:
    """(f) and (g): entry i of the derivative by v_c, each draw counted."""
    pull = -U[o, i] * (1 - sigma(score(c, o)))
    return pull + total(U[sample(k), i] * (1 - sigma(-score(c, sample(k)))), k)


def sampling_by_row(c: Expr, o: Expr, x: Expr, i: Expr, sample: Sample = single) -> Expr:
    """(g) for any row x of U: x counts once as the outside word, and once for each draw."""
    pull = -KroneckerDelta(x, o) * (1 - sigma(score(c, o)))
    push = total(KroneckerDelta(sample(k), x) * (1 - sigma(-score(c, sample(k)))), k)
    return (pull + push) * V[c, i]


def times_drawn(x: Expr) -> Expr:
    """(g): how many of the draws are the word x; the document's l."""
    return total(KroneckerDelta(draw[other_draw], x), other_draw)


# What claims and slips are made of: both sides of an equality, and the losses they are about.


def D(function: Expr, by: Expr) -> Expr:
    """The partial derivative, written but not taken."""
    return Derivative(function, by, evaluate=False)


def scalar(entry: Expr) -> Array:
    """A side without a shape."""
    return Array(entry)


def entry(function: Expr, by: Expr) -> Array:
    """One entry of a gradient, at whatever indices ``by`` has."""
    return scalar(D(function, by))


def matrix(function: Expr, by: Expr, row: Index, col: Index) -> Array:
    """The gradient by a matrix, with its axes in the order given."""
    return Array(D(function, by), (row, col), f"∂{function.func.__name__}/∂{by.base}")


v_c = column(V[c, i], i, "v_c")
U_columns = Array(U[w, i], (i, w), "U")
U_rows = Array(U[w, i], (w, i), "U")
yhat_minus_y = column(yhat(c, w) - y(o, w), w, "(ŷ − y)")

NAIVE, NEG = naive_softmax(c, o), negative_sampling(c, o)
WINDOW, WINDOW_NAIVE, WINDOW_NEG = window(c), window_naive_softmax(c), window_negative_sampling(c)
BATCH_NAIVE, BATCH_NEG = batch_naive_softmax(), batch_negative_sampling()
O_NOT_DRAWN, DRAWS_DISTINCT = NotAmong(o, draw), Distinct(draw)
drawn_word = draw[k]
pushed = (1 - sigma(-score(c, drawn_word))) * V[c, i]
pulled = -(1 - sigma(score(c, o))) * V[c, i]


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
word_weight = IndexedBase("weight", real=True)  # weight[g,p,l], what center p counts the word
sign = IndexedBase("sign", real=True)  # sign[l], one or minus one


def paired(number: Expr, sign: Expr, word: Expr, place: Index) -> Expr:
    """What a center's pairs with all the words of a list add to the loss."""
    return -total(number * log(sigma(-sign * score(at_center, word))), place)


blocks = define(
    "J_blocks",
    "J_blocks",
    (),
    total(total(paired(word_weight[g, p, ell], sign[ell], lists[g, ell], ell), p), g),
)


def of_a_span(number_of_samples: Expr, sign_of_samples: Expr) -> Expr:
    """The loss of blocks whose lists are the places of a span, then its samples."""
    places = paired(band[g, p, q], -ONE, contexts[g, q], q)
    samples = paired(number_of_samples, sign_of_samples, shared[g, r], r)
    return total(total(places + samples, p), g)


span = of_a_span(share(g, p), ONE)

# the derivative of the loss by a score
word_error = define(
    "error",
    "error[{g},{p},{l}]",
    (g, p, ell),
    word_weight[g, p, ell] * sign[ell] * (1 - sigma(-sign[ell] * score(at_center, lists[g, ell]))),
)


def at_centers(number: Expr, x: Expr) -> Expr:
    """The numbers of all centers that are the word x."""
    return total(total(KroneckerDelta(at_center, x) * number, p), g)


def at_places(number: Expr, x: Expr) -> Expr:
    """The numbers of all listed words that are the word x."""
    return total(total(KroneckerDelta(lists[g, ell], x) * number, ell), g)


def block_by_row_of_V(x: Expr, i: Expr) -> Expr:
    """Entry i of the derivative by row x of V."""
    return at_centers(total(word_error(g, p, ell) * U[lists[g, ell], i], ell), x)


def block_by_row_of_U(x: Expr, i: Expr) -> Expr:
    """Entry i of the derivative by row x of U."""
    return at_places(total(word_error(g, p, ell) * V[at_center, i], p), x)


# The mass of a row is what all pairs that move it count. A step whose rate times the mass of a row
# is above a bound moves this row at a lower rate, so that they come to the bound.
mass_of_V = define("mass_V", "mass_V[{x}]", (x,), at_centers(total(word_weight[g, p, ell], ell), x))
mass_of_U = define("mass_U", "mass_U[{x}]", (x,), at_places(total(word_weight[g, p, ell], p), x))
rate, most = Symbol("rate", real=True), Symbol("most", real=True)


def bounded_rate(mass: Expr) -> Expr:
    """The rate of a row: rate, or most / mass if that is less."""
    return rate / Max(1, rate * mass / most)

"""Blocks of centers that share one list of words: spans, in the form that is fastest to compute.

All centers of block g are paired with all words of its list. How much center p counts the word at
place l of it is ``weight[g,p,l]``, zero where the two are no pair; ``sign[l]`` is one for samples
and minus one for words of the text. What is proved holds for any numbers. The places of a span and
its samples are two parts of such a list.
"""

from sympy import Expr, IndexedBase, KroneckerDelta, Max, Symbol, log

from derivations.indices import Index, IndexSet, WordArray, total
from derivations.language.index_nodes import define
from derivations.word2vec.losses import score, sigma
from derivations.word2vec.spans import at_center, band, contexts, g, p, q, r, share, shared
from derivations.word2vec.symbols import ONE, WORDS, U, V, x

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


def by_row_of_V(x: Expr, i: Expr) -> Expr:
    """Entry i of the derivative by row x of V."""
    return at_centers(total(error(g, p, ell) * U[lists[g, ell], i], ell), x)


def by_row_of_U(x: Expr, i: Expr) -> Expr:
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

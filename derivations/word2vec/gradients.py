"""The claimed gradients, each written once: formulas over the words and indices they are at.

`claims/` states them, `codegen` lowers the very same expressions once they are proved.
"""

from collections.abc import Callable

from sympy import Expr, KroneckerDelta

from derivations.indices import total
from derivations.word2vec.losses import score, sigma, y, yhat
from derivations.word2vec.symbols import U, V, draw, k, other_draw, w

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

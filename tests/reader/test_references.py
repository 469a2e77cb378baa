"""What the references of the spellings mean, against expressions made by hand."""

import pytest
from sympy import Derivative, Expr, IndexedBase, Integer, KroneckerDelta, Symbol, exp, log

from derivations.indices import Index, IndexSet, WordArray, total
from derivations.language.tree import Term
from derivations.language.tree import spelled as shape_spelled
from tests.reader.alpha import spelled
from tests.reader.meaning import meaning, read
from tests.reader.spellings import SAME

N = Symbol("N", integer=True, positive=True)
d = Symbol("d", integer=True, positive=True)
K = Symbol("K", integer=True, nonnegative=True)
a, b, z, s = (Symbol(name, real=True) for name in "abzs")
WORDS = IndexSet("Vocab", Integer(1), N, labels=True)
COORDINATES = IndexSet("1..d", Integer(1), d)
DRAWS = IndexSet("1..K", Integer(1), K, inhabited=False)
o, c, w, n = (Index(name, WORDS) for name in "ocwn")
h = Index("h", COORDINATES)
k, i = Index("k", DRAWS), Index("i", DRAWS)
U, V, p, q = map(IndexedBase, "UVpq")
drawn = WordArray("w", WORDS)
# axes are called as they are in the strings that are compared
row, column = Index("axis 0", COORDINATES), Index("axis 1", COORDINATES)
word_row, word_column = Index("axis 0", WORDS), Index("axis 1", WORDS)


def score(word: Expr) -> Expr:
    return total(U[word, h] * V[c, h], h)


def softmax(word: Expr) -> Expr:
    return exp(score(word)) / total(exp(score(n)), n)


def is_o(word: Expr) -> Expr:
    return KroneckerDelta(word, o)


sigmoid = 1 / (1 + exp(-z))
loss = -log(softmax(o))
BY_HAND = {
    r"\frac{\partial}{\partial v_c} J(v_c, o, U)": Derivative(loss, V[c, row], evaluate=False),
    r"\frac{\partial}{\partial U} J": Derivative(loss, U[word_column, row], evaluate=False),
    r"\sigma'(z)": Derivative(sigmoid, z, evaluate=False),
    r"u_o^T v_c": score(o),
    r"\lVert v_c \rVert^2": total(V[c, h] ** 2, h),
    r"v_c (\hat{y} - y)^T": V[c, row] * (softmax(word_column) - is_o(word_column)),
    r"U (\hat{y} - y)": total(U[n, row] * (softmax(n) - is_o(n)), n),
    r"p \odot q": p[row] * q[row],
    r"\operatorname{diag}(p) q": total(KroneckerDelta(row, h) * p[row] * q[h], h),
    r"\frac{z}{s}": z / s,
    r"\frac{1}{2} z": z / 2,
    r"z s": z * s,
    r"(z + s) a": (z + s) * a,
    r"\sum_{w=1}^{N} y_w": total(is_o(w), w),
    r"\sum_{k=1}^K a": total(a, k),
    r"\sum_{w, w \ne o} y_w": total((1 - is_o(w)) * is_o(w), w),
    r"\sum_{i : w_i = w_k} a": total(KroneckerDelta(drawn[i], drawn[k]) * a, i),
    r"\exp(z)": exp(z),
    r"\log(z)": log(z),
    r"\log(\sum_w \exp(u_w^T v_c))": log(total(exp(score(w)), w)),
    r"\sigma(z)": sigmoid,
    r"\mathrm{softmax}(U^T v_c)_w": softmax(w),
    r"\hat{y}_w": softmax(w),
    r"P(O = o | C = c)": softmax(o),
    r"\mathbb{1}_{w = o}": is_o(w),
    r"|Vocab|": N,
    r"U": U[word_column, row],
    r"y": is_o(word_row),
}


def test_every_reference_is_made_by_hand() -> None:
    assert set(BY_HAND) == set(SAME)


@pytest.mark.parametrize("latex", BY_HAND)
def test_a_reference_means_what_was_made_by_hand(latex: str) -> None:
    assert meaning(latex).partition(" ")[2].endswith(spelled(BY_HAND[latex]))


@pytest.mark.parametrize(
    ("latex", "shape"),
    [
        ("U", "(d, N)"),
        ("y", "(N, 1)"),
        (r"\frac{\partial}{\partial U} J", "(d, N)"),
        (r"v_c (\hat{y} - y)^T", "(d, N)"),
        (r"U (\hat{y} - y)", "(d, 1)"),
        (r"u_o^T v_c", "scalar"),
    ],
)
def test_a_reference_has_the_shape_it_says(latex: str, shape: str) -> None:
    value, _ = read(latex)
    assert isinstance(value, Term)
    assert shape_spelled(value.shape) == shape

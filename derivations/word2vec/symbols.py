"""Sizes, index sets, parameters and words of the skip-gram model.

Row w of U is the outside vector u_w, row w of V the center vector v_w: rows are words. The
document writes words as columns; `losses.py` has both readings of the matrices.
"""

from sympy import IndexedBase, Integer, Symbol

from derivations.indices import Index, IndexSet, WordArray

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

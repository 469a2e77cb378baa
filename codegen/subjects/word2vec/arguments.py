"""The arguments of the kernels: what each one stands for, its shape and its meaning. Data."""

from sympy import Integer

from codegen.kernel import Argument
from derivations.word2vec.losses import (
    COORDINATES,
    DRAWS,
    OFFSETS,
    PAIRS,
    WORDS,
    U,
    V,
    b,
    c,
    centers,
    draw,
    i,
    j,
    k,
    near,
    o,
    outsides,
    w,
)

ORIGIN = "derivations/word2vec/ and codegen/subjects/word2vec/"
LAYOUT = (PAIRS, OFFSETS, DRAWS, WORDS, COORDINATES)

CENTER_VECTOR = Argument("v_c", V[c, i], (i,), ("d",), meaning="the center vector")
CENTER_WORD = Argument("c", c, meaning="the center word")
OUTSIDE_WORD = Argument("o", o, meaning="the outside word")
OUTSIDE_ROWS = Argument("U", U[w, i], (w, i), ("N", "d"), meaning="one outside vector a row")
CENTER_ROWS = Argument("V", V[w, i], (w, i), ("N", "d"), meaning="one center vector a row")
NEGATIVES = Argument(
    "negatives", draw[k], (k,), ("K",), meaning="sampled words, each counted as often as drawn"
)
WINDOW = Argument(
    "outside", near[j], (j,), ("J",), Integer(0), meaning="the outside words of the window"
)
WINDOW_NEGATIVES = Argument(
    "negatives", draw[j, k], (j, k), ("J", "K"), Integer(0), meaning="samples for each outside word"
)
CENTERS = Argument("centers", centers[b], (b,), ("B",), meaning="the center word of each pair")
OUTSIDES = Argument("outsides", outsides[b], (b,), ("B",), meaning="the outside word of each pair")
BATCH_NEGATIVES = Argument(
    "negatives", draw[b, k], (b, k), ("B", "K"), meaning="samples for each pair"
)

PAIR = (CENTER_VECTOR, OUTSIDE_WORD, OUTSIDE_ROWS)
BATCH = (CENTER_ROWS, OUTSIDE_ROWS, CENTERS, OUTSIDES)
SKIP_GRAM = (CENTER_WORD, WINDOW, CENTER_ROWS, OUTSIDE_ROWS)

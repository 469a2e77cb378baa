"""Index sets, variables, lists and functions of random terms, and instances of these."""

from sympy import IndexedBase, Integer, Symbol, exp

from derivations.indices import Index, IndexSet, total
from derivations.language.tree import Arbitrary, Array, IndexVariable, Shape, Variable, WordList
from derivations.proof.index_evaluation import Instance

ONE = Integer(1)
n = Symbol("n", integer=True, positive=True)
m = Symbol("m", integer=True, nonnegative=True)
N = Symbol("N", integer=True, positive=True)
K = Symbol("K", integer=True, nonnegative=True)
p = Symbol("p", integer=True, nonnegative=True)

SIZES = {"n": 1, "m": 0, "N": 1, "K": 0, "p": 0}  # with the least value of each
ROWS = IndexSet("row", ONE, n)
COLUMNS = IndexSet("column", ONE, m, inhabited=False)
WORDS = IndexSet("word", ONE, N, labels=True)
DRAWS = IndexSet("draw", ONE, K, inhabited=False)
OFFSETS = IndexSet("offset", -p, p)
SPACES = (ROWS, COLUMNS, WORDS, DRAWS, OFFSETS)
AXES = (ROWS, COLUMNS, WORDS)

LETTERS = tuple(
    IndexVariable(space, name)
    for space, name in ((ROWS, "s"), (WORDS, "o"), (WORDS, "c"), (DRAWS, "q"), (OFFSETS, "l"))
)
SHAPES: tuple[Shape, ...] = (
    (),
    (),
    (),
    (ROWS, None),
    (COLUMNS, None),
    (None, ROWS),
    (ROWS, ROWS),
    (ROWS, COLUMNS),
    (WORDS, ROWS),
    (WORDS, None),
)
VARIABLES = (
    Variable((), "a"),
    Variable((), "b"),
    Variable((ROWS, None), "x"),
    Variable((ROWS, None), "y"),
    Variable((COLUMNS, None), "z"),
    Variable((None, ROWS), "r"),
    Variable((ROWS, ROWS), "A"),
    Variable((ROWS, ROWS), "B"),
    Variable((ROWS, COLUMNS), "C"),
    Variable((WORDS, ROWS), "U"),
    Variable((WORDS, None), "t"),
)
FAMILY = Variable((ROWS, ROWS), "S", over=WORDS)  # a matrix for each word
DRAWN = WordList("w", WORDS, DRAWS)
NEAR = WordList("near", WORDS, OFFSETS)
LISTS = (DRAWN, NEAR)

OF_NUMBER = Arbitrary("f", (Variable((), "f1"),))
OF_VECTOR = Arbitrary("g", (Variable((ROWS, None), "g1"),))
OF_ALL = Arbitrary(
    "J", (Variable((ROWS, None), "J1"), IndexVariable(WORDS, "J2"), Variable((WORDS, ROWS), "J3"))
)
OF_TURNED = Arbitrary("L", (Variable((ROWS, WORDS), "L1"),))
ARBITRARY = (OF_NUMBER, OF_VECTOR, OF_ALL, OF_TURNED)

_s, _i, _h = Index("s", ROWS), Index("i", ROWS), Index("h", ROWS)
_A, _x = IndexedBase("A"), IndexedBase("x")
TYPED = (
    Array(total(_A[_h, _s] * _x[_h], _h), (), "typed"),
    Array(_A[_i, _s] + exp(_x[_i]), (_i, None), "column"),
    Array(_A[_i, _h] * _x[_s] - _A[_h, _i], (_i, _h), "square"),
)

INSTANCES = tuple(
    Instance(
        dict(zip(SIZES, sizes, strict=True)),
        {
            **{("w", (k,)): word for k, word in enumerate(drawn, start=1)},
            **{("near", (j,)): word for j, word in near.items()},
        },
        dict(zip(("s", "o", "c", "q", "l"), letters, strict=True)),
    )
    for sizes, drawn, near, letters in (
        ((2, 3, 2, 2, 1), (2, 1), {-1: 1, 1: 2}, (2, 1, 2, 2, 1)),
        ((2, 1, 3, 2, 1), (3, 2), {-1: 3, 1: 3}, (1, 3, 3, 2, -1)),
        ((1, 2, 2, 1, 0), (1,), {}, (1, 2, 1, 1, 0)),
        ((3, 2, 1, 2, 1), (1, 1), {-1: 1, 1: 1}, (2, 1, 1, 2, 0)),
        ((1, 0, 1, 0, 0), (), {}, (1, 1, 1, 1, 0)),
    )
)

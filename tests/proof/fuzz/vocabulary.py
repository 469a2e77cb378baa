"""The names random expressions are made of: few, so that they are used over and over.

Every name is free where no sum binds it, and may be bound at several depths at once.
"""

from __future__ import annotations

from sympy import Expr, IndexedBase, Integer, Symbol

from derivations.indices import Index, IndexSet, WordArray
from derivations.language.index_nodes import applied, arbitrary
from derivations.word2vec.losses import (
    COORDINATES,
    DRAWS,
    OFFSETS,
    WORDS,
    K,
    N,
    U,
    V,
    d,
    m,
)

SPACES = (WORDS, WORDS, WORDS, COORDINATES, DRAWS, DRAWS, OFFSETS)
POOL: dict[IndexSet, tuple[Index, ...]] = {
    WORDS: tuple(Index(name, WORDS) for name in "ocxw"),
    COORDINATES: tuple(Index(name, COORDINATES) for name in "ih"),
    DRAWS: tuple(Index(name, DRAWS) for name in "kl"),
    OFFSETS: tuple(Index(name, OFFSETS) for name in "jt"),
}
# Numbers that need not be members: word 2 where N = 1, draw 1 where K = 0, offset 1 where m = 0.
NUMBERS = {WORDS: (1, 1, 2), COORDINATES: (1, 1, 2), DRAWS: (1, 2), OFFSETS: (0, 0, 1)}

# Members by their place among all: sure ones, and ones that are there at most sizes.
LAST: dict[IndexSet, Expr] = {WORDS: N, COORDINATES: d, DRAWS: K, OFFSETS: m}

DRAWN = WordArray("n", WORDS)
NEXT = WordArray("next", WORDS)
LISTS: dict[WordArray, tuple[IndexSet, ...]] = {
    DRAWN: (DRAWS,),
    WordArray("near", WORDS): (OFFSETS,),
    NEXT: (WORDS,),
    WordArray("q", WORDS): (OFFSETS, DRAWS),
}
MATRICES: tuple[IndexedBase, ...] = (U, V)
FUNCTIONS = (
    (arbitrary("F", 1, {U: 0}, {U: (COORDINATES,)}), (WORDS,)),
    (arbitrary("G", 2, {V: None}, {V: (WORDS, COORDINATES)}), (WORDS, COORDINATES)),
    (arbitrary("H", 1, {}, {}), (DRAWS,)),
    (arbitrary("T", 1, {}, {}), (OFFSETS,)),
)
# Of one number, of a label and two numbers, of a vector, of a matrix.
APPLIED = (
    applied("f", 0, (0,)),
    applied("g", 1, (0, 0)),
    applied("L", 0, (1,)),
    applied("M", 0, (2,)),
)
SCALARS = (Symbol("z", real=True), Symbol("M", real=True))
SIZES = (N, d, K, m)
SIZE_OF = {N: WORDS, d: COORDINATES, K: DRAWS}

# Parts of an index set: sums over them may not be contracted as if they were the whole.
PARTS: dict[IndexSet, tuple[tuple[object, object], ...]] = {
    WORDS: ((Integer(2), N), (Integer(1), N - 1)),
    COORDINATES: ((Integer(2), d),),
    DRAWS: ((Integer(1), K + 1),),
    OFFSETS: ((Integer(0), m), (Integer(1), m)),
}

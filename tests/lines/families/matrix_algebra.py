"""Matrix algebra: transposes, repeated matrices, square and not, entries, gradients of forms."""

from __future__ import annotations

from random import Random

from tests.lines.algebra import entry_of, mul
from tests.lines.context import Context, Shape, Unfit
from tests.lines.derive import Derive, gradient
from tests.lines.family import Equality, Family, first_fitting, some
from tests.lines.grow import Grow
from tests.lines.rewritings import MATRICES, NUMBERS
from tests.lines.tree import (
    Add,
    Block,
    Declaration,
    Deriv,
    Entry,
    Index,
    Item,
    Letter,
    Matmul,
    Matrix,
    Name,
    Neg,
    NormSquared,
    Scalar,
    Size,
    Term,
    Transpose,
    Vector,
)


def _setting(random: Random) -> tuple[Item, ...]:
    square = random.random() < 0.45
    first, second = random.choice((("n", "m"), ("m", "n"), ("p", "q"), ("N", "n")))
    given: list[Declaration] = [Size(first, 1)]
    given += [] if square else [Size(second, 1)]
    given += [Index(each, first) for each in some(random, "i j", 1, 2)]
    given += [] if square else [Index(each, second) for each in some(random, "k l", 1, 2)]
    given += [Scalar(each) for each in some(random, r"a \lambda", 0, 2)]
    given += [Vector(each, first) for each in some(random, "x y z", 2, 2)]
    if square or random.random() < 0.5:
        given += [Matrix(each, first, first) for each in some(random, "A B", 1, 2)]
    if not square:
        given += [Vector(each, second) for each in some(random, "u b w", 1, 2)]
        given += [Matrix(each, second, first) for each in some(random, "X W C", 1, 2)]
    return (Block(tuple(given)),)


def _equality(random: Random, context: Context) -> Equality:
    ways = [_rewritten] * 5 + [_gradient] * 3 + [_entry] + [_transposed] + [_least_squares] * 3
    return first_fitting(ways, _rewritten, random, context)


def _shape(random: Random, context: Context) -> Shape:
    axes = sorted(set(context.vectors.values()))
    match random.randrange(6):
        case 0 | 1:
            return ()
        case 2 | 3:
            return (random.choice(axes), None)
        case 4:
            return (None, random.choice(axes))
    return random.choice(sorted(context.matrices.values()))


def _rewritten(random: Random, context: Context) -> Equality:
    for _ in range(10):
        try:
            term = Grow(context, random).array(_shape(random, context), 3)
        except Unfit:
            continue
        return Equality("rewritten", term, term)
    raise Unfit


def _transposed(random: Random, context: Context) -> Equality:
    """A product turned over: (A B x)^T = x^T B^T A^T."""
    term = Grow(context, random).array(_shape(random, context), 3)
    return Equality("transposed", _turned(term), Transpose(term))


def _turned(term: Term) -> Term:
    match term:
        case Matmul(left, right):
            return Matmul(_turned(right), _turned(left))
        case Transpose(of):
            return of
        case Add(parts):
            return Add(tuple(map(_turned, parts)))
        case Neg(of):
            return Neg(_turned(of))
    return Transpose(term)


def _gradient(random: Random, context: Context) -> Equality:
    term = Grow(context, random).array((), 2)
    names = [*context.vectors, *context.matrices]
    by = Name(random.choice(names))
    if random.random() < 0.2:
        return _slope(term, by, random, context)
    return Equality("gradient", Deriv(term, by), gradient(term, by, context, set(), random))


def _slope(term: Term, by: Name, random: Random, context: Context) -> Equality:
    """One entry of a gradient."""
    shape = context.shape(by)
    assert shape
    at = [random.choice(context.letters_of(axis)) for axis in shape if axis is not None]
    entry = Entry(by, tuple(map(Letter, at)))
    return Equality(
        "derivative by an entry",
        Deriv(term, entry),
        Derive(entry, context, set(), random).of(term),
    )


def _entry(random: Random, context: Context) -> Equality:
    axis = random.choice(sorted(set(context.vectors.values())))
    term = Grow(context, random).array((axis, None), 3)
    at = Letter(random.choice(context.letters_of(axis)))
    return Equality("entry", Entry(term, (at,)), entry_of(term, at, None, context, {at.name}))


def _least_squares(random: Random, context: Context) -> Equality:
    """The squared norm of a residual, its gradient, or its terms."""
    name, (rows, columns) = random.choice(sorted(context.matrices.items()))
    sides = [n for n, axis in context.vectors.items() if axis == rows]
    unknowns = [n for n, axis in context.vectors.items() if axis == columns]
    if not sides or not unknowns:
        raise Unfit
    y, x, matrix = Name(random.choice(sides)), Name(random.choice(unknowns)), Name(name)
    fitted: Term = Matmul(matrix, x)
    residual = Add((fitted, Neg(y)) if random.random() < 0.5 else (y, Neg(fitted)))
    loss: Term = NormSquared(residual)
    if context.scalars and random.random() < 0.4:
        loss = Add((loss, mul(Name(random.choice(context.scalars)), NormSquared(x))))
    if random.random() < 0.3:
        return Equality("squared norm", loss, loss)
    by = x if random.random() < 0.7 else matrix
    return Equality("least squares", Deriv(loss, by), gradient(loss, by, context, set(), random))


MATRIX_ALGEBRA = Family(
    "matrix algebra",
    _setting,
    _equality,
    (*MATRICES, *MATRICES, *NUMBERS),
    (
        "lost_transpose",
        "needless_transpose",
        "exchanged_matrices",
        "lost_matrix",
        "exchanged_indices",
        "wrong_product",
    ),
)

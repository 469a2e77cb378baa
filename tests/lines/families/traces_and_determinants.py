"""Traces, inverses and determinants: cyclic products, gradients by matrices, logarithms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from random import Random

from tests.lines.algebra import add, mul, neg
from tests.lines.context import Context, Unfit
from tests.lines.family import Equality, Family, some
from tests.lines.rewritings import DETERMINANTS, MATRICES
from tests.lines.tree import (
    ONE,
    ZERO,
    Apply,
    Block,
    Cell,
    Declaration,
    Deriv,
    Det,
    Div,
    Index,
    Inv,
    Item,
    Matmul,
    Matrix,
    Name,
    Num,
    Scalar,
    Size,
    Term,
    Trace,
    Transpose,
    Vector,
)

MOST_FACTORS = 3


def _setting(random: Random) -> tuple[Item, ...]:
    size = random.choice("nd")
    given: list[Declaration] = [Size(size, 1), Index("i", size)]
    given += [Scalar("a")] if random.random() < 0.4 else []
    given += [Vector(each, size) for each in some(random, "x y", 1, 2)]
    given += [Matrix(each, size, size) for each in some(random, "A B", 1, 2)]
    given += [Matrix(each, size, size, said="invertible") for each in some(random, "M N", 1, 2)]
    definite = some(random, r"P \Sigma \Lambda", 1, 2)
    given += [Matrix(each, size, size, said="positive definite") for each in definite]
    return (Block(tuple(given)),)


def undeclared(setting: tuple[Item, ...]) -> tuple[Item, ...]:
    """The same where the matrices that were symmetric need not be."""
    return tuple(
        Block(tuple(map(_plain, item.given))) if isinstance(item, Block) else item
        for item in setting
    )


def _plain(given: Declaration) -> Declaration:
    if isinstance(given, Matrix) and given.said:
        return Matrix(given.name, given.rows, given.columns, said="invertible")
    return given


def _equality(random: Random, context: Context) -> Equality:
    ways = [_rewritten] * 4 + [_of_a_trace] * 4 + [_of_a_determinant] * 3 + [_logarithm] * 2
    ways += [_beside_product] * 2
    return random.choice(ways)(random, context)


def _said(context: Context, *kinds: str) -> list[str]:
    """The matrices of which one of these is said."""
    found = []
    for name in context.matrices:
        binding = context.env[name]
        declaration = binding.declaration if isinstance(binding, Cell) else None
        if isinstance(declaration, Matrix) and declaration.said in kinds:
            found.append(name)
    return found


def _factor(name: str, random: Random, *, inverted: bool) -> Term:
    found: Term = Name(name)
    if inverted and random.random() < 0.4:
        found = Inv(found)
    return Transpose(found) if random.random() < 0.3 else found


def _factors(random: Random, context: Context, least: int, *kinds: str) -> list[Term]:
    """A few matrices, turned or inverted here and there."""
    names = _said(context, *kinds) or _said(context, "positive definite")
    chosen = [random.choice(names) for _ in range(random.randint(least, MOST_FACTORS))]
    inverses = set(_said(context, "invertible", "positive definite"))
    return [_factor(name, random, inverted=name in inverses) for name in chosen]


EVERY = ("", "invertible", "positive definite")


def _chain(factors: Sequence[Term]) -> Term:
    return reduce(Matmul, factors)


def _rewritten(random: Random, context: Context) -> Equality:
    """A trace, a determinant, an inverse or a form, as it is."""
    kind = random.choice(("trace", "trace", "determinant", "inverse", "form"))
    match kind:
        case "trace":
            term: Term = Trace(_chain(_factors(random, context, 1, *EVERY)))
        case "determinant":
            term = Det(_chain(_factors(random, context, 1, *EVERY)))
        case "inverse":
            term = Inv(_chain(_factors(random, context, 1, *EVERY[1:])))
        case _:
            vectors = [Name(each) for each in context.vectors]
            inner = Matmul(_chain(_factors(random, context, 1, *EVERY)), random.choice(vectors))
            term = Matmul(Transpose(random.choice(vectors)), inner)
    if context.scalars and random.random() < 0.3:
        term = mul(Name(context.scalars[0]), term)
    return Equality(kind, term, term)


def _varied(factor: Term) -> tuple[Term, bool, bool]:
    """The matrix that a factor is made of, whether it is inverted, and whether turned."""
    turned = isinstance(factor, Transpose)
    inside = factor.of if isinstance(factor, Transpose) else factor
    if isinstance(inside, Inv):
        return inside.of, True, turned
    return inside, False, turned


def _of_a_trace(random: Random, context: Context) -> Equality:
    """The gradient of tr(F_1 ... F_k): for each F_i the product of the others, turned."""
    factors = _factors(random, context, 2, *EVERY)
    by = random.choice([_varied(each)[0] for each in factors])
    found: list[Term] = []
    for n, factor in enumerate(factors):
        matrix, inverted, turned = _varied(factor)
        if matrix != by:
            continue
        rest = _chain([*factors[n + 1 :], *factors[:n]])
        slope = rest if turned else Transpose(rest)  # of tr(F R) by what F is made of
        if inverted:
            inner = Matmul(Matmul(Inv(by), Transpose(rest) if turned else rest), Inv(by))
            slope = neg(Transpose(inner))
        found.append(slope)
    return Equality("gradient of a trace", Deriv(Trace(_chain(factors)), _name(by)), add(*found))


def _of_a_determinant(random: Random, context: Context) -> Equality:
    """The gradient of det(F_1 ... F_k), or of its logarithm."""
    logarithm = random.random() < 0.6
    kinds = ("positive definite",) if logarithm else EVERY[1:]
    factors = _factors(random, context, 1, *kinds)
    by = random.choice([_varied(each)[0] for each in factors])
    power = sum(-1 if inverted else 1 for m, inverted, _ in map(_varied, factors) if m == by)
    slope = mul(Num(Fraction(power)), Transpose(Inv(by))) if power else ZERO
    slope = Transpose(Inv(by)) if power == 1 else slope
    whole = Det(_chain(factors))
    if logarithm:
        return Equality("gradient of a logarithm", Deriv(Apply("log", whole), _name(by)), slope)
    return Equality(
        "gradient of a determinant", Deriv(whole, _name(by)), mul(whole, slope) if power else ZERO
    )


def _logarithm(random: Random, context: Context) -> Equality:
    """The logarithm of the determinant of a product."""
    factors = _factors(random, context, 2, "positive definite")
    parts = []
    for factor in factors:
        matrix, inverted, _ = _varied(factor)
        part: Term = Apply("log", Det(matrix))
        parts.append(neg(part) if inverted else part)
    return Equality("logarithm", Apply("log", Det(_chain(factors))), add(*parts))


def _beside_product(random: Random, context: Context) -> Equality:
    """The determinant, or the inverse, of a matrix beside a column times a row."""
    matrix = Name(random.choice(_said(context, "invertible", "positive definite")))
    x, y = (Name(random.choice(sorted(context.vectors))) for _ in "xy")
    back, row = Inv(matrix), Transpose(y)
    whole = add(matrix, Matmul(x, row))
    square = add(ONE, Matmul(row, Matmul(back, x)))
    if random.random() < 0.6:
        return Equality("determinant beside", Det(whole), mul(Det(matrix), square))
    change = Div(Matmul(Matmul(back, Matmul(x, row)), back), square)
    return Equality("inverse beside", Inv(whole), add(back, neg(change)))


def _name(term: Term) -> Name:
    if not isinstance(term, Name):
        raise Unfit
    return term


TRACES_AND_DETERMINANTS = Family(
    "traces and determinants",
    _setting,
    _equality,
    (*MATRICES, *DETERMINANTS, *DETERMINANTS),
    (
        "lost_transpose",
        "needless_transpose",
        "exchanged_matrices",
        "lost_matrix",
        "lost_inverse",
        "needless_inverse",
        "wrong_sign",
    ),
    undeclared,
)

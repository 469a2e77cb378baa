"""Families of arrays: matrices, traces and determinants, what is declared of entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from random import Random

from tests.lines.algebra import (
    Context,
    Derive,
    Shape,
    Unfit,
    add,
    entry_of,
    gradient,
    mul,
    neg,
    number,
    substitute,
    total,
)
from tests.lines.random_terms import Equality, Family, Grow, any_of, some
from tests.lines.rewritings_of_terms import (
    DECLARED,
    DETERMINANTS,
    MATRICES,
    NUMBERS,
    RANGES,
    RULES,
    SUMS,
    Site,
)
from tests.lines.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    Between,
    Block,
    Cell,
    Comparison,
    Declaration,
    Deriv,
    Det,
    Div,
    End,
    Entry,
    Index,
    Indicator,
    Inv,
    Item,
    Letter,
    Matmul,
    Matrix,
    Mul,
    Name,
    Neg,
    NormSquared,
    Nth,
    Num,
    Pow,
    Scalar,
    Size,
    Sum,
    Term,
    Trace,
    Transpose,
    Unit,
    Vector,
    children,
    subterms,
    with_children,
)


def _matrix_setting(random: Random) -> tuple[Item, ...]:
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


def _matrix_rewritten(random: Random, context: Context) -> Equality:
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
    return Equality("transposed", _matrix_turned(term), Transpose(term))


def _matrix_turned(term: Term) -> Term:
    match term:
        case Matmul(left, right):
            return Matmul(_matrix_turned(right), _matrix_turned(left))
        case Transpose(of):
            return of
        case Add(parts):
            return Add(tuple(map(_matrix_turned, parts)))
        case Neg(of):
            return Neg(_matrix_turned(of))
    return Transpose(term)


def _matrix_gradient(random: Random, context: Context) -> Equality:
    term = Grow(context, random).array((), 2)
    names = [*context.vectors, *context.matrices]
    by = Name(random.choice(names))
    if random.random() < 0.2:
        return _matrix_slope(term, by, random, context)
    return Equality("gradient", Deriv(term, by), gradient(term, by, context, set(), random))


def _matrix_slope(term: Term, by: Name, random: Random, context: Context) -> Equality:
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
    _matrix_setting,
    any_of(
        {_matrix_rewritten: 5, _matrix_gradient: 3, _entry: 1, _transposed: 1, _least_squares: 3}
    ),
    (*MATRICES, *MATRICES, *NUMBERS),
)


MOST_FACTORS = 3


def _trace_setting(random: Random) -> tuple[Item, ...]:
    size = random.choice("nd")
    given: list[Declaration] = [Size(size, 1), Index("i", size)]
    given += [Scalar("a")] if random.random() < 0.4 else []
    given += [Vector(each, size) for each in some(random, "x y", 1, 2)]
    given += [Matrix(each, size, size) for each in some(random, "A B", 1, 2)]
    given += [Matrix(each, size, size, said="invertible") for each in some(random, "M N", 1, 2)]
    definite = some(random, r"P \Sigma \Lambda", 1, 2)
    given += [Matrix(each, size, size, said="positive definite") for each in definite]
    return (Block(tuple(given)),)


def _trace_plain(given: Declaration) -> Declaration:
    """The same where the matrices that were symmetric need not be."""
    if isinstance(given, Matrix) and given.said:
        return Matrix(given.name, given.rows, given.columns, said="invertible")
    return given


def _trace_equality(random: Random, context: Context) -> Equality:
    ways = (
        [_trace_rewritten] * 4
        + [_of_a_trace] * 4
        + [_of_a_determinant] * 3
        + [_trace_logarithm] * 2
    )
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


def _trace_rewritten(random: Random, context: Context) -> Equality:
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


def _trace_logarithm(random: Random, context: Context) -> Equality:
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
    _trace_setting,
    _trace_equality,
    (*MATRICES, *DETERMINANTS, *DETERMINANTS),
    _trace_plain,
)


def _inverse_setting(random: Random) -> tuple[Item, ...]:
    kinds = {"A": "invertible", "B": "invertible", "S": "positive definite"}
    given: list[Declaration] = [Size("n", 1), Size("d", 1)]
    given += [Matrix(name, "n", "n", said=said) for name, said in kinds.items()]
    given += [Matrix("X", "n", "d"), Matrix("Y", "d", "n")]
    given += [Vector("x", "n"), Vector("y", "n"), Vector("z", "d")]
    return (Block((*given, Scalar(r"\lambda", positive=True))),)


def _pair_of_both_orders(random: Random) -> tuple[Term, Term]:
    """Two matrices whose products have both orders."""
    x, y = Name("X"), Name("Y")
    turned, other = Transpose(x), Transpose(y)
    return random.choice(((x, y), (y, x), (turned, x), (x, turned), (turned, other)))


def _push_through(random: Random, context: Context) -> tuple[Term, Term]:
    """(P Q + c I)^{-1} P = P (Q P + c I)^{-1}."""
    p, q = _pair_of_both_orders(random)
    by = random.choice((ONE, Name(r"\lambda"), Name(r"\lambda")))

    def inverse(product: Term) -> Term:
        shape = context.shape(product)
        assert shape
        return Inv(Add((product, mul(by, Unit(str(shape[0]))))))

    return Matmul(inverse(Matmul(p, q)), p), Matmul(p, inverse(Matmul(q, p)))


def _inverse_identity(random: Random, context: Context) -> tuple[Term, Term]:
    """An identity of inverses of square matrices, or of two that are not square."""
    a, b = (Name(random.choice("AABS")) for _ in range(2))
    one, p, q = Unit("n"), Name("X"), Name("Y")
    both, less = Inv(Add((a, b))), Add((b, Neg(a)))
    shifted, back = Inv(Add((one, a))), Inv(a)
    middle = Inv(Add((Unit("d"), _chain((q, back, p)))))
    return random.choice(
        (
            _push_through(random, context),
            (Inv(Add((back, Inv(b)))), _chain((a, both, b))),
            (Add((back, Neg(Inv(b)))), _chain((back, less, Inv(b)))),
            (Inv(Add((a, Matmul(p, q)))), Add((back, Neg(_chain((back, p, middle, q, back)))))),
            (Matmul(both, a), Add((one, Neg(Matmul(both, b))))),
            (Matmul(a, shifted), Matmul(shifted, a)),
            (Inv(Matmul(a, b)), Matmul(Inv(b), back)),
        )
    )


def _inverse_equality(random: Random, context: Context) -> Equality:
    """An identity, as it is, times a vector, or between two."""
    left, right = _inverse_identity(random, context)
    shape = context.shape(left)
    if not shape or random.random() < 0.5:
        return Equality("of matrices", left, right)
    rows, columns = shape
    last = Name("z" if columns == "d" else random.choice("xy"))
    left, right = Matmul(left, last), Matmul(right, last)
    if random.random() < 0.7:
        return Equality("times a vector", left, right)
    first = Transpose(Name("z" if rows == "d" else random.choice("xy")))
    return Equality("between vectors", Matmul(first, left), Matmul(first, right))


INVERSES = Family("inverses", _inverse_setting, _inverse_equality, MATRICES[:4])


def _declared_setting(random: Random) -> tuple[Item, ...]:
    size = random.choice(("n", "K", "m"))
    given: list[Declaration] = [Size(size, random.choice((1, 2, 2, 3)))]
    given += [Index(each, size) for each in some(random, "i j k l", 2, 3)]
    given += [Scalar(each, positive=True) for each in some(random, r"s \sigma \tau", 1, 2)]
    given += [Scalar(each) for each in some(random, "a b", 0, 1)]
    given += [Vector(each, size) for each in some(random, r"x u \theta", 1, 2)]
    given.append(Vector("y", size, total=random.choice((1, 1, 1, 0, 2))))
    if random.random() < 0.7:
        given.append(Vector("p", size, positive=True, total=random.choice((None, 1, 1))))
    if random.random() < 0.6:
        given.append(Matrix("A", size, size, symmetric=True))
        given += [Matrix("B", size, size)] if random.random() < 0.5 else []
    if random.random() < 0.4:
        given += [
            Size("N", 1),
            Index("q", "N"),
            Matrix("G", "N", size, total=random.choice((1, 1, 0, 2))),
        ]
    return (Block(tuple(given)),)


def _declared_plain(given: Declaration) -> Declaration:
    """The same where nothing is said of the data."""
    match given:
        case Scalar():
            return replace(given, positive=False)
        case Vector():
            return replace(given, positive=False, total=None)
        case Matrix():
            return replace(given, symmetric=False, total=None)
        case Size(_, least) if least > 1:
            return replace(given, least=1)
    return given


def _declared_equality(random: Random, context: Context) -> Equality:
    ways = (
        [_declared_logarithm] * 3
        + [_symmetric] * 3
        + [_declared_gradient]
        + [_added_up] * 4
        + [_cross_entropy]
    )
    ways += [_not_small] * 3 + [_variance]
    ways += [_rows_added_up] * 6 if context.row_totals else []
    return any_of(ways, _added_up)(random, context)


def _axis(context: Context) -> str:
    return context.sizes[0]


# Above zero ---------------------------------------------------------------------------------


def _declared_logarithm(random: Random, context: Context) -> Equality:
    """The logarithm of a product, quotient or power of what is above zero."""
    one, other = _positive(random, context, 1), _positive(random, context, 2)
    inner = random.choice((Mul((one, other)), Div(one, other), Pow(one, 2), Pow(other, 3)))
    term = Apply("log", inner)
    if random.random() < 0.3:
        term = Apply("exp", Apply("log", inner))
    return Equality("logarithm", term, RULES["logarithm"](term, Site(context, {}, random)))


def _positive(random: Random, context: Context, depth: int) -> Term:
    """A number that is above zero because of what is declared."""
    known: list[Term] = [Name(name) for name in context.scalars if name in context.positive]
    letter = Letter(random.choice(context.letters_of(_axis(context))))
    known += [Entry(Name(v), (letter,)) for v in context.vectors if v in context.positive] * 2
    if not known:
        raise Unfit
    if depth <= 0:
        return random.choice(known)
    one, other = (_positive(random, context, depth - random.choice((1, 2))) for _ in range(2))
    match random.randrange(6):
        case 0:
            return Add((one, other))
        case 1:
            return mul(one, other)
        case 2:
            return Div(one, other)
        case 3:
            return Pow(one, random.choice((2, 3)))
        case 4:
            return total(letter.name, _axis(context), one)
    return one


# Symmetric ----------------------------------------------------------------------------------


def _symmetric(random: Random, context: Context) -> Equality:
    """A product of matrices, symmetric ones turned over here and there."""
    if not context.symmetric:
        raise Unfit
    axis = _axis(context)
    shape = random.choice(((), (axis, None), (axis, axis)))
    term = Grow(context, random).array(shape, 3)
    if random.random() < 0.3:
        term = Grow(context, random, elementary=0, deltas=False).number(3)
    elif random.random() < 0.3:
        first, second = (Name(random.choice(sorted(context.vectors))) for _ in range(2))
        form = Matmul(Matmul(Transpose(first), Name("A")), second)
        rest = Grow(context, random).bilinear(2)
        return Equality("symmetric form", Add((form, rest)), Add((form, rest)))
    other = _declared_turned(term, context, random)
    if other == term:
        raise Unfit
    return Equality("symmetric", term, other)


def _declared_turned(term: Term, context: Context, random: Random) -> Term:
    """Some symmetric matrices turned over."""
    found = term
    for name in sorted(context.symmetric):
        if random.random() < 0.8:
            found = _with(found, name, random)
    return found


def _with(term: Term, name: str, random: Random) -> Term:
    match term:
        case Name(own) if own == name and random.random() < 0.7:
            return Transpose(term)
        case Entry(Name(own), (first, second)) if own == name and random.random() < 0.7:
            return Entry(term.of, (second, first))
    return with_children(term, tuple(_with(each, name, random) for each in children(term)))


def _declared_gradient(random: Random, context: Context) -> Equality:
    """The gradient of a quadratic form: 2 A x."""
    if not context.symmetric:
        raise Unfit
    matrix, by = Name("A"), Name(random.choice([v for v in context.vectors if v not in "yp"]))
    form = Matmul(Matmul(Transpose(by), matrix), by)
    others = [Name(v) for v in context.vectors if v != by.name]
    linear = Matmul(Transpose(random.choice(others)), by)
    term = random.choice((form, Add((form, linear)), Add((form, neg(linear)))))
    slope: Term = Mul((TWO, Matmul(matrix, by)))
    if isinstance(term, Add):
        slope = add(slope, gradient(term.parts[1], by, context, set(), random))
    return Equality("gradient of a form", Deriv(term, by), slope)


# Adding up ----------------------------------------------------------------------------------


def _added_up(random: Random, context: Context) -> Equality:
    """All entries, all but one, or each with a factor that is the same for all."""
    vector = Name(random.choice(sorted(context.totals)))
    value, axis = number(context.totals[vector.name]), _axis(context)
    one, other = (Letter(each) for each in random.sample(context.letters_of(axis), 2))
    entry = Entry(vector, (one,))
    grow = Grow(context, random, deltas=False)
    match random.randrange(4):
        case 0:
            there = Entry(vector, (other,))
            rule = RULES["the_others"](there, Site(context, {}, random))
            return Equality("all but one", there, rule)
        case 1:
            body = grow.under(other.name, axis).number(1)
            inside = substitute(body, {one.name: other}, context)
            left = total(one.name, axis, total(other.name, axis, Mul((entry, inside))))
            return Equality("adding up", left, mul(value, total(other.name, axis, inside)))
        case 2:
            last = Entry(vector, (End(axis),))
            front = Sum(one.name, Between(axis, Nth(1), End(axis, -1)), (), entry)
            return Equality("all but the last", front, Add((value, Neg(last))))
    body = substitute(grow.number(1), {one.name: other}, context)
    return Equality("adding up", total(one.name, axis, Mul((entry, body))), mul(value, body))


def _rows_added_up(random: Random, context: Context) -> Equality:
    """Each row of a matrix, or all of them, with a factor that is the same along a row."""
    ((name, value),) = context.row_totals.items()
    axis, rows = _axis(context), context.matrices[name][0]
    along, other = random.sample(context.letters_of(axis), 2)
    row = context.letters_of(rows)[0]
    entry = Entry(Name(name), (Letter(row), Letter(along)))
    grown = Grow(context, random, deltas=False).number(1)
    body = substitute(grown, {along: Letter(other)}, context)
    left: Term = total(along, axis, Mul((entry, body)))
    right = mul(number(value), body)
    match random.randrange(3):
        case 0:
            left, right = total(row, rows, left), total(row, rows, right)
        case 1:
            left = total(along, axis, total(row, rows, entry))
            right = mul(number(value), Name(rows))
    return Equality("rows adding up", left, right)


def _cross_entropy(random: Random, context: Context) -> Equality:
    """The derivative of a cross entropy by a score: softmax less the target."""
    vector = Name(random.choice(sorted(context.totals)))
    scores = [v for v in context.vectors if v not in context.totals and v not in context.positive]
    axis, theta = _axis(context), Name(random.choice(sorted(scores)))
    one, other = random.sample(context.letters_of(axis), 2)
    weight = total(one, axis, Apply("exp", Entry(theta, (Letter(one),))))
    log_p = Add((Entry(theta, (Letter(other),)), Neg(Apply("log", weight))))
    loss = Neg(total(other, axis, Mul((Entry(vector, (Letter(other),)), log_p))))
    by = Entry(theta, (Letter(random.choice((one, other))),))
    value = context.totals[vector.name]
    share = mul(number(value), Div(Apply("exp", by), weight))
    if random.random() < 0.3:
        return Equality(
            "cross entropy", Deriv(loss, by), Derive(by, context, set(), random).of(loss)
        )
    return Equality("cross entropy", Deriv(loss, by), add(share, neg(Entry(vector, by.at))))


# Sizes that are not small -------------------------------------------------------------------


def _not_small(random: Random, context: Context) -> Equality:
    """The first two, or three, of a sum apart, which are there."""
    axis = _axis(context)
    least = context.least[axis]
    if least < 2:
        raise Unfit
    letter = random.choice(context.letters_of(axis))
    body = Grow(context, random, elementary=0.05, deltas=False).under(letter, axis).number(1)
    if not any(isinstance(each, Entry) for _, each in subterms(body)):
        raise Unfit
    apart = random.randint(2, least)
    first = [substitute(body, {letter: Nth(n + 1)}, context) for n in range(apart)]
    rest = Sum(letter, Between(axis, Nth(apart + 1), End(axis)), (), body)
    if random.random() < 0.3:
        last = substitute(body, {letter: End(axis)}, context)
        before = substitute(body, {letter: End(axis, -1)}, context)
        front = Sum(letter, Between(axis, Nth(1), End(axis, -2)), (), body)
        return Equality("last two apart", total(letter, axis, body), Add((front, before, last)))
    return Equality("first apart", total(letter, axis, body), Add((*first, rest)))


def _variance(random: Random, context: Context) -> Equality:
    """Divided by one less than a size."""
    axis = _axis(context)
    if context.least[axis] < 2:
        raise Unfit
    letter = random.choice(context.letters_of(axis))
    entry = Entry(Name(random.choice(sorted(context.vectors))), (Letter(letter),))
    less, size = Add((Name(axis), Neg(ONE))), Name(axis)
    mean = Div(total(letter, axis, entry), size)
    other = next(each for each in context.letters_of(axis) if each != letter)
    apart = Add((Entry(entry.of, (Letter(other),)), Neg(mean)))
    left = Div(total(other, axis, Pow(apart, 2)), less)
    squares = total(letter, axis, Pow(entry, 2))
    return Equality("variance", left, Div(Add((squares, Neg(Mul((size, Pow(mean, 2)))))), less))


DECLARED_CONDITIONS = Family(
    "declared conditions",
    _declared_setting,
    _declared_equality,
    (*NUMBERS, *SUMS, *RANGES[:2], *MATRICES, *DECLARED, *DECLARED),
    _declared_plain,
)


UNIT, BITS, TWO_SIGNS = "(0, 1)", "{0, 1}", "{-1, 1}"


def _restricted_setting(random: Random) -> tuple[Item, ...]:
    given: list[Declaration] = [Size("n", 1)]
    given += [Index(each, "n") for each in some(random, "i j k", 2, 3)]
    given += [Scalar(each, numbers=UNIT) for each in some(random, r"\alpha q b", 1, 2)]
    given += [Scalar("t", numbers=random.choice((BITS, TWO_SIGNS)))]
    given += [Scalar(each) for each in some(random, "a c", 0, 1)]
    given += [Vector("x", "n"), Vector("p", "n", numbers=UNIT)]
    given.append(Vector("y", "n", numbers=random.choice((BITS, BITS, TWO_SIGNS))))
    if random.random() < 0.5:
        given.append(Vector("h", "n", total=1, numbers=BITS))
    return (Block(tuple(given)),)


def _restricted_plain(given: Declaration) -> Declaration:
    """The same where nothing is said of the numbers."""
    match given:
        case Scalar():
            return replace(given, numbers="")
        case Vector():
            return replace(given, numbers="", total=None)
    return given


def _of(numbers: str, context: Context, random: Random) -> Term:
    """A number or an entry that is of a set."""
    names = [name for name, said in context.numbers.items() if said == numbers]
    if not names:
        raise Unfit
    name = random.choice(sorted(names))
    letter = Letter(random.choice(sorted(context.letters)))
    return Entry(Name(name), (letter,)) if name in context.vectors else Name(name)


def _probability(random: Random, context: Context, depth: int = 2) -> Term:
    """What is between 0 and 1 because of what is declared."""
    one = _of(UNIT, context, random)
    if depth == 0:
        return one
    other = _probability(random, context, depth - 1)
    match random.randrange(5):
        case 0:
            return Add((ONE, neg(other)))
        case 1:
            return mul(one, other)
        case 2:
            return Add((ONE, neg(mul(one, other))))
        case 3:
            return Div(Add((one, other)), TWO)
    return one


def _root(random: Random, context: Context) -> Equality:
    one, other = _probability(random, context), _probability(random, context)
    rest = Apply("sqrt", Add((ONE, neg(one))))
    found: list[tuple[Term, Term]] = [
        (Apply("sqrt", Pow(one, 2)), one),
        (Apply("sqrt", mul(one, other)), mul(Apply("sqrt", one), Apply("sqrt", other))),
        (Apply("abs", Add((one, neg(ONE)))), Add((ONE, neg(one)))),
        (Div(Add((ONE, neg(one))), rest), rest),
        (Apply("sqrt", Div(one, other)), Div(Apply("sqrt", one), Apply("sqrt", other))),
    ]
    return Equality("root between", *random.choice(found))


def _restricted_logarithm(random: Random, context: Context) -> Equality:
    one, other = _probability(random, context), _probability(random, context)
    inner = random.choice((Mul((one, other)), Div(one, other), Pow(one, 2)))
    match inner:
        case Div():
            right: Term = Add((Apply("log", one), neg(Apply("log", other))))
        case Pow():
            right = mul(TWO, Apply("log", one))
        case _:
            right = Add((Apply("log", one), Apply("log", other)))
    left: Term = Apply("log", inner)
    letter = random.choice(sorted(context.letters))
    if random.random() < 0.4:
        left, right = total(letter, "n", left), total(letter, "n", right)
    return Equality("logarithm between", left, right)


def _square(random: Random, context: Context) -> Equality:
    """A power of what is one of two, with something beside it."""
    numbers = random.choice((BITS, TWO_SIGNS))
    one, power = _of(numbers, context, random), random.choice((2, 2, 3, 4))
    least: Term = one if numbers == BITS or power % 2 else ONE
    rest = Grow(context, random, deltas=False).number(1)
    left, right = mul(rest, Pow(one, power)), mul(rest, least)
    if random.random() < 0.4:
        x = _of("", context, random)
        crossed = mul(mul(TWO, one), x)
        left = Pow(Add((one, neg(x))), 2)
        right = Add((one if numbers == BITS else ONE, neg(crossed), Pow(x, 2)))
    if random.random() < 0.5:
        letter = random.choice(sorted(context.letters))
        left, right = total(letter, "n", left), total(letter, "n", right)
    return Equality("one of two", left, right)


def _by_values(random: Random, context: Context) -> Equality:
    """A function of what is one of two, by both of its values."""
    numbers = random.choice((BITS, TWO_SIGNS))
    one, x = _of(numbers, context, random), _of("", context, random)
    low = 0 if numbers == BITS else -1
    kind = random.randrange(3)

    def function(value: Term) -> Term:
        if kind == 0:
            return Apply("exp", mul(value, x))
        if kind == 1:
            return Apply("log", Add((ONE, Apply("exp", mul(value, x)))))
        return Div(ONE, Add((number(3), value)))

    first, second = (function(number(n)) for n in (low, 1))
    parts = Add((mul(Add((ONE, neg(one))), first), mul(Add((one, number(-low))), second)))
    right = parts if numbers == BITS else Div(parts, TWO)
    return Equality("by values", function(one), right)


def _one_hot(random: Random, context: Context) -> Equality:
    """Products of sums with one entry that is 1."""
    if "h" not in context.vectors:
        raise Unfit
    one, other = random.sample(context.letters_of("n"), 2)
    h, x = Name("h"), Name(random.choice(("x", "p")))
    here, there = Entry(h, (Letter(one),)), Entry(h, (Letter(other),))
    if random.random() < 0.4:
        same = Indicator(Comparison(Letter(one), "=", Letter(other)))
        return Equality("one hot", Mul((here, there)), Mul((same, here)))
    inner = mul(here, Entry(x, (Letter(one),)))
    square = mul(here, Pow(Entry(x, (Letter(one),)), 2))
    return Equality("one hot", Pow(total(one, "n", inner), 2), total(one, "n", square))


def _restricted_slope(random: Random, context: Context) -> Equality:
    """The derivative of a log-likelihood of labels by a probability."""
    names = [name for name in context.scalars if context.numbers[name] == UNIT]
    by = Name(random.choice(names))
    labels = _of(BITS, context, random)
    share = random.choice((by, mul(number(1), by)))
    log_p = mul(labels, Apply("log", share))
    log_q = mul(Add((ONE, neg(labels))), Apply("log", Add((ONE, neg(share)))))
    term: Term = Add((log_p, log_q))
    if isinstance(labels, Entry) and isinstance(labels.at[0], Letter):
        term = total(labels.at[0].name, "n", term)
    return Equality("likelihood", Deriv(term, by), Derive(by, context, set(), random).of(term))


RESTRICTED_NUMBERS = Family(
    "restricted numbers",
    _restricted_setting,
    any_of(
        [
            _root,
            _restricted_logarithm,
            _square,
            _restricted_slope,
            _one_hot,
            _by_values,
            _by_values,
            _root,
            _restricted_logarithm,
            _square,
        ],
        _square,
    ),
    (*NUMBERS, *SUMS),
    _restricted_plain,
)

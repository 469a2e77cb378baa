"""Families of sums: index notation, conditions and ranges, letters that shadow others, subsets."""

from __future__ import annotations

from random import Random

from tests.lines.algebra import (
    Context,
    Derive,
    Unfit,
    context_after,
    inside,
    mul,
    substitute,
    total,
    unfolded,
)
from tests.lines.random_terms import Equality, Family, Grow, any_of, some
from tests.lines.rewritings_of_terms import NUMBERS, RANGES, RULES, SUBSETS, SUMS, Site
from tests.lines.tree import (
    ONE,
    TWO,
    Add,
    Assume,
    Between,
    Block,
    Call,
    Card,
    Comparison,
    Declaration,
    Define,
    Deriv,
    Distinct,
    Div,
    End,
    Entry,
    Index,
    Indicator,
    Item,
    Labels,
    Letter,
    Line,
    Listed,
    Matrix,
    Member,
    Moved,
    Mul,
    Name,
    Neg,
    NotAmong,
    Nth,
    Parameter,
    Part,
    Pow,
    Scalar,
    SetName,
    Size,
    Subset,
    Sum,
    Term,
    Vector,
    Whole,
)
from tests.lines.tree import Family as Vectors


def _index_sum_setting(random: Random) -> tuple[Item, ...]:
    size, places = random.choice((("N", "K"), ("M", "L"), ("V", "m")))
    least = 0 if random.random() < 0.15 else 1
    given: list[Declaration] = [Size(size, 1), Size(places, least)]
    labels = random.random() < 0.75
    named = random.choice(("Vocab", "Words", "S")) if labels else ""
    given += [Index(each, size, named) for each in some(random, "c o w x", 2, 3)]
    given += [Index(each, places) for each in some(random, "i j k l", 2, 3)]
    given += [Scalar(each) for each in some(random, r"a b \alpha", 1, 2)]
    given += [Vector(each, size) for each in some(random, r"y p q \theta", 1, 2)]
    if random.random() < 0.5:
        given.append(Vector(random.choice(("g", "z", r"\beta")), places))
    if labels and random.random() < 0.8:
        letters = [each.name for each in given if isinstance(each, Index) and each.axis == places]
        name = random.choice(("s", "r", "t"))
        given.append(Labels(name, random.choice(letters), size, named, places))
        if random.random() < 0.3:
            given.append(Assume(_assumed(random, name, given, size)))
    if random.random() < 0.4:
        given.append(Size("d", 1))
        letter = next(each.name for each in given if isinstance(each, Index))
        given.append(
            Vectors("u", letter, "d", size, random.choice(("", "U")), random.random() < 0.5)
        )
        if random.random() < 0.5:
            given.append(Vectors("v", letter, "d", size))
        given.append(Index("h", "d"))
    return (Block(tuple(given)),)


def _assumed(random: Random, name: str, given: list[Declaration], size: str) -> Distinct | NotAmong:
    letters = [each.name for each in given if isinstance(each, Index) and each.axis == size]
    if random.random() < 0.5:
        return Distinct(name)
    return NotAmong(Letter(random.choice(letters)), name)


def _index_sum_rewritten(random: Random, context: Context) -> Equality:
    term = Grow(context, random).number(3)
    return Equality("rewritten", term, term)


def _index_sum_derivative(random: Random, context: Context) -> Equality:
    grow = Grow(context, random)
    term = grow.number(3)
    by = grow.entry()
    if not isinstance(by, Entry):
        raise Unfit
    found = Derive(by, context, set(), random).of(term)
    return Equality("derivative by an entry", Deriv(term, by), found)


def _picked(random: Random, context: Context) -> Equality:
    """A delta picks out one summand."""
    axis = random.choice(context.axes())
    grow = Grow(context, random)
    member = grow.member(axis)
    if member is None:
        raise Unfit
    letter = context.fresh(axis, {getattr(member, "name", "")})
    body = grow.under(letter, axis).number(1)
    delta = Indicator(Comparison(Letter(letter), "=", member))
    left = total(letter, axis, Mul((delta, body)))
    return Equality("delta", left, left)


def _joined(random: Random, context: Context) -> Equality:
    """Two sums over one set as one."""
    axis = random.choice(context.axes())
    letter = random.choice(context.letters_of(axis))
    grow = Grow(context, random).under(letter, axis)
    one, other = grow.number(1), grow.number(1)
    apart = Add((total(letter, axis, one), total(letter, axis, other)))
    return Equality("two sums", apart, total(letter, axis, Add((one, other))))


def _conditions(random: Random, context: Context) -> Equality:
    """A delta is nought, or one, under a condition on the line."""
    axis = random.choice(context.axes())
    letters = context.letters_of(axis)
    if len(letters) < 2:
        raise Unfit
    one, other = random.sample(letters, 2)
    sign = random.choice(("=", "!="))
    condition = Comparison(Letter(one), sign, Letter(other))
    body = Grow(context, random).number(1)
    delta = Indicator(Comparison(Letter(one), "=", Letter(other)))
    rest = Grow(context, random, deltas=False).number(1)
    left: Term = Add((Mul((delta, body)), rest))
    right: Term = Add((body, rest)) if sign == "=" else rest
    if sign == "=" and random.random() < 0.5:
        left, right = _both_ways(one, other, context, random)
    return Equality(f"under a condition {sign}", left, right, (condition,))


def _both_ways(one: str, other: str, context: Context, random: Random) -> tuple[Term, Term]:
    axis = context.letters[one]
    vectors = [name for name, own in context.vectors.items() if own == axis]
    if not vectors:
        raise Unfit
    name = random.choice(vectors)
    return Entry(Name(name), (Letter(one),)), Entry(Name(name), (Letter(other),))


def _lists(random: Random, context: Context) -> Equality:
    """A sum over the places of a list as one over labels, with the counts of these."""
    if not context.lists:
        raise Unfit
    name, (values, places) = random.choice(sorted(context.lists.items()))
    vectors = [n for n, own in context.vectors.items() if own == values]
    letters, labels = context.letters_of(places), context.letters_of(values)
    if not vectors or not letters or not labels:
        raise Unfit
    k, w, y = Letter(random.choice(letters)), Letter(random.choice(labels)), random.choice(vectors)
    entry: Member = Listed(name, k)
    drawn = Sum(k.name, Whole(places), (), Entry(Name(y), (entry,)))
    delta = Indicator(Comparison(entry, "=", w))
    count = Sum(k.name, Whole(places), (), delta)
    match random.randrange(4):
        case 0:
            by = Entry(Name(y), (w,))
            return Equality("derivative of a list", Deriv(drawn, by), count)
        case 1:
            counted = total(w.name, values, Mul((count, Entry(Name(y), (w,)))))
            return Equality("counts", drawn, counted)
        case 2:
            among = Sum(
                k.name, Whole(places), (Comparison(entry, "=", w),), Entry(Name(y), (entry,))
            )
            return Equality("counts", among, Mul((count, Entry(Name(y), (w,)))))
    different = Sum(k.name, Whole(places), (Comparison(entry, "!=", w),), ONE)
    return Equality("counts", different, Add((Name(places), Neg(count))))


INDEX_SUMS = Family(
    "index sums",
    _index_sum_setting,
    any_of(
        {
            _index_sum_rewritten: 4,
            _index_sum_derivative: 3,
            _picked: 2,
            _conditions: 3,
            _lists: 2,
            _joined: 1,
        }
    ),
    (*NUMBERS, *SUMS),
)


def _range_setting(random: Random) -> tuple[Item, ...]:
    size = random.choice(("n", "m", "T"))
    given: list[Declaration] = [Size(size, 1)]
    given += [Index(each, size) for each in some(random, "i j k s", 2, 3)]
    given += [Scalar(each) for each in some(random, r"a b \gamma", 1, 2)]
    given += [Vector(each, size) for each in some(random, "u x y", 1, 2)]
    if random.random() < 0.4:
        given.append(Matrix("A", size, size))
    return (Block(tuple(given)),)


def _range_summand(random: Random, context: Context, letter: str, depth: int = 1) -> Term:
    (axis,) = set(context.letters.values())
    grow = Grow(context, random, elementary=0.05, deltas=False).under(letter, axis)
    return grow.number(depth)


def _letters(random: Random, context: Context) -> tuple[str, str, str]:
    (axis,) = set(context.letters.values())
    one, other = random.sample(context.letters_of(axis), 2)
    return axis, one, other


def _condition(random: Random, context: Context) -> Equality:
    """All but one: the sum less its summand there."""
    axis, i, j = _letters(random, context)
    condition = Comparison(Letter(i), "!=", Letter(j))
    left: Term = Sum(i, Whole(axis), (condition,), _range_summand(random, context, i))
    if random.random() < 0.4:
        left = Sum(j, Whole(axis), (), Mul((Entry(_vector(random, context), (Letter(j),)), left)))
    return Equality("all but one", left, left)


def _order(random: Random, context: Context) -> Equality:
    """Below, at and above one letter."""
    axis, i, j = _letters(random, context)
    body, over = _range_summand(random, context, i), Whole(axis)
    below = Sum(i, over, (Comparison(Letter(i), "<", Letter(j)),), body)
    least = Sum(i, over, (Comparison(Letter(i), "<=", Letter(j)),), body)
    above = Sum(i, over, (Comparison(Letter(j), "<", Letter(i)),), body)
    at = Sum(i, over, (Comparison(Letter(i), "=", Letter(j)),), body)
    match random.randrange(3):
        case 0:
            return Equality("in order", Sum(i, over, (), body), Add((least, above)))
        case 1:
            return Equality("in order", least, Add((below, at)))
    return Equality("in order", Sum(i, over, (), body), Add((below, at, above)))


def _apart(random: Random, context: Context) -> Equality:
    """The first, or the last, apart."""
    axis, i, _ = _letters(random, context)
    term = Sum(i, Whole(axis), (), _range_summand(random, context, i))
    site = Site(context, {}, random)
    rule = random.choice(("last_apart", "first_apart"))
    return Equality("first or last apart", term, RULES[rule](term, site))


def _shifted(random: Random, context: Context) -> Equality:
    """A sum over 2..n as one over 1..n-1."""
    axis, i, _ = _letters(random, context)
    body = _range_summand(random, context, i)
    term = Sum(i, Between(axis, Nth(2), End(axis)), (), body)
    return Equality("shifted", term, RULES["shifted"](term, Site(context, {}, random)))


def _telescope(random: Random, context: Context) -> Equality:
    axis, i, _ = _letters(random, context)
    vector = _vector(random, context)
    front = Between(axis, Nth(1), End(axis, -1))
    ahead, here = Entry(vector, (Moved(Letter(i), 1),)), Entry(vector, (Letter(i),))
    left = Sum(i, front, (), Add((ahead, Neg(here))))
    ends = Add((Entry(vector, (End(axis),)), Neg(Entry(vector, (Nth(1),)))))
    return Equality("telescope", left, ends)


def _pairs(random: Random, context: Context) -> Equality:
    """A sum over pairs by their order."""
    axis, i, j = _letters(random, context)
    over, vector = Whole(axis), _vector(random, context)
    body = Mul((Entry(vector, (Letter(i),)), Entry(vector, (Letter(j),))))
    both = Sum(i, over, (), Sum(j, over, (), body))
    lower = Sum(i, over, (), Sum(j, over, (Comparison(Letter(j), "<", Letter(i)),), body))
    entry = Entry(vector, (Letter(i),))
    equal = Sum(i, over, (), Mul((entry, entry)))
    return Equality("pairs", both, Add((Mul((TWO, lower)), equal)))


def _triangle(random: Random, context: Context) -> Equality:
    """A sum over pairs in order: by rows and by columns, with its counterpart, or counted."""
    axis, i, j = _letters(random, context)
    over, below = Whole(axis), Comparison(Letter(i), "<", Letter(j))
    body = _range_summand(random, context, i, 0)
    if random.random() < 0.7:
        body = Mul((body, _range_summand(random, context, j, 0)))
    sign = random.choice(("<", "<="))
    rows = Sum(i, over, (), Sum(j, over, (Comparison(Letter(i), sign, Letter(j)),), body))
    columns = Sum(j, over, (), Sum(i, over, (Comparison(Letter(i), sign, Letter(j)),), body))
    match random.randrange(4):
        case 0:
            above = Comparison(Letter(j), "<", Letter(i))
            first, second = (Sum(i, over, (), Sum(j, over, (c,), body)) for c in (below, above))
            at = Sum(i, over, (), substitute(body, {j: Letter(i)}, context))
            both = Sum(i, over, (), Sum(j, over, (), body))
            return Equality("triangles", both, Add((first, second, at)))
        case 1:
            size = Name(axis)
            count = Div(Mul((size, Add((size, Neg(ONE) if sign == "<" else ONE)))), TWO)
            ones = Sum(i, over, (), Sum(j, over, (Comparison(Letter(i), sign, Letter(j)),), ONE))
            return Equality("pairs counted", ones, count)
        case 2:
            less = Name(j) if sign == "<=" else Add((Name(j), Neg(ONE)))
            column = Sum(j, over, (), Sum(i, over, (Comparison(Letter(i), sign, Letter(j)),), ONE))
            return Equality("members counted", column, Sum(j, over, (), less))
    return Equality("rows and columns", rows, columns)


def _unequal(random: Random, context: Context) -> Equality:
    """A sum over all pairs of different members."""
    axis, i, j = _letters(random, context)
    over, vector = Whole(axis), _vector(random, context)
    one, other = Entry(vector, (Letter(i),)), Entry(vector, (Letter(j),))
    apart = (Comparison(Letter(j), "!=", Letter(i)),)
    left = Sum(i, over, (), Sum(j, over, apart, Mul((one, other))))
    squares = Sum(i, over, (), Pow(one, 2))
    return Equality("unequal pairs", left, Add((Pow(Sum(i, over, (), one), 2), Neg(squares))))


def _vector(random: Random, context: Context) -> Name:
    return Name(random.choice(sorted(context.vectors)))


CONDITIONS_AND_RANGES = Family(
    "conditions and ranges",
    _range_setting,
    any_of(
        {
            _condition: 4,
            _order: 1,
            _apart: 3,
            _telescope: 1,
            _shifted: 2,
            _pairs: 1,
            _unequal: 1,
            _triangle: 4,
        }
    ),
    (*NUMBERS, *SUMS, *RANGES),
)


REUSE = 0.6


def _shadow_setting(random: Random) -> tuple[Item, ...]:
    given: list[Declaration] = [Size("n", 1)]
    given += [Index(each, "n") for each in some(random, "i j k", 2, 3)]
    given += [Scalar(each) for each in some(random, "a b x", 1, 2)]
    given += [Vector(each, "n") for each in some(random, "u v y", 1, 3)]
    given.append(Matrix(random.choice("AB"), "n", "n"))
    for name in random.sample(["f", "g", "q", "h"], random.randint(1, 2)):
        given.append(_definition(random, context_after((Block(tuple(given)),)), name))
    items: tuple[Item, ...] = (Block(tuple(given)),)
    if random.random() < 0.35:
        new = Block(_anew(random, context_after(items)))
        between: tuple[Item, ...] = (Part("b"),) if random.random() < 0.5 else ()
        if random.random() < 0.7:
            between = (_before(random, context_after(items)), *between)
        items = (*items, *between, new)
    return items


def _before(random: Random, context: Context) -> Line:
    """A line between two blocks, as true as can be."""
    term = Grow(context, random).leaf()
    return Line(term, term)


def _definition(random: Random, context: Context, name: str) -> Define:
    """A definition with sums in it, whose letters are those that are used outside, too."""
    grow = Grow(context, random, reuse=REUSE, elementary=0, deltas=False, free=False)
    letters = context.letters_of("n")
    match random.randrange(4):
        case 0:
            letter = random.choice(letters)
            inner = grow.under(letter, "n")
            return Define(name, (), (letter,), ("n",), inner.number(2))
        case 1:
            letter = random.choice(letters)
            inner = grow.under(letter, "n")
            return Define(name, (Parameter("index", letter, "n"),), (), (), inner.number(2))
        case 2:
            letter = random.choice(["t", *context.scalars])
            held = inside(context, letter)
            body = Grow(
                held, random, reuse=REUSE, elementary=0, free=False, more=(Name(letter),) * 3
            ).number(2)
            return Define(name, (Parameter("number", letter),), (), (), body)
    return Define(name, (), (), (), grow.number(2))


def _anew(random: Random, context: Context) -> tuple[Declaration, ...]:
    """Names that get another meaning; what was defined before keeps the old one."""
    scalars, vectors = context.scalars, sorted(context.vectors)
    match random.randrange(5):
        case 0:
            return (Vector(random.choice(scalars), "n"),)
        case 1 if len(vectors) > 1:
            return (Scalar(random.choice(vectors)),)
        case 2:
            return (Scalar(random.choice(context.letters_of("n")[1:])),)
        case 3:
            return (Matrix(random.choice(vectors), "n", "n"),)
    letters = context.letters_of("n")
    return (Size("m", 1), Index(random.choice(letters[1:]), "m"), Vector("w", "m"))


def _uses(random: Random, context: Context, grow: Grow) -> list[Term]:
    """Uses of the definitions, at letters that may be bound."""
    found: list[Term] = []
    for name, closure in context.defined.items():
        if name in grow.bound:
            continue
        definition = closure.definition
        member = grow.member("n")
        match definition.parameters:
            case (Parameter("index", _, _),) if member is not None:
                found.append(Call(name, (member,)))
            case (Parameter("number", _, _),):
                found.append(Call(name, (grow.leaf(),)))
            case () if definition.letters and member is not None:
                found.append(Entry(Name(name), (member,)))
            case () if not definition.letters:
                found.append(Name(name))
    return found


def _grow(random: Random, context: Context) -> Grow:
    grow = Grow(context, random, reuse=REUSE, elementary=0.03)
    return Grow(
        context, random, reuse=REUSE, elementary=0.03, more=tuple(_uses(random, context, grow))
    )


def _shadow_rewritten(random: Random, context: Context) -> Equality:
    term = _grow(random, context).number(3)
    return Equality("letters used again", term, term)


def _unfolded(random: Random, context: Context) -> Equality:
    """A definition at an argument that is called like a letter inside it."""
    uses = _uses(random, context, Grow(context, random))
    if not uses:
        raise Unfit
    term = random.choice(uses)
    right = unfolded(term, context, set())
    factor = Grow(context, random).leaf()
    return Equality("definition at a letter", mul(factor, term), mul(factor, right))


def _summed(random: Random, context: Context) -> Equality:
    """A definition under a sum over a letter that it uses."""
    letter = random.choice(context.letters_of("n"))
    grow = Grow(context, random, reuse=REUSE).under(letter, "n")
    uses = _uses(random, context, grow)
    if not uses:
        raise Unfit
    term = random.choice(uses)
    right = unfolded(term, context, {letter})
    factor = grow.leaf()
    return Equality(
        "definition under a sum",
        Sum(letter, Whole("n"), (), mul(factor, term)),
        Sum(letter, Whole("n"), (), mul(factor, right)),
    )


def _shadow_derivative(random: Random, context: Context) -> Equality:
    """A derivative by an entry, or under a sum by the entry at its letter."""
    vectors = [name for name, axis in context.vectors.items() if axis == "n"]
    if not vectors:
        raise Unfit
    letter = random.choice(context.letters_of("n"))
    by = Entry(Name(random.choice(vectors)), (Letter(letter),))
    term = _grow(random, context).number(2)
    if random.random() < 0.4:
        found = Derive(by, context, {letter}, random).of(term)
        factor = Entry(by.of, (Letter(letter),))
        return Equality(
            "derivative by a bound letter",
            Sum(letter, Whole("n"), (), Mul((factor, Deriv(term, by)))),
            Sum(letter, Whole("n"), (), Mul((factor, found))),
        )
    found = Derive(by, context, set(), random).of(term)
    return Equality("derivative by an entry", Deriv(term, by), found)


def _moved(random: Random, context: Context) -> Equality:
    """A product of sums over one letter as sums over two."""
    letter = random.choice(context.letters_of("n"))
    grow = Grow(context, random, reuse=REUSE, elementary=0).under(letter, "n")
    one, other = grow.number(1), grow.number(1)
    left = Mul(tuple(Sum(letter, Whole("n"), (), each) for each in (one, other)))
    nested = Sum(letter, Whole("n"), (), Mul((one, Sum(letter, Whole("n"), (), other))))
    return Equality("one letter twice", left, nested)


SHADOWED_LETTERS = Family(
    "shadowed letters",
    _shadow_setting,
    any_of({_shadow_rewritten: 2, _unfolded: 2, _summed: 1, _shadow_derivative: 1, _moved: 1}),
    (*NUMBERS, *SUMS, "unfold", "differentiate"),
)


def _subset_setting(random: Random) -> tuple[Item, ...]:
    given: list[Declaration] = [Size("n", 1), Size("K", 1)]
    given += [Index(each, "n") for each in some(random, "i j k", 2, 3)]
    given += [Index(each, "K", "Classes") for each in some(random, "c l", 2, 2)]
    given += [Scalar(each) for each in some(random, "a b", 1, 2)]
    given += [Vector(each, "n") for each in some(random, "x u z", 1, 2)]
    given.append(Vector(r"\mu", "K"))
    letter = next(each.name for each in given if isinstance(each, Index))
    given.append(Labels("y", letter, "K", "Classes", "n"))
    given += [Subset(each, "n") for each in some(random, "S T", 1, 2)]
    given.append(Subset("I", "n", "y", "c", letter))
    return (Block(tuple(given)),)


def _set(random: Random, context: Context) -> SetName:
    name = random.choice(sorted(context.subsets))
    labels = [Letter(each) for each in context.letters_of("K")]
    return SetName(name, random.choice(labels) if name == "I" else None)


def _over(letter: str, of: SetName, body: Term, sign: str = "in") -> Sum:
    return Sum(letter, Whole("n"), (Comparison(Letter(letter), sign, of),), body)


def _subset_summand(random: Random, context: Context, letter: str, depth: int = 1) -> Term:
    return Grow(context, random, elementary=0.05).under(letter, "n").number(depth)


def _letter(random: Random, context: Context) -> str:
    return random.choice(context.letters_of("n"))


def _subset_rewritten(random: Random, context: Context) -> Equality:
    letter, of = _letter(random, context), _set(random, context)
    term: Term = _over(letter, of, _subset_summand(random, context, letter, 2))
    match random.randrange(4):
        case 0:
            term = Add((term, _over(letter, of, _subset_summand(random, context, letter))))
        case 1:
            term = Mul((Card(of), term))
        case 2:
            label = random.choice(context.letters_of("K"))
            inner = _over(
                letter, SetName("I", Letter(label)), _subset_summand(random, context, letter)
            )
            term = total(label, "K", mul(Entry(Name(r"\mu"), (Letter(label),)), inner))
    return Equality("rewritten", term, term)


def _rest(random: Random, context: Context) -> Equality:
    """A subset and all others."""
    letter, of = _letter(random, context), _set(random, context)
    body = _subset_summand(random, context, letter)
    both = Add((_over(letter, of, body), _over(letter, of, body, "not in")))
    return Equality("the rest", both, total(letter, "n", body))


def _partition(random: Random, context: Context) -> Equality:
    """The places of every label are all places."""
    letter, label = _letter(random, context), random.choice(context.letters_of("K"))
    of = SetName("I", Letter(label))
    if random.random() < 0.3:
        return Equality("partition", total(label, "K", Card(of)), Name("n"))
    body = _subset_summand(random, context, letter)
    if label in str(body):
        raise Unfit
    by_label = total(label, "K", _over(letter, of, body))
    return Equality("partition", by_label, total(letter, "n", body))


def _entry(random: Random, context: Context, letter: str) -> Entry:
    names = [name for name, axis in context.vectors.items() if axis == "n"]
    return Entry(Name(random.choice(names)), (Letter(letter),))


def _square(random: Random, context: Context) -> Equality:
    """Squares of distances from one number for a subset, multiplied out."""
    letter, of = _letter(random, context), _set(random, context)
    entry = _entry(random, context, letter)
    center: Term = Name(random.choice(context.scalars))
    if of.at is not None:
        center = Entry(Name(r"\mu"), (of.at,))
    left = _over(letter, of, Pow(Add((entry, Neg(center))), 2))
    squares, sums = _over(letter, of, Pow(entry, 2)), _over(letter, of, entry)
    middle = Neg(Mul((TWO, center, sums)))
    return Equality("squares", left, Add((squares, middle, Mul((Card(of), Pow(center, 2))))))


def _subset_derivative(random: Random, context: Context) -> Equality:
    """By an entry, under the sum."""
    letter, of = _letter(random, context), _set(random, context)
    term: Term = _over(letter, of, _subset_summand(random, context, letter, 2))
    by = _entry(random, context, _letter(random, context))
    if random.random() < 0.3:
        term = Mul((term, term)) if random.random() < 0.5 else Add((term, ONE))
    return Equality("derivative", Deriv(term, by), Derive(by, context, set(), random).of(term))


SUBSET_SUMS = Family(
    "subsets",
    _subset_setting,
    any_of(
        {_subset_rewritten: 3, _partition: 2, _subset_derivative: 2, _square: 1, _rest: 2}, _rest
    ),
    (*NUMBERS, *SUMS, *SUBSETS, *SUBSETS, *SUBSETS),
)

"""Rewritings of numbers, arrays and definitions; all by their names, made at random places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from tests.lines.algebra import (
    Context,
    Derive,
    Unfit,
    add,
    entry_of,
    free_names,
    gradient,
    is_label,
    mul,
    neg,
    number,
    prime_unfolded,
    unfolded,
)
from tests.lines.rewritings_of_sums import (
    RULES,
    Rule,
    Site,
    require,
    require_sum,
    rule,
    signed,
    signed_like,
)
from tests.lines.tree import (
    ONE,
    TWO,
    Add,
    Apply,
    Call,
    Comparison,
    Deriv,
    Det,
    Div,
    Dot,
    Entry,
    Inv,
    Letter,
    Matmul,
    Mul,
    Name,
    Neg,
    NormSquared,
    Num,
    Path,
    Pow,
    Prime,
    Prod,
    Ranged,
    Sum,
    Term,
    Trace,
    Transpose,
    Whole,
    children,
    names_in,
    put,
    size_of,
)

# Rewritings of sums, products, quotients, powers, exponentials and logarithms of numbers.


@rule
def reorder_sum(term: Term, site: Site) -> Term:
    """a + b = b + a."""
    require_sum(term)
    parts = list(children(term))
    site.random.shuffle(parts)
    return Add(tuple(parts))


@rule
def reorder_product(term: Term, site: Site) -> Term:
    """a b = b a, for numbers."""
    require(isinstance(term, Mul))
    parts = list(children(term))
    site.random.shuffle(parts)
    parts.sort(key=lambda part: bool(site.shape(part)))
    return Mul(tuple(parts))


@rule
def distribute(term: Term, site: Site) -> Term:
    """a (b + c) = a b + a c."""
    if not isinstance(term, Mul):
        raise Unfit
    sums = [n for n, part in enumerate(term.parts) if isinstance(part, Add)]
    require(sums)
    at = site.random.choice(sums)
    inner = term.parts[at]
    before, behind = term.parts[:at], term.parts[at + 1 :]
    return add(*(signed(p, lambda q: mul(*before, q, *behind)) for p in children(inner)))


@rule
def factor_out(term: Term, site: Site) -> Term:
    """a b + a c = a (b + c)."""
    require_sum(term)
    factors = [_factors(part) for part in children(term)]
    common = [each for each in factors[0] if all(each in other for other in factors[1:])]
    common = [each for each in common if each != ONE]
    require(common)
    out = site.random.choice(common)
    rest = []
    for part, mine in zip(children(term), factors, strict=True):
        left = list(mine)
        left.remove(out)
        rest.append(signed_like(part, mul(*left)))
    return mul(out, add(*rest))


@rule
def double(term: Term, site: Site) -> Term:
    """2 a = a + a."""
    if isinstance(term, Mul) and TWO in term.parts:
        rest = list(term.parts)
        rest.remove(TWO)
        return Add((mul(*rest), mul(*rest)))
    raise Unfit


@rule
def square(term: Term, site: Site) -> Term:
    """a^2 = a a, a^3 = a a^2, and a a = a^2."""
    match term:
        case Pow(base, 2):
            return Mul((base, base))
        case Pow(base, exponent) if exponent > 2:
            return Mul((base, Pow(base, exponent - 1)))
        case Mul(parts) if (twice := [p for p in parts if parts.count(p) == 2]) and not any(
            map(site.shape, twice)
        ):
            rest = [part for part in parts if part != twice[0]]
            return mul(Pow(twice[0], 2), *rest)
    raise Unfit


@rule
def sign_out(term: Term, site: Site) -> Term:
    """a - b = -(b - a), a (-b) = -a b, and back."""
    match term:
        case Add(parts):
            return Neg(add(*(neg(part) for part in parts)))
        case Neg(Add(parts)):
            return add(*(neg(part) for part in parts))
        case Neg(Mul((first, *rest))):
            return mul(neg(first), *rest)
        case Mul(parts) if any(isinstance(part, Neg) for part in parts):
            at = next(n for n, part in enumerate(parts) if isinstance(part, Neg))
            return neg(mul(*parts[:at], neg(parts[at]), *parts[at + 1 :]))
    raise Unfit


@rule
def add_nothing(term: Term, site: Site) -> Term:
    """a = a + b - b."""
    require(site.context.scalars and not site.shape(term) and not isinstance(term, Num))
    more = _leaf(site)
    return Add((term, more, Neg(more)))


@rule
def fraction(term: Term, site: Site) -> Term:
    """a / b = (1/b) a, (a + b) / c = a / c + b / c, a (b / c) = a b / c."""
    match term:
        case Div(Add(parts), under):
            return add(*(signed(part, lambda p: Div(p, under)) for part in parts))
        case Div(over, under) if over != ONE:
            return mul(Div(ONE, under), over)
        case Mul(parts) if any(isinstance(part, Div) for part in parts):
            at = next(n for n, part in enumerate(parts) if isinstance(part, Div))
            below = parts[at]
            assert isinstance(below, Div)
            return Div(mul(*parts[:at], below.over, *parts[at + 1 :]), below.under)
        case Num(value) if value.denominator != 1:
            return Div(Num(Fraction(value.numerator)), Num(Fraction(value.denominator)))
    raise Unfit


@rule
def flatten(term: Term, site: Site) -> Term:
    """a + (b + c) = a + b + c, a (b c) = a b c, and back."""
    match term:
        case Add(parts) if any(isinstance(part, Add) for part in parts):
            return add(*parts)
        case Mul(parts) if any(isinstance(part, Mul) for part in parts):
            return mul(*parts)
        case Add((first, *rest)) if len(rest) > 1:
            return Add((first, Add(tuple(rest))))
        case Mul((first, *rest)) if len(rest) > 1:
            return Mul((first, Mul(tuple(rest))))
    raise Unfit


# Elementary functions -----------------------------------------------------------------------


@rule
def exponential(term: Term, site: Site) -> Term:
    """exp(a + b) = exp(a) exp(b), exp(-a) = 1 / exp(a), exp(a)^k = exp(k a), and back."""
    match term:
        case Apply("exp", Add(parts)):
            return mul(*(Apply("exp", part) for part in parts))
        case Apply("exp", Neg(of)):
            return Div(ONE, Apply("exp", of))
        case Mul(parts) if sum(_is_exp(part) for part in parts) > 1:
            raised = [part.of for part in parts if isinstance(part, Apply) and _is_exp(part)]
            return mul(*(p for p in parts if not _is_exp(p)), Apply("exp", add(*raised)))
        case Div(over, Apply("exp", of)) if over == ONE:
            return Apply("exp", neg(of))
        case Pow(Apply("exp", of), exponent):
            return Apply("exp", mul(number(exponent), of))
    raise Unfit


@rule
def logarithm(term: Term, site: Site) -> Term:
    """log(a b) = log a + log b, log(a / b), log(a^k), of what is positive; log(exp a) = a."""

    def known(inner: Term) -> bool:
        return positive(inner, site)

    def is_log(part: Term) -> bool:
        return isinstance(part, Apply) and part.function == "log" and known(part.of)

    match term:
        case Apply("log", Apply("exp", of)):
            return of
        case Apply("exp", Apply("log", of)) if known(of):
            return of
        case Apply("log", Mul(parts)) if all(map(known, parts)):
            return add(*(Apply("log", part) for part in parts))
        case Apply("log", Prod(letter, Whole(axis) as over, conditions, body)):
            require(positive(body, replace(site, bound={**site.bound, letter: axis})))
            return Sum(letter, over, conditions, Apply("log", body))
        case Apply("log", Div(over, under)) if known(over) and known(under):
            if over == ONE:
                return neg(Apply("log", under))
            return add(Apply("log", over), neg(Apply("log", under)))
        case Apply("log", Pow(base, exponent)) if known(base):
            return mul(number(exponent), Apply("log", base))
        case Add(parts) if sum(map(is_log, parts)) > 1:
            logs = [part.of for part in parts if isinstance(part, Apply) and is_log(part)]
            return add(*(p for p in parts if not is_log(p)), Apply("log", mul(*logs)))
    raise Unfit


def positive(term: Term, site: Site) -> bool:
    """Whether it can be seen, or is declared, that a number is above zero."""

    def known(inner: Term) -> bool:
        return positive(inner, site)

    match term:
        case Apply("exp" | "cosh" | "sigmoid" | "softplus", _):
            return True
        case Num(value):
            return value > 0
        case Name(name) | Entry(Name(name), _):
            return name in site.context.positive and name not in site.bound
        case Sum(letter, Whole(axis), (), body) | Prod(letter, Whole(axis), _, body):
            inner = replace(site, bound={**site.bound, letter: axis})
            return positive(body, inner)
        case Add(parts):
            return all(known(p) or _is_square(p) for p in parts) and any(map(known, parts))
        case Mul(parts):
            return all(map(known, parts))
        case Div(over, under):
            return known(over) and known(under)
        case Pow(base, _):
            return known(base)
    return False


def _is_square(term: Term) -> bool:
    return isinstance(term, NormSquared) or (isinstance(term, Pow) and term.exponent % 2 == 0)


def _is_exp(term: Term) -> bool:
    return isinstance(term, Apply) and term.function == "exp"


def _factors(part: Term) -> list[Term]:
    inner = part.of if isinstance(part, Neg) else part
    return list(inner.parts) if isinstance(inner, Mul) else [inner]


def _leaf(site: Site) -> Term:
    scalars: list[Term] = [Name(n) for n in site.context.scalars if n not in site.bound]
    require(scalars)
    return site.random.choice(scalars)


# Rewritings of products of matrices: transposes, brackets, inner products, entries.


@rule
def transpose_in(term: Term, site: Site) -> Term:
    """(A B)^T = B^T A^T, (A + B)^T, (A^T)^T = A."""
    match term:
        case Transpose(Matmul(left, right)):
            return Matmul(Transpose(right), Transpose(left))
        case Transpose(Add(parts)):
            return Add(tuple(signed(part, Transpose) for part in parts))
        case Transpose(Transpose(of)):
            return of
        case Transpose(Mul(parts)):
            return mul(*(Transpose(part) if site.shape(part) else part for part in parts))
        case Transpose(Neg(of)):
            return Neg(Transpose(of))
    raise Unfit


@rule
def transpose_out(term: Term, site: Site) -> Term:
    """B^T A^T = (A B)^T; x^T y = y^T x; A = (A^T)^T."""
    match term:
        case Matmul(Transpose(left), Transpose(right)):
            return Transpose(Matmul(right, left))
        case Matmul(left, right) if site.shape(term) == ():
            return Matmul(Transpose(right), Transpose(left))
        case Matmul(left, right) if site.random.random() < 0.3:
            return Transpose(Matmul(Transpose(right), Transpose(left)))
        case Name() | Matmul() if site.shape(term) and site.random.random() < 0.2:
            return Transpose(Transpose(term))
    raise Unfit


@rule
def associate(term: Term, site: Site) -> Term:
    """(A B) C = A (B C), and back."""
    match term:
        case Matmul(Matmul(left, middle), right) if site.shape(Matmul(left, middle)):
            require(site.shape(middle)[1:] == site.shape(right)[:1])
            return Matmul(left, Matmul(middle, right))
        case Matmul(left, Matmul(middle, right)) if site.shape(Matmul(middle, right)):
            return Matmul(Matmul(left, middle), right)
    raise Unfit


@rule
def distribute_matrices(term: Term, site: Site) -> Term:
    """(A + B) C = A C + B C, A (B + C), (a A) B = a (A B)."""
    match term:
        case Matmul(Add(parts), right):
            return add(*(signed(part, lambda p: Matmul(p, right)) for part in parts))
        case Matmul(left, Add(parts)):
            return add(*(signed(part, lambda p: Matmul(left, p)) for part in parts))
        case Matmul(Mul(parts), right):
            arrays = [part for part in parts if site.shape(part)]
            numbers = [part for part in parts if not site.shape(part)]
            return mul(*numbers, Matmul(arrays[0], right))
        case Matmul(left, Mul(parts)):
            arrays = [part for part in parts if site.shape(part)]
            numbers = [part for part in parts if not site.shape(part)]
            return mul(*numbers, Matmul(left, arrays[0]))
        case Matmul(left, Neg(of)):
            return neg(Matmul(left, of))
    raise Unfit


@rule
def inner_product(term: Term, site: Site) -> Term:
    """x^T y = x . y = y . x, and |x|^2 = x^T x."""
    match term:
        case Dot(left, right):
            return Matmul(Transpose(left), right)
        case NormSquared(of):
            return Dot(of, of) if site.random.random() < 0.5 else Matmul(Transpose(of), of)
        case Matmul(Transpose(left), right) if site.shape(term) == ():
            if left == right and site.random.random() < 0.7:
                return NormSquared(left)
            return Dot(left, right) if site.random.random() < 0.5 else Dot(right, left)
    raise Unfit


@rule
def expand_norm(term: Term, site: Site) -> Term:
    """|x + y|^2 = |x|^2 + 2 x^T y + |y|^2."""
    match term:
        case NormSquared(Add((first, second))):
            sign = neg if isinstance(second, Neg) else (lambda x: x)
            other = second.of if isinstance(second, Neg) else second
            cross = sign(mul(TWO, Matmul(Transpose(first), other)))
            return add(NormSquared(first), cross, NormSquared(other))
    raise Unfit


@rule
def into_entries(term: Term, site: Site) -> Term:
    """An inner product, or an entry of a product, as a sum over entries."""
    bound = set(site.bound) | site.taken
    match term:
        case Matmul() | Dot() | NormSquared() if site.shape(term) == ():
            return entry_of(term, None, None, site.context, bound)
        case Entry(of, at) if not isinstance(of, Name):
            shape = site.shape(of)
            row, column = (at[0], at[1]) if len(at) == 2 else (at[0], None)
            require(len(at) == 2 or (shape and shape[1] is None))
            return entry_of(of, row, column, site.context, bound)
    raise Unfit


# Exact rewritings of traces, inverses and determinants.


@rule
def cycle(term: Term, site: Site) -> Term:
    """tr(A B) = tr(B A), tr(A) = tr(A^T)."""
    match term:
        case Trace(Matmul(left, right)) if site.random.random() < 0.7:
            return Trace(Matmul(right, left))
        case Trace(of):
            return Trace(Transpose(of))
    raise Unfit


@rule
def trace_of_terms(term: Term, site: Site) -> Term:
    """tr(A + B) = tr A + tr B."""
    match term:
        case Trace(Add(parts)):
            return add(*(neg(Trace(p.of)) if isinstance(p, Neg) else Trace(p) for p in parts))
    raise Unfit


@rule
def inverse_of_product(term: Term, site: Site) -> Term:
    """(A B)^{-1} = B^{-1} A^{-1}, (A^T)^{-1} = (A^{-1})^T, (A^{-1})^{-1} = A."""
    match term:
        case Inv(Matmul(left, right)):
            return Matmul(Inv(right), Inv(left))
        case Inv(Transpose(of)):
            return Transpose(Inv(of))
        case Transpose(Inv(of)):
            return Inv(Transpose(of))
        case Inv(Inv(of)):
            return of
    raise Unfit


@rule
def determinant_of_product(term: Term, site: Site) -> Term:
    """det(A B) = det A det B, det A^T = det A, det A^{-1} = 1 / det A."""
    match term:
        case Det(Matmul(left, right)):
            return mul(Det(left), Det(right))
        case Det(Transpose(of)):
            return Det(of)
        case Det(Inv(of)):
            return Div(ONE, Det(of))
        case Det(of):
            return Det(Transpose(of))
    raise Unfit


# Rewritings of definitions and derivatives: written out, taken, or taken one step.


@rule
def unfold(term: Term, site: Site) -> Term:
    """A definition, or f'(z), written out."""
    match term:
        case Name() | Call() | Entry(Name(), _):
            return unfolded(term, site.context, set(site.bound))
        case Prime():
            return prime_unfolded(term, site.context, set(site.bound), site.random)
    raise Unfit


@rule
def differentiate(term: Term, site: Site) -> Term:
    """A derivative taken by the rules of calculus."""
    if not isinstance(term, Deriv):
        raise Unfit
    by = term.by
    if isinstance(by, Name) and site.shape(by):
        return gradient(term.of, by, site.context, set(site.bound), site.random)
    if isinstance(by, Name | Entry):
        found = Derive(by, site.context, set(site.bound), site.random).of(term.of)
        require(found != term)
        return found
    raise Unfit


@rule
def derive_terms(term: Term, site: Site) -> Term:
    """A derivative of a sum or product taken one step; two derivatives in the other order."""
    match term:
        case Deriv(Add(parts), by):
            return add(*(signed(part, lambda p: Deriv(p, by)) for part in parts))
        case Deriv(Mul((first, second)), by) if not site.shape(by):
            return add(mul(Deriv(first, by), second), mul(first, Deriv(second, by)))
        case Deriv(Sum(letter, over, conditions, body), by) if letter not in names_in(by):
            return Sum(letter, over, conditions, Deriv(body, by))
        case Deriv(Deriv(of, inner), outer) if not site.shape(inner) and not site.shape(outer):
            return Deriv(Deriv(of, outer), inner)
    raise Unfit


# Rewritings that hold of what is declared: symmetric matrices, entries that add up to a number.


@rule
def turned(term: Term, site: Site) -> Term:
    """A = A^T, A_{ij} = A_{ji} and x^T A y = y^T A x of a symmetric matrix."""
    match term:
        case Matmul(Matmul(Transpose(left), Name(name)), right) if _is_symmetric(name, site):
            return Matmul(Matmul(Transpose(right), Name(name)), left)
        case Transpose(Name(name)) if _is_symmetric(name, site):
            return Name(name)
        case Name(name) if _is_symmetric(name, site):
            return Transpose(term)
        case Entry(Name(name), (first, second)) if _is_symmetric(name, site):
            return Entry(term.of, (second, first))
    raise Unfit


def _is_symmetric(name: str, site: Site) -> bool:
    return name in site.context.symmetric and name not in site.bound


@rule
def added_up(term: Term, site: Site) -> Term:
    """The sum of all entries of a vector as what it is said to be."""
    match term:
        case Sum(letter, Whole(axis), (), Entry(Name(name), (Letter(own),))):
            total = _total(name, site)
            require(own == letter and site.context.vectors[name] == axis)
            return number(total)
        case Sum(letter, Whole(axis), (), Mul(parts)):
            for n, part in enumerate(parts):
                match part:
                    case Entry(Name(name), (Letter(own),)) if own == letter:
                        rest = mul(*parts[:n], *parts[n + 1 :])
                        require(letter not in free_names(rest))
                        require(site.context.vectors.get(name) == axis)
                        return mul(number(_total(name, site)), rest)
    raise Unfit


@rule
def one_as_a_sum(term: Term, site: Site) -> Term:
    """A factor of one as the sum of all entries of a vector, in front or inside."""
    require(not isinstance(term, Add | Neg) and site.shape(term) == ())
    name, axis = _of_one(site)
    letter = site.fresh(axis, term)
    entry = Entry(Name(name), (Letter(letter),))
    if term == ONE:
        return Sum(letter, Whole(axis), (), entry)
    if site.random.random() < 0.5:
        return mul(Sum(letter, Whole(axis), (), entry), term)
    return Sum(letter, Whole(axis), (), mul(entry, term))


@rule
def the_others(term: Term, site: Site) -> Term:
    """1 - y_i as the sum of all other entries, and y_i as 1 less that."""
    match term:
        case Entry(Name(name), (Letter(own) as place,)):
            total, axis = _total(name, site), site.context.vectors[name]
            require(not is_label(own, site.context))
            letter = site.fresh(axis, term)
            rest = (Comparison(Letter(letter), "!=", place),)
            others = Sum(letter, Whole(axis), rest, Entry(term.of, (Letter(letter),)))
            return Add((number(total), Neg(others)))
    raise Unfit


def _total(name: str, site: Site) -> int:
    require(name not in site.bound and name in site.context.totals)
    return site.context.totals[name]


def _of_one(site: Site) -> tuple[str, str]:
    totals = site.context.totals.items()
    known = [name for name, total in totals if total == 1 and name not in site.bound]
    require(known)
    name = site.random.choice(known)
    return name, site.context.vectors[name]


__all__ = [
    "COMMON",
    "DECLARED",
    "DEFINITIONS",
    "DETERMINANTS",
    "MATRICES",
    "NUMBERS",
    "PASSED_OVER",
    "PRODUCTS",
    "RANGES",
    "RULES",
    "SUBSETS",
    "SUMS",
    "Rule",
    "Site",
]

DETERMINANTS = ("cycle", "trace_of_terms", "inverse_of_product", "determinant_of_product")
NUMBERS = (
    "reorder_sum",
    "reorder_product",
    "distribute",
    "factor_out",
    "double",
    "square",
    "sign_out",
    "add_nothing",
    "fraction",
    "flatten",
    "exponential",
    "logarithm",
)
SUMS = (
    "split_terms",
    "join_sums",
    "constant_out",
    "factor_in",
    "exchange",
    "relabel",
    "delta_gone",
    "delta_in",
    "condition_out",
    "condition_in",
    "complement",
)
PRODUCTS = (
    "split_factors",
    "product_of_powers",
    "factor_apart",
    "product_relabelled",
    "products_exchanged",
    "sum_of_logs",
)
SUBSETS = ("the_rest", "membership_inside", "counted")
RANGES = (
    "last_apart",
    "first_apart",
    "shifted",
    "three_ways",
    "order_as_range",
    "triangle_exchanged",
)
MATRICES = (
    "transpose_in",
    "transpose_out",
    "associate",
    "distribute_matrices",
    "inner_product",
    "expand_norm",
    "into_entries",
)
DECLARED = ("turned", "added_up", "one_as_a_sum", "the_others")
DEFINITIONS = ("unfold", "differentiate", "derive_terms")
# those that almost any term allows are passed over more often than not
COMMON = {"add_nothing", "sign_out", "flatten", "reorder_sum", "reorder_product", "relabel"}
PASSED_OVER = 0.6


def rewritten(
    term: Term, context: Context, rules: Sequence[str], times: int, random: Random
) -> tuple[Term, list[str]]:
    """The term after so many rewritings, and which they were."""
    made: list[str] = []
    for _ in range(times):
        for _ in range(16):
            name = random.choice(rules)
            if name in COMMON and random.random() < PASSED_OVER:
                continue
            places = list(sites(term, context, random))
            random.shuffle(places)
            found = _first_rewritten(term, places, name)
            if found is not None and size_of(found) <= MOST_TERMS:
                term = found
                made.append(name)
                break
    return term, made


MOST_TERMS = 60


def _first_rewritten(
    term: Term, places: Iterable[tuple[Path, Term, Site]], name: str
) -> Term | None:
    for path, inner, site in places:
        try:
            new = RULES[name](inner, site)
        except Unfit:
            continue
        if new != inner:
            return put(term, path, new)
    return None


def sites(term: Term, context: Context, random: Random) -> Iterable[tuple[Path, Term, Site]]:
    """Every place in a term at which it can be rewritten.

    What a derivative is taken by is none, nor a vector that a function is said to depend on.
    """
    taken = frozenset(names_in(term))
    stack: list[tuple[Path, Term, dict[str, str]]] = [((), term, {})]
    while stack:
        path, inner, bound = stack.pop()
        yield path, inner, Site(context, bound, random, taken)
        below = {**bound, inner.letter: inner.over.axis} if isinstance(inner, Ranged) else bound
        parts = children(inner)
        for n, child in enumerate(parts[:1] if isinstance(inner, Deriv) else parts):
            if not (isinstance(inner, Call) and context.shape(child)):
                stack.append(((*path, n), child, below))

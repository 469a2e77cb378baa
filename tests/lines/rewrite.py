"""Exact rewritings of a term, one entry each, and a few of them made at random places.

A rewriting gives an equal term or raises Unfit. That it does is not taken for granted: both sides
of a line that is called true are evaluated as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from tests.lines.algebra import (
    add,
    entry_of,
    free_names,
    is_label,
    mul,
    neg,
    number,
    relabelled,
    substitute,
)
from tests.lines.context import Context, Shape, Unfit
from tests.lines.derive import Derive, gradient, prime_unfolded, unfolded
from tests.lines.tree import (
    ONE,
    TWO,
    Add,
    Apply,
    Between,
    Call,
    Comparison,
    Deriv,
    Div,
    Dot,
    End,
    Entry,
    Indicator,
    Letter,
    Matmul,
    Member,
    Moved,
    Mul,
    Name,
    Neg,
    NormSquared,
    Nth,
    Num,
    Path,
    Pow,
    Prime,
    Sum,
    Term,
    Transpose,
    Whole,
    children,
    letter_in,
    map_members,
    members,
    names_in,
    put,
    size_of,
    subterms,
    with_children,
)


@dataclass(frozen=True)
class Site:
    """Where a rewriting is made: the declared names, the letters bound around, what to avoid."""

    context: Context
    bound: dict[str, str]
    random: Random
    taken: frozenset[str] = frozenset()

    def shape(self, term: Term) -> Shape:
        """The shape of a term here."""
        return self.context.shape(term, dict.fromkeys(self.bound, ()))

    def fresh(self, axis: str, *terms: Term) -> str:
        """A letter for a new sum here."""
        avoid = set(self.taken) | set(self.bound)
        for term in terms:
            avoid |= names_in(term)
        return self.context.fresh(axis, avoid, self.random)

    def letters(self) -> dict[str, str]:
        """All letters that mean a member here, with what they run over."""
        return {**self.context.letters, **self.bound}

    def axis_of(self, member: Member) -> str:
        """What a member is of; raises Unfit where that is not known."""
        letters, lists = self.letters(), self.context.lists
        match member:
            case Letter(name) if name in letters:
                return letters[name]
            case Moved(of, _) if of.name in letters:
                return letters[of.name]
        found = getattr(member, "list", None)
        if found in lists:
            return lists[found][0]
        raise Unfit


Rule = Callable[[Term, Site], Term]
RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Adds a rewriting to the catalogue, under its name."""
    RULES[function.__name__] = function
    return function


def _require(holds: object) -> None:
    if not holds:
        raise Unfit


# Numbers ------------------------------------------------------------------------------------


@rule
def reorder_sum(term: Term, site: Site) -> Term:
    assert_add(term)
    parts = list(children(term))
    site.random.shuffle(parts)
    return Add(tuple(parts))


@rule
def reorder_product(term: Term, site: Site) -> Term:
    _require(isinstance(term, Mul))
    parts = list(children(term))
    site.random.shuffle(parts)
    parts.sort(key=lambda part: bool(site.shape(part)))
    return Mul(tuple(parts))


@rule
def distribute(term: Term, site: Site) -> Term:
    if not isinstance(term, Mul):
        raise Unfit
    sums = [n for n, part in enumerate(term.parts) if isinstance(part, Add)]
    _require(sums)
    at = site.random.choice(sums)
    inner = term.parts[at]
    before, behind = term.parts[:at], term.parts[at + 1 :]
    return add(*(_signed(p, lambda q: mul(*before, q, *behind)) for p in children(inner)))


@rule
def factor_out(term: Term, site: Site) -> Term:
    assert_add(term)
    factors = [_factors(part) for part in children(term)]
    common = [each for each in factors[0] if all(each in other for other in factors[1:])]
    common = [each for each in common if each != ONE]
    _require(common)
    out = site.random.choice(common)
    rest = []
    for part, mine in zip(children(term), factors, strict=True):
        left = list(mine)
        left.remove(out)
        rest.append(_signed_like(part, mul(*left)))
    return mul(out, add(*rest))


@rule
def double(term: Term, site: Site) -> Term:
    if isinstance(term, Mul) and TWO in term.parts:
        rest = list(term.parts)
        rest.remove(TWO)
        return Add((mul(*rest), mul(*rest)))
    raise Unfit


@rule
def square(term: Term, site: Site) -> Term:
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
    _require(site.context.scalars and not site.shape(term) and not isinstance(term, Num))
    more = _leaf(site)
    return Add((term, more, Neg(more)))


@rule
def fraction(term: Term, site: Site) -> Term:
    match term:
        case Div(Add(parts), under):
            return add(*(_signed(part, lambda p: Div(p, under)) for part in parts))
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
    match term:
        case Apply("log", Apply("exp", of)):
            return of
        case Apply("log", Mul(parts)) if all(map(positive, parts)):
            return add(*(Apply("log", part) for part in parts))
        case Apply("log", Div(over, under)) if positive(over) and positive(under):
            if over == ONE:
                return neg(Apply("log", under))
            return add(Apply("log", over), neg(Apply("log", under)))
        case Apply("log", Pow(base, exponent)) if positive(base):
            return mul(number(exponent), Apply("log", base))
        case Add(parts) if sum(_is_log(part) for part in parts) > 1:
            logs = [part.of for part in parts if isinstance(part, Apply) and _is_log(part)]
            return add(*(p for p in parts if not _is_log(p)), Apply("log", mul(*logs)))
    raise Unfit


def positive(term: Term) -> bool:
    """Whether it can be seen that a number is above zero."""
    match term:
        case Apply("exp", _):
            return True
        case Num(value):
            return value > 0
        case Add(parts):
            return all(positive(p) or _is_square(p) for p in parts) and any(map(positive, parts))
        case Mul(parts):
            return all(map(positive, parts))
        case Div(over, under):
            return positive(over) and positive(under)
        case Pow(base, _):
            return positive(base)
    return False


def _is_square(term: Term) -> bool:
    return isinstance(term, NormSquared) or (isinstance(term, Pow) and term.exponent % 2 == 0)


def _is_exp(term: Term) -> bool:
    return isinstance(term, Apply) and term.function == "exp"


def _is_log(term: Term) -> bool:
    return isinstance(term, Apply) and term.function == "log" and positive(term.of)


# Sums ---------------------------------------------------------------------------------------


@rule
def split_terms(term: Term, site: Site) -> Term:
    match term:
        case Sum(letter, over, conditions, Add(parts)):
            return add(
                *(_signed(part, lambda p: Sum(letter, over, conditions, p)) for part in parts)
            )
    raise Unfit


@rule
def join_sums(term: Term, site: Site) -> Term:
    assert_add(term)
    sums = [part for part in children(term) if isinstance(part, Sum) and not part.conditions]
    _require(len(sums) > 1)
    first, second = site.random.sample(sums, 2)
    _require(first.over == second.over and site.shape(first) == site.shape(second))
    if second.letter != first.letter:
        _require(first.letter not in free_names(second.body))
        second_body = relabelled(second, first.letter, site.context).body
    else:
        second_body = second.body
    rest = list(children(term))
    rest.remove(first)
    rest.remove(second)
    return add(*rest, Sum(first.letter, first.over, (), add(first.body, second_body)))


@rule
def constant_out(term: Term, site: Site) -> Term:
    match term:
        case Sum(letter, over, conditions, Mul(parts)):
            fixed = [part for part in parts if letter not in free_names(part)]
            moving = [part for part in parts if letter in free_names(part)]
            _require(fixed)
            return mul(*fixed, Sum(letter, over, conditions, mul(*moving)))
        case Sum(letter, over, conditions, Neg(of)):
            return Neg(Sum(letter, over, conditions, of))
        case Sum(letter, over, conditions, Div(above, under)) if letter not in free_names(under):
            return Div(Sum(letter, over, conditions, above), under)
        case Sum(letter, Whole(axis), (), body) if letter not in free_names(body):
            return mul(Name(axis), body)
    raise Unfit


@rule
def factor_in(term: Term, site: Site) -> Term:
    if not isinstance(term, Mul):
        raise Unfit
    sums = [n for n, part in enumerate(term.parts) if isinstance(part, Sum)]
    _require(sums)
    at = site.random.choice(sums)
    inner = term.parts[at]
    others = (*term.parts[:at], *term.parts[at + 1 :])
    assert isinstance(inner, Sum)
    if any(inner.letter in free_names(each) for each in others):
        inner = relabelled(inner, site.fresh(inner.over.axis, term), site.context)
    return Sum(inner.letter, inner.over, inner.conditions, mul(*others, inner.body))


@rule
def exchange(term: Term, site: Site) -> Term:
    match term:
        case Sum(letter, over, outer, Sum(other, inner, conditions, body)) if letter != other:
            used = {letter_in(m) for m in members(Sum("", inner, (), ONE))}
            _require(letter not in used and other not in {letter_in(m) for m in _members(outer)})
            _require(not isinstance(over, Between) or other not in _letters_of(over))
            moved = tuple(c for c in conditions if letter in _letters(c))
            kept = tuple(c for c in conditions if letter not in _letters(c))
            return Sum(other, inner, kept, Sum(letter, over, (*outer, *moved), body))
    raise Unfit


@rule
def relabel(term: Term, site: Site) -> Term:
    if not isinstance(term, Sum):
        raise Unfit
    return relabelled(term, site.fresh(term.over.axis, term), site.context)


@rule
def delta_gone(term: Term, site: Site) -> Term:
    """A sum over a delta is its one summand."""
    if not isinstance(term, Sum) or term.conditions or not isinstance(term.over, Whole):
        raise Unfit
    parts = term.body.parts if isinstance(term.body, Mul) else (term.body,)
    for n, part in enumerate(parts):
        if isinstance(part, Indicator) and part.of.sign == "=":
            one, other = part.of.left, part.of.right
            for mine, new in ((one, other), (other, one)):
                if mine == Letter(term.letter) and letter_in(new) != term.letter:
                    rest = mul(*parts[:n], *parts[n + 1 :])
                    return substitute(rest, {term.letter: new}, site.context)
    raise Unfit


@rule
def delta_in(term: Term, site: Site) -> Term:
    """A member is picked out of a sum by a delta."""
    found = [m for m in _free_members(term, site) if not isinstance(m, Nth | End | Moved)]
    _require(found)
    member = site.random.choice(found)
    axis = site.axis_of(member)
    letter = site.fresh(axis, term)
    body = _swapped(term, member, Letter(letter))
    delta = Indicator(Comparison(Letter(letter), "=", member))
    parts = [delta, body] if site.random.random() < 0.7 or site.shape(body) else [body, delta]
    return Sum(letter, Whole(axis), (), mul(*parts))


@rule
def condition_out(term: Term, site: Site) -> Term:
    match term:
        case Sum(letter, Whole() as over, (*before, Comparison(left, "!=", right)), body) if (
            left == Letter(letter) and letter_in(right) != letter
        ):
            _require(not before)
            missing = substitute(body, {letter: right}, site.context)
            return add(Sum(letter, over, (), body), neg(missing))
        case Sum(letter, over, (first, *rest), body):
            return Sum(letter, over, tuple(rest), mul(Indicator(first), body))
    raise Unfit


@rule
def condition_in(term: Term, site: Site) -> Term:
    match term:
        case Sum(letter, over, conditions, Mul(parts)):
            deltas = [part for part in parts if isinstance(part, Indicator)]
            _require(deltas and len(parts) > 1)
            chosen = site.random.choice(deltas)
            rest = list(parts)
            rest.remove(chosen)
            return Sum(letter, over, (*conditions, chosen.of), mul(*rest))
        case Sum(letter, Whole(axis) as over, (), body):
            known = [name for name, own in site.letters().items() if own == axis]
            known = [name for name in known if name != letter]
            _require(known)
            apart = Letter(site.random.choice(known))
            missing = substitute(body, {letter: apart}, site.context)
            return add(Sum(letter, over, (Comparison(Letter(letter), "!=", apart),), body), missing)
    raise Unfit


@rule
def complement(term: Term, site: Site) -> Term:
    match term:
        case Indicator(Comparison(left, "!=", right)):
            return Add((ONE, Neg(Indicator(Comparison(left, "=", right)))))
        case Indicator(Comparison(left, "=", right)):
            if site.random.random() < 0.3:
                return Add((ONE, Neg(Indicator(Comparison(left, "!=", right)))))
            return Indicator(Comparison(right, "=", left))
        case Add((Num(value), Neg(Indicator(Comparison(left, "=", right))))) if value == 1:
            return Indicator(Comparison(left, "!=", right))
    raise Unfit


# Parts of ranges ----------------------------------------------------------------------------


@rule
def last_apart(term: Term, site: Site) -> Term:
    match term:
        case Sum(letter, Whole(axis), (), body):
            last = substitute(body, {letter: End(axis)}, site.context)
            front = Sum(letter, Between(axis, Nth(1), End(axis, -1)), (), body)
            return add(front, last)
    raise Unfit


@rule
def first_apart(term: Term, site: Site) -> Term:
    match term:
        case Sum(letter, Whole(axis), (), body):
            first = substitute(body, {letter: Nth(1)}, site.context)
            return add(first, Sum(letter, Between(axis, Nth(2), End(axis)), (), body))
    raise Unfit


@rule
def shifted(term: Term, site: Site) -> Term:
    match term:
        case Sum(letter, Between(axis, Nth(2), End(_, 0)), (), body):
            over = Between(axis, Nth(1), End(axis, -1))
            moved = substitute(body, {letter: Moved(Letter(letter), 1)}, site.context)
            return Sum(letter, over, (), moved)
        case Sum(letter, Between(axis, Nth(1), End(_, -1)), (), body):
            over = Between(axis, Nth(2), End(axis))
            moved = substitute(body, {letter: Moved(Letter(letter), -1)}, site.context)
            return Sum(letter, over, (), moved)
    raise Unfit


@rule
def three_ways(term: Term, site: Site) -> Term:
    """Below, equal and above."""
    match term:
        case Sum(letter, Whole(axis) as over, (), body):
            known = [name for name, own in site.letters().items() if own == axis]
            known = [name for name in known if name != letter]
            _require(known and axis not in site.context.labels)
            mine, other = Letter(letter), Letter(site.random.choice(known))
            middle = substitute(body, {letter: other}, site.context)
            below = Sum(letter, over, (Comparison(mine, "<", other),), body)
            above = Sum(letter, over, (Comparison(other, "<", mine),), body)
            if site.random.random() < 0.5:
                least = Sum(letter, over, (Comparison(mine, "<=", other),), body)
                return add(least, above)
            return add(below, middle, above)
    raise Unfit


# Matrices -----------------------------------------------------------------------------------


@rule
def transpose_in(term: Term, site: Site) -> Term:
    match term:
        case Transpose(Matmul(left, right)):
            return Matmul(Transpose(right), Transpose(left))
        case Transpose(Add(parts)):
            return Add(tuple(_signed(part, Transpose) for part in parts))
        case Transpose(Transpose(of)):
            return of
        case Transpose(Mul(parts)):
            return mul(*(Transpose(part) if site.shape(part) else part for part in parts))
        case Transpose(Neg(of)):
            return Neg(Transpose(of))
    raise Unfit


@rule
def transpose_out(term: Term, site: Site) -> Term:
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
    match term:
        case Matmul(Matmul(left, middle), right) if site.shape(Matmul(left, middle)):
            _require(site.shape(middle)[1:] == site.shape(right)[:1])
            return Matmul(left, Matmul(middle, right))
        case Matmul(left, Matmul(middle, right)) if site.shape(Matmul(middle, right)):
            return Matmul(Matmul(left, middle), right)
    raise Unfit


@rule
def distribute_matrices(term: Term, site: Site) -> Term:
    match term:
        case Matmul(Add(parts), right):
            return add(*(_signed(part, lambda p: Matmul(p, right)) for part in parts))
        case Matmul(left, Add(parts)):
            return add(*(_signed(part, lambda p: Matmul(left, p)) for part in parts))
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
    match term:
        case NormSquared(Add((first, second))):
            sign = neg if isinstance(second, Neg) else (lambda x: x)
            other = second.of if isinstance(second, Neg) else second
            cross = sign(mul(TWO, Matmul(Transpose(first), other)))
            return add(NormSquared(first), cross, NormSquared(other))
    raise Unfit


@rule
def into_entries(term: Term, site: Site) -> Term:
    bound = set(site.bound) | site.taken
    match term:
        case Matmul() | Dot() | NormSquared() if site.shape(term) == ():
            return entry_of(term, None, None, site.context, bound)
        case Entry(of, at) if not isinstance(of, Name):
            shape = site.shape(of)
            row, column = (at[0], at[1]) if len(at) == 2 else (at[0], None)
            _require(len(at) == 2 or (shape and shape[1] is None))
            return entry_of(of, row, column, site.context, bound)
    raise Unfit


# Definitions and derivatives ----------------------------------------------------------------


@rule
def unfold(term: Term, site: Site) -> Term:
    match term:
        case Name() | Call() | Entry(Name(), _):
            return unfolded(term, site.context, set(site.bound))
        case Prime():
            return prime_unfolded(term, site.context, set(site.bound), site.random)
    raise Unfit


@rule
def differentiate(term: Term, site: Site) -> Term:
    if not isinstance(term, Deriv):
        raise Unfit
    by = term.by
    if isinstance(by, Name) and site.shape(by):
        return gradient(term.of, by, site.context, set(site.bound), site.random)
    if isinstance(by, Name | Entry):
        found = Derive(by, site.context, set(site.bound), site.random).of(term.of)
        _require(found != term)
        return found
    raise Unfit


@rule
def derive_terms(term: Term, site: Site) -> Term:
    """Linearity alone, or the product rule alone."""
    match term:
        case Deriv(Add(parts), by):
            return add(*(_signed(part, lambda p: Deriv(p, by)) for part in parts))
        case Deriv(Mul((first, second)), by) if not site.shape(by):
            return add(mul(Deriv(first, by), second), mul(first, Deriv(second, by)))
        case Deriv(Sum(letter, over, conditions, body), by) if letter not in names_in(by):
            return Sum(letter, over, conditions, Deriv(body, by))
        case Deriv(Deriv(of, inner), outer) if not site.shape(inner) and not site.shape(outer):
            return Deriv(Deriv(of, outer), inner)
    raise Unfit


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
RANGES = ("last_apart", "first_apart", "shifted", "three_ways")
MATRICES = (
    "transpose_in",
    "transpose_out",
    "associate",
    "distribute_matrices",
    "inner_product",
    "expand_norm",
    "into_entries",
)
DEFINITIONS = ("unfold", "differentiate", "derive_terms")
# those that almost any term allows are passed over more often than not
COMMON = {"add_nothing", "sign_out", "flatten", "reorder_sum", "reorder_product", "relabel"}
PASSED_OVER = 0.6


# At random places ---------------------------------------------------------------------------


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
        below = {**bound, inner.letter: inner.over.axis} if isinstance(inner, Sum) else bound
        parts = children(inner)
        for n, child in enumerate(parts[:1] if isinstance(inner, Deriv) else parts):
            if not (isinstance(inner, Call) and context.shape(child)):
                stack.append(((*path, n), child, below))


# Helpers ------------------------------------------------------------------------------------


def assert_add(term: Term) -> None:
    """Raises Unfit for anything but a sum of terms."""
    _require(isinstance(term, Add))


def _signed(part: Term, change: Callable[[Term], Term]) -> Term:
    return neg(change(part.of)) if isinstance(part, Neg) else change(part)


def _signed_like(part: Term, new: Term) -> Term:
    return neg(new) if isinstance(part, Neg) else new


def _factors(part: Term) -> list[Term]:
    inner = part.of if isinstance(part, Neg) else part
    return list(inner.parts) if isinstance(inner, Mul) else [inner]


def _leaf(site: Site) -> Term:
    scalars: list[Term] = [Name(n) for n in site.context.scalars if n not in site.bound]
    _require(scalars)
    return site.random.choice(scalars)


def _members(conditions: Iterable[Comparison]) -> Iterable[Member]:
    for each in conditions:
        yield from (each.left, each.right)


def _letters(condition: Comparison) -> set[str]:
    return {letter_in(condition.left), letter_in(condition.right)}


def _letters_of(over: Between) -> set[str]:
    return {letter_in(over.low), letter_in(over.high)}


def _free_members(term: Term, site: Site) -> list[Member]:
    """Members in a term whose letters are free in it, in a stable order."""
    free = free_names(term)
    found: dict[Member, None] = {}
    for _, inner in subterms(term):
        for member in members(inner):
            if letter_in(member) in free and letter_in(member):
                found[member] = None
    return [m for m in found if not _is_number_somewhere(term, m, site)]


def _is_number_somewhere(term: Term, member: Member, site: Site) -> bool:
    """Whether the letter also stands as a number, which a list's entry cannot."""
    name = letter_in(member)
    as_number = any(inner == Name(name) for _, inner in subterms(term))
    return as_number and is_label(name, site.context)


def _swapped(term: Term, member: Member, new: Letter) -> Term:
    """Every free occurrence of a member as another one; the new letter is used nowhere."""
    if isinstance(term, Sum) and term.letter == letter_in(member):
        return term
    changed = map_members(term, lambda each: new if each == member else each)
    if isinstance(changed, Name) and member == Letter(changed.name):
        return Name(new.name)
    return with_children(
        changed, tuple(_swapped(child, member, new) for child in children(changed))
    )

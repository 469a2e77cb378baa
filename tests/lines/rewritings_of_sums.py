"""Rewritings of sums, products and subsets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from tests.lines.algebra import (
    Context,
    Shape,
    Unfit,
    add,
    free_names,
    is_label,
    mul,
    neg,
    relabelled,
    substitute,
)
from tests.lines.tree import (
    ONE,
    Add,
    Apply,
    Between,
    Card,
    Comparison,
    Div,
    End,
    Indicator,
    Letter,
    Member,
    Moved,
    Mul,
    Name,
    Neg,
    Nth,
    Num,
    Pow,
    Prod,
    SetName,
    Sum,
    Term,
    Whole,
    children,
    letter_in,
    map_members,
    members,
    names_in,
    subterms,
    with_children,
)

# Places where a term is rewritten, and the catalogue that each rewriting enters.


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


def require(holds: object) -> None:
    """Raises Unfit where something does not hold."""
    if not holds:
        raise Unfit


def require_sum(term: Term) -> None:
    """Raises Unfit for anything but a sum of terms."""
    require(isinstance(term, Add))


def signed(part: Term, change: Callable[[Term], Term]) -> Term:
    """A term changed behind its sign."""
    return neg(change(part.of)) if isinstance(part, Neg) else change(part)


def signed_like(part: Term, new: Term) -> Term:
    """A new term with the sign of another."""
    return neg(new) if isinstance(part, Neg) else new


# Rewritings of sums over letters: terms, factors, order, deltas, conditions, parts of ranges.


@rule
def split_terms(term: Term, site: Site) -> Term:
    """A sum of terms as terms that are sums."""
    match term:
        case Sum(letter, over, conditions, Add(parts)):
            return add(
                *(signed(part, lambda p: Sum(letter, over, conditions, p)) for part in parts)
            )
    raise Unfit


@rule
def join_sums(term: Term, site: Site) -> Term:
    """Two sums over one set as a sum of both summands."""
    require_sum(term)
    sums = [part for part in children(term) if isinstance(part, Sum) and not part.conditions]
    require(len(sums) > 1)
    first, second = site.random.sample(sums, 2)
    require(first.over == second.over and site.shape(first) == site.shape(second))
    if second.letter != first.letter:
        require(first.letter not in free_names(second.body))
        second_body = relabelled(second, first.letter, site.context).body
    else:
        second_body = second.body
    rest = list(children(term))
    rest.remove(first)
    rest.remove(second)
    return add(*rest, Sum(first.letter, first.over, (), add(first.body, second_body)))


@rule
def constant_out(term: Term, site: Site) -> Term:
    """What does not depend on the letter, in front of the sum; n c for a sum of c."""
    match term:
        case Sum(letter, over, conditions, Mul(parts)):
            fixed = [part for part in parts if letter not in free_names(part)]
            moving = [part for part in parts if letter in free_names(part)]
            require(fixed)
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
    """A factor in front of a sum, inside of it."""
    if not isinstance(term, Mul):
        raise Unfit
    sums = [n for n, part in enumerate(term.parts) if isinstance(part, Sum)]
    require(sums)
    at = site.random.choice(sums)
    inner = term.parts[at]
    others = (*term.parts[:at], *term.parts[at + 1 :])
    assert isinstance(inner, Sum)
    if any(inner.letter in free_names(each) for each in others):
        inner = relabelled(inner, site.fresh(inner.over.axis, term), site.context)
    return Sum(inner.letter, inner.over, inner.conditions, mul(*others, inner.body))


@rule
def exchange(term: Term, site: Site) -> Term:
    """Two sums in the other order."""
    match term:
        case Sum(letter, over, outer, Sum(other, inner, conditions, body)) if letter != other:
            used = {letter_in(m) for m in members(Sum("", inner, (), ONE))}
            require(letter not in used and other not in {letter_in(m) for m in _members(outer)})
            require(not isinstance(over, Between) or other not in _letters_of(over))
            moved = tuple(c for c in conditions if letter in _letters(c))
            kept = tuple(c for c in conditions if letter not in _letters(c))
            return Sum(other, inner, kept, Sum(letter, over, (*outer, *moved), body))
    raise Unfit


@rule
def relabel(term: Term, site: Site) -> Term:
    """A sum over another letter."""
    if not isinstance(term, Sum):
        raise Unfit
    return relabelled(term, site.fresh(term.over.axis, term), site.context)


@rule
def delta_gone(term: Term, site: Site) -> Term:
    """A sum over a delta as its one summand."""
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
    """A member picked out of a sum by a delta."""
    found = [m for m in _free_members(term, site) if not isinstance(m, Nth | End | Moved)]
    require(found)
    member = site.random.choice(found)
    axis = site.axis_of(member)
    letter = site.fresh(axis, term)
    body = _swapped(term, member, Letter(letter))
    delta = Indicator(Comparison(Letter(letter), "=", member))
    parts = [delta, body] if site.random.random() < 0.7 or site.shape(body) else [body, delta]
    return Sum(letter, Whole(axis), (), mul(*parts))


@rule
def condition_out(term: Term, site: Site) -> Term:
    """A condition as a factor; all but one as all, less that one."""
    match term:
        case Sum(letter, Whole() as over, (*before, Comparison(left, "!=", right)), body) if (
            left == Letter(letter) and letter_in(right) != letter
        ):
            require(not before)
            missing = substitute(body, {letter: right}, site.context)
            return add(Sum(letter, over, (), body), neg(missing))
        case Sum(letter, over, (first, *rest), body):
            return Sum(letter, over, tuple(rest), mul(Indicator(first), body))
    raise Unfit


@rule
def condition_in(term: Term, site: Site) -> Term:
    """A factor as a condition; all as all but one, and that one."""
    match term:
        case Sum(letter, over, conditions, Mul(parts)):
            deltas = [part for part in parts if isinstance(part, Indicator)]
            require(deltas and len(parts) > 1)
            chosen = site.random.choice(deltas)
            rest = list(parts)
            rest.remove(chosen)
            return Sum(letter, over, (*conditions, chosen.of), mul(*rest))
        case Sum(letter, Whole(axis) as over, (), body):
            known = [name for name, own in site.letters().items() if own == axis]
            known = [name for name in known if name != letter]
            require(known)
            apart = Letter(site.random.choice(known))
            missing = substitute(body, {letter: apart}, site.context)
            return add(Sum(letter, over, (Comparison(Letter(letter), "!=", apart),), body), missing)
    raise Unfit


@rule
def complement(term: Term, site: Site) -> Term:
    """[i != j] = 1 - [i = j], and back; [i = j] = [j = i]."""
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
    """The last summand apart."""
    match term:
        case Sum(letter, Whole(axis), (), body):
            last = substitute(body, {letter: End(axis)}, site.context)
            front = Sum(letter, Between(axis, Nth(1), End(axis, -1)), (), body)
            return add(front, last)
    raise Unfit


@rule
def first_apart(term: Term, site: Site) -> Term:
    """The first summand apart."""
    match term:
        case Sum(letter, Whole(axis), (), body):
            first = substitute(body, {letter: Nth(1)}, site.context)
            return add(first, Sum(letter, Between(axis, Nth(2), End(axis)), (), body))
    raise Unfit


@rule
def shifted(term: Term, site: Site) -> Term:
    """A sum over 2..n as one over 1..n-1, and back."""
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
    """A sum as those below, at and above a letter."""
    match term:
        case Sum(letter, Whole(axis) as over, (), body):
            known = [name for name, own in site.letters().items() if own == axis]
            known = [name for name in known if name != letter]
            require(known and axis not in site.context.labels)
            mine, other = Letter(letter), Letter(site.random.choice(known))
            middle = substitute(body, {letter: other}, site.context)
            below = Sum(letter, over, (Comparison(mine, "<", other),), body)
            above = Sum(letter, over, (Comparison(other, "<", mine),), body)
            if site.random.random() < 0.5:
                least = Sum(letter, over, (Comparison(mine, "<=", other),), body)
                return add(least, above)
            return add(below, middle, above)
    raise Unfit


@rule
def order_as_range(term: Term, site: Site) -> Term:
    """A sum over the members below a letter, or above it, as one over a range, and back."""
    match term:
        case Sum(letter, Whole(axis), (Comparison(Letter(mine), "<", Letter(other)),), body):
            if mine == letter:
                return Sum(letter, Between(axis, Nth(1), Moved(Letter(other), -1)), (), body)
            if other == letter:
                return Sum(letter, Between(axis, Moved(Letter(mine), 1), End(axis)), (), body)
        case Sum(letter, Between(axis, Nth(1), Moved(Letter() as other, -1)), (), body):
            return Sum(letter, Whole(axis), (Comparison(Letter(letter), "<", other),), body)
        case Sum(letter, Between(axis, Moved(Letter() as other, 1), End(_, 0)), (), body):
            return Sum(letter, Whole(axis), (Comparison(other, "<", Letter(letter)),), body)
    raise Unfit


@rule
def triangle_exchanged(term: Term, site: Site) -> Term:
    """Two sums over pairs in order, in the other order."""
    match term:
        case Sum(one, Whole() as over, (), Sum(other, Whole() as inner, (only,), body)):
            pair = {letter_in(only.left), letter_in(only.right)}
            require(over == inner and pair == {one, other} and only.sign in ("<", "<="))
            return Sum(other, over, (), Sum(one, over, (only,), body))
    raise Unfit


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


# Rewritings of sums over subsets.


@rule
def the_rest(term: Term, site: Site) -> Term:
    """A sum over a subset as the sum over all less that over the others."""
    match term:
        case Sum(letter, Whole() as over, (Comparison(Letter(own), sign, SetName() as of),), body):
            require(own == letter)
            other = Comparison(Letter(own), "in" if sign == "not in" else "not in", of)
            return add(Sum(letter, over, (), body), neg(Sum(letter, over, (other,), body)))
    raise Unfit


@rule
def membership_inside(term: Term, site: Site) -> Term:
    """Whether a letter is in a subset as a factor of the summand, and back."""
    match term:
        case Sum(letter, over, (Comparison(_, _, SetName()) as only,), body):
            return Sum(letter, over, (), mul(Indicator(only), body))
        case Sum(letter, over, (), Mul(parts)):
            for n, part in enumerate(parts):
                if isinstance(part, Indicator) and isinstance(part.of.right, SetName):
                    require(part.of.left == Letter(letter))
                    return Sum(letter, over, (part.of,), mul(*parts[:n], *parts[n + 1 :]))
    raise Unfit


@rule
def counted(term: Term, site: Site) -> Term:
    """A summand that is the same for all members of a subset, times how many there are."""
    match term:
        case Sum(letter, Whole(), (Comparison(Letter(own), "in", SetName() as of),), body):
            require(own == letter and letter not in free_names(body))
            return mul(Card(of), body)
        case Card(of):
            axis, _ = site.context.subsets[of.name]
            letter = site.fresh(axis, term)
            return Sum(letter, Whole(axis), (Comparison(Letter(letter), "in", of),), ONE)
    raise Unfit


# Rewritings of products over letters.


@rule
def split_factors(term: Term, site: Site) -> Term:
    """A product of products or quotients, factor by factor; powers in front."""
    match term:
        case Prod(letter, over, conditions, Mul(parts)):
            return mul(*(Prod(letter, over, conditions, part) for part in parts))
        case Prod(letter, over, conditions, Div(above, under)):
            first, second = (Prod(letter, over, conditions, each) for each in (above, under))
            return Div(first, second)
        case Prod(letter, over, conditions, Pow(base, exponent)):
            return Pow(Prod(letter, over, conditions, base), exponent)
    raise Unfit


@rule
def product_of_powers(term: Term, site: Site) -> Term:
    """The product of exponentials as the exponential of the sum, and back."""
    match term:
        case Prod(letter, over, conditions, Apply("exp", of)):
            return Apply("exp", Sum(letter, over, conditions, of))
        case Apply("exp", Sum(letter, over, conditions, body)) if site.shape(body) == ():
            return Prod(letter, over, conditions, Apply("exp", body))
    raise Unfit


@rule
def factor_apart(term: Term, site: Site) -> Term:
    """One factor apart: the first, the last, or that of a letter."""
    match term:
        case Prod(letter, Whole(axis) as over, (), body) if axis not in site.context.labels:
            known = [name for name, own in site.letters().items() if own == axis != letter]
            known = [name for name in known if name != letter]
            match site.random.randrange(3):
                case 0:
                    last = substitute(body, {letter: End(axis)}, site.context)
                    front = Between(axis, Nth(1), End(axis, -1))
                    return mul(Prod(letter, front, (), body), last)
                case 1:
                    first = substitute(body, {letter: Nth(1)}, site.context)
                    return mul(first, Prod(letter, Between(axis, Nth(2), End(axis)), (), body))
            require(known)
            other = Letter(site.random.choice(known))
            apart = Comparison(Letter(letter), "!=", other)
            here = substitute(body, {letter: other}, site.context)
            return mul(here, Prod(letter, over, (apart,), body))
    raise Unfit


@rule
def product_relabelled(term: Term, site: Site) -> Term:
    """A product over another letter."""
    if not isinstance(term, Prod):
        raise Unfit
    return relabelled(term, site.fresh(term.over.axis, term), site.context)


@rule
def products_exchanged(term: Term, site: Site) -> Term:
    """Two products in the other order."""
    match term:
        case Prod(letter, over, (), Prod(other, inner, (), body)) if letter != other:
            used = free_names(Prod("", over, (), ONE)) | free_names(Prod("", inner, (), ONE))
            require(not used & {letter, other})
            return Prod(other, inner, (), Prod(letter, over, (), body))
    raise Unfit


@rule
def sum_of_logs(term: Term, site: Site) -> Term:
    """The sum of logarithms as the logarithm of the product."""
    match term:
        case Sum(letter, over, conditions, Apply("log", of)):
            return Apply("log", Prod(letter, over, conditions, of))
    raise Unfit

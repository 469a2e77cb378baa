"""Substitution without capture, expansion into entries, and sums and products without noughts."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeVar

from tests.lines.context import Context, Unfit
from tests.lines.tree import (
    ONE,
    ZERO,
    Add,
    Call,
    Cell,
    Closure,
    Deriv,
    Div,
    Dot,
    Entry,
    Index,
    Inv,
    Letter,
    Listed,
    Matmul,
    Member,
    Moved,
    Mul,
    Name,
    Neg,
    NormSquared,
    Num,
    Odot,
    Picked,
    Prod,
    Ranged,
    SetName,
    Sum,
    Term,
    Transpose,
    Whole,
    WholeOf,
    children,
    letter_in,
    map_members,
    members,
    names_in,
    own_names,
    with_children,
)

Binding = TypeVar("Binding", Sum, Prod)

# Without noughts and ones -------------------------------------------------------------------


def add(*parts: Term) -> Term:
    """A sum, nested ones as one."""
    flat: list[Term] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Add) else (part,))
    kept = tuple(part for part in flat if part not in (ZERO, Neg(ZERO)))
    if not kept:
        return ZERO
    return kept[0] if len(kept) == 1 else Add(kept)


def mul(*parts: Term) -> Term:
    """A product, nested ones as one."""
    flat: list[Term] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Mul) else (part,))
    if ZERO in flat:
        return ZERO
    kept = tuple(part for part in flat if part != ONE)
    if not kept:
        return ONE
    return kept[0] if len(kept) == 1 else Mul(kept)


def neg(term: Term) -> Term:
    """The negative."""
    if isinstance(term, Neg):
        return term.of
    return ZERO if term == ZERO else Neg(term)


def number(value: int | Fraction) -> Term:
    """A number as a term."""
    return Neg(Num(-Fraction(value))) if value < 0 else Num(Fraction(value))


def total(letter: str, axis: str, body: Term) -> Term:
    """A sum over all of 1..n."""
    return ZERO if body == ZERO else Sum(letter, Whole(axis), (), body)


# Names --------------------------------------------------------------------------------------


def free_names(term: Term) -> set[str]:
    """Names and letters that occur free."""
    if isinstance(term, Ranged):
        inside = free_names(term.body)
        for condition in term.conditions:
            inside |= {letter_in(condition.left), letter_in(condition.right)}
        inside.discard(term.letter)
        outside = {term.over.axis}
        if not isinstance(term.over, Whole):
            outside |= {letter_in(term.over.low), letter_in(term.over.high)}
        lists = {each.list for each in members(term) if isinstance(each, Listed)}
        return (inside | outside | lists) - {""}
    found = own_names(term)
    for child in children(term):
        found |= free_names(child)
    return found


Given = Mapping[str, Term | Member]


def substitute(term: Term, given: Given, context: Context) -> Term:
    """Free names and letters replaced; bound letters give way. Raises Unfit where none fits."""
    mine = {name: new for name, new in given.items() if name in free_names(term)}
    if not mine:
        return term
    if isinstance(term, Ranged):
        return _under(term, mine, context)
    if isinstance(term, Name) and term.name in mine:
        return _as_term(mine[term.name])
    if isinstance(term, Picked | Call) and isinstance(mine.get(getattr(term, "name", "")), Term):
        raise Unfit
    if isinstance(term, Deriv):
        _require_held(term, mine, context)
    changed = map_members(term, lambda member: _member(member, mine))
    return with_children(
        changed, tuple(substitute(child, given, context) for child in children(changed))
    )


def variable_of(by: Term) -> str:
    """The name of what a derivative is taken by."""
    base = by.of if isinstance(by, Entry) else by
    return base.family if isinstance(base, Picked) else getattr(base, "name", "")


def _require_held(term: Deriv, given: Given, context: Context) -> None:
    """What is put in under a derivative must not vary with what that is taken by."""
    if variable_of(term.by) in incoming(given, context):
        raise Unfit


def incoming(given: Given, context: Context) -> set[str]:
    """The names that are replaced, and all that what is put in depends on."""
    new = [reachable(each, context) for each in given.values() if isinstance(each, Term)]
    return set(given).union(*new)


def _under(term: Ranged, given: Given, context: Context) -> Term:
    """Under a sum: its range is read outside, the rest inside."""
    incoming = set().union(*(_names_of(new) for new in given.values()))
    if term.letter in incoming:
        taken = incoming | names_in(term) | set(given)
        term = relabelled(term, context.fresh(term.over.axis, taken), context)
    inner = {name: new for name, new in given.items() if name != term.letter}
    over = term.over
    if not isinstance(over, Whole):
        outer = map_members(Sum("", over, (), ZERO), lambda member: _member(member, given))
        assert isinstance(outer, Sum)
        over = outer.over
    held = map_members(Sum("", Whole(""), term.conditions, ZERO), lambda m: _member(m, inner))
    assert isinstance(held, Sum)
    body = substitute(term.body, inner, context)
    return type(term)(term.letter, over, held.conditions, body)


def relabelled(term: Binding, letter: str, context: Context) -> Binding:
    """The sum, or product, over another letter."""
    inner = Sum("", Whole(""), term.conditions, ZERO)
    held = map_members(inner, lambda member: _member(member, {term.letter: Letter(letter)}))
    assert isinstance(held, Sum)
    body = substitute(term.body, {term.letter: Letter(letter)}, context)
    return type(term)(letter, term.over, held.conditions, body)


def _names_of(new: Term | Member) -> set[str]:
    if isinstance(new, Term):
        return free_names(new)
    return {letter_in(new)} - {""}


def _as_term(new: Term | Member) -> Term:
    if isinstance(new, Letter):
        return Name(new.name)
    if isinstance(new, Moved):
        return add(Name(new.of.name), number(new.by))
    if isinstance(new, Term):
        return new
    raise Unfit


def _member(member: Member, given: Given) -> Member:
    new = given.get(letter_in(member))
    if isinstance(new, Name):
        new = Letter(new.name)
    if new is None:
        return member
    if isinstance(new, Term):
        raise Unfit
    match member:
        case Letter():
            return new
        case Moved(_, by) if isinstance(new, Letter):
            return Moved(new, by)
        case Moved(_, by) if isinstance(new, Moved):
            return Moved(new.of, new.by + by) if new.by + by else new.of
        case Listed(name, _) if isinstance(new, Letter):
            return Listed(name, new)
        case SetName(name, _) if isinstance(new, Letter):
            return SetName(name, new)
    raise Unfit


# What a term depends on ---------------------------------------------------------------------


def reachable(term: Term, context: Context) -> set[str]:
    """Free names of a term, and of the definitions that it uses."""
    found = free_names(term)
    todo = [context.defined[name] for name in found if name in context.defined]
    seen: set[Closure] = set()
    while todo:
        closure = todo.pop()
        if closure in seen:
            continue
        seen.add(closure)
        for name in free_names(closure.definition.body):
            binding = closure.env.get(name)
            if isinstance(binding, Closure):
                todo.append(binding)
            elif binding is not None and binding is context.env.get(name):
                found.add(name)
    for name in list(found):
        binding = context.env.get(name)
        if isinstance(binding, WholeOf):
            found.add(context.wholes.get(name, name))
        if name in context.arbitrary:
            found |= {each.name for each in context.arbitrary[name].parameters if each.axis}
    return found


# Entries ------------------------------------------------------------------------------------


def entry_of(
    term: Term, row: Member | None, column: Member | None, context: Context, bound: set[str]
) -> Term:
    """An entry of an array, or a number, in index notation one step further down."""
    at = tuple(each for each in (row, column) if each is not None)
    avoid = free_names(term) | {letter_in(each) for each in at} | bound

    def inner(part: Term, i: Member | None, j: Member | None, more: str = "") -> Term:
        return entry_of(part, i, j, context, bound | ({more} if more else set()))

    match term:
        case Matmul(left, right):
            middle = context.shape(left)
            assert middle
            if middle[1] is None:
                return mul(inner(left, row, None), inner(right, None, column))
            letter = context.fresh(middle[1], avoid)
            k = Letter(letter)
            body = mul(inner(left, row, k, letter), inner(right, k, column, letter))
            return total(letter, middle[1], body)
        case Dot(left, right):
            return inner(Matmul(Transpose(left), right), None, None)
        case NormSquared(of):
            return inner(Matmul(Transpose(of), of), None, None)
        case Transpose(of):
            return inner(of, column, row)
        case Add(parts):
            return add(*(inner(part, row, column) for part in parts))
        case Neg(of):
            return neg(inner(of, row, column))
        case Mul(parts):
            return mul(*(inner(p, row, column) if context.shape(p) else p for p in parts))
        case Div(over, under):
            return Div(inner(over, row, column), under)
        case Odot(left, right):
            return mul(inner(left, row, column), inner(right, row, column))
        case Sum(letter, over, _, _) if at:
            if letter in {letter_in(each) for each in at}:
                term = relabelled(term, context.fresh(over.axis, avoid | {letter}), context)
            return Sum(
                term.letter,
                over,
                term.conditions,
                inner(term.body, row, column, term.letter),
            )
        case Deriv(of, by) if at and context.shape(by):
            entry = entry_of(by, row, column, context, bound)
            if not isinstance(entry, Entry):
                raise Unfit
            return Deriv(of, entry)
        case Name(name) if name in context.wholes and at:
            binding = context.env[name]
            columns = isinstance(binding, WholeOf) and binding.columns
            which, place = (column, row) if columns else (row, column)
            if which is None or place is None:
                raise Unfit
            return Entry(Picked(context.wholes[name], which), (place,))
        case Name() | Picked() | Inv() if at:
            return Entry(term, at)
    return term


def is_label(letter: str, context: Context) -> bool:
    """Whether a declared letter stands for labels, which are no numbers."""
    binding = context.env.get(letter)
    declaration = binding.declaration if isinstance(binding, Cell) else None
    return isinstance(declaration, Index) and bool(declaration.set)

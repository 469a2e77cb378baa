"""Edits of letters and names: exchanged for others of their kind, subscripts put and dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from derivations.indices import IndexSet
from derivations.language.traversal import member_with, parts
from derivations.language.tree import (
    ArbitraryCall,
    Argument,
    Call,
    Comparison,
    Derivative,
    Entry,
    IndexNumber,
    IndexVariable,
    Indicator,
    ListEntry,
    Member,
    Numbered,
    Offset,
    Ranged,
    Reference,
    Row,
    Size,
    Slice,
    Sum,
    Term,
)
from derivations.language.unfit import bare, made, relettered, set_of, with_any_parts
from derivations.reader.scope import Named, Scope
from derivations.reader.unparser import member_latex
from derivations.repair.operator import Change, Position, Surroundings, member_of, positions

# Letters exchanged for others of their set, in one place or all through a side.


def letter_exchanged(position: Position, around: Surroundings) -> Iterator[Change]:
    """One letter for another of its set, in one place."""
    term, scope = position.term, around.scope
    letters = position.letters(scope)
    for n, (member, space) in enumerate(_written(term)):
        bound = isinstance(term, Ranged) and member is term.over
        if isinstance(member, Numbered | Offset) or bound:
            continue
        found = list(_members(space, letters, scope)) if space is not None else []
        if isinstance(member, ListEntry):
            places = _members(member.words.places, letters, scope)
            found += [ListEntry(member.words, place) for place in places]
        binds = isinstance(term, Ranged) and n % 2 == 0  # a letter there would be bound
        for other in found:
            if other != member and not (binds and isinstance(other, IndexVariable)):
                yield _words(other, member, around), _with_member(term, n, other)
    yield from _let_go(position, around)


def _let_go(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sum_w a_w`` as ``\\sum_x a_w``: another letter is bound than the summand has."""
    term, letters = position.term, around.scope.letters
    if not isinstance(term, Sum):
        return
    own = letters.get(term.over.latex)
    if own is None or own.space != term.over.space:
        return
    others = (each for each in letters.values() if each.space == own.space and each is not own)
    for other in others:
        over = IndexVariable(other.space, other.name, other.latex)
        body = relettered(term.body, {term.over: own})
        where = tuple(_compared(each, {term.over: over}) for each in term.where)
        changed = replace(term, over=over, body=body, where=where)
        yield f"{other.latex} for {own.latex} below the sum", changed
        return  # whichever letter it is, it is bound and not used


def everywhere(position: Position, around: Surroundings) -> Iterator[Change]:
    """One letter for another, all through a side, or under a sum for the letter that is bound."""
    term, scope = position.term, around.scope
    if position.parent is None:
        yield from _noughts(position, around)
        for letter in _declared(term, scope, least=2):
            for other in _members(letter.space, scope.letters, scope):
                if other is not letter:
                    words = f"{member_latex(other, scope)} for {letter.latex} everywhere"
                    yield words, _replaced(position.held, letter, other)
    if isinstance(term, Sum):
        for letter in _declared(term.body, scope, least=1):
            if letter.space == term.over.space:
                words = f"{term.over.latex} for {letter.latex} under the sum"
                yield words, replace(term, body=_replaced(term.body, letter, term.over))


def _noughts(position: Position, around: Surroundings) -> Iterator[Change]:
    """A letter for every ``0`` in a subscript."""
    spaces = {
        space: None
        for each in positions(position.held)
        for member, space in _written(each.term)
        if member == Numbered(0) and space is not None and not space.symmetric
    }
    for space in spaces:
        for other in _members(space, around.scope.letters, around.scope):
            words = f"{member_latex(other, around.scope)} for 0 everywhere"
            yield words, _replaced(position.held, Numbered(0), other)


def nought(position: Position, around: Surroundings) -> Iterator[Change]:
    """``0`` for a letter in a subscript, or a letter for ``0``."""
    term = position.term
    if not isinstance(term, Entry | Row):
        return
    zero = Numbered(0)
    for n, (member, space) in enumerate(_written(term)):
        if isinstance(member, IndexVariable):
            yield _words(zero, member, around), _with_member(term, n, zero)
        elif member == zero and space is not None:
            for other in _members(space, position.letters(around.scope), around.scope):
                yield _words(other, member, around), _with_member(term, n, other)


def _words(new: Member, old: Member, around: Surroundings) -> str:
    return " for ".join(member_latex(each, around.scope) for each in (new, old))


def _members(
    space: IndexSet, letters: Mapping[str, IndexVariable], scope: Scope
) -> Iterator[Member]:
    """The letters of a set, and the entries of lists that letters are read as in it."""
    for letter in letters.values():
        words = scope.stand_ins.get(letter.space)
        if letter.space == space:
            yield letter
        elif words is not None and words.values == space:
            yield ListEntry(words, letter)


# The members that are written in a node; what a name leaves unsaid is not ------------------------


def _written(term: Term) -> list[tuple[Member, IndexSet | None]]:
    """The members written in a node, in order, each with the set it is to be of."""
    match term:
        case Entry(of, members):
            axes = [axis for axis in of.shape if axis is not None]
            return list(zip(members, axes, strict=False))
        case Row(of, member):
            return [(member, of.shape[0] if of.shape else None)]
        case IndexNumber(member):
            return [(member, set_of(member))]
        case Call() | ArbitraryCall():
            return [(each, set_of(each)) for _, each in _written_members(term)]
        case Indicator(comparisons) | Ranged(where=comparisons):
            pairs = [(each.left, each.right) for each in comparisons]
            return [(each, set_of(pair[0]) or set_of(pair[1])) for pair in pairs for each in pair]
    return []


def _written_members(term: Call | ArbitraryCall) -> list[tuple[int, Member]]:
    pattern = term.definition.pattern if isinstance(term, Call) else term.function.pattern
    pairs = enumerate(term.arguments)
    return [(n, each) for n, each in pairs if n in pattern and not isinstance(each, Term)]


def _with_written(term: Term, new: Sequence[Member]) -> Term:
    """The same node with other members, given in the order of `_written`."""
    match term:
        case Entry():
            return made(lambda: replace(term, members=tuple(new)))
        case Row() | IndexNumber():
            return made(lambda: replace(term, member=new[0]))
        case Call() | ArbitraryCall():
            arguments: list[Argument] = list(term.arguments)
            for (n, _), member in zip(_written_members(term), new, strict=True):
                arguments[n] = member
            return made(lambda: replace(term, arguments=tuple(arguments)))
        case Indicator(comparisons):
            return replace(term, comparisons=_with_sides(comparisons, new))
        case Ranged(where=comparisons):
            return replace(term, where=_with_sides(comparisons, new))
    return term


def _with_sides(comparisons: Sequence[Comparison], new: Sequence[Member]) -> tuple[Comparison, ...]:
    pairs = zip(comparisons, new[::2], new[1::2], strict=True)
    return tuple(Comparison(left, right, each.negated) for each, left, right in pairs)


def _with_member(term: Term, place: int, new: Member) -> Term:
    members = [member for member, _ in _written(term)]
    return _with_written(term, [*members[:place], new, *members[place + 1 :]])


def _compared(comparison: Comparison, values: Mapping[IndexVariable, Member]) -> Comparison:
    left, right = (member_with(each, values) for each in (comparison.left, comparison.right))
    return replace(comparison, left=left, right=right)


def _declared(term: Term, scope: Scope, least: int) -> list[IndexVariable]:
    """The declared letters that are written so often in a term, or more."""
    found = [
        letter
        for position in positions(term)
        for member, _ in _written(position.term)
        for letter in _letters(member)
    ]
    return [each for each in scope.letters.values() if found.count(each) >= least]


def _letters(member: Member) -> Iterator[IndexVariable]:
    match member:
        case IndexVariable():
            yield member
        case ListEntry(_, at):
            yield from _letters(at)


def _replaced(term: Term, old: IndexVariable | Numbered, new: Member) -> Term:
    """The term with a letter, or a number, replaced wherever it is written."""

    def put(member: Member) -> Member:
        if isinstance(old, Numbered):
            return new if member == old else member
        return member if isinstance(member, Offset) else member_with(member, {old: new})

    return _mapped(term, put)


def _mapped(term: Term, put: Callable[[Member], Member]) -> Term:
    changed = with_any_parts(term, [_mapped(part, put) for part in parts(bare(term))])
    written = _written(bare(changed))
    return _with_written(bare(changed), [put(each) for each, _ in written]) if written else changed


# Names exchanged for others of their shape; subscripts put to names and dropped.


def name_exchanged(position: Position, around: Surroundings) -> Iterator[Change]:
    """``u`` for ``v``, ``U`` for ``V``: another name of the same shape."""
    yield from _renamed(position, around, hats=False)


def hat(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\hat{y}`` for ``y``, and the other way."""
    yield from _renamed(position, around, hats=True)


def _renamed(position: Position, around: Surroundings, *, hats: bool) -> Iterator[Change]:
    found = around.named(position.term)
    if found is None or isinstance(position.parent, Row):
        return
    own, thing, members = found
    for name, other in around.scope.things.items():
        plain = name != own and _is_single_letter(name) and _kind(other) == _kind(thing)
        if plain and hats == (_bare(name) == _bare(own)):
            changed = member_of(other, members)
            if _may_stand(position, changed):
                yield f"{name} for {own}", changed


def _may_stand(position: Position, changed: Term) -> bool:
    """Whether a derivative can be taken by it, where it stands for what one is taken by."""
    by = isinstance(position.parent, Derivative) and position.path[-1] == 1
    inner = changed.of if isinstance(changed, Entry | Row) else changed
    return not by or isinstance(inner, Reference | Slice)


def _is_single_letter(name: str) -> bool:
    return len(_bare(name)) == 1


def _bare(name: str) -> str:
    return name.removeprefix("\\hat{").removesuffix("}") if name.startswith("\\hat{") else name


def _kind(thing: Named) -> tuple[object, ...]:
    letters = tuple(letter.space for letter in thing.letters)
    return (letters, thing.body.shape, isinstance(thing.body, Size))


def subscript_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\hat{y}_w`` as ``\\hat{y}``."""
    term = position.term
    if not isinstance(term, Entry) or len(term.members) != 1 or position.in_sign:
        return
    if around.is_named(term.of):
        yield f"the subscript dropped from {around.latex(term)}", term.of


def subscript_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\hat{y}`` as ``\\hat{y}_w``, for every letter that can stand there."""
    term = position.term
    axes = [axis for axis in position.held.shape if axis is not None]
    if position.in_name or position.in_sign or len(axes) != 1 or not around.is_named(term):
        return
    for name, letter in position.letters(around.scope).items():
        if letter.space == axes[0]:
            yield f"the subscript {name} put to {around.latex(term)}", Entry(term, (letter,))

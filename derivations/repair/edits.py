"""Edits of repair: of letters and names, of sums and their bounds, of terms; the catalogue of them.

Edited lines come in the order in which they are tried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from derivations.indices import IndexSet
from derivations.language.functions import EVERY, EXP, LOG, SQRT, Elementary
from derivations.language.index_form import size_term
from derivations.language.traversal import member_with, members, parts
from derivations.language.tree import (
    Apply,
    ArbitraryCall,
    Argument,
    Call,
    Comparison,
    Constant,
    Derivative,
    Entry,
    Extremum,
    IndexNumber,
    IndexVariable,
    Indicator,
    InnerProduct,
    ListEntry,
    MatrixProduct,
    Member,
    Negative,
    Number,
    Numbered,
    Offset,
    Plus,
    Power,
    Quotient,
    Ranged,
    Reference,
    Row,
    Size,
    Slice,
    Sum,
    Term,
    Times,
    Transpose,
    Zeros,
)
from derivations.language.unfit import (
    bare,
    factors,
    literal,
    made,
    multiplied,
    negative,
    plus,
    product,
    relettered,
    set_of,
    with_any_parts,
)
from derivations.reader.environment import Named, Scope
from derivations.reader.unparser import member_latex
from derivations.repair.operator import (
    Change,
    Edit,
    Operator,
    Position,
    Surroundings,
    member_of,
    positions,
)

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


# Sum signs dropped, and sums with other bounds.


ONE = Number(Fraction(1))


def sum_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sum_w a`` as ``a``, where w is a letter that was declared."""
    term = position.term
    if not isinstance(term, Sum) or is_shifted(term):
        return
    letter = around.scope.letters.get(term.over.latex)
    if letter is not None and letter.space == term.over.space:
        yield f"the sum over {letter.latex} dropped", relettered(term.body, {term.over: letter})


def bound_shifted(position: Position, around: Surroundings) -> Iterator[Change]:
    """``k = 1`` as ``k = 2``, ``K`` as ``K - 1``, below or above a sum sign."""
    term = position.term
    if not isinstance(term, Sum) or term.over.space.labels or is_shifted(term):
        return
    space = term.over.space
    lower = term.lower if term.lower is not None else size_term(space.lower)
    upper = term.upper if term.upper is not None else size_term(space.upper)
    for words, changed in _shifts(lower, size_term(space.lower), inwards=1, around=around):
        yield f"{words} below the sum", replace(term, lower=changed, upper=upper)
    for words, changed in _shifts(upper, size_term(space.upper), inwards=-1, around=around):
        yield f"{words} above the sum", replace(term, lower=lower, upper=changed)


def _shifts(
    given: Term, end: Term, *, inwards: int, around: Surroundings
) -> Iterator[tuple[str, Term]]:
    """A bound one further in; one further out where it is not the end of the set."""
    for step in (inwards, -inwards) if given != end else (inwards,):
        if isinstance(given, Number):
            changed: Term = Number(given.value + step)
        else:
            changed = Plus((given, ONE if step > 0 else Negative(ONE)))
        yield f"{around.latex(changed)} for {around.latex(given)}", changed


def is_shifted(term: Sum) -> bool:
    """Whether a member is counted from the letter of a sum, as in ``x_{i + 1}``."""
    return any(
        isinstance(member, Offset) and member.of is term.over
        for position in positions(term.body)
        for member in members(position.term)
    )


# What a sum leaves out: restrictions dropped, added and negated.


def negated(position: Position, around: Surroundings) -> Iterator[Change]:
    """``=`` for ``\\ne``, and the other way, in restrictions and indicators."""
    term = position.term
    match term:
        case Indicator(comparisons):
            for words, changed in _negated(comparisons, around):
                yield words, replace(term, comparisons=changed)
        case Ranged(where=comparisons):
            for words, changed in _negated(comparisons, around):
                yield words, replace(term, where=changed)


def _negated(
    comparisons: tuple[Comparison, ...], around: Surroundings
) -> Iterator[tuple[str, tuple[Comparison, ...]]]:
    for n, each in enumerate(comparisons):
        turned = replace(each, negated=not each.negated)
        words = f"{_comparison_text(turned, around)} for {_comparison_text(each, around)}"
        yield words, (*comparisons[:n], turned, *comparisons[n + 1 :])


def _comparison_text(comparison: Comparison, around: Surroundings) -> str:
    left, right = (member_latex(each, around.scope) for each in (comparison.left, comparison.right))
    sign = r"\ne" if comparison.negated else "="
    return f"{left} {sign} {right}"


def restriction_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sum_{w \\ne o}`` as ``\\sum_w``."""
    term = position.term
    for n, each in enumerate(term.where if isinstance(term, Ranged) else ()):
        assert isinstance(term, Ranged)
        words = f"{_comparison_text(each, around)} dropped"
        yield words, replace(term, where=(*term.where[:n], *term.where[n + 1 :]))


def restriction_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sum_w`` without the word o, and a window without its center."""
    term = position.term
    if not isinstance(term, Sum):
        return
    space = term.over.space
    letters = position.letters(around.scope)
    others: list[Member] = [
        each for name, each in letters.items() if each.space == space and name != term.over.latex
    ]
    for other in [Numbered(0)] if space.symmetric else others:
        left_out = Comparison(term.over, other, negated=True)
        if left_out not in term.where:
            changed = replace(term, where=(*term.where, left_out))
            yield f"{_comparison_text(left_out, around)} put below the sum", changed


def by_words(position: Position, around: Surroundings) -> Iterator[Change]:
    """A range of places as a condition on words: ``\\sum_{j = l}^K`` as those with another word."""
    term = position.term
    words = around.scope.stand_ins.get(term.over.space) if isinstance(term, Sum) else None
    if not isinstance(term, Sum) or words is None or is_shifted(term):
        return
    for name, letter in position.letters(around.scope).items():
        if letter.space != term.over.space or name == term.over.latex:
            continue
        for different in (False, True):
            one, other = ListEntry(words, term.over), ListEntry(words, letter)
            where = (Comparison(one, other, different),)
            yield (
                f"{_comparison_text(where[0], around)} for the range of {term.over.latex}",
                replace(term, lower=None, upper=None, where=where),
            )


# Transposes put and dropped, at one factor or all through a side.


def transpose_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a^T`` as ``a``."""
    term = position.term
    if isinstance(term, Transpose) and not _is_written_plainly(term, around):
        yield f"the transpose dropped from {around.latex(term)}", term.of


def transpose_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a`` as ``a^T``, for the names of vectors and matrices, and for brackets."""
    term = position.term
    if not position.held.shape or position.in_sign or position.in_name:
        return
    if isinstance(position.parent, Transpose):
        return
    in_brackets = isinstance(position.parent, Times | MatrixProduct) and isinstance(term, Plus)
    if in_brackets or around.is_named(term):
        yield f"{around.latex(term)} transposed", Transpose(position.held)


def whole_side(position: Position, around: Surroundings) -> Iterator[Change]:
    """Every product of a side transposed: ``y^T U^T`` as ``U y``."""
    if position.parent is None:
        yield "the whole side transposed", _turned(position.held, around)


def _turned(term: Term, around: Surroundings) -> Term:
    node = bare(term)
    match node:
        case Plus(parts):
            return plus([_turned(part, around) for part in parts])
        case Negative(of):
            return Negative(_turned(of, around))
        case Times() | MatrixProduct() if any(each.shape for each in factors(node)):
            return multiplied([_turned(each, around) for each in reversed(factors(node))])
        case Transpose(of) if not _is_written_plainly(node, around):
            return of
        case Zeros() | Constant():
            return literal(node)
    return Transpose(term) if term.shape else term


def _is_written_plainly(term: Transpose, around: Surroundings) -> bool:
    """Whether it is written without a transpose: a matrix of columns, or a derivative by one."""
    by = term.of.by if isinstance(term.of, Derivative) else None
    turned = isinstance(by, Reference) and by.variable.transposed
    return turned or around.is_named(term)


# Signs: of a term, of an argument, before brackets.


def of_a_term(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a - b`` as ``a + b``; a minus before what has none."""
    term = position.term
    if isinstance(term, Plus) and not position.in_sign:
        for n, part in enumerate(term.parts):
            if isinstance(part, Zeros):
                continue
            turned = negative(literal(part))
            sign, shown = ("-", part) if isinstance(turned, Negative) else ("+", turned)
            changed = plus((*term.parts[:n], turned, *term.parts[n + 1 :]))
            yield f"{sign} before {around.latex(shown)}", changed
    elif isinstance(term, Negative) and not isinstance(position.parent, Plus):
        yield f"the - before {around.latex(term.of)} dropped", term.of
    elif position.is_term and not _has_sign(position):
        yield f"- before {around.latex(term)}", Negative(position.held)


def _has_sign(position: Position) -> bool:
    """Whether a sign stands before it already, or means nothing there."""
    return isinstance(position.parent, Plus | Negative) or isinstance(position.term, Zeros)


def of_an_argument(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sigma(x)`` as ``\\sigma(-x)``, and ``e^x`` as ``e^{-x}``."""
    term = position.term
    argument = _argument(term)
    if argument is not None:
        words = f"the sign of the argument in {around.latex(term)}"
        yield words, _with_argument(term, negative(argument))


def moved_outside(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sigma(-x)`` as ``-\\sigma(x)``."""
    term = position.term
    argument = _argument(term)
    if isinstance(argument, Negative):
        changed = negative(_with_argument(term, argument.of))
        yield f"the minus in {around.latex(term)} moved outside", changed


def _argument(term: Term) -> Term | None:
    """The argument of a function of one number."""
    match term:
        case Apply(function, of) if function is EXP and not of.shape:
            return of
        case Call(_, (Term() as of,)) if not of.shape:
            return of
    return None


def _with_argument(term: Term, argument: Term) -> Term:
    if isinstance(term, Call):
        return made(lambda: replace(term, arguments=(argument,)))
    assert isinstance(term, Apply)
    return replace(term, of=argument)


def not_distributed(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a - (b + c)`` as ``a - b + c``."""
    term = position.term
    if isinstance(term, Negative) and not isinstance(position.parent, Plus):
        terms: tuple[Term, ...] = (term,)
    else:
        terms = term.parts if isinstance(term, Plus) else ()
    for n, part in enumerate(terms):
        inside = bare(part.of) if isinstance(part, Negative) else None
        if isinstance(inside, Plus):
            first, *others = inside.parts
            changed = plus((*terms[:n], negative(first), *others, *terms[n + 1 :]))
            yield f"the brackets dropped behind the minus: {around.latex(inside)}", changed


# Numbers, squares and complements.


def changed(position: Position, around: Surroundings) -> Iterator[Change]:
    """``1`` as ``2`` and as ``0``, but not in bounds of sums."""
    term = position.term
    match term:
        case Number(value) if value.denominator == 1 and not position.in_sign:
            for other in (value + 1, value - 1):
                if other >= 0:
                    yield f"{other} for {value}", Number(other)
        case Zeros(shape) if position.parent is not None:
            yield "1 for 0", Constant(ONE, shape)
        case Power(_, exponent):
            for power in (exponent + 1, exponent - 1):
                if power > 1:
                    words = f"the exponent {power} for {exponent} in {around.latex(term)}"
                    yield words, replace(term, exponent=power)


def doubled(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a`` as ``2 a``."""
    leaf = Number | Size | Reference | Zeros | Constant
    if position.is_term and not isinstance(position.term, leaf):
        yield (
            f"2 times {around.latex(position.term)}",
            multiplied((Number(Fraction(2)), *factors(position.held))),
        )


def square_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a^2`` as ``a``."""
    term = position.term
    if isinstance(term, Power) and term.exponent == 2:
        yield f"the square dropped from {around.latex(term)}", term.base


def square_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a`` as ``a^2``, for applications, for brackets and for denominators."""
    term, parent = position.term, position.parent
    if position.held.shape or position.in_sign or isinstance(term, Number | Size | Reference):
        return
    below = isinstance(parent, Quotient) and position.path[-1] == 1
    in_brackets = isinstance(term, Plus) and isinstance(parent, Times | MatrixProduct)
    if below or in_brackets or isinstance(term, Call):
        yield f"{around.latex(term)} squared", Power(position.held, 2)


def complement_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``1 - s`` as ``s``."""
    match position.term:
        case Plus((first, Negative(inside))) if literal(first) == ONE:
            yield f"1 - dropped before {around.latex(inside)}", inside


def complement_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sigma(x)`` as ``1 - \\sigma(x)``."""
    term = position.term
    if isinstance(term, Call) and not position.held.shape and around.takes_no_vector(term):
        yield f"1 - put before {around.latex(term)}", Plus((ONE, Negative(position.held)))


# Factors and terms: dropped, added, exchanged.


def factor_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a b`` as ``a``."""
    if not position.is_product or position.in_sign:
        return
    every = factors(position.term)
    for n, factor in enumerate(every):
        rest = multiplied((*every[:n], *every[n + 1 :]))
        yield f"the factor {around.latex(factor)} dropped", rest


def factor_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a`` as ``a b``, for every name ``b`` in the line."""
    if not position.is_term:
        return
    for factor in around.factors(position):
        words = f"the factor {around.latex(factor)} put to {around.latex(position.term)}"
        yield words, product(position.held, factor)


def factors_exchanged(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a b`` as ``b a``, for vectors and matrices; numbers may stand anywhere."""
    if not position.is_product or position.in_sign:
        return
    every = factors(position.term)
    for n, (first, second) in enumerate(pairwise(every)):
        if first.shape and second.shape:
            words = f"{around.latex(first)} and {around.latex(second)} exchanged"
            yield words, multiplied((*every[:n], second, first, *every[n + 2 :]))


def term_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a - b`` as ``a``."""
    term = position.term
    if not isinstance(term, Plus) or position.in_sign:
        return
    for n, part in enumerate(term.parts):
        yield (
            f"the term {around.latex(part)} dropped",
            plus((*term.parts[:n], *term.parts[n + 1 :])),
        )


def turned_over(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\frac{a}{b}`` as ``\\frac{b}{a}``."""
    term = position.term
    if isinstance(term, Quotient):
        over, under = term.over, term.under
        yield f"{around.latex(term)} turned over", made(lambda: Quotient(under, over))


def denominator_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\frac{a}{b}`` as ``a``."""
    term = position.term
    if isinstance(term, Quotient):
        yield f"the denominator {around.latex(term.under)} dropped", term.over


# Elementary functions forgotten or taken for another one, and norms for their squares.


_NAMED = {row.name: row for row in EVERY}


def function_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\tanh(x)`` as ``x``; exp and log have kinds of their own."""
    term = position.term
    if isinstance(term, Apply) and term.function not in (EXP, LOG):
        yield f"{term.function.name} dropped from {around.latex(term)}", term.of


def function_exchanged(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sinh(x)`` as ``\\cosh(x)``, ``\\max`` as ``\\min``."""
    term = position.term
    match term:
        case Apply(function, of):
            for name in function.mistaken:
                yield f"{name} for {around.latex(term)}", Apply(_NAMED[name], of)
        case Extremum(parts, least):
            yield (
                f"{'max' if least else 'min'} for {around.latex(term)}",
                made(lambda: Extremum(parts, not least)),
            )


def root_put(position: Position, around: Surroundings) -> Iterator[Change]:
    """The square of a norm as the norm."""
    term, parent = position.term, position.parent
    inside = isinstance(parent, Apply) and parent.function is SQRT
    if isinstance(term, InnerProduct) and term.left == term.right and not inside:
        yield f"the norm for {around.latex(term)}", Apply(SQRT, term)


# Exponentials and logarithms forgotten, or put where there was none.


def exp_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\exp(x)`` as ``x``."""
    yield from _dropped(EXP, position, around)


def log_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\log(x)`` as ``x``."""
    yield from _dropped(LOG, position, around)


def _dropped(function: Elementary, position: Position, around: Surroundings) -> Iterator[Change]:
    term = position.term
    if isinstance(term, Apply) and term.function is function:
        yield f"{function.name} dropped from {around.latex(term)}", term.of


def exp_around(position: Position, around: Surroundings) -> Iterator[Change]:
    """An exponential around a score, a summand or a number that has none."""
    term = position.term
    match term:
        case Sum() if not term.body.shape and not any(map(_is_exp, factors(term.body))):
            yield f"exp around {around.latex(term.body)}", replace(term, body=Apply(EXP, term.body))
        case Reference() if not term.shape and not position.in_sign:
            yield f"exp around {around.latex(term)}", Apply(EXP, term)
        case InnerProduct() if not isinstance(position.parent, Apply):
            yield f"exp around {around.latex(term)}", Apply(EXP, position.held)
    if position.is_product:
        yield from _around_score(position, around)


def _around_score(position: Position, around: Surroundings) -> Iterator[Change]:
    every = factors(position.term)
    for n, (first, second) in enumerate(pairwise(every)):
        score = product(first, second)
        turned = len(first.shape) == 2 and first.shape[0] is None
        if not turned or score.shape:
            continue
        if len(every) == 2 and isinstance(position.parent, Apply):
            continue
        yield (
            f"exp around {around.latex(score)}",
            multiplied((*every[:n], Apply(EXP, score), *every[n + 2 :])),
        )


def _is_exp(term: Term) -> bool:
    return isinstance(term, Apply) and term.function is EXP


def log_around(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sigma(x)`` as ``\\log(\\sigma(x))``."""
    term = position.term
    parent = position.parent
    inside = isinstance(parent, Apply) and parent.function is LOG
    if isinstance(term, Call) and around.takes_no_vector(term) and not inside:
        yield f"log around {around.latex(term)}", Apply(LOG, position.held)


# All operators, one a kind, and every variant of a term by one edit.


OPERATORS = (
    Operator("exp inserted", exp_around),
    Operator("exp dropped", exp_dropped),
    Operator("log inserted", log_around),
    Operator("log dropped", log_dropped),
    Operator("sign of a term", of_a_term),
    Operator("sign of an argument", of_an_argument),
    Operator("minus moved outside", moved_outside),
    Operator("brackets dropped behind a minus", not_distributed),
    Operator("letter exchanged", letter_exchanged),
    Operator("letter exchanged everywhere", everywhere),
    Operator("nought and letter", nought),
    Operator("name exchanged", name_exchanged),
    Operator("hat put or dropped", hat),
    Operator("subscript dropped", subscript_dropped),
    Operator("subscript added", subscript_added),
    Operator("transpose dropped", transpose_dropped),
    Operator("transpose added", transpose_added),
    Operator("side transposed", whole_side),
    Operator("factors exchanged", factors_exchanged),
    Operator("factor dropped", factor_dropped),
    Operator("factor added", factor_added),
    Operator("term dropped", term_dropped),
    Operator("fraction turned over", turned_over),
    Operator("denominator dropped", denominator_dropped),
    Operator("restriction dropped", restriction_dropped),
    Operator("restriction added", restriction_added),
    Operator("relation negated", negated),
    Operator("bound shifted", bound_shifted),
    Operator("range by words", by_words),
    Operator("sum dropped", sum_dropped),
    Operator("number changed", changed),
    Operator("doubled", doubled),
    Operator("square dropped", square_dropped),
    Operator("square added", square_added),
    Operator("complement dropped", complement_dropped),
    Operator("complement added", complement_added),
    Operator("function dropped", function_dropped),
    Operator("function exchanged", function_exchanged),
    Operator("norm for its square", root_put),
)


def variants(
    term: Term, around: Surroundings, operators: Iterable[Operator] = OPERATORS
) -> Iterator[Edit]:
    """Every variant once, under the first kind that makes it."""
    seen = {term}
    for operator in operators:
        for edit in operator(term, around):
            if edit.term not in seen:
                seen.add(edit.term)
                yield edit


# The edited lines, in the order they are tried.
#
# One edit on the right, then one on the left; then one kind of edit in two places on the right,
# an edit on each side, and any two on the right. What people get wrong once they often get wrong
# twice.


RIGHT, LEFT = "on the right", "on the left"


@dataclass(frozen=True)
class Variant:
    """A side after some edits, and these in words."""

    term: Term
    edits: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class Candidate:
    """A line after some edits, its sides told apart so that either is evaluated only once."""

    left: Variant
    right: Variant

    @property
    def edits(self) -> tuple[str, ...]:
        """All edits in words."""
        return (*self.left.edits, *self.right.edits)


Stage = Callable[[], Iterator[Candidate]]


def stages(around: Surroundings, *, left_is_right: bool) -> Iterator[Stage]:
    """One stage after the other; the left side stays as it is where it is known to be right."""
    printed = tuple(map(Variant, around.sides))
    if left_is_right:
        yield lambda: iter([Candidate(*printed)])
    right = [*_edited(printed[1], around, RIGHT), *_doubled(printed[1], around)]
    yield lambda: (Candidate(printed[0], each) for each in right)
    left = [] if left_is_right else list(_edited(printed[0], around, LEFT))
    yield lambda: (Candidate(each, printed[1]) for each in left)
    yield lambda: (Candidate(printed[0], each) for each in _twice(right, around, alike=True))
    yield lambda: (Candidate(one, other) for one in left for other in right)
    yield lambda: (Candidate(printed[0], each) for each in _twice(right, around, alike=False))


def _edited(
    before: Variant, around: Surroundings, where: str, operators: Iterable[Operator] = OPERATORS
) -> Iterator[Variant]:
    for edit in variants(before.term, around, operators):
        yield Variant(edit.term, (*before.edits, f"{edit.words}, {where}"), edit.kind)


def _doubled(whole: Variant, around: Surroundings) -> Iterator[Variant]:
    """Twice a side that is nothing but a name: what is left of a square that was differentiated."""
    if isinstance(whole.term, Reference):
        twice = Times(Number(Fraction(2)), whole.term)
        yield Variant(twice, (f"2 times {around.latex(whole.term)}, {RIGHT}",), "doubled")


def _twice(once: list[Variant], around: Surroundings, *, alike: bool) -> Iterator[Variant]:
    """The right side after two edits, of one kind or of two; kinds with few variants first."""
    seen = {variant.term for variant in once}
    counts = Counter(variant.kind for variant in once)
    for variant in sorted(once, key=lambda variant: counts[variant.kind]):
        operators = [each for each in OPERATORS if alike == (each.kind == variant.kind)]
        for twice in _edited(variant, around, RIGHT, operators):
            if twice.term not in seen:
                seen.add(twice.term)
                yield twice

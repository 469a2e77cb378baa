"""What a sum runs over: the letters it binds, their bounds, and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Add, Expr, Integer, KroneckerDelta, Mul, S, Sum, Symbol

from derivations.array import Array
from derivations.definition import unfold
from derivations.indices import Index, IndexSet, IndexSum
from derivations.reader import syntax
from derivations.reader.elaborate.index import said
from derivations.reader.elaborate.indicator import indicator
from derivations.reader.elaborate.number import Here, ill_typed, scalar
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Content, Leaf, Node, Relation, Script
from derivations.reader.written import written


@dataclass(frozen=True)
class Binder:
    """A bound letter with its bounds."""

    letter: str
    index: Index
    lower: Expr
    upper: Expr


@dataclass(frozen=True)
class Summation:
    """All that stands below and above one sum sign."""

    binders: tuple[Binder, ...]
    restriction: Expr

    def of(self, value: Array) -> Array:
        """The sum of ``value``."""
        entry: Expr = self.restriction * value.entry
        for binder in reversed(self.binders):
            entry = IndexSum(entry, (binder.index, binder.lower, binder.upper))
        return Array(entry, value.axes)


def summation(node: Node, here: Here) -> tuple[Summation, Here]:
    """What the sum sign ``node`` says, and where its summand is read."""
    sub = node.sub if isinstance(node, Script) else None
    sup = node.sup if isinstance(node, Script) else None
    if sub is None:
        raise Unreadable(node.at, "\\sum", "a sum over what?", "write a letter below: \\sum_k")
    pieces = list(_pieces(sub))
    if sup is not None:
        pieces, sup = _upper(node, pieces, sup, here)
    binders: list[Binder] = []
    restrictions: list[Node] = []
    for piece in pieces:
        binder = _binder(piece, sup, here, [each.letter for each in binders])
        if binder is None:
            restrictions.append(piece)
            continue
        binders.append(binder)
        here = here.under(node, binder.letter, binder.index)
        if isinstance(piece, Relation) and piece.signs == (r"\ne",):
            restrictions.append(piece)
    if not binders:
        raise Unreadable(node.at, written(node), "a sum over what?", "name the letter it runs over")
    restriction: Expr = S.One
    for piece in restrictions:
        restriction *= indicator(piece, here)
    return Summation(tuple(binders), restriction), here


def _pieces(content: Content) -> Iterator[Node]:
    for item in content.items:
        if isinstance(item, syntax.Stack):
            for line in item.lines:
                yield from _pieces(line)
        else:
            yield item


def _upper(
    node: Node, pieces: list[Node], sup: Content, here: Here
) -> tuple[list[Node], Content | None]:
    """A condition printed as an upper limit is a condition."""
    if isinstance(sup.only, Relation):
        here.note(f"the upper limit {written(sup)} of the sum is read as a condition")
        extra = [] if sup.only in pieces else [sup.only]
        return [*pieces, *extra], None
    first = pieces[0]
    if not (isinstance(first, Relation) and first.signs == ("=",)):
        raise Unreadable(sup.at, written(sup), "an upper limit without a lower one")
    return pieces, sup


def _binder(piece: Node, sup: Content | None, here: Here, bound: list[str]) -> Binder | None:
    """The letter that a piece binds; None where it restricts letters that are bound already."""
    if isinstance(piece, Leaf):
        return _whole(piece, here)
    if not isinstance(piece, Relation):
        raise Unreadable(piece.at, written(piece), "this says not what the sum runs over")
    if len(piece.parts) == 3 and piece.signs == (r"\le", r"\le"):
        lower, letter, upper = piece.parts
        return _between(letter, lower, upper, here)
    letter, value = piece.parts[0], piece.parts[1]
    if len(piece.parts) != 2:
        raise Unreadable(
            piece.at, written(piece), "this range is not read", "write a \\le k \\le b"
        )
    if piece.signs == ("=",) and sup is not None and not bound:
        if sup.only is None:
            raise Unreadable(sup.at, written(sup), "an upper limit is one thing")
        return _between(letter, value, sup.only, here)
    if piece.signs == (r"\in",):
        return _member(letter, value, here)
    if piece.signs == (r"\ne",) and isinstance(letter, Leaf) and not bound:
        if isinstance(value, Leaf) and value.kind == "LETTER":
            here.note(f"\\sum_{{{written(piece)}}} runs over {letter.text}; {value.text} is fixed")
        return _whole(letter, here)
    return None


def _whole(letter: Leaf, here: Here) -> Binder:
    declared = here.scope.letters.get(letter.text)
    if declared is None:
        advice = "declare it, or write its bounds: \\sum_{k=1}^K"
        raise Unreadable(letter.at, letter.text, "a sum over what?", advice)
    return _over(letter.text, declared.space)


def _over(letter: str, space: IndexSet) -> Binder:
    return Binder(letter, Index(letter, space), space.lower, space.upper)


def _member(letter: Node, named: Node, here: Here) -> Binder:
    if not isinstance(letter, Leaf) or letter.kind != "LETTER":
        raise Unreadable(letter.at, written(letter), "a letter is expected before \\in")
    return _over(letter.text, space_named(named, here))


def space_named(node: Node, here: Here) -> IndexSet:
    """The index set that a name, or ``\\{1, ..., K\\}``, stands for."""
    space = here.scope.sets.get(written(node).replace(r"\mathrm{", "").replace("}", ""))
    if space is not None:
        return space
    if isinstance(node, syntax.Group) and node.bracket in (r"\{", "[") and node.content.items:
        first, last = node.content.items[0], node.content.items[-1]
        found = _with_bounds(_bound(first, here), _bound(last, here), here)
        if len(found) == 1:
            return found[0]
    known = ", ".join(here.scope.sets)
    raise Unreadable(node.at, written(node), "no index set has this name", f"known are {known}")


def _between(letter: Node, low: Node, high: Node, here: Here) -> Binder:
    if not isinstance(letter, Leaf) or letter.kind != "LETTER":
        raise Unreadable(letter.at, written(letter), "a letter is expected here")
    name = letter.text
    lower, upper = _bound(low, here), _bound(high, here)
    declared = here.scope.letters.get(name)
    found = _with_bounds(lower, upper, here)
    if declared is not None and (declared.space in found or not found):
        space = declared.space
    elif len(found) == 1:
        space = found[0]
    else:
        which = " or ".join(map(said, found)) or "no declared set"
        raise Unreadable(letter.at, name, f"these bounds are those of {which}", f"declare {name}")
    if space.labels and (lower, upper) != (space.lower, space.upper):
        raise ill_typed(letter, f"a part of {said(space)}", "a set without an order")
    return Binder(name, Index(name, space), lower, upper)


def _bound(node: Node, here: Here) -> Expr:
    entry = scalar(node, here, "a bound of a sum").entry
    if not _is_whole(unfold(entry)):
        raise Unreadable(node.at, written(node), "a bound is a size or a whole number")
    return entry


def _is_whole(entry: Expr) -> bool:
    """Whether the value is a whole number: made of sizes, numbers and counts."""
    if isinstance(entry, Symbol):
        return bool(entry.is_integer) and not isinstance(entry, Index)
    if isinstance(entry, Sum):
        return _is_whole(entry.function)
    if isinstance(entry, Add | Mul):
        return all(map(_is_whole, entry.args))
    return isinstance(entry, KroneckerDelta | Integer)


def _with_bounds(lower: Expr, upper: Expr, here: Here) -> list[IndexSet]:
    return [space for space in here.scope.spaces() if (space.lower, space.upper) == (lower, upper)]

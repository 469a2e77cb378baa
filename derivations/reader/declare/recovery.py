"""Which declarations hold: error recovery for those that are lost, and precedence of given ones.

A name whose declaration could not be read means nothing, also where it meant something else
before; whoever uses it is told where the declaration stands.

What is given wins over what the text declares. Names are compared by what they mean, so that an
exercise may be copied, in other words as well: a variable by its shape, and it may be said to be
less than it is, but not more; a definition by its terms as they are arranged
(`language/arrangement.py`). What cannot be compared so, as a subset, is the same where it is
declared in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from operator import eq
from typing import TypeVar

from lark import Token

from derivations.claim import AtLeast
from derivations.indices import IndexSet
from derivations.language.arrangement import key
from derivations.language.traversal import with_members, with_variables
from derivations.language.tree import (
    Definition,
    IndexVariable,
    Reference,
    Row,
    Size,
    Slice,
    Transpose,
    Variable,
)
from derivations.reader.environment import Function, Named, Scope, letter_of, name_of
from derivations.reader.source import Place, Span, Unreadable, place_of
from derivations.reader.syntax import (
    Accented,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    inner,
    listing,
)

BEFORE_SET = r"\s(?:\\?in|∈)\s"  # what stands between a name and its set
BEFORE_BOUND = r">|≥|\\ge"
_BEFORE_ANY = rf"{BEFORE_SET}|=|{BEFORE_BOUND}|:"
_BARE_NAME = re.compile(r"\\?[A-Za-z]+")
_RELATION = re.compile(r"[=<>≠≤≥∈∉]|\\(?:ne|neq|le|leq|ge|geq|in|notin)\b")
SET_NAME = re.compile(rf"{BEFORE_SET}\s*([A-Za-z]+)\s*=")
WHOLE_MATRIX = re.compile(r"(?:columns|rows)\s+of\s+(\S+)")
PLACE_LETTER = re.compile(r",\s*(\S+?)\s+(?:\\?in|∈)\s")
_EMPTY = Scope()
_SPOKEN = frozenset({"in", "R", "of", "columns", "rows", "as", "distinct", "mathbb"})


@dataclass(frozen=True)
class Lost:
    """Names that mean nothing, and where what would have declared them stands.

    ``lists`` are lists of labels: a letter may have the name of a list, which has a subscript.
    """

    names: Mapping[str, Place] = field(default_factory=dict)
    lists: Mapping[str, Place] = field(default_factory=dict)

    def without(self, names: Collection[str], lists: Collection[str]) -> Lost:
        """The same where these have been declared after all."""
        return Lost(_without(self.names, names), _without(self.lists, lists))

    def with_names(self, names: Iterable[str], place: Place, lists: Iterable[str] = ()) -> Lost:
        """The same with what a declaration at a place would have declared."""
        return Lost(
            {**self.names, **dict.fromkeys(names, place)},
            {**self.lists, **dict.fromkeys(lists, place)},
        )

    def require_none(self, nodes: Iterable[Node], scope: Scope) -> None:
        """Refuse a formula that uses such a name."""
        for node in nodes:
            for part in _parts_of(node, scope):
                self._require_not(part)

    def _require_not(self, part: Node) -> None:
        if isinstance(part, Script) and part.sub is not None:
            base = name_of(part.base)
            if base in self.lists:
                raise _follows(part.at, base, self.lists[base])
        if isinstance(part, Leaf | Script | Accented):
            for name in (name_of(part), letter_of(part)):
                if name in self.names:
                    raise _follows(part.at, name, self.names[name])

    def require_no_token(self, tokens: Iterable[Token]) -> None:
        """Refuse words with such a name among them."""
        for token in tokens:
            if token.type in ("LETTER", "WORD") and token.value in self.names:
                raise _follows(place_of(token), token.value, self.names[token.value])


NONE_LOST = Lost()


def _follows(place: Place, name: str, declared: Place) -> Unreadable:
    """The error that something uses a name whose declaration could not be read."""
    what, advice = "its declaration could not be read", f"see {declared}"
    return Unreadable(place, name, what, advice, follows=True)


def _without(names: Mapping[str, Place], given: Collection[str]) -> dict[str, Place]:
    return {name: place for name, place in names.items() if name not in given}


def words_of(text: str) -> list[str]:
    """Everything in a text that may be a name."""
    return _BARE_NAME.findall(text)


def bare_names(head: Span, _: Collection[str]) -> Iterable[str]:
    """Every letter and word of a heading."""
    return words_of(head.text)


def no_names(_: Span, __: Collection[str]) -> Iterable[str]:
    """Nothing."""
    return ()


def is_condition(text: str) -> bool:
    """Whether a text without a keyword may be an assumption: ``assume w \\ne o``."""
    return _RELATION.search(text) is not None


def undeclared(text: str, scope: Scope) -> Iterator[str]:
    """What may be names in a text, and is not declared."""
    known = (scope.things, scope.letters, scope.functions)
    return (word for word in words_of(text) if not any(word in names for names in known))


def names_of(head: Span, letters: Collection[str]) -> Iterator[str]:
    """The names of a heading; of a family, whose subscripts are letters, the base alone."""
    try:
        items = listing(head).items
    except Unreadable:
        yield from words_of(head.text)
        return
    for item in items:
        yield from _names_of(item, letters)


def _names_of(node: Node, letters: Collection[str]) -> Iterator[str]:
    """The name that is declared; of a family, whose subscripts are letters, the base alone.

    Without letters it is the base of every subscript.
    """
    if isinstance(node, Product):
        of_function = len(node.factors) == 2 and isinstance(node.factors[1], Group)
        for factor in node.factors[: 1 if of_function else None]:
            yield from _names_of(factor, letters)
    elif isinstance(node, Relation):
        yield from _names_of(node.parts[0], letters)
    elif isinstance(node, Script) and node.sub is not None:
        subscripts = [part for part in _parts_of(node.sub) if isinstance(part, Leaf)]
        of_family = all(part.text in letters for part in subscripts if part.kind == "LETTER")
        yield name_of(node.base if of_family or not letters else node)
    else:
        yield letter_of(node) or name_of(node)


class Uses(Enum):
    """Where a declaration uses names, beside those that it declares."""

    NOWHERE = auto()
    IN_WORDS = auto()
    BEHIND_HEAD = auto()
    IN_CONDITION = auto()
    IN_HEADS = auto()  # in the brackets of a function's name
    IN_DEFINITION = auto()


@dataclass(frozen=True)
class Heading:
    """Where the names stand in one kind of declarations.

    Those that it declares stand before ``ends``, and ``names`` finds them, with the letters that a
    family may have below it; ``also`` is what stands around others behind that. ``of_lists`` says
    that they are names of lists, and the others letters.
    """

    ends: str = _BEFORE_ANY
    names: Callable[[Span, Collection[str]], Iterable[str]] = names_of
    also: re.Pattern[str] | None = None
    of_lists: bool = False
    uses: Uses = Uses.IN_WORDS

    def lose(self, rest: Span, place: Place, scope: Scope, lost: Lost) -> Lost:
        """What is lost with a declaration that could not be read, behind its keyword."""
        others = self._others(rest, scope)
        if self.of_lists:
            return lost.with_names(others, place, self.names(self._head(rest), ()))
        return lost.with_names((*self._own(rest, scope, lost), *others), place)

    def require_kept(self, rest: Span, scope: Scope, lost: Lost) -> None:
        """Raise Unreadable for a declaration that uses what is lost."""
        match self.uses:
            case Uses.IN_WORDS:
                self._require_no_word(rest, 0, scope, lost)
            case Uses.BEHIND_HEAD:
                end = len(self._head(rest).text)
                start = end if end < len(rest.text) else 0
                self._require_no_word(rest, start, scope, lost)
            case Uses.IN_CONDITION:
                end = len(rest.text.rstrip().removesuffix("distinct"))
                lost.require_none(_items(rest.part(0, end)), scope)
            case Uses.IN_HEADS:
                _require_kept(_items(rest), (), scope, lost)
            case Uses.IN_DEFINITION:
                match _items(rest):
                    case (Relation(parts=(head, *body)),):
                        _require_kept((head,), body, scope, lost)

    def _head(self, rest: Span) -> Span:
        ends = re.search(self.ends, rest.text)
        return rest.part(0, ends.start() if ends else len(rest.text))

    def _own(self, rest: Span, scope: Scope, lost: Lost) -> Iterable[str]:
        return self.names(self._head(rest), {*scope.letters, *lost.names})

    def _others(self, rest: Span, scope: Scope) -> Iterable[str]:
        found = self.also.findall(rest.text) if self.also is not None else ()
        known = scope.letters if self.of_lists else ()
        return (name for each in found for name in words_of(each) if name not in known)

    def _require_no_word(self, rest: Span, start: int, scope: Scope, lost: Lost) -> None:
        own = () if self.of_lists else self._own(rest, scope, lost)
        passed = {*own, *self._others(rest, scope), *_SPOKEN}
        text = re.sub(r"\sx\s", " , ", rest.text)  # R^{n x d}
        for word in _BARE_NAME.finditer(text, start):
            name = word.group()
            if name in lost.names and name not in passed:
                at = rest.source.place(rest.start + word.start())
                raise _follows(at, name, lost.names[name])


def _items(rest: Span) -> tuple[Node, ...]:
    """What stands there; nothing where it cannot be read: whoever reads it says what is wrong."""
    try:
        return listing(rest).items
    except Unreadable:
        return ()


def _require_kept(heads: Iterable[Node], bodies: Iterable[Node], scope: Scope, lost: Lost) -> None:
    given = [each for head in heads for each in _parameters(head)]
    inside = lost.without({letter_of(each) for each in given}, ())
    inside.require_none((*(each for each in given if not letter_of(each)), *bodies), scope)


def _parameters(head: Node) -> Iterator[Node]:
    """What stands in the brackets of a function's name."""
    if isinstance(head, Product):
        for factor in head.factors:
            if isinstance(factor, Group):
                for item in factor.content.items:
                    yield item.parts[-1] if isinstance(item, Relation) else item


def _parts_of(node: Node, scope: Scope = _EMPTY) -> Iterator[Node]:
    """A node and all within it but the pieces of a declared name: the base of ``J_{neg}``."""
    waiting: list[Node] = [node]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(_inside(part, scope))


def _inside(node: Node, scope: Scope) -> Iterator[Node]:
    if isinstance(node, Script) and node.sub:
        known = name_of(node) in scope.things or name_of(node) in scope.functions
        if known:
            return filter(None, (node.sup,))
    return inner(node)


T = TypeVar("T")
Fixed = Mapping[str, Span]  # names, each with what declares it
_GIVEN = (Reference, Row, Slice, Transpose)  # a variable, or a row, member or transpose of one


def contradictions(line: Span, before: Scope, after: Scope, fixed: Fixed) -> Iterator[Unreadable]:
    """What a declaration says otherwise than those that are fixed; these hold all the same."""
    said: dict[Span, list[str]] = {}
    for name in dict.fromkeys(_declared_otherwise(before, after, fixed)):
        said.setdefault(fixed[name], []).append(name)
    for there, names in said.items():
        text = " ".join(there.text.split())
        if text == " ".join(line.text.split()):
            continue
        is_ = "is" if len(names) == 1 else "are"
        what = f"{', '.join(names)} {is_} given at {there.stripped.place} as {text}"
        advice = "that holds here; leave this line out, or take another name"
        yield Unreadable(line.stripped.place, line.text.strip(), what, advice)


def _declared_otherwise(before: Scope, after: Scope, fixed: Fixed) -> Iterator[str]:
    says_more = after.conditions != before.conditions

    def is_same_thing(one: Named, other: Named) -> bool:
        return _is_same_family(one, other) or (not says_more and _is_shaped(one, other))

    def otherwise(
        old: Mapping[str, T], new: Mapping[str, T], is_same: Callable[[T, T], bool]
    ) -> Iterator[str]:
        for name in fixed:
            if name in new and not (
                name in old and (old[name] is new[name] or is_same(old[name], new[name]))
            ):
                yield name

    larger = {str(each.of) for each in _larger(before, after)}
    for name in fixed:
        body = before.things[name].body if name in before.things else None
        if isinstance(body, Size) and body.name in larger:
            yield name
    yield from otherwise(before.things, after.things, is_same_thing)
    yield from otherwise(before.letters, after.letters, lambda one, other: one.space == other.space)
    yield from otherwise(before.functions, after.functions, _is_same_function)
    yield from otherwise(before.subsets, after.subsets, eq)
    yield from otherwise(before.sets, after.sets, eq)
    for name, found in after.lists.items():
        mine = {each.origin: each for each in before.lists.get(name, ())}
        for words in found:
            was = mine.get(words.origin)
            same = was is not None and (was.values, was.places) == (words.values, words.places)
            if f"{name}_{words.origin}" in fixed and not same:
                yield f"{name}_{words.origin}"


def _larger(before: Scope, after: Scope) -> list[AtLeast]:
    """The sizes of which more is said than before."""
    new = (each for each in after.conditions if each not in before.conditions)
    return [each for each in new if isinstance(each, AtLeast)]


def _is_same_function(one: Function, other: Function) -> bool:
    if one.separators != other.separators:
        return False
    mine, theirs = one.meaning, other.meaning
    if isinstance(mine, Definition) and isinstance(theirs, Definition):
        return _is_same_definition(mine, theirs)
    return _shapes(one) == _shapes(other)


def _is_shaped(one: Named, other: Named) -> bool:
    """Whether both are variables, or families of them, of one shape."""
    if not (isinstance(one.body, _GIVEN) and isinstance(other.body, _GIVEN)):
        return False
    return _spaces(one) == _spaces(other) and one.body.shape == other.body.shape


def _is_same_family(one: Named, other: Named) -> bool:
    """Whether two terms are one, with the letters of the one for those of the other."""
    if _spaces(one) != _spaces(other):
        return False
    letters = dict(zip(other.letters, one.letters, strict=True))
    return key(one.body) == key(with_members(other.body, letters))


def _spaces(named: Named) -> list[IndexSet]:
    return [each.space for each in named.letters]


def _is_same_definition(one: Definition, other: Definition) -> bool:
    if len(one.parameters) != len(other.parameters):
        return False
    variables: dict[Variable, Variable] = {}
    letters: dict[IndexVariable, IndexVariable] = {}
    for mine, theirs in zip(one.parameters, other.parameters, strict=True):
        match mine, theirs:
            case Variable(), Variable() if mine.shape == theirs.shape:
                variables[theirs] = mine
            case IndexVariable(), IndexVariable() if mine.space == theirs.space:
                letters[theirs] = mine
            case _:
                return False
    body = with_members(with_variables(other.body, variables), letters)
    return key(one.body) == key(body)


def _shapes(function: Function) -> list[object]:
    return [getattr(each, "shape", each) for each in function.meaning.parameters]


def with_fixed(after: Scope, before: Scope, fixed: Fixed) -> Scope:
    """The scope afterwards, with what is fixed as it was before."""
    kinds = (before.letters, before.things, before.functions, before.subsets)
    meant = {name for kind in kinds for name in kind if name in fixed}

    def kept(new: Mapping[str, T], old: Mapping[str, T]) -> dict[str, T]:
        found = {name: what for name, what in new.items() if name not in meant}
        return found | {name: what for name, what in old.items() if name in meant}

    lists = {
        name: tuple(
            next((old for old in before.lists.get(name, ()) if old.origin == new.origin), new)
            if f"{name}_{new.origin}" in fixed
            else new
            for new in found
        )
        for name, found in after.lists.items()
    }
    sizes = {
        b.name
        for name in meant
        if name in before.things and isinstance(b := before.things[name].body, Size)
    }
    larger = [each for each in _larger(before, after) if str(each.of) in sizes]
    return replace(
        after,
        conditions=tuple(each for each in after.conditions if each not in larger),
        sets={**after.sets, **{name: s for name, s in before.sets.items() if name in fixed}},
        letters=kept(after.letters, before.letters),
        things=kept(after.things, before.things),
        functions=kept(after.functions, before.functions),
        subsets=kept(after.subsets, before.subsets),
        lists=lists,
    )

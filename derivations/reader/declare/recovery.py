"""Error recovery for declarations: the names that a lost one would have declared, and their uses.

A name whose declaration could not be read means nothing, also where it meant something else
before; whoever uses it is told where the declaration stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from lark import Token

from derivations.reader.environment import Scope, letter_of, name_of
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

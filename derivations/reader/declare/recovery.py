"""Error recovery for declarations: names that a lost one declares, and what contradicts another."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from lark import Token

from derivations.language.arrangement import key
from derivations.language.traversal import with_members, with_variables
from derivations.language.tree import (
    Definition,
    IndexVariable,
    Reference,
    Row,
    Slice,
    Term,
    Transpose,
    Variable,
)
from derivations.reader.declare.index_sets import FORMS
from derivations.reader.parser import listing
from derivations.reader.scanner import place_of
from derivations.reader.scope import Function, Named, Scope, letter_of, name_of
from derivations.reader.source import Place, Span, Unreadable
from derivations.reader.syntax import Accented, Group, Leaf, Node, Product, Relation, Script, inner

# Error recovery for declarations: which names one would have declared, and what uses them.
#
# A name whose declaration could not be read means nothing, also where it meant something else
# before; whoever uses it is told where the declaration stands.


_IN = r"\s(?:\\?in|∈)\s"
# where the names of a declaration end
_HEADS = {
    "size": r">|≥|\\ge",
    "index": _IN,
    "vector": _IN,
    "row": _IN,
    "vectors": _IN,
    "matrix": _IN,
    "matrices": _IN,
    "list": _IN,
    "read": r"\sas\s",
    "define": r"=",
}
_ANY_HEAD = rf"{_IN}|=|>|≥|\\ge|:"
_NAME = re.compile(r"\\?[A-Za-z]+")
_RELATION = re.compile(r"[=<>≠≤≥∈∉]|\\(?:ne|neq|le|leq|ge|geq|in|notin)\b")
_SET_NAME = re.compile(rf"{_IN}\s*([A-Za-z]+)\s*=")
_WHOLE = re.compile(r"(?:columns|rows)\s+of\s+(\S+)")
_WITH_LETTER = re.compile(r",\s*(\S+?)\s+(?:\\?in|∈)\s")
EMPTY = Scope()
_SPOKEN = frozenset({"in", "R", "of", "columns", "rows", "as", "distinct", "mathbb"})


@dataclass(frozen=True)
class Lost:
    """Names that mean nothing, and where what would have declared them stands.

    ``lists`` are lists of labels: a letter may have the name of a list, which has a subscript.
    """

    names: Mapping[str, Place] = field(default_factory=dict)
    lists: Mapping[str, Place] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.names or self.lists)

    def without(self, names: Iterable[str], lists: Iterable[str]) -> Lost:
        """The same where these have been declared after all."""
        return Lost(_without(self.names, names), _without(self.lists, lists))

    def with_line(self, keyword: str, rest: Span, place: Place, scope: Scope) -> Lost:
        """The same with the names of one more declaration that could not be read."""
        names, lists = self._declared(keyword, rest, scope)
        return Lost(
            {**self.names, **dict.fromkeys(names, place)},
            {**self.lists, **dict.fromkeys(lists, place)},
        )

    def require_none(self, nodes: Iterable[Node], scope: Scope) -> None:
        """Refuse a formula that uses such a name."""
        if self:
            for node in nodes:
                for part in parts_of(node, scope):
                    self._require_not(part)

    def _require_not(self, part: Node) -> None:
        if isinstance(part, Script) and part.sub is not None:
            base = name_of(part.base)
            if base in self.lists:
                raise follows(part.at, base, self.lists[base])
        if isinstance(part, Leaf | Script | Accented):
            for name in (name_of(part), letter_of(part)):
                if name in self.names:
                    raise follows(part.at, name, self.names[name])

    def require_no_token(self, tokens: Iterable[Token]) -> None:
        """Refuse words with such a name among them."""
        for token in tokens:
            if token.type in ("LETTER", "WORD") and token.value in self.names:
                raise follows(place_of(token), token.value, self.names[token.value])

    def require_not_used(self, keyword: str, rest: Span, scope: Scope) -> None:
        """Refuse a declaration that uses such a name."""
        if not self or keyword in ("scalar", "size"):
            return
        if keyword in ("define", "if", "arbitrary", "distribution"):
            self._require_not_in_formula(keyword, rest, scope)
            return
        own = {*self._declared(keyword, rest, scope)[0], *_SPOKEN}
        text = re.sub(r"\sx\s", " , ", rest.text)  # R^{n x d}
        head = re.search(_HEADS[keyword], text) if keyword in ("vector", "row", "matrix") else None
        for found in _NAME.finditer(text, head.start() if head else 0):
            name = found.group()
            if name in self.names and name not in own:
                at = rest.source.place(rest.start + found.start())
                raise follows(at, name, self.names[name])

    def _require_not_in_formula(self, keyword: str, rest: Span, scope: Scope) -> None:
        text = rest.text.rstrip()
        if keyword == "if" and text.endswith("distinct"):
            rest = rest.part(0, len(text) - len("distinct"))
        try:
            node = listing(rest).items
        except Unreadable:
            return  # whoever reads it says what is wrong
        heads: tuple[Node, ...] = node if keyword in ("arbitrary", "distribution") else ()
        bodies: tuple[Node, ...] = node if keyword == "if" else ()
        if keyword == "define" and len(node) == 1 and isinstance(node[0], Relation):
            heads, bodies = node[0].parts[:1], node[0].parts[1:]
        own = {letter_of(each) for head in heads for each in _parameters(head)}
        parameters = [each for head in heads for each in _parameters(head) if not letter_of(each)]
        inner = Lost(_without(self.names, own), self.lists)
        inner.require_none((*parameters, *bodies), scope)

    def with_words(self, text: str, place: Place) -> Lost:
        """The same with everything in a text that may be a name."""
        return Lost({**self.names, **dict.fromkeys(_NAME.findall(text), place)}, self.lists)

    def _declared(self, keyword: str, rest: Span, scope: Scope) -> tuple[set[str], set[str]]:
        """The names and the lists that a declaration is about, as far as can be told."""
        text, keyword = rest.text, meant(keyword)
        if keyword == "if":
            return set(), set()
        if may_be_condition(keyword, text):
            return {word for word in _NAME.findall(text) if not _is_declared(word, scope)}, set()
        ends = re.search(_HEADS.get(keyword, _ANY_HEAD), text)
        head = rest.part(0, ends.start() if ends else len(text))
        if keyword in ("size", ""):
            return set(_NAME.findall(head.text)), set()
        if keyword == "list":
            letter = _WITH_LETTER.search(text)
            added = set(_NAME.findall(letter[1])) if letter else set()
            return added.difference(scope.letters), set(_names(head, ()))
        names = set(_names(head, {*scope.letters, *self.names}))
        if keyword == "index":
            names |= set(_SET_NAME.findall(text))
        if keyword == "vectors":
            names |= {name for whole in _WHOLE.findall(text) for name in _NAME.findall(whole)}
        return names, set()


@lru_cache(maxsize=1000)
def meant(keyword: str) -> str:
    """The keyword that a mistyped one is nearest to; empty where it is near to none."""
    near = get_close_matches(keyword, FORMS, n=1, cutoff=0.6)
    return near[0] if near else ""


def may_be_condition(keyword: str, text: str) -> bool:
    """Whether a declaration that could not be read may be an assumption: ``assume w \\ne o``."""
    keyword = meant(keyword)
    return keyword == "if" or (not keyword and _RELATION.search(text) is not None)


def _is_declared(name: str, scope: Scope) -> bool:
    return any(name in names for names in (scope.things, scope.letters, scope.functions))


def follows(place: Place, name: str, declared: Place) -> Unreadable:
    """The error that something uses a name whose declaration could not be read."""
    what, advice = "its declaration could not be read", f"see {declared}"
    return Unreadable(place, name, what, advice, follows=True)


def _without(names: Mapping[str, Place], given: Iterable[str]) -> dict[str, Place]:
    given = set(given)
    return {name: place for name, place in names.items() if name not in given}


def _names(head: Span, letters: Collection[str]) -> Iterator[str]:
    """The names before the sign of a declaration, one or several."""
    try:
        items = listing(head).items
    except Unreadable:
        yield from _NAME.findall(head.text)
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
        subscripts = [part for part in parts_of(node.sub) if isinstance(part, Leaf)]
        of_family = all(part.text in letters for part in subscripts if part.kind == "LETTER")
        yield name_of(node.base if of_family or not letters else node)
    else:
        yield letter_of(node) or name_of(node)


def _parameters(head: Node) -> Iterator[Node]:
    """What stands in the brackets of a function's name."""
    if isinstance(head, Product):
        for factor in head.factors:
            if isinstance(factor, Group):
                for item in factor.content.items:
                    yield item.parts[-1] if isinstance(item, Relation) else item


def parts_of(node: Node, scope: Scope = EMPTY) -> Iterator[Node]:
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


# Declarations that contradict those that win over them: which names they declare otherwise.
#
# Names are compared by what they mean, so that an exercise may be copied, in other words as well:
# a variable by its shape, and it may be said to be less than it is, but not more; a definition by
# its terms as they are arranged (`language/arrangement.py`). What cannot be compared so, as a
# subset, is the same where it is declared in the same words.


_GIVEN = (Reference, Row, Slice, Transpose)  # a variable, or a row, member or transpose of one


def contradictions(
    line: Span, before: Scope, after: Scope, fixed: Mapping[str, Span]
) -> Iterator[Unreadable]:
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


def _declared_otherwise(before: Scope, after: Scope, fixed: Iterable[str]) -> Iterator[str]:
    names, says_more = frozenset(fixed), after.conditions != before.conditions
    for old, new in (
        (before.things, after.things),
        (before.letters, after.letters),
        (before.functions, after.functions),
        (before.subsets, after.subsets),
        (before.sets, after.sets),
    ):
        for name in names & new.keys():
            one, other = old.get(name), new[name]
            if one is not other and not (
                _is_same(one, other) or (not says_more and _is_shaped(one, other))
            ):
                yield name
    for name, found in after.lists.items():
        mine = {each.origin: each for each in before.lists.get(name, ())}
        for words in found:
            was = mine.get(words.origin)
            same = was is not None and (was.values, was.places) == (words.values, words.places)
            if f"{name}_{words.origin}" in names and not same:
                yield f"{name}_{words.origin}"


def _is_same(one: object, other: object) -> bool:
    match one, other:
        case Named(), Named():
            return _is_same_family(one.letters, one.body, other.letters, other.body)
        case IndexVariable(), IndexVariable():
            return one.space == other.space
        case Function(meaning=Definition() as mine), Function(meaning=Definition() as theirs):
            return one.separators == other.separators and _is_defined(mine, theirs)
        case Function(), Function():
            return one.separators == other.separators and _shapes(one) == _shapes(other)
    return one == other


def _is_shaped(one: object, other: object) -> bool:
    """Whether both are variables, or families of them, of one shape."""
    if not (isinstance(one, Named) and isinstance(other, Named)):
        return False
    if not (isinstance(one.body, _GIVEN) and isinstance(other.body, _GIVEN)):
        return False
    spaces = [[each.space for each in named.letters] for named in (one, other)]
    return spaces[0] == spaces[1] and one.body.shape == other.body.shape


def _is_same_family(
    letters: tuple[IndexVariable, ...], body: Term, others: tuple[IndexVariable, ...], other: Term
) -> bool:
    """Whether two terms are one, with the letters of the one for those of the other."""
    if [each.space for each in letters] != [each.space for each in others]:
        return False
    return key(body) == key(with_members(other, dict(zip(others, letters, strict=True))))


def _is_defined(one: Definition, other: Definition) -> bool:
    pairs = list(zip(one.parameters, other.parameters, strict=False))
    if len(one.parameters) != len(other.parameters):
        return False
    variables: dict[Variable, Variable] = {}
    letters: dict[IndexVariable, IndexVariable] = {}
    for mine, theirs in pairs:
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

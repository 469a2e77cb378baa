"""Random variables by their names, and what a statement says of those that nothing declares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import lru_cache

from sympy import Integer

from derivations.indices import IndexSet
from derivations.language.index_form import size
from derivations.language.tree import IndexVariable
from derivations.reader.elaborate.constructs import BY_ITS_BAR, PROBABILITIES
from derivations.reader.latex_commands import plain_name
from derivations.reader.scope import Scope, letter_of, letters_in, name_of, raised_name
from derivations.reader.syntax import (
    Accented,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    inner,
    nodes,
    written,
)

# Random variables by their names, as arguments of a probability that nothing declares.
#
# ``P(x^{(i)}, z^{(i)} = j)`` is about two of them, x and z, both of number i. What is not a
# letter in a subscript belongs to the name, and so does a shift: x_{t-1} is another variable than
# x_t. So which variable is meant follows from its name and its numbers, and the functions that
# probabilities are read as take these numbers as arguments.


@dataclass(frozen=True)
class Chance:
    """A random variable that takes a value: by name, by the letters of its numbers, in a set.

    ``value`` is what stands for the value; ``space`` is its set, where it is a member of one.
    """

    name: str
    labels: tuple[str, ...]
    value: Node
    space: IndexSet | None = None


@dataclass(frozen=True)
class Probability:
    """``P(a, b | c; t)``: its name, what it is of, what is given, its parameters."""

    name: Node
    of: tuple[Node, ...]
    given: tuple[Node, ...] = ()
    parameters: tuple[Node, ...] = field(default=())


_ALL_DECLARED: ContextVar[bool] = ContextVar("all_declared", default=False)


@contextmanager
def all_declared() -> Iterator[None]:
    """No name is that of an undeclared probability: what declares it may be still to come."""
    token = _ALL_DECLARED.set(True)
    try:
        yield
    finally:
        _ALL_DECLARED.reset(token)


def probability_in(name: Node, following: Node | None, scope: Scope) -> Probability | None:
    """The probability that stands here, where nothing declares its name."""
    if not isinstance(following, Group) or following.bracket != "(" or not following.content.items:
        return None
    if not _is_name(name, following, scope):
        return None
    content = following.content
    parts: list[list[Node]] = [[]]
    signs = [""]
    for item, sign in zip(content.items, ("", *content.separators), strict=False):
        if sign in ("|", ";"):
            parts.append([])
            signs.append(sign)
        parts[-1].append(item)
    if signs not in ([""], ["", "|"], ["", ";"], ["", "|", ";"]) or not all(parts):
        return None
    found = dict(zip(signs, map(tuple, parts), strict=True))
    return Probability(name, found[""], found.get("|", ()), found.get(";", ()))


def _is_name(node: Node, following: Group, scope: Scope) -> bool:
    if _ALL_DECLARED.get():
        return False
    base = node.base if isinstance(node, Script) else node
    while isinstance(base, Accented):
        base = base.base
    if not isinstance(base, Leaf) or base.kind not in ("LETTER", "WORD"):
        return False
    by_bar = base.text in BY_ITS_BAR and "|" in following.content.separators
    if base.text not in PROBABILITIES and not by_bar:
        return False
    if isinstance(node, Script) and node.primes:
        return False
    names = {raised_name(node), name_of(node), base.text}
    return not any(each in known for each in names for known in (*scope.declared, scope.lists))


def chance(node: Node, scope: Scope) -> Chance | None:
    """The random variable that an argument is about; None where that cannot be told."""
    if isinstance(node, Relation):
        if node.signs != ("=",):
            return None
        variable, value = node.parts
        named = _named(variable, scope)
        return None if named is None else Chance(*named, value, _space(value, scope))
    letter = letter_of(node)
    space = _space(node, scope)
    if letter and space is not None:
        drawn = letter in scope.drawn
        return Chance(letter if drawn else f"in {space.name}", (), node, space)
    named = _named(node, scope)
    return None if named is None else Chance(*named, node, space)


def _space(value: Node, scope: Scope) -> IndexSet | None:
    """The set that a value is a member of: a letter, or an entry of a list."""
    known = scope.letter(letter_of(value)) if letter_of(value) else None
    if known is not None:
        return known.space
    base = value.base if isinstance(value, Script) else value
    words = scope.lists.get(name_of(base), ()) if isinstance(value, Script) else ()
    return words[0].values if words else None


def _named(node: Node, scope: Scope) -> tuple[str, tuple[str, ...]] | None:
    """The name of a variable, and the letters of its numbers."""
    if not isinstance(node, Leaf | Accented | Script):
        return None
    if isinstance(node, Leaf) and node.kind not in ("LETTER", "WORD"):
        return None
    if any(raised_name(node) in known for known in (scope.things, scope.functions)):
        return raised_name(node), ()
    if not isinstance(node, Script):
        return written(node), ()
    inside = _named(node.base, scope)
    if inside is None:
        return None
    name, labels = inside
    for content, sign in ((node.sub, "_"), (node.sup, "^")):
        for item in content.items if content is not None else ():
            plain = _bare(item)
            if scope.letter(letter_of(plain)) is not None and letter_of(plain):
                labels += (letter_of(plain),)
                continue
            found = [each for each in sorted(letters_in(item)) if scope.letter(each) is not None]
            labels += tuple(found)
            text = written(item)
            for each in found:
                text = text.replace(each, "·")
            name += f"{sign}{text}"
    return name + "'" * node.primes, labels


def _bare(node: Node) -> Node:
    """``i`` for ``(i)``."""
    if isinstance(node, Group) and node.content.only is not None:
        return node.content.only
    return node


def probabilities(trees: Iterator[Node] | tuple[Node, ...], scope: Scope) -> Iterator[Probability]:
    """All probabilities of some formulas."""
    for node in nodes(*trees):
        if isinstance(node, Product):
            for name, following in zip(node.factors, node.factors[1:], strict=False):
                base = following.base if isinstance(following, Script) else following
                found = probability_in(name, base, scope)
                if found is not None:
                    yield found


def key_of(name: Node) -> str:
    """What tells one probability from another one: its name with all that belongs to it."""
    return raised_name(name)


# What a statement says of its undeclared probabilities, before its sides are read.
#
# A letter that nothing declares, and that is drawn or summed over, as z in ``\sum_z p(x, z)``, has
# finitely many values: a member of a set of its own. And of each name: which of its variables have
# their values in finite sets, so that it can be summed over those not named.


MOST_HIDDEN = 3  # variables that are summed over


def with_chances(trees: Sequence[Node], scope: Scope) -> Scope:
    """The scope in which the sides of a statement are read."""
    found = [*probabilities(tuple(trees), scope)]
    if not found:
        return scope
    for letter in dict.fromkeys(_drawn(trees, found, scope)):
        variable = _values_of(letter)
        scope = replace(
            scope,
            letters={**scope.letters, letter: variable},
            drawn=scope.drawn | {letter},
        )
    hidden: dict[str, tuple[tuple[str, IndexSet], ...]] = {}
    for key in dict.fromkeys(key_of(each.name) for each in found):
        mine = [each for each in found if key_of(each.name) == key]
        hidden[key] = _finite(mine, scope)
    return replace(scope, hidden=hidden)


@lru_cache(maxsize=256)
def _values_of(letter: str) -> IndexVariable:
    name = plain_name(letter)
    space = IndexSet(f"values of {name}", Integer(1), size(f"#{name}", 1), labels=True)
    return IndexVariable(space, name, letter)


def _drawn(trees: Sequence[Node], found: list[Probability], scope: Scope) -> Iterator[str]:
    """The undeclared letters that are summed over, or drawn."""
    of = {letter_of(node) for each in found for node in (*each.of, *each.given)} - {""}
    known = (*scope.declared, scope.lists, scope.sets)
    open_ = {each for each in of if not any(each in names for names in known)}
    first = {letter_of(each.of[0]) for each in found}
    for node in nodes(*trees):
        if isinstance(node, Group) and r"\|" in node.content.separators:
            yield from sorted(open_ & first & _letters(node))
        if not isinstance(node, Script) or node.sub is None or not isinstance(node.base, Leaf):
            continue
        if node.base.kind == "SUM":
            yield from (letter_of(e) for e in node.sub.items if letter_of(e) in open_)
        elif node.base.text == "E":
            for item in node.sub.items:
                drawn = item.parts[0] if isinstance(item, Relation) else None
                letters = {letter_of(drawn)} if drawn is not None else first & _letters(item)
                yield from sorted(letters & open_)


def _letters(node: Node) -> set[str]:
    found = {letter_of(node)} - {""}
    return found.union(*map(_letters, inner(node)))


def _finite(found: list[Probability], scope: Scope) -> tuple[tuple[str, IndexSet], ...]:
    """The variables with values in finite sets, where it is told of what the others depend on.

    They have the numbers of the variables that they stand beside, or never have any.
    """
    spaces: dict[str, IndexSet] = {}
    numbered: dict[str, bool] = {}
    for each in found:
        told = [chance(node, scope) for node in (*each.of, *each.given)]
        parts = [part for part in told if part is not None]
        if len(parts) < len(told) or len({p.labels for p in parts if p.labels}) > 1:
            return ()
        for part in parts:
            if not _agrees(part, spaces, numbered):
                return ()
    if len(spaces) > MOST_HIDDEN:
        return ()
    return tuple(sorted(spaces.items(), key=lambda each: each[0]))


def _agrees(part: Chance, spaces: dict[str, IndexSet], numbered: dict[str, bool]) -> bool:
    """Note what a variable is; whether it has been the same before."""
    if part.space is None:
        return part.name not in spaces
    known = spaces.setdefault(part.name, part.space)
    return known == part.space and numbered.setdefault(part.name, bool(part.labels)) == bool(
        part.labels
    )

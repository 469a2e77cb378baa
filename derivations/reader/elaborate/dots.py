"""Dots: what is shown before and behind them as instances of one pattern, over a whole range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar

from sympy import Integer

from derivations.indices import IndexSet
from derivations.language.tree import IndexVariable, Sum, Term
from derivations.reader.elaborate.environment import Environment, IllFormed, resolve
from derivations.reader.elaborate.indexing import said, size_expression
from derivations.reader.elaborate.spelling import letter_of
from derivations.reader.problem import Question, Unreadable
from derivations.reader.syntax import Leaf, Node, Terms
from derivations.reader.written import written

PLACE = "□"  # the letter of the general instance
MOST_SHOWN = 3  # instances before the dots
T = TypeVar("T")


@dataclass(frozen=True)
class Pattern:
    """The general instance, the number of the first one, and what stands for it in the last one."""

    instance: Node
    last: Node
    first: int = 1


def is_dots(node: Node) -> bool:
    """Whether this is a sign that leaves something out."""
    return isinstance(node, Leaf) and node.kind == "DOTS"


def pattern(shown: Sequence[Node], last: Node, whole: Node, place: str = PLACE) -> Pattern:
    """What instances have in common: ``f(1), f(2), ..., f(N)``; Unreadable where it is nothing."""
    found: list[tuple[Leaf, Node]] = []
    instance = _common(shown[0], last, found, place)
    if not isinstance(instance, Node) or not found or any(other != found[0] for other in found):
        advice = "show entries that differ in one number alone: f(1), f(2), ..., f(N)"
        what = "the first and the last entry do not agree"
        raise Unreadable(whole.at, written(whole), what, advice)
    first, end = found[0]
    for number, given in enumerate(shown, start=int(first.text)):
        if _filled(instance, Leaf(given.at, "NUMBER", str(number)), place) != given:
            what, advice = "this entry does not agree with the first", "number them one by one"
            raise Unreadable(given.at, written(given), what, advice)
    return Pattern(instance, end, int(first.text))


def _common(first: object, last: object, found: list[tuple[Leaf, Node]], place: str) -> object:
    """The tree of both, with the place where the first and the last number stand left open."""
    if first == last:
        return first
    if isinstance(first, Leaf) and first.kind == "NUMBER" and first.text.isdigit():
        if not isinstance(last, Node):
            return None
        found.append((first, last))
        return Leaf(first.at, "LETTER", place)
    if type(first) is not type(last):
        return None
    if isinstance(first, tuple) and isinstance(last, tuple):
        parts = [_common(a, b, found, place) for a, b in zip(first, last, strict=False)]
        return tuple(parts) if len(first) == len(last) and None not in parts else None
    if not isinstance(first, Node):
        return None
    values = {}
    for each in fields(first):
        if each.name != "at":
            mine, other = getattr(first, each.name), getattr(last, each.name)
            values[each.name] = _common(mine, other, found, place)
            if values[each.name] is None and mine is not None:
                return None
    return replace(first, **values)  # type: ignore[arg-type]  # each of the kind it was


def _filled(node: T, by: Leaf, place: str = PLACE) -> T:
    """The general instance at a number or a letter."""
    if isinstance(node, Leaf):
        return by if node.text == place else node  # type: ignore[return-value]
    if isinstance(node, tuple):
        return tuple(_filled(part, by, place) for part in node)  # type: ignore[return-value]
    if not is_dataclass(node) or isinstance(node, type):
        return node
    values = {each.name: _filled(getattr(node, each.name), by, place) for each in fields(node)}
    return replace(node, **values)


def space_of(found: Pattern, here: Environment, whole: Node) -> IndexSet:
    """The one index set that the instances run over."""
    begin = [s for s in here.scope.spaces() if s.lower == Integer(found.first)]
    spaces = _spaces(found, here) if begin else []
    if len(spaces) == 1:
        return spaces[0]
    run = f"from {found.first} to {written(found.last)}"
    what = f"which index set runs {run}?" if spaces else f"no index set runs {run}"
    known = ", ".join(map(said, here.scope.spaces()))
    raise Unreadable(whole.at, written(found.last), what, f"declared are {known}")


def _spaces(found: Pattern, here: Environment) -> list[IndexSet]:
    size, first = size_expression(resolve(found.last, here)), Integer(found.first)
    return [s for s in here.scope.spaces() if (s.lower, s.upper) == (first, size)]


# Sums with dots ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dotted:
    """The terms from ``start`` to before ``end``, and the sum that dots make of them."""

    start: int
    end: int
    value: Term


def dotted(node: Terms, here: Environment) -> Dotted:
    """``y_1 + \\cdots + y_N`` as the sum over 1..N, with a note.

    Raises Unreadable where what is shown has no pattern, or does not end where a range does.
    """
    at = [number for number, part in enumerate(node.parts) if is_dots(part)]
    first, end = at[0], at[-1] + 2
    if first == 0 or end > len(node.parts):
        what, advice = "what do the dots go on to?", "write its first terms, \\cdots, and its last"
        raise Unreadable(node.parts[first].at, "...", what, advice)
    found, start = _shown(node, first, end)
    if len({*node.signs[start:end]}) > 1:
        what = "terms of different signs, with dots"
        raise Unreadable(node.at, written(node), what, r"use \sum")
    value, space = _summed(found, here, node)
    for number in range(first + 1, end - 1):
        part = node.parts[number]
        if not is_dots(part) and not is_instance(part, found.instance, space, here):
            what = "this term is no instance of what the dots leave out"
            raise Unreadable(part.at, written(part), what, r"use \sum")
    here.mention(f"{_shortly(node, start, end)} is read as the sum over {said(space)}")
    return Dotted(start, end, value)


def _shortly(node: Terms, start: int, end: int) -> str:
    return written(Terms(node.at, node.signs[start:end], node.parts[start:end]))


def _shown(node: Terms, dots: int, end: int) -> tuple[Pattern, int]:
    """The pattern, and where its first instance stands: as far before the dots as there is one."""
    problem: Unreadable | None = None
    for count in range(min(dots, MOST_SHOWN), 0, -1):
        try:
            return pattern(node.parts[dots - count : dots], node.parts[end - 1], node), dots - count
        except Unreadable as error:
            problem = error  # of the one right before the dots, at last
    assert problem is not None
    advice = r"show the first terms and the last one of one pattern, or use \sum"
    raise Unreadable(problem.place, problem.token, problem.what, advice)


def _summed(found: Pattern, here: Environment, node: Node) -> tuple[Term, IndexSet]:
    """The sum, over the index set that makes sense of it."""
    try:
        spaces = _spaces(found, here)
    except IllFormed:
        spaces = []
    labels = _labels(found, here) if not spaces else None
    if labels is not None:
        what = f"does the sum go over all of {said(labels)}? a label is no end"
        here.question(Question(found.last.at, written(found.last), what, r"use \sum"))
        spaces = [labels]
    results: list[tuple[Term, IndexSet]] = []
    problems: list[IllFormed | Unreadable] = []
    for space in spaces:
        variable = IndexVariable(space, "")
        try:
            body = resolve(found.instance, here.under(node, PLACE, variable))
        except (IllFormed, Unreadable) as error:
            problems.append(error)
            continue
        results.append((replace(Sum(variable, body), at=(node.at.line, node.at.column)), space))
    if len(results) == 1:
        return results[0]
    if problems and not results:
        raise problems[0]
    last = written(found.last)
    what = "which index set do the dots run over?" if results else f"no range ends at {last}"
    advice = r"use \sum, or end where a declared range ends, as in 1..N"
    raise Unreadable(found.last.at, last, what, advice)


def _labels(found: Pattern, here: Environment) -> IndexSet | None:
    """The set of labels that the last instance is one of: they have no order to end in."""
    letter = here.scope.letter(letter_of(found.last))
    return letter.space if letter is not None and letter.space.labels else None


def is_instance(node: Node, instance: Node, space: IndexSet, here: Environment) -> bool:
    """Whether a term in between is the instance at some letter of the range."""
    letters = [name for name, each in here.scope.letters.items() if each.space == space]
    return any(_filled(instance, Leaf(node.at, "LETTER", name)) == node for name in letters)

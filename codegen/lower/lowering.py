"""Lowering of index expressions to nodes: names, axes and entries, and which rule takes what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from sympy import Basic, Expr, Indexed, S, Symbol

from codegen.array_language import (
    Applied,
    Diagonal,
    Leader,
    Length,
    LoweringError,
    Name,
    Node,
    Number,
    Picked,
    Places,
    Replaced,
    Step,
    Summed,
    SummedWithout,
    Taken,
    in_order,
)
from codegen.kernel import Argmax, Argument, Derived, Equality
from codegen.matching import Rewrites, match
from derivations.indices import Index, IndexSet, WordArray
from derivations.language.index_nodes import Defined, substitute

# Which indices run, so that they are axes of arrays, and the order that arrays have them in.


@dataclass(frozen=True)
class Axes:
    """The axes that the arguments of a kernel have, in the order of ``layout``."""

    arguments: tuple[Argument, ...]
    layout: tuple[IndexSet, ...]
    derived: tuple[Derived, ...] = ()

    def is_running(self, symbol: Basic) -> bool:
        """Whether it is an index that runs, so that it becomes an axis."""
        return isinstance(symbol, Index) and not any(
            symbol in argument.fixed for argument in self.arguments
        )

    def running(self, expression: Expr) -> set[Symbol]:
        """The free running indices of an expression."""
        return {symbol for symbol in expression.free_symbols if self.is_running(symbol)}

    def ordered(self, axes: Iterable[Index]) -> tuple[Index, ...]:
        """Axes in the order that arrays have them."""
        return tuple(sorted(set(axes), key=lambda axis: (self.layout.index(axis.space), axis.name)))

    def latest(self, axes: Iterable[Index]) -> list[int]:
        """The places of the axes in the layout, the last one first."""
        return sorted((self.layout.index(axis.space) for axis in axes), reverse=True)

    def of(self, *nodes: Node) -> tuple[Index, ...]:
        """All axes of some nodes, in the order that arrays have them."""
        return self.ordered(axis for node in nodes for axis in node.axes)

    def length(self, axis: Index) -> Length:
        """How many places an axis has."""
        for argument in self.arguments:
            for place, own in enumerate(argument.axes):
                if own.space == axis.space:
                    return Length(argument.name, place)
        raise LoweringError(f"no argument has an axis of {axis.space.name}s")

    def parameter(self) -> str:
        """An argument that holds numbers: all of them have its type."""
        return next(one.name for one in self.arguments if one.axes and not one.is_integer)

    def left_out(self, axis: Index) -> Expr | None:
        """The member of an axis' index set that has no place in the arrays."""
        members = {
            argument.left_out
            for argument in self.arguments
            for own in argument.axes[:1]
            if own.space == axis.space
        }
        if len(members) > 1:
            raise LoweringError(f"the arguments leave out different {axis.space.name}s: {members}")
        return members.pop() if members else None


# Entries of families: an argument or a step, taken at running indices and at words.


def lower_indexed(entry: Indexed, lowering: Lowering) -> Node:
    """An entry of an argument: each running index is an axis, each word is looked up."""
    for argument in lowering.axes.arguments:
        stands_for = argument.stands_for
        if isinstance(stands_for, Indexed) and stands_for.base == entry.base:
            places = dict(zip(stands_for.indices, entry.indices, strict=True))
            if all(places[index] == index for index in argument.fixed):
                axes = {axis: places[axis] for axis in argument.axes}
                return lowering.at(Name(argument.name, argument.axes), axes)
    for family, chosen in lowering.rewrites.choices.items():
        if isinstance(family, Indexed) and family.base == entry.base:
            places = dict(zip(family.indices, entry.indices, strict=True))
            return lowering.lower(substitute(chosen, places))
    raise LoweringError(f"no argument of the kernel holds {entry}")


def lower_symbol(symbol: Symbol, lowering: Lowering) -> Node:
    """A scalar argument, or a size, or the number of a running index among its set."""
    if isinstance(symbol, Index) and lowering.axes.is_running(symbol):
        return _counted(symbol, lowering)
    for derived in lowering.axes.derived:
        if derived.symbol == symbol:
            return Name(derived.name)
    for argument in lowering.axes.arguments:
        if argument.stands_for == symbol:
            return Name(argument.name)
        for axis in argument.axes:
            if axis.space.size == symbol and argument.left_out is None:
                return lowering.axes.length(axis)
    raise LoweringError(f"{symbol} is no argument of the kernel and stands outside any entry")


def _counted(index: Index, lowering: Lowering) -> Node:
    """The members of an index set in order, as numbers to calculate with."""
    lower = index.space.lower
    if index.space.labels or not lower.is_Integer:
        raise LoweringError(f"{index} is no number: the members of {index.space.name} are labels")
    return Places(int(lower), lowering.axes.length(index), (index,))


def lower_argmax(choice: Argmax, lowering: Lowering) -> Node:
    """The place of the largest entry (the first NaN, if there is one)."""
    index, body = choice.opened()
    scores = lowering.lower(body)
    place = scores.axes.index(index)
    axes = scores.axes[:place] + scores.axes[place + 1 :]
    return Leader(scores, place, axes)


def on_diagonal(node: Node) -> Node:
    """The array with an index that two of its axes have taken once: at equal places."""
    if len(set(node.axes)) == len(node.axes):
        return node
    if len(node.axes) > 2:
        raise LoweringError(f"{node} is taken at the same index twice: {node.axes}")
    return Diagonal(node, node.axes[:1])


def gathered(node: Node, axis: Index, word: Node, lowering: Lowering) -> Node:
    """The entries at ``word`` along ``axis``.

    Where the word varies along the other axes of the array, each row is read at its own word.
    """
    place = node.axes.index(axis)
    rest = node.axes[:place] + node.axes[place + 1 :]
    if not set(word.axes) & set(rest):
        axes = node.axes[:place] + word.axes + node.axes[place + 1 :]
        return in_order(Taken(node, place, word, axes), lowering.axes.ordered(axes))
    if set(word.axes) <= set(rest):
        return Picked(in_order(node, (*rest, axis)), word, rest)
    raise LoweringError(f"cannot look up {word} along {axis} of {node}")


def with_entry(node: Node, axis: Index, word: Node, new: Node, lowering: Lowering) -> Node:
    """The array with the entry at ``word`` along ``axis`` replaced by ``new``."""
    rest = lowering.axes.ordered({*node.axes, *word.axes, *new.axes} - {axis})
    if axis not in node.axes:
        raise LoweringError(f"{node} has no axis {axis} to replace an entry along")
    axes = (*rest, axis)
    node = in_order(node, axes)
    return Replaced(node, word, new, axes, not node.is_view and node.axes == axes)


def sum_without(node: Node, axis: Index, word: Node, lowering: Lowering) -> Node:
    """The array summed over its last axis but for the entry at ``word``.

    A step of the kernel's own is lent to be written to; anything else is copied.
    """
    rest = lowering.axes.ordered({*node.axes, *word.axes} - {axis})
    is_own = isinstance(node, Name) and node.name in lowering.own
    if is_own and node.axes[-1:] == (axis,):
        return SummedWithout(node, axis, word, rest)
    zeroed = with_entry(node, axis, word, Number(S.Zero), lowering)
    return Summed(zeroed, (len(rest),), rest)


# One kernel being lowered: its named steps so far, and the choice of a rule for each node.


Rule = Callable[[Expr, "Lowering"], Node]


class Lowering:
    """Lowers expressions, and collects the named steps that they need."""

    def __init__(
        self,
        axes: Axes,
        names: Mapping[Expr, str],
        rewrites: Rewrites,
        calls: Mapping[str, Equality],
        rules: Mapping[type[Basic], Rule],
        *,
        spreads: bool = False,
    ) -> None:
        self.axes = axes
        self.names = names
        self.rewrites = rewrites
        self.calls = calls
        self.rules = rules
        self.spreads = spreads  # whether outputs may be constant along an axis
        self.made: list[Step] = []
        self.called: set[str] = set()
        self.steps: dict[Expr, Name] = {}
        self.own: set[str] = set()
        self.met: dict[Expr, int] = {}

    def lower(self, expression: Expr) -> Node:
        """The array of ``expression``; its running indices are the axes.

        Words are not numbers: they are labels, and arrays begin at 0.
        """
        expression = self.rewrites.apply(expression)
        if is_word(expression) and not is_counted(expression):
            raise LoweringError(f"{expression} is a word, not a number to calculate with")
        return self._node(expression)

    def place(self, word: Expr) -> Node:
        """A word, as a place along an axis."""
        if not is_word(word):
            raise LoweringError(f"{word} is no word that the kernel is given")
        if isinstance(word, Index) and self.axes.is_running(word):
            return Places(0, self.axes.length(word), (word,))
        return self._node(word)

    def _node(self, expression: Expr) -> Node:
        node = self.step(expression)
        if node is None:
            if isinstance(expression, Defined | Argmax):
                self._meet(expression)
            node = self.call(expression) or self.plain(expression)
        return in_order(node, self.axes.ordered(node.axes))

    def _meet(self, expression: Expr) -> None:
        """Count that it is needed, at whatever running indices."""
        kind = expression.func
        alike = (known for known in self.met if known.func is kind)
        same = (one for one in alike if match(one, expression, self.axes.running(one)) is not None)
        known = next(same, expression)
        self.met[known] = self.met.get(known, 0) + 1

    def plain(self, expression: Expr) -> Node:
        """By the rule for the expression's own node; an unknown node is an error."""
        for kind in type(expression).__mro__:
            if kind in self.rules:
                return self.rules[kind](expression, self)
        raise LoweringError(
            f"no rule lowers {type(expression).__name__}: {expression}; "
            "rewrite it by a proved claim, or add a rule to codegen/lower/"
        )

    def step(self, expression: Expr) -> Node | None:
        """The named step that holds ``expression``, perhaps at other indices; made if new."""
        return self._held(expression, self.names)

    def _held(self, expression: Expr, names: Mapping[Expr, str]) -> Node | None:
        for pattern, name in names.items():
            running = self.axes.running(pattern)
            binding = match(pattern, expression, running)
            if binding is not None:
                if pattern not in self.steps:
                    self.steps[pattern] = self.assigned(name, pattern)
                step = self.steps[pattern]
                return self.at(step, {axis: binding[axis] for axis in step.axes})
        return None

    def has_name(self, expression: Expr) -> bool:
        """Whether a named step holds the expression, made or not."""
        return any(match(p, expression, self.axes.running(p)) is not None for p in self.names)

    def assigned(self, name: str, expression: Expr) -> Name:
        """A new step that gives ``expression`` a name; perhaps it is an entry of another step."""
        others = {pattern: name for pattern, name in self.names.items() if pattern != expression}
        node = self._held(expression, others) or self.call(expression) or self.plain(expression)
        node = in_order(node, self.axes.ordered(node.axes))
        if not node.is_view:
            self.own.add(name)
        self.made.append(Step(name, node, expression))
        return Name(name, node.axes)

    def call(self, expression: Expr) -> Node | None:
        """A call of the function that a proved claim says computes ``expression``."""
        for function, claim in self.calls.items():
            (variable,) = claim.left.free_symbols
            binding = match(claim.left, expression, [variable])
            if binding is not None:
                self.called.add(function)
                argument = self.lower(binding[variable])
                return Applied(function, (argument,), argument.axes)
        return None

    def at(self, held: Name, places: Mapping[Index, Expr]) -> Node:
        """What has a name with each axis taken at a place: another running index, or a word."""
        for axis, place in places.items():
            if isinstance(place, Index) and place.space != axis.space:
                raise LoweringError(f"{place} is no {axis.space.name} to take {held.name} at")
        taken = {place for place in places.values() if self.axes.is_running(place)}
        places = {apart(axis, places[axis], taken): places[axis] for axis in held.axes}
        renamed = tuple(
            place if self.axes.is_running(place) else axis for axis, place in places.items()
        )
        node = on_diagonal(Name(held.name, renamed))
        for axis, place in places.items():
            if not self.axes.is_running(place):
                node = gathered(node, axis, self.place(place), self)
        return node


def apart(axis: Index, place: Expr, taken: Collection[Expr]) -> Index:
    """The axis, under another name where it is looked up along and another axis takes its name."""
    looked_up = place not in taken
    return Index(f"{axis.name}″", axis.space) if looked_up and axis in taken else axis


def is_word(expression: Basic) -> bool:
    """Whether it names a member of an index set."""
    if isinstance(expression, Indexed):
        return isinstance(expression.base, WordArray)
    return isinstance(expression, Index | Argmax)


def is_counted(expression: Basic) -> bool:
    """Whether it is a member of an index set whose members are numbers, not labels."""
    return isinstance(expression, Index) and not expression.space.labels

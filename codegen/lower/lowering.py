"""One kernel being lowered: its named steps so far, and the choice of a rule for each node."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from sympy import Basic, Expr, Indexed

from codegen.argmax import Argmax
from codegen.arrays.entrywise import Applied
from codegen.arrays.order import in_order
from codegen.arrays.program import Step
from codegen.arrays.tree import LoweringError, Name, Node, Places
from codegen.equality import Equality
from codegen.lower.axes import Axes
from codegen.lower.entries import gathered, on_diagonal
from codegen.match import match
from codegen.rewrite import Rewrites
from derivations.indices import Index, WordArray
from derivations.language.index_nodes import Defined

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

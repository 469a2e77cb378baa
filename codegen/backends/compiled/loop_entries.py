"""One entry of a node, each of its axes at a place: what a loop computes, and how long it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from sympy import Symbol

from codegen.arrays.nodes import (
    AllOf,
    Applied,
    Column,
    Compared,
    Copied,
    Diagonal,
    Indicator,
    Length,
    LoweringError,
    Name,
    Negative,
    Node,
    Number,
    Picked,
    Places,
    Power,
    Product,
    Repeated,
    Spread,
    Taken,
    Terms,
    Turned,
)
from codegen.backends.compiled.loops import Call, Choice, Entry, Size
from codegen.kernel import Argument, Kernel
from codegen.passes.memory_use import unused
from derivations.indices import Index, IndexSet


class Sizes:
    """Each letter's variable, and the argument and place that it is read from."""

    def __init__(self, kernel: Kernel, taken: Collection[str]) -> None:
        self.arguments = kernel.arguments
        self.variables: dict[str, str] = {}
        self.read: dict[str, tuple[str, int]] = {}
        self.inhabited: list[str] = []
        used = set(taken)
        # matrices first: their lengths are what the others are compared with
        for one in sorted(kernel.arguments, key=lambda one: (one.is_integer, -len(one.axes))):
            for place, (axis, letter) in enumerate(zip(one.axes, one.letters, strict=True)):
                if letter not in self.variables:
                    name = unused(letter, used)
                    used.add(name)
                    self.variables[letter] = name
                    self.read[name] = (one.name, place)
                if axis.space.inhabited and one.left_out is None:
                    self.inhabited.append(self.variables[letter])
        self.inhabited = list(dict.fromkeys(self.inhabited))

    @property
    def names(self) -> set[str]:
        """The variables."""
        return set(self.read)

    def of(self, argument: str, place: int) -> Node:
        """The length of an argument's axis."""
        one = next(each for each in self.arguments if each.name == argument)
        return Size(self.variables[one.letters[place]])

    def along(self, axis: Index) -> Node:
        """The length of an axis."""
        return Size(self._of_space(axis.space))

    def words(self, node: Node, known: Collection[str]) -> Node:
        """How many words there are that those of an argument are of."""
        if not isinstance(node, Name) or node.name not in known:
            raise LoweringError(f"the words of {node} are no argument")
        return Size(self.many(next(one for one in self.arguments if one.name == node.name)))

    def many(self, argument: Argument) -> str:
        """The variable that the words of an argument are below."""
        held = argument.stands_for
        space = held.space if isinstance(held, Symbol) else held.base.space
        return self._of_space(space)

    def _of_space(self, space: IndexSet) -> str:
        for one in self.arguments:
            for axis, letter in zip(one.axes, one.letters, strict=True):
                if axis.space == space:
                    return self.variables[letter]
        raise LoweringError(f"no argument has an axis of {space.name}s")


# where each axis is; None is all along it
At = Mapping[Index, Node | None]


class Entries:
    """The entries of nodes whose names are arrays, or lookups written out where they are read.

    ``inlined`` are those by name; of the arrays in ``rowwise`` the loop over pairs holds one row
    at a time, so that they have no first axis; ``size`` says how long an axis is.
    """

    def __init__(self, size: Callable[[str, int], Node]) -> None:
        self.inlined: dict[str, tuple[tuple[Index, ...], Node]] = {}
        self.rowwise: set[str] = set()
        self.size = size

    def entry(self, node: Node, at: At) -> Node:
        """The entry, as a node without axes; a row or more where a place is left open."""
        if isinstance(node, Number):
            return node
        if isinstance(node, Length):
            return Call("number", (self.size(node.of, node.place),))
        if isinstance(node, Name):
            return self._named(node, at)
        if isinstance(node, Places):
            place = at[node.axes[0]]
            if node.first or place is None:
                raise LoweringError(f"no loop counts {node}")
            return place
        if isinstance(node, Diagonal | Turned | Repeated | Copied | Spread | Column):
            return self.entry(node.of, at)
        if isinstance(node, Taken):
            return self.entry(node.of, {**at, node.of.axes[node.place]: self.entry(node.word, at)})
        if isinstance(node, Picked):
            return self.entry(node.of, {**at, node.of.axes[-1]: self.entry(node.word, at)})
        return self._computed(node, at)

    def _named(self, node: Name, at: At) -> Node:
        places = tuple(at[axis] for axis in node.axes)
        if node.name in self.inlined:
            axes, value = self.inlined[node.name]
            return self.entry(value, dict(zip(axes, places, strict=True)))
        if node.name in self.rowwise:
            places = places[1:]
        return Entry(node.name, places) if places else Name(node.name)

    def _computed(self, node: Node, at: At) -> Node:
        def of(part: Node) -> Node:
            return self.entry(part, at)

        if isinstance(node, Terms):
            return Terms(tuple(map(of, node.terms)), node.negative, ())
        if isinstance(node, Product):
            return Product(tuple(map(of, node.above)), tuple(map(of, node.below)), ())
        if isinstance(node, Negative):
            return Negative(of(node.of), ())
        if isinstance(node, Power):
            return Power(of(node.base), node.exponent, ())
        if isinstance(node, Compared):
            return Compared(node.sign, of(node.left), of(node.right), ())
        if isinstance(node, AllOf):
            return AllOf(tuple(map(of, node.conditions)), ())
        if isinstance(node, Indicator):
            return Call("number", (of(node.condition),))
        if isinstance(node, Applied):
            return self._applied(node, tuple(map(of, node.operands)))
        raise LoweringError(f"no loop computes an entry of {type(node).__name__}")

    def _applied(self, node: Applied, given: tuple[Node, ...]) -> Node:
        if node.function == "where":
            condition, yes, no = given
            return Choice(condition, yes, no)
        if node.function == "subtract":
            return Terms(given, (False, True), ())
        if node.function == "exp" and (below := _below_zero(given[0])) is not None:
            return Call("exp_below", (below,))
        return Call(node.function, given)

    def row(self, node: Node, at: At, axis: Index) -> Entry | Name | None:
        """All along one axis, where that is a row of an array; nothing where it is not."""
        found = self.entry(node, {**at, axis: None})
        return found if isinstance(found, Entry) and found.places.count(None) == 1 else None


def _below_zero(node: Node) -> Node | None:
    """The number of which and zero this is the smaller one; None of anything else."""
    if not isinstance(node, Call) or node.function != "minimum":
        return None
    others = [one for one in node.given if not (isinstance(one, Number) and one.value == 0)]
    return others[0] if len(others) == 1 else None

"""How long the axes of a kernel's arguments are: a variable of the text for each length."""

from __future__ import annotations

from collections.abc import Collection

from sympy import Symbol

from codegen.arrays.nodes import LoweringError, Name, Node
from codegen.backends.compiled.loops import Size
from codegen.kernel import Argument, Kernel
from codegen.passes.shared_steps import unused
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

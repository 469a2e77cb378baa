"""What a loss and its derivative are functions of, as the arguments of a kernel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from sympy import Basic, Expr, Indexed, IndexedBase, Symbol, preorder_traversal

from codegen.kernel import Argument
from codegen.line.names import identifier
from codegen.line.refusal import Refusal
from codegen.line.wanted import Wanted
from derivations.indices import Index, IndexSet, Names, WordArray
from derivations.language.index_nodes import unfold

RESERVED = frozenset(("loss", "value_and_grad", "np", "work", "Any"))


@dataclass
class Families:
    """The free names of some expressions: arrays with what their axes run over, and numbers."""

    arrays: dict[IndexedBase, tuple[IndexSet, ...]] = field(default_factory=dict)
    numbers: dict[Symbol, None] = field(default_factory=dict)

    def read(self, expression: Expr) -> None:
        """Take in the names of an expression, definitions written out."""
        whole = unfold(expression)
        for node in preorder_traversal(whole):
            if isinstance(node, Indexed):
                self._entry(node)
        labels = {base.label for base in whole.atoms(IndexedBase)}
        for symbol in sorted(whole.free_symbols - labels, key=str):
            if type(symbol) is Symbol and not symbol.is_integer:
                self.numbers[symbol] = None

    def _entry(self, entry: Indexed) -> None:
        spaces = [_space(index) for index in entry.indices]
        known = self.arrays.setdefault(entry.base, tuple(spaces))
        if known != tuple(spaces):
            ranges = " and over ".join(str(each.ends) for each in (*known, *spaces))
            raise Refusal(f"{entry.base} runs over {ranges}")


def _space(index: Basic) -> IndexSet:
    """The set that an index of an entry is a member of."""
    if isinstance(index, Index):
        return index.space
    if isinstance(index, Indexed) and isinstance(index.base, WordArray):
        return index.base.space
    raise Refusal(f"an entry is looked up at {index}; only at letters and lists can it be")


def arguments(
    wanted: Wanted, names: Names, called: Mapping[str, str], conditions: Iterable[object] = ()
) -> tuple[Argument, ...]:
    """One argument for each name, what the derivative is taken by first.

    ``called`` gives Python's names for names of the text.
    """
    families = Families()
    for part in (wanted.loss, wanted.right):
        families.read(part)
    said = {str(getattr(one, "of", "")): str(one) for one in conditions}
    order = {name: place for place, name in enumerate(wanted.by)}
    arrays = sorted(families.arrays, key=lambda one: (order.get(str(one), 99), str(one)))
    numbers = sorted(families.numbers, key=lambda one: (order.get(str(one), 99), str(one)))
    made: list[Argument] = []
    taken = set(RESERVED)

    def name_of(thing: Basic) -> str:
        printed = str(thing)
        own = called.get(printed) or identifier(printed, taken)
        if own in taken or not own.isidentifier():
            raise Refusal(f"{own} for {printed} is no name, or taken; give another one")
        taken.add(own)
        return own

    def meaning(thing: Basic, shape: str) -> str:
        condition = f"; {said[str(thing)]}" if str(thing) in said else ""
        return f"{thing}, {shape}{condition}"

    for base in arrays:
        spaces = families.arrays[base]
        axes = tuple(_letters(spaces, names, {*wanted.given}))
        letters = tuple(map(_length, spaces))
        whole = isinstance(base, WordArray)
        shape = "labels from 0" if whole else _SHAPES.get(len(axes), "an array")
        made.append(
            Argument(name_of(base), base[axes], axes, letters, meaning=meaning(base, shape))
        )
    made += [Argument(name_of(each), each, meaning=meaning(each, "a number")) for each in numbers]
    for index in wanted.given:
        _length(index.space)
        made.append(Argument(name_of(index), index, meaning=meaning(index, "counted from 0")))
    return tuple(made)


_SHAPES = {1: "a vector", 2: "a matrix"}


def _length(space: IndexSet) -> str:
    """The name of a size: ranges are 1..n, whatever n is called."""
    if space.lower != 1 or not isinstance(space.upper, Symbol):
        raise Refusal(f"a range {space.lower}..{space.upper}; arrays run over 1..n")
    return str(space.upper)


def _letters(spaces: Iterable[IndexSet], names: Names, given: set[Index]) -> Iterator[Index]:
    """A letter for each axis, as they were declared; those that are given run nowhere."""
    used = set(given)
    for space in spaces:
        declared = (Index(name, one) for name, one in names.letters if one == space)
        numbered = (Index(f"i{n}", space) for n in count(1))
        index = next((one for one in declared if one not in used), None)
        while index is None or index in used:
            index = next(numbered)
        used.add(index)
        yield index

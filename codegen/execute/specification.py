"""What a kernel has to return at one case: the loss, and the right sides of the proved claims.

All is evaluated from the encoding by `derivations.proof`, entry by entry, at the words and sizes
of the case; nothing of the lowering is used. An update may take the larger of two numbers for its
rate: by cases.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import product
from operator import add, mul
from typing import Any

from sympy import Add, Expr, Indexed, Integer, Max, Min, Mul, Piecewise, Pow, Symbol

from codegen.execute.chosen_cases import Case, shape
from codegen.grounds import Equality
from codegen.interpret.branching import Refused, World
from codegen.interpret.exact_numbers import Number
from codegen.interpret.symbolic import larger, smaller
from codegen.kernel import Argument, Gradient, Kernel, Update, Value
from derivations.indices import Index
from derivations.language.data_conditions import NOTHING_ASSUMED, Assumed
from derivations.language.index_nodes import unfold
from derivations.proof.evaluate import Instance, Interpreter
from derivations.proof.field import Field
from derivations.proof.field import Value as Element

Place = tuple[int, ...]


class GivenField(Field):
    """The field, in which entries of some families are what the kernel chooses for them."""

    def __init__(
        self,
        variables: int,
        signs: Mapping[str, int] | None = None,
        assumed: Assumed = NOTHING_ASSUMED,
        finer: Mapping[Hashable, int] | None = None,
    ) -> None:
        super().__init__(variables, signs, assumed, finer)
        self.given: dict[Hashable, Element] = {}
        self.whole: dict[int, Element] = {}

    def parameter(self, key: Hashable) -> Element:
        """A symbol, or what is given for it; made once."""
        if key not in self.given:
            self.given[key] = super().parameter(key)
        return self.given[key]

    def constant(self, value: Fraction | int) -> Element:
        """A number; a whole one is made once."""
        if not isinstance(value, int):
            return super().constant(value)
        if value not in self.whole:
            self.whole[value] = super().constant(value)
        return self.whole[value]


class Specification:
    """The meaning of one kernel's arguments and outputs at one case."""

    def __init__(
        self,
        kernel: Kernel,
        claims: Mapping[str, Equality],
        case: Case,
        variables: int,
        signs: Mapping[str, int] | None = None,
        finer: Mapping[Hashable, int] | None = None,
    ) -> None:
        self.kernel, self.claims, self.case = kernel, claims, case
        self.instance = instance(kernel, case)
        self.field = GivenField(variables, signs, kernel.assumed, finer)
        self.interpreter = Interpreter(self.instance, self.field)
        self.counts = tuple(
            argument.stands_for
            for argument in kernel.arguments
            if isinstance(argument.stands_for, Symbol)
            and argument.stands_for.is_integer
            and not argument.is_integer
        )
        self.field.given.update(self._chosen())

    def argument(self, argument: Argument) -> dict[Place, Element]:
        """The symbols that a number argument holds, by place."""
        return self._entries(self._open(argument.stands_for), argument.axes, argument.left_out)

    def output(self, output: Value | Gradient) -> dict[Place, Element]:
        """What has to be returned, by place."""
        if isinstance(output, Value):
            return self._entries(self._open(output.loss), output.axes, None)
        expression = self._open(self.claims[output.claim].right)
        entries = self._entries(expression, output.axes, None)
        if output.only_row is None:
            return entries
        row, word = output.only_row
        kept = self.interpreter.place(word, {}) - 1
        (axis,) = (n for n, index in enumerate(output.axes) if index == row)
        zero = self.field.constant(0)
        return {at: value if at[axis] == kept else zero for at, value in entries.items()}

    def at(self, expression: Expr, scope: Mapping[Any, int]) -> Element:
        """The value of an expression at the given members of index sets."""
        value: Element = self.interpreter.value(self._open(expression), scope)
        return value

    def _chosen(self) -> dict[Hashable, Element]:
        """What the kernel chooses for families that no argument holds, such as its windows."""
        given: dict[Hashable, Element] = {}
        for family, choice in self.kernel.choices.items():
            if not isinstance(family, Indexed):
                continue
            lengths = [self.instance.sizes[str(one.space.upper)] for one in family.indices]
            for at in product(*(range(1, length + 1) for length in lengths)):
                scope = dict(zip(family.indices, at, strict=True))
                if choice.has(Piecewise):
                    whole = _by_cases(_unfolded(choice), scope, self.instance)
                    given[family.base.name, at] = self.field.constant(whole)
                else:
                    given[family.base.name, at] = self.interpreter.value(choice, scope)
        return given

    def _open(self, expression: Expr) -> Expr:
        return _opened(expression, self.counts)

    def _members(self, axis: Index, left_out: Integer | None) -> list[int]:
        members = self.interpreter.members(axis.space.lower, axis.space.upper, {})
        return [member for member in members if left_out is None or member != left_out]

    def _entries(
        self, expression: Expr, axes: tuple[Index, ...], left_out: Integer | None
    ) -> dict[Place, Element]:
        members = [self._members(axis, left_out if n == 0 else None) for n, axis in enumerate(axes)]
        entries = {}
        for places in product(*(range(len(some)) for some in members)):
            chosen = (some[n] for some, n in zip(members, places, strict=True))
            scope = dict(zip(axes, chosen, strict=True))
            entries[places] = self.interpreter.value(expression, scope)
        return entries


def instance(kernel: Kernel, case: Case) -> Instance:
    """The case as the interpreter takes it: all counts from one."""
    found = Instance({}, {}, {}, {})
    for argument in kernel.arguments:
        for axis, length in zip(argument.axes, shape(argument, case.lengths), strict=True):
            if argument.left_out is not None and axis == argument.axes[0]:
                bounds = (str(axis.space.lower), str(axis.space.upper))
                found.extents[bounds] = (int(argument.left_out), *range(1, length + 1))
            else:
                found.sizes[str(axis.space.upper)] = length
        for symbol in argument.fixed:
            if isinstance(symbol, Index):
                found.indices.setdefault(symbol.name, 1)
        if argument.is_integer:
            _read(argument, case.integers[argument.name], found)
    for size in kernel.derived:
        found.sizes[size.symbol.name] = case.lengths[size.name]
    return found


def _read(argument: Argument, value: Any, found: Instance) -> None:
    """Put the words of one argument where the interpreter looks them up."""
    if isinstance(argument.stands_for, Index):
        found.indices[argument.stands_for.name] = int(value) + 1
        return
    assert isinstance(argument.stands_for, Indexed)
    counted = 0 if argument.at_most else 1
    for at, word in _places(value):
        found.words[argument.stands_for.base.name, tuple(n + 1 for n in at)] = word + counted


def _places(array: Any) -> list[tuple[Place, int]]:
    return [
        (tuple(map(int, at)), int(array[tuple(at)])) for at in product(*map(range, array.shape))
    ]


def _by_cases(choice: Expr, values: Mapping[Index, int], found: Instance) -> int:
    """A choice by cases of whole numbers, at one place."""
    integers: dict[Any, Any] = {index: Integer(value) for index, value in values.items()}
    for symbol in choice.free_symbols:
        if symbol.name in found.sizes:
            integers[symbol] = Integer(found.sizes[symbol.name])
    for entry in choice.atoms(Indexed):
        at = tuple(values[index] for index in entry.indices)
        integers[entry] = Integer(found.words[entry.base.name, at])
    result = _replaced(choice, frozenset(integers.items()))
    if not result.is_Integer:
        raise Refused(f"the choice {choice} at {values}")
    return int(result)


@lru_cache(maxsize=4096)
def _replaced(choice: Expr, integers: frozenset[tuple[Any, Any]]) -> Expr:
    """The choice where these integers stand; asked of the same ones again and again."""
    return choice.xreplace(dict(integers))


_unfolded = lru_cache(maxsize=16)(unfold)


@lru_cache(maxsize=256)
def _opened(expression: Expr, numbers: tuple[Symbol, ...]) -> Expr:
    """The expression with counts that are given as numbers read as any numbers."""
    if not numbers:
        return expression
    return unfold(expression).xreplace({s: Symbol(s.name, real=True) for s in numbers})


_FOLDED: dict[type[Expr], Any] = {Add: add, Mul: mul, Max: larger, Min: smaller}


def rate_of(update: Any, meant: Specification) -> Expr:
    """What the gradient is multiplied by; an argument where it is named."""
    named = {argument.name: argument.stands_for for argument in meant.kernel.arguments}
    rate: Expr = named[update.rate] if isinstance(update.rate, str) else update.rate
    return rate


def by_cases(expression: Expr, scope: Mapping[Any, int], meant: Specification, world: World) -> Any:
    """The value of an expression with a larger or a smaller of two numbers in it."""
    if not expression.has(Max, Min):
        return Number(world, meant.at(expression, scope))
    if isinstance(expression, Pow):
        return by_cases(expression.base, scope, meant, world) ** int(expression.exp)
    parts = [by_cases(part, scope, meant, world) for part in expression.args]
    return reduce(_FOLDED[expression.func], parts)


@dataclass(frozen=True)
class Returned:
    """An output that is returned: the entries themselves."""

    entries: Mapping[Place, Element]

    def trees(self, world: World) -> Mapping[Place, Any]:
        """The entries, in the world of one run."""
        return self.entries


@dataclass(frozen=True)
class Stepped:
    """An argument that is changed in place: its entries before, and the gradient."""

    update: Update
    meant: Specification
    entries: Mapping[Place, Element]
    slope: Mapping[Place, Element]

    def trees(self, world: World) -> Mapping[Place, Any]:
        """The entries after the step, by cases where the rate is."""
        rate = rate_of(self.update, self.meant)
        row = self.update.gradient.axes[0]
        rows = {at[0] for at in self.entries}
        rates = {n: by_cases(rate, {row: n + 1}, self.meant, world) for n in rows}
        return {
            at: (Number(world, value) - rates[at[0]] * Number(world, self.slope[at])).tree
            for at, value in self.entries.items()
        }


Wanted = Returned | Stepped


def wanted(kernel: Kernel, meant: Specification, given: Mapping[str, Any]) -> dict[str, Wanted]:
    """For each output what it has to be, by name."""
    found: dict[str, Wanted] = {}
    for output in kernel.outputs:
        if isinstance(output, Update):
            slope = meant.output(output.gradient)
            before = given[output.argument]
            found[output.argument] = Stepped(output, meant, before, slope)
        else:
            found[output.name] = Returned(meant.output(output))
    return found

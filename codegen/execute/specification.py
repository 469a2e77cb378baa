"""The cases that a kernel is run at, and what it is to compute there: the right sides of claims."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import islice, product
from math import prod
from operator import add, mul
from random import Random
from typing import Generic, TypeVar

import numpy as np
from sympy import Add, Expr, Indexed, Integer, Max, Min, Mul, Piecewise, Pow, Symbol

from codegen.interpret.array import Integers
from codegen.interpret.branching import Refused, State, Tree
from codegen.interpret.symbolic import Number, Real, larger, number, smaller
from codegen.kernel import Argument, Equality, Gradient, Kernel, Update, Value, members
from derivations.claim import NOTHING_ASSUMED, Assumed
from derivations.indices import Index, IndexSet
from derivations.language.index_nodes import unfold
from derivations.proof.domain import Domain
from derivations.proof.evaluate import Instance, Interpreter
from derivations.proof.field import Field
from derivations.proof.field import Value as Element


def every_choice(places: int, words: int) -> Iterator[tuple[int, ...]]:
    """Every choice of words."""
    return product(range(words), repeat=places)


def partitions(places: int, most: int) -> int:
    """How many patterns of equal words there are, of at most ``most`` words."""
    ways = {0: 1}
    for _ in range(places):
        more: dict[int, int] = {}
        for blocks, count in ways.items():
            more[blocks] = more.get(blocks, 0) + blocks * count
            if blocks < most:
                more[blocks + 1] = more.get(blocks + 1, 0) + count
        ways = more
    return sum(ways.values())


def growth_strings(places: int, most: int) -> Iterator[tuple[int, ...]]:
    """One choice of words for each pattern: each place an earlier word, or the next new one."""
    if places == 0:
        yield ()
        return
    for start in growth_strings(places - 1, most):
        for word in range(min(max(start, default=-1) + 2, most)):
            yield (*start, word)


T = TypeVar("T")
V = TypeVar("V")


@dataclass(frozen=True)
class Limits:
    """How many cases a size may have.

    Every choice of words and windows is run where there are at most ``words``; else every pattern
    of equal words with every window, where there are at most ``patterns``; else ``drawn`` ones.
    """

    words: int
    patterns: int
    drawn: int


@dataclass(frozen=True)
class Plan:
    """Lengths up to ``most``, so many sizes, cases within ``each``, and paths of each case.

    Of more sizes than ``sizes`` some are drawn by a fixed seed. Where there are more than `MANY`,
    ``few`` says how many cases are run at each. Where ``longer`` is not 0, each axis has that
    length once besides, the others 1; it should be above ``most``.
    """

    most: int
    sizes: int
    each: Limits
    few: Limits
    paths: int
    longer: int = 0

    def chosen(self, every: list[T]) -> list[T]:
        """The sizes that are run, in order."""
        if len(every) <= self.sizes:
            return every
        drawn = Random(0).sample(range(len(every)), self.sizes)
        return [every[n] for n in sorted(drawn)]

    def at_each(self, every: list[T]) -> Limits:
        """How many cases each size gets."""
        return self.few if len(every) > MANY else self.each


MANY = 200
QUICK = Plan(most=2, sizes=36, each=Limits(4, 4, 4), few=Limits(1, 1, 1), paths=4, longer=3)
FULL = Plan(most=3, sizes=1296, each=Limits(125, 4000, 100), few=Limits(125, 250, 2), paths=729)


Lengths = Mapping[str, int]
ALL, PATTERNS, DRAWN = "all words", "all patterns of words", "words drawn"


@dataclass(frozen=True)
class Case:
    """The lengths of axes, by letter, and the integer arguments as the kernel takes them."""

    lengths: Lengths
    integers: Mapping[str, Integers | int]

    def __str__(self) -> str:
        sizes = ", ".join(f"{letter} = {length}" for letter, length in self.lengths.items())
        given = (f"{name} = {np.asarray(value).tolist()}" for name, value in self.integers.items())
        return "; ".join([sizes, *given])


def sizes(kernel: Kernel, most: int) -> list[Lengths]:
    """Every choice of lengths up to ``most``, small ones first."""
    least = _least(kernel)
    choices = product(*(range(start, most + 1) for start in least.values()))
    found = [_completed(dict(zip(least, choice, strict=True)), kernel) for choice in choices]
    return sorted(found, key=lambda lengths: (sum(lengths.values()), *lengths.values()))


def one_of(kernel: Kernel, length: int) -> list[Lengths]:
    """Of each axis one size at which it has this length and the others 1.

    Words 0 and 1 alone are the same counted from either end.
    """
    letters = _least(kernel)
    return [
        _completed({letter: length if letter == long else 1 for letter in letters}, kernel)
        for long in letters
    ]


def _least(kernel: Kernel) -> dict[str, int]:
    """The axes whose lengths may be chosen, and the least length of each."""
    least: dict[str, int] = {}
    for argument in kernel.arguments:
        for letter, axis in zip(argument.letters, argument.axes, strict=True):
            inhabited = axis.space.inhabited and argument.left_out is None
            least[letter] = max(least.get(letter, 0), int(inhabited))
    for size in kernel.derived:
        least.pop(_wide(kernel, size.arguments[1]))
        least[size.name] = 0
    return least


def _wide(kernel: Kernel, name: str) -> str:
    """The letter of the last axis of an argument."""
    return next(one for one in kernel.arguments if one.name == name).letters[-1]


def _completed(lengths: dict[str, int], kernel: Kernel) -> Lengths:
    """The lengths with those that reach ``m`` places further on either side."""
    for size in kernel.derived:
        narrow, wide = (_wide(kernel, name) for name in size.arguments)
        lengths[wide] = lengths[narrow] + 2 * lengths[size.name]
    return lengths


def shape(argument: Argument, lengths: Lengths) -> tuple[int, ...]:
    """The shape of an argument."""
    return tuple(lengths[letter] for letter in argument.letters)


def how_many(kernel: Kernel, lengths: Lengths, limits: Limits) -> tuple[str, int]:
    """Which choices of the integer arguments are run at these lengths, and how many they are."""
    groups = _groups(kernel, lengths)
    windows = prod(bound + 1 for bound in _bounds(kernel, lengths))
    every = prod(group.words**group.places for group in groups) * windows
    if every <= limits.words:
        return ALL, every
    patterns = prod(partitions(group.places, group.words) for group in groups) * windows
    return (PATTERNS, patterns) if patterns <= limits.patterns else (DRAWN, limits.drawn)


def cases(
    kernel: Kernel, lengths: Lengths, limits: Limits, start: int = 0, stop: int | None = None
) -> tuple[str, list[Case]]:
    """Choices of the integer arguments at these lengths, and which they are; some of them."""
    groups, bounds = _groups(kernel, lengths), _bounds(kernel, lengths)
    which, count = how_many(kernel, lengths, limits)
    chosen = _drawn(lengths, groups, bounds) if which == DRAWN else _every(which, groups, bounds)
    some = islice(chosen, start, count if stop is None else min(stop, count))
    return which, [_case(kernel, lengths, groups, words, windows) for words, windows in some]


Choice = tuple[Sequence[Sequence[int]], Sequence[int]]


def _every(which: str, groups: Sequence[_Group], bounds: Sequence[int]) -> Iterator[Choice]:
    """All choices of words, or all patterns, with all windows."""
    choose = every_choice if which == ALL else growth_strings
    words = product(*(list(choose(group.places, group.words)) for group in groups))
    within = list(product(*(range(bound + 1) for bound in bounds)))
    return ((some, each) for some in words for each in within)


def _drawn(lengths: Lengths, groups: Sequence[_Group], bounds: Sequence[int]) -> Iterator[Choice]:
    """Words and windows by a seed that is the same every time, without end."""
    random = Random(str(lengths))
    while True:
        words = [[random.randrange(group.words) for _ in range(group.places)] for group in groups]
        yield words, [random.randint(0, bound) for bound in bounds]


def _bounds(kernel: Kernel, lengths: Lengths) -> list[int]:
    """The largest window at every place that has one."""
    return [
        lengths[argument.at_most]
        for argument in kernel.arguments
        if argument.at_most
        for _ in range(_size(argument, lengths))
    ]


@dataclass(frozen=True)
class _Group:
    """Integer arguments whose entries are members of one set: how many, and for how many places."""

    names: tuple[str, ...]
    words: int
    places: int


def _groups(kernel: Kernel, lengths: Lengths) -> list[_Group]:
    names: dict[IndexSet, list[Argument]] = {}
    for argument in kernel.arguments:
        if argument.is_integer and not argument.at_most:
            names.setdefault(members(argument), []).append(argument)
    rows = {
        axis.space: lengths[letter]
        for one in kernel.arguments
        if not one.is_integer
        for axis, letter in zip(one.axes, one.letters, strict=True)
    }
    return [
        _Group(tuple(a.name for a in some), rows[space], sum(_size(a, lengths) for a in some))
        for space, some in names.items()
    ]


def _size(argument: Argument, lengths: Lengths) -> int:
    return prod(shape(argument, lengths))


def _case(
    kernel: Kernel,
    lengths: Lengths,
    groups: Sequence[_Group],
    words: Sequence[Sequence[int]],
    windows: Sequence[int],
) -> Case:
    within = iter(windows)
    sources = {
        name: chosen
        for group, some in zip(groups, words, strict=True)
        for chosen in [iter(some)]
        for name in group.names
    }
    integers: dict[str, Integers | int] = {}
    for argument in kernel.arguments:
        if argument.is_integer:
            source = within if argument.at_most else sources[argument.name]
            some = [next(source) for _ in range(_size(argument, lengths))]
            array = np.array(some, np.intp).reshape(shape(argument, lengths))
            integers[argument.name] = array if argument.axes else some[0]
    return Case(lengths, integers)


Place = tuple[int, ...]
Given = Mapping[str, Mapping[Place, Element]]  # the symbols of each argument, by name


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


class Meaning(Generic[V]):
    """The meaning of one kernel's arguments and outputs at one case, in one domain."""

    def __init__(
        self, kernel: Kernel, claims: Mapping[str, Equality], case: Case, domain: Domain[V]
    ) -> None:
        self.kernel, self.claims, self.case = kernel, claims, case
        self.instance = instance(kernel, case)
        self.interpreter = Interpreter(self.instance, domain)
        self.counts = tuple(
            argument.stands_for
            for argument in kernel.arguments
            if isinstance(argument.stands_for, Symbol)
            and argument.stands_for.is_integer
            and not argument.is_integer
        )

    def argument(self, argument: Argument) -> dict[Place, V]:
        """The symbols that a number argument holds, by place."""
        return self._entries(self._open(argument.stands_for), argument.axes, argument.left_out)

    def output(self, output: Value | Gradient) -> dict[Place, V]:
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
        zero = self.interpreter.domain.constant(0)
        return {at: value if at[axis] == kept else zero for at, value in entries.items()}

    def at(self, expression: Expr, scope: Mapping[Index, int]) -> V:
        """The value of an expression at the given members of index sets."""
        value: V = self.interpreter.value(self._open(expression), scope)
        return value

    def _open(self, expression: Expr) -> Expr:
        return _opened(expression, self.counts)

    def _members(self, axis: Index, left_out: Integer | None) -> list[int]:
        members = self.interpreter.members(axis.space.lower, axis.space.upper, {})
        return [member for member in members if left_out is None or member != left_out]

    def _entries(
        self, expression: Expr, axes: tuple[Index, ...], left_out: Integer | None
    ) -> dict[Place, V]:
        members = [self._members(axis, left_out if n == 0 else None) for n, axis in enumerate(axes)]
        entries = {}
        for places in product(*(range(len(some)) for some in members)):
            chosen = (some[n] for some, n in zip(members, places, strict=True))
            scope = dict(zip(axes, chosen, strict=True))
            entries[places] = self.interpreter.value(expression, scope)
        return entries


class Specification(Meaning[Element]):
    """The meaning in the exact field; what the kernel chooses for families is given there."""

    def __init__(
        self,
        kernel: Kernel,
        claims: Mapping[str, Equality],
        case: Case,
        variables: int,
        signs: Mapping[str, int] | None = None,
        finer: Mapping[Hashable, int] | None = None,
    ) -> None:
        self.field = GivenField(variables, signs, kernel.assumed, finer)
        super().__init__(kernel, claims, case, self.field)
        self.field.given.update(self._chosen())

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


def _read(argument: Argument, value: Integers | int, found: Instance) -> None:
    """Put the words of one argument where the interpreter looks them up."""
    if isinstance(argument.stands_for, Index):
        found.indices[argument.stands_for.name] = int(value) + 1
        return
    assert isinstance(argument.stands_for, Indexed)
    counted = 0 if argument.at_most else 1
    for at, word in _places(np.asarray(value)):
        found.words[argument.stands_for.base.name, tuple(n + 1 for n in at)] = word + counted


def _places(array: Integers) -> list[tuple[Place, int]]:
    return [
        (tuple(map(int, at)), int(array[tuple(at)])) for at in product(*map(range, array.shape))
    ]


def _by_cases(choice: Expr, values: Mapping[Index, int], found: Instance) -> int:
    """A choice by cases of whole numbers, at one place."""
    integers: dict[Expr, Integer] = {index: Integer(value) for index, value in values.items()}
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
def _replaced(choice: Expr, integers: frozenset[tuple[Expr, Integer]]) -> Expr:
    """The choice where these integers stand; asked of the same ones again and again."""
    return choice.xreplace(dict(integers))


_unfolded = lru_cache(maxsize=16)(unfold)


@lru_cache(maxsize=256)
def _opened(expression: Expr, numbers: tuple[Symbol, ...]) -> Expr:
    """The expression with counts that are given as numbers read as any numbers."""
    if not numbers:
        return expression
    return unfold(expression).xreplace({s: Symbol(s.name, real=True) for s in numbers})


_FOLDED: dict[type[Expr], Callable[[Number, Number], Real]] = {
    Add: add,
    Mul: mul,
    Max: larger,
    Min: smaller,
}


def rate_of(update: Update, meant: Specification) -> Expr:
    """What the gradient is multiplied by; an argument where it is named."""
    named = {argument.name: argument.stands_for for argument in meant.kernel.arguments}
    rate: Expr = named[update.rate] if isinstance(update.rate, str) else update.rate
    return rate


def by_cases(
    expression: Expr, scope: Mapping[Index, int], meant: Specification, state: State
) -> Number:
    """The value of an expression with a larger or a smaller of two numbers in it."""
    if not expression.has(Max, Min):
        return Number(state, meant.at(expression, scope))
    if isinstance(expression, Pow):
        return by_cases(expression.base, scope, meant, state) ** int(expression.exp)
    parts = [by_cases(part, scope, meant, state) for part in expression.args]
    folded = _FOLDED[expression.func]
    return reduce(lambda one, other: number(state, folded(one, other)), parts)


@dataclass(frozen=True)
class Returned:
    """An output that is returned: the entries themselves."""

    entries: Mapping[Place, Element]

    def trees(self, state: State) -> Mapping[Place, Tree[Element]]:
        """The entries, in the state of one run."""
        return self.entries


@dataclass(frozen=True)
class Stepped:
    """An argument that is changed in place: its entries before, and the gradient."""

    update: Update
    meant: Specification
    entries: Mapping[Place, Element]
    slope: Mapping[Place, Element]

    def trees(self, state: State) -> Mapping[Place, Tree[Element]]:
        """The entries after the step, by cases where the rate is."""
        rate = rate_of(self.update, self.meant)
        row = self.update.gradient.axes[0]
        rows = {at[0] for at in self.entries}
        rates = {n: by_cases(rate, {row: n + 1}, self.meant, state) for n in rows}
        return {
            at: (Number(state, value) - rates[at[0]] * Number(state, self.slope[at])).tree
            for at, value in self.entries.items()
        }


Expected = Returned | Stepped


def expected(kernel: Kernel, meant: Specification, given: Given) -> dict[str, Expected]:
    """For each output what it has to be, by name."""
    found: dict[str, Expected] = {}
    for output in kernel.outputs:
        if isinstance(output, Update):
            slope = meant.output(output.gradient)
            before = given[output.argument]
            found[output.argument] = Stepped(output, meant, before, slope)
        else:
            found[output.name] = Returned(meant.output(output))
    return found

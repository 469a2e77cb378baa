"""What families of lines are drawn with: equalities, and random terms of declared names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random

from tests.lines.algebra import Context, Shape, Unfit, add, neg, number
from tests.lines.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    Comparison,
    Declaration,
    Div,
    Dot,
    Entry,
    Indicator,
    Item,
    Letter,
    Listed,
    Matmul,
    Member,
    Mul,
    Name,
    Neg,
    NormSquared,
    Num,
    Odot,
    Picked,
    Pow,
    Sum,
    Term,
    Transpose,
    Whole,
)


@dataclass(frozen=True)
class Equality:
    """Two terms that are equal by a rule, under the conditions; ``kind`` names the rule."""

    kind: str
    left: Term
    right: Term
    conditions: tuple[Comparison, ...] = ()


@dataclass(frozen=True)
class Text:
    """A line of one kind as a text under declarations, and whether it is true."""

    kind: str
    given: str
    line: str
    true: bool

    @property
    def text(self) -> str:
        """The file that it stands in."""
        return f"```given\n{self.given.strip()}\n```\n$${self.line}$$\n"


@dataclass(frozen=True)
class Family:
    """An entry of the catalogue.

    ``setting`` draws what stands before the line, ``equality`` an equality under it; ``rules``
    name the rewritings that may be made on both sides of it. ``undeclared`` makes a declaration
    say nothing of what the equalities need, without which they are false.
    """

    name: str
    setting: Callable[[Random], tuple[Item, ...]]
    equality: Callable[[Random, Context], Equality]
    rules: tuple[str, ...]
    undeclared: Callable[[Declaration], Declaration] | None = None


Way = Callable[[Random, Context], Equality]
TRIES = 30


def nothing(random: Random, context: Context) -> Equality:
    """Zero is zero."""
    return Equality("identity", ZERO, ZERO)


def any_of(ways: Mapping[Way, int] | Sequence[Way], otherwise: Way | None = None) -> Way:
    """One of these ways, each as often as is said; ``otherwise`` where a setting is fit for none.

    Without that it is the first one.
    """
    each = ways if isinstance(ways, Sequence) else [w for w, n in ways.items() for _ in range(n)]

    def made(random: Random, context: Context) -> Equality:
        for _ in range(TRIES):
            try:
                return random.choice(each)(random, context)
            except Unfit:
                continue
        return (otherwise or each[0])(random, context)

    return made


def any_two_of(ways: Mapping[Way, int]) -> Way:
    """The same where both sides are to differ, unless a value is asked for."""

    def of_two_sides(way: Way) -> Way:
        def made(random: Random, context: Context) -> Equality:
            found = way(random, context)
            if found.left == found.right and found.kind != "value":
                raise Unfit
            return found

        return made

    return any_of({of_two_sides(way): times for way, times in ways.items()}, nothing)


def some(random: Random, letters: str, least: int, most: int) -> list[str]:
    """A few of these names, in their order."""
    names = letters.split()
    chosen = set(random.sample(names, random.randint(least, min(most, len(names)))))
    return [name for name in names if name in chosen]


@dataclass(frozen=True)
class Grow:
    """Grows terms; ``bound`` are the letters of the sums around, with what they run over.

    ``free`` says whether declared letters may occur free; ``reuse`` how often a sum takes a letter
    that means something already; ``more`` are further numbers that may be leaves.
    """

    context: Context
    random: Random
    bound: dict[str, str] = field(default_factory=dict)
    free: bool = True
    deltas: bool = True
    elementary: float = 0.1
    reuse: float = 0.0
    more: tuple[Term, ...] = ()

    # Numbers

    def number(self, depth: int) -> Term:
        """A number, so many operations deep at most."""
        random = self.random
        if depth <= 0:
            return self.leaf()
        ways = ["sum"] * 5 + ["add"] * 3 + ["mul"] * 4 + ["leaf"] * 2 + ["square", "divided"]
        ways += ["delta"] * 2 if self.deltas else []
        if random.random() < self.elementary:
            return self.function(depth)
        match random.choice(ways):
            case "sum":
                return self.sum(depth)
            case "add":
                second = self.number(depth - 1)
                return Add((self.number(depth - 1), neg(second) if self.half() else second))
            case "mul":
                return Mul((self.number(depth - 1), self.number(depth - 2)))
            case "square":
                return Pow(self.number(depth - 1), 2)
            case "divided":
                return Div(self.number(depth - 1), self.divisor())
            case "delta":
                return Mul((self.delta(), self.leaf()))
        return self.leaf()

    def half(self) -> bool:
        """Half of the times."""
        return self.random.random() < 0.5

    def letters(self) -> dict[str, str]:
        """The letters that may be used, with what they run over."""
        return {**self.context.letters, **self.bound} if self.free else self.bound

    def leaf(self) -> Term:
        """A number without operations, an entry where there is one."""
        ways = ["entry"] * 6 + ["scalar"] * 2 + ["number"] + ["index"]
        self_more = list(self.more)
        for _ in range(6):
            match self.random.choice([*ways, *["more"] * (3 * bool(self_more))]):
                case "entry":
                    found = self.entry()
                    if found is not None:
                        return found
                case "scalar":
                    scalars = [n for n in self.context.scalars if n not in self.bound]
                    if scalars:
                        return Name(self.random.choice(scalars))
                case "number":
                    return Num(Fraction(self.random.choice((2, 3, 4, Fraction(1, 2)))))
                case "more":
                    return self.random.choice(self_more)
                case _:
                    letters = [n for n, axis in self.letters().items() if self._counts(axis)]
                    if letters and self.random.random() < 0.4:
                        return Name(self.random.choice(letters))
        return ONE if self.half() else TWO

    def _counts(self, axis: str) -> bool:
        return axis not in self.context.labels

    def member(self, axis: str) -> Member | None:
        """A letter or list entry; of the innermost sums more often than not."""
        mine = [name for name, own in self.bound.items() if own == axis]
        if mine and self.random.random() < 0.8:
            return Letter(mine[-1] if self.random.random() < 0.7 else self.random.choice(mine))
        known: list[Member] = [Letter(n) for n, own in self.letters().items() if own == axis]
        for name, (values, places) in self.context.lists.items():
            inside = [n for n, own in self.letters().items() if own == places]
            if values == axis and inside and name not in self.bound:
                known += [Listed(name, Letter(self.random.choice(inside)))] * 3
        return self.random.choice(known) if known else None

    def entry(self) -> Term | None:
        """An entry of an array, or the inner product of two vectors of families."""
        context, hidden = self.context, self.bound
        ways: list[tuple[str, tuple[str, ...]]] = [
            (name, (axis,)) for name, axis in context.vectors.items() if name not in hidden
        ]
        ways += [(name, axes) for name, axes in context.matrices.items() if name not in hidden]
        ways += [(name, axes) for name, axes in context.families.items() if name not in hidden]
        if not ways:
            return None
        name, axes = self.random.choice(ways)
        if name in context.families:
            return self._of_family(name, axes[0], axes[1])
        at = [self.member(axis) for axis in axes]
        if any(member is None for member in at):
            return None
        return Entry(Name(name), tuple(member for member in at if member is not None))

    def _of_family(self, name: str, members: str, axis: str) -> Term | None:
        one, place = self.member(members), self.member(axis)
        if one is None:
            return None
        if place is not None and self.half():
            return Entry(Picked(name, one), (place,))
        other = self.member(members)
        names = [n for n, own in self.context.families.items() if own == (members, axis)]
        if other is None:
            return None
        left, right = Picked(name, one), Picked(self.random.choice(names), other)
        return Matmul(Transpose(left), right) if self.half() else Dot(left, right)

    def sum(self, depth: int) -> Term:
        """A sum over all of some 1..n."""
        axes = self.context.axes()
        if not axes:
            return self.leaf()
        axis = self.random.choice(axes)
        letter = self.letter(axis)
        inner = self.under(letter, axis)
        conditions: tuple[Comparison, ...] = ()
        if self.deltas and self.random.random() < 0.25:
            other = self.member(axis)
            if other is not None and other != Letter(letter):
                conditions = (Comparison(Letter(letter), "!=", other),)
        return Sum(letter, Whole(axis), conditions, inner.number(depth - 1))

    def letter(self, axis: str) -> str:
        """A letter for a sum: new, or one that is hidden by it."""
        again = [*self.bound, *self.context.letters_of(axis)]
        if again and self.random.random() < self.reuse:
            return self.random.choice(again)
        avoid = set(self.bound)
        try:
            return self.context.fresh(axis, avoid, self.random)
        except Unfit:
            return self.random.choice(again)

    def under(self, letter: str, axis: str) -> Grow:
        """Under a sum."""
        rest = {name: own for name, own in self.bound.items() if name != letter}
        return replace(self, bound={**rest, letter: axis})

    def delta(self) -> Term:
        """One or nought, by whether two members are the same."""
        axes = sorted({*self.bound.values(), *(self.context.axes() if self.free else ())})
        for _ in range(4):
            if not axes:
                break
            axis = self.random.choice(axes)
            one, other = self.member(axis), self.member(axis)
            if one is not None and other is not None and one != other:
                sign = "=" if self.random.random() < 0.8 else "!="
                return Indicator(Comparison(one, sign, other))
        return TWO

    def divisor(self) -> Term:
        """Something that is not zero but by chance."""
        scalars = [name for name in self.context.scalars if name not in self.bound]
        if scalars and self.half():
            name = Name(self.random.choice(scalars))
            return name if self.half() else Add((ONE, Pow(name, 2)))
        return number(self.random.choice((2, 3, 4)))

    def function(self, depth: int) -> Term:
        """An exponential, or the logarithm of what is positive."""
        inner = self.number(min(depth - 1, 1))
        match self.random.randrange(6):
            case 0 | 1:
                return Apply("exp", neg(inner) if self.half() else inner)
            case 4:
                return Apply("log", Apply("exp", inner))
            case 2:
                return Apply("log", Add((ONE, Apply("exp", inner))))
            case 3:
                return Div(ONE, Add((ONE, Apply("exp", neg(inner)))))
        return Apply("log", Add((ONE, Pow(inner, 2))))

    # Functions of a number

    def of_one(self, depth: int) -> Term:
        """A number made of the further numbers and scalars, by the operations of calculus."""
        random = self.random
        if depth <= 0:
            return self._argument()
        match random.choice(
            ["add", "add", "mul", "mul", "mul", "pow", "exp", "log", "div", "leaf"]
        ):
            case "add":
                second = self.of_one(depth - 1)
                return Add((self.of_one(depth - 1), neg(second) if self.half() else second))
            case "mul":
                return Mul((self.of_one(depth - 1), self._argument()))
            case "pow":
                return Pow(self.of_one(depth - 1), random.choice((2, 2, 3)))
            case "exp":
                return Apply("exp", self.of_one(min(depth - 1, 1)))
            case "log":
                inner = self.of_one(min(depth - 1, 1))
                return Apply("log", Add((ONE, random.choice((Pow(inner, 2), Apply("exp", inner))))))
            case "div":
                inner = self._argument()
                return Div(self.of_one(depth - 1), Add((ONE, Pow(inner, 2))))
        return self._argument()

    def _argument(self) -> Term:
        scalars: list[Term] = [Name(n) for n in self.context.scalars if n not in self.bound]
        known = [*list(self.more) * 4, *scalars]
        if known and self.random.random() < 0.85:
            return self.random.choice(known)
        return number(self.random.choice((1, 2, 3)))

    # Matrices

    def array(self, shape: Shape, depth: int) -> Term:
        """An array of this shape, a number where it has none."""
        if not shape:
            return self.bilinear(depth)
        if depth > 0 and self.random.random() < 0.3:
            parts = [self.array(shape, depth - 1), self.array(shape, depth - 1)]
            return add(parts[0], neg(parts[1]) if self.half() else parts[1])
        if depth > 0 and self.random.random() < 0.15 and self.context.scalars:
            return Mul(
                (Name(self.random.choice(self.context.scalars)), self.array(shape, depth - 1))
            )
        if depth > 0 and self.random.random() < 0.06:
            return Odot(self.array(shape, depth - 1), self.array(shape, depth - 1))
        if depth > 0 and self.random.random() < 0.15:
            return Transpose(self.array((shape[1], shape[0]), depth - 1))
        return self.chain(shape, depth)

    def chain(self, shape: Shape, depth: int) -> Term:
        """A product of matrices of this shape, or one of them."""
        assert shape
        row, column = shape
        if row is None and column is not None:
            return Transpose(self.chain((column, None), depth))
        if depth > 0 and self.random.random() < 0.75:
            middles = self._middles(row)
            if middles:
                middle = self.random.choice(middles)
                left = self._atom(row, middle)
                if left is not None:
                    right = self.array((middle, column), depth - 1)
                    if self.random.random() < 0.3 and depth > 1:
                        left = self.array((row, middle), 1)
                    return Matmul(left, right)
        found = self._atom(row, column)
        if found is not None:
            return found
        if column is not None and row is not None:
            one, other = self._atom(row, None), self._atom(column, None)
            if one is not None and other is not None:
                return Matmul(one, Transpose(other))
        raise Unfit

    def _middles(self, row: str | None) -> list[str]:
        found = [c for r, c in self.context.matrices.values() if r == row]
        return found + [r for r, c in self.context.matrices.values() if c == row]

    def _atom(self, row: str | None, column: str | None) -> Term | None:
        if column is None:
            names = [name for name, axis in self.context.vectors.items() if axis == row]
            return Name(self.random.choice(names)) if names else None
        ways: list[Term] = []
        for name, axes in self.context.matrices.items():
            if axes == (row, column):
                ways.append(Name(name))
            if axes == (column, row):
                ways.append(Transpose(Name(name)))
        return self.random.choice(ways) if ways else None

    def bilinear(self, depth: int) -> Term:
        """A number of arrays: an inner product, a quadratic form, a norm."""
        axes = sorted(set(self.context.vectors.values()))
        axis = self.random.choice(axes)
        right = self.array((axis, None), depth)
        if self.random.random() < 0.35:
            return NormSquared(right)
        left = self.array((axis, None), depth - 1 if self.half() else 0)
        if self.random.random() < 0.2:
            return Dot(left, right)
        return _tied(Transpose(left), right)


def _tied(left: Term, right: Term) -> Term:
    """``x^T A y`` from the left, as it is written."""
    match right:
        case Matmul(first, second):
            return Matmul(_tied(left, first), second)
        case Neg(of):
            return Neg(Matmul(left, of))
    return Matmul(left, right)

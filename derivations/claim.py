"""A claim with its conditions, and its judgement: data, and what the conditions assume.

Each condition on what is given is an assumption of a proof: above zero, between two numbers, one
of two, symmetric. The normal form knows them by name; exact fields and intervals have fewer
coordinates where some are determined by others.

Whether numbers may have given signs at once is asked of linear forms in unknowns (Fourier and
Motzkin), which may be anything: products and functions among them are taken as unknowns of their
own. Unknowns are eliminated one after the other (J. Fourier 1827, T. Motzkin 1936): what follows
from two inequalities by adding multiples above zero holds wherever they do. So a choice of signs
that is called impossible is so, whatever the unknowns depend on; for linear forms of independent
unknowns the converse holds as well.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from functools import cached_property, partial, reduce

from sympy import Dummy, Expr, IndexedBase, Integer, Rational, Symbol

from derivations.indices import Entries, IndexSet, Names, total
from derivations.language.index_form import Sides, sides
from derivations.language.index_nodes import symbol_names
from derivations.language.tree import IllTyped, Misfit, Term, spelled, well_typed


@dataclass(frozen=True)
class Positive:
    """A number, or every entry of an array, is above zero."""

    of: Symbol | IndexedBase

    def __str__(self) -> str:
        return f"{self.of} > 0"


@dataclass(frozen=True)
class NonZero:
    """A number, or every entry of an array, is not zero."""

    of: Symbol | IndexedBase

    def __str__(self) -> str:
        return f"{self.of} != 0"


@dataclass(frozen=True)
class Between:
    """A number, or every entry of an array, is above one number and below another one.

    So it is (a + b t) / (1 + t) for exactly one t above zero, and every t above zero makes one:
    an equality that holds of such numbers holds of all t, and the other way round. Proofs calculate
    with t, of which the sign of x - a, of b - x and of 1 - xy for numbers in (0, 1) can be seen.
    """

    of: Symbol | IndexedBase
    lower: Rational
    upper: Rational

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """The two numbers."""
        return fraction(self.lower), fraction(self.upper)

    def __str__(self) -> str:
        return f"{self.lower} < {self.of} < {self.upper}"


@dataclass(frozen=True)
class OneOfTwo:
    """A number, or every entry of an array, is 0 or 1; or, where ``signs``, it is -1 or 1.

    So y^2 = y, and y^2 = 1; a polynomial in such numbers that is linear in each of them is zero
    at all of their values only if it is zero.
    """

    of: Symbol | IndexedBase
    signs: Integer

    def __str__(self) -> str:
        return f"{self.of} in {{{-1 if self.signs else 0}, 1}}"


@dataclass(frozen=True)
class Count:
    """A number, or every entry of an array, is a whole number that is not below zero.

    What holds of all real numbers holds of these; what does not is refuted by such numbers alone.
    """

    of: Symbol | IndexedBase

    def __str__(self) -> str:
        return f"{self.of} a count"


@dataclass(frozen=True)
class Symmetric:
    """A matrix is its transpose."""

    of: IndexedBase

    def __str__(self) -> str:
        return f"{self.of} symmetric"


@dataclass(frozen=True)
class FullRank:
    """A matrix, or its transpose, has full column rank: a square one has an inverse.

    So does the product of its transpose with it; it has no fewer rows than columns. Of a family of
    matrices, where the entries have an index more in front, each one has it.
    """

    entries: Entries

    @property
    def of(self) -> IndexedBase:
        """The matrix."""
        return self.entries.entry.base

    @property
    def rows(self) -> IndexSet:
        """What its rows run over."""
        return self.entries.indices[-2].space

    @property
    def columns(self) -> IndexSet:
        """What its columns run over."""
        return self.entries.indices[-1].space

    @property
    def over(self) -> IndexSet | None:
        """What a family of matrices runs over."""
        return self.entries.indices[0].space if len(self.entries.indices) > 2 else None

    @property
    def is_square(self) -> bool:
        """Whether the matrix itself has an inverse."""
        return self.rows == self.columns

    @property
    def turned(self) -> bool:
        """Whether it is said of the transpose."""
        return bool(self.entries.entry.indices != self.entries.indices)

    def __str__(self) -> str:
        if self.is_square:
            return f"{self.of} invertible"
        return f"{self.of} of full {'row' if self.turned else 'column'} rank"


@dataclass(frozen=True)
class PositiveDefinite:
    """A matrix that is declared to be symmetric and of full rank is positive definite, too.

    No proof needs that; a counterexample has to be one.
    """

    of: IndexedBase

    def __str__(self) -> str:
        return f"{self.of} positive definite"


@dataclass(frozen=True)
class SumsTo:
    """The entries of a vector add up to a number, or those of each row of a matrix, or column.

    ``total`` is their sum over its whole range; what else stands at the entries runs over all.
    """

    total: Expr
    value: Integer

    @property
    def of(self) -> IndexedBase:
        """The vector, or the matrix."""
        return self.total.function.base

    @property
    def axis(self) -> int:
        """Which of its indices is summed over: 0 of a vector."""
        place: int = self.total.function.indices.index(self.total.variables[0])
        return place

    @property
    def everything(self) -> Expr:
        """The sum of all entries."""
        indices = (each for each in self.total.function.indices if each in self.total.free_symbols)
        return reduce(total, indices, self.total)

    @property
    def space(self) -> IndexSet:
        """What its entries run over."""
        found: IndexSet = self.total.variables[0].space
        return found

    def __str__(self) -> str:
        several = len(self.total.function.indices) > 1
        of = f"{self.total.function} over {self.total.variables[0]}" if several else self.of
        return f"sum of {of} = {self.value}"


@dataclass(frozen=True)
class AtLeast:
    """A size is not below a number."""

    of: Symbol
    value: Integer

    def __str__(self) -> str:
        return f"{self.of} >= {self.value}"


def at_least(number: Expr, conditions: Iterable[object]) -> Expr:
    """A whole number made of sizes, with what each of them is above its least value."""
    least = {
        each.of: each.value + Dummy(each.of.name, integer=True, nonnegative=True)
        for each in conditions
        if isinstance(each, AtLeast)
    }
    found: Expr = number.xreplace(least).expand()
    return found


def fraction(number: Rational) -> Fraction:
    """A rational number of SymPy."""
    return Fraction(int(number.p), int(number.q))


Places = tuple[int, ...]
Ends = tuple[Fraction, Fraction]
OfData = (
    Positive
    | NonZero
    | Between
    | OneOfTwo
    | Count
    | Symmetric
    | FullRank
    | PositiveDefinite
    | SumsTo
    | AtLeast
)


@dataclass(frozen=True)
class Ranked:
    """The keys of a matrix of full column rank at one instance, row by row."""

    rows: tuple[tuple[Hashable, ...], ...]
    definite: bool = False


@dataclass(frozen=True)
class Assumed:
    """What is given of the data at one instance, by name.

    What is above zero, what is not zero, between what, 0 or 1, -1 or 1, a count, which matrices
    are symmetric, of which arrays the entries, along which axis and at which places, add up to
    what, and which matrices have full column rank.
    """

    positive: frozenset[str] = frozenset()
    nonzero: frozenset[str] = frozenset()
    between: Mapping[str, Ends] = field(default_factory=dict)
    bits: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()
    counts: frozenset[str] = frozenset()
    symmetric: frozenset[str] = frozenset()
    sums: Mapping[str, tuple[int, Places, int]] = field(default_factory=dict)
    ranked: tuple[Ranked, ...] = ()

    def coordinate(self, key: Hashable) -> Hashable:
        """The coordinate that a key names: an entry of a symmetric matrix has two."""
        match key:
            case (str() as name, (*first, int() as row, int() as column)):
                if name in self.symmetric and row > column:
                    return (name, (*first, column, row))
        return key

    def keys(self, coordinate: Hashable) -> tuple[Hashable, ...]:
        """All keys that name a coordinate."""
        match coordinate:
            case (str() as name, (*first, int() as row, int() as column)) if row != column:
                if name in self.symmetric:
                    return (coordinate, (name, (*first, column, row)))
        return (coordinate,)

    def array_of(self, key: Hashable) -> str:
        """The name of what a coordinate is or is an entry of."""
        match key:
            case (str() as name, _):
                return name
        return ""

    def is_count(self, key: Hashable) -> bool:
        """Whether a coordinate is a whole number that is not below zero."""
        return self.array_of(key) in self.counts

    def is_positive(self, key: Hashable) -> bool:
        """Whether a coordinate is above zero."""
        return self.array_of(key) in self.positive

    def is_nonzero(self, key: Hashable) -> bool:
        """Whether a coordinate is not zero."""
        return self.array_of(key) in self.nonzero

    def ends_of(self, key: Hashable) -> Ends | None:
        """What a coordinate is between, if that is given."""
        return self.between.get(self.array_of(key))

    def values_of(self, key: Hashable) -> tuple[int, int] | None:
        """The two numbers that a coordinate is one of, if it is."""
        name = self.array_of(key)
        return (0, 1) if name in self.bits else (-1, 1) if name in self.signs else None

    def one_hot_of(self, key: Hashable) -> Hashable:
        """The vector of zeros and a single one, or the row, that a coordinate is of; or None."""
        match key:
            case (str() as name, (*places,)) if name in self.bits and name in self.sums:
                axis, _, value = self.sums[name]
                return (name, *places[:axis], *places[axis + 1 :]) if value == 1 else None
        return None

    def admits(self, key: Hashable, number: Fraction) -> bool:
        """Whether a coordinate may have a value, by what is given of it alone."""
        ends, values = self.ends_of(key), self.values_of(key)
        within = ends is None or ends[0] < number < ends[1]
        one_of_them = values is None or number in values
        one_of_them &= not self.is_count(key) or (number.denominator == 1 and number >= 0)
        of_its_sign = number > 0 or not self.is_positive(key)
        return within and one_of_them and of_its_sign and (number != 0 or not self.is_nonzero(key))

    def left_over(self, key: Hashable) -> tuple[int, list[Hashable]] | None:
        """For a coordinate that others determine: the number that these are taken from.

        That is the last entry of a vector, or of a row, whose entries add up to something.
        """
        match key:
            case (str() as name, (*at,)) if name in self.sums:
                axis, (*others, last), value = self.sums[name]
                before, behind = at[:axis], at[axis + 1 :]
                if at[axis] == last:
                    return value, [(name, (*before, n, *behind)) for n in others]
        return None


NOTHING_ASSUMED = Assumed()


def data_assumed(conditions: Iterable[object], members: Callable[[IndexSet], Places]) -> Assumed:
    """What some conditions say of the numbers that are given where sets have these members.

    A vector whose entries add up to something has some.
    """
    said = list(conditions)
    return Assumed(
        frozenset(each.of.name for each in said if isinstance(each, Positive)),
        frozenset(each.of.name for each in said if isinstance(each, NonZero)),
        {each.of.name: each.ends for each in said if isinstance(each, Between)},
        frozenset(e.of.name for e in said if isinstance(e, OneOfTwo) and not e.signs),
        frozenset(e.of.name for e in said if isinstance(e, OneOfTwo) and e.signs),
        frozenset(each.of.name for each in said if isinstance(each, Count)),
        frozenset(each.of.name for each in said if isinstance(each, Symmetric)),
        {
            each.of.name: (each.axis, members(each.space), int(each.value))
            for each in said
            if isinstance(each, SumsTo)
        },
        tuple(
            each
            for condition in said
            if isinstance(condition, FullRank)
            for each in _ranked(condition, members, definite=PositiveDefinite(condition.of) in said)
        ),
    )


def _ranked(
    said: FullRank, members: Callable[[IndexSet], Places], *, definite: bool
) -> Iterator[Ranked]:
    """The matrix, or those of a family."""
    high, wide = members(said.rows), members(said.columns)
    which = [()] if said.over is None else [(n,) for n in members(said.over)]
    for first in which:
        rows = (
            tuple((said.of.name, (*first, j, i) if said.turned else (*first, i, j)) for j in wide)
            for i in high
        )
        yield Ranked(tuple(rows), definite)


# coefficients by unknown: products, keys of terms, whatever is hashed
Form = Mapping[Hashable, Fraction]
MOST = 200  # inequalities; where there are more, any signs are called possible


@dataclass(frozen=True)
class Signed:
    """A linear form and its sign: 1, 0 or -1; with ``or_zero`` it may be zero as well."""

    form: Form
    number: Fraction
    sign: int
    or_zero: bool = False


@dataclass(frozen=True)
class _Row:
    """What is above zero; or, unless it is ``strict``, not below."""

    form: Form
    number: Fraction
    strict: bool


def possible(given: Iterable[Signed]) -> bool:
    """Whether the forms may have these signs at once, as far as linear arithmetic tells."""
    above: list[_Row] = []
    zero: list[_Row] = []
    for each in given:
        if each.sign:
            form = {key: q * each.sign for key, q in each.form.items() if q}
            above.append(_Row(form, each.number * each.sign, not each.or_zero))
        else:
            zero.append(_Row({key: q for key, q in each.form.items() if q}, each.number, False))
    while zero:
        equation = zero.pop()
        unknown = next(iter(equation.form), None)
        if unknown is None:
            if equation.number:
                return False
            continue
        zero = [_without(unknown, equation, row) for row in zero]
        above = [_without(unknown, equation, row) for row in above]
    return _possible(above)


def _possible(above: list[_Row]) -> bool:
    while True:
        for row in above:
            if not row.form and (row.number < 0 or (row.strict and not row.number)):
                return False
        above = [row for row in above if row.form]
        if not above:
            return True
        unknown = next(iter(above[0].form))
        up = [row for row in above if row.form.get(unknown, 0) > 0]
        down = [row for row in above if row.form.get(unknown, 0) < 0]
        if len(up) * len(down) > MOST:
            return True
        rest = [row for row in above if unknown not in row.form]
        above = [*rest, *(_without(unknown, one, other) for one in up for other in down)]


def _without(unknown: Hashable, one: _Row, other: _Row) -> _Row:
    """The second row with a multiple of the first one added, so that the unknown is gone.

    The first is zero, or the multiple is above zero.
    """
    by = -other.form.get(unknown, Fraction(0)) / one.form[unknown]
    keys = dict.fromkeys((*one.form, *other.form))
    form = {
        key: found
        for key in keys
        if (found := other.form.get(key, Fraction(0)) + by * one.form.get(key, Fraction(0)))
    }
    strict = other.strict or (one.strict and by != 0)
    return _Row(form, other.number + by * one.number, strict)


BOTH_SIDES = "left = right"  # the part that does not fit where each side has a shape by itself


@dataclass(frozen=True)
class Unequal:
    """The two words differ."""

    left: Expr
    right: Expr

    def __str__(self) -> str:
        return f"{self.left} ≠ {self.right}"


@dataclass(frozen=True)
class Equal:
    """The two words are the same."""

    left: Expr
    right: Expr

    def __str__(self) -> str:
        return f"{self.left} = {self.right}"


@dataclass(frozen=True)
class Distinct:
    """No word is drawn twice."""

    words: IndexedBase

    def __str__(self) -> str:
        return f"{self.words} distinct"


@dataclass(frozen=True)
class NotAmong:
    """The word is none of those drawn."""

    word: Expr
    words: IndexedBase

    def __str__(self) -> str:
        return f"{self.word} not among {self.words}"


Condition = Unequal | Equal | Distinct | NotAmong | OfData


@dataclass(frozen=True)
class Premise:
    """An equality that another one is claimed under; ``name`` says where it stands.

    ``of`` are the names of the variables that it is said to determine, none where it is assumed;
    ``assumed`` says that the words of the text do so.
    """

    name: str
    left: Term
    right: Term
    conditions: tuple[Condition, ...] = ()
    of: frozenset[str] = frozenset()
    assumed: bool = False


@dataclass(frozen=True)
class Consequence:
    """What a claim that is not true by itself may follow from.

    ``premises`` are equalities; ``solutions`` are claims that follow from them, each of a variable
    or its entries, in reading order. ``assumed`` are conditions that the text states, and
    ``assumed_at`` where. ``others`` are equalities that may restrict the same variables, if they
    are not true by themselves; ``open`` says that there are such which are not read.
    """

    premises: tuple[Premise, ...] = ()
    solutions: tuple[Claim, ...] = ()
    assumed: tuple[Condition, ...] = ()
    assumed_at: str = ""
    others: tuple[Claim, ...] = ()
    open: bool = False


@dataclass(frozen=True)
class Claim:
    """An equality: ``left = right`` for all sizes and all words that meet ``conditions``.

    ``place`` says where the document prints it; ``title`` says in words what it is about.
    ``names`` are the letters that were declared there. ``under`` is what it may follow from where
    it is not true by itself. ``determines`` names what it is a condition on: such a claim is none.
    """

    id: str
    part: str
    place: str
    title: str
    left: Term | Misfit
    right: Term | Misfit
    conditions: tuple[Condition, ...] = ()
    names: Names = field(default_factory=Names)
    under: Consequence | None = None
    determines: str = ""

    @property
    def well_typed(self) -> list[Term]:
        """The sides that have a meaning."""
        return well_typed(self.left, self.right)

    @cached_property
    def terms(self) -> tuple[Term, Term]:
        """Both sides; raises IllTyped where one has no meaning, or their shapes differ."""
        if self.misfit is not None:
            raise IllTyped(self.misfit.left, self.misfit.right)
        left, right = self.well_typed
        return left, right

    @cached_property
    def misfit(self) -> Misfit | None:
        """What does not fit: in a side, or one side and the other."""
        for side in (self.left, self.right):
            if isinstance(side, Misfit):
                return side
        left, right = (each.shape for each in self.well_typed)
        return None if left == right else Misfit(BOTH_SIDES, spelled(left), spelled(right))

    @cached_property
    def sides(self) -> Sides:
        """Both sides in index notation at the same indices.

        Raises IllTyped where the claim has a `misfit`, OutsideFragment for what index notation
        does not say.
        """
        said = (vars(condition).values() for condition in self.conditions)
        taken = frozenset[str]().union(*(symbol_names(part) for parts in said for part in parts))
        return sides(*self.terms, self.names, taken)


class Verdict(Enum):
    """What a judgement can say; only PROVED passes."""

    PROVED = "proved"
    REFUTED = "refuted"
    ILL_TYPED = "ill-typed"
    UNDECIDED = "undecided"
    NOT_READ = "not read"  # of a line that the reader refused: there is no claim to judge


# a line or claim with one of these is shown to be false, or without meaning
FALLEN = (Verdict.REFUTED, Verdict.ILL_TYPED)


@dataclass(frozen=True)
class Witness:
    """A counterexample: sizes, words and values, and both sides as certified intervals.

    The intervals are decimal strings; they do not meet.
    """

    sizes: dict[str, int]
    words: dict[str, int]
    values: dict[str, str]
    left: tuple[str, str]
    right: tuple[str, str]


@dataclass(frozen=True)
class Proof:
    """One argument that was carried out: its name, its outcome and what it covered."""

    name: str
    holds: bool
    detail: str
    instances: int = 0


@dataclass(frozen=True)
class Judgement:
    """The verdict on one claim with its evidence.

    ``difference`` is the left side less the right one of what is refuted, simplified, where that
    is short. ``disagreement`` says that two arguments contradict each other: an error of this
    program, and the claim is undecided. ``shown`` says what was shown where that is not the claim
    by itself, and ``premises`` has the names of those that were needed.
    """

    claim: Claim
    verdict: Verdict
    proofs: tuple[Proof, ...] = ()
    witness: Witness | None = None
    reason: str = ""
    seconds: float = 0.0
    disagreement: bool = False
    difference: str = ""
    shown: str = ""
    premises: tuple[str, ...] = ()

    @property
    def instances(self) -> int:
        """How many small instances were decided exactly."""
        return sum(proof.instances for proof in self.proofs)


Evidence = partial[Judgement]  # a judgement but for its claim: plain data

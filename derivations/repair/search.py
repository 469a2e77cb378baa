"""The search for repairs: edited lines in order, screened at random points, the judge last."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice
from random import Random
from time import monotonic, perf_counter

from flint import arb, ctx

from derivations.claim import FALLEN, Claim, Condition, Verdict
from derivations.indices import IndexSet
from derivations.language.direct import Direct
from derivations.language.traversal import parts, same
from derivations.language.tree import Misfit, Negative, Number, Plus, Quotient, Size, Term, Times
from derivations.language.unfit import bare, is_fit, literal
from derivations.proof.decide import Balls
from derivations.proof.domain import Key
from derivations.proof.evaluate import Instance, Places
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.instances import meets, signature_of
from derivations.proof.judge import Disagreement, judge
from derivations.proof.reductions import cases_by_sign, differences, merged
from derivations.reader.environment import Scope, calligraphic_names
from derivations.reader.equation import Equality, Line, elaborated, equated, fitted_to
from derivations.reader.source import Source, Unreadable
from derivations.reader.syntax import formula
from derivations.reader.unparser import both_sides
from derivations.repair.edits import Candidate, Stage, stages
from derivations.repair.operator import Surroundings

BITS = 192
MOST_DRAWN = 2000
MOST_WITHOUT = 8  # points at which the printed side has no value


@dataclass(frozen=True)
class Sizes:
    """From where to where the sizes of sets of labels, of windows, and of other sets are drawn.

    With ``few`` the labels of a point are taken from few of those there are: many coincide.
    """

    labels: tuple[int, int]
    windows: tuple[int, int]
    others: tuple[int, int]
    few: bool = False

    def drawn(self, scope: Scope, rng: Random) -> dict[str, int]:
        """A value for every declared size."""
        spaces = scope.spaces()
        result = {}
        for size in (each.body for each in scope.things.values()):
            if isinstance(size, Size):
                ends = [space for space in spaces if str(space.upper) == size.name]
                labels = any(space.labels for space in ends)
                window = any(space.symmetric for space in ends)
                bounds = self.labels if labels else self.windows if window else self.others
                result[size.name] = rng.randint(*bounds)
        return result


# the smallest sizes at which labels can differ, then some at which most things do; few sides get
# as far as the others, at which some labels coincide and some do not
SIZES = (
    Sizes(labels=(2, 2), windows=(1, 1), others=(1, 1)),
    Sizes(labels=(3, 3), windows=(1, 1), others=(2, 2)),
    *[Sizes(labels=(3, 4), windows=(1, 2), others=(2, 3), few=True)] * 6,
)


class Drawn(Balls):
    """Intervals around numbers that depend on a seed and on what they are the values of."""

    def __init__(self, seed: int) -> None:
        super().__init__({})
        self.seed = seed

    def parameter(self, key: Hashable) -> arb:
        if key not in self.values:
            rng = Random(f"{self.seed} {key}")
            self.values[key] = Fraction(rng.choice([n for n in range(-9, 10) if n]), 8)
        return self.constant(self.values[key])

    def log(self, value: arb) -> arb:
        if not value > 0:
            raise NoValue("the logarithm of a number that is not positive")
        return super().log(value)


@dataclass(frozen=True)
class Point:
    """An instance and a seed of numbers."""

    instance: Instance
    seed: int

    @cached_property
    def _direct(self) -> Direct[arb]:
        return Direct(self.instance, Drawn(self.seed))

    def values(self, side: Term) -> list[arb] | None:
        """All entries of a side, row by row; None where one has no real value here.

        Raises OutsideFragment for what has no values in numbers.
        """
        with ctx.workprec(BITS):
            try:
                return [entry for row in self._direct.value(side) for entry in row]
            except (NoValue, ZeroDivisionError):
                return None


def points(
    scope: Scope, conditions: tuple[Condition, ...], sizes: Sizes, seed: int
) -> Iterator[Point]:
    """Points that meet the conditions; none where such are too rare."""
    rng = Random(seed)
    number = 0
    for _ in range(MOST_DRAWN):
        instance = _drawn(scope, sizes, rng)
        if all(_meets(condition, instance) for condition in conditions):
            yield Point(instance, seed + number)
            number += 1


def _drawn(scope: Scope, sizes: Sizes, rng: Random) -> Instance:
    numbers = sizes.drawn(scope, rng)
    reader = Places(Instance(numbers, {}, {}))
    pools: dict[IndexSet, tuple[int, ...]] = {}

    def members(space: IndexSet) -> tuple[int, ...]:
        if space not in pools:
            found = reader.members(space.lower, space.upper, {})
            few = sizes.few and space.labels and len(found) > 1
            pools[space] = tuple(rng.sample(found, rng.randint(1, len(found)))) if few else found
        return pools[space]

    words: dict[Key, int] = {}
    free = (letter for letter in scope.letters.values() if members(letter.space))
    letters = {letter.name: rng.choice(members(letter.space)) for letter in free}
    for listed in (each for lists in scope.lists.values() for each in lists):
        for place in members(listed.places):
            words[listed.name, (place,)] = rng.choice(members(listed.values))
    return Instance(numbers, words, letters)


def _meets(condition: Condition, instance: Instance) -> bool:
    """Whether a condition holds; one about labels that were not drawn does not."""
    try:
        return meets(condition, instance)
    except OutsideFragment:
        return False


def apart(left: Iterable[arb], right: Iterable[arb]) -> bool:
    """Whether two sides are certain to differ."""
    pairs = zip(left, right, strict=True)
    return any(x.is_finite() and y.is_finite() and not x.overlaps(y) for x, y in pairs)


class Screen:
    """Compares sides under the conditions of a line at a few points, smaller ones first.

    ``printed`` is a side that has to have a value there. Values are remembered.
    """

    def __init__(
        self, scope: Scope, conditions: tuple[Condition, ...], printed: Term | None
    ) -> None:
        found = enumerate(SIZES)
        drawn = (points(scope, conditions, sizes, 100 * seed) for seed, sizes in found)
        self.points = [point for each in drawn for point in _with_value(each, printed)]
        self.known: dict[tuple[Term, int], list[arb] | None] = {}

    def may_be_equal(self, left: Term, right: Term) -> bool:
        """Whether no point tells two sides of one shape apart, and both have values at all."""
        return not any(self._told_apart(left, right, n) for n in range(len(self.points)))

    def vanishes(self, side: Term) -> bool:
        """Whether a side is zero as far as the points can tell."""
        try:
            values = [self._at(side, number) for number in range(len(self.points))]
        except OutsideFragment:
            return False
        zero = (each is not None and all(entry.contains(0) for entry in each) for each in values)
        return bool(values) and all(zero)

    def _told_apart(self, left: Term, right: Term, number: int) -> bool:
        try:
            one, other = self._at(left, number), self._at(right, number)
        except OutsideFragment:
            return False
        return one is None or other is None or apart(one, other)

    def _at(self, side: Term, number: int) -> list[arb] | None:
        key = (side, number)
        if key not in self.known:
            self.known[key] = self.points[number].values(side)
        return self.known[key]


def _with_value(found: Iterator[Point], side: Term | None) -> Iterator[Point]:
    """The first of a few points at which a side has a value."""
    tried = islice(found, MOST_WITHOUT)
    return islice((point for point in tried if side is None or _has_value(point, side)), 1)


def _has_value(point: Point, side: Term) -> bool:
    try:
        return point.values(side) is not None
    except OutsideFragment:
        return True


@dataclass(frozen=True)
class Suggestion:
    """A line that is proved, and what was changed to get it.

    ``latex`` is the new line, and ``equality`` and ``claim`` what that is read as. ``edits`` says
    in words what changed; ``before`` is the id of the line above whose repaired right side stands
    on the left, if one does.
    """

    latex: str
    equality: Equality
    edits: tuple[str, ...]
    claim: Claim
    before: str = ""


@dataclass(frozen=True)
class Before:
    """The repaired right side of the line above, which a line goes on from."""

    line: str
    term: Term


@dataclass(frozen=True)
class Budget:
    """Bounds on one search.

    ``read`` bounds the edited lines that are looked at, ``judged`` those that are given to the
    judge, ``found`` the suggestions. The counts are meant to bind first, so that a search ends
    in the same place everywhere; ``seconds`` is for lines that are very large.
    """

    read: int = 5_000
    judged: int = 200
    found: int = 3
    seconds: float = 20.0


@dataclass
class Spent:
    """What a search has used up so far."""

    budget: Budget
    progress: Callable[[Spent], None] = lambda spent: None
    read: int = 0
    judged: int = 0
    start: float = field(default_factory=monotonic)

    @property
    def over(self) -> bool:
        """Whether nothing more may be tried."""
        budget = self.budget
        late = monotonic() - self.start > budget.seconds
        return late or self.read >= budget.read or self.judged >= budget.judged

    def reading(self) -> None:
        """Count one edited line."""
        self.read += 1
        self.progress(self)


# what is taken away on one of two sides that are edited is not mended, nor what is put to both; a
# line with one name for another on both sides is another line
DROPPED = ("term dropped", "factor dropped", "denominator dropped")
MULTIPLIED = ("factor added", "doubled", "number changed", "fraction turned over")
RENAMED = {"name exchanged"}


def suggestions(
    line: Line,
    budget: Budget | None = None,
    before: Before | None = None,
    progress: Callable[[Spent], None] = lambda spent: None,
) -> list[Suggestion]:
    """Lines near ``line`` that are proved, those with the fewest edits first.

    With ``before``, what the line above should have ended in stands on the left first; only if
    nothing is found so is the left side taken as it is printed.
    """
    spent = Spent(budget or Budget(), progress)
    left, right = _printed(line.equality)
    if right is None:
        return []
    if _is_solved(line):
        left = line.standing.solves
    if before is not None:
        found = _Search(line, (before.term, right), spent, before.line).found()
        if found:
            return found
    return _Search(line, (left, right), spent).found() if left is not None else []


def _is_solved(line: Line) -> bool:
    """Whether the name in front was judged as another one, and not as what the line says it is."""
    return line.standing.solves is not None and line.claim.left == line.standing.solves


def _printed(equality: Equality) -> tuple[Term | None, Term | None]:
    """Both sides as they can be edited, whether they have a meaning or not."""
    sides = zip((equality.left, equality.right), equality.loose, strict=True)
    left, right = (loose if isinstance(value, Misfit) else value for value, loose in sides)
    return left, right


class _Search:
    """One search, from one left side."""

    def __init__(
        self, line: Line, sides: tuple[Term, Term], spent: Spent, before: str = ""
    ) -> None:
        self.line, self.sides, self.spent, self.before = line, sides, spent, before
        self.scope = line.equality.scope
        self.around = Surroundings(self.scope, sides)
        named = line.equality.left if _is_solved(line) else None
        self.itself = self.around.latex(named) if isinstance(named, Term) else ""
        whole = next((each for each in sides if is_fit(each)), None)
        self.screen = Screen(self.scope, line.equality.assumed, whole)

    def found(self) -> list[Suggestion]:
        """What the first stage that finds anything finds."""
        for stage in stages(self.around, left_is_right=bool(self.before)):
            found = self._stage(stage)
            if found or self.spent.over:
                return found
        return []

    def _stage(self, stage: Stage) -> list[Suggestion]:
        found: list[Suggestion] = []
        for candidate in stage():
            if self.spent.over or len(found) == self.spent.budget.found:
                break
            suggestion = self._tried(candidate)
            if suggestion is not None and suggestion.latex not in [each.latex for each in found]:
                found.append(suggestion)
        return found

    def _tried(self, candidate: Candidate) -> Suggestion | None:
        """The candidate if it is proved; the side that is edited least is looked at first."""
        left, right = candidate.left.term, candidate.right.term
        if not is_fit(left) or not is_fit(right):
            return None
        left, right = fitted_to(literal(left), right), fitted_to(literal(right), left)
        if left.shape != right.shape:
            return None
        self.spent.reading()
        if not self.screen.may_be_equal(left, right) or self._is_trivial(candidate, left, right):
            return None
        if candidate.left.edits and self.screen.vanishes(left):
            return None
        texts = both_sides(left, right, self.scope, self.line.equality.assumed)
        read = self._read_back(texts)
        if read is None:
            return None
        equality, claim = read
        self.spent.judged += 1
        both = bool(candidate.left.edits and candidate.right.edits)
        if not prefilter(claim) or (both and _is_one(claim)):
            return None
        if not _is_proved(claim):
            return None
        latex = self._as_printed(candidate, texts)
        return Suggestion(latex, equality, candidate.edits, claim, self.before)

    def _as_printed(self, candidate: Candidate, texts: tuple[str, str]) -> str:
        """The new line, a side that is left as it was in the words of the author."""
        line, (left, right) = self.line, texts
        if not candidate.left.edits and not self.before and not _is_solved(line):
            left = line.left or left
        if not candidate.right.edits:
            right = line.right
        return f"{left} = {right}"

    def _read_back(self, texts: tuple[str, str]) -> tuple[Equality, Claim] | None:
        """What the print of a candidate is read as; None where it is not."""
        old, assumed = self.line.claim, self.line.equality.assumed
        if texts[0] == self.itself:
            return None
        new = replace(old, id=f"{self.line.id} repaired", title=" = ".join(texts))
        try:
            own = calligraphic_names(self.scope)
            spans = [Source(text, known=own).whole for text in texts]
            sides = [elaborated(formula(span), self.scope) for span in spans]
            claim = equated(replace(new, conditions=assumed), *sides)
        except Unreadable:
            return None
        if claim.misfit is not None:
            return None
        return Equality(claim.left, claim.right, self.scope, claim.conditions), claim

    def _is_trivial(self, candidate: Candidate, left: Term, right: Term) -> bool:
        """One thing on both sides, what is wrong taken away or multiplied away, or `a - 0`."""
        if same(left, right):
            return True
        kinds = {candidate.left.kind, candidate.right.kind}
        if "" not in kinds and (
            kinds.intersection(DROPPED) or kinds.issubset(MULTIPLIED) or kinds == RENAMED
        ):
            return True
        pairs = zip(self.sides, (left, right), strict=True)
        return any(_detours(new) > _detours(old) for old, new in pairs)


def _detours(term: Term) -> int:
    """How often something is written that changes nothing: a zero added, a one multiplied by."""
    node = bare(term)
    own = 0
    match node:
        case Plus((first, Negative(Plus((second, Negative()))))):
            own = _is(1, first) and _is(1, second)  # 1 - (1 - x)
        case Plus(terms):
            own = sum(_is(0, each) for each in terms)
        case Times(left, right):
            own = _is(1, left) or _is(1, right)
        case Quotient(_, under):
            own = _is(1, under)
    return own + sum(map(_detours, parts(node)))


def _is(value: int, term: Term) -> bool:
    number = literal(term.of if isinstance(term, Negative) else term)
    return isinstance(number, Number) and number.value == value


def prefilter(claim: Claim) -> bool:
    """Whether the difference of the sides has the normal form zero, without which none is proved.

    The judge goes on to look for a counterexample, which no candidate needs.
    """
    try:
        claim, put = merged(claim)
        sides = signature_of(claim, put).sides
        cases = cases_by_sign(*sides, claim.conditions)
        return not any(differences(*sides, cases, claim.conditions))
    except OutsideFragment:
        return False


def _is_one(claim: Claim) -> bool:
    """Whether both sides are one in index notation: on both the same was put, or taken away."""
    return bool(claim.sides.left == claim.sides.right)


def _is_proved(claim: Claim) -> bool:
    try:
        return judge(claim).verdict is Verdict.PROVED
    except Disagreement:
        return False


@dataclass(frozen=True)
class Repair:
    """A line that does not hold, and what is suggested for it."""

    line: Line
    suggestions: tuple[Suggestion, ...]
    seconds: float


def repairs(
    lines: Sequence[Line],
    verdict: Callable[[Line], Verdict],
    budget: Budget | None = None,
    progress: Callable[[Spent], None] = lambda spent: None,
) -> Iterator[Repair]:
    """Suggestions for every line that is refuted or ill-typed, in order.

    Each is told of the repair of the line before it.
    """
    before: Before | None = None
    for line in lines:
        if line.from_start is None:
            before = None  # it begins a chain
        repaired = None
        if verdict(line) in FALLEN:
            start = perf_counter()
            found = tuple(suggestions(line, budget, before, progress))
            yield Repair(line, found, perf_counter() - start)
            repaired = ending(line, found)
        before = repaired


def ending(line: Line, found: Sequence[Suggestion]) -> Before | None:
    """What the line should have ended in, where that is something else."""
    if not found or same(found[0].equality.right, line.equality.right):
        return None
    right = found[0].equality.right
    assert isinstance(right, Term)
    return Before(line.id, right)

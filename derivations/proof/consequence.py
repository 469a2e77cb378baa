"""The verdict on a claim under premises: equalities that are conditions, and no claims.

A claim that is true by itself is proved as any other one. Where it is not, it is proved if

- solutions that are themselves proved to follow, put in, make it true;
- its difference is a multiple of that of a premise, solutions put in or not, or a linear
  combination of products of theirs with numbers, vectors and matrices that the equalities
  mention (`premise_multiplier.py`);
- it holds under the conditions that the text states.

It is refuted by numbers at which the premises that it has to do with hold, and it does not
(`premise_multiplier.py`), which is only tried where no other premise has to do with the unknowns.
Else it is undecided: an equality that is false as it stands may be one that follows.

Where a factor or an inverse is needed, it is one of a term that both equalities have; so what is
proved holds wherever their sides have values, as with every claim.

Terms that are not zero wherever an equality has a meaning are denominators that are written,
arguments of logarithms, what is declared to be above zero, and sizes of which there is at least
one. A factor of such a term is none either. Matrices that are inverted somewhere have an inverse
there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import combinations_with_replacement, islice, zip_longest
from time import process_time

from derivations.claim import (
    FALLEN,
    Between,
    Claim,
    Condition,
    Consequence,
    Judgement,
    OfData,
    Positive,
    Premise,
    Proof,
    Verdict,
    Witness,
)
from derivations.language.traversal import (
    Solved,
    binders,
    free_in,
    parts,
    same,
    solved,
    spoken_of,
    with_members,
    with_values,
)
from derivations.language.tree import (
    Apply,
    Call,
    Definition,
    Entry,
    Identity,
    IllTyped,
    IndexVariable,
    InnerProduct,
    Inverse,
    MatrixProduct,
    Negative,
    Number,
    Plus,
    Power,
    Quotient,
    Ranged,
    Reference,
    Size,
    Term,
    Times,
    Transpose,
    Variable,
    vector_axis,
)
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.premise_multiplier import (
    Asked,
    combination,
    counterexample,
    multiple,
    small_counterexample,
)

MOST = 10
Wrap = Callable[[Term], Term]
Bound = frozenset[IndexVariable | Variable]
NOTHING: Bound = frozenset()


def nonzero_in(terms: Iterable[Term], conditions: Iterable[Condition]) -> list[Term]:
    """Numbers that are not zero where all these terms have values, each once."""
    terms = list(terms)
    positive = {
        each.of.name
        for each in conditions
        if isinstance(each, Positive) or (isinstance(each, Between) and each.lower >= 0)
    }
    letters = list(free_in(*terms).indices)
    found = (each for term in terms for each in _numbers(term, positive, letters, NOTHING, _itself))
    return _once(found)[:MOST]


def inverses_in(terms: Iterable[Term]) -> list[Term]:
    """The inverses that are taken in some terms, each once."""
    return _once(each for term in terms for each in _inverses(term, NOTHING, _itself))[:MOST]


def _itself(term: Term) -> Term:
    return term


def _once(terms: Iterable[Term]) -> list[Term]:
    kept: list[Term] = []
    for term in terms:
        if not any(same(term, each) for each in kept):
            kept.append(term)
    return kept


def _numbers(
    term: Term,
    positive: set[str],
    letters: Sequence[IndexVariable],
    bound: Bound,
    wrap: Wrap,
) -> Iterator[Term]:
    for factor in _nonzero_factors(term, positive):
        if _is_free_of(factor, bound):
            yield wrap(factor)
    if isinstance(term, Ranged) and (term.lower, term.upper, term.where) == (None, None, ()):
        # what is not zero at any member of a set is not at the one that a letter names
        for factor in _numbers(term.body, positive, (), bound, wrap):
            for letter in letters:
                if letter.space == term.over.space and term.over in free_in(factor).indices:
                    yield with_members(factor, {term.over: letter})
    for part, inside, wrapped in _parts(term, bound, wrap):
        yield from _numbers(part, positive, letters, inside, wrapped)


def _inverses(term: Term, bound: Bound, wrap: Wrap) -> Iterator[Term]:
    if isinstance(term, Inverse) and _is_free_of(term, bound):
        yield wrap(term)
    for part, inside, wrapped in _parts(term, bound, wrap):
        yield from _inverses(part, inside, wrapped)


def _parts(term: Term, bound: Bound, wrap: Wrap) -> Iterator[tuple[Term, Bound, Wrap]]:
    """The parts of a term, and the body of a definition that it calls, at its arguments."""
    inside = bound.union(binders(term))
    for part in parts(term):
        yield part, inside, wrap
    if isinstance(term, Call):
        definition, arguments = term.definition, term.arguments
        if all(not isinstance(each, Term) or _is_free_of(each, bound) for each in arguments):

            def called(factor: Term) -> Term:
                free = free_in(factor)
                if not {*free.variables, *free.indices} & {*definition.parameters}:
                    return wrap(factor)
                one = Definition("a factor", definition.parameters, factor)
                return wrap(Call(one, arguments))

            yield definition.body, bound, called


def _is_free_of(term: Term, bound: Bound) -> bool:
    free = free_in(term)
    return not {*free.variables, *free.indices} & bound


def _nonzero_factors(term: Term, positive: set[str]) -> Iterator[Term]:
    match term:
        case Quotient(_, under) if not under.shape:
            yield from factors(under)
        case Power(base, exponent) if exponent < 0 and not base.shape:
            yield from factors(base)
        case Apply(function, of) if function.name == "log" and not of.shape:
            yield from factors(of)
        case Reference(variable) | Entry(Reference(variable)):
            if not term.shape and variable.name in positive:
                yield term
        case Size(_, least) if least > 0:
            yield term


def factors(term: Term) -> Iterator[Term]:
    """Factors of a number, without those that are written out."""
    match term:
        case Number():
            return
        case Negative(of):
            yield from factors(of)
        case Power(base):
            yield from factors(base)
        case Times(left, right):
            yield from factors(left)
            yield from factors(right)
        case Quotient(over, under):
            yield from factors(over)
            yield from factors(under)
        case Call(definition, ()):
            yield from factors(definition.body)
        case _:
            yield term


Plain = Callable[[Claim], Judgement]
FAILS = "where the premises hold"
MULTIPLE = "the difference of its sides is a multiple of that one's, which is not zero"
COMBINATION = "the difference of its sides is a combination of theirs"
PERHAPS = "may be a condition of it, and is not shown: declare it, or write it as - if $...$"
NOT_BY_ITSELF = "it is not true by itself, and it was not decided whether it follows from"
MOST_PUT_IN = 8
MOST_PRODUCTS = 120
MOST_SECONDS = 6  # of the processor's time, after which no more is begun


@dataclass(frozen=True)
class _Known:
    """What a variable is, where that comes from, and what it is called."""

    solved: Solved
    conditions: tuple[Condition, ...]
    premises: tuple[Premise, ...]
    said: str


@dataclass(frozen=True)
class _Given:
    """A difference that is zero, and where that comes from."""

    term: Term
    conditions: tuple[Condition, ...]
    premises: tuple[Premise, ...]
    said: str


def judged_under(claim: Claim, plain: Plain, again: Plain) -> Judgement:
    """The judgement on a claim that may follow from something.

    ``plain`` judges a claim by itself, ``again`` one with what it may follow from.
    """
    assert claim.under is not None
    found = plain(claim)
    if found.verdict in (Verdict.PROVED, Verdict.ILL_TYPED) or found.disagreement:
        return found
    under = _Under(claim, claim.under, plain, again)
    return under.judged(found) if under.follows_from else under.perhaps(found)


class _Under:
    """One claim, and what it may follow from."""

    def __init__(self, claim: Claim, under: Consequence, plain: Plain, again: Plain) -> None:
        self.claim, self.under, self.plain, self.again = claim, under, plain, again
        self.left, self.right = claim.terms
        self.own = solved(self.left, self.right)
        self.about = spoken_of(self.left, self.right)
        self.late = process_time() + MOST_SECONDS
        self.known = [
            *(each for each in map(_assumed_solution, under.premises) if each is not None),
            *(each for claim in under.solutions for each in _solution(claim, again)),
        ]

    def judged(self, found: Judgement) -> Judgement:
        """The judgement, where that of the claim by itself is ``found``."""
        try:
            for argument in (
                self._assumed,
                self._put_in,
                self._multiple,
                self._combination,
                self._counterexample,
            ):
                judgement = argument()
                if judgement is not None:
                    return judgement
        except (OutsideFragment, NoValue, ZeroDivisionError, IllTyped):
            pass
        names = [each.name for each in self.under.premises] or [self.under.assumed_at]
        reason = f"{NOT_BY_ITSELF} {_listed(names)}"
        return replace(found, verdict=Verdict.UNDECIDED, witness=None, reason=reason, difference="")

    @property
    def follows_from(self) -> bool:
        """Whether there is anything that the claim may follow from."""
        return bool(self.under.premises or self.under.assumed)

    def perhaps(self, found: Judgement) -> Judgement:
        """The judgement where nothing is a premise in so many words: false, or so under nothing."""
        mentioned = set(free_in(self.left, self.right).variables)
        if found.verdict is not Verdict.REFUTED:
            return found
        for other in self.under.others:
            said = all(map(same, other.terms, self.claim.terms))
            if not said and self._restricts(other, mentioned, ()):
                reason = f"false as it stands, but {other.title} {PERHAPS}"
                return replace(
                    found, verdict=Verdict.UNDECIDED, witness=None, reason=reason, difference=""
                )
        return found

    def _found(self, judgement: Judgement, shown: str, used: Sequence[Premise] = ()) -> Judgement:
        names = tuple(dict.fromkeys(each.name for each in used))
        found = replace(judgement, claim=self.claim, difference="")
        return replace(found, shown=shown, premises=names)

    def _assumed(self) -> Judgement | None:
        """The claim under conditions that the text states."""
        if not self.under.assumed:
            return None
        conditions = tuple(dict.fromkeys((*self.claim.conditions, *self.under.assumed)))
        judgement = self.plain(replace(self.claim, conditions=conditions))
        said = ", ".join(map(str, self.under.assumed))
        shown = f"judged under {said}, which the text says at {self.under.assumed_at}"
        alone = not self.under.premises
        if judgement.verdict is Verdict.PROVED or (judgement.verdict is Verdict.REFUTED and alone):
            return self._found(judgement, shown)
        return None

    def _put_in(self) -> Judgement | None:
        """The claim with all that is known of variables put in."""
        mentioned = set(free_in(self.left, self.right).variables)
        values = _in_order(self.known, mentioned)
        if not values:
            return None
        sides = [with_values(each, [known.solved for known in values]) for each in self.claim.terms]
        conditions = self._conditions(*(each.conditions for each in values))
        judgement = self.plain(self._claim(sides[0], sides[1], conditions))
        names = list(dict.fromkeys(each.said for each in values))
        shown = f"judged with {_listed(names)} put in"
        used = [premise for each in values for premise in each.premises]
        terms = [*self.claim.terms, *(each.solved.value for each in values)]
        if judgement.verdict is Verdict.PROVED:
            return self._found(judgement, shown, used)
        if judgement.verdict is Verdict.REFUTED and self._alone(used, terms):
            return self._found(judgement, shown, used)
        return None

    def _multiple(self) -> Judgement | None:
        """The difference of the sides as a multiple of one that is zero."""
        wanted = _difference(self.left, self.right)
        for given in self._given():
            terms = (self.left, self.right, given.term)
            conditions = self._conditions(given.conditions)
            nonzero = nonzero_in(terms, conditions)
            if process_time() > self.late:
                return None
            for term in _of_shape(given.term, wanted, inverses_in(terms)):
                found = multiple(wanted, term, nonzero, conditions)
                if found is None:
                    continue
                judgement = self.plain(self._claim(found.left, found.right, conditions))
                if judgement.verdict is Verdict.PROVED:
                    shown = f"it follows from {given.said}: {MULTIPLE}"
                    return self._found(judgement, shown, given.premises)
        return None

    def _combination(self) -> Judgement | None:
        """The difference of the sides as a linear combination of products with ones that are zero.

        The products have a value wherever both equalities do.
        """
        if process_time() > self.late:
            return None
        wanted = _difference(self.left, self.right)
        given = list(self._given())
        terms = (self.left, self.right, *(each.term for each in given))
        conditions = self._conditions(*(each.conditions for each in given))
        numbers, arrays = _multipliers(terms, conditions)
        of_each = (_products_of_shape(each.term, wanted, numbers, arrays) for each in given)
        in_turn = (zip(each, given, strict=True) for each in zip_longest(*of_each))
        found_in = ((product, each) for turn in in_turn for product, each in turn if product)
        products = list(islice(found_in, MOST_PRODUCTS))
        if not products:
            return None
        found = combination(wanted, [product for product, _ in products], conditions)
        used = [(by, *each) for by, each in zip(found or (), products, strict=False) if by]
        if not used:
            return None
        sum_of = Plus(tuple(Times(Number(by), product) for by, product, _ in used))
        judgement = self.plain(self._claim(wanted, sum_of, conditions))
        if judgement.verdict is not Verdict.PROVED:
            return None
        said = list(dict.fromkeys(each.said for _, _, each in used))
        premises = [premise for _, _, each in used for premise in each.premises]
        shown = f"it follows from {_listed(said)}: {COMBINATION}"
        return self._found(judgement, shown, premises)

    def _counterexample(self) -> Judgement | None:
        """Numbers at which premises hold, and the claim does not."""
        for given in self._given():
            if process_time() > self.late:
                return None
            terms = [self.left, self.right, given.term]
            if not self._alone(given.premises, terms) or free_in(*terms).functions:
                continue
            found = self._root_of(given)
            if found is not None:
                return self._fails(found, given.said)
        return self._small_counterexample()

    def _small_counterexample(self) -> Judgement | None:
        """Small numbers at which all premises hold, and the claim does not.

        Where one is an equation to solve, nobody says which of its solutions is meant.
        """
        premises = self.under.premises
        given = [_difference(each.left, each.right) for each in premises]
        terms = [self.left, self.right, *given]
        if not all(each.assumed for each in premises) or process_time() > self.late:
            return None
        if free_in(*terms).functions or not self._alone(premises, terms):
            return None
        conditions = self._conditions(*(each.conditions for each in premises))
        found = small_counterexample(self.left, self.right, given, conditions)
        return None if found is None else self._fails(found, _listed([p.name for p in premises]))

    def _fails(self, found: tuple[Witness, int], said: str) -> Judgement:
        witness, count = found
        proof = Proof(FAILS, False, f"{said} holds, and this does not", count)
        shown = f"at these numbers {said} holds, and this does not"
        return Judgement(self.claim, Verdict.REFUTED, (proof,), witness, shown=shown)

    def _root_of(self, given: _Given) -> tuple[Witness, int] | None:
        """Numbers at which a difference is zero, and the claim is false.

        Where nothing says what it determines, there have to be some for each variable that it
        may: from ``a c = b c`` it does not follow that a = b, as c may be zero, but who says so
        means the c that are not.
        """
        conditions = self._conditions(given.conditions)
        found: tuple[Witness, int] | None = None
        for variable in self._unknown(given):
            if _is_bound(variable, conditions):
                continue
            cleared = self._affine(given.term, variable, conditions)
            if cleared is None:
                continue
            names = frozenset({variable.name})
            asked = Asked(self.left, self.right, (given.term,), (cleared,), names, conditions)
            found = counterexample(asked)
            if found is None:
                return None
        return found

    def _unknown(self, given: _Given) -> list[Variable]:
        """The variables that a difference may determine."""
        free = free_in(given.term).variables
        said = {name for each in given.premises for name in each.of}
        if self.about is not None:
            known = self.about.name in said or not said
            return [self.about] if known and self.about in free else []
        put_in = {each.solved.variable.name for each in self.known}
        return [each for each in free if each.name in (said - put_in)] if said else list(free)

    def _affine(
        self, term: Term, variable: Variable, conditions: tuple[Condition, ...]
    ) -> Term | None:
        """The term times numbers that are not zero, where that is affine in the variable."""
        factors = [
            each for each in nonzero_in([term], conditions) if variable in free_in(each).variables
        ]
        for power in (0, 1, 2) if factors else (0,):
            cleared = (
                reduce(lambda one, f: Times(Power(f, power), one), factors, term) if power else term
            )
            one, other = (
                Variable(variable.shape, f"{place} {variable.name}")
                for place in ("first", "second")
            )
            half = Number(Fraction(1, 2))
            middle = Times(half, Plus((Reference(one), Reference(other))))
            ends = [
                with_values(cleared, [Solved(variable, Reference(each))]) for each in (one, other)
            ]
            twice = Times(Number(Fraction(2)), with_values(cleared, [Solved(variable, middle)]))
            if (
                self.plain(self._claim(Plus(tuple(ends)), twice, conditions)).verdict
                is Verdict.PROVED
            ):
                return cleared
        return None

    def _given(self) -> Iterator[_Given]:
        """The premises, the last one first, and each with what is known put in."""
        own = self.own.variable if self.own is not None else None
        known = [each for each in self.known if each.solved.variable is not own]
        for premise in reversed(self.under.premises):
            term = _difference(premise.left, premise.right)
            values = _in_order(known, set(free_in(term).variables))
            values = [each for each in values if premise not in each.premises]
            if values:
                put = with_values(term, [each.solved for each in values])
                conditions = (*premise.conditions, *(c for each in values for c in each.conditions))
                premises = (premise, *(one for each in values for one in each.premises))
                names = _listed(list(dict.fromkeys(each.said for each in values)))
                yield _Given(put, conditions, premises, f"{premise.name} with {names} put in")
            yield _Given(term, premise.conditions, (premise,), premise.name)
            turned = _turned_inverse(premise)
            if turned is not None:
                yield _Given(turned, premise.conditions, (premise,), premise.name)

    def _alone(self, used: Sequence[Premise], terms: Sequence[Term]) -> bool:
        """Whether other premises that have to do with the terms follow from these."""
        mentioned = set(free_in(*terms).variables)
        names = {each.name for each in mentioned}
        said = [each for each in self.under.assumed if isinstance(each, OfData)]
        if self.under.open or any(each.of.name in names for each in said):
            return False
        if any(self._restricts(other, mentioned, used) for other in self.under.others):
            return False
        return all(
            other in used
            or _is_about_others(other.left, other.right, mentioned)
            or self._follows(other.left, other.right, other.conditions, used)
            for other in self.under.premises
        )

    def _restricts(self, other: Claim, mentioned: set[Variable], used: Sequence[Premise]) -> bool:
        """Whether a line before may be a condition that has to do with the same variables."""
        left, right = other.terms
        if _is_about_others(left, right, mentioned):
            return False
        found = self.again(other).verdict
        if found is Verdict.PROVED or (other.under is not None and found in FALLEN):
            return False
        return not self._follows(left, right, other.conditions, used)

    def _follows(
        self,
        left: Term,
        right: Term,
        conditions: tuple[Condition, ...],
        used: Sequence[Premise],
    ) -> bool:
        claim = self._claim(left, right, conditions)
        under = Consequence(tuple(used))
        return self.again(replace(claim, under=under)).verdict is Verdict.PROVED

    def _conditions(self, *more: tuple[Condition, ...]) -> tuple[Condition, ...]:
        return tuple(dict.fromkeys((*self.claim.conditions, *(c for each in more for c in each))))

    def _claim(self, left: Term, right: Term, conditions: tuple[Condition, ...]) -> Claim:
        return replace(self.claim, left=left, right=right, conditions=conditions, under=None)


def _assumed_solution(premise: Premise) -> _Known | None:
    found = solved(premise.left, premise.right)
    if found is None or not isinstance(premise.left, Reference):
        return None  # of an entry it is said at its letter alone
    return _Known(found, premise.conditions, (premise,), premise.name)


def _solution(claim: Claim, again: Plain) -> Iterator[_Known]:
    """What is known from a claim that is proved to follow."""
    found = None if claim.misfit is not None else solved(*claim.terms)
    labels = any(letter.space.labels for letter in free_in(*claim.terms).indices)
    if found is None or labels or claim.under is None:
        return
    judgement = again(claim)
    if judgement.verdict is Verdict.PROVED and judgement.premises:
        used = [each for each in claim.under.premises if each.name in judgement.premises]
        yield _Known(found, claim.conditions, tuple(used), claim.id)


def _in_order(known: Sequence[_Known], mentioned: set[Variable]) -> list[_Known]:
    """Those of which something is mentioned, in the order that they are put in."""
    found: list[_Known] = []
    for each in (*known, *known):
        if each.solved.variable in mentioned:
            found.append(each)
            mentioned = mentioned - {each.solved.variable}
            mentioned |= set(free_in(each.solved.value).variables)
    return found[:MOST_PUT_IN]


def _turned_inverse(premise: Premise) -> Term | None:
    """The difference B A - I of a premise A B = I of square matrices, of which it is as true."""
    for product, one in ((premise.left, premise.right), (premise.right, premise.left)):
        if isinstance(product, MatrixProduct) and isinstance(one, Identity):
            square = product.left.shape == product.right.shape == one.shape
            if square:
                return _difference(MatrixProduct(product.right, product.left), one)
    return None


def _difference(left: Term, right: Term) -> Term:
    return Plus((left, Negative(right)))


def _is_about_others(left: Term, right: Term, mentioned: set[Variable]) -> bool:
    """Whether an equality is of variables, and of none of these; one of sizes is about all."""
    variables = set(free_in(left, right).variables)
    return bool(variables) and mentioned.isdisjoint(variables)


def _is_bound(variable: Variable, conditions: tuple[Condition, ...]) -> bool:
    """Whether more is said of a variable than between which numbers it is."""
    said = (each for each in conditions if isinstance(each, OfData))
    others = (each for each in said if not isinstance(each, Positive | Between))
    return any(each.of.name == variable.name for each in others)


def _of_shape(term: Term, wanted: Term, inverses: Sequence[Term]) -> Iterator[Term]:
    """The term in the shape of another one: itself, an entry, an invertible matrix times it."""
    shapes = [term, Transpose(term)] if len(term.shape) == 2 else [term]
    for each in shapes:
        if each.shape == wanted.shape:
            yield each
    axis = vector_axis(term.shape) if term.shape else None
    if not wanted.shape and axis is not None:
        for letter in free_in(wanted).indices:
            if letter.space == axis:
                yield Entry(term, (letter,))
    matrices = [*inverses, *(each.of for each in inverses if isinstance(each, Inverse))]
    for matrix in matrices if term.shape else ():
        for each in shapes:
            for left, right in ((matrix, each), (each, matrix)):
                try:
                    product = MatrixProduct(left, right)
                except IllTyped:
                    continue
                if product.shape == wanted.shape:
                    yield product


def _multipliers(
    terms: Sequence[Term], conditions: tuple[Condition, ...]
) -> tuple[list[Term], list[Term]]:
    """Numbers, and arrays with their transposes, that have values wherever these terms do."""
    variables = [Reference(each) for each in free_in(*terms).variables if each.over is None]
    below = [Power(each, -1) for each in nonzero_in(terms, conditions)]
    numbers = [*(each for each in variables if not each.shape), *below]
    arrays = [*(each for each in variables if each.shape), *inverses_in(terms)]
    return [*numbers], _once(one for each in arrays for one in (each, Transpose(each)))


def _products_of_shape(
    term: Term, wanted: Term, numbers: Sequence[Term], arrays: Sequence[Term]
) -> Iterator[Term]:
    """Products with a term that are of the shape of another one, those of few factors first."""
    letters = [*free_in(wanted).indices]
    if not term.shape and not wanted.shape:
        pairs = combinations_with_replacement(numbers, 2)
        yield from (Times(one, Times(other, term)) for one, other in pairs)
    zero = [term, *([Transpose(term)] if term.shape else [])]
    right = _products((each, one) for each in zero for one in arrays)
    left = _products((one, each) for each in zero for one in arrays)
    both = _products((one, each) for each in right for one in arrays)
    rights = _products((each, one) for each in right for one in arrays)
    lefts = _products((one, each) for each in left for one in arrays)
    for each in (*zero, *right, *left, *both, *rights, *lefts):
        if each.shape == wanted.shape:
            yield each
            yield from (Times(number, each) for number in numbers)
        if not wanted.shape:
            axis = vector_axis(each.shape) if each.shape else None
            yield from (Entry(each, (one,)) for one in letters if one.space == axis)
            yield from (InnerProduct(one, each) for one in arrays if one.shape == each.shape)


def _products(pairs: Iterable[tuple[Term, Term]]) -> list[Term]:
    return [found for pair in pairs if (found := _product(*pair)) is not None]


def _product(left: Term, right: Term) -> Term | None:
    """The product of two arrays that fit, or of a number and an array; None for others."""
    try:
        if left.shape and right.shape:
            return MatrixProduct(left, right)
        return Times(left, right) if left.shape or not right.shape else None
    except IllTyped:
        return None


def _listed(names: Sequence[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last

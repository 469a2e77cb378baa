"""Moments: expectations of polynomials in numbers and vectors that are drawn, by their degree."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from derivations.indices import IndexSet
from derivations.language.traversal import (
    Closed,
    abstracted,
    free_in,
    free_in_definition,
    parts,
    with_members,
)
from derivations.language.tree import (
    Call,
    Constant,
    Derivative,
    Entry,
    Entrywise,
    IndexVariable,
    InnerProduct,
    Mapped,
    MatrixProduct,
    Negative,
    Number,
    Plus,
    Power,
    Quotient,
    Reference,
    Row,
    Rows,
    Sum,
    Table,
    Target,
    Term,
    Times,
    Trace,
    Transpose,
    Variable,
    Zeros,
    vector_axis,
)
from derivations.reader.elaborate.constructs import COVARIANCES, DRAWN, EXPECTED, VARIANCES
from derivations.reader.elaborate.environment import Environment, fitted, resolve
from derivations.reader.elaborate.expectations import HALF, Normal, moments_in, normal_of
from derivations.reader.elaborate.intermediates import applied
from derivations.reader.scope import Drawn, Scope
from derivations.reader.source import Question, Unreadable
from derivations.reader.syntax import Group, Leaf, Node, Product, Relation, Script, written

# The degree of a term as a polynomial in the entries of a variable, as far as it can be seen.


Degrees = Mapping[Variable, int]


def _degree_in(variable: Variable, term: Term) -> int | None:
    """The degree, or a number above it; None where the term may be no polynomial."""
    return _degree(term, {variable: 1})


def _degree(term: Term, degrees: Degrees) -> int | None:
    if not any(each in degrees for each in free_in(term).variables):
        return 0
    match term:
        case Reference(variable):
            return degrees[variable]
        case Plus():
            return _most([_degree(part, degrees) for part in parts(term)])
        case Entry(of) | Negative(of) | Transpose(of) | Trace(of) | Constant(of) | Row(of):
            return _degree(of, degrees)
        case Sum(lower=None, upper=None) | Table() | Rows():
            return _degree(term.body, degrees)
        case (
            Times(left, right)
            | MatrixProduct(left, right)
            | Entrywise(left, right)
            | InnerProduct(left, right)
        ):
            return _sum(_degree(left, degrees), _degree(right, degrees))
        case Quotient(over, under) if _degree(under, degrees) == 0:
            return _degree(over, degrees)
        case Power(base, exponent) if exponent >= 0:
            inside = _degree(base, degrees)
            return None if inside is None else inside * exponent
        case Call(definition, arguments):
            inner = dict(degrees)
            for parameter, argument in zip(definition.parameters, arguments, strict=True):
                if isinstance(parameter, Variable) and isinstance(argument, Term):
                    own = _degree(argument, degrees)
                    if own is None:
                        return None
                    inner[parameter] = own
            return _degree(definition.body, {v: n for v, n in inner.items() if n})
        case Mapped(definition, of):
            (parameter,) = definition.parameters
            own = _degree(of, degrees)
            if own is None or any(v in degrees for v in free_in_definition(definition).variables):
                return None
            assert isinstance(parameter, Variable)
            return _degree(definition.body, {parameter: own} if own else {})
        case Derivative(of):  # by what it is a polynomial in as well
            return _degree(of, degrees)
    return None


def _most(found: list[int | None]) -> int | None:
    known = [each for each in found if each is not None]
    return max(known, default=0) if len(known) == len(found) else None


def _sum(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left + right


# Numbers and vectors that are drawn, and expectations of polynomials in them, by their moments.
#
# ``x \sim \mathcal{N}(\mu, \Sigma)`` says the mean and the covariance of x. Of a polynomial f of
# degree two or less the expectation is f(m) + tr(S f''(m)) / 2, whatever else is known of x: that
# is its Taylor series about the mean m, term by term. Of a normal x odd central moments are zero,
# so that it is that up to degree three, and of a number with f''''(m) v^2 / 8 more up to five, as
# the fourth central moment is 3 v^2 (J. K. Patel and C. B. Read, Handbook of the Normal
# Distribution, 2nd edition 1996, chapter 2). Of a y that is 0 or 1 it is (1 - p) f(0) + p f(1)
# for every f. Other expectations are integrals, which are not read.
#
# What several of these are beside one another is not said: where they stand in products it is asked
# whether they are independent of one another, and such a line can be proved and not refuted. Where
# the mean of one depends on another one, the expectation over the first is taken first.


_ONE = Number(Fraction(1))
_BERNOULLI = frozenset({"Bernoulli", "Bern", "Ber"})
_NORMAL_DEGREE, _NORMAL_NUMBER, _DEGREE = 3, 5, 2


def _poisson(rate: Term) -> tuple[Term, Term]:
    return rate, rate


def _exponential(rate: Term) -> tuple[Term, Term]:
    return Quotient(_ONE, rate), Quotient(_ONE, Power(rate, 2))


# distributions of a number with one parameter: mean and variance
_BY_ONE: Mapping[str, Callable[[Term], tuple[Term, Term]]] = {
    **dict.fromkeys(("Poisson", "Poi", "Pois"), _poisson),
    **dict.fromkeys(("Exp", "Exponential"), _exponential),
}


# What is drawn -----------------------------------------------------------------------------------


def with_drawn(relation: Node, here: Environment) -> Scope:
    """The scope in which what stands before ``\\sim`` is drawn from what stands behind."""
    if not isinstance(relation, Relation) or relation.signs != (DRAWN,):
        raise _unread(relation)
    left, right = relation.parts
    variable, drawn = _drawn(left, right, here)
    if here.questions:
        asked = here.questions[0]
        raise Unreadable(asked.place, asked.seen, asked.what, asked.advice)
    return replace(here.scope, random={**here.scope.random, variable: drawn})


def _drawn(left: Node, right: Node, here: Environment) -> tuple[Variable, Drawn]:
    """The variable that is drawn, and its moments."""
    of = resolve(left, here)
    moments = moments_in(right, here.scope)
    match of:
        case Reference(variable) if not variable.shape or vector_axis(variable.shape):
            if moments is not None:
                return variable, _of_normal(variable.shape, moments, right, here)
            if not variable.shape:
                return variable, _of_one_parameter(right, here)
        case Entry(Reference(variable), (IndexVariable() as letter,)) if moments is not None:
            normal = normal_of(moments, None, right, here)
            at = IndexVariable(letter.space, letter.name, letter.latex)
            mean, variance = (with_members(t, {letter: at}) for t in (normal.mean, normal.variance))
            return variable, Drawn(_as_table(variable.shape, at, mean), variance, at, normal=True)
    raise _unread(right)


def _as_table(shape: object, at: IndexVariable, entry: Term) -> Term:
    return Table((at, None) if shape == (at.space, None) else (None, at), entry)


def _of_normal(
    shape: tuple[IndexSet | None, ...], moments: tuple[Node, Node], whole: Node, here: Environment
) -> Drawn:
    space = vector_axis(shape) if shape else None  # type: ignore[arg-type]
    normal = normal_of(moments, space, whole, here)
    return Drawn(_shaped(normal, shape), normal.variance, normal.at, normal=True)


def _shaped(normal: Normal, shape: tuple[IndexSet | None, ...]) -> Term:
    """The mean in the shape of what is drawn: 0 is one of each entry."""
    if not shape or normal.mean.shape:
        return normal.mean
    if normal.mean == Number(Fraction(0)):
        return Zeros(shape)  # type: ignore[arg-type]
    return Constant(normal.mean, shape)  # type: ignore[arg-type]


def _of_one_parameter(node: Node, here: Environment) -> Drawn:
    """``\\text{Bernoulli}(p)`` and other distributions of a number."""
    if isinstance(node, Product) and len(node.factors) == 2 and not any(node.joins):
        name, group = node.factors
        only = group.content.only if isinstance(group, Group) and group.bracket == "(" else None
        called = _called(name)
        if only is not None and called in _BERNOULLI:
            chance = resolve(only, here)
            return Drawn(chance, Times(chance, Plus((_ONE, Negative(chance)))), None, bit=True)
        if only is not None and called in _BY_ONE:
            return Drawn(*_BY_ONE[called](resolve(only, here)), None)
    raise _unread(node)


def _called(node: Node) -> str:
    return node.text if isinstance(node, Leaf) and node.kind in ("WORD", "LETTER") else ""


def _unread(node: Node) -> Unreadable:
    what = "what is drawn, or from what, is not read"
    advice = (
        r"write draw x \sim \mathcal{N}(\mu, \sigma^2), of a declared number or vector, or"
        r" draw y \sim \text{Bernoulli}(p)"
    )
    return Unreadable(node.at, written(node), what, advice)


# Expectations ------------------------------------------------------------------------------------


def is_moment(node: Node, following: Node | None, here: Environment) -> bool:
    """Whether an expectation, a variance or a covariance of what is drawn so stands here."""
    base = node.base if isinstance(node, Script) else node
    name = _called(base)
    wanted = 1 if name == EXPECTED or name in VARIANCES else 2 if name in COVARIANCES else 0
    inside = following.base if isinstance(following, Script) else following
    if not wanted or not isinstance(inside, Group) or inside.bracket not in ("[", "(", r"\{"):
        return False
    if here.scope.declares(name):
        return False
    commas = {*inside.content.separators} <= {","}
    if not commas or len(inside.content.items) not in {1, wanted}:
        return False
    if not isinstance(node, Script):
        return bool(here.scope.random)
    alone = node.sub is not None and node.sup is None and not node.primes
    return alone and bool(_below(node, here))


def _below(node: Script, here: Environment) -> dict[Variable, Drawn]:
    """What is said to be drawn below the sign; nothing where some of it is no such thing."""
    assert node.sub is not None
    found: dict[Variable, Drawn] = {}
    for item in node.sub.items:
        if isinstance(item, Relation):
            left, *behind = item.parts
            if item.signs != (DRAWN,) or moments_in(behind[0], here.scope) is None:
                return {}
            try:
                variable, drawn = _drawn(left, behind[0], here)
            except Unreadable:
                return {}
            found[variable] = drawn
            continue
        thing = here.scope.things.get(written(item))
        body = thing.body if thing is not None and not thing.letters else None
        if not isinstance(body, Reference) or body.variable not in here.scope.random:
            return {}
        found[body.variable] = here.scope.random[body.variable]
    return found


def moment(node: Node, following: Group, whole: Node, here: Environment) -> Term:
    """The expectation, or the variance or covariance, of what stands in the brackets."""
    drawn = _below(node, here) if isinstance(node, Script) else dict(here.scope.random)
    base = node.base if isinstance(node, Script) else node
    values = [resolve(item, here) for item in following.content.items]
    taken = _Expected(drawn, whole, here)
    text = f"{written(whole)} is read by the moments of what is drawn"
    here.mention(text)
    if _called(base) == EXPECTED:
        return fitted(whole, lambda: taken.of(values[0]))
    if any(value.shape and vector_axis(value.shape) is None for value in values):
        raise Unreadable(whole.at, written(whole), "a covariance of matrices is not read")
    first, last = (_column(value) for value in (values[0], values[-1]))
    return fitted(whole, lambda: _covariance(first, last, taken))


def _column(value: Term) -> Term:
    return Transpose(value) if value.shape and value.shape[0] is None else value


def _covariance(first: Term, last: Term, taken: _Expected) -> Term:
    """The expectation of a product, less the product of the expectations."""

    def product(one: Term, other: Term) -> Term:
        if one.shape and other.shape:
            return MatrixProduct(one, Transpose(other))
        return Times(one, other)

    away = Negative(product(taken.of(first), taken.of(last)))
    return Plus((taken.of(product(first, last)), away))


@dataclass
class _Expected:
    """Expectations over some variables."""

    drawn: Mapping[Variable, Drawn]
    whole: Node
    here: Environment

    def of(self, term: Term) -> Term:
        """The expectation, of each term of a sum and of each entry."""
        match term:
            case Plus(parts):
                return Plus(tuple(self.of(part) for part in parts))
            case Negative(of):
                return Negative(self.of(of))
        own = self._in(term)
        if any(self._apart(*pair) for pair in combinations(own, 2)):
            names = " and ".join(each.latex for each in own)
            asked = f"are {names} independent of one another?"
            advice = "write what is expected of each"
            self.here.question(Question(self.whole.at, written(self.whole), asked, advice))
        while own:
            last = next((v for v in own if not any(v in self._means(w) for w in own)), own[0])
            term = self._over(last, term)  # and then what its moments depend on
            own = [each for each in self._in(term) if each != last]
        return term

    def _in(self, term: Term) -> list[Variable]:
        return [each for each in self.drawn if each in free_in(term).variables]

    def _apart(self, one: Variable, other: Variable) -> bool:
        """Whether nothing says what these are beside one another."""
        return one not in self._means(other) and other not in self._means(one)

    def _means(self, variable: Variable) -> Collection[Variable]:
        """The variables that the moments of one depend on."""
        drawn = self.drawn[variable]
        return free_in(drawn.mean, drawn.spread).variables

    def _over(self, variable: Variable, term: Term) -> Term:
        if term == Reference(variable):
            return self.drawn[variable].mean
        if not term.shape:
            return self._of_number(variable, term)
        axes = [None if axis is None else IndexVariable(axis, "") for axis in term.shape]
        row, column = axes
        at = tuple(axis for axis in axes if axis is not None)
        return Table((row, column), self._of_number(variable, Entry(term, at)))

    def _of_number(self, variable: Variable, term: Term) -> Term:
        drawn = self.drawn[variable]
        if drawn.bit:
            weigh = (Plus((_ONE, Negative(drawn.mean))), drawn.mean)
            ends = (self._at(variable, term, Number(Fraction(n))) for n in (0, 1))
            return Plus(tuple(Times(w, end) for w, end in zip(weigh, ends, strict=True)))
        degree = _degree_in(variable, term)
        most = _DEGREE
        if drawn.normal:
            most = _NORMAL_DEGREE if variable.shape else _NORMAL_NUMBER
        if degree is None or degree > most:
            what = "an expectation that is no polynomial of low degree in what is drawn"
            raise Unreadable(
                self.whole.at, written(self.whole), what, "integrals are not read: write it out"
            )
        middle = self._at(variable, term, drawn.mean)
        if degree < 2:
            return middle
        return Plus((middle, *self._spread(variable, term, drawn, degree)))

    def _spread(
        self, variable: Variable, term: Term, drawn: Drawn, degree: int
    ) -> tuple[Term, ...]:
        """What the variance adds."""
        space = vector_axis(variable.shape) if variable.shape else None
        whole = Reference(variable)
        if space is None:
            second = self._at(variable, _second_derivative(term, whole, whole), drawn.mean)
            found: Term = Times(HALF, Times(drawn.spread, second))
            if degree < 4:
                return (found,)
            fourth = _second_derivative(_second_derivative(term, whole, whole), whole, whole)
            eighth = Times(Number(Fraction(1, 8)), Power(drawn.spread, 2))
            return found, Times(eighth, self._at(variable, fourth, drawn.mean))
        i, j = IndexVariable(space, ""), IndexVariable(space, "")
        if drawn.at is not None:
            of_i = Entry(whole, (i,))
            second = self._at(variable, _second_derivative(term, of_i, of_i), drawn.mean)
            weight = with_members(drawn.spread, {drawn.at: i})
            return (Times(HALF, Sum(i, Times(weight, second))),)
        pair = _second_derivative(term, Entry(whole, (i,)), Entry(whole, (j,)))
        second = self._at(variable, pair, drawn.mean)
        return (Times(HALF, Sum(i, Sum(j, Times(Entry(drawn.spread, (i, j)), second)))),)

    def _at(self, variable: Variable, term: Term, value: Term) -> Term:
        text = written(self.whole)
        try:
            found = abstracted(term, Reference(variable), variable.name, variable.latex)
        except Closed:
            what = "a function taken entry by entry depends on what is drawn"
            raise Unreadable(self.whole.at, text, what) from None
        if found is None:
            return term
        return applied(*found, value, text, self.here.scope.names)


def _second_derivative(term: Term, one: Target, other: Target) -> Term:
    return Derivative(Derivative(term, one), other)

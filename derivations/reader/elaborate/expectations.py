"""Expectations, variances, divergences and entropies: sums, closed forms, moments.

Expectations of polynomials in what is drawn are read by their degree.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from derivations.claim import SumsTo
from derivations.indices import IndexSet
from derivations.language.functions import EXP, LOG
from derivations.language.index_form import size_term
from derivations.language.traversal import (
    Closed,
    abstracted,
    free_in,
    free_in_definition,
    parts,
    with_members,
)
from derivations.language.tree import (
    Apply,
    Call,
    Comparison,
    Constant,
    Definition,
    Derivative,
    Entry,
    Entrywise,
    IndexVariable,
    Indicator,
    InnerProduct,
    Inverse,
    Mapped,
    MatrixProduct,
    Negative,
    Number,
    Parameter,
    Pi,
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
from derivations.reader.elaborate.constructors import determinant, plus
from derivations.reader.elaborate.intermediates import applied
from derivations.reader.elaborate.probabilities import Probability, probability_here
from derivations.reader.elaborate.properties import inverse, sized
from derivations.reader.environment import (
    COVARIANCES,
    DIVERGENCES,
    DRAWN,
    ENTROPIES,
    EXPECTED,
    NORMALS,
    VARIANCES,
    Drawn,
    Environment,
    Function,
    Scope,
    fitted,
    is_unsized,
    letter_of,
    name_of,
    resolve,
)
from derivations.reader.source import Question, Unreadable
from derivations.reader.syntax import (
    Accented,
    Content,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    Terms,
    unspaced,
    written,
)

# Normal densities ``\mathcal{N}(x \mid \mu, \Sigma)``, and divergences of them, as formulas.
#
# Of a number x with the variance v it is exp(-(x - m)^2 / (2 v)) / sqrt(2 pi v), of a vector with
# the covariance S exp(-(x - m)^T S^{-1} (x - m) / 2) / sqrt((2 pi)^n det S). They are written out
# as exponentials of all of it, which have these values where v is above zero and S positive
# definite. The divergence of two of them is known in closed form, by their means and covariances
# (Kullback, Information Theory and Statistics, 1959, chapter 9, 1).


HALF = Number(Fraction(1, 2))


@dataclass(frozen=True)
class Density:
    """What a normal density is of, its mean and its variance."""

    of: tuple[Node, ...]
    mean: Node
    variance: Node


@dataclass(frozen=True)
class Normal:
    """A distribution of independent entries with variances, or of a vector with a covariance.

    ``space`` is that of the entries, None of a number; ``variances`` are at its letter ``at``.
    """

    mean: Term
    space: IndexSet | None
    at: IndexVariable | None
    variance: Term


def _is_normal(name: Node, scope: Scope) -> bool:
    """Whether this is the N of a normal distribution, and no function that is declared."""
    return isinstance(name, Leaf) and name.text in NORMALS and name.text not in scope.functions


def density_in(name: Node, following: Node | None, scope: Scope) -> Density | None:
    """The density that stands here: ``N(x | m, v)``, where N is no function that is declared.

    A list with a bar or a semicolon in it is no factor, where N is a size.
    """
    if not _is_normal(name, scope):
        return None
    if not isinstance(following, Group) or following.bracket != "(":
        return None
    if following.content.separators not in (("|", ","), (";", ",")):
        return None
    x, mean, variance = following.content.items
    return Density((x,), mean, variance)


def density(found: Density, whole: Node, here: Environment) -> Term:
    """The density, as an exponential."""
    here.mention(f"{written(whole)} is read as the density of a normal distribution")
    (of,) = found.of
    value = resolve(of, here)
    normal = normal_of((found.mean, found.variance), vector_axis(value.shape), whole, here)
    centred = plus([value, Negative(normal.mean)], whole, here)
    return fitted(
        whole, lambda: Apply(EXP, Negative(Times(HALF, _twice(centred, normal, whole, here))))
    )


def _twice(centred: Term, normal: Normal, whole: Node, here: Environment) -> Term:
    """Twice the negative logarithm of a density."""
    around = Apply(LOG, Times(Number(Fraction(2)), Pi()))
    space, at, variance = normal.space, normal.at, normal.variance
    if space is None or at is not None:
        entry = centred if at is None else Entry(centred, (at,))
        each = Plus((Quotient(Power(entry, 2), variance), Apply(LOG, variance), around))
        return each if at is None else Sum(at, each)
    squares = _squares(centred, variance, whole, here)
    return Plus(
        (squares, _log_determinant(variance, whole, here), Times(size_term(space.size), around))
    )


def _squares(centred: Term, variance: Term, whole: Node, here: Environment) -> Term:
    back = _inverse(variance, whole, here)
    return fitted(whole, lambda: MatrixProduct(MatrixProduct(Transpose(centred), back), centred))


def _inverse(variance: Term, whole: Node, here: Environment) -> Term:
    return variance.of if isinstance(variance, Inverse) else inverse(variance, whole, here)


def _log_determinant(variance: Term, whole: Node, here: Environment) -> Term:
    if isinstance(variance, Inverse):
        return Negative(Apply(LOG, determinant(variance.of, whole, here)))
    return Apply(LOG, determinant(variance, whole, here))


def normal_of(
    moments: tuple[Node, Node], space: IndexSet | None, whole: Node, here: Environment
) -> Normal:
    """A normal distribution; raises Unreadable where its variance does not fit what it is of."""
    mean, variance = moments
    middle, spread = resolve(mean, here), resolve(variance, here)
    if space is None:
        if spread.shape or is_unsized(spread) or middle.shape:
            raise _unfit(whole)
        if _is_name_alone(variance):
            what = f"is {written(variance)} the variance, or its root?"
            here.question(
                Question(variance.at, written(variance), what, "write s^2 for a variance")
            )
        return Normal(middle, None, None, spread)
    at = IndexVariable(space, "k", "k")
    if is_unsized(spread):
        return Normal(middle, space, at, Entry(sized(spread, space), (at, at)))
    match spread:
        case Table((row, column), Times(Indicator((Comparison(left, right),)), entry)) if (
            row is not None and {left, right} == {row, column} and row.space == space
        ):
            return Normal(middle, space, at, with_members(entry, {row: at}))
    if spread.shape != (space, space):
        raise _unfit(whole)
    return Normal(middle, space, None, spread)


def _is_name_alone(node: Node) -> bool:
    """Whether a variance is a name alone, which may be that of a standard deviation."""
    name = isinstance(node, Leaf | Accented) and getattr(node, "kind", "LETTER") != "NUMBER"
    return name or (isinstance(node, Script) and node.sup is None)


def _unfit(whole: Node) -> Unreadable:
    what = "a variance of a number, or a covariance matrix of a vector, is expected"
    return Unreadable(whole.at, written(whole), what, "write \\mathcal{N}(x; m, v I), or v")


def moments_in(node: Node, scope: Scope) -> tuple[Node, Node] | None:
    """Mean and variance of ``\\mathcal{N}(m, S)``, where nothing declares N."""
    if not isinstance(node, Product) or len(node.factors) != 2 or any(node.joins):
        return None
    name, group = node.factors
    if not _is_normal(name, scope) or not isinstance(group, Group) or group.bracket != "(":
        return None
    if group.content.separators == (",",):
        mean, variance = group.content.items
        return mean, variance
    found = density_in(name, group, scope)
    return (found.mean, found.variance) if found is not None else None


def _divergence_of_normals(
    first: tuple[Node, Node], second: tuple[Node, Node], whole: Node, here: Environment
) -> Term:
    """KL(p, q) = (sum of v/w + (m - n)^2/w - 1 + log w - log v) / 2, and with covariances."""
    here.mention(f"{written(whole)} is read as the divergence of normal distributions")
    shapes = (resolve(each, here).shape for pair in (first, second) for each in pair)
    space = next((axis for shape in shapes for axis in shape if axis is not None), None)
    p, q = (normal_of(each, space, whole, here) for each in (first, second))
    between = plus([p.mean, Negative(q.mean)], whole, here)
    if space is None or (p.at is not None and q.at is not None):
        v, w, entry = p.variance, q.variance, between
        if p.at is not None and q.at is not None:
            w = with_members(w, {q.at: p.at})
            entry = Entry(between, (p.at,)) if between.shape else between
        logs = (Apply(LOG, w), Negative(Apply(LOG, v)))
        quotient = Quotient(Plus((v, Power(entry, 2))), w)
        each = Plus((quotient, Number(Fraction(-1)), *logs))
        return fitted(whole, lambda: Times(HALF, each if p.at is None else Sum(p.at, each)))
    if not between.shape:
        raise _unfit(whole)
    one, other = _matrix(p), _matrix(q)
    back = _inverse(other, whole, here)
    dets = (_log_of_all(q, whole, here), Negative(_log_of_all(p, whole, here)))
    size = Negative(size_term(space.size))

    def formula() -> Term:
        squares = MatrixProduct(MatrixProduct(Transpose(between), back), between)
        return Times(HALF, Plus((Trace(MatrixProduct(back, one)), squares, size, *dets)))

    return fitted(whole, formula)


def _log_of_all(normal: Normal, whole: Node, here: Environment) -> Term:
    """The logarithm of the determinant of a covariance."""
    if normal.at is None:
        return _log_determinant(normal.variance, whole, here)
    return Sum(normal.at, Apply(LOG, normal.variance))


def _entropy_of_normal(moments: tuple[Node, Node], whole: Node, here: Environment) -> Term:
    """(n + n log 2 pi + log det S) / 2, and (1 + log 2 pi v) / 2 of a number."""
    here.mention(f"{written(whole)} is read as the entropy of a normal distribution")
    shapes = (resolve(each, here).shape for each in moments)
    space = next((axis for shape in shapes for axis in shape if axis is not None), None)
    normal = normal_of(moments, space, whole, here)
    each = Plus((Number(Fraction(1)), Apply(LOG, Times(Number(Fraction(2)), Pi()))))
    if space is None:
        return fitted(whole, lambda: Times(HALF, Plus((each, Apply(LOG, normal.variance)))))
    log = _log_of_all(normal, whole, here)
    return fitted(whole, lambda: Times(HALF, Plus((Times(size_term(space.size), each), log))))


def _matrix(normal: Normal) -> Term:
    """The covariance of a vector as a matrix."""
    if normal.at is None or normal.space is None:
        return normal.variance
    row, column = IndexVariable(normal.space, ""), IndexVariable(normal.space, "")
    there = Indicator((Comparison(row, column),))
    return Table((row, column), Times(there, with_members(normal.variance, {normal.at: row})))


# Expectations, divergences and entropies of distributions over finite sets, as the sums they are.
#
# ``\mathbb{E}_{a \sim \pi(\cdot | s)}[f]`` is read as ``\sum_a \pi(a | s) (f)``, and so on: a
# formula is written out as another one, and that one is read. They are sums of probabilities only
# where these add up to one. Where nothing says so no line that has one in it is refuted.


_ANY = "\\cdot"
HATS = frozenset({"hat", "widehat"})


def is_expectation(node: Node, following: Node | None, here: Environment) -> bool:
    """Whether ``\\mathbb{E}_{a \\sim p}[...]`` stands here, where no E is declared."""
    if not isinstance(node, Script) or node.sub is None:
        return False
    hat = isinstance(node.base, Accented) and node.base.mark in HATS
    if (
        letter_of(node.base.base if isinstance(node.base, Accented) and hat else node.base)
        != EXPECTED
    ):
        return False
    drawn = all(
        (isinstance(e, Relation) and e.signs == (DRAWN,))
        or (len(node.sub.items) == 1 and _probability(e, here) is not None)
        or _is_mean_over(node, here)
        for e in node.sub.items
    )
    inside = following.base if isinstance(following, Script) else following
    brackets = isinstance(inside, Group) and inside.bracket in ("[", "(", r"\{")
    return drawn and brackets and not here.scope.declares(EXPECTED)


def is_divergence(node: Node, following: Node | None, here: Environment) -> bool:
    """Whether ``D_{KL}(p \\| q)``, ``H(p)`` or ``H(p, q)`` stands here, undeclared."""
    name = unspaced(node)
    inside = following.base if isinstance(following, Script) else following
    if not isinstance(inside, Group) or inside.bracket not in ("(", "["):
        return False
    items = inside.content.items
    known = name in DIVERGENCES and len(items) == 2
    known = known or (name in ENTROPIES and len(items) in (1, 2))
    return known and not here.scope.declares(name_of(node))


def is_divergence_of_letters(node: Product, at: int) -> bool:
    """Whether ``KL(p || q)`` stands here, in plain letters: the bar tells it from a product."""
    letters = [each.text for each in node.factors[at : at + 2] if isinstance(each, Leaf)]
    following = node.factors[at + 2] if len(node.factors) > at + 2 else None
    bar = isinstance(following, Group) and following.content.separators == ("|",)
    return letters == ["K", "L"] and bar and not any(node.joins[at : at + 2])


def expectation(node: Script, following: Group, whole: Node, here: Environment) -> Term:
    """The sum over what is drawn, each value weighed by its probability."""
    assert node.sub is not None
    if following.content.only is None:
        raise Unreadable(following.at, written(whole), "an expectation of one thing is expected")
    if _is_mean_over(node, here):
        return _mean(node, following, here)
    factors: list[Node] = []
    for item in node.sub.items:
        letter, drawn_from = item.parts if isinstance(item, Relation) else (_first(item), item)
        if not letter_of(letter):
            raise Unreadable(item.at, written(item), "what is drawn is a letter", _FINITE)
        factors += [_sum_over(letter), *_weight(drawn_from, letter, here)]
    inside = Group(following.at, "(", following.content)
    here.mention(f"{written(node)} is read as the sum over all values, weighed by probabilities")
    return resolve(_product([*factors, inside]), here)


def _is_mean_over(node: Script, here: Environment) -> bool:
    """Whether only the letter of an index stands below: ``\\hat{\\mathbb{E}}_t[...]``."""
    only = node.sub.only if node.sub is not None else None
    return only is not None and letter_of(only) in here.scope.letters and node.sup is None


def _mean(node: Script, following: Group, here: Environment) -> Term:
    """The mean over all members of a finite set, as often is meant where no distribution stands."""
    assert node.sub is not None
    (letter,) = node.sub.items
    here.mention(f"{written(node)} is read as the mean over all {written(letter)}")
    asked = f"is this the mean over all {written(letter)}?"
    here.question(Question(node.at, written(node), asked, "write the sum, or the distribution"))
    inside = Group(following.at, "(", following.content)
    total = resolve(_product([_sum_over(letter), inside]), here)
    count = size_term(here.scope.letters[letter_of(letter)].space.size)
    return fitted(node, lambda: Quotient(total, count))


def divergence(node: Node, following: Group, here: Environment) -> Term:
    """KL(p, q) = sum p log(p/q), H(p) = -sum p log p, H(p, q) = -sum p log q."""
    items = following.content.items
    normal = [moments_in(each, here.scope) for each in items]
    if len(normal) == 2 and unspaced(node) in DIVERGENCES:
        first, second = normal
        if first is not None and second is not None:
            return _divergence_of_normals(first, second, _product([node, following]), here)
    if len(normal) == 1 and normal[0] is not None and unspaced(node) in ENTROPIES:
        return _entropy_of_normal(normal[0], _product([node, following]), here)
    letter = _letter_of_set(items, here)
    p, *more = (_weight(each, letter, here) for each in items)
    q = more[0] if more else p
    logarithm: Node = _product(q)
    if unspaced(node) in DIVERGENCES:
        over = Group(node.at, "(", Content(node.at, (_product(p),)))
        under = Group(node.at, "(", Content(node.at, (logarithm,)))
        logarithm = Product(node.at, (over, under), ("/",))
    log = Leaf(node.at, "FUNCTION", "log")
    inside = Group(node.at, "(", Content(node.at, (logarithm,)))
    total: Node = _product([_sum_over(letter), *p, log, inside])
    if unspaced(node) not in DIVERGENCES:
        total = Terms(node.at, ("-",), (total,))
    what = "the sum of p log(p/q)" if unspaced(node) in DIVERGENCES else "an entropy, a sum"
    if unspaced(node) in ENTROPIES and not all(_named(each, here)[1] for each in items):
        asked = "is this the entropy, by natural logarithms?"
        advice = "define H, or declare a distribution"
        here.question(Question(node.at, written(node), asked, advice))
    here.mention(f"{written(node)} is read as {what} over {written(letter)}")
    return resolve(total, here)


def _sum_over(letter: Node) -> Node:
    return Script(letter.at, Leaf(letter.at, "SUM", "\\sum"), Content(letter.at, (letter,)))


def _probability(node: Node, here: Environment) -> Probability | None:
    """The probability that nothing declares, where a side of something is one alone."""
    if not isinstance(node, Product) or len(node.factors) != 2 or any(node.joins):
        return None
    return probability_here(node.factors[0], node.factors[1], here)


def _first(node: Node) -> Node:
    """The first argument of a probability, which is what is drawn."""
    assert isinstance(node, Product)
    return _items(node.factors[1])[0]


def _product(factors: list[Node]) -> Product:
    return Product(factors[0].at, tuple(factors), ("",) * (len(factors) - 1))


_FINITE = (
    "declare a letter for the members of a finite set and a distribution, as in"
    " index x in X = 1..K and distribution p(x); or write out what is meant"
)


def _named(node: Node, here: Environment) -> tuple[Node, Function | None]:
    """The name of a distribution, and the function that it is."""
    name = node.factors[0] if isinstance(node, Product) else node
    return name, here.scope.functions.get(name_of(name))


def _weight(node: Node, letter: Node, here: Environment) -> list[Node]:
    """The factors that are the probability of a value: ``p(x)``, ``\\pi(a | s)``, ``p_x``."""
    name, function = _named(node, here)
    if _probability(node, here) is not None:
        return [node]
    if function is not None:
        if isinstance(node, Product) and len(node.factors) == 2:
            group = node.factors[1]
            drawn = [n for n, e in enumerate(_items(group)) if _is_any(e)]
            drawn = drawn or [n for n, e in enumerate(_items(group)) if _is_one(e, letter)]
            if isinstance(group, Group) and len(drawn) == 1:
                _require_probabilities(function, drawn[0], node, here)
                items = tuple(letter if _is_any(each) else each for each in group.content.items)
                content = Content(group.at, items, group.content.separators)
                return [name, Group(group.at, "(", content)]
        elif len(function.slots) == 1:
            _require_probabilities(function, 0, node, here)
            return [name, Group(node.at, "(", Content(node.at, (letter,)))]
        elif (given := _given_as_declared(function, node, letter)) is not None:
            _require_probabilities(function, 0, node, here)
            here.mention(f"{written(node)} is read as {written(_product([node, given]))}")
            return [node, given]
        what = "which of its arguments is drawn?"
        raise Unreadable(node.at, written(node), what, f"write {written(name)}(\\cdot | ...)")
    thing = here.scope.things.get(name_of(node))
    if thing is None or thing.letters or vector_axis(thing.body.shape) is None:
        raise _no_distribution(node)
    said = (each for each in here.scope.conditions if isinstance(each, SumsTo))
    body = thing.body
    known = isinstance(body, Reference) and any(
        each.of.name == body.variable.name and each.value == 1 for each in said
    )
    if not known:
        _ask(node, "if \\sum_k p_k = 1", here)
    return [Script(node.at, node, Content(node.at, (letter,)))]


def _given_as_declared(function: Function, node: Node, letter: Node) -> Group | None:
    """``(a | s)`` where a is drawn from a function that was declared of a, given s."""
    if len(function.slots) != 2 or not function.conditional or isinstance(node, Product):
        return None
    drawn, given = (slot.declared for slot in function.slots)
    if not isinstance(drawn, IndexVariable) or not isinstance(given, IndexVariable):
        return None
    if letter_of(letter) != drawn.latex or not given.latex:
        return None
    items = (letter, Leaf(node.at, "LETTER", given.latex))
    return Group(node.at, "(", Content(node.at, items, ("|",)))


def _is_one(node: Node, letter: Node) -> bool:
    """Whether this is the letter itself, as in ``y \\sim \\pi(y | x)``."""
    return bool(letter_of(node)) and letter_of(node) == letter_of(letter)


def _no_distribution(node: Node) -> Unreadable:
    what = "this is no distribution over a finite set"
    return Unreadable(node.at, written(node), what, _FINITE)


def _items(node: Node) -> tuple[Node, ...]:
    return node.content.items if isinstance(node, Group) else ()


def _is_any(node: Node) -> bool:
    return isinstance(node, Leaf) and node.text == _ANY


def _letter_of_set(items: tuple[Node, ...], here: Environment) -> Node:
    """The declared letter of the set that distributions are over, one that they do not mention."""
    for node in items:
        if _probability(node, here) is not None and letter_of(_first(node)):
            return _first(node)
        _, function = _named(node, here)
        if function is not None:
            first = function.slots[0].declared
            if isinstance(first, IndexVariable):
                return Leaf(node.at, "LETTER", first.latex or first.name)
        thing = here.scope.things.get(name_of(node))
        space = vector_axis(thing.body.shape) if thing is not None else None
        for letter, variable in here.scope.letters.items():
            if space is not None and variable.space == space:
                return Leaf(node.at, "LETTER", letter)
    node = items[0]
    raise _no_distribution(node)


def _require_probabilities(function: Function, drawn: int, node: Node, here: Environment) -> None:
    """Ask, where nothing shows that the values of a function add up to one over an argument."""
    meaning, slot = function.meaning, function.slots[drawn] if drawn < len(function.slots) else None
    place = slot.parameter if slot is not None else None
    own = meaning.parameters[len(function.implicit) :]
    letter = own[place] if place is not None else None
    if not isinstance(meaning, Definition) or not _adds_up(meaning, letter):
        _ask(node, f"distribution {function.name}(...)", here)


def _adds_up(definition: Definition, letter: Parameter | None) -> bool:
    """Whether a definition is something over the sum of it over one of its letters."""
    match definition.body, letter:
        case Quotient(over, Sum(bound, summand, None, None, ())), IndexVariable():
            return letter.space == bound.space and with_members(over, {letter: bound}) == summand
    return False


def _ask(node: Node, advice: str, here: Environment) -> None:
    what = "nothing says that these probabilities add up to one"
    here.question(Question(node.at, written(node), what, f"declare {advice}"))


# Variances and covariances, as the expectations that they are.
#
# ``\operatorname{Var}_{a \sim p}[f]`` is read as the expectation, over the same a, of the square
# of f away from its expectation, a covariance as that of the product. With the letter of an index
# alone below, they are means over all its members, which is asked there.


def is_variance(node: Node, following: Node | None, here: Environment) -> bool:
    """Whether a variance, or a covariance, stands here, where nothing else is called so."""
    base = node.base if isinstance(node, Script) else node
    name = base.text if isinstance(base, Leaf) and base.kind in ("WORD", "LETTER") else ""
    inside = following.base if isinstance(following, Script) else following
    if not isinstance(inside, Group) or inside.bracket not in ("[", "(", r"\{"):
        return False
    if here.scope.declares(name):
        return False
    wanted = 1 if name in VARIANCES else 2 if name in COVARIANCES else 0
    if len(inside.content.items) != wanted or {*inside.content.separators} - {","}:
        return False
    return (
        isinstance(node, Script)
        and node.sub is not None
        and node.sup is None
        and is_expectation(_mean_sign(node), inside, here)
    )


def variance(node: Script, following: Group, whole: Node, here: Environment) -> Term:
    """The expectation of the product of what its one or two arguments are away from theirs."""
    items = following.content.items
    away = [_away(node, item) for item in items]
    product = Product(node.at, (away[0], away[-1]), ("",))
    inside = Group(following.at, "(", Content(following.at, (product,)))
    here.mention(f"{written(node)} is read by what is away from the expectation")
    return expectation(_mean_sign(node), inside, whole, here)


def _mean_sign(node: Script) -> Script:
    """The expectation over the same."""
    return Script(node.at, Leaf(node.at, "LETTER", EXPECTED), node.sub)


def _away(node: Script, item: Node) -> Node:
    """What is away from its expectation, in parentheses."""
    inside = Group(item.at, "(", Content(item.at, (item,)))
    mean = Product(item.at, (_mean_sign(node), inside), ("",))
    return Group(item.at, "(", Content(item.at, (Terms(item.at, ("+", "-"), (inside, mean)),)))


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

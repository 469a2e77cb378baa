"""Normal densities ``\\mathcal{N}(x \\mid \\mu, \\Sigma)``, and divergences of them, as formulas.

Of a number x with the variance v it is exp(-(x - m)^2 / (2 v)) / sqrt(2 pi v), of a vector with the
covariance S exp(-(x - m)^T S^{-1} (x - m) / 2) / sqrt((2 pi)^n det S). They are written out as
exponentials of all of it, which have these values where v is above zero and S positive definite.
The divergence of two of them is known in closed form, by their means and covariances
(Kullback, Information Theory and Statistics, 1959, chapter 9, 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derivations.indices import IndexSet
from derivations.language.functions import EXP, LOG
from derivations.language.traversal import with_members
from derivations.language.tree import (
    Apply,
    Comparison,
    Entry,
    IndexVariable,
    Indicator,
    Inverse,
    MatrixProduct,
    Negative,
    Number,
    Pi,
    Plus,
    Power,
    Quotient,
    Sum,
    Table,
    Term,
    Times,
    Trace,
    Transpose,
    vector_axis,
)
from derivations.reader.elaborate.arithmetic import plus
from derivations.reader.elaborate.environment import Environment, fitted, resolve
from derivations.reader.elaborate.indexing import size_term
from derivations.reader.elaborate.invertible import inverse
from derivations.reader.elaborate.matrix_functions import determinant
from derivations.reader.elaborate.unsized import is_unsized, sized
from derivations.reader.problem import Question, Unreadable
from derivations.reader.scope import Scope
from derivations.reader.syntax import Accented, Group, Leaf, Node, Product, Script
from derivations.reader.written import written

NORMAL = "N"
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


def density_in(name: Node, following: Node | None, scope: Scope) -> Density | None:
    """The density that stands here: ``N(x | m, v)``, where N is no function that is declared.

    A list with a bar or a semicolon in it is no factor, where N is a size.
    """
    if not isinstance(name, Leaf) or name.text != NORMAL or NORMAL in scope.functions:
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
        if _is_bare(variance):
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


def _is_bare(node: Node) -> bool:
    """Whether a variance is a name alone, which may be that of a standard deviation."""
    name = isinstance(node, Leaf | Accented) and getattr(node, "kind", "LETTER") != "NUMBER"
    return name or (isinstance(node, Script) and node.sup is None)


def _unfit(whole: Node) -> Unreadable:
    what = "a variance of a number, or a covariance matrix of a vector, is expected"
    return Unreadable(whole.at, written(whole), what, "write \\mathcal{N}(x; m, v I), or v")


# Divergences -------------------------------------------------------------------------------------


def moments_in(node: Node, scope: Scope) -> tuple[Node, Node] | None:
    """Mean and variance of ``\\mathcal{N}(m, S)``, where nothing declares N."""
    if not isinstance(node, Product) or len(node.factors) != 2 or any(node.joins):
        return None
    name, group = node.factors
    if not isinstance(name, Leaf) or name.text != NORMAL or not isinstance(group, Group):
        return None
    if NORMAL in scope.functions or group.bracket != "(":
        return None
    if group.content.separators == (",",):
        mean, variance = group.content.items
        return mean, variance
    found = density_in(name, group, scope)
    return (found.mean, found.variance) if found is not None else None


def divergence_of_normals(
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


def entropy_of_normal(moments: tuple[Node, Node], whole: Node, here: Environment) -> Term:
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

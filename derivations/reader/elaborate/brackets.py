"""Sums of terms, fractions, brackets, and matrices written with dots."""

from __future__ import annotations

from collections.abc import Sequence

from derivations.language.tree import IndexVariable, Negative, Rows, Table, Term, Transpose
from derivations.reader.elaborate import arithmetic, derivatives
from derivations.reader.elaborate.applications import derivative_at, function_of, takes_a_number
from derivations.reader.elaborate.dots import (
    MOST_SHOWN,
    PLACE,
    Pattern,
    dotted,
    is_dots,
    pattern,
    space_of,
)
from derivations.reader.elaborate.environment import (
    Environment,
    fitted,
    ill_formed,
    resolve,
    shape_of,
)
from derivations.reader.elaborate.identifiers import evaluated_where
from derivations.reader.elaborate.indexing import indicator, size_term, space_named
from derivations.reader.elaborate.operators import is_sum
from derivations.reader.elaborate.spelling import name_of
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Function
from derivations.reader.syntax import (
    EVALUATED,
    Content,
    Fraction,
    Group,
    Matrix,
    Node,
    Product,
    Relation,
    Terms,
)
from derivations.reader.vocabulary import VOCABULARY
from derivations.reader.written import written


@resolve.register
def _terms(node: Terms, here: Environment) -> Term:
    node = _with_signed_summands(node, here)
    run = dotted(node, here) if any(map(is_dots, node.parts)) else None
    parts = []
    for number, (sign, part) in enumerate(zip(node.signs, node.parts, strict=True)):
        if run is not None and run.start < number < run.end:
            continue
        value = run.value if run is not None and number == run.start else resolve(part, here)
        parts.append(Negative(value, at=value.at) if sign == "-" else value)
    return parts[0] if len(parts) == 1 else arithmetic.plus(parts, node, here)


def _with_signed_summands(node: Terms, here: Environment) -> Terms:
    """``\\sum_i -x_i`` as the sum of ``(-x_i)``: the minus stands where its operand begins."""
    signs: list[str] = []
    parts: list[Node] = []
    for sign, part in zip(node.signs, node.parts, strict=True):
        before = parts[-1] if parts else None
        factors = before.factors if isinstance(before, Product) else (before,)
        last = factors[-1]
        if sign != "-" or last is None or before is None or not is_sum(last):
            signs.append(sign)
            parts.append(part)
            continue
        inside = Group(part.at, "(", Content(part.at, (Terms(part.at, ("-",), (part,)),)))
        joins = before.joins if isinstance(before, Product) else ()
        kept = tuple(each for each in factors if each is not None)
        parts[-1] = Product(before.at, (*kept, inside), (*joins, ""))
        here.note(f"{written(last)} is read to reach over -{written(part)}")
    return Terms(node.at, tuple(signs), tuple(parts)) if len(parts) < len(node.parts) else node


@resolve.register
def _fraction(node: Fraction, here: Environment) -> Term:
    found = derivatives.quotient(node, here)
    if found is not None:
        inside, by = found
        function = function_of(inside, here)
        if isinstance(function, Function) and takes_a_number(function):
            here.note(
                f"{written(inside)} below \\partial is read as {written(inside)} of {written(by)}"
            )
            at, _ = derivatives.variable(by, here)
            return derivative_at(function, at, node, here)
        value = resolve(inside, here.inside(node))
        return derivatives.differentiated(value, by, node, here, inside)
    if derivatives.operator(node, here) is not None:
        raise Unreadable(node.at, written(node), "of what?", "its operand is missing")
    return arithmetic.over(resolve(node.over, here), resolve(node.under, here), node, here)


@resolve.register
def _group(node: Group, here: Environment) -> Term:
    inside = node.content.only
    if node.bracket == "<":
        return _inner(node, here)
    if inside is None:
        what, advice = "a list where one thing is expected", "define a function with its arguments"
        raise Unreadable(node.at, written(node), what, advice)
    if node.bracket == "|":
        name = name_of(inside)
        if name in VOCABULARY and name in here.scope.things and name not in here.scope.sets:
            what, advice = "a determinant, or a size?", "write the size by its name"
            raise Unreadable(node.at, written(node), what, advice)
        size = size_term(space_named(inside, here).size)
        return fitted(node, lambda: size)
    if node.bracket == r"\|":
        advice = r"write \lVert v \rVert^2"
        raise Unreadable(node.at, written(node), "only squares of norms are read", advice)
    if node.bracket == EVALUATED:
        raise evaluated_where(node)
    if isinstance(inside, Relation):
        return _bracketed(node, here)
    return resolve(inside, here)


def _bracketed(node: Group, here: Environment) -> Term:
    """``[w = o]``, Iverson's bracket; a condition in parentheses stands at the end of a side."""
    if node.bracket != "[":
        advice = "a condition stands at the end of a side; an indicator is [w = o]"
        raise Unreadable(node.at, written(node), "a relation where a number is expected", advice)
    here.note(f"{written(node)} is read as one where it holds, else zero")
    return indicator(node.content, here)


def _inner(node: Group, here: Environment) -> Term:
    if len(node.content.items) != 2:
        raise Unreadable(node.at, written(node), "an inner product takes two vectors")
    left, right = (resolve(item, here) for item in node.content.items)
    return arithmetic.inner(left, right, node, here)


# Matrices written column by column, or row by row, with dots -------------------------------------


@resolve.register
def _matrix(node: Matrix, here: Environment) -> Term:
    one_row = len(node.rows) == 1
    cells = node.rows[0] if one_row else tuple(row[0] for row in node.rows)
    if any(len(row) != 1 for row in node.rows) and not one_row:
        advice = "one row of columns, or one column of rows, with dots"
        raise Unreadable(node.at, written(node), "this matrix is not read", advice)
    if len(cells) == 1 and not is_dots(cells[0]):
        return resolve(cells[0], here)
    family = _family(cells, node)
    variable = IndexVariable(space_of(family, here, node), "")
    body = resolve(family.instance, here.under(node, PLACE, variable))
    return _laid(body, variable, one_row, node)


def _laid(body: Term, variable: IndexVariable, one_row: bool, node: Matrix) -> Term:
    if not body.shape:
        axes = (None, variable) if one_row else (variable, None)
        return fitted(node, lambda: Table(axes, body))
    row, column = body.shape
    if one_row and column is None:
        return fitted(node, lambda: Rows(variable, body, as_columns=True))
    if not one_row and row is None:
        return fitted(node, lambda: Rows(variable, Transpose(body)))
    cells = f"cells of shape {shape_of(body)}"
    raise ill_formed(node, cells, "side by side" if one_row else "stacked")


def _family(cells: Sequence[Node], node: Matrix) -> Pattern:
    """What the cells have in common: ``f(1), f(2), ..., f(N)``."""
    at = [i for i, cell in enumerate(cells) if is_dots(cell)]
    if at != [len(cells) - 2] or not 1 <= at[0] <= MOST_SHOWN:
        advice = "write its first entries, \\dots, and its last"
        raise Unreadable(node.at, written(node), "this matrix is not read", advice)
    return pattern(cells[: at[0]], cells[-1], node)

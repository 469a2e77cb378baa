"""Gradients that touch few rows: a sum over deltas of the row index, kept row-sparse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Add, Expr, KroneckerDelta, Mul, Sum

from codegen.arrays.computed_nodes import RowTerm
from codegen.arrays.nodes import Column, LoweringError, Node, Repeated
from codegen.lower.contractions import contracted
from codegen.lower.delta_sums import depends, entered, opened, summed
from derivations.indices import Index
from derivations.language.index_nodes import Defined

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


Term = tuple[list[Index], list[Expr]]


def row_sums(
    expression: Expr, row: Index, lowering: Lowering, *, wide: bool = True
) -> tuple[RowTerm, ...] | None:
    """Words, numbers and rows of each term, or None if not every term is at one word.

    Sum over k of delta(n[k], x) f(k): row f(k) falls on the word n[k], for every k, and what
    falls on the same word is added. Where f(k) is a number times a row that is the same for
    every k, the two are left apart. A row that is not ``wide`` is one number: an axis of length
    one here.
    """
    terms = _terms(expression, row)
    if not all(any(_word(factor, row) for factor in factors) for _, factors in terms):
        return None
    return tuple(_part(indices, factors, row, lowering, wide=wide) for indices, factors in terms)


def row_totals(expression: Expr, row: Index, lowering: Lowering) -> tuple[Node, Node]:
    """Words and numbers for the sum over k of delta(n[k], x) f(k), f(k) a number."""
    terms = _terms(expression, row)
    if len(terms) != 1 or not any(_word(factor, row) for factor in terms[0][1]):
        raise LoweringError(f"{expression} is not one sum of numbers at words")
    words, inner, factors = _at_words(*terms[0], row, lowering)
    whole = summed(factors, inner)
    if isinstance(whole, Sum):
        numbers = contracted(*opened(whole, lowering), lowering)
    else:
        numbers = lowering.lower(whole)
    if numbers.axes != words.axes:
        raise LoweringError(f"{numbers} has axes {numbers.axes}, not those of {words}")
    return words, numbers


def _terms(expression: Expr, row: Index) -> list[Term]:
    """The expression as a sum of sums of products, multiplied out where a delta needs it."""
    if isinstance(expression, Add):
        return [term for part in expression.args for term in _terms(part, row)]
    if isinstance(expression, Sum):
        bound = [limit[0] for limit in expression.limits]
        inner = _terms(expression.function, row)
        return [(bound + indices, factors) for indices, factors in inner]
    factors = [_spelled_out(factor, row) for factor in Mul.make_args(expression)]
    for factor in factors:
        if isinstance(factor, Add | Sum) and _mentions(factor, row):
            others = [other for other in factors if other is not factor]
            inner = _terms(factor, row)
            for indices, _ in inner:
                if any(depends(other, indices) for other in others):
                    raise LoweringError(f"{indices} is bound and free in {expression}")
            return [(indices, parts + others) for indices, parts in inner]
    return [([], factors)]


def _part(
    indices: list[Index], factors: list[Expr], row: Index, lowering: Lowering, *, wide: bool
) -> RowTerm:
    """The words of one term, and the rows that fall on them."""
    words, inner, factors = _at_words(indices, factors, row, lowering)
    split = _weighted(factors, words, lowering) if wide and not inner else None
    if split is not None:
        numbers, rows = split
        return RowTerm(words, numbers, rows)
    rows = lowering.lower(summed(factors, inner))
    axes = (*words.axes, *(axis for axis in rows.axes if axis not in words.axes))
    rows = Repeated(rows, axes)
    return RowTerm(words, None, rows if wide else Column(rows, axes))


def _at_words(
    indices: list[Index], factors: list[Expr], row: Index, lowering: Lowering
) -> tuple[Node, list[Index], list[Expr]]:
    """The words of one term; the indices that are summed at each word, and the factors."""
    delta = next(factor for factor in factors if _word(factor, row))
    word = _word(delta, row)
    assert word is not None
    factors = [factor for factor in factors if factor is not delta]
    if any(depends(factor, [row]) for factor in factors):
        raise LoweringError(f"{factors} depends on the row {row} beside {delta}")
    words = lowering.place(word)
    for index in words.axes:
        factors = entered(factors, index, lowering) if index in indices else factors
    return words, [index for index in indices if index not in words.axes], factors


def _weighted(factors: list[Expr], words: Node, lowering: Lowering) -> tuple[Node, Node] | None:
    """A number for each word, and rows for the places along the leading axes of the words."""
    running = {factor: lowering.axes.running(factor) for factor in factors}
    inside = [factor for factor in factors if running[factor] <= set(words.axes)]
    rest = [factor for factor in factors if factor not in inside]
    if not inside or not rest:
        return None
    numbers, rows = lowering.lower(Mul(*inside)), lowering.lower(Mul(*rest))
    lead = rows.axes[:-1]
    if lead != words.axes[: len(lead)] or rows.axes[-1] in words.axes:
        return None
    return Repeated(numbers, words.axes), rows


def _word(factor: Expr, row: Index) -> Expr | None:
    """The word that a delta compares the row with."""
    if isinstance(factor, KroneckerDelta) and row in factor.args:
        return factor.args[1] if factor.args[0] == row else factor.args[0]
    return None


def _spelled_out(factor: Expr, row: Index) -> Expr:
    """The body of a definition that compares the row with words: how often it is among them."""
    if isinstance(factor, Defined) and row in factor.args:
        body: Expr = factor.opened
        return body if _mentions(body, row) else factor
    return factor


def _mentions(factor: Expr, row: Index) -> bool:
    return any(row in delta.args for delta in factor.atoms(KroneckerDelta))

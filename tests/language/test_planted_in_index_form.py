"""Faults planted in meaning one: each is seen where both meanings are compared at an instance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from sympy import Derivative, Expr, Indexed, Symbol

from derivations.indices import Index
from derivations.language import index_form, tree
from derivations.language.functions import ABOVE
from derivations.language.index_nodes import differentiated
from derivations.language.tree import Comparison, Offset, Term
from tests.language import test_definitions, test_index_form
from tests.language.agreement import INSTANCES, ROWS, Outcome, compared
from tests.planting import Mutant, Replaced, around

# entries of a defined vector, one after the other
ROW, K = tree.IndexVariable(ROWS, "row"), tree.IndexVariable(ROWS, "k")
SQUARES = tree.Definition(
    "s", (), tree.Table((ROW, None), tree.Power(tree.Entry(test_index_form.x, (ROW,)), 2))
)
ADDED = tree.Sum(K, tree.Entry(tree.Call(SQUARES), (K,)))
# one definition with two arguments
SQUARE = tree.Definition(
    "q", (ROW,), tree.Power(tree.Entry(test_index_form.x, (ROW,)), 2), ("q(", 0, ")")
)
TWICE = tree.Sum(K, tree.Call(SQUARE, (K,)))
# two matrices that do not commute
INVERTED = tree.Inverse(tree.MatrixProduct(test_index_form.A, test_index_form.B))
# a test that is decided where the sign of no variable is known
DECIDED = tree.Choice(
    (tree.Apply(ABOVE, tree.Number(Fraction(1))),), (test_index_form.a, test_index_form.b)
)
TERMS = [
    ADDED,
    TWICE,
    INVERTED,
    DECIDED,
    *(term for term, *_ in test_index_form.NUMBERS.values()),
    *(term for term, *_ in test_index_form.ARRAYS.values()),
    *(line[0] for line in test_definitions.LINES.values()),
    *(line[0] for line in test_definitions.ARRAYS.values()),
    *test_index_form.NESTED,
    *test_definitions.CAPTURING,
]
FORM = index_form._IndexForm


def differing() -> list[Term]:
    return [
        term
        for term in TERMS
        if any(compared(term, instance) is Outcome.DIFFER for instance in INSTANCES)
    ]


def of_kind(kind: type[Term], change: Callable[[Any], Term]) -> Replaced:
    """Terms of a kind are translated as others."""

    def entry(right: Any, self: Any, term: Term, at: Any, scope: Any) -> Expr:
        return right(self, change(term) if isinstance(term, kind) else term, at, scope)

    return around(FORM, "entry", entry)


def _unlike(term: tree.MatrixProduct) -> Term:
    left, right = term.left, term.right
    square = left.shape == right.shape
    return tree.MatrixProduct(right, left) if square else term


def _turned(term: tree.Transpose) -> Term:
    return term.of if term.of.shape == term.shape else term


def _swapped(term: tree.Entry) -> Term:
    same = term.of.shape and term.of.shape[0] == term.of.shape[1]
    return replace(term, members=term.members[::-1]) if same else term


def _of_columns(term: tree.Row) -> Term:
    same = term.of.shape and term.of.shape[0] == term.of.shape[1]
    return replace(term, of=tree.Transpose(term.of)) if same else term


def _name_of_hint(right: Any, self: Any, space: Any, hint: str, scope: Any) -> Any:
    index = Index(hint or "i", space)
    return index, scope.naming(index.name)


def _late(right: Any, self: Any, of: Term, by: Any, at: Any, scope: Any) -> Expr:
    target = self.entry(by, at, scope)
    if not isinstance(target, Indexed | Symbol):
        return right(self, of, by, at, scope)
    return differentiated(Derivative(self.entry(of, (), scope), target, evaluate=False))


def _as_called(right: Any, self: Any, variable: Any, at: Any, scope: Any) -> Expr:
    """Arguments are written out as if nothing were bound around them."""
    return right(self, variable, at, replace(scope, taken=frozenset()))


def _sign(right: Any, self: Any, comparison: Comparison, scope: Any) -> Expr:
    return right(self, replace(comparison, negated=not comparison.negated), scope)


def _where_it_starts(right: Any, self: Any, member: Any, scope: Any) -> Expr:
    is_step = isinstance(member, Offset) and member.of is not None
    return right(self, member.of if is_step else member, scope)


CHANGES: dict[str, Replaced] = {
    "names are not chosen, so that binders capture": around(FORM, "bound", _name_of_hint),
    "arguments are captured by the body": around(FORM, "_reference", _as_called),
    "derivatives are taken after the arguments are put in": around(FORM, "_derivative", _late),
    "a transpose is forgotten": of_kind(tree.Transpose, _turned),
    "a product is the other way round": of_kind(tree.MatrixProduct, _unlike),
    "subscripts are exchanged": of_kind(tree.Entry, _swapped),
    "a row is a column": of_kind(tree.Row, _of_columns),
    "a minus is forgotten": of_kind(tree.Negative, lambda term: term.of),
    "a condition is forgotten": of_kind(tree.Sum, lambda term: replace(term, where=())),
    "an upper bound is forgotten": of_kind(tree.Sum, lambda term: replace(term, upper=None)),
    "a lower bound is forgotten": of_kind(tree.Sum, lambda term: replace(term, lower=None)),
    "one member is left out too few": around(
        index_form, "_left_out", lambda right, *given: (right(*given) or [])[1:]
    ),
    "a comparison says the contrary": around(FORM, "delta", _sign),
    "an index further on is the index": around(FORM, "member", _where_it_starts),
    "a power is one too high": of_kind(
        tree.Power, lambda term: replace(term, exponent=term.exponent + 1)
    ),
    "a quotient is a product": of_kind(
        tree.Quotient,
        lambda term: (tree.Entrywise if term.under.shape else tree.Times)(term.over, term.under),
    ),
    "an identity matrix is full of ones": of_kind(
        tree.Identity, lambda term: tree.Constant(tree.Number(Fraction(1)), term.shape)
    ),
    "an indicator looks at its first comparison": of_kind(
        tree.Indicator, lambda term: tree.Indicator(term.comparisons[:1])
    ),
    "what is left counts always": of_kind(
        tree.Cases,
        lambda term: tree.Plus(
            (
                *(
                    tree.Times(tree.Indicator(said), value)
                    for said, value in zip(term.conditions, term.values, strict=False)
                ),
                term.values[-1],
            )
        ),
    ),
    "what is left is the first value": of_kind(
        tree.Cases, lambda term: replace(term, values=(*term.values[:-1], term.values[0]))
    ),
    "a test is turned around": of_kind(
        tree.Choice, lambda term: replace(term, values=term.values[::-1])
    ),
    "columns are laid as rows": of_kind(
        tree.Rows,
        lambda term: (
            tree.Transpose(replace(term, as_columns=not term.as_columns))
            if term.body.shape[0] != term.over.space
            else replace(term, as_columns=not term.as_columns)
        ),
    ),
    "a definition at each entry is its argument": of_kind(tree.Mapped, lambda term: term.of),
}

CHANGED = [(meant, (change,)) for meant, change in CHANGES.items()]


def test_without_a_fault_the_meanings_agree() -> None:
    found = {compared(term, instance) for term in TERMS for instance in INSTANCES}
    assert Outcome.AGREE in found
    assert Outcome.DIFFER not in found


@pytest.mark.parametrize("mutant", [Mutant(*one) for one in CHANGED], ids=str)
def test_a_planted_fault_is_seen(mutant: Mutant) -> None:
    with mutant.planted():
        assert differing()

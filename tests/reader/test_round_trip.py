"""What is printed is read back as the same term, whoever wrote it."""

from __future__ import annotations

import os

import pytest

from derivations.language.traversal import parts, same
from derivations.language.tree import Misfit, Term
from derivations.language.unfit import literal
from derivations.reader.elaborate.environment import Environment, IllFormed, resolve
from derivations.reader.equation import Equality
from derivations.reader.scope import Scope
from derivations.reader.source import Source, Unreadable
from derivations.reader.syntax import formula
from derivations.reader.unparser import latex
from tests.planting import Mutant
from tests.reader.meaning import written_lines
from tests.reader.random_terms import MISTAKES, SCOPE, random_term

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
COUNT = 20_000 if LONG else 300
KINDS = """
    Apply ArbitraryCall Call Cases Choice Constant Derivative Determinant Entry Entrywise Extremum
    ExtremumOver IndexNumber Indicator InnerProduct Inverse Mapped MatrixProduct Negative Number
    Pi Plus Power Quotient Reference Row Rows Size Slice Sum Times Trace Transpose
"""
EQUALITIES = {name: line.equality for name, line in written_lines().items()}


def read(text: str, scope: Scope) -> Term:
    return resolve(formula(Source(text).whole), Environment(scope))


def lost(term: Term, scope: Scope, *, full: bool) -> str:
    """How a term differs from what its text is read as; empty if it is the same."""
    text = latex(term, scope, fully_parenthesised=full)
    try:
        found = read(text, scope)
    except (Unreadable, IllFormed) as error:
        return f"{text} is not read: {error}"
    return "" if same(found, term) else f"{text} is read as {latex(found, scope)}"


def nodes(term: Term) -> set[str]:
    return {type(term).__name__}.union(*map(nodes, parts(term)))


@pytest.mark.parametrize("full", [False, True], ids=["plain", "fully parenthesised"])
def test_a_random_term_comes_back(full: bool) -> None:
    for seed in range(COUNT):
        assert not lost(random_term(seed), SCOPE, full=full), seed


def test_random_terms_hold_nodes_of_every_kind() -> None:
    seen = set().union(*(nodes(random_term(seed)) for seed in range(300)))
    assert set(KINDS.split()) == seen


@pytest.mark.parametrize("equality", EQUALITIES.values(), ids=EQUALITIES)
def test_a_side_of_the_written_derivation_comes_back(equality: Equality) -> None:
    for side in (equality.left, equality.right):
        if not isinstance(side, Misfit):
            assert not lost(literal(side), equality.scope, full=False)
            assert not lost(literal(side), equality.scope, full=True)


SELDOM = [
    r"\begin{pmatrix} p_1 & p_2 & \dots & p_d \end{pmatrix}",
    r"\begin{pmatrix} A_{1,1} \\ A_{2,1} \\ \dots \\ A_{d,1} \end{pmatrix}",
    r"\mathrm{softmax}(U^T p)",
    r"p p^T + I",
    r"f'(z a)",
    r"\frac{\partial}{\partial U} J_{pair}(v_c, o, U)",
    r"(\frac{\partial}{\partial U} J_{pair}(v_c, o, U))^T",
    r"M [G(v_c, o, U) \hat{y}]",
    r"2 \begin{cases} u_w & w = o \\ 0 & \text{otherwise} \end{cases}",
]


@pytest.mark.parametrize("text", SELDOM)
def test_what_is_seldom_written_comes_back(text: str) -> None:
    term = read(text, SCOPE)
    assert latex(term, SCOPE) == text
    assert not lost(term, SCOPE, full=True)


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_planted_mistake_of_the_printer_is_seen(mistake: Mutant) -> None:
    seldom = (read(text, SCOPE) for text in SELDOM)
    terms = [*seldom, *map(random_term, range(COUNT))]
    with mistake.planted():
        assert any(lost(term, SCOPE, full=False) for term in terms)


def test_only_the_names_of_bound_letters_are_forgotten() -> None:
    one, other, another = (
        read(text, SCOPE) for text in (r"\sum_w u_w", r"\sum_x u_x", r"\sum_w u_o")
    )
    assert same(one, other)
    assert not same(one, another)
    assert not same(read(r"\sum_w M_{w,x}", SCOPE), read(r"\sum_x M_{w,x}", SCOPE))

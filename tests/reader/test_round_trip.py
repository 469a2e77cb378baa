"""What is printed is read back as the same term: all forms, and mistakes of the printer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from derivations.language.traversal import parts, same
from derivations.language.tree import IllTyped, Misfit, Term
from derivations.language.unfit import literal
from derivations.reader.declare import declared
from derivations.reader.derivation import reading
from derivations.reader.elaborate.environment import Environment, IllFormed, resolve
from derivations.reader.equation import Equality
from derivations.reader.line import Line
from derivations.reader.scope import Scope
from derivations.reader.source import Source, Unreadable
from derivations.reader.syntax import formula
from derivations.reader.unparser import latex
from tests.planting import Mutant, mistakes
from tests.reader.meaning import written_lines
from tests.reader.test_forms import FILE, cases, cases_of_small_lines

GIVEN = r"""size N, d >= 1
size K, m >= 0
index c, o, w, x in Vocab = 1..N
index k, i in 1..K
index j in -m..m
index r, q in 1..d
scalar z, a
vectors u_w in R^d, columns of U
vectors v_w in R^d, rows of V
vector p in R^d
matrix A in R^{d x d}, invertible
matrices B_w in R^{d x d}
list w_k in Vocab, k in 1..K
list w_{t+j} in Vocab, j in -m..m
read k as w_k
define \sigma(s) = \frac{1}{1 + e^{-s}}
define P(O = o | C = c) = \frac{\exp(u_o^T v_c)}{\sum_w \exp(u_w^T v_c)}
define \hat{y}_w = P(O = w | C = c)
define M_{w,x} = u_w^T v_x
define S(s) = s p
define l = \sum_i \mathbb{1}_{w_i = w_k}
define J_{pair}(v_c, o, U) = -\log P(O = o | C = c)
arbitrary G(v_c, o, U)
arbitrary f(s)
"""
SCOPE = declared([Source(line).whole for line in GIVEN.splitlines()], Scope())
MISTAKES = mistakes(Path(__file__).with_name("printer.diff"))
TEXTS = {name: text for name, _, text in (*cases_of_small_lines(), *cases())}
# of these the forms printed are not all read again, as the page of forms says
NOT_READ_AGAIN = {
    line.removeprefix("- ")
    for line in FILE.read_text(encoding="utf-8").split("\n###")[0].splitlines()
    if line.startswith("- ")
}
EQUALITIES = {name: line.equality for name, line in written_lines().items()}
KINDS = """
    Apply ArbitraryCall Call Cases Choice Constant Derivative Determinant Entry Entrywise Extremum
    ExtremumOver Identity IndexedProduct IndexNumber Indicator InnerProduct Inverse Mapped
    MatrixProduct Negative Number Pi Plus Power Quotient Reference Row Rows Size Slice Sum Table
    Times Trace Transpose Zeros
"""


def read(text: str, scope: Scope) -> Term:
    return resolve(formula(Source(text).whole), Environment(scope))


def lost(term: Term, scope: Scope, *, full: bool = False) -> str:
    """How a term differs from what its text is read as; empty if it is the same."""
    text = latex(term, scope, fully_parenthesised=full)
    try:
        found = read(text, scope)
    except (Unreadable, IllFormed, IllTyped) as error:
        return f"{text} is not read: {error}"
    return "" if same(found, term) else f"{text} is read otherwise"


def nodes(term: Term) -> set[str]:
    return {type(term).__name__}.union(*map(nodes, parts(term)))


def sides(equality: Equality) -> list[tuple[Term, Scope]]:
    both = (equality.left, equality.right)
    return [(literal(each), equality.scope) for each in both if not isinstance(each, Misfit)]


@cache
def terms(name: str) -> list[tuple[Term, Scope]]:
    """All sides of a group of forms, each in its scope."""
    lines = (each for each in reading(TEXTS[name], "forms.md").entries if isinstance(each, Line))
    return [side for line in lines for side in sides(line.equality)]


@pytest.mark.parametrize("name", TEXTS)
def test_every_form_comes_back_plain_and_fully_parenthesised(name: str) -> None:
    found = [lost(*term, full=full) for term in terms(name) for full in (False, True)]
    assert any(found) == (name in NOT_READ_AGAIN), [each for each in found if each]


def test_forms_that_come_back_have_nodes_of_every_kind() -> None:
    known = (term for name in TEXTS if name not in NOT_READ_AGAIN for term, _ in terms(name))
    assert set().union(*map(nodes, known)) >= set(KINDS.split())


@pytest.mark.parametrize("equality", EQUALITIES.values(), ids=EQUALITIES)
def test_a_side_of_the_written_derivation_comes_back(equality: Equality) -> None:
    assert not any(lost(*side, full=full) for side in sides(equality) for full in (False, True))


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
    seldom = [(read(text, SCOPE), SCOPE) for text in SELDOM]
    known = [*seldom, *(terms(mistake.seen_by) if mistake.seen_by else ())]
    with mistake.planted():
        assert any(lost(*each) for each in known)


def test_only_the_names_of_bound_letters_are_forgotten() -> None:
    one, other, another = (
        read(text, SCOPE) for text in (r"\sum_w u_w", r"\sum_x u_x", r"\sum_w u_o")
    )
    assert same(one, other)
    assert not same(one, another)
    assert not same(read(r"\sum_w M_{w,x}", SCOPE), read(r"\sum_x M_{w,x}", SCOPE))

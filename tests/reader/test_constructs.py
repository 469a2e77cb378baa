"""A construct is asked for only where its trigger stands, and nothing is read otherwise by that."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from derivations.language.traversal import parts
from derivations.language.tree import Call, Misfit, Term
from derivations.reader.derivation import reading
from derivations.reader.display import Statement
from derivations.reader.elaborate.environment import Beginning, Trigger
from derivations.reader.elaborate.juxtaposition import RULES
from derivations.reader.equation import Line
from derivations.reader.segmentation import Chain
from tests.reader.test_forms import cases

GIVEN = r"""```given
size n, d >= 1
index i, j in 1..n
index k in 1..d
vector x, y, z, m in R^n
vector w in R^d
scalar a, b, s, t
scalar v > 0
matrix A in R^{n x n}
matrix X in R^{n x d}
define f(t) = t^2
distribution r(i)
```
"""
# a line with each construct, by the name of its trigger
STANDING = {
    "a sum, or a product": r"$$\sum_i x_i y_i = x^T y$$",
    "an expectation": r"$$\mathbb{E}_{i \sim r}[x_i] = \sum_i r(i) x_i$$",
    "a variance, or a covariance": r"$$\operatorname{Var}_{i \sim r}[x_i] = 0$$",
    "a divergence, or an entropy": r"$$D_{KL}(r \| r) = 0$$",
    "a divergence in plain letters": r"$$KL(r \| r) = 0$$",
    "the sign of a derivative": r"$$\frac{\partial}{\partial x} x^T y = y$$",
    "an indicator": r"$$\sum_j \mathbb{1}_{i = j} x_j = x_i$$",
    "a diagonal matrix": r"$$\operatorname{diag}(x) y = x \odot y$$",
    "a Jacobian by name": r"$$J_x(A x) = A$$",
    "a differential": r"$$d(x^T y) = y^T dx$$",
    "a loss that nothing declares": r"$$\frac{\partial L}{\partial x} = x$$",
    "a function": r"$$f(a) = a^2$$",
    "an undeclared probability": r"$$p(y | x) p(x) = p(x, y)$$",
    "the name of an undeclared probability": r"$$\sum_u p(u | x) = 1$$",
    "a normal density": r"$$\mathcal{N}(a \mid b, v) = \mathcal{N}(b \mid a, v)$$",
    "a matrix in blocks": r"$$\begin{bmatrix} A & X \end{bmatrix} \begin{bmatrix} x \\ w"
    r" \end{bmatrix} = A x + X w$$",
    "an array by its entries": r"$$(x_i y_j)_{i,j} = x y^T$$",
    "a constant that nobody names": r"$$(a - s)^2 / 2 = a^2 / 2 - a s + \text{const}$$",
}
DRAWN = r"""```given
scalar x, m
scalar v > 0
draw x \sim \mathcal{N}(m, v^2)
```
$$\mathbb{E}[x^2] = m^2 + v^2$$
"""
TEXTS = {name: f"{GIVEN}{line}\n" for name, line in STANDING.items()} | {
    "an expectation, a variance or a covariance by moments": DRAWN
}
RECURRENCE = r"""```given
size n >= 1
size T >= 2
index t in 1..T
vectors x_t in R^n
vector h_0 in R^n
```
$$g_t = \tanh(x_t + h_{t-1})$$
$$h_t = g_t$$
"""
# what lines, statements and chains are asked before others are looked at, with a text for each
ASKED: dict[tuple[type, str], str] = {
    (
        Line,
        "is_in_argument",
    ): f"{GIVEN}Set the derivative to zero:\n$$2 (a - b) = 0$$\nSo\n$$a = b$$",
    (Chain, "has_step"): RECURRENCE,
    (Statement, "may_be_condition"): f"{GIVEN}$$x_i = x_j, \\quad i = j$$",
}


def structure(term: Term) -> Iterator[str]:
    """The nodes of a term with their shapes, those of a definition under its name."""
    yield f"{type(term).__name__} {term.shape}"
    yield term.definition.name if isinstance(term, Call) else ""
    for part in parts(term):
        yield from structure(part)


def said(text: str) -> list[object]:
    """All that is told of the lines of a text: terms, notes, questions, problems."""
    found: list[object] = []
    read = reading(text, "text.md")
    for entry in read.entries:
        found += [entry.latex, entry.defines, entry.notes, str(entry.doubt)]
        if not isinstance(entry, Line):
            found.append(str(entry.problem))
            continue
        found += [entry.claim.conditions, entry.claim.determines, entry.claim.under is None]
        for side in (entry.claim.left, entry.claim.right):
            told = structure(side) if isinstance(side, Term) else (str(side),)
            found += told if not isinstance(side, Misfit) else (str(side),)
    return [*found, *map(str, read.problems)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Trigger], bool | None]], None]:
    """Settles the answer of some triggers; None leaves one as it is."""
    before = Trigger.may_begin

    def settle(answer: Callable[[Trigger], bool | None]) -> None:
        def may_begin(self: Trigger, begins: Beginning) -> bool:
            settled = answer(self)
            return before(self, begins) if settled is None else settled

        monkeypatch.setattr(Trigger, "may_begin", may_begin)

    return settle


def test_every_rule_has_a_text_in_which_its_construct_stands() -> None:
    assert {trigger.name for trigger, _ in RULES} <= TEXTS.keys()


FORMS = [text for _, _, text in cases()]


@pytest.mark.parametrize("texts", [[*TEXTS.values()], FORMS[::20]], ids=["constructs", "forms"])
def test_no_line_is_read_otherwise_where_every_rule_is_asked(
    texts: list[str], asked: Callable[[Callable[[Trigger], bool | None]], None]
) -> None:
    only_where_triggered = [said(text) for text in texts]
    asked(lambda trigger: True)
    assert [said(text) for text in texts] == only_where_triggered


@pytest.mark.parametrize("name", TEXTS)
def test_a_trigger_that_misses_its_construct_is_seen(
    name: str, asked: Callable[[Callable[[Trigger], bool | None]], None]
) -> None:
    before = said(TEXTS[name])
    asked(lambda trigger: False if trigger.name == name else None)
    assert said(TEXTS[name]) != before


@pytest.mark.parametrize(("kind", "name"), ASKED)
def test_a_line_is_looked_at_beside_others_only_where_that_says_something(
    kind: type, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [*ASKED.values(), *TEXTS.values(), *FORMS[::10]]
    before = list(map(said, texts))
    monkeypatch.setattr(kind, name, True)
    assert list(map(said, texts)) == before
    monkeypatch.setattr(kind, name, False)
    assert said(ASKED[kind, name]) != before[[*ASKED].index((kind, name))]

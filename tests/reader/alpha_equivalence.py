"""Readings of a formula, and alpha-equivalence: two readings the same but for names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from sympy import (
    Add,
    Basic,
    Derivative,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Sum,
    Symbol,
    exp,
    log,
)
from sympy.core.function import AppliedUndef, Function

from derivations.claim import Claim, Unequal
from derivations.indices import total
from derivations.language.index_form import entry_of
from derivations.language.index_nodes import unfold
from derivations.language.tree import Array, Misfit, Term, column
from derivations.language.tree import spelled as shape_spelled
from derivations.reader.declare import declared
from derivations.reader.derivation import UnreadableFile, derivation
from derivations.reader.elaborate import Environment, IllFormed, resolve
from derivations.reader.environment import Scope
from derivations.reader.equation import Line
from derivations.reader.source import Source, Unreadable
from derivations.reader.syntax import formula
from derivations.word2vec.losses import (
    NAIVE,
    WINDOW,
    D,
    P,
    U,
    U_columns,
    V,
    c,
    cross_entropy,
    entry,
    i,
    j,
    near,
    o,
    pair_loss,
    scalar,
    score,
    v_c,
    w,
    x,
    y,
    yhat,
    yhat_minus_y,
)
from tests.documents import written

# Tables of formulas that stand in pages beside the tests.


HERE = Path(__file__).parent


def section(page: str, heading: str) -> list[str]:
    """The lines of a page under a heading, without what begins with ``#``."""
    text = (HERE / page).read_text(encoding="utf-8").split(f"\n### {heading}\n")[1]
    return [line for line in text.split("\n### ")[0].split("\n") if not line.startswith("# ")]


def alike(heading: str) -> dict[str, tuple[str, ...]]:
    """Formulas of `spellings.md` by the reference that means the same."""
    groups: list[list[str]] = [[]]
    for line in section("spellings.md", heading):
        if " ≡ " in line:
            groups += [line.split(" ≡ "), []]
        elif line:
            groups[-1].append(line)
        else:
            groups.append([])
    return {first: tuple(others) for first, *others in filter(None, groups)}


def refusals(heading: str) -> list[list[str]]:
    """The rows of a table of `refusals.md`: what is written, and what is said of it."""
    rows = (line.split(" ↦ ") for line in section("refusals.md", heading) if line)
    return [[cell.replace("⏎", "\n") for cell in row] for row in rows]


SAME = alike("spellings")

# The first derivation file, read once, and its lines by id.


def written_lines() -> dict[str, Line]:
    """Every line of the file, in reading order."""
    return {line.id: line for line in written("word2vec").lines}


# Whether two expressions are the same tree, whatever their letters are called.


Names = Mapping[str, str]


def same(left: Expr, right: Expr, names: Names | None = None) -> bool:
    """Whether both, with definitions written out, are one tree; ``names`` renames the left's."""
    return spelled(left, names) == spelled(right)


def spelled(expression: Expr, names: Names | None = None) -> str:
    """The tree as a string in which a bound letter is how many binders up it is bound."""
    return _spelled(unfold(expression), names or {}, ())


def _spelled(node: Basic, names: Names, bound: tuple[Symbol, ...]) -> str:
    if isinstance(node, Symbol):
        if node in bound:
            return f"^{len(bound) - bound.index(node)}"
        return names.get(node.name, node.name)
    if isinstance(node, Sum):
        return _sum(node, names, bound)
    parts = node.args
    if isinstance(node, Indexed):
        name = str(node.base)
        head, parts = names.get(name, name), node.indices
    elif isinstance(node, Derivative):
        head, parts = "by", (node.expr, *node.variables)
    elif isinstance(node, AppliedUndef | Function):
        name = type(node).__name__
        head = names.get(name, name)
    elif not parts:
        return str(node)
    else:
        head = type(node).__name__
    texts = [_spelled(part, names, bound) for part in parts]
    if isinstance(node, Add | Mul | KroneckerDelta):
        texts.sort()
    return f"{head}({', '.join(texts)})"


def _sum(node: Sum, names: Names, bound: tuple[Symbol, ...]) -> str:
    """The last limit is the outermost binder."""
    (index, lower, upper), inner = node.limits[-1], node.limits[:-1]
    bounds = [_spelled(end, names, bound) for end in (lower, upper)]
    body = node.func(node.function, *inner) if inner else node.function
    return f"sum({', '.join(bounds)}, {_spelled(body, names, (index, *bound))})"


# Formulas read under the declarations of word vectors, for tests.


GIVEN = r"""size N, d >= 1
size K, m >= 0
index c, o, w, x in Vocab = 1..N
index k, i, j in 1..K
scalar z, s, a, b
vectors u_w in R^d, columns of U
vectors v_w in R^d, columns of V
vector p, q in R^d
matrix A in R^{d x d}
list w_k in Vocab, k in 1..K
read k as w_k
define \sigma(t) = \frac{1}{1 + e^{-t}}
define P(O = o | C = c) = \frac{\exp(u_o^T v_c)}{\sum_w \exp(u_w^T v_c)}
define \hat{y}_w = P(O = w | C = c)
define y_w = \mathbb{1}_{w = o}
define J(v_c, o, U) = -\log P(O = o | C = c)
"""
"""What the formulas of the tests may use; axes of vectors have no letter."""


@lru_cache(maxsize=8)
def scope(given: str = GIVEN) -> Scope:
    """The scope of some declarations."""
    source = Source(given)
    spans, start = [], 0
    for line in given.splitlines():
        spans.append(source.whole.part(start, start + len(line)))
        start += len(line) + 1
    return declared(spans, Scope())


def read(latex: str, given: str = GIVEN) -> tuple[Term | Misfit, tuple[str, ...]]:
    """What a formula means, and the notes on how it was read; raises Unreadable."""
    here = Environment(scope(given))
    try:
        value: Term | Misfit = resolve(formula(Source(latex).whole), here)
    except IllFormed as error:
        value = error.misfit
    return value, tuple(here.notes)


def meaning(latex: str, given: str = GIVEN) -> str:
    """What a formula means, as a string that knows no names of bound letters and axes."""
    value, _ = read(latex, given)
    if isinstance(value, Misfit):
        return f"ill-typed: {value.left} / {value.right}"
    entry, indices = entry_of(value, scope(given).names)
    places = [n for n, space in enumerate(value.shape) if space is not None]
    axes = {index.name: f"axis {n}" for n, index in zip(places, indices, strict=True)}
    return f"{shape_spelled(value.shape)} {spelled(entry, axes)}"


def notes(latex: str, given: str = GIVEN) -> tuple[str, ...]:
    """The notes on how a formula was read."""
    return read(latex, given)[1]


def refusal(latex: str, given: str = GIVEN) -> Unreadable:
    """Why a formula cannot be read."""
    try:
        value, _ = read(latex, given)
    except Unreadable as problem:
        return problem
    raise AssertionError(f"{latex} is read as {value}")


def lines(displays: str, given: str = GIVEN) -> tuple[Line, ...]:
    """The lines of a file with these displays under the declarations."""
    return derivation(f"```given\n{given}```\n\n{displays}\n", "a file").lines


def problems(text: str) -> list[Unreadable]:
    """All that is wrong with a file."""
    try:
        found = derivation(text, "a file")
    except UnreadableFile as error:
        return error.problems
    raise AssertionError(f"{len(found.lines)} lines are read")


# False claims that the document prints, typed by hand: what the reader is held against.


BY_V_C = column(D(NAIVE, V[c, i]), i)
LOST_EXP = total(score(c, w), w)

PRINTED_SLIPS = (
    Claim(
        "slip.a.word-zero",
        "a",
        "(a), eq. (3)",
        "a fixed word (here word 1) in place of the outside word: ŷ_0 for ŷ_o",
        scalar(cross_entropy(c, o)),
        scalar(-log(yhat(c, Integer(1)))),
    ),
    Claim(
        "slip.a.subscript-lost",
        "a",
        "(a), line 2",
        "log of the whole vector ŷ where one entry of it is meant",
        scalar(cross_entropy(c, o)),
        column(-total(y(o, w) * log(yhat(c, x)), w), x),
    ),
    Claim(
        "slip.b.dropped-exp",
        "b",
        "(b), line 2",
        "exp dropped from the sum in the denominator",
        BY_V_C,
        column(-U[o, i] + total(exp(score(c, x)) / total(score(c, w), w) * U[x, i], x), i),
    ),
    Claim(
        "slip.b.row-vector",
        "b",
        "(b), line 4",
        "a row vector equated with a column vector",
        BY_V_C,
        yhat_minus_y.T @ U_columns.T,
    ),
    Claim(
        "slip.b.transposed",
        "b",
        "(b), line 5",
        "both factors of the product transposed where they stand",
        BY_V_C,
        U_columns.T @ yhat_minus_y.T,
    ),
    Claim(
        "slip.c.outside-dropped-exp",
        "c",
        "(c), w = o, line 1",
        "exp dropped from the sum in the denominator",
        column(D(NAIVE, U[o, i]), i),
        column(-V[c, i] + exp(score(c, o)) / LOST_EXP * V[c, i], i),
    ),
    Claim(
        "slip.c.extra-factor",
        "c",
        "(c), w = o, line 3",
        "an extra factor v_c inside the parentheses: a vector minus one",
        column(D(NAIVE, U[o, i]), i),
        v_c @ (column(P(o, c) * V[c, i], i) - Array(Integer(1))),
    ),
    Claim(
        "slip.c.extra-factor-entrywise",
        "c",
        "(c), w = o, line 3",
        "an extra factor v_c inside the parentheses, read entry by entry",
        entry(NAIVE, U[o, i]),
        scalar(V[c, i] * (P(o, c) * V[c, i] - 1)),
    ),
    Claim(
        "slip.c.other-dropped-exp",
        "c",
        "(c), w ≠ o, line 1",
        "exp dropped from the sum in the denominator",
        column(D(NAIVE, U[x, i]), i),
        column(exp(score(c, x)) / LOST_EXP * V[c, i], i),
        (Unequal(x, o),),
    ),
    Claim(
        "slip.h.center-in-window",
        "h",
        "(h), (ii), second printing",
        "j = 0 included: the center word taken for one of its outside words",
        column(D(WINDOW, V[c, i]), i),
        column(total(D(pair_loss(c, near[j]), V[c, i]), j), i),
    ),
)

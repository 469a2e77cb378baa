"""Formulas read under the declarations of word vectors, for tests."""

from __future__ import annotations

from functools import lru_cache

from derivations.language.index_form import entry_of
from derivations.language.tree import Misfit, Term
from derivations.language.tree import spelled as shape_spelled
from derivations.reader.declare import declared
from derivations.reader.derivation import UnreadableFile, derivation
from derivations.reader.elaborate import Environment, IllFormed, resolve
from derivations.reader.line import Line
from derivations.reader.parser import formula
from derivations.reader.scope import Scope
from derivations.reader.source import Source, Unreadable
from tests.reader.alpha import spelled

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

"""Random expressions that a reader could have met, made without the reader's grammar."""

from __future__ import annotations

from hypothesis import strategies as st
from sympy import (
    Add,
    Derivative,
    Expr,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Rational,
    exp,
    log,
    nan,
    oo,
    zoo,
)
from sympy import I as imaginary

from derivations.indices import Index, IndexSum, total
from derivations.reader.limits import MOST_DIGITS
from tests.reader.declared_names import (
    AROUND,
    LIST,
    PART,
    PLACES,
    SCOPE,
    TIMES,
    WORDS,
    applied,
    entry,
)


def index(space: object, names: str) -> st.SearchStrategy[Index]:
    """Indices under names that other sets and bound indices have too."""
    return st.sampled_from([Index(name, space) for name in names.split()])


words_alone = index(WORDS, "w x")
times = index(TIMES, "k i")
places = index(PLACES, "j")
parts = index(PART, "i' w")  # free and bound under one name, and one that another set has too
words = st.one_of(
    words_alone,
    st.sampled_from([SCOPE.letters["c"], SCOPE.letters["o"], Integer(1), AROUND[0]]),
    times.map(lambda k: LIST[k]),
    places.map(lambda j: AROUND[j]),
)


def delta(pair: tuple[Expr, Expr, bool]) -> Expr:
    one, other, complement = pair
    return 1 - KroneckerDelta(one, other) if complement else KroneckerDelta(one, other)


variables = st.one_of(
    st.sampled_from([entry("z"), entry("a")]),
    st.builds(lambda w, i: entry("u", w, i), words, parts),
    st.builds(lambda w, i: entry("v", w, i), words, parts),
    st.builds(lambda i: entry("p", i), parts),
    st.builds(lambda i, n: entry("A", i, n), parts, parts),
)
indicators = st.one_of(
    st.tuples(words_alone, words, st.booleans()),
    st.tuples(times, times, st.booleans()),
    st.tuples(places, st.just(Integer(0)), st.booleans()),
).map(delta)
numbers = st.sampled_from([Integer(n) for n in (-2, -1, 0, 1, 2, 3)] + [Rational(-2, 3)])
leaves = st.one_of(
    numbers,
    variables,
    indicators,
    st.sampled_from([entry("N"), entry("m"), SCOPE.letters["j"], entry("l")]),
    st.builds(lambda w: entry(r"\hat{y}", w), words),
    st.builds(lambda w, x: entry("M", w, x), words, words),
    st.builds(lambda w, x: applied("P", w, x), words, words),
    st.builds(lambda w, x: applied("J_{pair}", w, x), words, words),
    st.builds(lambda w, x: applied("G", w, x), words, words),
)


def _restricted(summand: Expr, index: Index, left_out: Expr, complement: bool) -> Expr:
    return total(delta((index, left_out, complement)) * summand, index)


FUNCTIONS = (exp, log, lambda inner: applied(r"\sigma", inner))


def _grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    few = st.lists(inner, min_size=2, max_size=4)
    # the index of a sum never is one that a definition depends on without saying so
    bound_words, bound_places = index(WORDS, "w q"), index(PLACES, "j q")
    bound = st.one_of(bound_words, index(TIMES, "i q"), bound_places, parts)
    ends = st.sampled_from([(Integer(1), entry("K") - 1), (Integer(1), entry("l"))])
    return st.one_of(
        few.map(lambda several: Add(*several)),
        few.map(lambda several: Mul(*several)),
        st.builds(lambda n, f, g: Mul(n, f + 1, g + entry("z")), numbers, inner, inner),
        st.builds(lambda f, g: f / g, inner, inner),
        st.builds(lambda f, g: f / (g - 2), inner, inner),
        st.builds(Pow, inner, st.sampled_from([-2, -1, 2, 13])),
        st.builds(lambda function, f: function(f), st.sampled_from(FUNCTIONS), inner),
        st.builds(lambda f, i: applied("S", f, i), inner, parts),
        st.builds(total, inner, bound),
        st.builds(_restricted, inner, bound_words, words, st.booleans()),
        st.builds(_restricted, inner, bound_places, st.just(Integer(0)), st.booleans()),
        st.builds(lambda f, i, ends: IndexSum(f, (i, *ends)), inner, index(TIMES, "i"), ends),
        st.builds(lambda f, x: Derivative(f, x, evaluate=False), inner, variables),
    )


def _is_readable(node: Expr) -> bool:
    """Whether it is a real number, and its own numbers are not too long to read."""
    long = any(max(abs(each.p), each.q) >= 10**MOST_DIGITS for each in node.atoms(Rational))
    return not long and not node.has(nan, oo, -oo, zoo, imaginary)


grown: st.SearchStrategy[Expr] = st.recursive(leaves, _grown, max_leaves=9)
entries = grown.filter(_is_readable)
"""Numbers in which declared letters and ``AXES`` may be free."""

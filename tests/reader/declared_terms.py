"""Declared objects of every kind as terms, made without the reader."""

from __future__ import annotations

from fractions import Fraction

from sympy import Integer, Symbol

from derivations.indices import IndexSet
from derivations.language.functions import EXP, LOG
from derivations.language.tree import (
    Apply,
    Arbitrary,
    ArbitraryCall,
    Call,
    Comparison,
    Definition,
    Entry,
    IndexVariable,
    Indicator,
    ListEntry,
    MatrixProduct,
    Member,
    Negative,
    Number,
    Plus,
    Quotient,
    Reference,
    Row,
    Size,
    Sum,
    Table,
    Term,
    Times,
    Transpose,
    Variable,
    WordList,
)
from derivations.reader.scope import Function, Named, Scope, Slot


def size(name: str, least: int = 1) -> Symbol:
    return Symbol(name, integer=True, **{"positive" if least else "nonnegative": True})


WORDS = IndexSet("Vocab", Integer(1), size("N"), labels=True)
TIMES = IndexSet("1..K", Integer(1), size("K", 0), inhabited=False)
PLACES = IndexSet("-m..m", -size("m", 0), size("m", 0))
PARTS = IndexSet("1..d", Integer(1), size("d"))
c, o, w, x = (IndexVariable(WORDS, name, name) for name in "cowx")
k, i = (IndexVariable(TIMES, name, name) for name in "ki")
j = IndexVariable(PLACES, "j", "j")
LETTERS = {each.name: each for each in (c, o, w, x, k, i, j)}
SIZES = {"N": Size("N", 1), "d": Size("d", 1), "K": Size("K"), "m": Size("m")}
Z, A_ = Variable((), "z", "z"), Variable((), "a", "a")
P_ = Variable((PARTS, None), "p", "p")
A = Variable((PARTS, PARTS), "A", "A")
U = Variable((WORDS, PARTS), "U", "U", transposed=True, family="u")
V = Variable((WORDS, PARTS), "V", "V", family="v")
z, a, p, matrix = (Reference(each) for each in (Z, A_, P_, A))
LIST = WordList("w", WORDS, TIMES, "w")
AROUND = WordList("w_t", WORDS, PLACES, "w", "t")


def number(over: int, under: int = 1) -> Number:
    return Number(Fraction(over, under))


def u(word: Member) -> Row:
    return Row(Reference(U), word)


def v(word: Member) -> Row:
    return Row(Reference(V), word)


def score(outside: Member, center: Member) -> MatrixProduct:
    return MatrixProduct(Transpose(u(outside)), v(center))


def delta(left: Member, right: Member, *, negated: bool = False) -> Indicator:
    return Indicator((Comparison(left, right, negated),))


def exp(of: Term) -> Apply:
    return Apply(EXP, of)


def log(of: Term) -> Apply:
    return Apply(LOG, of)


def _sigma() -> Definition:
    s = Variable((), "s", "s")
    below = Plus((number(1), exp(Negative(Reference(s)))))
    return Definition("σ", (s,), Quotient(number(1), below), (r"\sigma(", 0, ")"))


def _conditional() -> Definition:
    outside, center = IndexVariable(WORDS, "o", "o"), IndexVariable(WORDS, "c", "c")
    each = IndexVariable(WORDS, "w", "w")
    total = Sum(each, exp(score(each, center)))
    body = Quotient(exp(score(outside, center)), total)
    return Definition("P", (outside, center), body, ("P(O = ", 0, " | C = ", 1, ")"))


def _softmax(conditional: Definition) -> Definition:
    each = IndexVariable(WORDS, "w", "w")
    table = Table((each, None), Call(conditional, (each, c)))
    return Definition("ŷ", (), table, (r"\hat{y}",))


SIGMA, CONDITIONAL = _sigma(), _conditional()
SOFTMAX = _softmax(CONDITIONAL)
ARBITRARY = Arbitrary("G", (c, o), ("G(v_", 0, ", ", 1, ", U)"))
hat = Call(SOFTMAX)


def sigma(of: Term) -> Call:
    return Call(SIGMA, (of,))


def given(outside: Member, center: Member) -> Call:
    return Call(CONDITIONAL, (outside, center))


def loss(center: Member, outside: Member) -> ArbitraryCall:
    return ArbitraryCall(ARBITRARY, (center, outside))


def at(of: Term, *members: Member) -> Entry:
    return Entry(of, members)


def drawn(place: Member) -> ListEntry:
    return ListEntry(LIST, place)


def around(place: Member) -> ListEntry:
    return ListEntry(AROUND, place)


def times(*factors: Term) -> Term:
    """The product of factors, from left to right."""
    found, *others = factors
    for each in others:
        both = bool(found.shape) and bool(each.shape)
        found = MatrixProduct(found, each) if both else Times(found, each)
    return found


THINGS = {
    **{name: Named((), each) for name, each in SIZES.items()},
    "z": Named((), z),
    "a": Named((), a),
    "p": Named((), p),
    "A": Named((), matrix),
    "u": Named((w,), u(w)),
    "U": Named((), Transpose(Reference(U))),
    "v": Named((w,), v(w)),
    "V": Named((), Reference(V)),
    r"\hat{y}": Named((), hat),
}
SCOPE = Scope(
    sets={each.name: each for each in (WORDS, TIMES, PLACES, PARTS)},
    letters=LETTERS,
    things=THINGS,
    lists={"w": (LIST, AROUND)},
    functions={
        r"\sigma": Function(r"\sigma", (Slot(0),), SIGMA),
        "P": Function("P", (Slot(0, keyword="O"), Slot(1, keyword="C")), CONDITIONAL, True),
        "G": Function("G", (Slot(0, vector="v"), Slot(1), Slot(fixed=("U",))), ARBITRARY),
    },
    stand_ins={TIMES: LIST},
)

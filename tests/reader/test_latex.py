"""LaTeX formulas are read: tokens, grammar, words and hints."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from lark import Lark
from sympy import Integer, Symbol

from derivations.claim import Unequal
from derivations.indices import Index, IndexSet
from derivations.language.functions import EXP, LOG
from derivations.language.tree import (
    Apply,
    Arbitrary,
    ArbitraryCall,
    Call,
    Comparison,
    Constant,
    Definition,
    Derivative,
    Entry,
    Entrywise,
    Identity,
    IndexNumber,
    IndexVariable,
    Indicator,
    InnerProduct,
    ListEntry,
    Mapped,
    MatrixProduct,
    Member,
    Negative,
    Number,
    Numbered,
    Offset,
    Plus,
    Power,
    Quotient,
    Reference,
    Row,
    Rows,
    Size,
    Sum,
    Table,
    Term,
    Times,
    Transpose,
    Variable,
    WordList,
    Zeros,
)
from derivations.reader import syntax
from derivations.reader.derivation import UnreadableFile, derivation, reading
from derivations.reader.environment import Function, Named, Scope, Slot
from derivations.reader.equation import Line, NotRead
from derivations.reader.source import Source
from derivations.reader.syntax import formula
from derivations.reader.unparser import both_sides, latex, member_latex

# Declared objects of every kind as terms, made without the reader.


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
        "P": Function(
            "P", (Slot(0, keyword="O"), Slot(1, keyword="C")), CONDITIONAL, separators=("|",)
        ),
        "G": Function("G", (Slot(0, vector="v"), Slot(1), Slot(fixed=("U",))), ARBITRARY),
    },
    stand_ins={TIMES: LIST},
)


# Terms as LaTeX: in the author's names, with the brackets the reader needs, letters apart.


every = IndexVariable(WORDS, "w", "w")
place = IndexVariable(PLACES, "j", "j")
draw = IndexVariable(TIMES, "k", "k")
part = IndexVariable(PARTS, "r", "r")
one = number(1)
big = Transpose(Reference(U))
K = Size("K")
F = Definition("f", (), Power(z, 2), ("f",))
PRINTED = [
    (score(o, c), r"u_o^T v_c"),
    (times(number(2), score(o, c)), r"2 (u_o^T v_c)"),
    (times(number(2), Transpose(u(o)), v(c)), r"2 u_o^T v_c"),
    (times(z, number(2)), r"z \cdot 2"),
    (times(z, number(1, 2), a), r"(z \cdot \frac{1}{2}) a"),
    (times(number(1, 2), z), r"\frac{1}{2} z"),
    (times(Negative(z), a), r"(-z) a"),
    (Negative(times(z, a)), r"-z a"),
    (Plus((one, Negative(sigma(z)))), r"1 - \sigma(z)"),
    (Plus((one, Negative(Plus((z, a))))), r"1 - (z + a)"),
    (Plus((Plus((one, z)), number(-2))), r"(1 + z) - 2"),
    (Negative(Negative(z)), r"-(-z)"),
    (times(v(c), Plus((given(o, c), number(-1)))), r"v_c (P(O = o | C = c) - 1)"),
    (times(at(hat, w), v(c)), r"\hat{y}_w v_c"),
    (at(hat, drawn(k)), r"\hat{y}_k"),
    (at(hat, around(j)), r"\hat{y}_{w_{t + j}}"),
    (at(hat, around(Numbered(0))), r"\hat{y}_{w_t}"),
    (at(Reference(V), w, part), r"v_{w,r}"),
    (at(matrix, part, part), r"A_{r,r}"),
    (at(times(matrix, p), part), r"(A p)_r"),
    (at(Reference(P_), Numbered(1)), r"p_1"),
    (big, "U"),
    (Reference(U), "U^T"),
    (Transpose(Reference(V)), "V^T"),
    (times(Transpose(big), p), "U^T p"),
    (times(matrix, times(matrix, p)), r"A (A p)"),
    (times(matrix, matrix, p), r"A A p"),
    (Transpose(times(matrix, p)), r"(A p)^T"),
    (Entrywise(p, times(matrix, p)), r"p \odot (A p)"),
    (times(z, Entrywise(p, p)), r"z (p \odot p)"),
    (InnerProduct(p, times(z, p)), r"\langle p, z p \rangle"),
    (InnerProduct(p, p), r"\lVert p \rVert^2"),
    (Power(z, 2), "z^2"),
    (Power(sigma(z), 2), r"(\sigma(z))^2"),
    (Power(at(hat, w), 12), r"\hat{y}_w^{12}"),
    (Power(number(2), 3), "(2)^3"),
    (Power(p, 2), r"p^{\odot 2}"),
    (Quotient(z, Plus((one, z))), r"\frac{z}{1 + z}"),
    (times(z, Quotient(one, number(2))), r"z \cdot \frac{1}{2}"),
    (Quotient(Size("d"), times(Size("d"), z)), r"\frac{(d)}{(d) z}"),
    (times(sigma(z), Plus((z, a))), r"\sigma(z) (z + a)"),
    (exp(Negative(z)), r"\exp(-z)"),
    (Mapped(SIGMA, times(matrix, p)), r"\sigma(A p)"),
    (loss(c, o), r"G(v_c, o, U)"),
    (Derivative(loss(c, o), v(c)), r"\frac{\partial}{\partial v_c} G(v_c, o, U)"),
    (
        times(Derivative(Power(z, 2), z), z),
        r"(\frac{\partial}{\partial z} z^2) z",
    ),
    (Derivative(Call(F), z), r"\frac{\partial f}{\partial z}"),
    (Derivative(times(z, z), Reference(Z)), r"\frac{\partial}{\partial z} [z z]"),
    (Sum(every, times(at(hat, every), u(every))), r"\sum_w \hat{y}_w u_w"),
    (Sum(every, Plus((z, a))), r"\sum_w (z + a)"),
    (Plus((Sum(every, z), a)), r"\sum_w z + a"),
    (times(Sum(every, z), a), r"(\sum_w z) a"),
    (times(a, Sum(every, z)), r"a \sum_w z"),
    (times(times(a, Sum(every, z)), a), r"(a \sum_w z) a"),
    (Sum(draw, log(sigma(score(drawn(draw), c)))), r"\sum_k \log(\sigma(u_k^T v_c))"),
    (Sum(draw, z, number(2)), r"\sum_{k=2}^K z"),
    (Sum(draw, z, None, Plus((K, number(-1)))), r"\sum_{k=1}^{K - 1} z"),
    (Sum(every, z, where=(Comparison(every, o, True),)), r"\sum_{w : w \ne o} z"),
    (
        Sum(draw, z, None, K, where=(Comparison(drawn(draw), drawn(i), True),)),
        r"\sum_{\substack{1 \le k \le K \\ w_k \ne w_i}} z",
    ),
    (
        Sum(place, z, where=(Comparison(place, Numbered(0), True),)),
        r"\sum_{j : j \ne 0} z",
    ),
    (Sum(part, at(p, part)), r"\sum_{r=1}^d p_r"),
    (delta(w, o), r"\mathbb{1}_{\{w = o\}}"),
    (times(delta(w, o, negated=True), z), r"\mathbb{1}_{\{w \ne o\}} z"),
    (times(IndexNumber(k), z), "k z"),
    (times(z, IndexNumber(Offset(k, one))), "z (k + 1)"),
    (IndexNumber(Offset(k, Negative(K))), "k - K"),
    (Zeros((PARTS, None)), "0"),
    (Plus((Constant(one, (PARTS, None)), Negative(p))), "1 - p"),
    (Plus((p, Constant(Negative(one), (PARTS, None)))), "p - 1"),
    (Derivative(loss(c, o), Reference(U)), r"(\frac{\partial}{\partial U} G(v_c, o, U))^T"),
    (Transpose(Derivative(loss(c, o), Reference(U))), r"\frac{\partial}{\partial U} G(v_c, o, U)"),
    (given(drawn(k), c), r"P(O = w_k | C = c)"),
    (Plus((times(z, Identity(PARTS)), matrix)), "z I + A"),
    (
        Rows(every, v(every), as_columns=True),
        r"\begin{pmatrix} v_1 & v_2 & \dots & v_N \end{pmatrix}",
    ),
    (
        Rows(every, v(every)),
        r"\begin{pmatrix} v_1^T \\ v_2^T \\ \dots \\ v_N^T \end{pmatrix}",
    ),
]  # fmt: skip
FULLY = [
    (times(number(2), Transpose(u(o)), v(c)), r"(2 u_o^T) v_c"),
    (times(matrix, matrix, p), r"(A A) p"),
    (times(z, a, z), r"z a z"),
    (Sum(every, times(at(hat, every), u(every))), r"\sum_{w \in \mathrm{Vocab}} [\hat{y}_w u_w]"),
    (Plus((Sum(draw, z), a)), r"(\sum_{k=1}^K [z]) + a"),
    (Derivative(loss(c, o), v(c)), r"\frac{\partial}{\partial v_c} [G(v_c, o, U)]"),
    (at(hat, drawn(k)), r"\hat{y}_{w_k}"),
]


@pytest.mark.parametrize(("term", "text"), PRINTED, ids=[text for _, text in PRINTED])
def test_a_term_is_printed_with_the_brackets_it_needs(term: Term, text: str) -> None:
    assert latex(term, SCOPE) == text


@pytest.mark.parametrize(("term", "text"), FULLY, ids=[text for _, text in FULLY])
def test_fully_parenthesised_nothing_is_left_to_a_convention(term: Term, text: str) -> None:
    assert latex(term, SCOPE, fully_parenthesised=True) == text


@pytest.mark.parametrize("text", [text for _, text in (*PRINTED, *FULLY)])
def test_what_is_printed_is_a_formula(text: str) -> None:
    assert formula(Source(text).whole)


def test_a_bound_letter_is_none_that_is_free_in_the_equality() -> None:
    total = Sum(every, at(hat, every))
    assert latex(total, SCOPE) == r"\sum_w \hat{y}_w"
    assert latex(total, SCOPE, [u(w)]) == r"\sum_o \hat{y}_o"
    left, right = both_sides(times(total, u(w)), u(x), SCOPE)
    assert (left, right) == (r"(\sum_o \hat{y}_o) u_w", "u_x")
    letters = Index("w", WORDS), Index("o", WORDS)
    assert both_sides(total, one, SCOPE, [Unequal(*letters)])[0] == r"\sum_x \hat{y}_x"


def test_a_bound_letter_is_none_that_a_definition_depends_on() -> None:
    center = IndexVariable(WORDS, "c", "c")
    assert latex(Sum(center, at(hat, center)), SCOPE) == r"\sum_o \hat{y}_o"
    assert latex(Sum(center, given(o, center)), SCOPE) == r"\sum_c P(O = o | C = c)"


def test_letters_bound_within_one_another_differ() -> None:
    inner = IndexVariable(WORDS, "w", "w")
    both = Sum(every, Sum(inner, times(at(hat, every), at(hat, inner))))
    assert latex(both, SCOPE) == r"\sum_w \sum_o \hat{y}_w \hat{y}_o"
    beside = Plus((Sum(every, at(hat, every)), Sum(inner, at(hat, inner))))
    assert latex(beside, SCOPE) == r"\sum_w \hat{y}_w + \sum_w \hat{y}_w"


def test_a_bound_letter_is_none_of_another_set_and_no_name() -> None:
    misnamed = IndexVariable(WORDS, "k", "k")
    assert latex(Sum(misnamed, at(hat, misnamed)), SCOPE) == r"\sum_o \hat{y}_o"
    hidden = IndexVariable(PARTS, "z", "z")
    assert latex(Sum(hidden, at(p, hidden)), SCOPE) == r"\sum_{h=1}^d p_h"


def test_letters_are_told_apart_as_they_are_written() -> None:
    """A letter that was declared anew has another name, and is written as before."""
    again = IndexVariable(TIMES, "j(2)", "j")
    scope = replace(SCOPE, letters={**SCOPE.letters, "j": again})
    one = IndexVariable(TIMES, "j", "j")
    assert latex(Sum(one, at(hat, drawn(one))), scope) == r"\sum_j \hat{y}_j"
    assert latex(Sum(one, at(hat, drawn(one))), scope, [IndexNumber(again)]) == (
        r"\sum_k \hat{y}_k"
    )
    assert latex(Sum(place, IndexNumber(place)), scope) == r"\sum_{h=-m}^m h"


def test_a_part_of_a_range_is_given_a_letter_of_that_range() -> None:
    fresh = IndexVariable(TIMES, "q", "q")
    assert latex(Sum(fresh, IndexNumber(fresh), number(2)), SCOPE) == r"\sum_{k=2}^K k"
    beside = [IndexNumber(k), IndexNumber(i)]
    assert latex(Sum(fresh, IndexNumber(fresh), number(2)), SCOPE, beside) == r"\sum_{k'=2}^K k'"


def test_a_range_that_two_sets_share_is_given_a_declared_letter() -> None:
    alike = IndexSet("Kinds", Integer(1), TIMES.upper, labels=True)
    scope = replace(SCOPE, sets={**SCOPE.sets, "Kinds": alike})
    fresh = IndexVariable(TIMES, "q", "q")
    assert latex(Sum(fresh, z), scope) == r"\sum_k z"
    named = IndexVariable(alike, "q", "q")
    assert latex(Sum(named, z), scope) == r"\sum_{q \in \mathrm{Kinds}} z"


def test_a_transpose_is_no_power_where_t_is_declared() -> None:
    scope = replace(SCOPE, letters={**SCOPE.letters, "T": IndexVariable(TIMES, "T", "T")})
    assert latex(score(o, c), scope) == r"u_o^{\top} v_c"


def test_a_name_that_could_be_applied_is_not_followed_by_a_bracket() -> None:
    assert latex(times(Call(F), Plus((z, a))), SCOPE) == r"f [z + a]"
    assert latex(times(Call(F), z), SCOPE) == r"f z"


def test_words_of_several_letters_are_upright() -> None:
    rate = Variable((), "rate", "")
    assert latex(times(Reference(rate), Size("nh")), SCOPE) == r"\mathrm{rate} \mathrm{nh}"


def test_what_no_reader_takes_is_printed_for_a_person() -> None:
    table = Table((part, IndexVariable(PARTS, "r", "r")), at(matrix, part, part))
    assert latex(table, SCOPE) == r"(A_{r,r})_{1 \le r \le d, 1 \le h \le d}"
    assert latex(Row(matrix, part), SCOPE) == r"A_{r,:}"


def test_members_stand_by_themselves() -> None:
    assert member_latex(drawn(k), SCOPE) == "w_k"
    assert member_latex(Offset(None, K), SCOPE) == "K"


def test_a_node_without_a_spelling_is_an_error() -> None:
    class Strange(Term):
        def _shape(self) -> tuple[()]:
            return ()

    with pytest.raises(TypeError, match="Strange has no spelling"):
        latex(Strange(), SCOPE)


# The table of the grammar is kept between runs: whatever is in its file, the reading is right.


ANEW = syntax._parser.__wrapped__
FORMULA = r"\frac{1}{2} \sum_i (x_i - \mu)^2"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the table is kept in this test; nothing is there yet."""
    file = tmp_path / "grammar.lark"
    monkeypatch.setattr(syntax, "_table", lambda: str(file))
    return file


def _read_anew(monkeypatch: pytest.MonkeyPatch) -> syntax.Node:
    monkeypatch.setattr(syntax, "_parser", ANEW)
    return formula(Source(FORMULA).whole)


def test_a_kept_table_reads_what_a_new_one_reads(
    monkeypatch: pytest.MonkeyPatch, kept: Path
) -> None:
    new = _read_anew(monkeypatch)
    before = kept.read_bytes()
    made: list[object] = []
    monkeypatch.setattr(Lark, "_build_parser", lambda *_: made.append(None))
    assert _read_anew(monkeypatch) == new
    assert kept.read_bytes() == before
    assert not made


@pytest.mark.parametrize("content", [b"", b"nonsense", bytes(range(256)) * 20])
def test_a_file_that_is_no_table_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, kept: Path, content: bytes
) -> None:
    new = _read_anew(monkeypatch)
    kept.write_bytes(content)
    assert _read_anew(monkeypatch) == new
    assert kept.read_bytes() != content


def test_the_table_of_another_grammar_is_not_used(
    monkeypatch: pytest.MonkeyPatch, kept: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.lark"
    other.write_text('start: "a"\n')
    monkeypatch.setattr(syntax, "GRAMMAR", other)
    ANEW()
    monkeypatch.undo()
    monkeypatch.setattr(syntax, "_table", lambda: str(kept))
    assert isinstance(_read_anew(monkeypatch), syntax.Node)


def test_nothing_is_kept_where_no_compiled_module_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert syntax._table() is False


# Words behind a formula: a condition is taken or refused, never dropped; other words are noted.


GIVEN = """\
```given
size N, d >= 1
index c, o, w in Vocab = 1..N
vector y in R^Vocab
scalar z
```
"""


def _line(words: str) -> Line:
    (line,) = derivation(f"{GIVEN}$$y_w = y_o \\quad {words}$$\n", "own.md").lines
    return line


@pytest.mark.parametrize("words", [r"\text{if } w \ne o", r"\text{where } w \neq o."])
def test_a_condition_in_words_is_taken(words: str) -> None:
    assert isinstance(_line(words).claim.conditions[0], Unequal)


@pytest.mark.parametrize(
    "words", [r"\text{for all } w", r"\text{for every } w, o", r"\text{for } w \in Vocab"]
)
def test_words_that_say_a_letter_may_be_anything_say_nothing_new(words: str) -> None:
    line = _line(words)
    assert line.claim.conditions == ()
    assert line.notes == ()


@pytest.mark.parametrize(
    "words",
    [r"\text{if } z = 2", r"\text{where } z < y_w", r"\text{for } w < o", r"\text{for } w \in W"],
)
def test_a_condition_that_cannot_be_taken_is_refused_with_its_place(words: str) -> None:
    with pytest.raises(UnreadableFile, match=r"own.md:7:\d+: .*"):
        _line(words)


def test_other_words_are_noted() -> None:
    assert _line(r"\text{(where we drew } w)").notes == ("the remark '(where we drew' is not read",)


# A name that is declared elsewhere, or only as what a function is taken of, is told so.


TEXT = r"""## Exercise 1
```given
size n >= 1
vector w, x in R^n
define \sigma(z) = \frac{1}{1 + e^{-z}}
```
$$w = w$$
$$\sigma(z) = z^\top z$$
$$q = q$$
## Exercise 2
```given
scalar b
define f = w^T x
```
$$w = w$$
$$b = b$$
"""


def test_the_advice_says_where_a_name_is_declared() -> None:
    found = reading(TEXT, "own.md")
    advice = {each.id: each.problem.advice for each in found.entries if isinstance(each, NotRead)}
    assert "stands for what \\sigma is taken of" in advice["1.2"]
    assert advice["1.3"] == "declare it in a ```given block"
    assert "w is declared in part 1 only; declare it above the first heading" in advice["2.1"]
    (problem,) = found.problems
    assert "w is declared in part 1 only" in problem.advice

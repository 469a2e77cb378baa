"""Meaning one: the entry of every node, against what is written out by hand."""

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from sympy import (
    Derivative,
    Expr,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Rational,
    Symbol,
    exp,
    log,
    pi,
    sqrt,
)

from derivations.indices import Entries, Index, IndexProduct, IndexSum, Names, WordArray, total
from derivations.language import index_nodes as determinant
from derivations.language import tree
from derivations.language.functions import (
    ABOVE,
    EXP,
    GREATEST,
    LOG,
    NOT_BELOW,
    SQRT,
    TANH,
    Above,
    AbsoluteValue,
    Nowhere,
    Selected,
)
from derivations.language.index_form import entry_at, entry_of, sides
from derivations.language.index_nodes import Applied, InverseEntry, Opaque, applied
from derivations.language.traversal import parts
from derivations.language.tree import (
    Apply,
    Arbitrary,
    ArbitraryCall,
    Array,
    Call,
    Cases,
    Choice,
    Comparison,
    Constant,
    Definition,
    Determinant,
    Entry,
    Entrywise,
    Extremum,
    ExtremumOver,
    Identity,
    IllTyped,
    IndexedProduct,
    IndexNumber,
    IndexVariable,
    Indicator,
    InnerProduct,
    Inverse,
    ListEntry,
    Mapped,
    MatrixProduct,
    Member,
    Negative,
    Number,
    Numbered,
    Offset,
    Pi,
    Plus,
    Power,
    Quotient,
    Reference,
    Row,
    Rows,
    Size,
    Slice,
    Sum,
    Table,
    Term,
    Times,
    Trace,
    Transpose,
    Variable,
    Zeros,
    notation,
)
from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import difference
from tests.language.terms import (
    COLUMNS,
    DRAWN,
    FAMILY,
    LETTERS,
    OFFSETS,
    ROWS,
    VARIABLES,
    WORDS,
    m,
    n,
)

CALLED = {variable.name: variable for variable in VARIABLES}
a, b, x, y, r, A, B, C, U, t = (Reference(CALLED[name]) for name in "abxyrABCUt")
s, o, c, q, place = LETTERS
k = IndexVariable(ROWS, "k")  # bound in what follows
TWO, HALF = Number(Fraction(2)), Number(Fraction(1, 2))

# what these are in SymPy; i and h are the names that bound indices get first
s_, o_, c_, k_ = (Index(each.name, each.space) for each in (s, o, c, k))
q_ = Index("q", q.space)
i, h = Index("i", ROWS), Index("h", ROWS)
a_row, b_row = Index("a", ROWS), Index("b", ROWS)
w = WordArray("w", WORDS)
a_, b_ = Symbol("a", real=True), Symbol("b", real=True)
x_, y_, r_, A_, B_, C_, U_, t_ = (IndexedBase(name) for name in "xyrABCUt")
DETERMINED = determinant.Determinant(Entries(A_[i, h], i, h))


def different(left: Member, right: Member) -> Comparison:
    return Comparison(left, right, negated=True)


NUMBERS: dict[str, tuple[Term, Expr]] = {
    "a rational number": (HALF, Rational(1, 2)),
    "a size": (Size("n", 1), n),
    "a size that may be zero": (Size("m", 0), m),
    "a variable": (a, a_),
    "an index as a number": (IndexNumber(s), s_),
    "an index further on": (IndexNumber(Offset(s, Number(Fraction(1)))), s_ + 1),
    "the last index": (IndexNumber(Offset(None, Size("n", 1))), n),
    "an entry": (Entry(A, (s, Numbered(1))), A_[s_, 1]),
    "an entry of a transpose": (Entry(Transpose(A), (s, Numbered(1))), A_[1, s_]),
    "an entry of a row vector": (Entry(r, (s,)), r_[s_]),
    "an entry at the last member": (Entry(x, (Offset(None, Size("n", 1)),)), x_[n]),
    "an entry at a drawn word": (Entry(t, (ListEntry(DRAWN, q),)), t_[w[q_]]),
    "an entry of a product": (Entry(MatrixProduct(A, x), (s,)), total(A_[s_, i] * x_[i], i)),
    "an entry of one row": (Entry(Row(U, o), (s,)), U_[o_, s_]),
    "an indicator": (
        Indicator((Comparison(o, ListEntry(DRAWN, q)), different(o, c))),
        KroneckerDelta(o_, w[q_]) * (1 - KroneckerDelta(o_, c_)),
    ),
    "an indicator of one member twice": (Indicator((different(o, o),)), Integer(0)),
    "cases, the first that holds": (
        Cases(((Comparison(o, c),), (different(o, ListEntry(DRAWN, q)),)), (a, b, Apply(EXP, a))),
        KroneckerDelta(o_, c_) * a_
        + (1 - KroneckerDelta(o_, c_)) * (1 - KroneckerDelta(o_, w[q_])) * b_
        + exp(a_) * (1 - KroneckerDelta(o_, c_)) * KroneckerDelta(o_, w[q_]),
    ),
    "the value whose test holds": (
        Choice((Apply(ABOVE, a), Apply(NOT_BELOW, b)), (a, b, TWO)),
        Selected(Above(a_), a_, Selected(1 - Above(-b_), b_, Integer(2))),
    ),
    "no value where no test holds": (
        Choice((Apply(ABOVE, a),), (b,)),
        Selected(Above(a_), b_, Nowhere()),
    ),
    "a sum": (Sum(k, Entry(x, (k,))), total(x_[k_], k_)),
    "a sum up to a free index": (
        Sum(k, Entry(x, (k,)), upper=IndexNumber(s)),
        IndexSum(x_[k_], (k_, 1, s_)),
    ),
    "a sum under a condition": (
        Sum(k, Entry(x, (k,)), where=(different(k, s),)),
        total((1 - KroneckerDelta(k_, s_)) * x_[k_], k_),
    ),
    "the greatest over a range": (
        ExtremumOver(k, Entry(x, (k,))),
        applied(GREATEST, 0, (1, 1))(Entries(x_[k_], k_), Entries(Integer(1), k_)),
    ),
    "the least under a condition": (
        ExtremumOver(k, Entry(x, (k,)), where=(different(k, s),), least=True),
        -applied(GREATEST, 0, (1, 1))(
            Entries(-x_[k_], k_), Entries(1 - KroneckerDelta(k_, s_), k_)
        ),
    ),
    "a product over a range": (
        IndexedProduct(k, Entry(x, (k,))),
        IndexProduct(x_[k_], (k_, 1, n)),
    ),
    "a product from two on": (
        IndexedProduct(k, Entry(x, (k,)), lower=TWO),
        IndexProduct(1 + (1 - KroneckerDelta(k_, 1)) * (x_[k_] - 1), (k_, 1, n)),
    ),
    "a product under a condition": (
        IndexedProduct(k, Entry(x, (k,)), where=(different(k, s),)),
        IndexProduct(1 + (1 - KroneckerDelta(k_, s_)) * (x_[k_] - 1), (k_, 1, n)),
    ),
    "a sum of numbers of terms": (Plus((a, Negative(b), TWO)), a_ - b_ + 2),
    "a product of numbers": (Times(a, Times(TWO, b)), 2 * a_ * b_),
    "an inner product of columns": (InnerProduct(x, y), total(x_[i] * y_[i], i)),
    "an inner product of matrices": (
        InnerProduct(A, Transpose(B)),
        total(total(A_[i, h] * B_[h, i], i), h),
    ),
    "a row times a column": (MatrixProduct(Transpose(x), y), total(x_[i] * y_[i], i)),
    "a quotient": (Quotient(a, Plus((b, TWO))), a_ / (b_ + 2)),
    "a power": (Power(a, -3), a_**-3),
    "the transpose of a number": (Transpose(a), a_),
    "an exponential": (Apply(EXP, Times(TWO, a)), exp(2 * a_)),
    "the number of a circle": (Pi(), pi),
    "the greatest of two": (Extremum((a, TWO)), (a_ + 2 + AbsoluteValue(a_ - 2)) / 2),
    "the least of two": (Extremum((a, TWO), least=True), (a_ + 2 - AbsoluteValue(a_ - 2)) / 2),
    "a root": (Apply(SQRT, a), sqrt(a_)),
    "a hyperbolic tangent": (Apply(TANH, a), 1 - 2 / (1 + exp(2 * a_))),
    "a logarithm": (Apply(LOG, a), log(a_)),
    "a derivative": (
        tree.Derivative(InnerProduct(x, y), Entry(x, (s,))),
        Derivative(total(x_[i] * y_[i], i), x_[s_], evaluate=False),
    ),
    "what is typed in Python": (Array(total(A_[s_, k_], k_)), total(A_[s_, k_], k_)),
    "a trace": (Trace(MatrixProduct(A, B)), total(total(A_[i, h] * B_[h, i], h), i)),
    "a determinant": (Determinant(A), DETERMINED),
    "the determinant of a transpose": (Determinant(Transpose(A)), DETERMINED),
    "the determinant of an inverse": (Determinant(Inverse(A)), 1 / DETERMINED),
    "the determinant of a product": (Determinant(MatrixProduct(A, A)), DETERMINED**2),
    "the determinant of a multiple": (
        Determinant(Times(a, A)),
        IndexProduct(a_, (i, 1, n)) * DETERMINED,
    ),
    "the determinant of what is negative": (
        Determinant(Negative(A)),
        IndexProduct(Integer(-1), (i, 1, n)) * DETERMINED,
    ),
    "the determinant of an identity matrix": (Determinant(Identity(ROWS)), Integer(1)),
}


@pytest.mark.parametrize(("term", "wanted"), NUMBERS.values(), ids=NUMBERS)
def test_the_entry_of_a_number(term: Term, wanted: Expr) -> None:
    assert term.shape == ()
    assert entry_of(term) == (wanted, ())


def inverted(row: Index, column: Index) -> Expr:
    return InverseEntry(row, column, Entries(A_[a_row, b_row], a_row, b_row))


# at row i and column h, or a, of whatever set they run over
COLUMN, SQUARE = (i,), (i, h)
ARRAYS: dict[str, tuple[Term, Expr, tuple[Index, ...]]] = {
    "a column": (x, x_[i], COLUMN),
    "a row": (r, r_[i], COLUMN),
    "a matrix": (A, A_[i, h], SQUARE),
    "a transpose": (Transpose(A), A_[h, i], SQUARE),
    "an inverse": (Inverse(A), InverseEntry(i, h, Entries(A_[a_row, b_row], a_row, b_row)), SQUARE),
    "the inverse of a transpose": (Inverse(Transpose(A)), inverted(h, i), SQUARE),
    "the inverse of a multiple": (Inverse(Times(TWO, A)), inverted(i, h) / 2, SQUARE),
    "one matrix of a family": (Slice(FAMILY, o), IndexedBase("S")[o_, i, h], SQUARE),
    "the row of a matrix, as a column": (Row(U, o), U_[o_, i], COLUMN),
    "a table": (Table((k, None), Entry(A, (k, k))), A_[k_, k_], (k_,)),
    "a table of two axes": (
        Table((k, s), Entry(A, (s, k))),
        A_[s_, k_],
        (k_, s_),
    ),
    "a matrix row by row": (Rows(k, Times(Entry(x, (k,)), y)), x_[k_] * y_[i], (k_, i)),
    "a matrix column by column": (
        Rows(k, Times(Entry(x, (k,)), y), as_columns=True),
        x_[k_] * y_[i],
        (i, k_),
    ),
    "zeros": (Zeros((ROWS, None)), Integer(0), COLUMN),
    "a constant": (Constant(a, (ROWS, ROWS)), a_, SQUARE),
    "an identity matrix": (Identity(ROWS), KroneckerDelta(i, h), SQUARE),
    "cases of columns": (
        Cases(((Comparison(o, c),),), (x, y)),
        KroneckerDelta(o_, c_) * x_[i] + (1 - KroneckerDelta(o_, c_)) * y_[i],
        COLUMN,
    ),
    "a sum of columns": (Sum(k, Row(A, k)), total(A_[k_, i], k_), COLUMN),
    "a difference": (Plus((A, Negative(Transpose(B)))), A_[i, h] - B_[h, i], SQUARE),
    "a multiple": (Times(a, x), a_ * x_[i], COLUMN),
    "a multiple from the right": (Times(A, a), a_ * A_[i, h], SQUARE),
    "a product entry by entry": (Entrywise(x, y), x_[i] * y_[i], COLUMN),
    "a column times a row": (MatrixProduct(x, Transpose(y)), x_[i] * y_[h], SQUARE),
    "a quotient entry by entry": (Quotient(x, y), x_[i] / y_[i], COLUMN),
    "a column over a number": (Quotient(x, a), x_[i] / a_, COLUMN),
    "a power of each entry": (Power(A, 2), A_[i, h] ** 2, SQUARE),
    "an exponential of each entry": (Apply(EXP, x), exp(x_[i]), COLUMN),
    "a gradient": (
        tree.Derivative(Power(Entry(x, (s,)), 2), x),
        Derivative(x_[s_] ** 2, x_[i], evaluate=False),
        COLUMN,
    ),
    "a gradient by one row": (
        tree.Derivative(Entry(U, (c, s)), Row(U, o)),
        Derivative(U_[c_, s_], U_[o_, i], evaluate=False),
        COLUMN,
    ),
    "a gradient by a square matrix": (
        tree.Derivative(Entry(A, (s, Numbered(1))), A),
        Derivative(A_[s_, 1], A_[i, h], evaluate=False),
        SQUARE,
    ),
    "a column typed in Python": (Array(x_[k_], (k_, None)), x_[k_], (k_,)),
}


@pytest.mark.parametrize(("term", "wanted", "axes"), ARRAYS.values(), ids=ARRAYS)
def test_the_entry_of_an_array(term: Term, wanted: Expr, axes: tuple[Index, ...]) -> None:
    assert entry_of(term) == (wanted, axes)


def test_every_node_of_the_language_has_an_entry_written_out_here() -> None:
    """Calls and their kin are below."""
    written = [*(term for term, _ in NUMBERS.values()), *(term for term, *_ in ARRAYS.values())]
    here = {type(part) for term in written for part in _with_parts(term)}
    elsewhere = {Call, Mapped, ArbitraryCall}
    assert here | elsewhere == _kinds()


def _with_parts(term: Term) -> list[Term]:
    return [term, *(inner for part in parts(term) for inner in _with_parts(part))]


def _kinds() -> set[type[Term]]:
    found = {each for each in vars(tree).values() if isinstance(each, type)}
    return {each for each in found if issubclass(each, Term) and not each.__subclasses__()}


def test_a_node_that_is_none_of_the_language_is_refused() -> None:
    unknown: Any = SimpleNamespace(shape=())
    with pytest.raises(TypeError, match="no term of the language: SimpleNamespace"):
        entry_of(unknown)


# Names


def part(first: int, back: int) -> Term:
    """The sum of x from ``first`` to ``n - back``."""
    end = Plus((Size("n", 1), Number(Fraction(-back))))
    return Sum(k, Entry(x, (k,)), Number(Fraction(first)), end)


F = Variable((), "z")
SQUARE_OF = Definition("f", (F,), Power(Reference(F), 2), ("f(", 0, ")"))
DEEP = MatrixProduct(A, MatrixProduct(A, MatrixProduct(A, x)))
ONE_K, OTHER_K = IndexVariable(ROWS, "k"), IndexVariable(ROWS, "k")
INNER = Sum(OTHER_K, Entry(A, (ONE_K, OTHER_K)))
WITHIN = Sum(ONE_K, Times(Entry(x, (ONE_K,)), INNER))
MAPPED = Mapped(SQUARE_OF, MatrixProduct(A, x))
NESTED = (DEEP, WITHIN, MAPPED, MatrixProduct(A, B), *map(part, (1, 1, 2, 2), (0, 1, 0, 1)))


def test_nested_products_have_an_index_for_each() -> None:
    """``A (A (A x))``: today's rule of priming what was beside it gave one name twice."""
    first, second, third = (Index(name, ROWS) for name in "hab")
    inner = total(A_[second, third] * x_[third], third)
    wanted = total(A_[i, first] * total(A_[first, second] * inner, second), first)
    assert entry_of(DEEP) == (wanted, (i,))


def test_an_author_s_letter_is_kept_where_it_is_free() -> None:
    declared = Names((("s", ROWS), ("k", ROWS)))
    product = MatrixProduct(Transpose(x), y)
    assert entry_of(product, declared)[0] == total(x_[s_] * y_[s_], s_)
    beside, _ = entry_of(Times(Entry(x, (s,)), product), declared)
    assert beside == x_[s_] * total(x_[k_] * y_[k_], k_)
    letter = IndexVariable(ROWS, "s")
    assert entry_of(Sum(letter, Entry(x, (letter,))))[0] == total(x_[s_], s_)


def test_a_name_that_is_free_on_one_side_is_bound_on_neither() -> None:
    letter = IndexVariable(ROWS, "s")
    left = Sum(letter, Entry(x, (letter,)))
    found = sides(left, Entry(x, (s,)))
    assert found.right == x_[s_]
    assert found.left == total(x_[i], i)


def test_a_name_in_a_condition_is_given_to_nothing_else() -> None:
    assert sides(x, y).axes == (i,)
    assert sides(x, y, taken={"i"}).axes == (h,)


def test_bound_letters_of_one_name_within_one_another_are_two() -> None:
    assert entry_of(WITHIN)[0] == total(x_[k_] * total(A_[k_, i], i), k_)


def test_names_of_sizes_scalars_and_lists_are_no_names_of_indices() -> None:
    letters = [IndexVariable(ROWS, name) for name in ("n", "a", "w", "x")]
    body: Term = Times(a, Entry(t, (ListEntry(DRAWN, q),)))
    for letter in letters:
        body = Sum(letter, Times(body, Entry(x, (letter,))))
    bound = [limit[0].name for node in entry_of(body)[0].atoms(IndexSum) for limit in node.limits]
    assert len(set(bound)) == 4
    assert {"n", "a", "w", "x", "q", "t"}.isdisjoint(bound)


def test_both_sides_are_at_the_same_indices() -> None:
    left, right = Array(x_[k_], (k_, None)), Array(y_[s_], (s_, None))
    found = sides(left, right)
    assert (found.left, found.right, found.axes) == (x_[k_], y_[k_], (k_,))


def test_axes_put_into_an_array_capture_nothing() -> None:
    """At axis k, the k that its entry binds gets another name."""
    summed = Array(x_[s_] * total(A_[s_, k_], k_), (s_, None))
    found = sides(Array(x_[k_], (k_, None)), summed)
    ((bound, *_),) = next(iter(found.right.atoms(IndexSum))).limits
    assert bound != k_
    assert found.right == x_[k_] * total(A_[k_, bound], bound)


def test_free_letters_are_told_by_their_variables() -> None:
    found = sides(Entry(x, (s,)), Times(a, Entry(t, (ListEntry(DRAWN, q),))))
    assert found.letters == {s_: s, q_: q}


def test_two_free_letters_of_one_name_are_no_index_notation() -> None:
    with pytest.raises(OutsideFragment, match="s stands for two things"):
        sides(Entry(x, (s,)), Entry(x, (IndexVariable(ROWS, "s"),)))
    with pytest.raises(OutsideFragment, match="a stands for two things"):
        sides(a, Reference(Variable((), "a")))
    one, other = (Arbitrary("f", (Variable((), "u"),)) for _ in range(2))
    with pytest.raises(OutsideFragment, match="f stands for two things"):
        sides(ArbitraryCall(one, (a,)), ArbitraryCall(other, (a,)))


def test_sides_of_two_shapes_are_refused() -> None:
    with pytest.raises(IllTyped, match=r"\(n, 1\) does not fit \(1, n\)"):
        sides(x, Transpose(y))


def test_a_term_at_given_members() -> None:
    letter = IndexVariable(ROWS, "k")
    family = Times(Entry(x, (letter,)), MatrixProduct(A, y))
    found = entry_at(family, {letter: s_}, (i,))
    assert found == x_[s_] * total(A_[i, h] * y_[h], h)


# Parts of a set


PARTS = [(1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (3, 2)]


@pytest.mark.parametrize(("first", "back"), PARTS)
def test_a_part_of_a_set_is_the_set_without_some_members(first: int, back: int) -> None:
    found, _ = entry_of(part(first, back))
    left_out = [Integer(1 + each) for each in range(first - 1)] + [n - each for each in range(back)]
    summand: Expr = x_[k_]
    for member in left_out:
        summand = (1 - KroneckerDelta(k_, member)) * summand
    assert found == total(summand, k_)


@pytest.mark.parametrize("size", range(6))
@pytest.mark.parametrize(("first", "back"), PARTS)
def test_the_factors_pick_the_part_at_every_size(first: int, back: int, size: int) -> None:
    """Also where the members left out are one and the same, or are not there."""
    summand = entry_of(part(first, back))[0].function.subs(x_[k_], 1)
    counted = sum(summand.subs({k_: each, n: size}) for each in range(1, size + 1))
    assert counted == len(range(first, size - back + 1))


def test_a_part_that_leaves_out_many_members_keeps_its_bounds() -> None:
    found, _ = entry_of(Sum(k, Entry(x, (k,)), lower=Number(Fraction(9))))
    assert found == IndexSum(x_[k_], (k_, 9, n))
    window = IndexVariable(OFFSETS, "j")
    found, _ = entry_of(Sum(window, IndexNumber(window), lower=Number(Fraction(0))))
    assert found.limits[0][1] == 0  # how many it leaves out depends on a size


# Functions


def test_a_definition_of_a_number_is_applied_and_mapped_folded() -> None:
    called, _ = entry_of(Call(SQUARE_OF, (Plus((a, b)),)))
    assert str(called) == "f(a + b)"
    assert called.opened == (a_ + b_) ** 2
    mapped, axes = entry_of(MAPPED)
    assert axes == (i,)
    assert mapped == called.func(total(A_[i, h] * x_[h], h))


def test_an_arbitrary_function_of_declared_arrays_is_of_their_labels() -> None:
    row, whole = Variable((ROWS, None), "v"), Variable((WORDS, None), "m")
    function = Arbitrary("J", (row, IndexVariable(WORDS, "l"), whole))
    value, _ = entry_of(ArbitraryCall(function, (Row(U, c), o, t)))
    assert isinstance(value, Opaque)
    assert str(value) == "J(c, o)"
    assert value.rows == {U_: 0, t_: None}


def test_an_arbitrary_function_of_any_other_array_is_of_its_entries() -> None:
    function = Arbitrary("f", (Variable((ROWS, None), "v"),))
    value, _ = entry_of(ArbitraryCall(function, (MatrixProduct(A, x),)))
    (array,) = value.args
    assert isinstance(value, Applied)
    (index,) = array.indices
    assert array.entry == total(A_[index, h] * x_[h], h)


def test_an_arbitrary_function_of_a_matrix_is_not_that_of_its_transpose() -> None:
    function = Arbitrary("f", (Variable((ROWS, ROWS), "M"),))
    of_matrix, of_transpose = (ArbitraryCall(function, (each,)) for each in (A, Transpose(A)))
    same, other = sides(of_matrix, of_matrix), sides(of_matrix, of_transpose)
    assert difference(same.left, same.right) == ()
    assert len(difference(other.left, other.right)) == 2


def test_an_arbitrary_function_of_one_array_is_not_that_of_another() -> None:
    function = Arbitrary("f", (Variable((ROWS, None), "v"),))
    added = Plus((x, Zeros((ROWS, None))))
    of_x, of_y, of_sum = (ArbitraryCall(function, (each,)) for each in (x, y, added))
    two, one = sides(of_x, of_y), sides(of_x, of_sum)
    assert len(difference(two.left, two.right)) == 2
    assert difference(one.left, one.right) == ()


# How terms typed in Python are called


v = Array(x_[i], (i, None), "v_c")
M = Array(A_[i, h], (i, h), "U")
z = Array(y_[h], (h, None), "(ŷ − y)")


def test_matrix_algebra_is_called_by_the_names_of_its_arrays() -> None:
    assert notation(MatrixProduct(Transpose(M), z)) == "Uᵀ (ŷ − y)"
    assert notation(Plus((v, Negative(z)))) == "(v_c − (ŷ − y))"
    assert notation(MatrixProduct(M, x)) == ""


def test_what_does_not_fit_is_called_so_too() -> None:
    misfit = v @ z
    assert isinstance(misfit, tree.Misfit)
    assert str(misfit) == "v_c (ŷ − y): (n, 1) does not fit (n, 1)"


def test_columns_and_rows_over_other_sets_do_not_fit() -> None:
    with pytest.raises(IllTyped):
        MatrixProduct(C, x)
    assert MatrixProduct(Transpose(C), x).shape == (COLUMNS, None)

"""Smart constructors of terms, with shapes fitted and bounded: arithmetic, functions of arrays.

Sums, products, quotients, powers; trace, determinant, inverse, norms, softmax, mean, variance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial, reduce
from itertools import combinations, permutations

from sympy import Integer

from derivations.claim import OneOfTwo, SumsTo
from derivations.indices import IndexSet, Names
from derivations.language.functions import (
    ABS,
    COSH,
    EXP,
    LOG,
    SIGMOID,
    SINH,
    SOFTPLUS,
    SQRT,
    TANH,
    Elementary,
)
from derivations.language.index_form import size_expression, size_term
from derivations.language.traversal import free_in, parts
from derivations.language.tree import (
    Apply,
    Call,
    Comparison,
    Constant,
    Definition,
    Determinant,
    Entry,
    Entrywise,
    Identity,
    IndexedProduct,
    IndexNumber,
    IndexVariable,
    Indicator,
    InnerProduct,
    Mapped,
    MatrixProduct,
    Negative,
    Number,
    Numbered,
    Pi,
    Plus,
    Power,
    Quotient,
    Ranged,
    Reference,
    Row,
    Rows,
    Shape,
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
    vector_axis,
)
from derivations.reader.elaborate.properties import (
    inverse,
    is_above_zero,
    is_inner,
    is_invertible,
    is_of_ones,
    of_no_size,
    ones,
    outer,
    sized,
    sized_as,
    sized_to,
    squared,
)
from derivations.reader.environment import (
    Environment,
    Scope,
    UnsizedOnes,
    UnsizedOuter,
    fitted,
    ill_formed,
    is_dotted,
    is_unsized,
    scalar,
    shape_of,
)
from derivations.reader.latex_commands import ARRAY_FUNCTIONS
from derivations.reader.source import (
    MOST_BITS,
    MOST_DEEP,
    MOST_DEGREE,
    MOST_MATRICES,
    MOST_POWER,
    MOST_TOWER,
    MOST_UNFOLDED,
    Question,
    Unreadable,
)
from derivations.reader.syntax import Content, Leaf, Node, written

# Powers by a number that is 0 or 1, or is -1 or 1: ``a^y`` is 1 or a, which is 1 - y + y a.
#
# That is exact at both values, whatever the base is; where y is -1 or 1 it is a or one over a.


_ONE, TWO = Number(Fraction(1)), Number(Fraction(2))


def _chosen_power(base: Term, exponent: Term, conditions: Iterable[object]) -> Term | None:
    """The power; None where the exponent is no number of two values."""
    said = {each.of.name: bool(each.signs) for each in conditions if isinstance(each, OneOfTwo)}
    one = _as_one(exponent, said)
    if one is not None:
        return Plus((Plus((_ONE, Negative(one))), Times(one, base)))
    if not _signs(exponent, said):
        return None
    up, down = (Quotient(Plus((_ONE, each)), TWO) for each in (exponent, Negative(exponent)))
    return Plus((Times(up, base), Quotient(down, base)))


def _as_one(exponent: Term, said: dict[str, bool]) -> Term | None:
    """The exponent, if it is 0 or 1."""
    match exponent:
        case Indicator():
            return exponent
        case Plus((Number(number), Negative(taken))) if number == 1:
            return exponent if _as_one(taken, said) is not None else None
        case Reference(variable) | Entry(Reference(variable)) if not exponent.shape:
            return exponent if said.get(variable.name) is False else None
    return None


def _signs(exponent: Term, said: dict[str, bool]) -> bool:
    """Whether the exponent is -1 or 1."""
    match exponent:
        case Negative(of):
            return _signs(of, said)
        case Reference(variable) | Entry(Reference(variable)) if not exponent.shape:
            return bool(said.get(variable.name))
    return False


@dataclass(frozen=True)
class Measure:
    """Nodes, how deep they are nested, and the largest product of exponents within exponents.

    ``tower`` is how many exponentials of a number, a term without letters, are within one
    another: SymPy calculates with such a number, and soon cannot.
    """

    nodes: int = 1
    deep: int = 1
    degree: int = 1
    tower: int = 0
    is_number: bool = True

    @property
    def excess(self) -> str:
        """What is too much of it; empty where nothing is."""
        if self.nodes > MOST_UNFOLDED:
            return f"larger than {MOST_UNFOLDED} when its definitions are written out"
        if self.deep > MOST_DEEP:
            return f"nested deeper than {MOST_DEEP} when its definitions are written out"
        if self.degree > MOST_DEGREE:
            return f"exponents within exponents above {MOST_DEGREE}"
        if self.tower > MOST_TOWER:
            return f"more than {MOST_TOWER} exponentials of a number within one another"
        return ""


Inside = Mapping[Variable, Measure]
_Known = dict[tuple[Definition, tuple[Measure, ...]], Measure]
LETTER = Measure(is_number=False)
MOST_WRITTEN_OUT = 4  # rows of a matrix whose determinant is a sum of products
EXPONENTIALS = (EXP, SINH, COSH, TANH, SIGMOID, SOFTPLUS)  # what an exponential is made for


def measured(term: Term) -> Measure:
    """The measure of a term with its definitions written out."""
    return _measured(term, {}, {})


def _measured(term: Term, inside: Inside, known: _Known) -> Measure:
    if isinstance(term, Reference):
        return inside.get(term.variable, LETTER)
    if isinstance(term, Size | IndexNumber):
        return LETTER
    if isinstance(term, Call):
        arguments = [each for each in term.arguments if isinstance(each, Term)]  # no members
        return _called(term.definition, [_measured(a, inside, known) for a in arguments], known)
    found = [_measured(part, inside, known) for part in parts(term)]
    if isinstance(term, Mapped):
        return _called(term.definition, found, known)
    if not found:
        return Measure(is_number=isinstance(term, Number | Pi))
    is_number = all(each.is_number for each in found) and not isinstance(term, Ranged)
    tower = max(each.tower for each in found)
    if isinstance(term, Apply) and term.function in EXPONENTIALS and is_number:
        tower += 1
    # beyond the bounds how far does not matter
    return Measure(
        min(1 + sum(each.nodes for each in found), MOST_UNFOLDED + 1),
        min(1 + max(each.deep for each in found), MOST_DEEP + 1),
        min(max(each.degree for each in found) * _exponent(term), MOST_DEGREE + 1),
        min(tower, MOST_TOWER + 1),
        is_number,
    )


def _called(definition: Definition, arguments: list[Measure], known: _Known) -> Measure:
    """The measure of the body, its parameters as large as the arguments."""
    key = (definition, tuple(arguments))
    if key not in known:
        variables = [p for p in definition.parameters if not isinstance(p, IndexVariable)]
        values = dict(zip(variables, arguments, strict=True))
        known[key] = _measured(definition.body, values, known)
    return known[key]


def _exponent(term: Term) -> int:
    if isinstance(term, Power):
        return max(abs(term.exponent), 1)
    if isinstance(term, Apply) and term.function is EXP:
        return _coefficient(term.of)
    return 1


def _coefficient(term: Term) -> int:
    """The whole number that an exponent is multiplied by: exp(3 x) is a third power."""
    match term:
        case Negative(of=inner):
            return _coefficient(inner)
        case Number(value=value):
            return max(abs(int(value)), 1)
        case Times(left=left, right=right):
            return _coefficient(left) * _coefficient(right)
    return 1


# Arithmetic of terms: sums, products, quotients, powers and elementary functions, with what fits
# any shape fitted.
#
# A zero that was written fits any shape; a number beside a vector is the vector of that number;
# an ``I`` that nobody declared is the identity matrix, a bold 1 the vector of ones, of the size
# that its neighbours say.


def is_zero(value: Term) -> bool:
    """Whether this is a zero that was written; one that comes out of a sum is none."""
    return isinstance(value, Number) and value.value == 0


def constant_of(value: Term) -> Fraction | None:
    """The rational number that a term without letters is; None for any other term."""
    match value:
        case Number(value=number):
            return number
        case Negative(of=inner):
            found = constant_of(inner)
            return None if found is None else -found
        case Plus(parts=parts):
            numbers = [constant_of(part) for part in parts]
            known = [number for number in numbers if number is not None]
            return sum(known, Fraction(0)) if len(known) == len(numbers) else None
        case Times(left=left, right=right):
            one, other = constant_of(left), constant_of(right)
            return None if one is None or other is None else one * other
        case Quotient(over=above, under=below):
            one, other = constant_of(above), constant_of(below)
            return None if one is None or not other else one / other
        case Power(base=base, exponent=exponent):
            found = constant_of(base)
            return None if found is None or (not found and exponent < 0) else found**exponent
    return None


def plus(parts: list[Term], node: Node, here: Environment) -> Term:
    """The sum of terms, those that fit any shape in the shape of the others."""
    found = with_biases(alike(parts, node, here), node, here)
    return fitted(node, lambda: Plus(found))


def alike(parts: list[Term], node: Node, here: Environment) -> tuple[Term, ...]:
    """Terms, those that fit any shape in the shape of the others."""
    shaped = max((part.shape for part in parts), key=_axes)
    return tuple(_shaped(part, shaped, node, here) if shaped else part for part in parts)


def _axes(shape: Shape) -> int:
    """How many axes a shape has that are not of length one; less than none for a number."""
    return sum(axis is not None for axis in shape) if shape else -1


def of_any_size(part: Term, shape: Shape) -> Term:
    """A zero, or what has no size, in a shape; anything else as it is."""
    if part.shape or not shape:
        return part
    if is_zero(part) or (isinstance(part, Negative) and is_zero(part.of)):
        return Zeros(shape)
    return (sized_as(part, shape) or part) if is_unsized(part) else part


def _shaped(part: Term, shape: Shape, node: Node, here: Environment) -> Term:
    part = of_any_size(part, shape)
    if part.shape or not shape:
        return part
    row, column = shape
    if is_unsized(part):
        if of_no_size(part) == "the matrix of ones":
            raise _which_ones(node)
        raise ill_formed(node, of_no_size(part), f"shape {shape_of(Zeros(shape))}")
    number = constant_of(part)
    is_square = row == column  # where a number may be that multiple of I
    if number is not None and (not is_square or here.by_entries):
        here.mention(f"the number {_spelled(number)} in {written(node)} is read in every entry")
        return Constant(part, shape)
    if _is_made_of_products(part):
        return part
    what = "a number beside a vector: is it meant in every entry?"
    if is_square and not here.by_entries:
        advice = "write the number times I, or times a matrix of ones"
        raise Unreadable(node.at, written(node), what.replace("vector", "matrix"), advice)
    here.mention(f"the number beside a vector in {written(node)} is read in every entry")
    here.question(Question(node.at, written(node), what, "write it times \\mathbf{1}"))
    return Constant(part, shape)


def _is_made_of_products(number: Term) -> bool:
    """Whether a number is a product of vectors, or such numbers added up: no author's constant."""
    match number:
        case MatrixProduct() | InnerProduct():
            return not any(isinstance(each, Constant) for each in (number.left, number.right))
        case Times(left=left, right=right):
            return _is_made_of_products(left) or _is_made_of_products(right)
        case Plus(parts=parts):
            return any(map(_is_made_of_products, parts))
        case Negative(of=inner) | Sum(body=inner) | Quotient(over=inner) | Power(base=inner):
            return _is_made_of_products(inner)
    return False


def _spelled(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else f"{number.numerator}/{number.denominator}"


def times(left: Term, right: Term, node: Node, here: Environment) -> Term:
    """Side by side: a multiple, or the matrix product."""
    if is_unsized(left) or is_unsized(right):
        left, right = _sized_beside(left, right, node, here)
    if is_unsized(left) and right == Number(Fraction(1)):
        return left
    if is_dotted() and left.shape == right.shape and _is_vector(left, 0):
        return fitted(node, lambda: MatrixProduct(Transpose(left), right))
    if left.shape and right.shape:
        return fitted(node, lambda: MatrixProduct(left, right))
    return fitted(node, lambda: Times(left, right))


def _sized_beside(left: Term, right: Term, node: Node, here: Environment) -> tuple[Term, Term]:
    """What has no size takes that of the side of its neighbour that it touches."""
    if is_unsized(left) and right.shape and right.shape[0] is not None:
        found = sized_to(left, right.shape[0])
        if found is None or found.shape[1:] != (right.shape[0],):
            square = squared(left)
            if square is None:
                raise _which_ones(node)
            found = sized(square, right.shape[0])
            here.note(f"the bold 1 in {written(node)} is read as a square matrix of ones")
            here.question(_which_ones(node))
        return found, right
    if is_unsized(right) and left.shape and left.shape[1] is not None:
        found = sized(right, left.shape[1])
        if found.shape[:1] != (left.shape[1],):
            raise _which_ones(node)
        return left, found
    is_row, is_column = _is_vector(right, 1), _is_vector(left, 0)
    if isinstance(left, UnsizedOnes) and not left.turned and is_row:
        return UnsizedOuter(right, True), Number(Fraction(1))
    if isinstance(right, UnsizedOnes) and right.turned and is_column:
        return UnsizedOuter(left, False), Number(Fraction(1))
    both = outer(left, right)
    if both is not None:
        return both, Number(Fraction(1))
    only = _only_range(here) if is_inner(left, right) else None
    if only is not None:
        over = f"{only.lower}..{only.upper}"
        here.mention(f"the ones in {written(node)} are over {over}, all there is")
        here.question(_which_ones(node))
        return sized(left, only), sized(right, only)
    arrays = [each for each in (left, right) if each.shape or is_unsized(each)]
    if len(arrays) == 2 and any(is_unsized(each) and is_of_ones(each) for each in arrays):
        raise _which_ones(node)
    return left, right


def _only_range(here: Environment) -> IndexSet | None:
    """The one set that all that is declared runs over; None where there are more."""
    scope = here.scope
    shapes = (thing.body.shape for thing in scope.things.values())
    found = {axis for shape in shapes for axis in shape if axis is not None}
    found |= {letter.space for letter in scope.letters.values()}
    return found.pop() if len(found) == 1 else None


def _is_vector(value: Term, along: int) -> bool:
    """Whether the one axis of an array is that of its rows (0), or of its columns (1)."""
    return (
        vector_axis(value.shape) is not None
        and bool(value.shape)
        and value.shape[along] is not None
    )


def _which_ones(node: Node) -> Question:
    what = "ones of which size: a column, a row or a matrix?"
    return Question(node.at, written(node), what, r"write \mathbf{1}_n, or \mathbf{1}_n^T")


def with_biases(parts: tuple[Term, ...], node: Node, here: Environment) -> tuple[Term, ...]:
    """Summands, the named vectors among them added to each row or column of the matrices.

    That is what ``X W + b`` says of a batch: a row, or a column as long as the rows, is added to
    each row; a column as long as the columns to each column. Of a square matrix either is.
    """
    matrices = [part.shape for part in parts if part.shape and None not in part.shape]
    if not matrices:
        return parts
    return tuple(_bias(part, matrices[0], node, here) for part in parts)


def _bias(part: Term, shape: Shape, node: Node, here: Environment) -> Term:
    if isinstance(part, Negative):
        found = _bias(part.of, shape, node, here)
        return part if found is part.of else Negative(found)
    inner = part.of if isinstance(part, Transpose) else part
    if not isinstance(inner, Reference | Call) or None not in part.shape or not shape:
        return part
    row, column = shape
    assert row is not None
    assert column is not None
    across = part if part.shape == (None, column) else Transpose(part)
    if across is part or (part.shape == (column, None) and row != column):
        here.mention(f"a vector is added to each row in {written(node)}")
        return MatrixProduct(ones(row), across)
    if part.shape == (row, None) and row != column:
        here.mention(f"a vector is added to each column in {written(node)}")
        return MatrixProduct(part, ones(column, turned=True))
    return part


def dot(left: Term, right: Term, node: Node, here: Environment) -> Term:
    """``u \\cdot v``: a multiple, or the inner product of two of one shape."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, UnsizedOnes) and not one.turned and None in other.shape[1:]:
            here.mention(f"{written(node)} is read as an inner product")
            column = sized_as(one, other.shape) or one
            return fitted(node, partial(InnerProduct, column, other))
    if not left.shape or not right.shape:
        return times(left, right, node, here)
    is_matrix = None not in left.shape or None not in right.shape
    if (is_matrix or left.shape != right.shape) and _is_product(left, right):
        if left.shape[0] is not None and left.shape == right.shape[::-1] and not is_matrix:
            advice = "write x y^T, or x^T y"
            raise Unreadable(node.at, written(node), "an outer or an inner product?", advice)
        here.mention(f"the \\cdot in {written(node)} is read as a matrix product")
        return times(left, right, node, here)
    if is_matrix:
        advice = "write \\odot for entry by entry, \\langle A, B \\rangle for a number"
        raise Unreadable(node.at, written(node), "which product of matrices is this?", advice)
    return fitted(node, lambda: InnerProduct(left, right))


def inner(left: Term, right: Term, node: Node, here: Environment) -> Term:
    """``\\langle u, v \\rangle``: the sum of the products of corresponding entries."""
    if not left.shape or not right.shape:
        return times(left, right, node, here)
    if left.shape == right.shape[::-1] != right.shape:
        return dot(left, right, node, here)
    return fitted(node, lambda: InnerProduct(left, right))


def _is_product(left: Term, right: Term) -> bool:
    """Whether the matrix product fits, over an axis that is there."""
    inner = left.shape[1] if left.shape else None
    if inner is None and right.shape[:1] == (None,):
        return left.shape != right.shape  # an outer product
    return inner is not None and right.shape[:1] == (inner,)


def entrywise(left: Term, right: Term, node: Node, here: Environment) -> Term:
    """``u \\odot v``; a number times each entry is a multiple."""
    left, right = _sized_by(left, right, node), _sized_by(right, left, node)
    if (left.shape or right.shape) and not (left.shape and right.shape):
        here.mention(f"a number in {written(node)} is read as a factor of each entry")
    if not left.shape or not right.shape:
        return times(left, right, node, here)
    return fitted(node, lambda: Entrywise(left, right))


def _sized_by(value: Term, other: Term, node: Node) -> Term:
    """What fits any size in the shape of the other factor, entry by entry."""
    if not is_unsized(value) or not (other.shape or is_unsized(other)):
        return value
    found = sized_as(value, other.shape)
    if found is None:
        what, advice = f"of which size is {of_no_size(value)}?", r"write its size, as in I_n"
        raise Unreadable(node.at, written(node), what, advice)
    return found


def over(left: Term, right: Term, node: Node, here: Environment) -> Term:
    """Divided by a number, or entry by entry by a vector of the same shape."""
    if is_zero(right) or constant_of(right) == 0:
        raise ill_formed(node, "zero", "a divisor")
    if right.shape:
        if isinstance(left, UnsizedOnes) and vector_axis(right.shape) is not None:
            left = Constant(Number(Fraction(1)), right.shape)
        if not left.shape and (right.shape[0] is None) != (right.shape[1] is None):
            here.question(Question(node.at, written(node), "is this meant entry by entry?"))
            left = Constant(left, right.shape)
        if left.shape != right.shape or None not in right.shape:
            raise ill_formed(node, f"shape {shape_of(right)}", "a divisor, which is a number")
        here.mention(f"{written(node)} is read entry by entry")
    return fitted(node, lambda: Quotient(left, right))


def entry_by_entry(left: Term, right: Term, node: Node) -> Term:
    """``u \\oslash v``."""
    shape = left.shape or right.shape
    if is_zero(right) or constant_of(right) == 0:
        raise ill_formed(node, "zero", "a divisor")
    above = left if left.shape or not shape else Constant(left, shape)
    return fitted(node, lambda: Quotient(above, right))


def transposed(value: Term, node: Node) -> Term:
    """The transpose; a number is its own."""
    if isinstance(value, UnsizedOnes):
        return UnsizedOnes(not value.turned)
    if not value.shape and is_unsized(value) and is_of_ones(value):
        raise _which_ones(node)
    return fitted(node, lambda: Transpose(value)) if value.shape else value


def powered(value: Term, exponent: Node, node: Node, here: Environment) -> Term:
    """A number to a power, whole or half of a whole one; one above zero to any."""
    if is_unsized(value):
        what, advice = "a power of what has no size yet", r"write its size, as in I_n"
        raise Unreadable(node.at, written(node), what, advice)
    raised = scalar(exponent, here, "an exponent") if not value.shape else None
    number = constant_of(raised) if raised is not None else None
    if raised is not None and is_above_zero(value, here.scope) and number is None:
        here.mention(f"{written(node)} is read as an exponential of the logarithm")
        logarithm = applied_to(LOG, value, node, here)
        return exponential(fitted(node, lambda: Times(raised, logarithm)), node)
    chosen = _chosen_power(value, raised, here.scope.conditions) if raised is not None else None
    if chosen is not None:
        here.mention(f"{written(node)} is read as one of two powers")
        return chosen
    counted = _power_of_size(value, raised, here.scope) if raised is not None else None
    if counted is not None:
        here.mention(f"{written(node)} is read as a product of so many factors")
        return counted
    halves = number is not None and number.denominator == 2
    power = exponent_of(exponent, here, halves=halves)
    if value.shape and value.shape[0] == value.shape[1]:
        return _matrix_power(value, power, node, here)
    by_entries = here.by_entries and value.shape and value.shape[0] != value.shape[1]
    if by_entries and power > 0:
        here.mention(f"{written(node)} is read entry by entry")
        return power_of(value, power, node)
    if value.shape and None in value.shape and power == -1:
        here.mention(f"{written(node)} is read as one over each entry")
        return fitted(node, lambda: Power(value, -1))
    if value.shape and None in value.shape:
        what, advice = "a power of a vector", r"write x^{\odot 2} entry by entry, or x^T x"
        raise Unreadable(node.at, written(node), what, advice)
    if value.shape:
        wanted = (
            "an inverse, of a square matrix" if power == -1 else "a power, which is of a number"
        )
        raise ill_formed(node, f"shape {shape_of(value)}", wanted)
    if halves:
        value = applied_to(SQRT, value, node, here)
    return value if halves and power == 1 else power_of(value, power, node)


def _power_of_size(value: Term, raised: Term, scope: Scope) -> Term | None:
    """``a^n`` of a size n, or ``a^{n+1}``, or one over it: a product of so many factors."""
    if isinstance(raised, Negative):
        found = _power_of_size(value, raised.of, scope)
        return None if found is None else Quotient(Number(Fraction(1)), found)
    if isinstance(raised, Times) and (times := constant_of(raised.left)) is not None:
        found = _power_of_size(value, raised.right, scope)
        whole = times.denominator == 1 and 0 < times <= MOST_POWER
        return Power(found, int(times)) if found is not None and whole else None
    parts = raised.parts if isinstance(raised, Plus) else (raised,)
    sizes = [each for each in parts if isinstance(each, Size)]
    more = [constant_of(each) for each in parts if not isinstance(each, Size)]
    if len(sizes) != 1 or any(each is None or each.denominator != 1 for each in more):
        return None
    count = int(sum((each for each in more if each is not None), Fraction(0)))
    if sizes[0].least + count < 0 or abs(count) > MOST_POWER:
        return None
    upper = size_expression(sizes[0])
    assert upper is not None
    declared = (each.space for each in scope.letters.values())
    spaces = (each for each in declared if (each.lower, each.upper) == (1, upper))
    space = next((each for each in spaces if not each.labels), None)
    space = space or IndexSet(f"1..{upper}", Integer(1), upper, inhabited=sizes[0].least > 0)
    over = IndexVariable(space, "factor", "m")
    if count < 0:
        return IndexedProduct(over, value, upper=raised)
    product = IndexedProduct(over, value)
    return Times(product, Power(value, count)) if count else product


def _matrix_power(value: Term, power: int, node: Node, here: Environment) -> Term:
    """A square matrix times itself, or its inverse times itself."""
    if power == -1:
        return inverse(value, node, here)
    if here.by_entries or not 1 <= abs(power) <= MOST_MATRICES:
        what = f"a power of a matrix entry by entry, or above {MOST_MATRICES}"
        advice = r"write A A for a product, A^{\odot 2} entry by entry"
        raise Unreadable(node.at, written(node), what, advice)
    if power != 1:
        here.mention(f"{written(node)} is read as a product of matrices")
    base = value if power > 0 else inverse(value, node, here)
    found = base
    for _ in range(abs(power) - 1):
        found = MatrixProduct(found, base)
    return found


def exponent_of(exponent: Node, here: Environment, *, halves: bool = False) -> int:
    """The whole number that an exponent is, or that its double is."""
    power = constant_of(scalar(exponent, here, "an exponent"))
    if power is not None and halves:
        power *= 2
    if power is None or power.denominator != 1:
        advice = "only whole numbers and their halves are; others of what is declared above zero"
        raise Unreadable(exponent.at, written(exponent), "this exponent is not read", advice)
    if abs(power) > MOST_POWER:
        raise Unreadable(exponent.at, written(exponent), f"an exponent above {MOST_POWER}")
    return int(power)


def power_of(value: Term, power: int, node: Node) -> Term:
    """A whole power, of each entry."""
    if power < 0 and is_zero(value):
        raise ill_formed(node, "zero", "a divisor")
    number = constant_of(value)
    if number is not None:
        digits = number.numerator.bit_length() + number.denominator.bit_length()
        if digits * abs(power) > MOST_BITS:
            excess = f"a number of more than {MOST_BITS} bits"
            raise Unreadable(node.at, written(node)[:40], excess)
    return fitted(node, lambda: Power(value, power))


def applied_to(function: Elementary, argument: Term, whole: Node, here: Environment) -> Term:
    """An elementary function of a number, or of each entry."""
    if argument.shape:
        here.mention(f"{written(whole)} is read entry by entry")
    if function is EXP:
        return exponential(argument, whole)
    number = constant_of(argument)
    least = {LOG: number is not None and number <= 0, SQRT: number is not None and number < 0}
    if least.get(function):
        raise ill_formed(whole, "this argument", f"\\{function.name}, which has no value there")
    return fitted(whole, lambda: Apply(function, argument))


def exponential(raised: Term, node: Node) -> Term:
    """``exp(raised)``, unless that is a number too large to calculate with."""
    measure = measured(raised)
    if measure.is_number and measure.tower >= MOST_TOWER:
        excess = f"more than {MOST_TOWER} exponentials of a number within one another"
        raise Unreadable(node.at, written(node)[:40], excess)
    return fitted(node, lambda: Apply(EXP, raised))


# Functions of a matrix: trace, determinant and its logarithm, adjugate, inverse, sum, norms.
#
# The derivative of a determinant is written with the inverse
# (`derivations/language/index_nodes.py`). A determinant is a polynomial, and what holds wherever
# the matrix has an inverse holds everywhere if that is so almost everywhere: for a declared
# square matrix, symmetric or not, for one plus what does not depend on it, for products of such
# ones, and for what is declared to have an inverse. Of others, as of x x^T, which never has one,
# no determinant is read.


def of_matrix(name: str, value: Term, whole: Node, here: Environment) -> Term:
    """The function of this name of a matrix."""
    if is_unsized(value):
        what, advice = "of which size is this?", "write its size, as in I_n"
        raise Unreadable(whole.at, written(whole), what, advice)
    match ARRAY_FUNCTIONS[name]:
        case "tr":
            return _trace(value, whole, here)
        case "det":
            return determinant(value, whole, here)
        case "logdet":
            here.mention(f"{written(whole)} is read as the logarithm of the determinant")
            return applied_to(LOG, determinant(value, whole, here), whole, here)
        case "adj":
            said = "the adjugate, the determinant times the inverse"
            here.mention(f"{written(whole)} is read as {said}")
            found = determinant(value, whole, here)
            return fitted(whole, lambda: Times(found, inverse(value, whole, here)))
        case "inv":
            here.mention(f"{written(whole)} is read as the inverse")
            return inverse(value, whole, here)
        case "sum":
            here.mention(f"{written(whole)} is read as the sum of all entries")
            return _total(value, whole)
        case "norm1" | "norm2" as kind:
            return _norm(kind, value, whole)
        case "vector":
            if value != Number(Fraction(1)):
                what, advice = "a vector of which numbers?", "write a multiple of vector(1)"
                raise Unreadable(whole.at, written(whole), what, advice)
            here.mention(f"{written(whole)} is read as a vector of ones")
            return UnsizedOnes()
    raise TypeError(name)


def _total(value: Term, whole: Node) -> Term:
    """The sum of all entries; a number is its own."""
    axes = [IndexVariable(axis, "") for axis in value.shape if axis is not None]
    found: Term = Entry(value, tuple(axes)) if axes else value
    for axis in reversed(axes):
        found = Sum(axis, found)
    return fitted(whole, lambda: found)


def _norm(kind: str, value: Term, whole: Node) -> Term:
    """The sum of absolute values, or the root of the sum of squares, of a vector."""
    if vector_axis(value.shape) is None:
        advice = r"of a matrix, \lVert A \rVert_F is read"
        raise Unreadable(whole.at, written(whole), "a norm of no vector", advice)
    if kind == "norm1":
        return _total(Apply(ABS, value), whole)
    return fitted(whole, lambda: Apply(SQRT, InnerProduct(value, value)))


def _trace(value: Term, whole: Node, here: Environment) -> Term:
    if not value.shape:
        here.mention(f"{written(whole)} is read as the trace of a number, which is that number")
        return value
    return fitted(whole, lambda: Trace(value))


def determinant(value: Term, whole: Node, here: Environment) -> Term:
    """The determinant of a matrix that has an inverse almost everywhere, or of few rows."""
    found = fitted(whole, lambda: Determinant(value))
    if not _is_generic(value, here):
        rows = _rows(value.shape)
        if 0 < rows <= MOST_WRITTEN_OUT:
            return fitted(whole, lambda: _by_permutations(value, rows))
        what = "nothing says that this matrix has an inverse, as almost every one has"
        advice = "declare it: matrix A in R^{n x n}, invertible   or   if X^T X invertible"
        raise Unreadable(whole.at, written(whole), what, advice)
    return found


def _rows(shape: Shape) -> int:
    """How many rows there are, where the number is fixed; else none."""
    space = shape[0] if shape else None
    fixed = space is not None and space.lower == 1 and isinstance(space.upper, Integer)
    return int(space.upper) if space is not None and fixed else 0


def _by_permutations(matrix: Term, rows: int) -> Term:
    """The determinant as the sum over all ways to pick one entry of each row (Leibniz)."""
    terms: list[Term] = []
    for order in permutations(range(rows)):
        places = ((Numbered(row + 1), Numbered(column + 1)) for row, column in enumerate(order))
        entries: list[Term] = [Entry(matrix, at) for at in places]
        product = reduce(Times, entries)
        is_odd = sum(a > b for a, b in combinations(order, 2)) % 2
        terms.append(Negative(product) if is_odd else product)
    return Plus(tuple(terms))


def _is_generic(term: Term, here: Environment) -> bool:
    """Whether a square matrix has an inverse for almost all data."""
    if is_invertible(term, here.scope):
        return True
    match term:
        case Reference() | Slice() | Identity():
            return True
        case Table(
            (IndexVariable() as row, IndexVariable() as column),
            Times(Indicator((Comparison(left, right, False),)), Entry(Reference())),
        ):
            return {left, right} == {row, column}
        case Plus(parts):
            return any(
                _is_free(part) and free_in(part).variables.keys().isdisjoint(_beside(part, parts))
                for part in parts
            ) or any(_is_generic_beside(part, parts, here) for part in parts)
        case Transpose(of) | Negative(of):
            return _is_generic(of, here)
        case Call(definition, ()):
            return _is_generic(definition.body, here)
        case MatrixProduct(left, right) if left.shape == right.shape:
            return _is_generic(left, here) and _is_generic(right, here)
        case Times(left, right):
            number, matrix = (left, right) if right.shape else (right, left)
            return isinstance(number, Reference) and _is_generic(matrix, here)
    return False


def _is_generic_beside(part: Term, parts: tuple[Term, ...], here: Environment) -> bool:
    """Whether a term of a sum has an inverse almost everywhere, and all others may be zero.

    Where these have factors that may be any, and that the term does not depend on, the determinant
    is a polynomial in these that is not zero where they are zero.
    """
    own = set(free_in(part).variables)
    others = [other for other in parts if other is not part]
    return _is_generic(part, here) and all(
        any(variable not in own for variable in _any_factors(other, here)) for other in others
    )


def _any_factors(term: Term, here: Environment) -> Iterator[Variable]:
    """The declared arrays that a product has for factors, of which nothing says what they are."""
    match term:
        case MatrixProduct(left, right) | Times(left, right):
            yield from _any_factors(left, here)
            yield from _any_factors(right, here)
        case Transpose(of) | Negative(of):
            yield from _any_factors(of, here)
        case Reference(variable):
            said = (each for each in here.scope.conditions if isinstance(each, OneOfTwo | SumsTo))
            if all(each.of.name != variable.name for each in said):
                yield variable


def _is_free(term: Term) -> bool:
    """Whether a term is a declared matrix, transposed or not."""
    return isinstance(
        term.of if isinstance(term, Transpose | Negative) else term, Reference | Slice
    )


def _beside(part: Term, parts: tuple[Term, ...]) -> set[Variable]:
    """The variables that the other terms of a sum depend on."""
    return set(free_in(*(other for other in parts if other is not part)).variables)


# Functions of a whole vector: softmax, its logarithm, a sum of exponentials, mean and variance.
#
# Of a matrix they are taken of each row, or of each column, as is declared (``use softmax of each
# row``) or written below the name: which it is, is never guessed. A variance is the mean of the
# squares over all members, and may be meant with one less below: that is asked.


SOFTMAX, LOG_SOFTMAX, LOG_SUM = "softmax", "logsoftmax", "logsumexp"
MEAN, VARIANCE = "mean", "Var"
OF_VECTORS = {
    **dict.fromkeys(("softmax", "Softmax", "SoftMax"), SOFTMAX),
    **dict.fromkeys(("logsoftmax", "LogSoftmax", "logSoftmax"), LOG_SOFTMAX),
    **dict.fromkeys(("logsumexp", "LogSumExp", "LSE", "lse"), LOG_SUM),
    **dict.fromkeys(("mean", "Mean"), MEAN),
    **dict.fromkeys(("Var", "var"), VARIANCE),
}
ROW, COLUMN = "row", "column"
_AXES = {
    **dict.fromkeys(("row", "rows", "rowwise", "row-wise"), ROW),
    **dict.fromkeys(("col", "cols", "column", "columns"), COLUMN),
}


def axis_below(sub: Content | None) -> str:
    """The axis that is written below the name of a function; empty for anything else there."""
    only = sub.only if sub is not None else None
    return _AXES.get(only.text, "") if isinstance(only, Leaf) and only.kind == "WORD" else ""


def of_vector(name: str, value: Term, axis: str, whole: Node, here: Environment) -> Term:
    """The function called ``name`` of a vector; of each row, or each column, of a matrix."""
    function = OF_VECTORS[name]
    if function in (MEAN, VARIANCE):
        _ask_of_moments(function, value, whole, here)
    if value.shape and None not in value.shape:
        return _of_each(function, value, axis or here.scope.softmax, whole, here)
    if vector_axis(value.shape) is None:
        raise ill_formed(whole, f"shape {shape_of(value)}", f"{function}, which takes a vector")
    return _applied(function, value, whole, here)


def _ask_of_moments(function: str, value: Term, whole: Node, here: Environment) -> None:
    """A mean and a variance are over the entries of a vector; by how many one divides is asked."""
    if not value.shape:
        what, advice = "this is of no vector: how is it drawn?", r"write \mathbb{E}_{x \sim p}[...]"
        raise Unreadable(whole.at, written(whole), what, advice)
    here.mention(f"{written(whole)} is read as the {_SAID[function]} of the entries")
    if function == VARIANCE:
        what, advice = "over n, or over n - 1?", "write the sum"
        here.question(Question(whole.at, written(whole), what, advice))


def _applied(function: str, value: Term, whole: Node, here: Environment) -> Term:
    definition = _definition(function, value.shape, here.scope.names)
    return fitted(whole, lambda: Call(definition, (value,)))


def _of_each(function: str, value: Term, axis: str, whole: Node, here: Environment) -> Term:
    if not axis:
        what = f"{function} of each row, or of each column?"
        advice = f"declare it: use {SOFTMAX} of each row, or write \\text{{{function}}}_{{row}}"
        raise Unreadable(whole.at, written(whole), what, advice)
    here.mention(f"{written(whole)} is taken of each {axis}")
    lines = value if axis == ROW else Transpose(value)
    space = lines.shape[0]  # type: ignore[misc]  # a matrix
    assert space is not None
    over = IndexVariable(space, "")
    of_line = _applied(function, Row(lines, over), whole, here)
    if function in (LOG_SUM, MEAN, VARIANCE):
        axes = (over, None) if axis == ROW else (None, over)
        return fitted(whole, lambda: Table(axes, of_line))
    return fitted(whole, lambda: Rows(over, of_line, as_columns=axis == COLUMN))


@lru_cache(maxsize=256)
def _definition(function: str, shape: Shape, names: Names) -> Definition:
    space = vector_axis(shape)
    assert space is not None
    z, i = Variable(shape, "z", "z"), IndexVariable(space, "")
    body = _BODIES[function](Reference(z), i)
    return Definition(function, (z,), body, (rf"\mathrm{{{function}}}(", 0, ")"), names)


def _sum_of_exponentials(z: Term, i: IndexVariable) -> Term:
    return Sum(i, Apply(EXP, Entry(z, (i,))))


def _softmax(z: Term, i: IndexVariable) -> Term:
    return Quotient(Apply(EXP, z), _sum_of_exponentials(z, i))


def _log_softmax(z: Term, i: IndexVariable) -> Term:
    return Plus((z, Negative(Constant(Apply(LOG, _sum_of_exponentials(z, i)), z.shape))))


def _log_sum(z: Term, i: IndexVariable) -> Term:
    return Apply(LOG, _sum_of_exponentials(z, i))


def _mean(z: Term, i: IndexVariable) -> Term:
    return Quotient(Sum(i, Entry(z, (i,))), size_term(i.space.size))


def _variance(z: Term, i: IndexVariable) -> Term:
    within = IndexVariable(i.space, "")
    away = Plus((Entry(z, (i,)), Negative(_mean(z, within))))
    return Quotient(Sum(i, Power(away, 2)), size_term(i.space.size))


_SAID = {MEAN: "mean", VARIANCE: "variance"}
_BODIES: dict[str, Callable[[Term, IndexVariable], Term]] = {
    SOFTMAX: _softmax,
    LOG_SOFTMAX: _log_softmax,
    LOG_SUM: _log_sum,
    MEAN: _mean,
    VARIANCE: _variance,
}

"""Arrays with two axes of one index set: diagonals, look-ups along either, one left out."""

import pytest
from sympy import Expr, KroneckerDelta, exp

from codegen.arrays.nodes import LoweringError, Name, in_order
from codegen.backends.numpy.expressions import code
from codegen.kernel import argmax
from derivations.indices import Index, total
from derivations.language.index_nodes import define
from derivations.word2vec.losses import U, V, h, i, w, x, z
from tests.codegen.scene import lowering
from tests.codegen.test_lowering_rules import agree

square = define("square", "S[{w},{x}]", (w, x), total(U[w, h] * V[x, h], h))
by_row = argmax("by_row", "by_row", (w,), x, square(w, x))
by_column = argmax("by_column", "by_column", (x,), w, square(w, x))
STEP = {square(w, x): "scores"}
same, apart = KroneckerDelta(w, x), 1 - KroneckerDelta(w, x)

CASES: dict[str, tuple[Expr, tuple[Index, ...]]] = {
    "the diagonal": (square(w, w), (w,)),
    "the diagonal beside the whole": (square(w, x) - square(w, w) * square(x, x), (w, x)),
    "the transpose": (square(x, w) * U[w, i], (w, x, i)),
    "nothing on the diagonal": (apart * exp(square(w, x)), (w, x)),
    "something else on the diagonal": (apart * square(w, x) + same * z, (w, x)),
    "a vector on the diagonal": (apart * square(w, x) + same * U[w, i], (w, x, i)),
    "a row without its diagonal": (total(apart * square(w, x), x), (w,)),
    "a column without its diagonal": (total(apart * square(w, x), w), (x,)),
    "the largest of a row": (square(w, by_row(w)), (w,)),
    "the largest of a column": (square(by_column(x), x), (x,)),
    "the largest of the column of a row": (square(by_column(w), w), (w,)),
    "the largest of the row of a column": (square(x, by_row(x)), (x,)),
    "rows without their largest": (
        total((1 - KroneckerDelta(x, by_row(w))) * square(w, x), x),
        (w,),
    ),
    "columns without their largest": (
        total((1 - KroneckerDelta(w, by_column(x))) * square(w, x), w),
        (x,),
    ),
    "three factors, two of one shape": (
        total(square(w, x) * exp(square(w, x)) * U[x, i], x),
        (w, i),
    ),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("names", [{}, STEP], ids=["unnamed", "named"])
def test_the_text_means_what_the_expression_means(
    name: str, seed: int, names: dict[Expr, str]
) -> None:
    expression, axes = CASES[name]
    agree(expression, axes, names, seed)


def test_a_step_that_is_a_product_is_summed_where_it_stands() -> None:
    product = square(w, x) * exp(square(w, x))
    lowered = lowering({**STEP, product: "product"})
    assert code(lowered.lower(total(product, x))) == "product.sum(axis=1)"


def test_a_diagonal_of_three_axes_is_refused() -> None:
    cube = define("cube", "cube", (w, x, i), square(w, x) * U[w, i])
    with pytest.raises(LoweringError, match="same index twice"):
        lowering({cube(w, x, i): "cubes"}).lower(cube(w, w, i))


def test_turned_round_twice_is_as_it_was() -> None:
    once = in_order(Name("scores", (w, x)), (x, w))
    assert code(once) == "scores.T"
    assert code(in_order(once, (w, x))) == "scores"


def test_a_delta_of_two_running_indices_alone_is_refused() -> None:
    with pytest.raises(LoweringError, match="stands alone"):
        lowering().lower(same * z)

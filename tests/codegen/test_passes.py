"""Passes turn programs into programs: the same values, once each, in steps of a readable length."""

from codegen.arrays.computed_nodes import Applied, MatrixProduct, Product, Terms
from codegen.arrays.nodes import Name, Node, nodes
from codegen.arrays.program import Step
from codegen.backends.numpy.expressions import step_lines
from codegen.passes.shared_steps import MOST, shared, short
from derivations.word2vec.losses import i, w

U, V, A = Name("U", (w, i)), Name("v", (i,)), Name("a", (w,))
SCORES = MatrixProduct(U, V, (w,))
EXP = Applied("exp", (SCORES,), (w,))


def printed(steps: list[Step]) -> list[str]:
    return [line for step in steps for line in step_lines(step)]


def test_what_is_computed_twice_is_computed_once() -> None:
    steps = [
        Step("b", Product((EXP, A), (), (w,))),
        Step("c", Terms((A, EXP), (False, True), (w,))),
    ]
    assert printed(shared(steps, ())) == [
        "weight = np.exp(U @ v)",
        "b = weight * a",
        "c = a - weight",
    ]


def test_a_step_that_is_the_whole_is_used_again() -> None:
    steps = [Step("z", SCORES), Step("c", Product((SCORES, A), (), (w,)))]
    assert printed(shared(steps, ())) == ["z = U @ v", "c = z * a"]


def test_what_stands_once_stays_where_it_is() -> None:
    steps = [Step("b", EXP), Step("c", Product((A, A), (), (w,)))]
    assert shared(steps, ()) == steps


def test_a_name_that_is_taken_is_not_taken_again() -> None:
    steps = [Step("product", A), Step("c", Product((SCORES, SCORES), (), (w,)))]
    assert printed(shared(steps, ())) == [
        "product = a",
        "product_2 = U @ v",
        "c = product_2 * product_2",
    ]


def test_a_long_step_is_split() -> None:
    long: Node = A
    for _ in range(MOST):
        long = Applied("exp", (Terms((long, A), (False, False), (w,)),), (w,))
    steps = short([Step("b", long)], ())
    assert len(steps) > 2
    assert all(sum(1 for _ in nodes(step.value)) <= MOST for step in steps)
    assert steps[-1].name == "b"

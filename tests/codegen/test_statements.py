"""Memory that nothing reads any more is written to; whatever is still read is not."""

import pytest

from codegen.arrays.computed_nodes import Applied, Product, Replaced, Summed, Taken, Terms
from codegen.arrays.nodes import Name, Node, Repeated
from codegen.arrays.program import Step
from codegen.backends.numpy.expressions import code
from codegen.passes.memory_use import in_place
from derivations.word2vec.losses import c, i, w

A, B, C, E, VIEWED = (Name(name, (w,)) for name in ("a", "b", "c", "e", "v"))
WORD, TOP = Name("o"), Name("top")


def replaced(array: Node) -> Step:
    return Step("c", Replaced(array, WORD, Name("z"), (w,)))


FRESH = Step("a", Applied("exp", (B,), (w,)))
VIEW = Step("v", Repeated(A, (w,)))
REPLACED = replaced(A)
DIFFERENCE = Step("e", Applied("exp", (Terms((A, TOP), (False, True), (w,)),), (w,)))


def names(steps: list[Step]) -> list[str]:
    return [step.name for step in steps]


def test_what_is_not_read_again_is_overwritten() -> None:
    assert code(in_place([FRESH, REPLACED], "c")[-1].value) == "overwritten(a, o, z)"


def test_a_reader_that_could_come_before_is_moved_there() -> None:
    reader = Step("s", Summed(A, (0,), ()))
    done = in_place([FRESH, REPLACED, reader], ["c", "s"])
    assert names(done) == ["a", "s", "c"]
    assert code(done[-1].value) == "overwritten(a, o, z)"


def test_the_exponential_of_a_difference_is_written_where_the_difference_began() -> None:
    done = in_place([FRESH, DIFFERENCE], "e")
    assert names(done) == ["a", "e", "e"]
    assert code(done[1].value) == "np.subtract(a, top, out=a)"
    assert code(done[2].value) == "np.exp(e, out=e)"


def entry(of: Name, *beside: Node) -> Node:
    return Product((Taken(of, 0, WORD, ()), *beside), (), (w,))


SEVERAL = Terms((A, TOP, Name("b")), (False, True, True), (w,))


@pytest.mark.parametrize(
    ("steps", "returned"),
    [
        ([FRESH, REPLACED], ["a", "c"]),
        ([FRESH, REPLACED, Step("s", Product((A, C), (), (w,)))], ["s"]),
        ([FRESH, VIEW, REPLACED], ["c"]),
        ([FRESH, DIFFERENCE, Step("s", entry(A, E))], ["s"]),
        ([VIEW, replaced(VIEWED)], ["c"]),
        ([Step("a", Taken(Name("U", (c, i)), 0, WORD, (i,))), REPLACED], ["c"]),
        ([REPLACED], ["c"]),
        ([FRESH, Step("c", Product((REPLACED.value, A), (), (w,)))], ["c"]),
        ([FRESH, Step("e", Applied("exp", (SEVERAL,), (w,)))], ["e"]),
        ([FRESH, Step("e", Product((DIFFERENCE.value, B), (), (w,)))], ["e"]),
    ],
    ids=[
        "returned",
        "read beside the result",
        "seen through a view",
        "read beside an exponential of it",
        "itself a view",
        "of other axes",
        "an argument",
        "read again in the same step",
        "one of three terms",
        "an exponential and a factor",
    ],
)
def test_what_is_still_needed_is_copied(steps: list[Step], returned: list[str]) -> None:
    assert in_place(steps, returned) == steps

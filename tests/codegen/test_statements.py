"""Memory that nothing reads any more is written to; whatever is still read is not."""

import pytest

from codegen.lower.statement import Statement, in_place
from derivations.word2vec.symbols import i, w

FRESH = Statement("a", "np.exp(b)", (w,))
VIEW = Statement("v", "a[:, np.newaxis]", (w,), is_fresh=False)
REPLACED = Statement("c", "replaced(a, o, 0)", (w,))


def names(statements: list[Statement]) -> list[str]:
    return [statement.name for statement in statements]


def test_what_is_not_read_again_is_overwritten() -> None:
    assert in_place([FRESH, REPLACED], "c")[-1].code == "overwritten(a, o, 0)"


def test_a_reader_that_could_come_before_is_moved_there() -> None:
    reader = Statement("s", "a.sum()")
    done = in_place([FRESH, REPLACED, reader], "c, s")
    assert names(done) == ["a", "s", "c"]
    assert done[-1].code == "overwritten(a, o, 0)"


DIFFERENCE = Statement("e", "np.exp(a - top[:, np.newaxis])", (w,))


def test_the_exponential_of_a_difference_is_written_where_the_difference_began() -> None:
    done = in_place([FRESH, DIFFERENCE], "e")
    assert names(done) == ["a", "e", "e"]
    assert done[1].code == "np.subtract(a, top[:, np.newaxis], out=a)"
    assert done[2].code == "np.exp(e, out=e)"


@pytest.mark.parametrize(
    ("statements", "returned"),
    [
        ([FRESH, REPLACED], "a, c"),
        ([FRESH, REPLACED, Statement("s", "a * c", (w,))], "s"),
        ([FRESH, VIEW, REPLACED], "c"),
        ([FRESH, DIFFERENCE, Statement("s", "a[o] * e", (w,))], "s"),
        ([VIEW, Statement("c", "replaced(v, o, 0)", (w,))], "c"),
        ([Statement("a", "U[o]", (i,)), REPLACED], "c"),
        ([REPLACED], "c"),
    ],
    ids=[
        "returned",
        "read beside the result",
        "seen through a view",
        "read beside an exponential of it",
        "itself a view",
        "of other axes",
        "an argument",
    ],
)
def test_what_is_still_needed_is_copied(statements: list[Statement], returned: str) -> None:
    assert in_place(statements, returned) == statements

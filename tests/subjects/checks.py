"""What every kernel has to keep to, as checks of a case; exact slopes by ball arithmetic."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from flint import arb, ctx

from tests.kernels.oracle import Balls, balls, central_difference, slopes
from tests.subjects.kinds import Kind

BITS = 8000
STEP = arb(2) ** -2600


def as_balls(value: Any) -> Any:
    """The same floats, exactly; words as they are."""
    return value if np.asarray(value).dtype.kind in "iu" else balls(value)[()]


def exact(
    loss: Callable[..., Any], case: Mapping[str, Any], by: Sequence[str]
) -> tuple[Any, dict[str, Balls]]:
    """The loss of a case, and its derivative by every entry of the named arguments.

    Two evaluations 2 STEP apart differ by 2 STEP times the slope, up to the square of STEP. A
    softmax whose scores are a thousand apart has slopes near 2^-2000, hence so many bits.
    """
    derivative = partial(central_difference, step=STEP)
    with ctx.workprec(BITS):
        given = {name: as_balls(value) for name, value in case.items()}
        return loss(**given), {name: slopes(loss, given, name, derivative) for name in by}


# an error, relative to the largest entry of what it is in: rounding a score of 800 costs 1e-13
CLOSE = 1e-11
CLOSE_SINGLE = 1e-3


def dense(gradient: Any, rows: int) -> Any:
    return gradient.dense(rows) if hasattr(gradient, "dense") else np.asarray(gradient)


def term_size(loss: Any, case: dict[str, Any]) -> Any:
    """How large cancelling terms of a gradient can be: no slope by a score exceeds the loss."""
    inputs = [np.abs(value).max(initial=1) for value in case.values()]
    return abs(loss) * float(max(inputs))


def is_close(found: Any, wanted: Any, within: float, terms: Any = 0) -> bool:
    """Whether no entry is off by more than a share of the largest one, tiny numbers lost.

    ``terms`` is what the terms of an entry, which may cancel, are at most.
    """
    found = np.asarray(found)
    wanted = np.asarray(wanted, dtype=object)
    if found.shape != wanted.shape:
        return False
    with ctx.workprec(BITS):
        largest = max((abs(one) for one in wanted.flat), default=0) + terms / 1000
        pairs = zip(found.flat, wanted.flat, strict=True)
        lost = 4 * np.finfo(found.dtype).smallest_normal
        return all(abs(type(w)(float(f)) - w) <= within * largest + float(lost) for f, w in pairs)


def keeps_to_the_exact_value(kernels: Any, kind: Kind, case: dict[str, Any]) -> None:
    """Loss and gradients are those of the loss by hand, and the loss alone is the same."""
    value, slopes = exact(kind.loss, case, kind.by)
    loss, *gradients = kind(kernels, case)
    terms = kind.terms(case)
    assert is_close(loss, value, CLOSE, terms), f"loss {loss}, should be {value.str(20)}"
    assert len(gradients) == len(kind.by)
    for name, gradient in zip(kind.by, gradients, strict=True):
        found = dense(gradient, len(case[name]) if case[name].shape else 0)
        near = is_close(found, slopes[name], CLOSE, term_size(value, case) + terms)
        assert near, f"by {name}: {found}, should be {[s.str(20) for s in slopes[name].flat]}"
    if kind.alone:
        assert getattr(getattr(kernels, kind.module), kind.alone)(**case) == loss


def lists_touched_rows_once(kernels: Any, kind: Kind, case: dict[str, Any]) -> None:
    """A row-sparse gradient lists words of the case, sorted, each once."""
    given = {
        int(w)
        for value in case.values()
        if np.asarray(value).dtype.kind == "i"
        for w in np.ravel(value)
    }
    for gradient in kind(kernels, case)[1:]:
        if hasattr(gradient, "rows"):
            rows = gradient.rows.tolist()
            assert rows == sorted(set(rows))
            assert set(rows) <= given


def leaves_its_inputs_alone(kernels: Any, kind: Kind, case: dict[str, Any]) -> None:
    """Inputs are not changed, and no result is a view of one."""
    before = {name: np.array(value) for name, value in case.items()}
    _, *gradients = kind(kernels, case)
    for name, value in case.items():
        assert np.array_equal(before[name], value), name
        for gradient in gradients:
            for part in gradient if isinstance(gradient, tuple) else (gradient,):
                assert not np.shares_memory(part, np.asarray(value))


def takes_single_precision(kernels: Any, kind: Kind, case: dict[str, Any]) -> None:
    """float32 in gives float32 out, near what float64 gives."""
    single = {
        name: np.asarray(value, np.float32) if np.asarray(value).dtype.kind == "f" else value
        for name, value in case.items()
    }
    wanted_loss, *wanted = kind(kernels, case)
    loss, *gradients = kind(kernels, single)
    terms = kind.terms(case) / 1000
    assert abs(loss - wanted_loss) <= CLOSE_SINGLE * (abs(wanted_loss) + terms) + 1e-30
    for name, found, other in zip(kind.by, gradients, wanted, strict=True):
        rows = len(case[name]) if case[name].shape else 0
        one, two = dense(found, rows), dense(other, rows)
        assert one.dtype == np.float32 or not one.shape
        largest = np.abs(two).max(initial=0) + term_size(loss, case) / 1000 + terms
        assert np.all(np.abs(one - two) <= CLOSE_SINGLE * largest + 1e-30)


CHECKS = (
    keeps_to_the_exact_value,
    lists_touched_rows_once,
    leaves_its_inputs_alone,
    takes_single_precision,
)

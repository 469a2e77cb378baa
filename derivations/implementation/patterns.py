"""What a wrong result looks like at one input: every mistake that would explain its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.implementation.compare import Compared
from derivations.implementation.finding import Kind

CLOSE = 1e-4  # of two numbers that are the same but for rounding, also in float32
LOST = 64  # roundings of the sums as typed that cancellation may cost
Look = tuple[Kind, str]


def overflown(found: Compared) -> Kind | None:
    """What stands where a finite number should; None where all are finite."""
    got = found.got.astype(np.float64)
    if np.isfinite(got).all():
        return None
    return Kind.NAN if np.isnan(got).any() else Kind.INFINITE


def lost(found: Compared, limit: float) -> str:
    """Whether the error is one of rounding what then cancels; empty where it is more."""
    wrong = found.errors > limit
    if found.small[wrong].max() > LOST:
        return ""
    return "digits lost in a difference" if found.got[wrong].any() else "every digit lost: 0"


def looks(found: Compared, sizes: Mapping[str, int], limit: float) -> Iterator[Look]:
    """Kinds of mistake, each with a few words; finite numbers are presumed."""
    got, want = found.got.astype(np.float64), found.want
    wrong = found.errors > limit
    if got.ndim == 2 and got.shape[0] == got.shape[1] > 1 and _same(got, want.T):
        yield Kind.TRANSPOSED, "the transpose is right"
    if not got[wrong].any():
        yield Kind.ZERO, "zero where it should not be"
    elif _same(got[wrong], -want[wrong]):
        whole = bool(wrong[want != 0].all())
        yield Kind.SIGN, "the negative is right" if whole else "some entries have the wrong sign"
    if _digits(got[wrong], want[wrong]):
        yield Kind.PRECISION, "only some of the digits are right"
    yield from _clipped(np.abs(got[wrong]), np.abs(want[wrong]))
    yield from _factor(got, want, sizes)


def _same(left: NDArray[Any], right: NDArray[Any]) -> bool:
    top = float(np.abs(right).max())
    return bool((np.abs(left - right) <= CLOSE * (np.abs(right) + top)).all())


def _digits(got: NDArray[Any], want: NDArray[Any]) -> bool:
    return bool((np.abs(got - want) <= CLOSE * np.abs(want)).all())


def _clipped(got: NDArray[Any], want: NDArray[Any]) -> Iterator[Look]:
    if got[0] and (got == got[0]).all() and (want > got).all():
        yield Kind.CLIPPED, f"held at {float(got[0]):.6g}"


def _factor(got: NDArray[Any], want: NDArray[Any], sizes: Mapping[str, int]) -> Iterator[Look]:
    """The one number that all entries are off by, as a size where it is one."""
    top = np.unravel_index(np.abs(want).argmax(), want.shape)
    if abs(want[top]) < np.finfo(np.float32).tiny:
        return
    factor = float(got[top] / want[top])
    if abs(factor) < CLOSE or abs(abs(factor) - 1) < CLOSE or not _same(got, factor * want):
        return
    named: dict[str, float] = {}
    for name, size in sizes.items():
        named |= {f"1/{name}": 1 / size, name: float(size)} if size > 1 else {}
    named[f"{factor:.4g}"] = factor
    for text, value in named.items():
        if abs(value / factor - 1) < CLOSE:
            simple = {"0.5": "1/2", "2": "2"}.get(text, "")
            if text in sizes or "/" in text:
                simple = text
            hint = f'; if that is a convention, scale="{simple}"' if simple else ""
            yield Kind.FACTOR, f"{text} times the right value{hint}"

"""What a wrong result looks like, from one input alone; and from which inputs are wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.check.compare import Compared
from derivations.check.finding import Kind

CLOSE = 1e-4  # of two numbers that are the same but for rounding, also in float32
LOST = 64  # roundings of the sums as typed that cancellation may cost


def pattern(found: Compared, sizes: Mapping[str, int], limit: float) -> tuple[Kind, str]:
    """The kind, and a few words more; VALUE where nothing stands out."""
    got, want = found.got.astype(np.float64), found.want
    wrong = found.errors > limit
    if not np.isfinite(got).all():
        what = "NaN" if np.isnan(got).any() else "infinity"
        return Kind.NOT_FINITE, f"{what} where the value is finite"
    if found.small[wrong].max() <= LOST:
        lost = bool((got[wrong] == 0).all())
        return Kind.CANCELLATION, "every digit lost: 0" if lost else "digits lost in a difference"
    if got.ndim == 2 and got.shape[0] == got.shape[1] > 1 and _same(got, want.T):
        return Kind.TRANSPOSED, "the transpose is right"
    if not got.any():
        return Kind.ZERO, "zero throughout"
    if _same(got[wrong], -want[wrong]):
        every = bool(wrong[want != 0].all())
        return Kind.SIGN, "the negative is right" if every else "some entries have the wrong sign"
    factor = _factor(got, want)
    if factor is not None:
        return Kind.FACTOR, f"{factor:.6g} times the right value{_size(factor, sizes)}"
    return Kind.VALUE, ""


def _same(left: NDArray[Any], right: NDArray[Any]) -> bool:
    return bool(np.allclose(left, right, rtol=CLOSE, atol=CLOSE * float(np.abs(right).max())))


def _factor(got: NDArray[Any], want: NDArray[Any]) -> float | None:
    """The one number that all entries are off by."""
    top = np.unravel_index(np.abs(want).argmax(), want.shape)
    if want[top] == 0 or want.size < 2:
        return None
    factor = float(got[top] / want[top])
    return factor if factor and _same(got, factor * want) else None


def _size(factor: float, sizes: Mapping[str, int]) -> str:
    named = {f" (1/{n})": 1 / size for n, size in sizes.items() if size > 1}
    named |= {f" ({n})": size for n, size in sizes.items() if size > 1}
    return next((text for text, value in named.items() if abs(value - factor) < CLOSE), "")


def reason(wrong: Sequence[frozenset[str]], right: Iterable[frozenset[str]]) -> tuple[Kind, str]:
    """What all wrong inputs have in common and hardly any right one has."""
    right = list(right)
    shared = frozenset.intersection(*wrong)
    scores = {trait: sum(trait in each for each in right) for trait in shared}
    usual = len(right) / 4
    telling = sorted((count, trait) for trait, count in scores.items() if count <= usual)
    if not right or not telling:
        return Kind.VALUE, ""
    _, trait = telling[0]
    if trait.startswith("repeats "):
        return Kind.DUPLICATE, f"only where {trait.removeprefix('repeats ')} has a word twice"
    if " in " in trait:
        return Kind.SHARED, f"only where {trait.replace(' in ', ' is also among ')}"
    if trait == "saturated":
        return Kind.SATURATED, "only at saturated scores"
    if trait == "float32":
        return Kind.SINGLE, "right in float64"
    if "=" in trait:
        return Kind.EDGE, f"only at {trait}"
    return Kind.VALUE, ""

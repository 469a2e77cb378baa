"""Kronecker deltas: a look-up under a sum, an entry replaced, an entry left out.

Nothing is ever multiplied by a delta or subtracted through one: the entry in question is
written, so that its relative accuracy is that of what is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Add, Expr, KroneckerDelta, Mul, S

from codegen.arrays.entrywise import Applied, Compared
from codegen.arrays.tree import LoweringError, Node, Number
from codegen.lower.entries import with_entry
from derivations.indices import Index
from derivations.language.index_nodes import substitute

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


def lower_delta(delta: KroneckerDelta, lowering: Lowering) -> Node:
    """A delta that no other rule took up is refused: it would have to be an array of zeros."""
    raise LoweringError(f"{delta} stands alone: neither summed over, nor beside 1 - {delta}")


def split(delta: Expr, lowering: Lowering, by: Index | None = None) -> tuple[Index, Expr] | None:
    """The running index of a delta and the place it is compared with, or None.

    Where both run it is the index ``by``, or else the one that is the later axis.
    """
    if not isinstance(delta, KroneckerDelta):
        return None
    running = [index for index in delta.args if lowering.axes.is_running(index)]
    later_first = lowering.axes.ordered(running)[::-1]
    for index in sorted(later_first, key=lambda index: index != by):
        (place,) = (other for other in delta.args if other != index)
        if index not in place.free_symbols:
            return index, place
    return None


def complement(
    factor: Expr, lowering: Lowering, by: Index | None = None
) -> tuple[Index, Expr] | None:
    """As `split`, of ``1 - delta``."""
    return split(1 - factor, lowering, by) if isinstance(factor, Add) else None


def merged_at_word(addition: Add, lowering: Lowering) -> Node | None:
    """``(1 - delta(w, o)) A + delta(w, o) B`` is A with the entry at o replaced by B."""
    for term in addition.args:
        for factor in Mul.make_args(term):
            found = complement(factor, lowering)
            if found is None:
                continue
            index, place = found
            delta = 1 - factor
            parts = [other for other in addition.args if _has(other, delta)]
            others = [other for other in addition.args if _has(other, factor)]
            if not parts or len(parts) + len(others) < len(addition.args):
                continue
            new = substitute(Add(*(other / delta for other in parts)), {index: place})
            old = lowering.step(Add(*others)) or lowering.lower(
                Add(*(other / factor for other in others))
            )
            return with_entry(old, index, lowering.place(place), lowering.lower(new), lowering)
    return None


def chosen(addition: Add, lowering: Lowering) -> Node | None:
    """``(1 - delta(o, a)) A + delta(o, a) B`` of two words that are given: B where they are one."""
    for delta in addition.atoms(KroneckerDelta):
        if any(map(lowering.axes.is_running, delta.args)):
            continue
        same = [term / delta for term in addition.args if _has(term, delta)]
        other = [term / (1 - delta) for term in addition.args if _has(term, 1 - delta)]
        if not same or not other or len(same) + len(other) < len(addition.args):
            continue
        words = [lowering.place(word) for word in sorted(delta.args, key=str)]
        values = [lowering.lower(Add(*same)), lowering.lower(Add(*other))]
        axes = lowering.axes.of(*words, *values)
        return Applied("where", (Compared("==", words[0], words[1], axes), *values), axes)
    return None


def excluded(product: Mul, lowering: Lowering) -> Node | None:
    """``(1 - delta(w, o)) A`` is A with the entry at o set to zero."""
    for factor in product.args:
        found = complement(factor, lowering)
        if found is not None:
            index, place = found
            rest = lowering.lower(product / factor)
            return with_entry(rest, index, lowering.place(place), Number(S.Zero), lowering)
    return None


def _has(term: Expr, factor: Expr) -> bool:
    return factor in Mul.make_args(term)

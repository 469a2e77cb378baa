"""Kronecker deltas under products and sums: lookups of one entry, indicators, entries left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sympy import Add, Expr, KroneckerDelta, Mul, S, Sum

from codegen.arrays.computed_nodes import Applied, Compared
from codegen.arrays.nodes import LoweringError, Node, Number
from codegen.lower.lowering import with_entry
from derivations.indices import Index, total
from derivations.language.index_nodes import Defined, substitute

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


# Kronecker deltas: a look-up under a sum, an entry replaced, an entry left out.
#
# Nothing is ever multiplied by a delta or subtracted through one: the entry in question is
# written, so that its relative accuracy is that of what is written.


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


# A sum of a product taken apart: the indices summed over, and the factors.


def opened(whole: Sum, lowering: Lowering) -> tuple[list[Index], list[Expr]]:
    """The indices and factors of a sum of a product, nested sums opened as well."""
    indices: list[Index] = []
    for index, lower, upper in whole.limits:
        space = index.space if isinstance(index, Index) else None
        if space is None or (lower, upper) != (space.lower, space.upper):
            raise LoweringError(f"{whole} does not run over a whole index set")
        while index in indices:  # bound once more outside, where nothing depends on it
            index = Index(f"{index.name}′", space)
        indices.append(index)
    factors: list[Expr] = []
    for factor in _factors(whole.function, set(indices), lowering):
        if isinstance(factor, Sum):
            inner, parts = opened(factor, lowering)
            if not (whole.function.free_symbols | set(indices)) & set(inner):
                indices += inner
                factors += parts
                continue
        factors.append(factor)
    return indices, factors


def _factors(product: Expr, summed_over: set[Index], lowering: Lowering) -> Iterator[Expr]:
    """The factors; quotients, and those that compare a summed index with a place, written out.

    A named step stays as it is, unless one of its two cases has a name: these are then summed
    apart, so that a single entry is not added to many small ones before its turn.
    """
    for factor in Mul.make_args(lowering.rewrites.apply(product)):
        factor = _shown(lowering.rewrites.apply(factor))
        body = _body(factor)
        cases = Add.make_args(body) if _compares(factor, summed_over) else ()
        if lowering.has_name(factor):
            is_opened = any(lowering.has_name(case) for case in cases)
        else:
            is_opened = bool(cases) or isinstance(body, Mul)
        if is_opened:
            yield from _factors(body, summed_over, lowering)
        else:
            yield factor


def _body(factor: Expr) -> Expr:
    """What a definition stands for; anything else as it is."""
    return factor.opened if isinstance(factor, Defined) else factor


def _compares(factor: Expr, indices: set[Index]) -> bool:
    """Whether a definition is a sum whose terms compare an index with a place, times others."""
    body = _body(factor)
    if body == factor:
        return False
    if isinstance(body, Add):
        parts = [part for term in body.args for part in Mul.make_args(term)]
        deltas = [part if isinstance(part, KroneckerDelta) else 1 - part for part in parts]
        return any(isinstance(d, KroneckerDelta) and indices & set(d.args) for d in deltas)
    return isinstance(body, Mul) and any(_compares(part, indices) for part in body.args)


def entered(factors: Sequence[Expr], index: Index, lowering: Lowering) -> list[Expr]:
    """The factors of a sum over ``index`` once the index has become an axis.

    Where the array has no place for one member of the index set, the factor 1 - delta that
    leaves the member out of the sum has done its work; without such a factor there is no
    array to take the member's term from.
    """
    missing = lowering.axes.left_out(index)
    if missing is None:
        return list(factors)
    kept = [factor for factor in factors if complement(factor, lowering, index) != (index, missing)]
    if len(kept) == len(factors):
        raise LoweringError(f"a sum over {index} includes {missing}, which the arguments leave out")
    return kept


def summed(factors: Iterable[Expr], indices: Iterable[Index]) -> Expr:
    """The sum of a product over several indices; what depends on none of them stays outside."""
    indices = list(indices)
    parts = Mul.make_args(Mul(*factors))
    outside = [part for part in parts if not depends(part, indices)]
    product = Mul(*(part for part in parts if part not in outside))
    for index in indices:
        product = total(product, index)
    return Mul(*outside) * product


def depends(factor: Expr, indices: Iterable[Index]) -> bool:
    """Whether any of the indices is free in the factor."""
    return not factor.free_symbols.isdisjoint(indices)


def _shown(factor: Expr) -> Expr:
    """A definition that is nothing but a delta, unfolded: a one-hot vector."""
    body = _body(factor)
    return body if isinstance(body, KroneckerDelta) else factor


# Sums that a delta reduces to one term.


def look_up(indices: list[Index], factors: list[Expr], lowering: Lowering) -> Expr | None:
    """``sum over w of delta(w, o) f(w)`` is f(o); deltas inside a sum of terms are split off."""
    for index in indices:
        rest = [other for other in indices if other != index]
        for factor in factors:
            others = Mul(*(other for other in factors if other is not factor))
            if _looks_up(factor, index):
                (place,) = (place for place in factor.args if place != index)
                return summed([substitute(others, {index: place})], rest)
            if complement(factor, lowering) is None and _has_delta(factor, index):
                terms = [term.as_coeff_Mul() for term in factor.args]
                return Add(*(sign * summed([term, others], indices) for sign, term in terms))
    return None


def _looks_up(factor: Expr, index: Index) -> bool:
    """Whether the factor is a delta of the index itself and a place that it does not move."""
    if not isinstance(factor, KroneckerDelta) or index not in factor.args:
        return False
    return any(index not in place.free_symbols for place in factor.args)


def _has_delta(factor: Expr, index: Index) -> bool:
    """Whether the factor is a sum with a term that is multiplied by a delta of the index."""
    parts = [part for term in factor.args for part in Mul.make_args(term)]
    return isinstance(factor, Add) and any(_looks_up(part, index) for part in parts)

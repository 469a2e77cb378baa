"""Lowering rules, one for each class of expression: contractions, and entrywise functions.

Sums over indices become matrix products, sums along an axis, look-ups where a Kronecker delta
contracts an index, or rows added by word; everything else is computed entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sympy import (
    Abs,
    Add,
    And,
    Basic,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    log,
    sign,
    true,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from codegen.array_language import (
    AllOf,
    Applied,
    Column,
    Compared,
    Contraction,
    Guarded,
    Indicator,
    LoweringError,
    MatrixProduct,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Repeated,
    RowTerm,
    Summed,
    Terms,
    in_order,
)
from codegen.kernel import Argmax
from codegen.lower.lowering import (
    Lowering,
    Rule,
    lower_argmax,
    lower_indexed,
    lower_symbol,
    sum_without,
    with_entry,
)
from derivations.indices import Index, total
from derivations.language.functions import Above, SignOf, Signum
from derivations.language.index_nodes import Defined, substitute, unfold

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


# Numbers that may be zero times logarithms that may be infinite: 0 where the number is 0.


def weighted(factors: Sequence[Expr], lowering: Lowering) -> Node | None:
    """The product of such factors, where there is a logarithm among them and arrays beside it."""
    unbounded = [factor for factor in factors if _is_logarithm(factor)]
    numbers = [factor for factor in factors if factor not in unbounded]
    if len(unbounded) != 1 or not any(map(lowering.axes.running, numbers)):
        return None
    weight, value = lowering.lower(Mul(*numbers)), lowering.lower(*unbounded)
    return Applied("weigh", (weight, value), lowering.axes.of(weight, value))


def _is_logarithm(factor: Expr) -> bool:
    """Whether it is a logarithm, or a definition of a sum of them."""
    if isinstance(factor, Defined):
        terms = Mul.make_args(factor.opened)
        return any(isinstance(term, Sum) and isinstance(term.function, log) for term in terms)
    return isinstance(factor, log)


# Sums of products of arrays: a matrix product where two arrays allow it.


def contracted(indices: Sequence[Index], factors: Sequence[Expr], lowering: Lowering) -> Node:
    """The product of the factors summed over the indices.

    An inner product of two arguments, or of sums of their entries such as a mean, may overflow,
    or meet what is not finite: it is guarded.
    """
    parts = _side_by_side(factors, lowering)
    indices, inner, parts = _summed_first(indices, parts, lowering)
    nodes = [*inner, *(lowering.lower(part) for part in parts)]
    present = {axis for node in nodes for axis in node.axes}
    if not set(indices) <= present:
        raise LoweringError(f"{factors} have axes {present}, not all of {indices}")
    axes = lowering.axes.ordered(present - set(indices))
    product = (
        _matrix_product(nodes, indices, axes)
        or _stacked(nodes, indices, axes)
        or Contraction(tuple(nodes), tuple(axes))
    )
    if len(factors) == 2 and all(map(_is_linear, factors)):
        full = (*axes, *lowering.axes.ordered(indices))
        left, right = (in_order(node, full) for node in nodes)
        return Guarded(product, left, right, full, axes)
    return product


def _side_by_side(factors: Sequence[Expr], lowering: Lowering) -> list[Expr]:
    """Of more than two factors, those with the same axes multiplied entry by entry first.

    A factor whose axes another one has as well goes with it: with the one of the fewest entries,
    which is the one whose axes come last.
    """
    if len(factors) <= 2:
        return list(factors)
    alike: dict[frozenset[Index], list[Expr]] = {}
    for factor in factors:
        alike.setdefault(frozenset(lowering.axes.running(factor)), []).append(factor)
    for axes in sorted(alike, key=len):
        wider = [other for other in alike if axes < other]
        if wider and len(alike) > 2:
            alike[max(wider, key=lowering.axes.latest)] += alike.pop(axes)
    return [Mul(*some) for some in alike.values()]


def _summed_first(
    indices: Sequence[Index], parts: list[Expr], lowering: Lowering
) -> tuple[list[Index], list[Node], list[Expr]]:
    """Of three factors, a matrix product of the two that alone have some index, and the rest.

    Summed all at once they would cost the product of all lengths.
    """
    for index in indices if len(parts) == 3 else ():
        own = [part for part in parts if index in lowering.axes.running(part)]
        kept = {axis for part in own for axis in lowering.axes.running(part)} - {index}
        if len(own) == 2 and len(kept) == 2:
            product = lowering.lower(total(Mul(*own), index))
            others = [part for part in parts if part not in own]
            return [one for one in indices if one != index], [product], others
    return list(indices), [], parts


def _is_linear(factor: Expr) -> bool:
    """Whether it is an entry of an argument, or a multiple of entries or of a sum of them."""
    node = unfold(factor)
    if isinstance(node, Sum):
        return _is_linear(node.function)
    if isinstance(node, Mul):
        held = [part for part in node.args if part.has(Indexed)]
        return len(held) == 1 and _is_linear(held[0])
    return isinstance(node, Indexed)


def _matrix_product(
    nodes: Sequence[Node], indices: Sequence[Index], axes: Sequence[Index]
) -> Node | None:
    """``left @ right``, for two arrays that share just the axis summed.

    Each has at most one other axis, or the right one has none and the left one any number.
    """
    if len(nodes) != 2 or len(indices) != 1:
        return None
    left, right = sorted(nodes, key=lambda node: [axis not in node.axes for axis in axes])
    if set(left.axes) & set(right.axes) != set(indices):
        return None
    if len(left.axes) > 2 and (len(right.axes) > 1 or left.axes[-1] != indices[0]):
        return None
    if len(right.axes) > 2:
        return None
    rows = tuple(axis for axis in left.axes if axis not in indices)
    columns = tuple(axis for axis in right.axes if axis not in indices)
    left, right = in_order(left, (*rows, *indices)), in_order(right, (*indices, *columns))
    return MatrixProduct(left, right, (*rows, *columns))


def _stacked(nodes: Sequence[Node], indices: Sequence[Index], axes: Sequence[Index]) -> Node | None:
    """``left @ right``, one matrix product for each place along the leading axes of both."""
    if len(nodes) != 2 or len(indices) != 1:
        return None
    left, right = sorted(nodes, key=lambda node: [axis not in node.axes for axis in axes])
    shared = [axis for axis in axes if axis in left.axes and axis in right.axes]
    rows = [axis for axis in left.axes if axis not in (*shared, *indices)]
    columns = [axis for axis in right.axes if axis not in (*shared, *indices)]
    if not shared or len(rows) != 1 or len(columns) != 1 or list(axes) != shared + rows + columns:
        return None
    left = in_order(left, (*shared, *rows, *indices))
    right = in_order(right, (*shared, *indices, *columns))
    return MatrixProduct(left, right, tuple(axes))


# Sums over index sets: look-ups, sums along an axis, matrix products.


def lower_sum(whole: Sum, lowering: Lowering) -> Node:
    """A sum over whole index sets of a product of factors.

    A delta of the index is a look-up; what does not depend on the index stays outside; an index
    that only one factor has is summed there; what is left is a matrix product.
    """
    indices, factors = opened(whole, lowering)
    spelled_out = look_up(indices, factors, lowering)
    if spelled_out is not None:
        return lowering.lower(spelled_out)
    factors = _merged(factors, indices, lowering)
    idle = [index for index in indices if not any(depends(f, [index]) for f in factors)]
    outside = [factor for factor in factors if not depends(factor, indices)]
    if idle or outside:
        times = [index.space.size for index in idle if not entered([], index, lowering)]
        rest = [index for index in indices if index not in idle]
        inside = summed((factor for factor in factors if factor not in outside), rest)
        return lowering.lower(Mul(*times, *outside) * inside)
    for index in tuple(indices):
        owned = [factor for factor in factors if depends(factor, [index])]
        owners = [factor for factor in owned if not _leaves_out(factor, index, lowering)]
        if len(owners) <= 1 and len(owned) < len(factors):
            indices.remove(index)
            factors = [factor for factor in factors if factor not in owned]
            factors.append(total(Mul(*owned), index))
    for index in indices:
        factors = entered(factors, index, lowering)
    if not indices:
        return lowering.lower(Mul(*factors))
    if not factors:
        lengths = tuple(map(lowering.axes.length, indices))
        return Product(lengths, (), ()) if len(lengths) > 1 else lengths[0]
    product = lowering.step(Mul(*factors))
    if product is not None:
        return _along_axes(product, indices)
    if len(factors) > 1:
        selected = weighted(factors, lowering)
        return (
            _along_axes(selected, indices) if selected else contracted(indices, factors, lowering)
        )
    return _without(factors[0], indices, lowering) or _along_axes(
        lowering.lower(Mul(*factors)), indices
    )


def _leaves_out(factor: Expr, index: Index, lowering: Lowering) -> bool:
    """Whether the factor does nothing but leave out a member that the arrays have no place for."""
    missing = lowering.axes.left_out(index)
    return missing is not None and complement(factor, lowering, index) == (index, missing)


def _merged(factors: list[Expr], indices: Sequence[Index], lowering: Lowering) -> list[Expr]:
    """Each factor 1 - delta joined to a factor whose entry it sets to zero."""
    removes = [factor for factor in factors if _removes(factor, indices, lowering)]
    merged = [factor for factor in factors if factor not in removes]
    for factor in removes:
        found = complement(factor, lowering)
        assert found is not None
        named = (n for n, other in enumerate(merged) if lowering.has_name(factor * other))
        able = (n for n, other in enumerate(merged) if depends(other, found[:1]))
        place = next(named, next(able, 0))
        merged[place : place + 1] = [Mul(factor, *merged[place : place + 1])]
    return merged


def _removes(factor: Expr, indices: Sequence[Index], lowering: Lowering) -> bool:
    """Whether the factor is 1 - delta and does more than leave a member out of a sum."""
    return complement(factor, lowering) is not None and not any(
        _leaves_out(factor, index, lowering) for index in indices
    )


def _without(factor: Expr, indices: Sequence[Index], lowering: Lowering) -> Node | None:
    """``sum over w of (1 - delta(w, o)) A``: the entry at o is left out."""
    if len(indices) == 1:
        for part in Mul.make_args(factor):
            found = complement(part, lowering, indices[0])
            if found is not None and found[0] == indices[0]:
                rest, word = lowering.lower(factor / part), lowering.place(found[1])
                return sum_without(rest, found[0], word, lowering)
    return None


def _along_axes(node: Node, indices: Sequence[Index]) -> Node:
    """The array summed over the axes of the indices."""
    places = tuple(sorted(node.axes.index(index) for index in indices if index in node.axes))
    if len(places) < len(indices):
        raise LoweringError(f"{node} has axes {node.axes}, not all of {indices}")
    return Summed(node, places, tuple(axis for axis in node.axes if axis not in indices))


Term = tuple[list[Index], list[Expr]]


def row_sums(
    expression: Expr, row: Index, lowering: Lowering, *, wide: bool = True
) -> tuple[RowTerm, ...] | None:
    """Words, numbers and rows of each term, or None if not every term is at one word.

    Sum over k of delta(n[k], x) f(k): row f(k) falls on the word n[k], for every k, and what
    falls on the same word is added. Where f(k) is a number times a row that is the same for
    every k, the two are left apart. A row that is not ``wide`` is one number: an axis of length
    one here.
    """
    terms = _terms(expression, row)
    if not all(any(_word(factor, row) for factor in factors) for _, factors in terms):
        return None
    return tuple(_part(indices, factors, row, lowering, wide=wide) for indices, factors in terms)


def row_totals(expression: Expr, row: Index, lowering: Lowering) -> tuple[Node, Node]:
    """Words and numbers for the sum over k of delta(n[k], x) f(k), f(k) a number."""
    terms = _terms(expression, row)
    if len(terms) != 1 or not any(_word(factor, row) for factor in terms[0][1]):
        raise LoweringError(f"{expression} is not one sum of numbers at words")
    words, inner, factors = _at_words(*terms[0], row, lowering)
    whole = summed(factors, inner)
    if isinstance(whole, Sum):
        numbers = contracted(*opened(whole, lowering), lowering)
    else:
        numbers = lowering.lower(whole)
    if numbers.axes != words.axes:
        raise LoweringError(f"{numbers} has axes {numbers.axes}, not those of {words}")
    return words, numbers


def _terms(expression: Expr, row: Index) -> list[Term]:
    """The expression as a sum of sums of products, multiplied out where a delta needs it."""
    if isinstance(expression, Add):
        return [term for part in expression.args for term in _terms(part, row)]
    if isinstance(expression, Sum):
        bound = [limit[0] for limit in expression.limits]
        inner = _terms(expression.function, row)
        return [(bound + indices, factors) for indices, factors in inner]
    factors = [_spelled_out(factor, row) for factor in Mul.make_args(expression)]
    for factor in factors:
        if isinstance(factor, Add | Sum) and _mentions(factor, row):
            others = [other for other in factors if other is not factor]
            inner = _terms(factor, row)
            for indices, _ in inner:
                if any(depends(other, indices) for other in others):
                    raise LoweringError(f"{indices} is bound and free in {expression}")
            return [(indices, parts + others) for indices, parts in inner]
    return [([], factors)]


def _part(
    indices: list[Index], factors: list[Expr], row: Index, lowering: Lowering, *, wide: bool
) -> RowTerm:
    """The words of one term, and the rows that fall on them."""
    words, inner, factors = _at_words(indices, factors, row, lowering)
    split = _weighted(factors, words, lowering) if wide and not inner else None
    if split is not None:
        numbers, rows = split
        return RowTerm(words, numbers, rows)
    rows = lowering.lower(summed(factors, inner))
    axes = (*words.axes, *(axis for axis in rows.axes if axis not in words.axes))
    rows = Repeated(rows, axes)
    return RowTerm(words, None, rows if wide else Column(rows, axes))


def _at_words(
    indices: list[Index], factors: list[Expr], row: Index, lowering: Lowering
) -> tuple[Node, list[Index], list[Expr]]:
    """The words of one term; the indices that are summed at each word, and the factors."""
    delta = next(factor for factor in factors if _word(factor, row))
    word = _word(delta, row)
    assert word is not None
    factors = [factor for factor in factors if factor is not delta]
    if any(depends(factor, [row]) for factor in factors):
        raise LoweringError(f"{factors} depends on the row {row} beside {delta}")
    words = lowering.place(word)
    for index in words.axes:
        factors = entered(factors, index, lowering) if index in indices else factors
    return words, [index for index in indices if index not in words.axes], factors


def _weighted(factors: list[Expr], words: Node, lowering: Lowering) -> tuple[Node, Node] | None:
    """A number for each word, and rows for the places along the leading axes of the words."""
    running = {factor: lowering.axes.running(factor) for factor in factors}
    inside = [factor for factor in factors if running[factor] <= set(words.axes)]
    rest = [factor for factor in factors if factor not in inside]
    if not inside or not rest:
        return None
    numbers, rows = lowering.lower(Mul(*inside)), lowering.lower(Mul(*rest))
    lead = rows.axes[:-1]
    if lead != words.axes[: len(lead)] or rows.axes[-1] in words.axes:
        return None
    return Repeated(numbers, words.axes), rows


def _word(factor: Expr, row: Index) -> Expr | None:
    """The word that a delta compares the row with."""
    if isinstance(factor, KroneckerDelta) and row in factor.args:
        return factor.args[1] if factor.args[0] == row else factor.args[0]
    return None


def _spelled_out(factor: Expr, row: Index) -> Expr:
    """The body of a definition that compares the row with words: how often it is among them."""
    if isinstance(factor, Defined) and row in factor.args:
        body: Expr = factor.opened
        return body if _mentions(body, row) else factor
    return factor


def _mentions(factor: Expr, row: Index) -> bool:
    return any(row in delta.args for delta in factor.atoms(KroneckerDelta))


# Numbers, sums of terms, products and quotients, entry by entry.


def lower_number(number: Rational, lowering: Lowering) -> Node:
    """An integer as it is, a fraction as a quotient of two."""
    return Number(number)


def lower_add(addition: Add, lowering: Lowering) -> Node:
    """``p + q - r``, broadcast. Like terms of opposite sign are subtracted first.

    The difference of two near numbers loses nothing, while a third number that is added first
    is rounded to their size: (m - z_o) + log(...) keeps a small loss, m + log(...) - z_o not.
    What divides every term divides their sum.
    """
    merged = merged_at_word(addition, lowering) or chosen(addition, lowering)
    if merged is not None:
        return merged
    below = [factor for factor in Mul.make_args(addition.args[0]) if _is_quotient(factor)]
    for divisor in below:
        if all(divisor in Mul.make_args(term) for term in addition.args):
            return lowering.lower(Add(*(term / divisor for term in addition.args)) * divisor)
    terms = list(addition.args)
    like = _opposite(terms)
    if like and len(like) < len(terms):
        rest = Add(*(term for term in terms if term not in like))
        return _joined([Add(*like), rest], lowering)
    terms.sort(key=lambda term: (_is_negative(term), bool(term.has(Sum))))
    return _joined(terms, lowering)


def lower_mul(product: Mul, lowering: Lowering) -> Node:
    """``p * q / r``, broadcast; a factor 1 - delta(w, o) sets the entry at o to zero."""
    without = excluded(product, lowering)
    if without is not None:
        return without
    selected = weighted(product.args, lowering)
    if selected is not None:
        return selected
    number, rest = product.as_coeff_Mul()
    if number.is_negative:
        positive = lowering.lower(-number * rest)
        return Negative(positive, positive.axes)
    above = [factor for factor in Mul.make_args(rest) if not _is_quotient(factor)]
    below = [1 / factor for factor in Mul.make_args(rest) if _is_quotient(factor)]
    if number.p != 1 or not above:
        above.insert(0, Integer(number.p))
    if number.q != 1:
        below.append(Integer(number.q))
    tops = tuple(lowering.lower(factor) for factor in above)
    bottoms = tuple(lowering.lower(factor) for factor in below)
    return Product(tops, bottoms, lowering.axes.of(*tops, *bottoms))


def lower_pow(power: Pow, lowering: Lowering) -> Node:
    """``1 / p``, a square root, or a whole power."""
    base, exponent = power.as_base_exp()
    if exponent == S.Half:
        root = lowering.lower(base)
        return Applied("sqrt", (root,), root.axes)
    if not exponent.is_Integer:
        raise LoweringError(f"no rule lowers the power {power}")
    if exponent < 0:
        below = lowering.lower(1 / power)
        return Product((Number(S.One),), (below,), below.axes)
    found = lowering.lower(base)
    return Power(found, int(exponent), found.axes)


def _is_quotient(factor: Expr) -> bool:
    return isinstance(factor, Pow) and bool(factor.exp.is_negative)


def _opposite(terms: list[Expr]) -> list[Expr]:
    """The terms that are entries of one family, or values of one definition, if signs differ."""
    for first in terms:
        sign, core = first.as_coeff_Mul()
        kind = _kind(core)
        like = [term for term in terms if kind and _kind(term.as_coeff_Mul()[1]) == kind]
        if any(term.as_coeff_Mul()[0] * sign < 0 for term in like):
            return like
    return []


def _kind(core: Expr) -> object:
    if isinstance(core, Indexed):
        return core.base
    return core.func if isinstance(core, Defined) else None


def _is_negative(term: Expr) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)


def _joined(terms: list[Expr], lowering: Lowering) -> Node:
    """The terms one after the other; a sum among them keeps its parentheses."""
    first, *others = terms
    parts = [lowering.lower(-term if _is_negative(term) else term) for term in others]
    start = lowering.lower(first)
    negative = (False, *map(_is_negative, others))
    return Terms((start, *parts), negative, lowering.axes.of(start, *parts))


# Functions of one number, applied to every entry.


_NUMPY = {exp: "exp", Abs: "abs", Signum: "sign", SignOf: "sign", sign: "sign"}
_NUMPY_PAIR = {Min: "minimum", Max: "maximum"}


def lower_function(application: Expr, lowering: Lowering) -> Node:
    """``exp`` and ``Abs`` by NumPy's functions of the same meaning."""
    argument = lowering.lower(application.args[0])
    name = next(name for kind, name in _NUMPY.items() if issubclass(application.func, kind))
    return Applied(name, (argument,), argument.axes)


def lower_above(application: Above, lowering: Lowering) -> Node:
    """One of a number above zero, else zero."""
    inside = lowering.lower(application.args[0])
    positive = Compared(">", inside, Number(S.Zero), inside.axes)
    return Indicator(positive, lowering.axes.parameter(), inside.axes)


def lower_log(logarithm: log, lowering: Lowering) -> Node:
    """``log(1 + x)`` by log1p, which keeps a small x; any other logarithm by log."""
    (argument,) = logarithm.args
    function = "log"
    if isinstance(argument, Add) and S.One in argument.args:
        function, argument = "log1p", argument - 1
    inside = lowering.lower(argument)
    return Applied(function, (inside,), inside.axes)


def lower_extremum(extremum: Min | Max, lowering: Lowering) -> Node:
    """The smaller or larger of two; NaN if either is."""
    if len(extremum.args) != 2:
        raise LoweringError(f"no rule lowers {extremum} of other than two numbers")
    # SymPy sorts the arguments; the number goes last because it reads better
    first, second = sorted(extremum.args, key=lambda part: bool(part.is_number))
    parts = (lowering.lower(first), lowering.lower(second))
    return Applied(_NUMPY_PAIR[extremum.func], parts, lowering.axes.of(*parts))


def lower_piecewise(cases: Piecewise, lowering: Lowering) -> Node:
    """Two cases, the second for all that the first leaves, by ``where``.

    An indicator, one or zero, has the type of the parameters.
    """
    if len(cases.args) != 2 or cases.args[1].cond is not true:
        raise LoweringError(f"no rule lowers {cases}: two cases, the second of them True")
    (value, condition), (otherwise, _) = cases.args
    test = _condition(condition, lowering)
    if (value, otherwise) == (S.One, S.Zero):
        return Indicator(test, lowering.axes.parameter(), test.axes)
    parts = (test, lowering.lower(value), lowering.lower(otherwise))
    return Applied("where", parts, lowering.axes.of(*parts))


def _condition(condition: Boolean, lowering: Lowering) -> Node:
    """A comparison, or several that hold at once."""
    if isinstance(condition, And):
        parts = tuple(_condition(part, lowering) for part in sorted(condition.args, key=str))
        return AllOf(parts, lowering.axes.of(*parts))
    if not isinstance(condition, Relational):
        raise LoweringError(f"no rule lowers the condition {condition}")
    left, right = (lowering.lower(side) for side in condition.args)
    return Compared(condition.rel_op, left, right, lowering.axes.of(left, right))


# Which rule lowers which node.


def lower_defined(application: Defined, lowering: Lowering) -> Node:
    """An abbreviation without a name in the code: its body in its place."""
    return lowering.lower(application.opened)


RULES: dict[type[Basic], Rule] = {
    Rational: lower_number,
    Symbol: lower_symbol,
    Indexed: lower_indexed,
    Argmax: lower_argmax,
    Defined: lower_defined,
    Add: lower_add,
    Mul: lower_mul,
    Pow: lower_pow,
    Sum: lower_sum,
    KroneckerDelta: lower_delta,
    exp: lower_function,
    Abs: lower_function,
    log: lower_log,
    Min: lower_extremum,
    Max: lower_extremum,
    Piecewise: lower_piecewise,
}

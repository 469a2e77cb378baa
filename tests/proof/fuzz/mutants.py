"""Deliberate faults of the normal form; the fuzzing has to find each one.

Some were made by people: variable capture, a division that may be by zero, an index read as a
number. Not among them is what changes no value: names nested in a factor that a multiplication
leaves as they are (outer names are new each time, so that a nested name can hide an equal one
but never catches a free one); a common factor with another exponent; a delta that is squared.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import cycle
from typing import Any
from unittest.mock import patch

from sympy import Integer

from derivations.indices import Index
from derivations.proof import context as definite
from derivations.proof import contraction, functions_of_sums, normal_form, sums, terms
from derivations.proof.context import Context
from derivations.proof.functions_of_sums import Algebra
from derivations.proof.terms import (
    NOWHERE,
    AbsoluteValue,
    ArbitraryValue,
    Atom,
    Binder,
    BoundIndex,
    Delta,
    Exponential,
    IndexNumber,
    ListedIndex,
    Logarithm,
    NumberedIndex,
    OffsetIndex,
    OfSum,
    Parameter,
    Range,
    Scalar,
    Table,
    Term,
    Whole,
)
from tests.planting import Mutant, instead

# How a fault of the normal form is written down.


def mutant(meant: str, within: int, patches: tuple[tuple[object, str, object], ...]) -> Mutant:
    """A fault: within how many expressions it must show, what replaces what."""
    return Mutant(meant, tuple(instead(*patch) for patch in patches), within=within)


# Faults with names: capture, keys that say too little, sums that lose what they count.


_bound_spelled = BoundIndex.spelled
_renamed = Term.renamed
_whole = normal_form._Reader._whole
_read = normal_form._Reader.read
_FEW = cycle((1, 2, 3))


def _one_of_few_numbers(self: Context, extent: Any) -> int:
    number = next(_FEW)
    self.ranges[BoundIndex(number)] = extent
    return number


def _idle_dropped(self: Algebra, binders: Any, product: Any, q: Any) -> Any:
    used = {number for atom, _ in product for number in atom.bound}
    kept = tuple(binder for binder in binders if binder.index.number in used)
    return ((Term(kept, product), q),)


def _uses_left_behind(self: Term, fresh: Any, inside: Any = NOWHERE) -> Any:
    term = _renamed(self, fresh, inside)
    return Term(term.binders, tuple((_bound_anew(atom, fresh), q) for atom, q in term.factors))


def _bound_anew(atom: Any, fresh: Any) -> Any:
    def anew(term: Term) -> Term:
        binders = tuple(type(b)(BoundIndex(fresh(b.extent)), b.extent) for b in term.binders)
        return Term(binders, term.factors)

    match atom:
        case Exponential(term):
            return Exponential(anew(term))
        case OfSum(of):
            return type(atom)(tuple((anew(term), q) for term, q in of))
    return atom


def _bound_indices_alike(self: BoundIndex, levels: Any) -> str:
    return "b0\0" if self.number in levels else _bound_spelled(self, levels)


def _like_terms_replaced(self: Algebra, parts: Any) -> Any:
    collected = {term.key: (term, q) for part in parts for term, q in part}
    return tuple(collected.values())


def _sums_of_all(self: Any, node: Any) -> Any:
    """A bound N - 1 is read as N."""
    return Whole.size("N") if str(node) == "N - 1" else _whole(self, node)


def _sums_from_the_first(self: Any, node: Any) -> Any:
    return Whole.number(1) if node == 2 else _whole(self, node)


def _index_as_parameter(self: Any, node: Any, bound: Any) -> Any:
    if isinstance(node, Index):
        return self.algebra.atom(Scalar(node.name))
    return _read(self, node, bound)


def _indices_lost(self: Parameter, levels: Any) -> str:
    return f"x{self.base}\0)"


MUTANTS_OF_NAMES: tuple[Mutant, ...] = (
    mutant(
        "bound names not made new when multiplying",
        50,
        ((Term, "renamed", lambda term, fresh, inside=NOWHERE: term),),
    ),
    mutant("nested names made new, their uses not", 20, ((Term, "renamed", _uses_left_behind),)),
    mutant("new names are not new", 100, ((Context, "fresh", _one_of_few_numbers),)),
    mutant("key without ranges", 800, ((Range, "spelled", ""),)),
    mutant("key with all bound names alike", 500, ((BoundIndex, "spelled", _bound_indices_alike),)),
    mutant("key of a parameter without indices", 20, ((Parameter, "_spelled", _indices_lost),)),
    mutant("like terms replace each other", 20, ((Algebra, "add", _like_terms_replaced),)),
    mutant(
        "idle binder dropped without its size",
        50,
        ((Algebra, "_summed_out", _idle_dropped),),
    ),
    mutant(
        "part of a range taken for all of it",
        200,
        ((normal_form._Reader, "_whole", _sums_of_all),),
    ),
    mutant(
        "a range from 2 taken for one from 1",
        200,
        ((normal_form._Reader, "_whole", _sums_from_the_first),),
    ),
    mutant(
        "an index read as a parameter", 500, ((normal_form._Reader, "read", _index_as_parameter),)
    ),
)


# Faults with deltas and with the conditions on words.


_within = Context.within
_differ = Context.differ
_assume = Context.assume
_classes = contraction.classes
_equated = Algebra._equated
_replaced = Algebra._replaced


def _solved_unguarded(groups: Any, binders: Any, context: Context) -> Any:
    ranges = {binder.index: binder.extent for binder in binders}
    for group in groups:
        for index in sorted(group, key=contraction._spelled):
            for value in sorted(group, key=lambda each: contraction._rank(each, frozenset())):
                if index in ranges and value != index and context.within(value, ranges[index]):
                    return index, value
    return None


def _any_number_is_within(self: Context, index: Any, extent: Any) -> bool:
    return isinstance(index, NumberedIndex) or _within(self, index, extent)


def _all_differ(self: Context, left: Any, right: Any) -> bool:
    return bool(left != right)


def _none_among(self: Context, left: Any, right: Any) -> bool:
    listed = isinstance(left, ListedIndex) != isinstance(right, ListedIndex)
    return _differ(self, left, right) or listed


def _unequal_by_half(self: Context, left: Any, right: Any) -> bool:
    known = frozenset[Any]().union(*self.unequal)
    return _differ(self, left, right) or left in known or right in known


def _all_distinct(self: Context, conditions: Any, read: Any, extent: Any) -> None:
    _assume(self, conditions, read, extent)
    self.distinct |= {"n", "near", "q", "next"}


def _distinct_drops_delta(equations: Any, context: Context) -> Any:
    """Two entries of a distinct list are never the same word."""
    for delta in equations:
        match delta:
            case Delta(ListedIndex(one), ListedIndex(other)) if one == other:
                if one in context.distinct:
                    return None
    return _classes(equations, context)


def _delta_lost(self: Algebra, groups: Any, binders: Any, product: Any, q: Any) -> Any:
    result = _equated(self, groups, binders, product, q)
    if result is None and contraction.solved(groups, binders, self.context) is None:
        others = tuple(pair for pair in product if not isinstance(pair[0], Delta))
        return self.term(binders, others, q)
    return result


def _not_below_the_bar(self: Algebra, atom: Any, exponent: Any, values: Any) -> Any:
    kept = isinstance(atom, OfSum)
    return self.atom(atom, exponent) if kept else _replaced(self, atom, exponent, values)


MUTANTS_OF_EQUATIONS: tuple[Mutant, ...] = (
    mutant(
        "capture: b = t used where t depends on b",
        2000,
        ((contraction, "solved", _solved_unguarded),),
    ),
    mutant("contraction without a look at the range", 100, ((Context, "within", lambda *_: True),)),
    mutant("every number is in range", 500, ((Context, "within", _any_number_is_within),)),
    mutant(
        "a delta is not applied below the bar", 50, ((Algebra, "_replaced", _not_below_the_bar),)
    ),
    mutant("a delta is dropped once used", 20, ((Algebra, "_equated", _delta_lost),)),
    mutant("conditions ignored", 300, ((Context, "assume", lambda *_: None),)),
    mutant("different names are taken to differ", 20, ((Context, "differ", _all_differ),)),
    mutant("no word is among those drawn", 100, ((Context, "differ", _none_among),)),
    mutant(
        "a condition on one word holds against all", 500, ((Context, "differ", _unequal_by_half),)
    ),
    mutant("draws are always distinct", 600, ((Context, "assume", _all_distinct),)),
    mutant(
        "distinct entries differ even at one place",
        1000,
        ((contraction, "classes", _distinct_drops_delta),),
    ),
)


# Faults with fractions, exponentials and logarithms.


ONE = Fraction(1)
NEVER_BOUND = property(lambda _: frozenset())
_common_factor = sums.common_factor
_pieces = sums._pieces
_by_case = Algebra._by_case
_exp = Algebra.exp
_inverse = Algebra.inverse
_log = Algebra.log
_power = Algebra.power
_cancelled = sums.cancelled
_without = Algebra._without


def _left_in_the_rest(self: Algebra, found: Any, shared: Any) -> Any:
    _, outside, lead = _without(self, found, shared)
    return found, outside, lead


def _factor_of_some(found: Any, kinds: Any) -> Any:
    """Bound atoms are taken out as if they were free."""
    with patch.object(Atom, "bound", NEVER_BOUND):
        return _common_factor(found, kinds)


def _deltas_too(found: Any, kinds: Any) -> Any:
    return _common_factor(found, (*kinds, Delta))


def _cancelled_anywhere(binders: Any, product: Any) -> Any:
    with patch.object(Atom, "bound", NEVER_BOUND):
        return _cancelled(binders, product)


def _sign_of_exponent(self: Algebra, found: Any) -> Any:
    return _exp(self, self.scale(found, -ONE) if len(found) > 2 else found)


def _one_over_coefficient(self: Algebra, found: Any) -> Any:
    result = _inverse(self, found)
    return ((result[0][0], ONE),) if len(result) == 1 else result


def _inverse_term_by_term(self: Algebra, found: Any) -> Any:
    return self.add(_inverse(self, (one,)) for one in found)


def _logarithm_without_number(self: Algebra, found: Any) -> Any:
    result = _log(self, found)
    lost = Logarithm(self.constant(2))
    return tuple(pair for pair in result if all(atom != lost for atom, _ in pair[0].factors))


def _first_remainder_lost(quotient: Any, atom: Any, chosen: Any, p: Any) -> Any:
    return _pieces(quotient, atom, chosen, p)[:1]


def _remainder_added(quotient: Any, atom: Any, chosen: Any, p: Any) -> Any:
    pieces = _pieces(quotient, atom, chosen, p)
    return [(term, rest, abs(q)) for term, rest, q in pieces]


def _any_tail(denominator: Any, inverted: Any) -> Any:
    """As it once was: the tail may vanish, and may be turned back for ever."""
    without = [
        (term, q)
        for term, q in denominator
        if all(atom.key != inverted.key for atom, _ in term.factors)
    ]
    alone = len(without) == 1 < len(denominator) and not without[0][0].binders
    return without[0] if alone else None


def _power_without_base(self: Algebra, base: Any, exponent: int) -> Any:
    return _power(self, base, -1 if exponent < -1 else exponent)


def _other_case_twice(self: Algebra, function: Any, delta: Any, found: Any) -> Any:
    rest = function(contraction.where_it_fails(delta, found))
    one_minus = self.add((self.constant(1), self.scale(self.delta(delta.left, delta.right), -ONE)))
    return self.add((_by_case(self, function, delta, found), self.multiply(one_minus, rest)))


def _delta_held_everywhere(self: Algebra, function: Any, delta: Any, found: Any) -> Any:
    by_parts = ((contraction.without(delta, term) or term, q) for term, q in found)
    return function(self.add(self.term(term.binders, term.factors, q) for term, q in by_parts))


MUTANTS_OF_DIVISION: tuple[Mutant, ...] = (
    mutant("the case without a delta twice", 100, ((Algebra, "_by_case", _other_case_twice),)),
    mutant(
        "a delta inside a function holds", 100, ((Algebra, "_by_case", _delta_held_everywhere),)
    ),
    mutant(
        "lead cancelled though its index occurs elsewhere",
        500,
        ((sums, "cancelled", _cancelled_anywhere),),
    ),
    mutant("remainder of a division lost", 20, ((sums, "_pieces", _first_remainder_lost),)),
    mutant("remainder of a division added", 20, ((sums, "_pieces", _remainder_added),)),
    mutant("any tail of a denominator divided by", 2000, ((sums, "_tail", _any_tail),)),
    mutant("common factor taken out and left in", 20, ((Algebra, "_without", _left_in_the_rest),)),
    mutant(
        "common factor under a binder", 60, ((functions_of_sums, "common_factor", _factor_of_some),)
    ),
    mutant(
        "a delta is a common factor",
        500,
        (
            (functions_of_sums, "common_factor", _deltas_too),
            (functions_of_sums, "never_zero", lambda *_: True),
        ),
    ),
    mutant("coefficient lost in an inverse", 50, ((Algebra, "inverse", _one_over_coefficient),)),
    mutant("inverse taken term by term", 20, ((Algebra, "inverse", _inverse_term_by_term),)),
    mutant("square of an inverse lost", 50, ((Algebra, "power", _power_without_base),)),
    mutant(
        "division by what may be zero", 100, ((functions_of_sums, "never_zero", lambda *_: True),)
    ),
    mutant("exponential of a sum with the wrong sign", 200, ((Algebra, "exp", _sign_of_exponent),)),
    mutant(
        "logarithm split without positivity",
        500,
        ((functions_of_sums, "positive", lambda *_: True),),
    ),
    mutant("logarithm of a number lost", 300, ((Algebra, "log", _logarithm_without_number),)),
)


# Faults with arbitrary functions: arguments and derivatives that are lost or mixed up.


_spelled = ArbitraryValue._spelled
_table_spelled = Table.spelled
_table_renamed = Table.renamed
_arbitrary = Algebra.arbitrary
_of_arrays = normal_form._Reader._of_arrays


def _without_partials(self: ArbitraryValue, levels: Any) -> str:
    return _spelled(replace(self, partials=()), levels)


def _places_lost(self: ArbitraryValue, levels: Any) -> str:
    return _spelled(replace(self, partials=tuple((n, ()) for n, _ in self.partials)), levels)


def _without_values(self: ArbitraryValue, levels: Any) -> str:
    return _spelled(replace(self, values=()), levels)


def _without_labels(self: ArbitraryValue, levels: Any) -> str:
    return _spelled(replace(self, labels=()), levels)


def _free_in_its_argument(self: Table, levels: Any) -> str:
    """What an array binds is spelled as if it bound nothing: all its entries alike."""
    numbers = {binder.index.number for binder in self.binders}
    inside = dict.fromkeys(numbers, 0)
    return _table_spelled(Table((), self.entry), {**levels, **inside})


def _binders_left_behind(self: Table, fresh: Any, inside: Any) -> Table:
    new = {binder.index.number: fresh(binder.extent) for binder in self.binders}
    binders = tuple(Binder(BoundIndex(new[b.index.number]), b.extent) for b in self.binders)
    return Table(binders, _table_renamed(self, fresh, inside).entry)


def _labels_alone_replaced(self: Algebra, atom: Any, exponent: Any, values: Any) -> Any:
    if isinstance(atom, ArbitraryValue) and atom.values:
        kept = replace(atom, labels=())
        put = _replaced(self, kept, exponent, values)
        ((term, _),) = put
        ((new, power),) = term.factors
        assert isinstance(new, ArbitraryValue)
        return self.atom(replace(new, labels=atom.labels, values=atom.values), power)
    return _replaced(self, atom, exponent, values)


def _one_case(self: Algebra, value: ArbitraryValue) -> Any:
    """A delta in a number is one."""
    tables = tuple(
        table
        if table.binders
        else Table((), tuple((replace(t, factors=_undelta(t)), q) for t, q in table.entry))
        for table in value.values
    )
    return _arbitrary(self, replace(value, values=tables))


def _undelta(term: Any) -> Any:
    return tuple(pair for pair in term.factors if type(pair[0]).__name__ != "Delta")


def _rows_without_their_word(self: Any, function: Any, picks: Any, by: Any, bound: Any) -> Any:
    """A row that is picked is the first one."""
    rows = {n for n in function.rows.values() if n is not None}
    return _of_arrays(
        self, function, [Integer(1) if n in rows else p for n, p in enumerate(picks)], by, bound
    )


def _nothing_renamed(self: Table, fresh: Any, inside: Any = NOWHERE) -> Table:
    return self


MUTANTS_OF_FUNCTIONS: tuple[Mutant, ...] = (
    mutant(
        "a derivative of a function is the function",
        300,
        ((ArbitraryValue, "_spelled", _without_partials),),
    ),
    mutant(
        "derivatives by all entries are one", 500, ((ArbitraryValue, "_spelled", _places_lost),)
    ),
    mutant("a function has one value", 100, ((ArbitraryValue, "_spelled", _without_values),)),
    mutant("labels of a function are lost", 500, ((ArbitraryValue, "_spelled", _without_labels),)),
    mutant("entries of an argument are alike", 1000, ((Table, "spelled", _free_in_its_argument),)),
    mutant(
        "an argument's index is made new, its uses not",
        200,
        ((Table, "renamed", _binders_left_behind),),
    ),
    mutant("an argument is not renamed", 500, ((Table, "renamed", _nothing_renamed),)),
    mutant(
        "indices inside an argument are not replaced",
        500,
        ((Algebra, "_replaced", _labels_alone_replaced),),
    ),
    mutant("a delta in an argument holds", 500, ((Algebra, "arbitrary", _one_case),)),
    mutant(
        "a row depended on is the first",
        300,
        ((normal_form._Reader, "_of_arrays", _rows_without_their_word),),
    ),
)


# Faults with whole ranges, offsets, numbers, and signs.


_reindexed = Algebra._reindexed
_power_sum = Algebra._power_sum
_whole_power = Algebra._whole_power
_never_negative = definite.never_negative
_index_with = terms.index_with
_log_atom = Algebra._log_atom
_never_below = terms.never_below


def _ends_lost(self: Algebra, binders: Any, product: Any, q: Any) -> Any:
    moved = _reindexed(self, binders, product, q)
    if moved is None:
        return None
    most = max((len(term.binders) for term, _ in moved), default=0)
    return tuple(pair for pair in moved if len(pair[0].binders) == most)


def _from_one_after(self: Algebra, power: int, number: Any) -> Any:
    return _power_sum(self, power, number + sums.UP) if power else _power_sum(self, power, number)


def _power_sum_of_sizes(self: Algebra, power: int, number: Any) -> Any:
    """k^p counted as k."""
    return _power_sum(self, min(power, 1), number)


def _last_is_within(self: Context, index: Any, extent: Any) -> bool:
    last = isinstance(index, NumberedIndex) and index.number == extent.upper
    return last or _within(self, index, extent)


def _next_is_within(self: Context, index: Any, extent: Any) -> bool:
    offset = isinstance(index, OffsetIndex)
    return _within(self, index.of if offset else index, extent)


def _every_size_has_one(polynomial: Any, least: Any) -> Any:
    return _never_below(polynomial, dict.fromkeys(least, 1))


def _offset_lost(index: Any, values: Any) -> Any:
    put = _index_with(index, values)
    if isinstance(index, OffsetIndex) and isinstance(put, OffsetIndex) and put.of != index.of:
        return put.of
    return put


def _offset_not_spelled(self: OffsetIndex, levels: Any) -> str:
    return self.of.spelled(levels)


def _number_left_behind(self: Algebra, atom: Any, exponent: Any, values: Any) -> Any:
    if isinstance(atom, IndexNumber):
        return self.atom(atom, exponent)
    return _replaced(self, atom, exponent, values)


def _itself(self: Algebra, found: Any) -> Any:
    return found


def _term_by_term(self: Algebra, found: Any) -> Any:
    parts = (((term, ONE),) for term, _ in found)
    scaled = zip(parts, (abs(q) for _, q in found), strict=True)
    return self.add(self.scale(self.atom(AbsoluteValue(part)), q) for part, q in scaled)


def _even_is_odd(self: Algebra, atom: Any, exponent: Any) -> Any:
    if isinstance(atom, AbsoluteValue) and exponent > 1:
        return self.multiply(self.power(atom.of, int(exponent) - 1), self.atom(atom))
    return _whole_power(self, atom, exponent)


def _root_lost(self: Algebra, atom: Any, exponent: Any) -> Any:
    """exp(3/2 log P) becomes P."""
    taken = _whole_power(self, atom, exponent)
    inside = definite.root(atom)
    return self.power(inside, int(exponent)) if taken and inside and exponent > 1 else taken


def _logarithm_of_itself(self: Algebra, atom: Any, q: Any) -> Any:
    """log(a^2) becomes 2 log(a)."""
    if isinstance(atom, Exponential) or q % 2:
        return _log_atom(self, atom, q)
    return self.atom(Logarithm(self.atom(atom)))


def _no_number_is_negative(atom: Any, context: Any) -> bool:
    return isinstance(atom, IndexNumber) or _never_negative(atom, context)


def _nothing_is_negative(atom: Any, context: Any) -> bool:
    return isinstance(atom, Parameter | Scalar) or _never_negative(atom, context)


MUTANTS_OF_RANGES: tuple[Mutant, ...] = (
    mutant("a sum is moved without its ends", 200, ((Algebra, "_reindexed", _ends_lost),)),
    mutant("power sums from one after the first", 200, ((Algebra, "_power_sum", _from_one_after),)),
    mutant(
        "powers of numbers summed as numbers", 3000, ((Algebra, "_power_sum", _power_sum_of_sizes),)
    ),
    mutant("there is always a last member", 300, ((Context, "within", _last_is_within),)),
    mutant("one after a member is a member", 500, ((Context, "within", _next_is_within),)),
    mutant(
        "every size is at least one",
        500,
        tuple((where, "never_below", _every_size_has_one) for where in (terms, definite)),
    ),
    mutant(
        "an offset is lost where an index is replaced",
        500,
        tuple((where, "index_with", _offset_lost) for where in (terms, sums, functions_of_sums)),
    ),
    mutant(
        "key of an index without its offset", 200, ((OffsetIndex, "spelled", _offset_not_spelled),)
    ),
    mutant("a number is not replaced", 300, ((Algebra, "_replaced", _number_left_behind),)),
    mutant("an absolute value is the number itself", 100, ((Algebra, "absolute", _itself),)),
    mutant("an absolute value is taken term by term", 200, ((Algebra, "absolute", _term_by_term),)),
    mutant(
        "the square of an absolute value is odd", 200, ((Algebra, "_whole_power", _even_is_odd),)
    ),
    mutant("a fraction of an exponent is lost", 1000, ((Algebra, "_whole_power", _root_lost),)),
    mutant(
        "log of a square is twice the log", 200, ((Algebra, "_log_atom", _logarithm_of_itself),)
    ),
    mutant(
        "no number of an offset is negative",
        1000,
        tuple(
            (where, "never_negative", _no_number_is_negative)
            for where in (definite, functions_of_sums)
        ),
    ),
    mutant(
        "no entry is negative",
        200,
        tuple(
            (where, "never_negative", _nothing_is_negative)
            for where in (definite, functions_of_sums)
        ),
    ),
)


MUTANTS: tuple[Mutant, ...] = (
    *MUTANTS_OF_NAMES,
    *MUTANTS_OF_EQUATIONS,
    *MUTANTS_OF_DIVISION,
    *MUTANTS_OF_RANGES,
    *MUTANTS_OF_FUNCTIONS,
)

"""Faults with ranges and functions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from sympy import Integer

from derivations.proof import context as definite
from derivations.proof import members, normal_form, sums
from derivations.proof.context import Context
from derivations.proof.members import NOWHERE, BoundIndex, NumberedIndex, OffsetIndex
from derivations.proof.sums import Algebra
from derivations.proof.terms import (
    AbsoluteValue,
    ArbitraryValue,
    Binder,
    Exponential,
    IndexNumber,
    Table,
)
from tests.planting import Mutant
from tests.proof.fuzz.mutants.of_terms import mutant

# Faults with arbitrary functions: arguments and derivatives that are lost or mixed up.


_spelled = ArbitraryValue._spelled
_table_spelled = Table.spelled
_table_renamed = Table.renamed
_replaced = Algebra._replaced
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


def _uses_left_behind(self: Table, fresh: Any, inside: Any) -> Table:
    new = {binder.index.number: fresh(binder.extent) for binder in self.binders}
    binders = tuple(Binder(BoundIndex(new[b.index.number]), b.extent) for b in self.binders)
    return Table(binders, _table_renamed(self, fresh, inside).entry)


def _labels_alone_replaced(self: Algebra, atom: Any, exponent: Any, values: Any) -> Any:
    if isinstance(atom, ArbitraryValue) and atom.values:
        kept = replace(atom, labels=())
        put = _replaced(self, kept, exponent, values)
        ((term, _),) = put
        ((new, power),) = term.factors
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


MUTANTS: tuple[Mutant, ...] = (
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
        ((Table, "renamed", _uses_left_behind),),
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


ONE = Fraction(1)
_within = Context.within
_reindexed = Algebra._reindexed
_power_sum = Algebra._power_sum
_whole_power = Algebra._whole_power
_never_negative = definite.never_negative
_index_with = members.index_with
_log_atom = Algebra._log_atom
_never_below = members.never_below


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
    moved = isinstance(index, OffsetIndex) and isinstance(put, OffsetIndex)
    return put.of if moved and put.of != index.of else put


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
    return self.atom(sums.Logarithm(self.atom(atom)))


def _no_number_is_negative(atom: Any, context: Any) -> bool:
    return isinstance(atom, IndexNumber) or _never_negative(atom, context)


def _nothing_is_negative(atom: Any, context: Any) -> bool:
    return isinstance(atom, sums.Parameter | sums.Scalar) or _never_negative(atom, context)


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
        tuple((where, "never_below", _every_size_has_one) for where in (members, definite)),
    ),
    mutant(
        "an offset is lost where an index is replaced",
        500,
        tuple((where, "index_with", _offset_lost) for where in (members, sums)),
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
        tuple((where, "never_negative", _no_number_is_negative) for where in (definite, sums)),
    ),
    mutant(
        "no entry is negative",
        200,
        tuple((where, "never_negative", _nothing_is_negative) for where in (definite, sums)),
    ),
)

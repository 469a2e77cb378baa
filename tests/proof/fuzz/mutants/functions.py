"""Faults with arbitrary functions: arguments and derivatives that are lost or mixed up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Integer

from derivations.proof import normal_form
from derivations.proof.members import (
    NOWHERE,
    BoundIndex,
)
from derivations.proof.sums import Algebra
from derivations.proof.terms import (
    ArbitraryValue,
    Binder,
    Table,
)
from tests.planting import Mutant
from tests.proof.fuzz.mutants.mutant import mutant

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

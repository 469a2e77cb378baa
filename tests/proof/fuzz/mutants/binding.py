"""Faults with names: capture, keys that say too little, sums that lose what they count."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from derivations.indices import Index
from derivations.proof import normal_form
from derivations.proof.context import Context
from derivations.proof.members import (
    NOWHERE,
    BoundIndex,
    Range,
    Whole,
)
from derivations.proof.sums import Algebra
from derivations.proof.terms import (
    Exponential,
    OfSum,
    Parameter,
    Scalar,
    Term,
)
from tests.planting import Mutant
from tests.proof.fuzz.mutants.mutant import mutant

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


MUTANTS: tuple[Mutant, ...] = (
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

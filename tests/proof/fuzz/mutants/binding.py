"""Faults with names: capture, keys that say too little, sums that lose what they count."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from derivations.indices import Index
from derivations.proof import cancel, normal_form, sums, terms
from derivations.proof.context import Context, limits
from derivations.proof.sums import Algebra
from tests.proof.fuzz.mutants.mutant import Mutant

_term_key = terms.term_key
_index_key = terms.index_key
_renamed = terms.renamed
_limits = limits
_read = normal_form._Reader.read
_FEW = cycle(("#1", "#2", "#3"))


def _one_of_few_names(self: Context, extent: Any) -> str:
    name = next(_FEW)
    self.ranges[name] = extent
    return name


def _idle_dropped(self: Algebra, binders: Any, product: Any, q: Any) -> Any:
    used = {name for atom, _ in product for name in terms.atom_names(atom)}
    return (((tuple(b for b in binders if b[0] in used), product), q),)


def _uses_left_behind(term: Any, fresh: Any) -> Any:
    binders, factors = _renamed(term, fresh)
    return binders, tuple((_bound_anew(atom, fresh), q) for atom, q in factors)


def _bound_anew(atom: Any, fresh: Any) -> Any:
    def anew(term: Any) -> Any:
        return tuple((fresh(extent), extent) for _, extent in term[0]), term[1]

    if atom[0] == "e":
        return ("e", anew(atom[1]))
    return (atom[0], tuple((anew(term), q) for term, q in atom[1])) if atom[0] in "pl" else atom


def _key_without_ranges(term: Any, levels: Any) -> Any:
    return ((), _term_key(term, levels)[1])


def _bound_names_alike(index: Any, levels: Any) -> Any:
    return ("b", 0) if index[0] == "v" and index[1] in levels else _index_key(index, levels)


def _like_terms_replaced(self: Algebra, parts: Any) -> Any:
    collected = {terms.term_key(term, {}): (term, q) for part in parts for term, q in part}
    return tuple(collected.values())


def _sums_of_all(lower: Any, upper: Any) -> Any:
    return ("1", "N") if str(upper) in {"N", "N - 1"} else _limits(lower, upper)


def _index_as_parameter(self: Any, node: Any, names: Any) -> Any:
    if isinstance(node, Index):
        return self.algebra.atom(("s", node.name))
    return _read(self, node, names)


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "bound names not made new when multiplying", 50, ((sums, "renamed", lambda term, _: term),)
    ),
    Mutant("nested names made new, their uses not", 20, ((sums, "renamed", _uses_left_behind),)),
    Mutant("new names are not new", 50, ((Context, "fresh", _one_of_few_names),)),
    Mutant(
        "key without ranges",
        50,
        tuple((where, "term_key", _key_without_ranges) for where in (terms, sums, cancel)),
    ),
    Mutant("key with all bound names alike", 50, ((terms, "index_key", _bound_names_alike),)),
    Mutant("like terms replace each other", 20, ((Algebra, "add", _like_terms_replaced),)),
    Mutant(
        "idle binder dropped without its size",
        50,
        ((Algebra, "_without_idle_binders", _idle_dropped),),
    ),
    Mutant("part of a range taken for all of it", 50, ((normal_form, "limits", _sums_of_all),)),
    Mutant(
        "an index read as a parameter", 500, ((normal_form._Reader, "read", _index_as_parameter),)
    ),
)

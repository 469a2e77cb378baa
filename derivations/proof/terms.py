"""Index sums as plain data, and when two of them are the same up to bound names.

An index is an integer ``("n", 2)``, a name ``("v", "w")`` or a word of a list
``("w", "n", (index,))``. An atom is one of

    ("x", base, indices)  a parameter          ("s", name)  a scalar or a size
    ("f", name, indices)  an arbitrary function ("d", a, b)  a Kronecker delta
    ("e", term)           exp(term)             ("p", sum)   a sum that is divided by
    ("l", sum)            log(sum)

A term is ``(binders, factors)``: bound names with their ranges, and atoms with exponents. A
sum is a tuple of terms with rational coefficients. Within one term all bound names, nested
ones included, are distinct, and none is the name of a free index: no substitution can then
capture. Names mean nothing; `key` is what terms are compared by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import permutations, product
from math import factorial, prod
from typing import Any

from derivations.proof.fragment import OutsideFragment

Index = tuple[Any, ...]
Atom = tuple[Any, ...]
Range = tuple[str, str]
Binder = tuple[str, Range]
Factors = tuple[tuple[Atom, Fraction], ...]
Term = tuple[tuple[Binder, ...], Factors]
Total = tuple[tuple[Term, Fraction], ...]
Key = tuple[Any, ...]
Levels = Mapping[str, int]
MOST_ORDERS = 120


def index_key(index: Index, levels: Levels) -> Key:
    """``index`` with bound names replaced by how deep they are bound."""
    if index[0] == "v":
        level = levels.get(index[1])
        return index if level is None else ("b", level)
    if index[0] == "w":
        return ("w", index[1], tuple(index_key(inner, levels) for inner in index[2]))
    return index


def atom_key(atom: Atom, levels: Levels) -> Key:
    """What identifies ``atom`` where ``levels`` are bound."""
    kind = atom[0]
    if kind in "xf":
        return (kind, atom[1], tuple(index_key(index, levels) for index in atom[2]))
    if kind == "d":
        return ("d", *sorted((index_key(atom[1], levels), index_key(atom[2], levels))))
    if kind == "e":
        return ("e", term_key(atom[1], levels))
    if kind in "pl":
        return (kind, total_key(atom[1], levels))
    return atom


def total_key(terms: Total, levels: Levels) -> Key:
    """What identifies a sum: its terms in order, bound names gone."""
    return tuple(sorted((term_key(term, levels), q) for term, q in terms))


def term_key(term: Term, levels: Levels) -> Key:
    """What identifies a term: the least of its spellings over all orders of its binders."""
    binders, factors = term
    if not binders:
        return ((), tuple(sorted((atom_key(atom, levels), q) for atom, q in factors)))
    ranges = tuple(sorted(extent for _, extent in binders))
    spellings = []
    for order in _orders(binders):
        inner = {**levels, **{name: len(levels) + n for n, name in enumerate(order)}}
        spellings.append(tuple(sorted((atom_key(atom, inner), q) for atom, q in factors)))
    return (ranges, min(spellings))


def _orders(binders: tuple[Binder, ...]) -> Iterator[tuple[str, ...]]:
    """All orders of the bound names in which their ranges are sorted."""
    groups: dict[Range, list[str]] = {}
    for name, extent in binders:
        groups.setdefault(extent, []).append(name)
    if prod(factorial(len(group)) for group in groups.values()) > MOST_ORDERS:
        raise OutsideFragment(f"{len(binders)} sums in one term: too many orders of their names")
    choices = (permutations(groups[extent]) for extent in sorted(groups))
    return (tuple(name for part in parts for name in part) for parts in product(*choices))


def names(index: Index) -> Iterator[str]:
    """The names in an index."""
    if index[0] == "v":
        yield index[1]
    elif index[0] == "w":
        for inner in index[2]:
            yield from names(inner)


def atom_names(atom: Atom) -> Iterator[str]:
    """The names that occur anywhere in an atom, bound ones included."""
    kind = atom[0]
    if kind in "xf":
        for index in atom[2]:
            yield from names(index)
    elif kind == "d":
        yield from names(atom[1])
        yield from names(atom[2])
    elif kind in "epl":
        for _, factors in [atom[1]] if kind == "e" else [term for term, _ in atom[1]]:
            for inner, _ in factors:
                yield from atom_names(inner)


def renamed(term: Term, fresh: Callable[[Range], str], inside: Mapping[str, str] = {}) -> Term:
    """``term`` with every bound name, nested ones included, replaced by a new one."""
    binders, factors = term
    new = {**inside, **{name: fresh(extent) for name, extent in binders}}
    return (
        tuple((new[name], extent) for name, extent in binders),
        tuple((_renamed_atom(atom, fresh, new), q) for atom, q in factors),
    )


def _renamed_atom(atom: Atom, fresh: Callable[[Range], str], new: Mapping[str, str]) -> Atom:
    kind = atom[0]
    if kind in "xf":
        return (kind, atom[1], tuple(_renamed_index(index, new) for index in atom[2]))
    if kind == "d":
        return ("d", _renamed_index(atom[1], new), _renamed_index(atom[2], new))
    if kind == "e":
        return ("e", renamed(atom[1], fresh, new))
    if kind in "pl":
        return (kind, tuple((renamed(term, fresh, new), q) for term, q in atom[1]))
    return atom


def _renamed_index(index: Index, new: Mapping[str, str]) -> Index:
    if index[0] == "v":
        return ("v", new.get(index[1], index[1]))
    if index[0] == "w":
        return ("w", index[1], tuple(_renamed_index(inner, new) for inner in index[2]))
    return index

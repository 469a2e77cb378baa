"""Functions of sums with Kronecker deltas in them, by whether a delta holds.

A delta is one or zero, so f(d A + B) = d f(A + B) + (1 - d) f(B) for every function f: the delta
comes out of exponentials, and its equation holds beside f(A + B). f(B) then stands where the
delta holds as well, to be subtracted there: out of a logarithm or a denominator the delta comes
only where B is positive for sure. A delta that a binder inside f binds is no case of the whole.
"""

from __future__ import annotations

from derivations.proof.terms import Atom, Factors, Key, Term, Total, atom_key, atom_names


def free_delta(terms: Total) -> Atom | None:
    """A delta that some term is multiplied by and that no binder of the term binds."""
    found: dict[Key, Atom] = {}
    for (binders, factors), _ in terms:
        bound = {name for name, _ in binders}
        for atom, _ in factors:
            if atom[0] == "d" and bound.isdisjoint(atom_names(atom)):
                found[atom_key(atom, {})] = atom
    return found[min(found)] if found else None


def without(delta: Atom, term: Term) -> Term | None:
    """The term where ``delta`` is one; None where it has no such factor."""
    binders, factors = term
    key = atom_key(delta, {})
    rest: Factors = tuple(pair for pair in factors if atom_key(pair[0], {}) != key)
    return (binders, rest) if len(rest) < len(factors) else None


def where_it_fails(delta: Atom, terms: Total) -> Total:
    """The sum where ``delta`` is zero."""
    return tuple((term, q) for term, q in terms if without(delta, term) is None)

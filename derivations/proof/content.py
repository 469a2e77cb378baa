"""What all terms of a sum share: the factor that is taken out before dividing or logarithms."""

from __future__ import annotations

from fractions import Fraction

from derivations.proof.context import Context
from derivations.proof.terms import Atom, Factors, Key, Term, Total, atom_key, atom_names

ZERO = Fraction(0)


def common_factor(terms: Total, kinds: str) -> Factors:
    """The greatest power product of unbound atoms of these kinds that divides every term.

    Exponentials may have any sign of exponent, so that 1 + exp(-x) becomes
    exp(-x) (1 + exp(x)).
    """
    atoms: dict[Key, Atom] = {}
    least: dict[Key, Fraction] = {}
    for (binders, factors), _ in terms:
        bound = {name for name, _ in binders}
        for atom, _ in factors:
            if atom[0] in kinds and bound.isdisjoint(atom_names(atom)):
                atoms.setdefault(atom_key(atom, {}), atom)
    for key in atoms:
        powers = [
            next((q for atom, q in factors if atom_key(atom, {}) == key), ZERO)
            for (_, factors), _ in terms
        ]
        least[key] = min(powers)
    return tuple((atoms[key], least[key]) for key in sorted(atoms) if least[key])


def denominators(terms: Total) -> Factors:
    """The sums that some term is divided by, each with its most negative exponent."""
    found: dict[Key, tuple[Atom, Fraction]] = {}
    for (binders, factors), _ in terms:
        bound = {name for name, _ in binders}
        for atom, q in factors:
            if atom[0] == "p" and q < 0 and bound.isdisjoint(atom_names(atom)):
                key = atom_key(atom, {})
                found[key] = (atom, min(q, found.get(key, (atom, ZERO))[1]))
    return tuple(found[key] for key in sorted(found))


def positive(terms: Total, context: Context) -> bool:
    """Whether a sum is positive for sure: no minus sign, and one term that cannot vanish."""

    def certain(atom: Atom) -> bool:
        return atom[0] == "e" or (atom[0] == "p" and positive(atom[1], context))

    def at_least_zero(term: Term) -> bool:
        return all(certain(atom) or atom[0] == "d" or q % 2 == 0 for atom, q in term[1])

    def above_zero(term: Term) -> bool:
        spaces = [context.sets.get(extent) for _, extent in term[0]]
        inhabited = all(space is not None and space.inhabited for space in spaces)
        return inhabited and all(certain(atom) for atom, _ in term[1])

    return all(q > 0 and at_least_zero(term) for term, q in terms) and any(
        above_zero(term) for term, _ in terms
    )


def may_vanish(term: Term, context: Context) -> bool:
    """Whether a term is zero at some sizes or words: sum_k f and K f where K = 0, or a delta."""
    empty = [space for space in context.sets.values() if not space.inhabited]
    counted = {size.name for space in empty for size in space.size.free_symbols}
    binders, factors = term
    spaces = [context.sets.get(extent) for _, extent in binders]
    return any(space is None or not space.inhabited for space in spaces) or any(
        atom[0] == "d" or (atom[0] == "s" and atom[1] in counted and q > 0) for atom, q in factors
    )

"""A normal form as one line of mathematics a term."""

from __future__ import annotations

from fractions import Fraction
from itertools import count

from derivations.proof.terms import Atom, Index, Term, Total, atom_names

Names = dict[str, str]


def spelled(terms: Total) -> list[str]:
    """The terms of a normal form, one a line; a lone ``0`` where there is none."""
    atoms = [atom for (_, factors), _ in terms for atom, _ in factors]
    free = {name for atom in atoms for name in atom_names(atom) if not name.startswith("#")}
    lines = sorted(_term(term, q, {name: name for name in free}) for term, q in terms)
    return lines or ["0"]


def _sum(terms: Total, names: Names) -> str:
    parts = sorted(_term(term, q, names) for term, q in terms)
    return " + ".join(parts).replace("+ −", "− ") or "0"


def _term(term: Term, q: Fraction, outer: Names) -> str:
    binders, factors = term
    names = dict(outer)
    for name, (_, upper) in binders:
        names[name] = _letter(upper, set(names.values()))
    sums = "".join(f"Σ_{names[name]} " for name, _ in binders)
    above = sorted(_power(atom, power, names) for atom, power in factors if power > 0)
    below = sorted(_power(atom, -power, names) for atom, power in factors if power < 0)
    sign, size = ("−" if q < 0 else ""), abs(q)
    if size != 1 or not (above or sums):
        above.insert(0, str(size))
    fraction = f" / ({' '.join(below)})" if len(below) > 1 else f" / {below[0]}" if below else ""
    return f"{sign}{sums}{' '.join(above) or ('1' if below else '')}{fraction}"


def _letter(upper: str, taken: set[str]) -> str:
    """A letter for a bound index: coordinates are i, draws k, offsets j, words w."""
    first = {"d": "i", "K": "k", "m": "j", "B": "b"}.get(upper, "w")
    names = (first + "′" * n for n in count())
    return next(name for name in names if name not in taken)


def _power(atom: Atom, power: Fraction, names: Names) -> str:
    if atom[0] == "e":
        return f"exp({_term(atom[1], power, names)})"
    text = _atom(atom, names)
    return text if power == 1 else f"{text}^{power}"


def _atom(atom: Atom, names: Names) -> str:
    kind = atom[0]
    if kind in "xf":
        return f"{atom[1]}[{','.join(_index(index, names) for index in atom[2])}]"
    if kind == "d":
        return "[{}]".format(" = ".join(sorted(_index(index, names) for index in atom[1:])))
    if kind == "p":
        return f"({_sum(atom[1], names)})"
    if kind == "l":
        return f"log({_sum(atom[1], names)})"
    return str(atom[1])


def _index(index: Index, names: Names) -> str:
    if index[0] == "v":
        return names[index[1]]
    if index[0] == "w":
        return f"{index[1]}[{','.join(_index(inner, names) for inner in index[2])}]"
    return str(index[1])

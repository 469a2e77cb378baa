"""A normal form as one line of mathematics a term."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import count

from derivations.proof.members import (
    BoundIndex,
    FreeIndex,
    Index,
    ListedIndex,
    NumberedIndex,
    OffsetIndex,
    Range,
)
from derivations.proof.terms import (
    AbsoluteValue,
    ArbitraryValue,
    Atom,
    Delta,
    DividedSum,
    Exponential,
    IndexNumber,
    InverseEntry,
    Logarithm,
    Order,
    Parameter,
    ProductOver,
    Scalar,
    Sign,
    SizeNumber,
    Table,
    Term,
    Total,
)

Letters = Mapping[BoundIndex, str]
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def spelled(terms: Total) -> list[str]:
    """The terms of a normal form, one a line; a lone ``0`` where there is none."""
    taken = frozenset(_free_in(terms))
    lines = sorted(_term(term, q, {}, taken) for term, q in terms)
    return lines or ["0"]


def _free_in(terms: Total) -> Iterator[str]:
    """The free letters in a sum."""
    for term, _ in terms:
        yield from (name for index in term.indices() for name in _free_letters(index))


def _free_letters(index: Index) -> Iterator[str]:
    match index:
        case FreeIndex(name):
            yield name
        case ListedIndex(_, at):
            for inner in at:
                yield from _free_letters(inner)
        case OffsetIndex(of, _):
            yield from _free_letters(of)


def _sum(terms: Total, letters: Letters, taken: frozenset[str]) -> str:
    parts = sorted(_term(term, q, letters, taken) for term, q in terms)
    return " + ".join(parts).replace("+ −", "− ") or "0"


def _term(term: Term, q: Fraction, outer: Letters, taken: frozenset[str]) -> str:
    letters = dict(outer)
    for binder in term.binders:
        letters[binder.index] = _letter(binder.extent, taken.union(letters.values()))
    sums = "".join(f"Σ_{letters[binder.index]} " for binder in term.binders)
    factors = [(atom, power) for atom, power in term.factors]
    above = sorted(_power(atom, power, letters, taken) for atom, power in factors if power > 0)
    below = sorted(_power(atom, -power, letters, taken) for atom, power in factors if power < 0)
    sign, size = ("−" if q < 0 else ""), abs(q)
    if size != 1 or not (above or sums):
        above.insert(0, str(size))
    fraction = f" / ({' '.join(below)})" if len(below) > 1 else f" / {below[0]}" if below else ""
    return f"{sign}{sums}{' '.join(above) or ('1' if below else '')}{fraction}"


def _letter(extent: Range, taken: frozenset[str]) -> str:
    """A letter for a bound index: coordinates are i, draws k, offsets j, words w."""
    first = {"d": "i", "K": "k", "m": "j", "B": "b"}.get(str(extent.upper), "w")
    names = (first + "′" * n for n in count())
    return next(name for name in names if name not in taken)


def _power(atom: Atom, power: Fraction, letters: Letters, taken: frozenset[str]) -> str:
    if isinstance(atom, Exponential):
        return f"exp({_term(atom.term, power, letters, taken)})"
    text = _atom(atom, letters, taken)
    return text if power == 1 else f"{text}^{power}"


def _atom(atom: Atom, letters: Letters, taken: frozenset[str]) -> str:
    match atom:
        case Parameter(name, indices):
            return f"{name}[{','.join(_index(index, letters) for index in indices)}]"
        case ArbitraryValue():
            return _arbitrary(atom, letters, taken)
        case InverseEntry(of, at):
            places = ",".join(_index(index, letters) for index in at)
            return f"({_table(of, letters, taken)})⁻¹[{places}]"
        case Delta(left, right):
            return f"[{' = '.join(sorted((_index(left, letters), _index(right, letters))))}]"
        case Order(left, right):
            return f"sgn({_index(right, letters)} − {_index(left, letters)})"
        case DividedSum(of):
            return f"({_sum(of, letters, taken)})"
        case Logarithm(of):
            return f"log({_sum(of, letters, taken)})"
        case AbsoluteValue(of):
            return f"|{_sum(of, letters, taken)}|"
        case Sign(of):
            return f"sgn({_sum(of, letters, taken)})"
        case ProductOver(binder, of):
            letter = _letter(binder.extent, taken.union(letters.values()))
            return f"Π_{letter} ({_sum(of, {**letters, binder.index: letter}, taken)})"
        case IndexNumber(index):
            return _index(index, letters)
        case Scalar(name) | SizeNumber(name):
            return name
    raise TypeError(f"{type(atom).__name__} is not printed")


def _arbitrary(value: ArbitraryValue, letters: Letters, taken: frozenset[str]) -> str:
    """J(o, V[c]), and its derivative by an entry of the second of these: ∂₂J[i](o, V[c])."""
    inside = [_index(each, letters) for each in value.labels]
    inside += [_table(each, letters, taken) for each in value.values]
    by = ""
    for place, at in sorted(value.partials, key=lambda slot: slot[0]):
        number = str(len(value.labels) + place + 1).translate(_SUBSCRIPTS)
        by += f"∂{number}" + (f"[{','.join(_index(each, letters) for each in at)}]" if at else "")
    return f"{by}{value.function}({', '.join(inside)})"


def _table(table: Table, letters: Letters, taken: frozenset[str]) -> str:
    """A number, an array by its name, or one by its entry: (x[i] + 1)_i."""
    inner = dict(letters)
    for binder in table.binders:
        inner[binder.index] = _letter(binder.extent, taken.union(inner.values()))
    bound = tuple(binder.index for binder in table.binders)
    match table.entry:
        case ((Term((), ((Parameter(base, at), power),)), q),) if bound and power == q == 1:
            if at[len(at) - len(bound) :] == bound:
                first = ",".join(_index(each, letters) for each in at[: len(at) - len(bound)])
                return f"{base}[{first}]" if first else base
    entry = _sum(table.entry, inner, taken)
    return f"({entry})_{','.join(inner[index] for index in bound)}" if bound else entry


def _index(index: Index, letters: Letters) -> str:
    match index:
        case BoundIndex():
            return letters[index]
        case FreeIndex(name):
            return name
        case NumberedIndex(number):
            return str(number)
        case ListedIndex(words, at):
            return f"{words}[{','.join(_index(inner, letters) for inner in at)}]"
        case OffsetIndex(of, by):
            return f"{_index(of, letters)} + {by}".replace("+ -", "- ")

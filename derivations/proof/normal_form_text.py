"""A normal form as one line of mathematics a term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, count
from math import gcd, lcm

from derivations.indices import LETTERS, Names
from derivations.language.layout import sum_of
from derivations.proof.terms import (
    FREE,
    UNIT,
    AbsoluteValue,
    ArbitraryValue,
    Atom,
    BoundIndex,
    Delta,
    DeterminantOf,
    DividedSum,
    Exponential,
    Factors,
    FreeIndex,
    Index,
    IndexNumber,
    InverseEntry,
    Key,
    ListedIndex,
    Logarithm,
    NumberedIndex,
    OffsetIndex,
    Order,
    Parameter,
    ProductOver,
    Range,
    Scalar,
    Sign,
    SizeNumber,
    Table,
    Term,
    Total,
)

Letters = Mapping[BoundIndex, str]
NO_NAMES = Names()
MOST_TERMS, LONGEST = 6, 120  # of a difference that is told
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class _Taken:
    """The names that a bound letter may not have, and the author's letters."""

    names: frozenset[str]
    declared: Names = NO_NAMES

    def union(self, more: Iterable[str]) -> _Taken:
        """The same with more names taken."""
        return replace(self, names=self.names.union(more))


def spelled(terms: Total) -> list[str]:
    """The terms of a normal form, one a line; a lone ``0`` where there is none."""
    taken = _Taken(frozenset(_free_in(terms)))
    lines = sorted(_term(term, q, {}, taken) for term, q in terms)
    return lines or ["0"]


def in_one_line(terms: Total, names: Names = NO_NAMES) -> str:
    """The terms as one sum, what all have in common outside of it; nothing where that is long.

    Sums run over the letters of the author's ``names`` where there are some for the range.
    """
    if not terms or len(terms) > MOST_TERMS:
        return ""
    taken = _Taken(frozenset(_free_in(terms)), names)
    number, shared = _common(terms)
    sums = {_summed(term).key: _summed(term) for term, _ in terms}
    summed = next(iter(sums.values())) if len(sums) == 1 else UNIT
    rest = []
    for term, q in terms:
        own = _outside(term) if summed.binders else term
        rest.append((Term(own.binders, _without(own.factors, shared)), q / number))
    above, below = _fraction(tuple(shared.values()), {}, taken)
    above += [_term(summed, Fraction(1), {}, taken)] if summed.binders else []
    inside = _sum(tuple(rest), {}, taken)
    if len(rest) > 1:
        inside = f"({inside})" if above or below or number != 1 else inside
    over = [*([str(abs(number.numerator))] if abs(number.numerator) != 1 else []), *above]
    if inside != "1" or not over:
        over.insert(len(over) - len(above), inside)
    under = [*([str(number.denominator)] if number.denominator != 1 else []), *below]
    text = ("−" if number < 0 else "") + _quotient(over, under)
    return text if len(text) <= LONGEST else ""


def _inside(term: Term) -> frozenset[int]:
    return frozenset(binder.index.number for binder in term.binders)


def _summed(term: Term) -> Term:
    """The sum in a term, without the factors that do not depend on what it runs over."""
    inside = _inside(term)
    kept = tuple((a, q) for a, q in term.factors if not a.bound.isdisjoint(inside))
    return Term(term.binders, kept)


def _outside(term: Term) -> Term:
    """What a term multiplies its sum by."""
    inside = _inside(term)
    return Term((), tuple((a, q) for a, q in term.factors if a.bound.isdisjoint(inside)))


def _common(terms: Total) -> tuple[Fraction, dict[Key, tuple[Atom, Fraction]]]:
    """The number and the powers of atoms, outside of sums, that divide every term."""
    found: dict[Key, tuple[Atom, Fraction]] | None = None
    for term, _ in terms:
        own = {a.key: (a, q) for a, q in _outside(term).factors}
        found = own if found is None else _shared(found, own)
    numbers = [q for _, q in terms]
    above = gcd(*(q.numerator for q in numbers)) * (-1 if max(numbers) < 0 else 1)
    return Fraction(above, lcm(*(q.denominator for q in numbers))), found or {}


def _shared(
    one: Mapping[Key, tuple[Atom, Fraction]], other: Mapping[Key, tuple[Atom, Fraction]]
) -> dict[Key, tuple[Atom, Fraction]]:
    found = {}
    for key, (atom, q) in one.items():
        again = other[key][1] if key in other else Fraction(0)
        if q * again > 0:
            found[key] = (atom, min(q, again) if q > 0 else max(q, again))
    return found


def _without(factors: Factors, shared: Mapping[Key, tuple[Atom, Fraction]]) -> Factors:
    """The factors divided by those that are shared."""
    left = ((a, q - shared[a.key][1] if a.key in shared else q) for a, q in factors)
    return tuple((atom, q) for atom, q in left if q)


def _free_in(terms: Total) -> Iterator[str]:
    """The free letters in a sum, and the names of numbers and arrays that are factors in it."""
    for term, _ in terms:
        yield from (name for index in term.indices() for name in _free_letters(index))
        for atom, _ in term.factors:
            match atom:
                case Parameter(name, _) | Scalar(name):
                    yield name


def _free_letters(index: Index) -> Iterator[str]:
    match index:
        case FreeIndex(name):
            yield name
        case ListedIndex(_, at):
            for inner in at:
                yield from _free_letters(inner)
        case OffsetIndex(of, _):
            yield from _free_letters(of)


def _sum(terms: Total, letters: Letters, taken: _Taken) -> str:
    parts = sorted(_term(term, q, letters, taken) for term, q in terms)
    return sum_of(parts, "−") if parts else "0"


def _term(term: Term, q: Fraction, outer: Letters, taken: _Taken) -> str:
    letters = dict(outer)
    for binder in term.binders:
        letters[binder.index] = _letter(binder.extent, taken.union(letters.values()))
    sums = "".join(f"Σ_{letters[binder.index]} " for binder in term.binders)
    above, below = _fraction(term.factors, letters, taken)
    sign, size = ("−" if q < 0 else ""), abs(q)
    if size != 1 or not (above or sums or below):
        above.insert(0, str(size))
    return f"{sign}{sums}{_quotient(above, below)}"


def _fraction(factors: Factors, letters: Letters, taken: _Taken) -> tuple[list[str], list[str]]:
    """What stands above the line and below it."""
    above = sorted(_power(atom, power, letters, taken) for atom, power in factors if power > 0)
    below = sorted(_power(atom, -power, letters, taken) for atom, power in factors if power < 0)
    return above, below


def _quotient(above: list[str], below: list[str]) -> str:
    under = f" / ({' '.join(below)})" if len(below) > 1 else f" / {below[0]}" if below else ""
    return f"{' '.join(above) or ('1' if below else '')}{under}"


def _letter(extent: Range, taken: _Taken) -> str:
    """A letter for a bound index: one of the author's for its range, or one that is none of his.

    Else coordinates are i, draws k, offsets j, words w.
    """
    ends = (str(extent.lower), str(extent.upper))
    letters = taken.declared.letters
    own = [name for name, space in letters if space.ends == ends]
    others = {name for name, space in letters if space.ends != ends}
    first = {"d": "i", "K": "k", "m": "j", "B": "b"}.get(ends[1], "w")
    free = [name for name in (first, *LETTERS) if name not in others]
    names: Iterator[str] = chain(own, free, (first + "′" * n for n in count(1)))
    return next(name for name in names if name not in taken.names)


def _power(atom: Atom, power: Fraction, letters: Letters, taken: _Taken) -> str:
    if isinstance(atom, Exponential):
        return f"exp({_term(atom.term, power, letters, taken)})"
    text = _atom(atom, letters, taken)
    return text if power == 1 else f"{text}^{power}"


def _atom(atom: Atom, letters: Letters, taken: _Taken) -> str:
    match atom:
        case Parameter(name, indices):
            return f"{name}[{','.join(_index(index, letters) for index in indices)}]"
        case ArbitraryValue():
            return _arbitrary(atom, letters, taken)
        case InverseEntry(of, at):
            places = ",".join(_index(index, letters) for index in at)
            return f"({_table(of, letters, taken)})⁻¹[{places}]"
        case DeterminantOf(of):
            return f"det({_table(of, letters, taken)})"
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


def _arbitrary(value: ArbitraryValue, letters: Letters, taken: _Taken) -> str:
    """J(o, V[c]), and its derivative by an entry of the second of these: ∂₂J[i](o, V[c])."""
    inside = [_index(each, letters) for each in value.labels]
    inside += [_table(each, letters, taken) for each in value.values]
    by = ""
    for place, at in sorted(value.partials, key=lambda slot: slot[0]):
        number = str(len(value.labels) + place + 1).translate(_SUBSCRIPTS)
        by += f"∂{number}" + (f"[{','.join(_index(each, letters) for each in at)}]" if at else "")
    return f"{by}{value.function.removeprefix(FREE)}({', '.join(inside)})"


def _table(table: Table, letters: Letters, taken: _Taken) -> str:
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
    raise TypeError(f"{type(index).__name__} is not printed")

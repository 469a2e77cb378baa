"""A claim that is false, as a statement of Coq: sizes, words and numbers at which it fails.

The theorem says that there are letters that meet all hypotheses, and for which the sides differ;
where the left side is a derivative, that it exists and is another number. The witness of the
judge is what the proof gives.
"""

from __future__ import annotations

import re
from fractions import Fraction

from derivations.certify.coq_text import parenthesised
from derivations.certify.theorem import Statement
from derivations.certify.writer import NotCovered
from derivations.claim import Witness
from derivations.language.index_nodes import Opaque

_ENTRY = re.compile(r"(.+)\[([-\d,]+)\]")
Entries = dict[tuple[int, ...], str]


def at_witness(said: Statement) -> str:
    """That there are letters for which the claim fails."""
    lines = [f"  exists {' '.join(said.declarations)},"] if said.declarations else []
    lines += [f"  {parenthesised(each)} /\\" for each in said.hypotheses]
    lines += [f"  ({derivative}) /\\" for derivative in said.existing]
    if said.slope:
        lines.append(f"  (exists slope : R, {said.slope} slope /\\\n  slope <> {said.right})")
    else:
        lines.append(f"  ({said.left}\n  <> {said.right})")
    return "\n".join(lines)


def instance_of(said: Statement, witness: Witness) -> str:
    """Tactics that give the letters of a witness, in the order they are declared."""
    letters = said.letters
    values = [str(witness.sizes.get(s.name, 1)) for s in letters.sizes]
    values = [f"({value})%Z" for value in values]
    for kind in letters.functions:
        values.append(_function(kind, witness.values))
    for (base, arity), _ in letters.families.items():
        elsewhere = "1" if base in said.above_zero else "0"
        values.append(_table(_entries(str(base.label), witness.values), arity, _real, elsewhere))
    for (base, arity), _ in letters.lists.items():
        words = {name: str(word) for name, word in witness.words.items()}
        values.append(_table(_entries(str(base.label), words), arity, _integer, "1%Z"))
    for scalar in letters.scalars:
        values.append(_real(witness.values.get(scalar.name, "0")))
    for index in letters.indices:
        low = index.space.lower
        default = int(low) if low.is_Integer else 0
        values.append(f"({witness.words.get(index.name, default)})%Z")
    return f"exists {', '.join(values)}." if values else ""


def _entries(family: str, values: dict[str, str]) -> Entries:
    found: Entries = {}
    for name, value in values.items():
        entry = _ENTRY.fullmatch(name)
        if entry is not None and entry[1] == family:
            found[tuple(int(place) for place in entry[2].split(","))] = value
    return found


def _real(value: str) -> str:
    number = Fraction(value)
    over = f"({number.numerator})" if number < 0 else str(number.numerator)
    return f"({over} / {number.denominator})" if number.denominator != 1 else f"({over})"


def _integer(value: str) -> str:
    return f"({value})%Z"


def _table(entries: Entries, arity: int, number: object, default: str = "0") -> str:
    """A function by cases; 0, or what is above zero, or word 1, everywhere else."""
    assert callable(number)
    places = "abc"[:arity]
    if arity > 3:
        raise NotCovered("a family of more than three indices")
    text = default
    for indices, value in sorted(entries.items(), reverse=True):
        if len(indices) != arity or number(value) == f"({default})":
            continue
        tests = " && ".join(
            f"({place} =? ({index}))%Z" for place, index in zip(places, indices, strict=True)
        )
        text = f"if ({tests})%bool then {number(value)} else {text}"
    binders = " ".join(f"({place} : Z)" for place in places)
    return f"(fun {binders} => {text})"


def _function(kind: type[Opaque], values: dict[str, str]) -> str:
    """A linear function with the value and the partial derivatives that the witness says."""
    name, arity = kind.__name__, next(iter(kind.nargs))
    places = "abcdefg"[:arity]
    terms = [_at(places, at, value, ()) for at, value in _entries(name, values).items()]
    rows = [f"r{number}" for number in range(1, len(kind.rows) + 1)]
    for base, row in zip(kind.rows, rows, strict=True):
        slopes = _entries(f"∂{name}/∂{base}", values)
        for at, value in sorted(slopes.items()):
            terms.append(_at(places, at[:arity], value, (row, *at[arity:])))
    binders = " ".join([*places, *rows])
    return f"(fun {binders} => {' + '.join(filter(None, terms)) or '0'})"


def _at(places: str, at: tuple[int, ...], value: str, entry: tuple[str | int, ...]) -> str:
    """``value``, times an entry where one is given, where the places are these."""
    if Fraction(value) == 0:
        return ""
    deltas = [f"delta {place} ({word})" for place, word in zip(places, at, strict=True)]
    row = [" ".join([str(entry[0]), *(f"({n})%Z" for n in entry[1:])])] if entry else []
    return " * ".join([*deltas, _real(value), *row])

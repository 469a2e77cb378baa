"""A counterexample, in short and as lines to type into Python."""

from __future__ import annotations

import re
from collections.abc import Mapping

from derivations.claim import Judgement, Witness
from derivations.report.notation.layout import MINUS

_ENTRY = re.compile(r"(\w+)\[([-\d, ]+)\]")
_FEW_DIGITS, _ALL_DIGITS = 3, 17

Entries = dict[tuple[int, ...], str]


def fault(judgement: Judgement) -> str:
    """What is wrong: the counterexample in short, or the reason."""
    return in_short(judgement.witness) if judgement.witness else judgement.reason


def in_short(witness: Witness) -> str:
    """The sizes and both sides, with as few digits as tell the sides apart."""
    sizes = ", ".join(f"{name}={size}" for name, size in witness.sizes.items())
    numbers = " ≠ ".join(sides_in_short(witness))
    return f"{sizes}: {numbers}" if sizes else numbers


def sides_in_short(witness: Witness) -> tuple[str, str]:
    """Both sides, with as few digits as tell them apart."""
    left, right = witness.left, witness.right
    for digits in range(_FEW_DIGITS, _ALL_DIGITS + 1):
        sides = [_rounded(*side, digits) for side in (left, right)]
        if sides[0] != sides[1]:
            break
    else:
        sides = [left[1], right[0]]
    return sides[0].replace("-", MINUS), sides[1].replace("-", MINUS)


def _rounded(low: str, high: str, digits: int) -> str:
    return "0" if float(low) <= 0 <= float(high) else f"{float(low):.{digits}g}"


def as_python(witness: Witness) -> list[str]:
    """Assignments of the sizes, words and values, matrices row by row.

    Families that do not count from one, like the places of a window, become dictionaries.
    An entry without a value is one that neither side reads: it is written as zero.
    """
    plain_words, lists = _grouped({name: str(word) for name, word in witness.words.items()})
    plain_values, matrices = _grouped(witness.values)
    sizes = {name: str(size) for name, size in witness.sizes.items()}
    assignments = [_assignment(names) for names in (sizes, plain_words) if names]
    assignments += [f"{name} = {value}" for name, value in plain_values.items()]
    families = {**lists, **matrices}
    return assignments + [f"{name} = {_literal(entries)}" for name, entries in families.items()]


def _assignment(values: Mapping[str, str]) -> str:
    return f"{', '.join(values)} = {', '.join(values.values())}"


def _grouped(values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Entries]]:
    """Plain names apart from entries such as ``U[2,1]``, which are gathered by family."""
    plain: dict[str, str] = {}
    families: dict[str, Entries] = {}
    for name, value in values.items():
        entry = _ENTRY.fullmatch(name)
        if entry is None:
            plain[name] = value
        else:
            indices = tuple(int(index) for index in entry[2].split(","))
            families.setdefault(entry[1], {})[indices] = value
    return plain, families


def _literal(entries: Entries) -> str:
    if min(map(min, entries)) < 1:
        pairs = (f"{_key(indices)}: {entries[indices]}" for indices in sorted(entries))
        return "{" + ", ".join(pairs) + "}"
    return _nested((), tuple(map(max, zip(*entries, strict=True))), entries)


def _key(indices: tuple[int, ...]) -> str:
    return str(indices[0]) if len(indices) == 1 else str(indices)


def _nested(start: tuple[int, ...], shape: tuple[int, ...], entries: Entries) -> str:
    if len(start) == len(shape):
        return entries.get(start, "0")
    places = range(1, shape[len(start)] + 1)
    return f"[{', '.join(_nested((*start, place), shape, entries) for place in places)}]"

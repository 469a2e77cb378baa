"""A claim as a line of mathematics, the words it is written in, and its counterexample."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sympy import Basic, preorder_traversal

from derivations.claim import BOTH_SIDES, Claim, Condition, Equal, Judgement, Unequal, Witness
from derivations.indices import Names, free_indices
from derivations.language.data_conditions import SumsTo
from derivations.language.index_form import entry_of
from derivations.language.index_nodes import Defined
from derivations.language.tree import Misfit, Term, notation
from derivations.report.linear_notation import MINUS, mathematics

# A claim as a line of mathematics: left = right  (conditions).


def statement(claim: Claim) -> str:
    """What the claim says, on one line."""
    return ", that is ".join(readings(claim))


def readings(claim: Claim) -> list[str]:
    """The statement in matrices, where both sides have a name, and entry by entry."""
    if claim.misfit is None:
        named = list(map(notation, claim.terms))
        whole = [" = ".join(named)] if all(named) else []
        entries = f"{mathematics(claim.sides.left)} = {mathematics(claim.sides.right)}"
        return [*whole, entries + _where(claim.conditions)]
    sides = " = ".join(_side(side, claim.names) for side in (claim.left, claim.right))
    return [f"{sides}, {_mismatch(claim.misfit)}{_where(claim.conditions)}"]


def in_words(condition: Condition) -> str:
    """A condition in the notation of the statement."""
    if isinstance(condition, SumsTo):
        return f"{mathematics(condition.total)} = {condition.value}"
    if isinstance(condition, Unequal | Equal):
        relation = "≠" if isinstance(condition, Unequal) else "="
        return f"{mathematics(condition.left)} {relation} {mathematics(condition.right)}"
    return str(condition)


def _where(conditions: tuple[Condition, ...]) -> str:
    return f"  ({'; '.join(map(in_words, conditions))})" if conditions else ""


def _side(side: Term | Misfit, names: Names) -> str:
    if isinstance(side, Misfit):
        return side.part
    return notation(side) or mathematics(entry_of(side, names)[0])


def _mismatch(misfit: Misfit) -> str:
    """What does not fit: inside a side, or one side and the other."""
    if misfit.part == BOTH_SIDES:
        return f"which equates {misfit.left} and {misfit.right}"
    return f"where {misfit.left} does not fit {misfit.right}"


# The words a statement is written in: its named functions and the ranges of its indices.


def definitions(claim: Claim) -> list[str]:
    """Each named function of the statement and what it stands for, those it rests on after it."""
    return list(meanings(_entries(claim)).values())


def meanings(expressions: Iterable[Basic]) -> dict[type[Defined], str]:
    """The definitions that the expressions use, and after them those that these rest on."""
    found: dict[type[Defined], str] = {}
    waiting = list(expressions)
    while waiting:
        for node in preorder_traversal(waiting.pop(0)):
            if isinstance(node, Defined) and node.func not in found:
                name = mathematics(node.func(*node.params))
                found[node.func] = f"{name} = {mathematics(node.body)}"
                waiting.append(node.body)
    return found


def ranges(claim: Claim) -> list[str]:
    """The indices the statement leaves free, each with the set it may be any member of."""
    free = {index for entry in _entries(claim) for index in free_indices(entry)}
    sets: dict[str, list[str]] = {}
    for index in sorted(free, key=str):
        space = index.space
        limits = f"{mathematics(space.lower)}..{mathematics(space.upper)}"
        called = "" if space.name == limits else f" ({space.name})"
        sets.setdefault(f"in {limits}{called}", []).append(index.name)
    return [f"{', '.join(names)} {limits}" for limits, names in sets.items()]


def _entries(claim: Claim) -> list[Basic]:
    if claim.misfit is None:
        return [claim.sides.left, claim.sides.right]
    sides = (claim.left, claim.right)
    return [entry_of(side, claim.names)[0] for side in sides if not isinstance(side, Misfit)]


# A counterexample, in short and as lines to type into Python.


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

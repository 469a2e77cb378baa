"""A term put in the place of a variable, everywhere: in definitions and under derivatives as well.

The variable becomes the parameter of a definition of which the term is the argument. What is put
in means what it means where it stands, and a derivative by the variable inside is taken before
anything is put in (`tree.Call`), so that a gradient is one at the point that is put in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import count

from derivations.language.free import free_in, free_in_definition
from derivations.language.rewrite import with_members
from derivations.language.tree import (
    Call,
    Definition,
    Entry,
    IndexVariable,
    Reference,
    Row,
    Rows,
    Table,
    Term,
    Variable,
)

_NUMBERS = count(1)  # of parameters: no two have one name


@dataclass(frozen=True)
class Solved:
    """A variable, and the term that it is said to be, of the variable's shape."""

    variable: Variable
    value: Term


def solved(left: Term, right: Term) -> Solved | None:
    """What ``left = right`` says that a variable is; None where it is no such equality.

    The left side is a variable, its entry at letters that differ (then all entries are given), or
    its row at a letter. The right side does not mention the variable.
    """
    found = _of_variable(left, right)
    if found is None or found.variable in free_in(right).variables:
        return None
    return found


def _of_variable(left: Term, right: Term) -> Solved | None:
    match left:
        case Reference(variable) if variable.shape == right.shape:
            return Solved(variable, right)
        case Entry(Reference(variable), members):
            axes = [axis for axis in variable.shape if axis is not None]
            letters = [each for each in members if isinstance(each, IndexVariable)]
            if [each.space for each in letters] != axes or len(set(letters)) != len(members):
                return None
            fresh = [IndexVariable(each.space, each.name, each.latex) for each in letters]
            body = with_members(right, dict(zip(letters, fresh, strict=True)))
            waiting = iter(fresh)
            row, column = [None if axis is None else next(waiting) for axis in variable.shape]
            return Solved(variable, Table((row, column), body))
        case Row(Reference(variable), IndexVariable() as letter):
            if variable.shape[:1] != (letter.space,) or right.shape != left.shape:
                return None
            over = IndexVariable(letter.space, letter.name, letter.latex)
            return Solved(variable, Rows(over, with_members(right, {letter: over})))
    return None


def with_values(term: Term, values: Sequence[Solved]) -> Term:
    """The term with values in the place of variables, one after the other."""
    for each in values:
        if each.variable not in free_in(term).variables:
            continue
        old = each.variable
        parameter = Variable(
            old.shape, f"{old.name} {next(_NUMBERS)}", old.latex, old.transposed, old.family
        )
        body = _Renaming(old, parameter).of(term)
        term = Call(Definition(f"put in for {old.name}", (parameter,), body), (each.value,))
    return term


class _Renaming:
    """One variable in the place of another one, in definitions too."""

    def __init__(self, old: Variable, new: Variable) -> None:
        self.old, self.new = old, new
        self.definitions: dict[Definition, Definition] = {}

    def of(self, term: Term) -> Term:
        """The term with the new variable."""
        if self.old not in free_in(term).variables:
            return term
        changed = {each.name: self._put(getattr(term, each.name)) for each in fields(term)}
        return replace(term, **changed)  # type: ignore[arg-type]  # each keeps its kind

    def _put(self, value: object) -> object:
        if value is self.old:
            return self.new
        if isinstance(value, Term):
            return self.of(value)
        if isinstance(value, tuple):
            return tuple(map(self._put, value))
        if isinstance(value, Definition) and self.old in free_in_definition(value).variables:
            if value not in self.definitions:
                self.definitions[value] = replace(value, body=self.of(value.body))
            return self.definitions[value]
        return value

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
    Argument,
    Call,
    Definition,
    Entry,
    IllTyped,
    IndexVariable,
    Mapped,
    Power,
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


def spoken_of(left: Term, right: Term) -> Variable | None:
    """The variable that an equality is about: alone on the left, or to a power, and not right."""
    while isinstance(left, Power):
        left = left.base
    inside = left.of if isinstance(left, Entry | Row) else left
    if not isinstance(inside, Reference) or inside.variable in free_in(right).variables:
        return None
    return inside.variable


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
        old, parameter = each.variable, renamed(each.variable)
        body = _Renaming(old, parameter).of(term)
        term = Call(Definition(f"put in for {old.name}", (parameter,), body), (each.value,))
    return term


class _Renaming:
    """One variable in the place of another one.

    A definition that mentions it gets a parameter more, and is given the variable where it is
    called (lambda lifting): the body of a definition mentions no parameter of another one.
    """

    def __init__(self, old: Variable, new: Variable) -> None:
        self.old, self.new = old, new
        self.lifted: dict[Definition, Definition] = {}

    def of(self, term: Term) -> Term:
        """The term with the new variable."""
        if self.old not in free_in(term).variables:
            return term
        if isinstance(term, Call) and self.old in free_in_definition(term.definition).variables:
            arguments = [self._argument(each) for each in term.arguments]
            return Call(self._lifted(term.definition), (*arguments, Reference(self.new)))
        if isinstance(term, Mapped) and self.old in free_in_definition(term.definition).variables:
            raise IllTyped("entry by entry", "a function of one number alone")
        changed = {each.name: self._put(getattr(term, each.name)) for each in fields(term)}
        return replace(term, **changed)  # type: ignore[arg-type]  # each keeps its kind

    def _lifted(self, definition: Definition) -> Definition:
        known = self.lifted.get(definition)
        if known is None:
            parameter = renamed(self.old)
            body = _Renaming(self.old, parameter).of(definition.body)
            known = replace(definition, parameters=(*definition.parameters, parameter), body=body)
            self.lifted[definition] = known
        return known

    def _argument(self, argument: Argument) -> Argument:
        return self.of(argument) if isinstance(argument, Term) else argument

    def _put(self, value: object) -> object:
        if value is self.old:
            return self.new
        if isinstance(value, Term):
            return self.of(value)
        if isinstance(value, tuple):
            return tuple(map(self._put, value))
        return value


def renamed(variable: Variable) -> Variable:
    """A parameter of the shape of a variable."""
    return replace(variable, name=f"{variable.name} {next(_NUMBERS)}")

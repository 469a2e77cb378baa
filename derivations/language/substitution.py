"""Substitution and its inverse: a term put in the place of a variable, and a part abstracted away.

Putting in: the variable becomes the parameter of a definition of which the term is the argument.
What is put in means what it means where it stands, and a derivative by the variable inside is taken
before anything is put in (`tree.Call`), so that a gradient is one at the point that is put in.

Abstraction: J as a function of the scores theta it is written in. What is replaced may stand in
definitions that the term uses. These are copied with a parameter more, which their applications
hand on: a definition sees nothing but its own parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from itertools import count

from derivations.language.traversal import (
    Free,
    free_in,
    free_in_definition,
    parts,
    with_members,
    with_parts,
)
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
    vector_axis,
)

# A term in the place of a variable --------------------------------------------------------------


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


# Abstraction ------------------------------------------------------------------------------------


class Closed(Exception):
    """A function that is taken entry by entry depends on what is replaced."""


@lru_cache(maxsize=256)
def abstracted(term: Term, part: Term, name: str, latex: str) -> tuple[Term, Variable] | None:
    """The term with a variable in the place of ``part``, and that variable; None without one.

    Raises Closed where it cannot be said.
    """
    variable = Variable(part.shape, name, latex)
    lifted = _Lifting(part, variable, free_in(part)).of(term, variable)
    return None if lifted is term else (lifted, variable)


@lru_cache(maxsize=256)
def abstracted_family(
    term: Term, family: Definition, name: str, latex: str
) -> tuple[Term, Variable] | None:
    """The term with the rows of a matrix for a family of vectors, and that matrix; None without.

    Raises Closed where it cannot be said: at what is no member of the family's own set, too.
    """
    (over,) = family.parameters
    assert isinstance(over, IndexVariable)
    variable = Variable((over.space, vector_axis(family.body.shape)), name, latex)
    nothing = Call(family, (over,))
    lifted = _LiftingFamily(nothing, variable, free_in(nothing)).of(term, variable)
    return None if lifted is term else (lifted, variable)


@dataclass
class _Lifting:
    """The replacement of one part, with the definitions that were copied for it."""

    part: Term
    parameter: Variable
    mentioned: Free
    copies: dict[Definition, Definition] = field(default_factory=dict)

    def of(self, term: Term, variable: Variable) -> Term:
        """A term with a reference to ``variable`` for the part; the same one where it has none."""
        put = self._put(term, variable)
        if put is not None:
            return put
        old = parts(term)
        new = tuple(self.of(each, variable) for each in old)
        changed = any(one is not other for one, other in zip(old, new, strict=True))
        found = with_parts(term, new) if changed else term
        if isinstance(found, Call | Mapped):
            copy = self._copy(found.definition) if self._means_the_same(found) else found.definition
            if copy is not found.definition:
                if isinstance(found, Mapped):
                    raise Closed
                arguments = (*found.arguments, Reference(variable))
                found = replace(found, definition=copy, arguments=arguments)
        return found

    def _put(self, term: Term, variable: Variable) -> Term | None:
        """What stands for a term; None for one that is not replaced."""
        return Reference(variable) if term == self.part else None

    def _means_the_same(self, term: Call | Mapped) -> bool:
        """Whether the part means the same inside the definition as where it is applied."""
        arguments = term.arguments if isinstance(term, Call) else (term.of,)
        return all(
            argument in (parameter, Reference(parameter))
            if isinstance(parameter, Variable)
            else argument is parameter
            for parameter, argument in zip(term.definition.parameters, arguments, strict=True)
            if parameter in self.mentioned.variables or parameter in self.mentioned.indices
        )

    def _copy(self, definition: Definition) -> Definition:
        """The definition with a parameter for the part, where it depends on it."""
        if definition not in self.copies:
            variable = replace(self.parameter)
            body = self.of(definition.body, variable)
            copy = definition
            if body is not definition.body:
                parameters = (*definition.parameters, variable)
                copy = replace(definition, parameters=parameters, body=body)
            self.copies[definition] = copy
        return self.copies[definition]


@dataclass
class _LiftingFamily(_Lifting):
    """The replacement of all members of a family, which depends on nothing but its letter."""

    def _put(self, term: Term, variable: Variable) -> Term | None:
        assert isinstance(self.part, Call)
        if not isinstance(term, Call) or term.definition is not self.part.definition:
            return None
        (member,) = term.arguments
        if not isinstance(member, IndexVariable) or (member.space,) != variable.shape[:1]:
            raise Closed
        return Row(Reference(variable), member)

    def _means_the_same(self, term: Call | Mapped) -> bool:
        return True

"""Abstraction of a term over a part of it: J as a function of the scores theta it is written in.

What is replaced may stand in definitions that the term uses. These are copied with a parameter
more, which their applications hand on: a definition sees nothing but its own parameters.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

from derivations.language.free import Free, free_in
from derivations.language.rewrite import parts, with_parts
from derivations.language.tree import (
    Call,
    Definition,
    IndexVariable,
    Mapped,
    Reference,
    Row,
    Term,
    Variable,
    vector_axis,
)


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

"""Abstraction of a term over a part of it: J as a function of the scores theta it is written in.

What is replaced may stand in definitions that the term uses. These are copied with a parameter
more, which their applications hand on: a definition sees nothing but its own parameters.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

from derivations.language.free import Free, free_in
from derivations.language.rewrite import parts, with_parts
from derivations.language.tree import Call, Definition, Mapped, Reference, Term, Variable


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


@dataclass
class _Lifting:
    """The replacement of one part, with the definitions that were copied for it."""

    part: Term
    parameter: Variable
    mentioned: Free
    copies: dict[Definition, Definition] = field(default_factory=dict)

    def of(self, term: Term, variable: Variable) -> Term:
        """A term with a reference to ``variable`` for the part; the same one where it has none."""
        if term == self.part:
            return Reference(variable)
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

"""Functions applied to other arrays than those that they were defined with.

``J(w)``, defined with a declared vector w, is J itself; ``J(v)`` is what its formula says with v
for w. Where w abbreviates something, what is replaced is that name: ``C(p)`` with p a softmax is a
formula in p. What its formula mentions through another name is not, and such an application is
refused: whether the other name varies with it is not said.
"""

from __future__ import annotations

from functools import lru_cache

from derivations.language.substitution import abstracted
from derivations.language.traversal import free_in_definition, parts, with_variables
from derivations.language.tree import Call, Definition, Mapped, Reference, Term, Variable
from derivations.reader.unicode import plain_name


def depends_by_name(body: Term, on: Reference | Call) -> bool:
    """Whether a definition that the body uses mentions it, beside those that it is itself."""
    if body == on:
        return False
    if isinstance(body, Call | Mapped):
        inside = body.definition.body
        if isinstance(on, Reference):
            mentioned = on.variable in free_in_definition(body.definition).variables
        else:
            mentioned = abstracted(inside, on, "part", "part") is not None
        if mentioned:
            return True
    return any(depends_by_name(part, on) for part in parts(body))


@lru_cache(maxsize=256)
def generalised_over(meaning: Definition, varied: tuple[Reference | Call, ...]) -> Definition:
    """The definition with variables of its body, and what it abbreviates, made parameters."""
    body = meaning.body
    new: list[Variable] = []
    for each in varied:
        if isinstance(each, Reference):
            variable = Variable(each.shape, each.variable.name, each.variable.latex)
            body = with_variables(body, {each.variable: variable})
        else:
            name = each.definition.name
            lifted = abstracted(body, each, plain_name(name), name)
            assert lifted is not None
            body, variable = lifted
        new.append(variable)
    first = len(meaning.parameters)
    pattern: tuple[str | int, ...] = (meaning.name, "(", *_listed(first + len(new)), ")")
    return Definition(meaning.name, (*meaning.parameters, *new), body, pattern, meaning.names)


def _listed(count: int) -> list[str | int]:
    """All parameters with commas between them."""
    found: list[str | int] = []
    for number in range(count):
        found += [", ", number] if number else [number]
    return found

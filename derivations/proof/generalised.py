"""A claim with intermediates in it made variables: what is true of any is true of these.

A name that abbreviates something, and does not change under any derivative of the claim, is put
out of it as a variable of its shape. Where that claim is proved, for all values of the variable,
so is the one that was made of it, which puts one value in: substitution of a term for a free
variable keeps an identity, where both sides have a value. That has to be seen of the claim itself.
Where the general claim is false, the one at hand need not be, and is judged as it stands.

A part that a derivative is taken by, which is handed to a function as its value, changes what is
made of it: none of that is put out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from derivations.claim import Claim
from derivations.data_conditions import AtLeast, OfData
from derivations.language.abstraction import Closed, abstracted
from derivations.language.free import free_in
from derivations.language.rewrite import parts, with_variables
from derivations.language.tree import Call, Definition, Mapped, Term, Variable

# below this many nodes, definitions written out, a claim is judged as it stands
LEAST_NODES = 120


def generalised(claim: Claim) -> Claim | None:
    """The claim about any values of its intermediates; None where that is not simpler."""
    left, right = claim.terms
    if _size(left, {}) + _size(right, {}) < LEAST_NODES:
        return None
    calls = list(dict.fromkeys(_calls_in((left, right))))
    varied = free_in(left, right).varied
    handed = [a for call in calls for a in call.arguments if isinstance(a, Call) and _is_name(a)]
    found = False
    for call in calls:
        if not _is_constant(call, varied) or any(_is_made_of(call, each) for each in handed):
            continue
        sides = _without((left, right), call)
        if sides is not None:
            left, right = sides
            found = True
    if not found:
        return None
    used = {variable.name for variable in free_in(left, right).variables}
    kept = tuple(
        each
        for each in claim.conditions
        if not isinstance(each, OfData) or isinstance(each, AtLeast) or each.of.name in used
    )
    return replace(claim, left=left, right=right, conditions=kept)


def _is_constant(call: Call, varied: Mapping[Variable, None]) -> bool:
    """Whether this is a name for something that no derivative varies, and that is no number."""
    free = free_in(call)
    constant = not any(variable in varied for variable in free.variables)
    return _is_name(call) and constant and not free.indices and bool(free.variables)


def _is_name(call: Call) -> bool:
    return not call.arguments


def _is_made_of(call: Call, part: Call) -> bool:
    return call != part and any(each == part for each in _calls_in((call.definition.body,)))


def _without(sides: tuple[Term, Term], call: Call) -> tuple[Term, Term] | None:
    """Both sides with one variable in the place of a call; None where none has it any more."""
    name, shown = call.definition.name, "".join(map(str, call.definition.pattern))
    variable = Variable(call.shape, name, shown)
    try:
        found = tuple(abstracted(side, call, name, shown) for side in sides)
    except Closed:
        return None
    if not any(found):
        return None
    left, right = (
        side if new is None else with_variables(new[0], {new[1]: variable})
        for side, new in zip(sides, found, strict=True)
    )
    return left, right


def _calls_in(terms: tuple[Term, ...]) -> Iterator[Call]:
    """Applications of definitions, those that others are made of behind these."""
    seen: set[Definition] = set()
    waiting = list(terms)
    while waiting:
        term = waiting.pop(0)
        if isinstance(term, Call):
            yield term
        waiting += parts(term)
        if isinstance(term, Call | Mapped) and term.definition not in seen:
            seen.add(term.definition)
            waiting.append(term.definition.body)


def _size(term: Term, known: dict[Definition, int]) -> int:
    """How many nodes a term has, its definitions written out."""
    count = 1 + sum(_size(part, known) for part in parts(term))
    if isinstance(term, Call | Mapped):
        if term.definition not in known:
            known[term.definition] = _size(term.definition.body, known)
        count += known[term.definition]
    return count

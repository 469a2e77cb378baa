"""Functions of which less is known here than their names say: no line falls by them.

A factorial is any positive function here, and so is a probability that nothing declares. What is
true of all such functions is true of these; what is false of some may be true of these. So a line
that depends on one, through definitions as well, can be proved and not refuted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from derivations.language.traversal import free_in, parts
from derivations.language.tree import (
    Arbitrary,
    ArbitraryCall,
    Call,
    Definition,
    Derivative,
    Mapped,
    Negative,
    Plus,
    Sum,
    Term,
    Variable,
    remembered,
    variable_of,
)


@dataclass(frozen=True)
class Asked:
    """What would have to be known of a function, and what would say it.

    ``whole`` says that it depends on what is written behind it alone: a factorial does, while P(o)
    may depend on parameters that nobody wrote.
    """

    name: str
    what: str
    advice: str
    whole: bool = False


_ASKED: WeakKeyDictionary[Arbitrary, Asked] = WeakKeyDictionary()


def partly_known(function: Arbitrary, asked: Asked) -> Arbitrary:
    """The function, noted as one of which more is known elsewhere."""
    _ASKED[function] = asked
    return function


@remembered
def asked_of(term: Term) -> Asked | None:
    """What is asked of the first such function that a term depends on, of one in part first."""
    if isinstance(term, ArbitraryCall) and term.function in _ASKED:
        return _ASKED[term.function]
    if isinstance(term, Derivative):
        asked = asked_of(term.of)
        if asked is None or not asked.whole:
            return asked
        varied = frozenset({variable_of(term.by)})
        return next(filter(None, map(asked_of, _varying(term.of, varied))), None)
    inside = [_asked_in(term.definition)] if isinstance(term, Call | Mapped) else []
    found = [each for each in (*inside, *map(asked_of, parts(term))) if each is not None]
    return next((each for each in found if not each.whole), found[0] if found else None)


def _varying(term: Term, variables: frozenset[Variable]) -> Iterator[Term]:
    """The summands of a number that depend on some variables: the others have no derivative."""
    match term:
        case Plus(parts=summands):
            for each in summands:
                yield from _varying(each, variables)
        case Negative(of=inside) | Sum(body=inside):
            yield from _varying(inside, variables)
        case Call(definition, arguments):
            inner = {
                parameter
                for parameter, argument in zip(definition.parameters, arguments, strict=True)
                if isinstance(parameter, Variable)
                and isinstance(argument, Term)
                and variables & {*free_in(argument).variables}
            }
            yield from _varying(definition.body, variables | inner)
        case _ if variables & {*free_in(term).variables}:
            yield term


@lru_cache(maxsize=1024)
def _asked_in(definition: Definition) -> Asked | None:
    return asked_of(definition.body)

"""Kinks: whether a term has no derivative somewhere where it has a value, as |z| at zero."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from derivations.language.rewrite import parts
from derivations.language.tree import Apply, Call, Choice, Definition, Extremum, Mapped, Term

_OF_DEFINITION: WeakKeyDictionary[Definition, bool] = WeakKeyDictionary()


def has_kink(term: Term) -> bool:
    """Whether a term has an absolute value, a sign, cases by size, or the greatest of some."""
    match term:
        case Extremum() | Choice():
            return True
        case Apply(function) if function.kink:
            return True
        case Call(definition) | Mapped(definition):
            if definition not in _OF_DEFINITION:
                _OF_DEFINITION[definition] = has_kink(definition.body)
            if _OF_DEFINITION[definition]:
                return True
    return any(map(has_kink, parts(term)))

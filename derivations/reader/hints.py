"""What would settle a name that nothing has here: it may be declared in another part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from derivations.reader.problem import Unreadable
from derivations.reader.scope import Scope

NOTHING = "nothing has this name"
COMMON = "declare it above the first heading for all parts"


def hinted(problem: Unreadable, part: str, scopes: Mapping[str, Scope]) -> Unreadable:
    """A problem of a part, told where a name is declared; ``scopes`` are those of all parts."""
    if problem.what != NOTHING:
        return problem
    names = (problem.token, problem.token.partition("_")[0])
    advice = next(_advices(names, part, scopes), problem.advice)
    return Unreadable(problem.place, problem.token, problem.what, advice, follows=problem.follows)


def _advices(names: tuple[str, str], part: str, scopes: Mapping[str, Scope]) -> Iterator[str]:
    own = scopes.get(part)
    for other, scope in scopes.items():
        found = [name for name in names if any(name in each for each in _known(scope))]
        if own is not None and any(name in each for name in found for each in _known(own)):
            break  # it is declared here as well, and means something else
        if found and other != part:
            yield f"{found[0]} is declared in part {other} only; {COMMON}"
    for function in own.functions.values() if own is not None else ():
        if any(each.latex in names for each in function.meaning.parameters):
            yield f"it only stands for what {function.name} is taken of; declare it as well"


def _known(scope: Scope) -> tuple[Mapping[str, object], ...]:
    return (scope.things, scope.functions, scope.letters, scope.lists)

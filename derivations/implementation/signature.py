"""The arguments that a function says it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import Any

_BY_POSITION = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.POSITIONAL_ONLY)
_NAMED = (*_BY_POSITION, Parameter.KEYWORD_ONLY)


def parameters(function: Callable[..., Any]) -> dict[str, bool] | None:
    """Their names, and whether they are needed; None where it does not tell, or takes any."""
    try:
        found = signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(each.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD) for each in found):
        return None
    return {each.name: each.default is Parameter.empty for each in found if each.kind in _NAMED}


def split(
    function: Callable[..., Any], given: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Arguments by position, as far as they come in the function's own order, and by name.

    Some transformations of functions, such as `jax.grad`, count positions only.
    """
    try:
        found = signature(function).parameters.values()
    except (TypeError, ValueError):
        return list(given.values()), {}
    if any(each.kind is Parameter.VAR_POSITIONAL for each in found):
        return list(given.values()), {}
    first: list[str] = []
    for each in found:
        if each.name not in given or each.kind not in _BY_POSITION:
            break
        first.append(each.name)
    rest = {name: value for name, value in given.items() if name not in first}
    return [given[name] for name in first], rest

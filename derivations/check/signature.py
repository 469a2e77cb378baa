"""The arguments that a function says it takes."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

_NAMED = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY, Parameter.POSITIONAL_ONLY)


def parameters(function: Callable[..., Any]) -> dict[str, bool] | None:
    """Their names, and whether they are needed; None where it does not tell, or takes any."""
    try:
        found = signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(each.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD) for each in found):
        return None
    return {each.name: each.default is Parameter.empty for each in found if each.kind in _NAMED}


def by_position(function: Callable[..., Any]) -> bool:
    """Whether arguments have to be handed over in order, without their names."""
    try:
        found = signature(function).parameters.values()
    except (TypeError, ValueError):
        return True
    return any(each.kind in (Parameter.VAR_POSITIONAL, Parameter.POSITIONAL_ONLY) for each in found)

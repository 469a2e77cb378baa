"""How a mistake is planted: a function of the translator is put in another's place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from derivations.certify import certificate, theorem, writer
from derivations.certify.writer import Writer


@dataclass(frozen=True)
class Plant:
    """A mistake, a claim in which it shows, and how it is made."""

    mistake: str
    claim: str
    plant: Callable[[pytest.MonkeyPatch], None]


def of_function(module: Any, name: str, wrong: Callable[..., Any], claim: str, said: str) -> Plant:
    """A function of a module replaced; ``wrong`` gets the right one before the arguments."""
    right = getattr(module, name)

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(module, name, lambda *given, **more: wrong(right, *given, **more))

    return Plant(said, claim, plant)


def of_method(name: str, wrong: Callable[..., Any], claim: str, said: str) -> Plant:
    """A way to write one kind of node replaced, in the writer and in its tables."""
    right = getattr(Writer, name)

    def patched(*given: Any, **more: Any) -> Any:
        return wrong(right, *given, **more)

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(Writer, name, patched)
        for table in ("_REAL", "_INTEGER"):
            rows = (
                (kind, patched if how is right else how) for kind, how in getattr(writer, table)
            )
            patch.setattr(writer, table, tuple(rows))

    return Plant(said, claim, plant)


def of_hypotheses(change: Callable[[str], str | None], claim: str, said: str) -> Plant:
    """Each hypothesis changed as ``change`` says; None drops it."""

    def changed(right: Callable[..., Any], *given: Any) -> list[str]:
        return [new for each in right(*given) if (new := change(each)) is not None]

    return of_function(theorem, "_hypotheses", changed, claim, said)


def without(text: str, claim: str, said: str) -> Plant:
    """Hypotheses with ``text`` in them dropped."""
    return of_hypotheses(lambda each: None if text in each else each, claim, said)


def with_instead(old: str, new: str, claim: str, said: str) -> Plant:
    """``old`` in hypotheses replaced by ``new``."""
    return of_hypotheses(lambda each: each.replace(old, new), claim, said)


def of_statement(change: Callable[[Any], dict[str, Any]], claim: str, said: str) -> Plant:
    """Fields of the finished statement replaced."""

    def changed(right: Callable[..., Any], of: Any) -> Any:
        found = right(of)
        return replace(found, **change(found))

    return of_function(certificate, "statement", changed, claim, said)

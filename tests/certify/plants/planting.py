"""How a mistake is planted: a function of the translator is put in another's place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from derivations.certify import certificate, theorem, writer
from derivations.certify.writer import Writer
from tests.planting import Mutant, Replaced, around, instead


def of_function(module: Any, name: str, wrong: Callable[..., Any], claim: str, said: str) -> Mutant:
    """A function of a module replaced; ``wrong`` gets the right one before the arguments."""
    return Mutant(said, (around(module, name, wrong),), claim)


def of_method(name: str, wrong: Callable[..., Any], claim: str, said: str) -> Mutant:
    """A way to write one kind of node replaced, in the writer and in its tables."""
    right = getattr(Writer, name)

    def patched(*given: Any, **more: Any) -> Any:
        return wrong(right, *given, **more)

    def in_table(rows: tuple[tuple[Any, Any], ...]) -> object:
        return tuple((kind, patched if how is right else how) for kind, how in rows)

    tables = (Replaced(writer, table, in_table) for table in ("_REAL", "_INTEGER"))
    return Mutant(said, (instead(Writer, name, patched), *tables), claim)


def of_hypotheses(change: Callable[[str], str | None], claim: str, said: str) -> Mutant:
    """Each hypothesis changed as ``change`` says; None drops it."""

    def changed(right: Callable[..., Any], *given: Any) -> list[str]:
        return [new for each in right(*given) if (new := change(each)) is not None]

    return of_function(theorem, "_hypotheses", changed, claim, said)


def without(text: str, claim: str, said: str) -> Mutant:
    """Hypotheses with ``text`` in them dropped."""
    return of_hypotheses(lambda each: None if text in each else each, claim, said)


def with_instead(old: str, new: str, claim: str, said: str) -> Mutant:
    """``old`` in hypotheses replaced by ``new``."""
    return of_hypotheses(lambda each: each.replace(old, new), claim, said)


def of_statement(change: Callable[[Any], dict[str, Any]], claim: str, said: str) -> Mutant:
    """Fields of the finished statement replaced."""

    def changed(right: Callable[..., Any], of: Any) -> Any:
        found = right(of)
        return replace(found, **change(found))

    return of_function(certificate, "statement", changed, claim, said)

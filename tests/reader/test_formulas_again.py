"""A formula of the text is read again only where a name in it may mean something else."""

from __future__ import annotations

import pytest

from derivations.reader.declare.block import declared
from derivations.reader.declare.recovery import Lost
from derivations.reader.prose_declarations import Remembered
from derivations.reader.scope import Scope
from derivations.reader.source import Source

GIVEN = "size n >= 1\nindex i in 1..n\nvector x in R^n\nscalar a"


def scope_of(lines: str) -> Scope:
    return declared([Source(line).whole for line in lines.splitlines()], Scope())


def then(scope: Scope, lines: str) -> Scope:
    return declared([Source(line).whole for line in lines.splitlines()], scope)


def times_looked(first: Scope, second: Scope, formula: str, lost: Lost | None = None) -> int:
    looked: list[int] = []

    def find() -> int:
        looked.append(1)
        return len(looked)

    remembered, span = Remembered[int](), Source(formula).whole
    remembered(span, first, Lost(), find, 0)
    assert remembered(span, second, lost or Lost(), find, 0) == len(looked)
    return len(looked)


@pytest.mark.parametrize(
    ("more", "times"),
    [
        ("scalar b", 1),
        (r"define b = a^2", 1),
        ("define f(t) = 2 t", 1),
        ("scalar x", 2),
        ("scalar x_{1}", 2),
        (r"define x_{new} = 2 a", 2),
        ("index j in Other = 1..3", 2),
        ("index j in 1..n", 2),
    ],
)
def test_it_is_read_again_where_a_letter_in_it_is_declared(more: str, times: int) -> None:
    scope = scope_of(GIVEN)
    assert times_looked(scope, then(scope, more), "a = x_1") == times


def test_it_is_read_again_where_a_condition_is_declared() -> None:
    scope = scope_of(GIVEN)
    assert times_looked(scope, then(scope, "scalar b > 0"), "a = x_1") == 2


def test_it_is_read_again_where_a_declaration_was_lost() -> None:
    scope = scope_of(GIVEN)
    lost = Lost({"q": Source("q").whole.place})
    assert times_looked(scope, scope, "a = x_1", lost) == 2


def test_of_very_many_the_last_are_not_looked_for() -> None:
    remembered, scope = Remembered[int](most=2), scope_of(GIVEN)
    spans = [Source(f"a = {n}").whole for n in range(3)]
    assert [remembered(span, scope, Lost(), lambda: 1, 0) for span in spans] == [1, 1, 0]
    assert remembered(spans[0], scope, Lost(), lambda: 2, 0) == 1

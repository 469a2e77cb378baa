"""Where a step is taken: the subterm, the names bound above it, and what is assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from sympy import Abs, Add, Expr, Indexed, Mul, Pow, Sum, exp, log

from derivations.claim import Condition
from derivations.indices import Entries, Index
from derivations.language.index_nodes import Applied
from tests.proof.fuzz.expressions import Expressions
from tests.proof.fuzz.writer import Writer

Path = tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """What a step may use: chance, a writer, other expressions, conditions, names bound above."""

    rng: Random
    write: Writer
    some: Expressions
    conditions: Sequence[Condition]
    inside: frozenset[Index] = frozenset()


Step = Callable[[Place, Expr], Expr | None]


def places(
    node: Expr, path: Path = (), inside: frozenset[Index] = frozenset()
) -> Iterator[tuple[Path, Expr, frozenset[Index]]]:
    """Every subterm that is a real number, with the names bound above it."""
    yield path, node, inside
    if isinstance(node, Sum):
        bound = inside.union(index for index, *_ in node.limits)
        yield from places(node.function, (*path, 0), bound)
    elif isinstance(node, Pow):
        yield from places(node.base, (*path, 0), inside)
    elif isinstance(node, Entries):
        yield from places(node.entry, (*path, 0), inside.union(node.indices))
    elif isinstance(node, Applied):
        for n, part in enumerate(node.values, node.labels):
            yield from (each for each in places(part, (*path, n), inside) if each[1] != part)
            if not isinstance(part, Entries):
                yield (*path, n), part, inside
    elif isinstance(node, Add | Mul | exp | log | Abs):
        for n, part in enumerate(node.args):
            yield from places(part, (*path, n), inside)


def replaced(node: Expr, path: Path, new: Expr, write: Writer) -> Expr:
    """``node`` with ``new`` at ``path``."""
    if not path:
        return new
    parts = list(node.args)
    parts[path[0]] = replaced(parts[path[0]], path[1:], new, write)
    return write.again(node, *parts)


def indices_in(node: Expr) -> list[Expr]:
    """The names and words that are free in ``node``, in a fixed order."""
    free = node.free_symbols
    entries = {e for e in node.atoms(Indexed) if e.is_integer and e.free_symbols <= free}
    names = {symbol for symbol in free if isinstance(symbol, Index)}
    return sorted(names | entries, key=str)


def taken(at: Place, step: Step, node: Expr) -> Expr | None:
    """``node`` with the step taken at a random subterm where it can be; None if nowhere."""
    candidates = list(places(node))
    for path, part, inside in at.rng.sample(candidates, len(candidates)):
        here = Place(at.rng, at.write, at.some, at.conditions, inside)
        new = step(here, part)
        if new is not None and new != part:
            return replaced(node, path, new, at.write)
    return None

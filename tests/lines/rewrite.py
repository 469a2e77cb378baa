"""A few rewritings made at random places of a term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from tests.lines.context import Context, Unfit
from tests.lines.rewritings import COMMON, PASSED_OVER, RULES, Site
from tests.lines.tree import Call, Deriv, Path, Ranged, Term, children, names_in, put, size_of


def rewritten(
    term: Term, context: Context, rules: Sequence[str], times: int, random: Random
) -> tuple[Term, list[str]]:
    """The term after so many rewritings, and which they were."""
    made: list[str] = []
    for _ in range(times):
        for _ in range(16):
            name = random.choice(rules)
            if name in COMMON and random.random() < PASSED_OVER:
                continue
            places = list(sites(term, context, random))
            random.shuffle(places)
            found = _first_rewritten(term, places, name)
            if found is not None and size_of(found) <= MOST_TERMS:
                term = found
                made.append(name)
                break
    return term, made


MOST_TERMS = 60


def _first_rewritten(
    term: Term, places: Iterable[tuple[Path, Term, Site]], name: str
) -> Term | None:
    for path, inner, site in places:
        try:
            new = RULES[name](inner, site)
        except Unfit:
            continue
        if new != inner:
            return put(term, path, new)
    return None


def sites(term: Term, context: Context, random: Random) -> Iterable[tuple[Path, Term, Site]]:
    """Every place in a term at which it can be rewritten.

    What a derivative is taken by is none, nor a vector that a function is said to depend on.
    """
    taken = frozenset(names_in(term))
    stack: list[tuple[Path, Term, dict[str, str]]] = [((), term, {})]
    while stack:
        path, inner, bound = stack.pop()
        yield path, inner, Site(context, bound, random, taken)
        below = {**bound, inner.letter: inner.over.axis} if isinstance(inner, Ranged) else bound
        parts = children(inner)
        for n, child in enumerate(parts[:1] if isinstance(inner, Deriv) else parts):
            if not (isinstance(inner, Call) and context.shape(child)):
                stack.append(((*path, n), child, below))

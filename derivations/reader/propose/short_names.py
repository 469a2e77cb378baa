"""J where the text has J_{neg-sample} and does not say what J is: it is short for that."""

from __future__ import annotations

from derivations.reader.propose.abbreviation import Definition, closure
from derivations.reader.propose.said import Chain, derived, differentiated
from derivations.reader.propose.sketch import Applied, Term, Use, names_in, within


def with_short_names(found: list[Definition], chains: list[Chain]) -> list[Definition]:
    """J where the text has J_{neg-sample} and does not say what J is: it is short for that.

    Only where there is one such name in the part, or else in the text before it.
    """
    heads = {each.name: each for each in found}
    made_of = {each.name: each.uses for each in found}
    first = {chain.part: chain.number for chain in reversed(chains)}
    short: list[Definition] = []
    for part, number in first.items():
        mine = [chain for chain in chains if chain.part == part]
        terms = [term for chain in mine for term in chain.terms if term is not None]
        applied = {t.name for term in terms for t in within(term) if isinstance(t, Applied)}
        here = {name for term in terms for name in names_in(term)}
        for name, by in differentiated(mine).items():
            own = heads.get(name)
            if (
                not name
                or not by
                or name in applied
                or (own is not None and own.part == part and _comes_first(name, mine))
            ):
                continue
            longer = [long for long in heads if long.startswith(f"{name}_{{")]
            near = [long for long in longer if long in here] or [
                long for long in longer if first[heads[long].part] < number
            ]
            kept = own is not None and "(" in own.head and _depends(own, by, made_of)
            if len(near) == 1 and not (kept and not _comes_first(near[0], mine)):
                long = heads[near[0]]
                at = next(t.node.at for term in terms for t in within(term) if name in names_in(t))
                uses = frozenset({long.name})
                why = f"short for {long.head}"
                short.append(
                    Definition(name, name, long.head, at, why, part, number, uses, long.indices)
                )
    return short + _not_short(found, short)


def _depends(own: Definition, by: list[Term], uses: dict[str, frozenset[str]]) -> bool:
    """Whether a function is made of all that derivatives of it are taken by."""
    made_of = closure(own.uses, uses)
    return all(names_in(each) <= made_of for each in by)


def _not_short(found: list[Definition], short: list[Definition]) -> list[Definition]:
    """The definitions that no short name takes the place of in their part."""
    taken = {(each.part, each.name) for each in short}
    return [each for each in found if (each.part, each.name) not in taken]


def _comes_first(name: str, chains: list[Chain]) -> bool:
    """Whether a name is defined in these chains before a derivative is taken of it."""
    for chain in chains:
        for left, _ in chain.equalities:
            if isinstance(left, Use | Applied) and left.name == name:
                return True
            if any(name == each for each in derived(left)):
                return False
    return False

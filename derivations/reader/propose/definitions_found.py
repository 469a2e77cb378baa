"""All definitions of a text, each where it can stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivations.reader.propose.abbreviation import Definition, closure
from derivations.reader.propose.by_name import common_functions, other_spellings
from derivations.reader.propose.index_letters import Letters
from derivations.reader.propose.introduced import introduced
from derivations.reader.propose.recognised import one_hot, values_of_functions
from derivations.reader.propose.said import Chain, derived, differentiated, mentioned
from derivations.reader.propose.short_names import with_short_names
from derivations.reader.propose.sketch import Applied, Term, names_in, within
from derivations.reader.propose.stands_in import replaced


def definitions(chains: list[Chain], letters: Letters, apart: set[str]) -> list[Definition]:
    """The definitions of a text; names ``apart`` may mean another thing in another part."""
    found = introduced(chains, apart)
    known = {each.name for each in found}
    found += other_spellings(chains, known)
    known = {each.name for each in found}
    found += replaced(chains, known)
    known = {each.name for each in found}
    found += common_functions(chains, letters, known)
    found = with_short_names(found, chains)
    known = {each.name for each in found}
    found += [each for each in one_hot(chains, letters) if each.name not in known]
    known = {each.name for each in found}
    found += values_of_functions(chains, known)
    first = {chain.part: chain.number for chain in reversed(chains)}
    local = apart | {each.base for each in letters.lists}
    found = [each for whole in found for each in _where_it_can_be(whole, found, chains, first)]
    placed = [_placed(each, first, local, letters) for each in found]
    return [copy for each in placed for copy in (each, *_again(each, chains, first))]


def _where_it_can_be(
    each: Definition, found: list[Definition], chains: list[Chain], first: dict[str, int]
) -> list[Definition]:
    """A definition for the whole text, or for those parts that do not take J for something else.

    In another part J is another thing where derivatives of it are taken by what it is not made of.
    """
    uses = {one.name: one.uses for one in found}
    made_of = closure(each.uses, uses)
    other = {
        chain.part
        for chain in chains
        for by in differentiated([chain]).get(each.name, ())
        if not names_in(by) <= made_of
    }
    other |= {
        chain.part
        for chain in chains
        for one, two in chain.equalities
        for left, right in ((one, two), (two, one))
        if each.name in derived(left) and not _functions_in(right) <= made_of | {*uses}
    }
    other -= {each.part}
    if each.chain is not None or not other:
        return [each]
    return [
        replace(each, chain=number, part=part)
        for part, number in first.items()
        if part == each.part
        or (number > first[each.part] and part not in other and _means(each, part, chains))
    ]


def _means(each: Definition, part: str, chains: list[Chain]) -> bool:
    """Whether a part has a name as it is defined: with arguments, or without."""
    sides = [side for chain in chains if chain.part == part for side in chain.terms if side]
    applied = any(
        isinstance(term, Applied) and term.name == each.name
        for side in sides
        for term in within(side)
    )
    return mentioned(each.name, part, chains) and (not applied or "(" in each.head)


def _functions_in(term: Term) -> set[str]:
    """The functions that a term applies."""
    return {each.name for each in within(term) if isinstance(each, Applied)}


def _again(each: Definition, chains: list[Chain], first: dict[str, int]) -> Iterator[Definition]:
    """The definition of a part once more for each later part that uses the name."""
    if each.chain is None or each.chain != first[each.part] or not each.local:
        return
    for part, chain in first.items():
        if chain > each.chain and _means(each, part, chains):
            yield replace(each, chain=chain, part=part)


def _placed(
    each: Definition, first: dict[str, int], local: set[str], letters: Letters
) -> Definition:
    """A definition that depends on what a part declares stands in that part."""
    stand_ins = {name for part, name in letters.stand_ins if part == each.part}
    if each.chain is None and (each.uses & local or each.indices & stand_ins):
        return replace(each, chain=first[each.part], local=True)
    return each

"""The chains of a file as terms, and what derivatives are taken of in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derivations.reader.problem import Place
from derivations.reader.propose.displays import Displayed, inside
from derivations.reader.propose.index_letters import Letters
from derivations.reader.propose.sketch import Applied, Slope, Term, Use, names_in, unsigned, within
from derivations.reader.propose.sketching import Reading
from derivations.reader.syntax import Relation, Script


@dataclass(frozen=True)
class Chain:
    """A chain as terms: those that could be read, and which are equated with the one before."""

    number: int
    part: str
    at: Place
    terms: tuple[Term | None, ...]
    joined: tuple[bool, ...]
    conditions: tuple[Relation, ...]
    supposed: bool
    perhaps: bool

    @property
    def equalities(self) -> Iterator[tuple[Term, Term]]:
        """Terms that are equated, one after the other."""
        for number, joined in enumerate(self.joined):
            left, right = self.terms[number - 1], self.terms[number]
            if joined and left is not None and right is not None:
                yield left, right


def as_terms(chains: list[Displayed], letters: Letters, functions: set[str]) -> list[Chain]:
    """All chains as terms."""
    found: list[Chain] = []
    for chain in chains:
        reading = Reading(letters, functions, chain.part)
        terms = tuple(reading.term(s.node) if s.node is not None else None for s in chain.sides)
        joined = tuple(side.joined for side in chain.sides)
        at = chain.sides[0].place if chain.sides else Place()
        said = chain.conditions, chain.supposed, chain.perhaps
        found.append(Chain(chain.chain, chain.part, at, terms, joined, *said))
    return found


def mentioned(name: str, part: str, chains: list[Chain]) -> bool:
    """Whether a part has a name in it."""
    sides = (term for chain in chains if chain.part == part for term in chain.terms)
    return any(name in names_in(term) for term in sides if term is not None)


def outside_slopes(term: Term) -> Iterator[Term]:
    """The parts of a term that are not what a derivative is taken of."""
    waiting = [term]
    while waiting:
        here = waiting.pop()
        yield here
        bare = isinstance(here, Slope) and isinstance(unsigned(here.of), Use)
        waiting += [here.by] if bare and isinstance(here, Slope) else here.parts


def derived(term: Term) -> set[str]:
    """The names that derivatives in a term are taken of."""
    ofs = [unsigned(each.of) for each in within(term) if isinstance(each, Slope)]
    primed = {each.name for each in within(term) if isinstance(each, Applied) and is_primed(each)}
    return primed | {of.name for of in ofs if isinstance(of, Use | Applied)}


def is_primed(term: Use | Applied) -> bool:
    return any(isinstance(each, Script) and each.primes for each in inside(term.node))


def differentiated(chains: list[Chain]) -> dict[str, list[Term]]:
    """The names that derivatives are taken of, with what they are taken by; "" for all else."""
    found: dict[str, list[Term]] = {}
    for chain in chains:
        for term in (each for side in chain.terms if side for each in within(side)):
            if isinstance(term, Slope):
                of = unsigned(term.of)
                by = found.setdefault(of.name if isinstance(of, Use) and not of.sub else "", [])
                if term.by not in by:
                    by.append(term.by)
    return found

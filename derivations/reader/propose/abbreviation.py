"""A definition as it is proposed, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from derivations.reader.elaborate.spelling import name_of
from derivations.reader.problem import Place
from derivations.reader.propose.letters import is_indicator
from derivations.reader.propose.said import Chain, is_primed
from derivations.reader.propose.sketch import (
    Applied,
    Constant,
    Layout,
    Opaque,
    Term,
    Use,
    names_in,
    within,
)
from derivations.reader.syntax import Script
from derivations.reader.written import written


@dataclass(frozen=True)
class Definition:
    """What a name abbreviates, why that is thought so, and before which chain it is said.

    ``chain`` is None where it holds for the whole text.
    """

    name: str
    head: str
    body: str
    at: Place
    why: str
    part: str
    chain: int | None = None
    uses: frozenset[str] = frozenset()
    indices: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()  # names that have an index in it
    local: bool = False  # because of what a part declares

    @property
    def said(self) -> str:
        """As a declaration writes it."""
        return f"define {self.head} = {self.body}"


def definition_of(head: Use | Applied, body: Term, why: str, chain: Chain) -> Definition:
    uses = names_in(body) | (names_in(head) - {head.name}) | _lists_in(body) | _lists_in(head)
    found = Definition(
        head.name, written(head.node), written(body.node), body.node.at, why, chain.part, None, uses
    )
    names = (each for each in within(body) if isinstance(each, Use) and each.sub)
    numbered = frozenset(each.name for each in names)
    return replace(found, indices=_indices_in(body), numbered=numbered)


def _lists_in(term: Term) -> frozenset[str]:
    """The lists whose entries stand for arguments."""
    nodes = (each.node for each in within(term) if isinstance(each, Constant))
    scripts = (node for node in nodes if isinstance(node, Script) and not is_indicator(node))
    subs = (each.sub for each in within(term) if isinstance(each, Use))
    entries = (text for sub in subs for text in sub if isinstance(text, str) and "_" in text)
    return frozenset((*(name_of(s.base) for s in scripts), *(t.split("_")[0] for t in entries)))


def _indices_in(term: Term) -> frozenset[str]:
    subs = (each.sub for each in within(term) if isinstance(each, Use))
    return frozenset(letter[1] for sub in subs for letter in sub if isinstance(letter, tuple))


def is_head(term: Use | Applied) -> bool:
    """Whether it can stand on the left of a definition: names and different letters."""
    if is_primed(term):
        return False
    if isinstance(term, Use):
        letters = [each for each in term.sub if isinstance(each, tuple)]
        return len(letters) == len(term.sub) == len(set(letters)) <= 2
    return all(is_parameter(each) for each in term.arguments)


def is_parameter(term: Term) -> bool:
    if isinstance(term, Use):
        return all(isinstance(each, tuple) for each in term.sub)
    return isinstance(term, Constant) and not term.text.isdigit()


def can_be_body(term: Term) -> bool:
    """Whether all of it could be understood."""
    return not any(isinstance(each, Opaque | Layout) for each in within(term))


def closure(names: frozenset[str], uses: dict[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [*names]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += uses.get(name, ())
    return found

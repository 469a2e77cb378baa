"""Definitions by what stands in the place of a name in a side that is otherwise the same."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.reader.propose.abbreviation import Definition, can_be_body, definition_of, is_head
from derivations.reader.propose.said import Chain
from derivations.reader.propose.sketch import (
    Applied,
    Plus,
    Slope,
    Summed,
    Term,
    Times,
    Use,
    names_in,
)


def replaced(chains: list[Chain], known: set[str]) -> list[Definition]:
    found: dict[str, Definition] = {}
    for chain in chains:
        if chain.conditions or chain.supposed or chain.perhaps:
            continue
        for left, right in chain.equalities:
            pairs = list(dict.fromkeys(_differences(left, right)))
            if len(pairs) != 1 or pairs[0] == (left, right):
                continue
            for head, body in (pairs[0], pairs[0][::-1]):
                if not isinstance(head, Use | Applied):
                    continue
                under = any(isinstance(t, Slope) and t.of in pairs[0] for t in (left, right))
                if not _may_be_replaced(head, under_slope=under):
                    continue
                name = head.name
                if name in known or name in found or name in names_in(body):
                    continue
                if is_head(head) and can_be_body(body):
                    why = f"it stands for this at {body.node.at}"
                    found[name] = definition_of(head, body, why, chain)
                    break
    return list(found.values())


def _may_be_replaced(head: Use | Applied, *, under_slope: bool) -> bool:
    """Whether a name may be one for what stands in its place: no variable is."""
    if isinstance(head, Applied):
        return len(head.arguments) > 1
    return head.name.startswith(r"\hat") or (not head.sub and under_slope)


def _differences(one: Term, other: Term) -> Iterator[tuple[Term, Term]]:
    """Where two terms differ, as pairs of what stands there."""
    if one == other:
        return
    same_kind = type(one) is type(other) and len(one.parts) == len(other.parts)
    if same_kind and one.parts and own_content(one) == own_content(other):
        for mine, theirs in zip(one.parts, other.parts, strict=True):
            yield from _differences(mine, theirs)
    else:
        yield one, other


def own_content(term: Term) -> object:
    """What a term says beside its parts."""
    match term:
        case Plus(signs=signs):
            return signs
        case Times(joins=joins):
            return joins
        case Summed(over=over):
            return over
        case Applied(name=name, keywords=keywords):
            return name, keywords
    return getattr(term, "name", None)

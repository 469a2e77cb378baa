"""Names that depend on others in a way that the text does not say: these stay undeclared."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.reader.problem import Place
from derivations.reader.propose.abbreviation import Definition, closure
from derivations.reader.propose.said import Chain, derived, differentiated, outside_slopes
from derivations.reader.propose.sketch import Constant, Slope, Term, Use, names_in, within


def consequences(
    chains: list[Chain],
    definitions_: list[Definition],
    matrices: dict[str, str] | None = None,
) -> dict[tuple[str, str], Place]:
    """Names, each with its part, that depend on others in a way that the text does not say.

    Where one side is a derivative of J and the other does not mention J, J is no arbitrary
    function: whoever took it for one would find a true line false. The same where a name stands
    only for what stands on the other side, and never on both. ``matrices`` are those whose rows or
    columns are a family.
    """
    uses: dict[str, frozenset[str]] = {}
    for made in definitions_:
        uses[made.name] = uses.get(made.name, frozenset()) | made.uses
    uses |= {matrix: frozenset({family}) for matrix, family in (matrices or {}).items()}
    bodies = {made.at for made in definitions_}
    found: dict[tuple[str, str], Place] = {}
    sides: list[tuple[str, Term, set[str], Term, set[str]]] = []
    parameters = {name for made in definitions_ for name in made.uses}
    free = {name for by in differentiated(chains).values() for t in by for name in names_in(t)}
    for chain in chains:
        for left, right in chain.equalities:
            names = [_all_names(term, uses) for term in (left, right)]
            for term, others in ((left, names[1]), (right, names[0])):
                wanted = derived(term) - others
                if not isinstance(right if term is left else left, Constant):
                    wanted |= _made_of_what_is_not_said(term, uses)
                for name in sorted(wanted - {*uses}):
                    found.setdefault((chain.part, name), term.node.at)
            if right.node.at not in bodies:
                free |= names[0] & names[1]
            operands = (t.of for s in (left, right) for t in within(s) if isinstance(t, Slope))
            parameters |= {name for of in operands for name in names_in(of)}
            if not (derived(left) | derived(right)) - {*uses}:
                ours, theirs = ((s - o) - {*uses} for s, o in (names, names[::-1]))
                sides.append((chain.part, left, ours, right, theirs))
    lone = {key: at for each in sides for key, at in _on_one_side(*each, free, parameters)}
    bare = {name for name in differentiated(chains) if name not in uses}
    for chain in chains:
        for side in chain.terms:
            for each in outside_slopes(side) if side is not None else ():
                if isinstance(each, Use) and each.name in bare:
                    found.setdefault((chain.part, each.name), each.node.at)
    return {**lone, **found}


def _on_one_side(
    part: str,
    left: Term,
    ours: set[str],
    right: Term,
    theirs: set[str],
    free: set[str],
    parameters: set[str],
) -> Iterator[tuple[tuple[str, str], Place]]:
    """The names that one side has for what stands on the other: no variable stands so."""
    if not ours or not theirs:
        term, more = (left, ours) if ours else (right, theirs)
        other = right if ours else left
        used = {each.name for each in outside_slopes(term) if isinstance(each, Use)}
        for name in sorted((more & used) - free - parameters):
            if names_in(other):
                yield (part, name), term.node.at
        return
    term, fewer = left, ours - free
    if not fewer or (theirs - free and len(theirs - free) < len(fewer)):
        term, fewer = right, theirs - free
    if len(fewer) > 1 and ours - free and theirs - free:
        return
    used = {each.name for each in within(term) if isinstance(each, Use)}
    for name in sorted(fewer & used):
        yield (part, name), term.node.at


def _all_names(term: Term, uses: dict[str, frozenset[str]]) -> set[str]:
    """The names in a term, and in the definitions of these."""
    return closure(names_in(term), uses)


def _made_of_what_is_not_said(term: Term, uses: dict[str, frozenset[str]]) -> set[str]:
    """What derivatives are taken of by something that it does not mention."""
    found: set[str] = set()
    for each in within(term):
        if isinstance(each, Slope) and not names_in(each.by) & _all_names(each.of, uses):
            found |= names_in(each.of) - names_in(each.by)
    return found

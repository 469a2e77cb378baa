"""Memory that nothing reads any more is written to instead of copied."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from codegen.arrays.entrywise import Applied, Product, Terms
from codegen.arrays.places import Replaced
from codegen.arrays.program import Step
from codegen.arrays.tree import Name, Node, reads


def in_place(steps: Sequence[Step], returned: Collection[str]) -> list[Step]:
    """The steps, where one entry is replaced, or a difference exponentiated, in the old memory.

    What still reads it but could do so before is moved there.
    """
    done = list(steps)
    for place, step in enumerate(done):
        name = _reused(step.value)
        source = next((s for s in done[:place] if s.name == name), None)
        if source is None or source.is_view or source.axes != step.axes:
            continue
        views = any(s.reads(source.name) and s.is_view for s in done)
        if views or source.name in returned:
            continue
        later = [other for other in done[place + 1 :] if other.reads(source.name)]
        made_later = {other.name for other in done[place:]}
        if any(other.reads(name) for other in later for name in made_later):
            continue
        rest = [other for other in done[place + 1 :] if other not in later]
        done[place:] = [*later, *_overwriting(step, source.name), *rest]
    return done


def _reused(value: Node) -> str:
    """The step whose memory the value could be written to: it reads it once, and first."""
    first = _first(value)
    if isinstance(first, Replaced) and isinstance(first.of, Name):
        name = first.of.name
    elif (pair := _difference(value)) is not None:
        name = pair[0].name
    else:
        return ""
    return name if reads(value, name) == 1 else ""


def _first(value: Node) -> Node:
    """The operand that is computed first, of products and sums."""
    while isinstance(value, Product | Terms):
        value = value.parts[0]
    return value


def _difference(value: Node) -> tuple[Name, Node] | None:
    """The two of exp(p - q), p a name."""
    if not isinstance(value, Applied) or value.function != "exp":
        return None
    (inside,) = value.operands
    if not isinstance(inside, Terms) or inside.negative != (False, True):
        return None
    first, second = inside.terms
    return (first, second) if isinstance(first, Name) else None


def _overwriting(step: Step, source: str) -> list[Step]:
    """The same written to the memory of what it is made of."""
    pair = _difference(step.value)
    if pair is None:
        return [replace(step, value=_with_first_in_place(step.value))]
    axes = step.value.axes
    first = Applied("subtract", pair, axes, Name(source, pair[0].axes))
    own = Name(step.name, axes)
    return [Step(step.name, first), replace(step, value=Applied("exp", (own,), axes, own))]


def _with_first_in_place(value: Node) -> Node:
    if isinstance(value, Product):
        first, *others = value.above
        return replace(value, above=(_with_first_in_place(first), *others))
    if isinstance(value, Terms):
        first, *others = value.terms
        return replace(value, terms=(_with_first_in_place(first), *others))
    assert isinstance(value, Replaced)
    return replace(value, in_place=True)

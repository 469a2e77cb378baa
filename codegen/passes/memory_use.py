"""Memory: written to again in place, given as a workspace, and taken in tiles and parts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from codegen.arrays.nodes import (
    Applied,
    Guarded,
    LoweringError,
    MatrixProduct,
    Name,
    Node,
    Product,
    Replaced,
    Terms,
    reads,
)
from codegen.arrays.program import Memory, Part, PartsStep, Program, Step
from codegen.kernel import Argument, Parts, Value
from derivations.indices import Index

# Memory that nothing reads any more is written to instead of copied.


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


# A kernel whose large steps are done for some of its pairs at a time, in memory given to it.
#
# Workspaces, tiles and parts: each is a pass from a program to one that computes the same.


def in_memory(program: Program) -> Program:
    """The program with memory given to it, and taken in tiles where that is too small."""
    kernel = program.kernel
    if kernel.parts is None:
        return program
    lists = tuple(one.name for one in kernel.arguments if one.is_integer)
    matrices = tuple(one.name for one in kernel.arguments if not one.is_integer)
    return replace(program, memory=Memory((kernel.parts.large, kernel.parts.out), matrices, lists))


def outlined(program: Program) -> Program:
    """The program with a function of some pairs taken out of it, which it calls."""
    kernel = program.kernel
    if kernel.parts is not None:
        return _of_product(program, kernel.parts)
    if kernel.gathering is not None:
        return _of_rows(program, kernel.gathering)
    return program


def _own(program: Program) -> list[Step]:
    return [each for each in program.steps if isinstance(each, Step)]


def _of_product(program: Program, parts: Parts) -> Program:
    """The steps that follow a large product, in its memory."""
    steps = _own(program)
    large = next(each for each in steps if each.name == parts.large)
    inside = [each for each in steps if each.name in parts.steps]
    outside = [each for each in steps if each not in (large, *inside)]
    whole_product = large.value
    if not (
        isinstance(whole_product, Guarded) and isinstance(whole_product.product, MatrixProduct)
    ):
        raise LoweringError(f"{large.name} is no guarded product to take in parts")
    memory = Name(parts.large, large.axes)
    guard = replace(large, value=replace(whole_product, product=memory))
    results = [parts.kept, *(o for o in _results(program, inside, outside) if o != parts.kept)]
    whole, alike = _read([*program.kernel.arguments, *outside], [guard, *inside], parts.axis)
    part = _part(program, [*whole, parts.large, *alike], [guard, *inside], results)
    call = PartsStep(tuple(results), "by_parts", part.name, whole, (parts.large, *alike))
    place = next(n for n, each in enumerate(outside) if any(each.reads(name) for name in results))
    product = Step(parts.large, replace(whole_product.product, out=memory))
    rest = (_into(each, parts.out) for each in outside[place:])
    return replace(program, steps=(*outside[:place], product, call, *rest), part=part)


def _of_rows(program: Program, axis: Index) -> Program:
    """The steps of each place of the axis, for as many as gather a bounded number of rows."""
    steps = _own(program)
    inside = [each for each in steps if each.axes[:1] == (axis,)]
    outside = [each for each in steps if each not in inside]
    results = _results(program, inside, outside)
    whole, alike = _read(program.kernel.arguments, inside, axis)
    part = _part(program, [*whole, *alike], inside, results)
    call = PartsStep(tuple(results), "by_places", part.name, whole, (whole[-1], *alike))
    return replace(program, steps=(call, *outside), part=part)


def _results(program: Program, inside: Sequence[Step], outside: Sequence[Step]) -> list[str]:
    """The steps that others read, and the outputs among them."""
    read = [each.name for each in inside if any(other.reads(each.name) for other in outside)]
    values = [output.name for output in program.kernel.outputs if isinstance(output, Value)]
    made = [each.name for each in inside]
    return list(dict.fromkeys([*read, *(name for name in values if name in made)]))


def _read(
    named: Sequence[Argument | Step], steps: Sequence[Step], axis: Index
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the steps read of what is named: the same for all places of the axis, or one each."""
    read = [each for each in named if any(one.reads(each.name) for one in steps)]
    alike = tuple(each.name for each in read if each.axes[:1] == (axis,))
    return tuple(each.name for each in read if each.name not in alike), alike


def _part(
    program: Program, given: Sequence[str], steps: Sequence[Step], results: Sequence[str]
) -> Part:
    name = program.kernel.name
    return Part(f"_part_of_{name}", name, tuple(given), tuple(steps), tuple(results))


def _into(step: Step, out: str) -> Step:
    """A matrix product written to memory that is given."""
    if step.name != out or not isinstance(step.value, MatrixProduct):
        return step
    return replace(step, value=replace(step.value, out=Name(out, step.axes)))

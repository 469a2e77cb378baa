"""Compiler: a kernel's data lowered to a program, and the passes from programs to programs.

The passes: common subexpression elimination, with definitional equality of nodes up to the names of
bound indices; updates in place, where nothing reads the old value any more; tiling, by memory that
is given and by parts that caches hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import count

from sympy import Basic, Expr, KroneckerDelta

from codegen.array_language import (
    Applied,
    Contraction,
    Copied,
    Guarded,
    Leader,
    LoweringError,
    MatrixProduct,
    Memory,
    Move,
    Name,
    Node,
    Part,
    PartsStep,
    Picked,
    Product,
    Program,
    Replaced,
    Result,
    RowSums,
    Spread,
    Step,
    Summed,
    SummedWithout,
    Terms,
    Totals,
    in_order,
    nodes,
    reads,
    rebuilt,
)
from codegen.kernel import Argument, Elementwise, Equality, Gradient, Kernel, Parts, Update, Value
from codegen.lower.lowering import Axes, Lowering, Rule
from codegen.lower.rules import RULES, row_sums, row_totals
from codegen.matching import Rewrites
from derivations.indices import Index
from derivations.language.index_nodes import Defined

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


# Whether two nodes compute the same, whatever the indices summed inside them are called.


def key(node: Node) -> Node:
    """The node with the indices that are not among its axes numbered as they are met."""
    names: dict[Index, Index] = {axis: axis for axis in node.axes}
    return _renamed(node, names)


def _renamed(node: Node, names: dict[Index, Index]) -> Node:
    changed = {one.name: _value(getattr(node, one.name), names) for one in fields(node)}
    return replace(node, **changed)


def _value(value: object, names: dict[Index, Index]) -> object:
    if isinstance(value, Index):
        return _number(value, names)
    if isinstance(value, tuple):
        return tuple(_value(one, names) for one in value)
    return _renamed(value, names) if isinstance(value, Node) else value


def _number(index: Index, names: dict[Index, Index]) -> Index:
    if index not in names:
        names[index] = Index(f"#{len(names)}", index.space)
    return names[index]


# Common subexpressions: what is computed twice is computed once, and has a name.
#
# Two nodes that are equal compute the same, as steps have one value: a name is given one once, and
# memory is written to again only by a later pass. The largest repeated node comes first.


# what costs something, and what it is called where nothing else has named it
CALLED: dict[type[Node], str] = {
    Guarded: "product",
    MatrixProduct: "product",
    Contraction: "product",
    Summed: "total",
    SummedWithout: "others",
    Leader: "leader",
    Picked: "picked_out",
    Replaced: "replaced_at",
    Applied: "value",
    Terms: "difference",
    Product: "factor",
}


def shared(steps: Sequence[Step], taken: Collection[str]) -> list[Step]:
    """The steps, with one more for each node that several read or one reads twice."""
    done = list(steps)
    taken = {*taken, *(step.name for step in done)}
    while True:
        met = [
            node
            for step in done
            for node in nodes(step.value)
            if type(node) in CALLED and (node.axes or _costs(node))
        ]
        times = Counter(map(key, met))
        repeated = [node for node in met if times[key(node)] > 1]
        if not repeated:
            return done
        node = max(repeated, key=lambda one: sum(1 for _ in nodes(one)))
        done = named(done, node, taken)


def _costs(node: Node) -> bool:
    return not isinstance(node, Terms | Product | Picked)


def named(steps: list[Step], node: Node, taken: set[str]) -> list[Step]:
    """The steps with a name for one node, given before the first that reads it."""
    same = key(node)
    reading = (n for n, one in enumerate(steps) if any(_is(p, same) for p in nodes(one.value)))
    place = next(reading)
    if _is(steps[place].value, same):
        name, before = steps[place].name, steps[: place + 1]
        rest = steps[place + 1 :]
    else:
        name = unused(_stem(node), taken)
        taken.add(name)
        before, rest = [*steps[:place], Step(name, node)], steps[place:]
    known = Name(name, node.axes)

    def put(part: Node) -> Node:
        return known if _is(part, same) else rebuilt(part, put)

    return [*before, *(replace(step, value=put(step.value)) for step in rest)]


def _is(node: Node, same: Node) -> bool:
    return type(node) is type(same) and node.axes == same.axes and key(node) == same


def _stem(node: Node) -> str:
    if isinstance(node, Applied):
        return {"exp": "weight", "weigh": "weighed"}.get(node.function, f"{node.function}_of")
    return CALLED[type(node)]


def unused(name: str, taken: Collection[str]) -> str:
    """The name, or with a number behind it where it is taken."""
    numbered = (name if n == 1 else f"{name}_{n}" for n in count(1))
    return next(candidate for candidate in numbered if candidate not in taken)


# Steps short enough to be read: of one that computes too much at once, a part gets a name.


MOST = 10  # nodes of one step


def short(steps: Sequence[Step], taken: Collection[str]) -> list[Step]:
    """The steps, none of more than so many nodes if a part of it can be named."""
    done = list(steps)
    taken = {*taken, *(step.name for step in done)}
    place = 0
    while place < len(done):
        part = _shared_part(done[place].value)
        if part is None:
            place += 1
            continue
        done = [*done[:place], *named(done[place:], part, taken)]
    return done


def _shared_part(value: Node) -> Node | None:
    """The largest part that is no longer than a step may be; None if the whole is not."""
    if _size(value) <= MOST:
        return None
    parts = [one for one in nodes(value) if one is not value and type(one) in CALLED]
    fitting = [one for one in parts if 3 < _size(one) <= MOST]
    return max(fitting, key=_size, default=None)


def _size(node: Node) -> int:
    return sum(1 for _ in nodes(node))


# Names for steps that the kernel's data leaves unnamed: what is used twice is computed once.


Attempt = Callable[[Mapping[Expr, str]], Lowering]


def with_names(
    names: Mapping[Expr, str], taken: Collection[str], attempt: Attempt
) -> Mapping[Expr, str]:
    """``names`` with a name for every definition that the code would else compute twice.

    A definition gives its own name to the step. ``attempt`` lowers everything under given names;
    what varies along the most axes comes first, since the rest may then be looked up in it.
    """
    names = dict(names)
    while True:
        lowering = attempt(names)
        repeated = [step for step, times in lowering.met.items() if times > 1]
        if not repeated:
            return names
        step = max(repeated, key=lambda step: len(lowering.axes.running(step)))
        names[step] = unused(step.func.__name__, {*taken, *names.values()})


# From a kernel's data to its program: lowered, then passed through the passes.


Claims = Mapping[str, Equality]
Prepared = Callable[[Expr], Expr]
Rules = Mapping[type[Basic], Rule]


def compiled(
    kernel: Kernel,
    claims: Claims,
    prepared: Prepared = lambda expression: expression,
    rules: Rules = RULES,
    *,
    reserved: Collection[str] | None = None,
    pure: bool = False,
) -> Program:
    """Every output of the kernel lowered; the steps come in the order they are needed in.

    What is ``prepared`` is equal to what is stated. A kernel that names its own steps has to use
    all its names; where nobody has named them, what is met twice gets a name, which is none
    of those ``reserved``. Where it is to be ``pure``, no memory is written to again.
    """
    assigned = [out.gradient if isinstance(out, Update) else out for out in kernel.outputs]
    taken = {kernel.name, *kernel.calls, *(one.name for one in (*kernel.arguments, *assigned))}
    taken.update(reserved or ())
    names = with_names(
        kernel.names, taken, lambda names: _lowered(kernel, names, claims, prepared, rules).lowering
    )
    found = _lowered(kernel, names, claims, prepared, rules)
    steps = found.lowering.made
    if reserved is not None:
        steps = short(shared(steps, taken), taken)
    else:
        _refuse_unused(kernel, found.lowering)
    if not pure:
        steps = in_place(steps, [result.name for result in found.results])
    return in_memory(Program(kernel, tuple(steps), tuple(found.results), tuple(found.moves)))


@dataclass(frozen=True)
class Scalar:
    """The program of a function of one number: NumPy applies it to all entries."""

    function: Elementwise
    steps: tuple[Step, ...]
    value: Node


def compiled_elementwise(function: Elementwise, claims: Claims) -> Scalar:
    """The right side of the claim, lowered for one entry."""
    arguments = (Argument(function.argument.name, function.argument),)
    lowering = Lowering(Axes(arguments, ()), function.names, Rewrites([], {}), {}, RULES)
    value = lowering.lower(claims[function.claim].right)
    return Scalar(function, tuple(lowering.made), value)


@dataclass(frozen=True)
class _Lowered:
    """All outputs under given names of steps: what is returned, what is moved."""

    lowering: Lowering
    results: list[Result]
    moves: list[Move]


def _lowered(
    kernel: Kernel,
    names: Mapping[Expr, str],
    claims: Claims,
    prepared: Prepared,
    rules: Rules,
) -> _Lowered:
    rewrites = Rewrites([claims[id] for id in kernel.rewrites], kernel.choices)
    calls = {function: claims[id] for function, id in kernel.calls.items()}
    axes = Axes(kernel.arguments, kernel.layout, kernel.derived)
    lowering = Lowering(axes, names, rewrites, calls, rules, spreads=rules is not RULES)
    results, moves = list[Result](), list[Move]()
    for output in kernel.outputs:
        if isinstance(output, Update):
            _output(output.gradient, lowering, claims, prepared)
            rate = _rate(output, lowering)
            moves.append(Move(output.argument, output.gradient.name, rate))
        else:
            results.append(_output(output, lowering, claims, prepared))
    return _Lowered(lowering, results, moves)


def _output(
    output: Value | Gradient, lowering: Lowering, claims: Claims, prepared: Prepared
) -> Result:
    """Assign one output; what is returned for it."""
    if isinstance(output, Value):
        expression = lowering.rewrites.everywhere(prepared(output.loss))
        return _assigned(output, lowering.lower(expression), lowering)
    expression = prepared(claims[output.claim].right)
    if output.only_row is not None:
        expression = KroneckerDelta(*output.only_row) * expression
    expression = lowering.rewrites.everywhere(expression)
    terms = None
    if len(output.axes) > 1 or output.dense:
        terms = row_sums(expression, output.axes[0], lowering, wide=len(output.axes) > 1)
    if terms is None:
        return _assigned(output, lowering.lower(expression), lowering)
    value = RowSums(terms, output.dense, len(output.axes) == 1)
    lowering.made.append(Step(output.name, value, is_output=True))
    return Result(output.name, is_sparse=not output.dense)


def _assigned(output: Value | Gradient, node: Node, lowering: Lowering) -> Result:
    """An output that is an array or a number."""
    node = _owned(node, output, lowering)
    lowering.made.append(Step(output.name, node, is_output=True))
    return Result(output.name, is_number=not output.axes)


def _rate(update: Update, lowering: Lowering) -> Node:
    """The rate of an update, of each row where rows have rates of their own."""
    row = update.gradient.axes[0]
    for mass in sorted(update.rate.atoms(Defined), key=str):
        name = lowering.names[mass]
        words, numbers = row_totals(mass.opened, row, lowering)
        totals = Totals(update.gradient.name, words, numbers, (row,))
        lowering.made.append(Step(name, totals, mass))
        lowering.steps[mass] = Name(name, (row,))
    return lowering.lower(update.rate)


def _owned(node: Node, output: Value | Gradient, lowering: Lowering) -> Node:
    """An output with the axes it promises, and memory of its own; constant along some if so."""
    node = in_order(node, output.axes)
    if lowering.spreads and set(node.axes) < set(output.axes):
        lengths = tuple(map(lowering.axes.length, output.axes))
        return Spread(node, lengths, output.axes)
    if node.axes != output.axes:
        raise LoweringError(f"{output.name} should have axes {output.axes}, has {node.axes}")
    return Copied(node, node.axes) if node.is_view and node.axes else node


def _refuse_unused(kernel: Kernel, lowering: Lowering) -> None:
    """A rule or a name that nothing used is a mistake in the kernel's data."""
    unused = [
        *lowering.rewrites.unused(),
        *(name for pattern, name in kernel.names.items() if pattern not in lowering.steps),
        *(function for function in kernel.calls if function not in lowering.called),
    ]
    if unused:
        raise LoweringError(f"{kernel.name} does not use {', '.join(unused)}; take it away")

"""From a kernel's data to its program: named, lowered, then passed through the passes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import count

from sympy import Basic, Expr, KroneckerDelta

from codegen.arrays.nodes import (
    Copied,
    LoweringError,
    Name,
    Node,
    RowSums,
    Spread,
    Totals,
    in_order,
)
from codegen.arrays.program import Move, Program, Result, Step
from codegen.kernel import Argument, Elementwise, Equality, Gradient, Kernel, Update, Value
from codegen.lower.contractions import row_sums, row_totals
from codegen.lower.entrywise_rules import RULES
from codegen.lower.lowering import Axes, Lowering, Rule
from codegen.matching import Rewrites
from codegen.passes.memory_use import in_memory, in_place, outlined, shared, short
from derivations.language.index_nodes import Defined

# Names for steps that the kernel's data leaves unnamed: what is used twice is computed once.


Attempt = Callable[[Mapping[Expr, str]], Lowering]


def named(
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
        names[step] = _unused(step.func.__name__, {*taken, *names.values()})


def _unused(name: str, taken: Collection[str]) -> str:
    numbered = (name if n == 1 else f"{name}_{n}" for n in count(1))
    return next(candidate for candidate in numbered if candidate not in taken)


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
) -> Program:
    """Every output of the kernel lowered, large steps for some of its pairs at a time."""
    return outlined(unparted(kernel, claims, prepared, rules, reserved=reserved))


def unparted(
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
    names = named(
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

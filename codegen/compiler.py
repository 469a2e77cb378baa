"""From a kernel's data to its program: lowered, then passed through the passes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Expr, KroneckerDelta

from codegen.arrays.order import in_order
from codegen.arrays.places import RowSums, Totals
from codegen.arrays.program import Move, Program, Result, Step
from codegen.arrays.tree import Copied, LoweringError, Name, Node
from codegen.equality import Equality
from codegen.kernel import Argument, Elementwise, Gradient, Kernel, Update, Value
from codegen.lower.axes import Axes
from codegen.lower.lowering import Lowering
from codegen.lower.rows import row_sums, row_totals
from codegen.lower.rules import RULES
from codegen.naming import named
from codegen.passes.in_place import in_place
from codegen.passes.parts import outlined
from codegen.rewrite import Rewrites
from derivations.definition import Defined

Claims = Mapping[str, Equality]


def compiled(kernel: Kernel, claims: Claims) -> Program:
    """Every output of the kernel lowered; the steps come in the order they are needed in."""
    assigned = [out.gradient if isinstance(out, Update) else out for out in kernel.outputs]
    taken = {kernel.name, *kernel.calls, *(one.name for one in (*kernel.arguments, *assigned))}
    names = named(kernel.names, taken, lambda names: _lowered(kernel, names, claims).lowering)
    found = _lowered(kernel, names, claims)
    _refuse_unused(kernel, found.lowering)
    steps = in_place(found.lowering.made, [result.name for result in found.results])
    return outlined(Program(kernel, tuple(steps), tuple(found.results), tuple(found.moves)))


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


def _lowered(kernel: Kernel, names: Mapping[Expr, str], claims: Claims) -> _Lowered:
    rewrites = Rewrites([claims[id] for id in kernel.rewrites], kernel.choices)
    calls = {function: claims[id] for function, id in kernel.calls.items()}
    axes = Axes(kernel.arguments, kernel.layout, kernel.derived)
    lowering = Lowering(axes, names, rewrites, calls, RULES)
    results, moves = list[Result](), list[Move]()
    for output in kernel.outputs:
        if isinstance(output, Update):
            _output(output.gradient, lowering, claims)
            rate = _rate(output, lowering)
            moves.append(Move(output.argument, output.gradient.name, rate))
        else:
            results.append(_output(output, lowering, claims))
    return _Lowered(lowering, results, moves)


def _output(output: Value | Gradient, lowering: Lowering, claims: Claims) -> Result:
    """Assign one output; what is returned for it."""
    if isinstance(output, Value):
        expression = lowering.rewrites.everywhere(output.loss)
        return _assigned(output, lowering.lower(expression), lowering)
    expression = claims[output.claim].right
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
    node = _owned(node, output)
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


def _owned(node: Node, output: Value | Gradient) -> Node:
    """An output with the axes it promises, and memory of its own."""
    node = in_order(node, output.axes)
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

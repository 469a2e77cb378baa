"""Programs that JAX can trace: nothing in place, and no shape that depends on a word.

A row-sparse gradient becomes a matrix: which rows there are is not known while it is traced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sympy import Derivative

from codegen.arrays.nodes import (
    AtWords,
    Axes,
    LoweringError,
    MatrixProduct,
    Node,
    RowSums,
    Taken,
    Turned,
)
from codegen.arrays.program import Program, Step, rebuilt
from codegen.backends.numpy.expressions import code, written
from codegen.backends.operators import Text
from codegen.grounds import Equality
from codegen.kernel import Argument, Gradient, Kernel

ACCURACY = "How XLA rounds is not bounded."


@dataclass(frozen=True)
class LookedUp(AtWords):
    """The same as `Taken`, NaN at words that are out of range."""

    of: Node
    place: int
    word: Node
    axes: Axes

    @property
    def calls(self) -> tuple[str, ...]:
        """The runtime does it."""
        return ("taken",)


@written.register
def _looked_up(node: LookedUp) -> Text:
    axis = f", axis={node.place}" if node.place else ""
    return Text(f"taken({code(node.of)}, {code(node.word)}{axis})")


def bare(kernel: Kernel) -> Kernel:
    """The kernel without what it says of memory and of rounding."""
    return replace(kernel, parts=None, gathering=None, accuracy=ACCURACY)


def pure(program: Program, claims: Mapping[str, Equality]) -> Program:
    """The program, each of its steps of no more than its arguments and the steps before it."""
    steps = tuple(_step(one, program.kernel, claims) for one in program.steps)
    results = tuple(replace(one, is_sparse=False) for one in program.results)
    return replace(program, steps=steps, results=results)


def _step(step: object, kernel: Kernel, claims: Mapping[str, Equality]) -> Step:
    assert isinstance(step, Step)
    value = _node(step.value)
    if isinstance(value, RowSums) and not value.dense:
        value = replace(value, dense=_matrix(step.name, kernel, claims))
    return replace(step, value=value)


def _node(node: Node) -> Node:
    match node := rebuilt(node, _node):
        case Taken(of=of, place=place, word=word):
            return LookedUp(of, place, word, node.axes)
        case MatrixProduct(left=Turned(of=of), right=right) if len(of.axes) == 2 > len(right.axes):
            # XLA on a CPU takes a vector times a matrix three times as fast as the matrix turned
            return MatrixProduct(right, of, node.axes)
        case _:
            return node


def _matrix(name: str, kernel: Kernel, claims: Mapping[str, Equality]) -> str:
    """The argument that an output is the gradient by: it has as many rows."""
    for output, argument in _gradients(kernel, claims):
        if output.name == name and argument is not None:
            return argument.name
    raise LoweringError(f"no argument has as many rows as {name}")


def by(kernel: Kernel, claims: Mapping[str, Equality]) -> list[str]:
    """The arguments that the gradients of a kernel are taken by, in their order."""
    return [one.name for _, one in _gradients(kernel, claims) if one is not None]


def has_rule(kernel: Kernel, claims: Mapping[str, Equality]) -> bool:
    """Whether a kernel returns a loss, and first derivatives by arguments and as large as these.

    One by a single row, or by what is computed on the way, is no rule; nor is one of second order.
    """
    return kernel.name.endswith("value_and_grad") and all(
        one is not None
        and [each.space for each in output.axes] == [each.space for each in one.axes]
        for output, one in _gradients(kernel, claims)
    )


def _gradients(
    kernel: Kernel, claims: Mapping[str, Equality]
) -> Iterator[tuple[Gradient, Argument | None]]:
    """Each gradient, and the argument that it is taken by if it is by one."""
    for output in kernel.outputs:
        if isinstance(output, Gradient):
            left = claims[output.claim].left
            by = [*left.variables] if isinstance(left, Derivative) else []
            held = (one for one in kernel.arguments if output.by == one.name)
            if len(by) == 1 and not output.by:
                held = (one for one in kernel.arguments if _holds(one, by[0]))
            yield output, next(held, None)


def _holds(argument: object, variable: object) -> bool:
    stands_for = getattr(argument, "stands_for", None)
    return getattr(stands_for, "base", stands_for) == getattr(variable, "base", variable)

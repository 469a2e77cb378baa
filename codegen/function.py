"""The text of one function: checks, named steps, outputs."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, KroneckerDelta

from codegen.docstring import elementwise_docstring, function_docstring
from codegen.equality import Equality
from codegen.kernel import Argument, Elementwise, Gradient, Kernel, Value
from codegen.lower.axes import Axes
from codegen.lower.lowering import Lowering
from codegen.lower.rows import row_sums
from codegen.lower.rules import RULES
from codegen.lower.text import LINE, LoweringError, Text, in_order, wrapped
from codegen.naming import named
from codegen.rewrite import Rewrites
from codegen.signature import checks, signature

Claims = dict[str, Equality]
QUIET = '@np.errstate(over="ignore", invalid="ignore", under="ignore")'


def kernel_function(kernel: Kernel, claims: Claims) -> list[str]:
    """Lower every output of the kernel; the steps come in the order they are needed in."""
    variables = [*kernel.arguments, *kernel.outputs]
    taken = {kernel.name, *kernel.calls, *(variable.name for variable in variables)}
    names = named(kernel.names, taken, lambda names: _lowered(kernel, names, claims)[0])
    lowering, returned = _lowered(kernel, names, claims)
    _refuse_unused(kernel, lowering)
    values, types = zip(*returned, strict=True)
    body = [
        *function_docstring(kernel, claims),
        *checks(kernel.arguments),
        *lowering.lines,
        f"return {', '.join(values)}",
    ]
    return [QUIET, *signature(kernel.name, kernel.arguments, types), *_indented(body)]


def _lowered(
    kernel: Kernel, names: Mapping[Expr, str], claims: Claims
) -> tuple[Lowering, list[tuple[str, str]]]:
    """All outputs lowered under the given names of steps; what is returned, and its type."""
    rewrites = Rewrites([claims[id] for id in kernel.rewrites], kernel.choices)
    calls = {function: claims[id] for function, id in kernel.calls.items()}
    lowering = Lowering(Axes(kernel.arguments, kernel.layout), names, rewrites, calls, RULES)
    return lowering, [_output(output, lowering, claims) for output in kernel.outputs]


def elementwise_function(function: Elementwise, claims: Claims) -> list[str]:
    """Lower the right side of the claim for one entry: NumPy applies it to all."""
    name = function.argument.name
    arguments = (Argument(name, function.argument),)
    lowering = Lowering(Axes(arguments, ()), function.names, Rewrites([], {}), {}, RULES)
    text = lowering.lower(claims[function.claim].right)
    body = [*elementwise_docstring(function, claims), *lowering.lines, f"return {text.code}"]
    return [f"def {function.name}({name}: Any) -> Any:", *_indented(body)]


def _output(output: Value | Gradient, lowering: Lowering, claims: Claims) -> tuple[str, str]:
    """Assign one output; what is returned for it, and its type."""
    if isinstance(output, Value):
        text = lowering.lower(lowering.rewrites.everywhere(output.loss))
        lowering.lines.append(f"{output.name} = {_owned(text, output)}")
        return (output.name, "NDArray[Any]") if output.axes else (f"float({output.name})", "float")
    expression = claims[output.claim].right
    if output.only_row is not None:
        expression = KroneckerDelta(*output.only_row) * expression
    expression = lowering.rewrites.everywhere(expression)
    parts = None
    if len(output.axes) > 1 or output.dense:
        parts = row_sums(expression, output.axes[0], lowering, wide=len(output.axes) > 1)
    if parts is None:
        code = _owned(lowering.lower(expression), output)
        lowering.lines += wrapped(f"{output.name} = {code}")
        return (output.name, "NDArray[Any]") if output.axes else (f"float({output.name})", "float")
    dense = f".dense(len({output.dense}))" if output.dense else ""
    dense += "[:, 0]" if len(output.axes) == 1 else ""
    line = f"{output.name} = row_sums({', '.join(parts)}){dense}"
    if len(line) > LINE:
        opened = f"{output.name} = row_sums("
        lowering.lines += [opened, *(f"    {part}," for part in parts), f"){dense}"]
    else:
        lowering.lines.append(line)
    return output.name, "NDArray[Any]" if output.dense else "RowGrad"


def _owned(text: Text, output: Value | Gradient) -> str:
    """The code of an output with the axes it promises, and memory of its own."""
    text = in_order(text, output.axes)
    if text.axes != output.axes:
        raise LoweringError(f"{output.name} should have axes {output.axes}, has {text.axes}")
    return text.code if text.is_fresh or not text.axes else f"{text.code}.copy()"


def _refuse_unused(kernel: Kernel, lowering: Lowering) -> None:
    """A rule or a name that nothing used is a mistake in the kernel's data."""
    unused = [
        *lowering.rewrites.unused(),
        *(name for pattern, name in kernel.names.items() if pattern not in lowering.steps),
        *(function for function in kernel.calls if function not in lowering.called),
    ]
    if unused:
        raise LoweringError(f"{kernel.name} does not use {', '.join(unused)}; take it away")


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]

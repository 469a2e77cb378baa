"""The text of one function: checks, named steps, outputs."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, KroneckerDelta

from codegen.docstring import elementwise_docstring, function_docstring
from codegen.equality import Equality
from codegen.formula import meaning
from codegen.kernel import Argument, Elementwise, Gradient, Kernel, Update, Value
from codegen.lower.axes import Axes
from codegen.lower.lowering import Lowering
from codegen.lower.rows import row_sums, row_totals
from codegen.lower.rules import RULES
from codegen.lower.statement import Statement, in_place
from codegen.lower.text import PRODUCT, LoweringError, Text, in_order
from codegen.naming import named
from codegen.parts import outlined
from codegen.rewrite import Rewrites
from codegen.signature import checks, signature
from derivations.definition import Defined

Claims = dict[str, Equality]
QUIET = '@np.errstate(over="ignore", invalid="ignore", under="ignore")'


def kernel_function(kernel: Kernel, claims: Claims) -> list[str]:
    """Lower every output of the kernel; the steps come in the order they are needed in."""
    assigned = [out.gradient if isinstance(out, Update) else out for out in kernel.outputs]
    taken = {kernel.name, *kernel.calls, *(one.name for one in (*kernel.arguments, *assigned))}
    names = named(kernel.names, taken, lambda names: _lowered(kernel, names, claims)[0])
    lowering, returned, rates = _lowered(kernel, names, claims)
    _refuse_unused(kernel, lowering)
    values, types = zip(*returned, strict=True) if returned else ((), ("None",))
    statements = in_place(lowering.statements, ", ".join(values))
    part, statements = outlined(kernel, statements)
    body = [
        *function_docstring(kernel, claims),
        *checks(kernel),
        *(line for statement in statements for line in statement.lines),
        *(line for pair in zip(kernel.updates, rates, strict=True) for line in _updated(*pair)),
        *([f"return {', '.join(values)}"] if values else []),
    ]
    return [*part, *([""] * 2 if part else []), QUIET, *signature(kernel, types), *_indented(body)]


def _lowered(
    kernel: Kernel, names: Mapping[Expr, str], claims: Claims
) -> tuple[Lowering, list[tuple[str, str]], list[Text]]:
    """All outputs lowered under the given names of steps.

    Also what is returned, and its type; and the rate of each update.
    """
    rewrites = Rewrites([claims[id] for id in kernel.rewrites], kernel.choices)
    calls = {function: claims[id] for function, id in kernel.calls.items()}
    axes = Axes(kernel.arguments, kernel.layout, kernel.derived)
    lowering = Lowering(axes, names, rewrites, calls, RULES)
    returned, rates = [], list[Text]()
    for output in kernel.outputs:
        if isinstance(output, Update):
            _output(output.gradient, lowering, claims)
            rates.append(_rate(output, lowering))
        else:
            returned.append(_output(output, lowering, claims))
    return lowering, returned, rates


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
        lowering.statements.append(Statement(output.name, _owned(text, output), output.axes))
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
        lowering.statements.append(Statement(output.name, code, output.axes))
        return (output.name, "NDArray[Any]") if output.axes else (f"float({output.name})", "float")
    function = "matrix_of" if output.dense else "row_sums"
    parts = [f"len({output.dense})", *parts] if output.dense else parts
    column = "[:, 0]" if len(output.axes) == 1 else ""
    code = f"{function}({', '.join(parts)}){column}"
    lowering.statements.append(Statement(output.name, code, parts=tuple(parts)))
    return output.name, "NDArray[Any]" if output.dense else "RowGrad"


def _rate(update: Update, lowering: Lowering) -> Text:
    """The rate of an update, of each row where rows have rates of their own."""
    row = update.gradient.axes[0]
    for mass in sorted(update.rate.atoms(Defined), key=str):
        name = lowering.names[mass]
        numbers = row_totals(mass.opened, row, lowering)
        code = f"totals({update.gradient.name}.rows, {numbers})"
        lowering.statements.append(Statement(name, code, (row,), f"# {meaning(mass)}"))
        lowering.steps[mass] = Text(name, (row,))
    return lowering.lower(update.rate)


def _updated(update: Update, rate: Text) -> list[str]:
    """The statement that moves an argument against a row-sparse gradient."""
    name = update.gradient.name
    if not rate.axes:
        return [f"{update.argument}[{name}.rows] -= {rate.within(PRODUCT)} * {name}.values"]
    return [f"descend({update.argument}, {name}, {rate.code})"]


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

"""The text of one function: pure, and of a loss that its gradient is proved for, with a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codegen.arrays.program import Program
from codegen.backends.jax.pure import bare, by, has_rule, pure
from codegen.backends.numpy.expressions import code, step_lines
from codegen.backends.numpy.function_text import Function, checks, headed
from codegen.compiler import compiled_elementwise, unparted
from codegen.docstrings import elementwise_docstring, function_docstring
from codegen.grounds import Equality
from codegen.kernel import Elementwise, Kernel, Value

Claims = dict[str, Equality]
RAISES = (
    "Raises TypeError or ValueError, naming the argument, before anything is computed. "
    "A word out of range makes NaN of what it reaches."
)


def function_texts(functions: Sequence[Kernel | Elementwise], claims: Claims) -> list[Function]:
    """The functions of a module, and below each that has gradients its loss with the rule."""
    losses = {
        each.name: each for each in functions if isinstance(each, Kernel) and not each.gradients
    }
    ruled = {name: each for each in functions if (name := loss_of(each, claims))}
    found = []
    for each in functions:
        if isinstance(each, Elementwise):
            found.append(elementwise_text(each, claims))
            continue
        if each.name not in ruled:
            found.append(_function(_program(each, claims), claims))
        name = loss_of(each, claims)
        if name:
            found.append(_loss(name, each, losses.get(name), claims))
    return found


def line_functions(program: Program, claims: Claims) -> list[Function]:
    """The function of a line by its program, and its loss if the gradient is the rule of one."""
    name = loss_of(program.kernel, claims)
    loss = [_loss(name, program.kernel, None, claims)] if name else []
    return [_function(program, claims), *loss]


def loss_of(function: Kernel | Elementwise, claims: Mapping[str, Equality]) -> str:
    """What the loss is called whose rule a kernel is; nothing where it is none."""
    if isinstance(function, Elementwise) or not has_rule(function, claims):
        return ""
    return f"{function.name.removesuffix('value_and_grad')}loss"


def _function(program: Program, claims: Claims) -> Function:
    types = ["Any"] * len(program.results)
    return _text(program.kernel, program, claims, types, [])


def _loss(name: str, kernel: Kernel, alone: Kernel | None, claims: Claims) -> Function:
    """The loss by itself, by its own program if it has one."""
    named = ", ".join(f'"{one}"' for one in by(kernel, claims))
    decorator = [f"@ruled({kernel.name}, {named})"]
    if alone is not None:
        assert alone.arguments == kernel.arguments, f"{name} takes other arguments"
        return _text(alone, _program(alone, claims), claims, ["Any"], decorator)
    given = [one.name for one in kernel.arguments]
    (value, *_) = kernel.outputs
    assert isinstance(value, Value)
    value_of = f"{kernel.name}({', '.join(given)})[0]"
    total = f"np.sum({value_of})" if value.axes else value_of
    summed = ", summed" if value.axes else ""
    lines = [
        *decorator,
        *headed(name, _annotated(kernel), "Any"),
        f'    """The loss of `{kernel.name}`{summed}."""',
        f"    return {total}",
    ]
    return Function(name, lines, frozenset({"Any", "ruled"}))


def _program(kernel: Kernel, claims: Claims) -> Program:
    return pure(unparted(bare(kernel), claims, pure=True), claims)


def _text(
    kernel: Kernel, program: Program, claims: Claims, types: Sequence[str], decorator: list[str]
) -> Function:
    checked = checks(bare(kernel))
    result = types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"
    body = [
        *function_docstring(bare(kernel), claims, RAISES),
        *(line for one in checked for line in one.lines),
        *(line for step in program.steps for line in step_lines(step)),
        f"return {', '.join(one.name for one in program.results)}",
    ]
    lines = [
        *decorator,
        *headed(kernel.name, _annotated(kernel), result),
        *(f"    {line}" if line else "" for line in body),
    ]
    uses = {"Any", *program.calls, *(name for one in checked for name in one.uses)}
    return Function(kernel.name, lines, frozenset(uses | ({"ruled"} if decorator else set())))


def _annotated(kernel: Kernel) -> list[str]:
    """Arguments with their types: arrays, but for single words and numbers."""
    kinds = {True: " | int", False: " | float"}
    return [
        f"{one.name}: np.ndarray{'' if one.axes else kinds[one.is_integer]}"
        for one in kernel.arguments
    ]


def elementwise_text(function: Elementwise, claims: Claims) -> Function:
    """The function of one number."""
    scalar, name = compiled_elementwise(function, claims), function.argument.name
    body = [
        *elementwise_docstring(function, claims),
        *(line for step in scalar.steps for line in step_lines(step)),
        f"return {code(scalar.value)}",
    ]
    head = headed(function.name, [f"{name}: np.ndarray"], "Any")
    lines = [*head, *(f"    {one}" if one else "" for one in body)]
    return Function(function.name, lines, frozenset({"Any"}))

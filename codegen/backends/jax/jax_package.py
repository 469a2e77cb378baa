"""JAX's files: programs as pure functions of `jax.numpy`, and of a loss its gradient as the rule.

Nothing is in place, and no shape depends on a word: a row-sparse gradient becomes a matrix, since
which rows there are is not known while it is traced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sympy import Basic, Derivative, Expr

from codegen.array_language import (
    AtWords,
    Axes,
    LoweringError,
    MatrixProduct,
    Node,
    Program,
    RowSums,
    Step,
    Taken,
    Turned,
    rebuilt,
)
from codegen.backends.jax.jax_stubs import by_rule, stubs, stubs_on_floats
from codegen.backends.numpy.numpy_text import (
    Function,
    Text,
    checks,
    code,
    elementwise_text,
    headed,
    indented,
    step_lines,
    supporting,
    written,
)
from codegen.compiler import compiled, compiled_elementwise
from codegen.docstrings import function_docstring
from codegen.emitted import (
    LineText,
    Runner,
    assembled,
    front,
    imports,
    modules_of,
    needed,
    refuse_hidden,
)
from codegen.kernel import Argument, Elementwise, Equality, Gradient, Kernel, Module, Value
from codegen.lower.lowering import Rule

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
            found.append(elementwise_text(compiled_elementwise(each, claims), claims, "np.ndarray"))
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
    return pure(compiled(bare(kernel), claims, pure=True), claims)


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
    lines = [*decorator, *headed(kernel.name, _annotated(kernel), result), *indented(body)]
    uses = {"Any", *program.calls, *supporting(checked)}
    return Function(kernel.name, lines, frozenset(uses | ({"ruled"} if decorator else set())))


def _annotated(kernel: Kernel) -> list[str]:
    """Arguments with their types: arrays, but for single words and numbers."""
    kinds = {True: " | int", False: " | float"}
    return [
        f"{one.name}: np.ndarray{'' if one.axes else kinds[one.is_integer]}"
        for one in kernel.arguments
    ]


__all__ = ["FOLDER", "lowered", "printed", "runners", "stubs", "stubs_on_floats", "texts"]
FOLDER = "jax"
MEASURED = "In double precision, with NumPy's functions in place of XLA's"
UNBOUNDED = "how XLA rounds is not bounded"
# what the text calls, by its module: those of `_runtime` are written by hand
IMPORTS = {
    "_runtime": (
        "guarded",
        "matrix_of",
        "parameters",
        "picked",
        "replaced",
        "ruled",
        "sum_without",
        "taken",
        "weigh",
        "word",
        "words",
    ),
    "_sigmoid": ("log_sigmoid", "sigmoid"),
}
RESERVED = frozenset(("np", *(name for names in IMPORTS.values() for name in names)))
FRONT = '''"""The kernels as pure functions of JAX: `jax.jit`, `jax.vmap` and `jax.grad` take them.

{kernels}

They have the names, the arguments and the results of the NumPy kernels, but numbers are arrays of
no axes and every gradient is a whole matrix. Beside each `..value_and_grad` stands its loss: the
derivative that `jax.grad` finds of it is the proved gradient, by those arguments that one is proved
for; by others it raises TypeError. Second derivatives are JAX's own of the proved gradient:
`jax.hessian`, `jax.jvp(jax.grad(...), ...)`.

float32 arrays are taken, and float64 ones where `jax_enable_x64` is set. Words are not read: one
that is out of range makes NaN of what it reaches. A product whose sum overflows on its way is not
taken again. The text is proved in exact numbers, as NumPy's is; how XLA rounds is not bounded.
"""
'''


def printed(modules: Sequence[Module]) -> list[Module]:
    """The modules of which something is printed, with that alone."""
    return modules_of(FOLDER, modules)


def texts(modules: Sequence[Module], claims: dict[str, Equality]) -> dict[str, str]:
    """Path and text of every file that is generated; the runtime is written by hand."""
    found = {one.path: module_text(one, claims) for one in printed(modules)}
    return {**found, **front(FOLDER, printed(modules), FRONT, ("jax", "JAX"), __name__)}


def module_text(module: Module, claims: dict[str, Equality]) -> str:
    """Header, docstring with the definitions, imports, functions."""
    functions = function_texts(module.functions, claims)
    return assembled(module, claims, functions, _imports(functions))


def runners(kernel: Kernel, claims: Mapping[str, Equality]) -> list[tuple[str, Runner]]:
    """One way more to run a kernel that is the rule of a loss."""
    name = loss_of(kernel, claims)
    return [("by the rule of its loss", by_rule(name, by(kernel, claims)))] if name else []


def lowered(
    kernel: Kernel,
    claims: Mapping[str, Equality],
    prepared: Callable[[Expr], Expr],
    rules: Mapping[type[Basic], Rule],
) -> Program:
    """The program of a line, which JAX can trace."""
    program = compiled(bare(kernel), claims, prepared, rules, reserved=RESERVED, pure=True)
    return pure(program, claims)


def line_text(program: Program, claims: dict[str, Equality]) -> LineText:
    """The function of a line, its loss with the rule, and its imports."""
    refuse_hidden(program.kernel, RESERVED)
    functions = line_functions(program, claims)
    return LineText(functions, _imports(functions, f"generated.{FOLDER}"))


def _imports(functions: Sequence[Function], package: str = "") -> list[str]:
    """The imports that the functions need, and no others; of support by the package's name."""
    own = imports(needed(functions), IMPORTS, package)
    first = ["from __future__ import annotations", "", "from typing import Any", ""]
    return [*first, "import jax.numpy as np", *([""] if own else []), *own]

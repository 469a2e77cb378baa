"""The files of the folder: kernels as pure functions of `jax.numpy`, losses with their rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sympy import Basic, Expr

from codegen.array_language import Program
from codegen.backends.jax.jax_standins import by_rule, standins, standins_on_floats
from codegen.backends.jax.pure_function import (
    bare,
    by,
    function_texts,
    line_functions,
    loss_of,
    pure,
)
from codegen.backends.numpy.numpy_text import Function
from codegen.compiler import unparted
from codegen.emitted import (
    LineText,
    assembled,
    imports,
    modules_of,
    needed,
    refuse_hidden,
    with_front,
)
from codegen.kernel import Equality, Kernel, Module
from codegen.lower.lowering import Rule

__all__ = ["FOLDER", "hows", "lowered", "printed", "standins", "standins_on_floats", "texts"]
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

from importlib.util import find_spec

if find_spec("jax") is None:
    raise ImportError("generated.jax needs JAX: pip install 'proved-kernels[jax]'")

__all__ = [
{names}
]
'''


def printed(modules: Sequence[Module]) -> list[Module]:
    """The modules of which something is printed, with that alone."""
    return modules_of(FOLDER, modules)


def texts(modules: Sequence[Module], claims: dict[str, Equality]) -> dict[str, str]:
    """Path and text of every file that is generated; the runtime is written by hand."""
    own = printed(modules)
    found = {one.path: module_text(one, claims) for one in own}
    return with_front(FOLDER, found, own, FRONT, __name__)


def module_text(module: Module, claims: dict[str, Equality]) -> str:
    """Header, docstring with the definitions, imports, functions."""
    functions = function_texts(module.functions, claims)
    return assembled(module, claims, functions, _imports(functions))


def hows(kernel: Kernel, claims: Mapping[str, Equality]) -> list[tuple[str, Callable[..., Any]]]:
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
    program = unparted(bare(kernel), claims, prepared, rules, reserved=RESERVED, pure=True)
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

"""The files of the folder: kernels as loops, and what they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sympy import Basic, Expr

from codegen.arrays.program import Program
from codegen.backends.back_ends import LineText
from codegen.backends.compiled.loop_function import OWN, function_text, program_text
from codegen.backends.compiled.loop_standins import standins, standins_on_floats
from codegen.backends.numpy.function_text import Function
from codegen.backends.numpy.numpy_package import IMPORTS as SHARED
from codegen.compiler import unparted
from codegen.emitted import GENERATED, assembled, modules_of, refuse_hidden, with_front
from codegen.kernel import Equality, Kernel, Module
from codegen.lower.lowering import Rule

FOLDER = "compiled"
MEASURED = "In double precision, as the plain Python that Numba compiles"
UNBOUNDED = "loops are not bounded"
__all__ = ["FOLDER", "hows", "lowered", "printed", "standins", "standins_on_floats", "texts"]
# what the text calls, by its module: those of `_runtime` are written by hand
IMPORTS = {
    "_runtime.compiling": ("attempt", "entrywise", "kernel", "kernel_after", "settled"),
    "_runtime.floats": (
        "argmax",
        "exp",
        "exp_below",
        "kind",
        "log",
        "log1p",
        "maximum",
        "minimum",
        "sign",
        "sqrt",
        "tanh",
        "weigh",
    ),
    "_runtime.memory": ("room",),
    "_runtime.rows": (
        "add",
        "add_multiple",
        "dot",
        "matmul",
        "mend",
        "product",
        "put",
        "put_multiple",
        "total",
        "total_without",
    ),
    "_runtime.words": (
        "fits",
        "inhabited",
        "inside",
        "is_inside",
        "listed",
        "mark",
        "mark_one",
        "unmarked",
    ),
    "_sigmoid": ("log_sigmoid", "sigmoid"),
}
CALLED = {name for names in (*SHARED.values(), *IMPORTS.values()) for name in names}
RESERVED = frozenset((*OWN, *CALLED))
FRONT = '''"""The kernels as loops that Numba compiles: the same names, calls, results and errors.

{kernels}

One thread a call; other threads run meanwhile, and `generated.in_threads` gives a batch to several.
What is compiled is compiled at the first call with float32 or float64, takes seconds, and is kept
in a cache beside the files. Arrays that are not contiguous in memory, and words of another type
than intp, are copied first.

Accuracy is as the package's docstring says but for row sums: what falls on one row is added in
turn, so that a row of a gradient on which m words fall is within (32 + m) u B. `exp` is
within 1.07 units in the last place at every float32, all of which were tried; other functions are
taken in double, and rounded once for float32.
"""

from importlib.util import find_spec

if find_spec("numba") is None:
    raise ImportError("generated.compiled needs Numba: pip install 'proved-kernels[compiled]'")

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
    """Header, docstring with the definitions, imports, functions.

    The header has a mark of the runtime, so that what was compiled with another one is not taken
    from a cache: Numba looks at the file of a kernel alone.
    """
    functions = [function_text(function, claims) for function in module.functions]
    return assembled(module, claims, functions, _imports(functions), [_runtime_mark()])


def hows(kernel: Kernel, claims: Mapping[str, Equality]) -> list[tuple[str, Any]]:
    """No other way to run a kernel."""
    return []


def lowered(
    kernel: Kernel,
    claims: Mapping[str, Equality],
    prepared: Callable[[Expr], Expr],
    rules: Mapping[type[Basic], Rule],
) -> Program:
    """The program of a line."""
    return unparted(kernel, claims, prepared, rules, reserved=RESERVED)


def line_text(program: Program, claims: dict[str, Equality]) -> LineText:
    """The loops of a line, the function around them, and its imports."""
    refuse_hidden(program.kernel, RESERVED)
    functions = [program_text(program, claims)]
    imported = _imports(functions, "generated")
    return LineText(functions, imported, [_runtime_mark()])


def _runtime_mark() -> str:
    """A line of the header: whatever is changed in the runtime changes it."""
    files = sorted((GENERATED / FOLDER / "_runtime").glob("*.py"))
    mark = sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    return f"# Runtime: {mark}"


def _imports(functions: Sequence[Function], package: str = ".") -> list[str]:
    """The imports that the functions need, and no others; of support by the package's name."""
    needed = {name for function in functions for name in function.uses}
    needed -= {function.name for function in functions}
    typing = [name for name in ("Any", "SupportsIndex") if name in needed]
    lines = [f"from typing import {', '.join(typing)}", ""]
    arrays = [name for name in ("ArrayLike", "NDArray") if name in needed]
    if arrays:
        lines += ["import numpy as np", f"from numpy.typing import {', '.join(arrays)}", ""]
    own = {name for names in IMPORTS.values() for name in names}
    inside = f"{package}.{FOLDER}" if package.strip(".") else ""
    for module, names in SHARED.items():
        used = [name for name in names if name in needed - own]
        lines += [f"from {package}.{module} import {', '.join(used)}"] if used else []
    for module, names in IMPORTS.items():
        used = [name for name in names if name in needed]
        lines += [f"from {inside}.{module} import {', '.join(used)}"] if used else []
    return lines

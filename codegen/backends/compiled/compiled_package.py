"""The files of the folder: kernels as loops, and what they share."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from codegen.backends.compiled.loop_function import function_text
from codegen.backends.compiled.loop_standins import standins
from codegen.backends.numpy.function_text import Function
from codegen.emitted import GENERATED, assembled, modules_of, with_front
from codegen.emitted import IMPORTS as SHARED
from codegen.grounds import Equality
from codegen.kernel import Module

FOLDER = "compiled"
__all__ = ["printed", "standins", "texts"]
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
FRONT = '''"""The kernels as loops that Numba compiles: the same names, calls, results and errors.

{kernels}

One thread a call; other threads run meanwhile. What is compiled is compiled at the first call with
float32 or float64, takes seconds, and is kept in a cache beside the files. Arrays that are not
contiguous in memory, and words of another type than intp, are copied first.

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
    mark = [f"# Runtime: {_runtime_mark()}"]
    return assembled(module, claims, functions, _imports(functions), mark)


def _runtime_mark() -> str:
    files = sorted((GENERATED / FOLDER / "_runtime").glob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _imports(functions: Sequence[Function]) -> list[str]:
    """The imports that the functions need, and no others."""
    needed = {name for function in functions for name in function.uses}
    needed -= {function.name for function in functions}
    typing = [name for name in ("Any", "SupportsIndex") if name in needed]
    lines = [f"from typing import {', '.join(typing)}", ""]
    arrays = [name for name in ("ArrayLike", "NDArray") if name in needed]
    if arrays:
        lines += ["import numpy as np", f"from numpy.typing import {', '.join(arrays)}", ""]
    own = {name for names in IMPORTS.values() for name in names}
    for module, names in SHARED.items():
        used = [name for name in names if name in needed - own]
        lines += [f"from ..{module} import {', '.join(used)}"] if used else []
    for module, names in IMPORTS.items():
        used = [name for name in names if name in needed]
        lines += [f"from .{module} import {', '.join(used)}"] if used else []
    return lines

"""NumPy's files: the kernels, the package's own file, and what its text calls of the runtime."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap

from sympy import Basic, Expr

from codegen.array_language import Program
from codegen.backends.numpy.numpy_text import Function, function_text, program_text
from codegen.compiler import compiled, outlined
from codegen.emitted import (
    MARK,
    LineText,
    Runner,
    Stubs,
    assembled,
    chosen,
    imports,
    needed,
    refuse_hidden,
)
from codegen.kernel import Equality, Kernel, Module
from codegen.lower.lowering import Rule

__all__ = ["FOLDER", "lowered", "printed", "runners", "stubs", "stubs_on_floats", "texts"]
FOLDER = ""
MEASURED = "In double precision"
UNBOUNDED = ""
DOCSTRING = '''"""Loss and gradient kernels for models of words, on NumPy.

{kernels}

Rows are words: U and V are (N, d), and so is a gradient by them. float32 and float64 arrays are
taken, all of one dtype, and the same is returned; integers and lists count as float64. Words are
integers in 0..N - 1. The inputs are never changed but by functions named `..._step`, which change
V and U in place. Every result owns its memory, unless a `Workspace` is given. NaN or infinity in
gives NaN or infinity in every result that it reaches. A score too large for the dtype saturates;
where that leaves a softmax undecided, the result is NaN. So it is where a mean or an error has an
intermediate sum out of range.

Accuracy of the skip-gram kernels: for finite inputs each component of a result is within 32 u B of
its exact value, plus what underflow costs, wherever rounding a score leaves the probabilities
standing: u t_w is small against 1, or the scores are exact. Here u is 2^-53 or 2^-24, and B is the
size of the terms together with what rounding the scores can cost: with z = U v the scores, t_w the
sum over i of |U[w,i] v[i]| and delta the derivative of the loss by the scores,

    loss          B = |J| + sum over w of |delta_w| t_w
    grad_v        B = sum over w of (|delta_w| + beta_w) |u_w|
    grad_U[w]     B = (|delta_w| + beta_w) |v|

where beta_w = yhat_w (t_w (1 - yhat_w) + sum over x != w of yhat_x t_x) for the naive softmax. For
negative sampling beta = sigma(z) sigma(-z) t, and the terms of all draws are added. The bounds of a
window, of a batch, of a span and of blocks are the sums of the bounds of their pairs (where a block
has at most 64 centers, and 64 words or samples). A product with a matrix
is added up as BLAS does it: where a thousand terms of less than half a rounding follow a large one,
they are lost, and the error can be some times this bound. The other kernels evaluate the same
stable forms, and are tested against exact values without a bound of their own.
"""'''
# modules, and what they are for; others are listed below these by their titles
KERNELS: dict[tuple[str, ...], str] = {
    ("naive_softmax", "negative_sampling"): "skip-gram, a pair of words or a batch of pairs",
    ("skip_gram",): "both summed over a window",
    ("spans",): "negative sampling over stretches of text",
    ("blocks",): "the same as lists with weights: the fastest to train with",
    ("cbow",): "both for the mean of a context",
    ("hierarchical_softmax",): "a word as a path in a binary tree",
    ("glove",): "weighted squares of all pairs of words, or of some",
    ("contrastive",): "queries and keys of a batch, one way or both",
}
OFFERED = {
    "_runtime.batches": ("Workspace", "in_threads"),
    "_runtime.rows": ("RowGrad",),
}


def front_text(modules: Sequence[Module]) -> str:
    """The docstring, and the imports that make the public modules and classes available."""
    titles = {module.path.removesuffix(".py"): module.title for module in modules}
    public = [name for name in titles if name[0] != "_"]
    listed = {name for names in KERNELS for name in names}
    others: dict[tuple[str, ...], str] = {
        (name,): _lower(titles[name]) for name in public if name not in listed
    }
    every: dict[tuple[str, ...], str] = {**KERNELS, **others}
    rows = [line for names, text in every.items() for line in _row(", ".join(names), text)]
    lines = [
        DOCSTRING.replace("{kernels}", "\n".join(rows)),
        "",
        *_one_a_line("from . import ", "()", sorted(public)),
    ]
    lines += [f"from .{module} import {', '.join(names)}" for module, names in OFFERED.items()]
    offered = [name for names in OFFERED.values() for name in names]
    names = [f'"{name}"' for name in sorted([*offered, *public])]
    return "\n".join([*lines, "", *_one_a_line("__all__ = ", "[]", names), ""])


def _lower(title: str) -> str:
    """A title as an entry of the table: no sentence."""
    return title[0].lower() + title[1:].removesuffix(".")


def _row(names: str, text: str) -> list[str]:
    """A line of the table, and those below it where the text is long."""
    return wrap(text, 99, initial_indent=f"    {names:36}", subsequent_indent=" " * 40)


def _one_a_line(start: str, brackets: str, names: Sequence[str]) -> list[str]:
    return [f"{start}{brackets[0]}", *(f"    {name}," for name in names), brackets[1]]


# what kernels call, by its module: those of `_runtime` are written by hand
IMPORTS = {
    "_runtime.arguments": ("in_place", "parameters", "reach", "word", "words"),
    "_runtime.arrays": ("guarded", "overwritten", "picked", "replaced", "sum_without", "weigh"),
    "_runtime.batches": (
        "Workspace",
        "by_parts",
        "by_places",
        "in_tiles",
        "is_too_small",
        "memory",
        "room",
    ),
    "_runtime.rows": ("RowGrad", "descend", "matrix_of", "row_sums", "totals"),
    "_sigmoid": ("log_sigmoid", "sigmoid"),
}
RESERVED = frozenset(("np", *(name for names in IMPORTS.values() for name in names)))


def printed(modules: Sequence[Module]) -> Sequence[Module]:
    """The modules: all of each is printed."""
    return modules


def texts(modules: Sequence[Module], claims: dict[str, Equality]) -> dict[str, str]:
    """Path and text of every file that is generated; the runtime is written by hand."""
    found = {module.path: module_text(module, claims) for module in modules}
    origin = f"{MARK} from {__name__}: do not edit.\n"
    return {**found, "__init__.py": origin + front_text(modules), "py.typed": origin}


def stubs(settled: bool) -> Stubs:
    """Nothing but NumPy itself, which the interpreter knows."""
    return {}


def stubs_on_floats() -> Stubs:
    """Nothing: the text is run as it is."""
    return {}


def runners(kernel: Kernel, claims: Mapping[str, Equality]) -> list[tuple[str, Runner]]:
    """No other way to run a kernel."""
    return []


def lowered(
    kernel: Kernel,
    claims: Mapping[str, Equality],
    prepared: Callable[[Expr], Expr],
    rules: Mapping[type[Basic], Rule],
) -> Program:
    """The program of a line."""
    return outlined(compiled(kernel, claims, prepared, rules, reserved=RESERVED))


def line_text(program: Program, claims: dict[str, Equality]) -> LineText:
    """The function of a line, and its imports."""
    refuse_hidden(program.kernel, RESERVED)
    functions = [program_text(program, claims)]
    return LineText(functions, _imports(functions, "generated"))


def module_text(module: Module, claims: dict[str, Equality]) -> str:
    """Header, docstring with the definitions, imports, functions."""
    for function in module.functions:
        refuse_hidden(function, RESERVED)
    functions = [function_text(function, claims) for function in module.functions]
    return assembled(module, claims, functions, _imports(functions))


def _imports(functions: Sequence[Function], package: str = "") -> list[str]:
    """The imports that the functions need, and no others; of support by the package's name."""
    used = needed(functions)
    standard = chosen("functools", ("partial",), used)
    standard += chosen("typing", ("Any", "SupportsIndex"), used)
    arrays = chosen("numpy.typing", ("ArrayLike", "NDArray"), used)
    lines = [*standard, *([""] if standard else []), "import numpy as np", *arrays]
    own = imports(used, IMPORTS, package)
    return [*lines, "", *own] if own else lines

"""Numba's files: each function's loops, around them the checks, and what the files share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from sympy import Basic, Expr

from codegen.array_language import LoweringError, Name, Node, Number, Program, RowSums, Step, nodes
from codegen.backends.compiled.loop_groups import apart
from codegen.backends.compiled.loop_stubs import stubs, stubs_on_floats
from codegen.backends.compiled.loops import (
    Call,
    Do,
    Set,
    Shape,
    Size,
    all_lines,
    called,
    code,
    flat,
    held,
)
from codegen.backends.compiled.nest import Entries, Sizes, nested
from codegen.backends.numpy.numpy_package import IMPORTS as SHARED
from codegen.backends.numpy.numpy_text import (
    LINE,
    Check,
    Function,
    annotated,
    checks,
    findings,
    function_of_number,
    headed,
    indented,
    signature,
    supporting,
)
from codegen.compiler import Scalar, compiled, compiled_elementwise
from codegen.docstrings import function_docstring
from codegen.emitted import (
    GENERATED,
    LineText,
    Runner,
    assembled,
    chosen,
    front,
    imports,
    modules_of,
    needed,
    refuse_hidden,
)
from codegen.kernel import Argument, Elementwise, Equality, Kernel, Module
from codegen.lower.lowering import Rule

Claims = dict[str, Equality]
# what the text calls so itself: no argument and no step may hide it
OWN = frozenset(("np", "dtype", "number", "found", "range", "len", "abs", "float", "type", "int"))


def function_text(function: Kernel | Elementwise, claims: Claims) -> Function:
    """Compile a function to loops and print it."""
    if isinstance(function, Elementwise):
        return elementwise_text(compiled_elementwise(function, claims), claims)
    return program_text(compiled(function, claims), claims)


def program_text(program: Program, claims: Claims) -> Function:
    """The loops, and the function that is called."""
    kernel = program.kernel
    types = [
        "float" if one.is_number else "RowGrad" if one.is_sparse else "NDArray[Any]"
        for one in program.results
    ]
    loops, returned, uses = _loops(program)
    given = [one.name for one in kernel.arguments]
    own = f"_{kernel.name}"
    checked = checks(kernel)
    if memory := program.memory:
        (finding,) = findings(program)
        written = ", ".join(memory.written)
        head = [
            *(line for one in checked for line in one.lines),
            *finding.lines[:2],
            f"{written} = room(work, len({memory.lists[0]}), {memory.matrices[-1]})",
            f"found = settled({own}, {', '.join(given)}, written=({written}))",
        ]
        uses |= {"is_too_small", "in_tiles", "room", "settled", *supporting(checked)}
    else:
        zeros = [argument for _, argument in _zeros(program)]
        made = [f"np.zeros({one}.shape, {one}.dtype)" for one in zeros]
        more = [f"zeros={_tuple(zeros)}"] if zeros else []
        own_memory = [f"written={_tuple(made)}"] if zeros else []
        first = Check("found", "attempt", (own, *given, *more))
        second = Check("found", "settled", (own, *given, *own_memory))
        single = [one for one in kernel.arguments if not one.axes]
        plain = " and ".join(f"type({one.name}) is {_plain(one)}" for one in single)
        head = [
            *(["found = None", f"if {plain}:"] if plain else first.lines),
            *(indented(first.within(LINE - 8)) if plain else []),
            "if found is None:",
            *indented([line for one in (*checked, second) for line in one.within(LINE - 8)]),
        ]
        uses |= {"attempt", "settled", *supporting(checked)}
    values = [
        f"float({one.name})"
        if one.is_number
        else f"RowGrad({one.name}_rows, {one.name})"
        if one.is_sparse
        else one.name
        for one in program.results
    ]
    body = [
        *function_docstring(kernel, claims, memory=memory),
        *head,
        f"{returned[0]}: {types[0]} = found[0]"
        if len(returned) == 1
        else f"{', '.join(returned)} = found",
        f"return {', '.join(values)}",
    ]
    lines = [*loops, "", "", *signature(kernel, types, memory), *indented(body)]
    return Function(
        kernel.name, lines, frozenset({*uses, *annotated(kernel, types, memory), "Any"})
    )


def elementwise_text(program: Scalar, claims: Claims) -> Function:
    """The function of one number."""
    name = program.function.argument.name
    entries = Entries(_no_size)
    steps = [Set(Name(one.name), entries.entry(one.value, {})) for one in program.steps]
    value = entries.entry(program.value, {})
    body = [f"number = kind({name})", *all_lines(steps), f"return {code(value)}"]
    found = function_of_number(program.function, claims, "Any", body)
    uses = {"entrywise", "kind", *called([*steps, Set(Name(name), value)])}
    return replace(found, lines=["@entrywise", *found.lines], uses=found.uses | uses)


def _loops(program: Program) -> tuple[list[str], tuple[str, ...], set[str]]:
    """The function that is compiled, what it returns, and what it calls."""
    kernel = program.kernel
    names = {step.name for step in program.steps}
    given = {one.name for one in kernel.arguments}
    sizes = Sizes(kernel, {*given, *names, *OWN})
    alone = [step for step in program.steps if isinstance(step, Step)]
    steps = apart(alone, {*given, *sizes.names, *OWN})
    memory = [*program.memory.written] if program.memory else []
    zeros = [name for name, _ in _zeros(program)]
    memory += zeros
    nest = nested(program, steps, sizes, set(memory))
    first = next(one for one in _by_axes(kernel) if not one.is_integer)
    refusals = _refusals(kernel, sizes)
    inside = list(held(nest.statements))
    constants = any(isinstance(one, Number) or "number" in one.calls for one in inside)
    read = _read(sizes, sizes.names)
    body = [
        f'"""Loops of `{kernel.name}`; ValueError unless shapes and words are good."""',
        *([f"dtype = {first.name}.dtype"] if first.axes else []),
        *(
            [f"number = {'dtype.type' if first.axes else f'kind({first.name})'}"]
            if constants
            else []
        ),
        *read,
        *(code(one) for one in refusals),
        *all_lines(nest.statements),
        f"return {_together(nest.returned)}",
    ]
    typed = [f"{one}: Any" for one in [*(a.name for a in kernel.arguments), *memory]]
    lines = [*headed(f"_{kernel.name}", typed, "Any"), *indented(body)]
    uses = {"kernel", *called([*nest.statements, *map(Do, refusals)])}
    uses |= {"kind"} if constants and not first.axes else set()
    if not zeros:
        return ["@kernel", *lines], nest.returned, uses
    refusing = f"_refuse_{kernel.name}"
    named = {node.letter for one in refusals for node in nodes(one) if isinstance(node, Size)}
    named |= {size.letter for one in refusals for node in nodes(one) for size in _sizes(node)}
    checking = [
        f'"""The checks of `{kernel.name}` alone: ValueError unless they are passed."""',
        *_read(sizes, named),
        *(code(one) for one in refusals),
    ]
    before = ["@kernel", *headed(refusing, typed[: -len(memory)], "None"), *indented(checking)]
    before += ["", ""]
    return [*before, f"@kernel_after({refusing})", *lines], nest.returned, {*uses, "kernel_after"}


def _read(sizes: Sizes, names: Collection[str]) -> list[str]:
    """How long the axes are, for those of the names."""
    return [
        f"{name} = {one}.shape[{place}]"
        for name, (one, place) in sizes.read.items()
        if name in names
    ]


def _sizes(node: Node) -> tuple[Size, ...]:
    return node.sizes if isinstance(node, Shape) else ()


def _zeros(program: Program) -> list[tuple[str, str]]:
    """The gradients of whole matrices that few rows of are written, and what each is as large as.

    Their memory is made by NumPy: of a page that nothing is written to, nothing is cleared.
    """
    return [
        (step.name, step.value.dense)
        for step in program.steps
        if isinstance(step, Step)
        and isinstance(step.value, RowSums)
        and step.value.dense
        and not step.value.is_column
    ]


def _refusals(kernel: Kernel, sizes: Sizes) -> list[Call]:
    """Calls that raise unless the arguments are good as they are."""
    found = list[Call]()
    for one in _by_axes(kernel):
        shape = [sizes.variables[letter] for letter in one.letters]
        if any(sizes.read[name][0] != one.name for name in shape) or len(set(shape)) < len(shape):
            found.append(Call("fits", (Shape(one.name), Shape("", tuple(map(Size, shape))))))
    found += [Call("inhabited", (Size(name),)) for name in sizes.inhabited]
    for one in kernel.arguments:
        if one.is_integer:
            function = "inside" if one.axes else "is_inside"
            words = flat(one.name, len(one.axes)) if one.axes else Name(one.name)
            found.append(Call(function, (words, Size(sizes.many(one)))))
    return found


def _by_axes(kernel: Kernel) -> list[Argument]:
    """Matrices first, single numbers last."""
    return sorted(kernel.arguments, key=lambda one: (one.is_integer, -len(one.axes)))


def _together(names: Sequence[str]) -> str:
    """A tuple of names."""
    return f"({names[0]},)" if len(names) == 1 else ", ".join(names)


def _no_size(argument: str, place: int) -> Node:
    raise LoweringError(f"{argument} has no axis {place} in a function of one number")


def _tuple(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def _plain(argument: Argument) -> str:
    """Python's own type of a single number or word: of another one Numba makes it silently."""
    return "int" if argument.is_integer else "float"


FOLDER = "compiled"
MEASURED = "In double precision, as the plain Python that Numba compiles"
UNBOUNDED = "loops are not bounded"
__all__ = ["FOLDER", "lowered", "printed", "runners", "stubs", "stubs_on_floats", "texts"]
# what the text calls, by its module: those of `_runtime` are written by hand
IMPORTS = {
    "_runtime": ("attempt", "entrywise", "kernel", "kernel_after", "settled"),
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
    "_runtime.rows": (
        "add",
        "add_multiple",
        "dot",
        "fits",
        "inhabited",
        "inside",
        "is_inside",
        "listed",
        "mark",
        "mark_one",
        "matmul",
        "mend",
        "product",
        "put",
        "put_multiple",
        "total",
        "total_without",
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
'''


def printed(modules: Sequence[Module]) -> list[Module]:
    """The modules of which something is printed, with that alone."""
    return modules_of(FOLDER, modules)


def texts(modules: Sequence[Module], claims: dict[str, Equality]) -> dict[str, str]:
    """Path and text of every file that is generated; the runtime is written by hand."""
    found = {one.path: module_text(one, claims) for one in printed(modules)}
    return {**found, **front(FOLDER, printed(modules), FRONT, ("numba", "Numba"), __name__)}


def module_text(module: Module, claims: dict[str, Equality]) -> str:
    """Header, docstring with the definitions, imports, functions.

    The header has a mark of the runtime, so that what was compiled with another one is not taken
    from a cache: Numba looks at the file of a kernel alone.
    """
    functions = [function_text(function, claims) for function in module.functions]
    return assembled(module, claims, functions, _imports(functions), [_runtime_mark()])


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
    return compiled(kernel, claims, prepared, rules, reserved=RESERVED)


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
    used = needed(functions)
    lines = [*chosen("typing", ("Any", "SupportsIndex"), used), ""]
    if arrays := chosen("numpy.typing", ("ArrayLike", "NDArray"), used):
        lines += ["import numpy as np", *arrays, ""]
    own = {name for names in IMPORTS.values() for name in names}
    inside = f"{package}.{FOLDER}" if package.strip(".") else ""
    return [*lines, *imports(used - own, SHARED, package), *imports(used, IMPORTS, inside)]

"""The whole emitted package: the path and text of every file, compared with those on disk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from textwrap import wrap

from codegen.arrays.nodes import LoweringError
from codegen.backends.numpy.function_text import Function, function_text
from codegen.backends.others import texts_of_others
from codegen.docstrings import module_docstring
from codegen.grounds import Equality
from codegen.kernel import Elementwise, Kernel, Module

# The emitted package's own file: what it offers, and what it promises of all its kernels.


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
OFFERED = {"Workspace": "_runtime.parts", "RowGrad": "_runtime.rows"}


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
    lines += [f"from .{module} import {name}" for name, module in OFFERED.items()]
    names = [f'"{name}"' for name in sorted([*OFFERED, *public])]
    return "\n".join([*lines, "", *_one_a_line("__all__ = ", "[]", names), ""])


def _lower(title: str) -> str:
    """A title as an entry of the table: no sentence."""
    return title[0].lower() + title[1:].removesuffix(".")


def _row(names: str, text: str) -> list[str]:
    """A line of the table, and those below it where the text is long."""
    return wrap(text, 99, initial_indent=f"    {names:36}", subsequent_indent=" " * 40)


def _one_a_line(start: str, brackets: str, names: Sequence[str]) -> list[str]:
    return [f"{start}{brackets[0]}", *(f"    {name}," for name in names), brackets[1]]


# The whole emitted package: the path of every file, and its text.


MARK = "# Generated by `python -m codegen`"
GENERATED = Path(__file__).resolve().parent.parent / "generated"
# what kernels call, by its module: those of `_runtime` are written by hand
IMPORTS = {
    "_runtime.arguments": ("in_place", "parameters", "word", "words"),
    "_runtime.entries": ("overwritten", "picked", "replaced", "sum_without"),
    "_runtime.parts": ("Workspace", "by_parts", "by_places", "in_tiles", "is_too_small", "memory"),
    "_runtime.products": ("guarded", "weigh"),
    "_runtime.rows": ("RowGrad", "descend", "matrix_of", "row_sums", "totals"),
    "_runtime.windows": ("reach",),
    "_sigmoid": ("log_sigmoid", "sigmoid"),
}


def package(modules: Sequence[Module], claims: dict[str, Equality]) -> dict[str, str]:
    """Path and text of every file that is generated, in a fixed order; the runtime is not."""
    texts = {module.path: module_text(module, claims) for module in modules}
    origin = f"{MARK} from codegen/emitted.py: do not edit.\n"
    texts["__init__.py"] = origin + front_text(modules)
    texts["py.typed"] = origin
    return dict(sorted({**texts, **texts_of_others(modules, claims)}.items()))


def module_text(module: Module, claims: dict[str, Equality]) -> str:
    """Header, docstring with the definitions, imports, functions."""
    for function in module.functions:
        refuse_hidden(function)
    functions = [function_text(function, claims) for function in module.functions]
    return assembled(module, claims, functions, imports(functions))


def assembled(
    module: Module,
    claims: dict[str, Equality],
    functions: Sequence[Function],
    imported: Sequence[str],
    mark: Sequence[str] = (),
) -> str:
    """The text of a module from its parts; ``mark`` is what its header says besides."""
    ids = dict.fromkeys(id for function in module.functions for id in function.claims)
    lines = [
        f"{MARK}: do not edit.",
        f"# From {module.origin}.",
        *claims_line(ids),
        *mark,
        *module_docstring(module, claims),
        "",
        *imported,
        "",
        "",
        "\n\n\n".join("\n".join(function.lines) for function in functions),
        "",
    ]
    return "\n".join(lines)


def refuse_hidden(function: Kernel | Elementwise) -> None:
    """An argument or a step may not have the name of a function that the code calls."""
    called = {"np", *(name for names in IMPORTS.values() for name in names)}
    given = function.arguments if isinstance(function, Kernel) else (function.argument,)
    hidden = called.intersection([*(one.name for one in given), *function.names.values()])
    if hidden:
        raise LoweringError(f"{function.name} hides {', '.join(sorted(hidden))}; call it otherwise")


def runtime_texts() -> dict[str, str]:
    """Path and text of every file that stands in the package as it was written, by hand."""
    return texts_in(GENERATED, "_runtime/*.py", "*/_runtime/*.py")


def texts_in(folder: Path, *patterns: str) -> dict[str, str]:
    """Path and text of the files of a package, its runtime among them, or of some."""
    found = {path for each in patterns or ("**/*.py",) for path in folder.glob(each)}
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(found)
    }


def claims_line(ids: Iterable[str]) -> list[str]:
    lines, line = [], "# Claims:"
    for id in ids:
        if len(line) + len(id) > 96:
            lines.append(line)
            line = "#"
        line += f" {id}"
    return [*lines, line]


def imports(functions: Sequence[Function], package: str = "") -> list[str]:
    """The imports that the functions need, and no others; of support by the package's name."""
    needed = {name for function in functions for name in function.uses}
    needed -= {function.name for function in functions}
    typing = [name for name in ("Any", "SupportsIndex") if name in needed]
    arrays = [name for name in ("ArrayLike", "NDArray") if name in needed]
    partial = ["from functools import partial"] if "partial" in needed else []
    types = [f"from typing import {', '.join(typing)}"] if typing else []
    standard = [*partial, *types, ""] if partial or types else []
    lines = [*standard, "import numpy as np"]
    if arrays:
        lines.append(f"from numpy.typing import {', '.join(arrays)}")
    own = []
    for module, names in IMPORTS.items():
        used = [name for name in names if name in needed]
        if used:
            own.append(f"from {package}.{module} import {', '.join(used)}")
    return [*lines, "", *own] if own else lines


# The folder of a back end beside NumPy: which modules it has, and the list of them in front.


def carried(function: Kernel | Elementwise) -> bool:
    """Whether it is printed: not what changes its arguments, nor what derives a size."""
    return isinstance(function, Elementwise) or not (function.updates or function.derived)


def modules_of(folder: str, modules: Sequence[Module]) -> list[Module]:
    """The modules of which something is printed there, with that alone."""
    some = [
        replace(one, path=f"{folder}/{one.path}", functions=tuple(filter(carried, one.functions)))
        for one in modules
    ]
    return [one for one in some if one.functions]


def with_front(
    folder: str, texts: dict[str, str], own: Sequence[Module], front: str, origin: str
) -> dict[str, str]:
    """The texts of these modules, and of the ``__init__.py`` that lists them.

    ``front`` is what that says, with ``{kernels}`` and ``{names}`` to be filled in.
    """
    titles = {one.path.removeprefix(f"{folder}/").removesuffix(".py"): one.title for one in own}
    public = sorted((name, title) for name, title in titles.items() if name[0] != "_")
    kernels = "\n".join(line for name, title in public for line in _listed(name, title))
    names = "\n".join(f'    "{name}",' for name, _ in public)
    filled = front.replace("{kernels}", kernels).replace("{names}", names)
    return {**texts, f"{folder}/__init__.py": f"{MARK} from {origin}: do not edit.\n{filled}"}


def _listed(name: str, title: str) -> list[str]:
    """A module's name, and beside it what it is for."""
    return wrap(title, 100, initial_indent=f"    {name:24}", subsequent_indent=" " * 28)


# The emitted files and the files on disk: compared, and made equal.


@dataclass(frozen=True)
class Difference:
    """One path that is not as it should be: ``wanted`` is None where no file belongs."""

    path: Path
    kind: str
    found: str
    wanted: str | None

    def diff(self) -> str:
        """From what is on disk to what belongs there, as a unified diff."""
        before = self.found.splitlines(keepends=True)
        after = (self.wanted or "").splitlines(keepends=True)
        name = str(self.path)
        return "".join(unified_diff(before, after, f"{name} (on disk)", f"{name} (generated)"))


def compare(folder: Path, texts: Mapping[str, str], by_hand: Mapping[str, str]) -> list[Difference]:
    """Every file that is missing, changed, stale, or foreign: one that was not generated.

    Those written ``by_hand`` belong to the package and are not generated: another text is foreign.
    """
    differences = []
    every = {**texts, **by_hand}
    for path in sorted({*_present(folder), *(folder / name for name in every)}):
        wanted = every.get(path.relative_to(folder).as_posix())
        found = _read(path)
        if found is None:
            differences.append(Difference(path, "missing", "", wanted))
        elif found == wanted:
            continue
        elif wanted is None or not found.startswith(MARK):
            kind = "stale" if found.startswith(MARK) else "foreign"
            differences.append(Difference(path, kind, found, wanted))
        else:
            differences.append(Difference(path, "changed", found, wanted))
    return differences


def mend(differences: list[Difference]) -> None:
    """Write what is missing or changed and remove what is stale; no file is ever half written."""
    for difference in differences:
        path = difference.path
        if difference.wanted is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_text(difference.wanted, encoding="utf-8", newline="\n")
        beside.replace(path)


def _present(folder: Path) -> list[Path]:
    """The files under the folder; what Python and the checkers cache is not looked at."""
    return [
        path
        for path in folder.rglob("*")
        if not path.is_dir() and not any(_is_cache(part) for part in path.relative_to(folder).parts)
    ]


def _is_cache(part: str) -> bool:
    return part == "__pycache__" or (part.startswith(".") and part.endswith("_cache"))


def _read(path: Path) -> str | None:
    """The text of a file, bytes that are not UTF-8 included; None where there is none."""
    if not path.exists():
        return None
    with path.open(encoding="utf-8", errors="backslashreplace", newline="") as file:
        return file.read()

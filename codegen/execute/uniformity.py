"""That nothing in the emitted text depends on how large its inputs are, or on calls before.

The run on symbols is at small sizes. It stands for all sizes if no step is another one at another
size: if no branch, no bound of a slice and no constant place turns on an extent, and no call leaves
anything behind that a later one reads. That is read off the syntax tree of the text, an
over-approximation (taint analysis): an *extent* is what is made of ``.shape``, ``.size``,
``.ndim``, ``.nbytes`` or ``len``; what is assigned an extent is one. Reported are

    a branch, a comparison or a smaller or larger of two, of an extent
    a remainder or a whole quotient of an extent
    a comparison of places, which `arange` counts; a slice with a bound
    a loop over constants, or over a part of a range
    what a loop counts, but for a bare place along an axis, or a word handed to a function
    what outlives a call: global and nonlocal names, defaults and decorators that remember,
    assignments to what a function does not make itself, modules that know of more than arrays

``PLACES`` lists what is left, each with what it is for: tiles, parts and thresholds, which small
constants make small inputs reach (`variants.py`), and the checks of arguments, which raise. What is
not listed there is an error, and so is what is listed and not found.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from codegen.interpret.loaded import Compiled

EXTENTS = frozenset(("shape", "size", "ndim", "nbytes"))
CHOOSING = frozenset(("min", "max", "minimum", "maximum", "clip", "divmod", "sorted"))
REMEMBERING = frozenset(
    ("cache", "lru_cache", "cached_property", "next", "setattr", "globals", "vars", "id")
)
COUNTING = frozenset(("arange", "indices", "enumerate", "nonzero", "flatnonzero"))
MODULES = frozenset(
    (
        "numpy",
        "numpy.typing",
        "typing",
        "functools",
        "collections.abc",
        "math",
        "operator",
        "reprlib",
        "scipy.sparse",
        "numbers",
        "__future__",
        "jax",
        "jax.numpy",
        "jax.ops",
    )
)
MADE_ONCE = frozenset(("dtype", "TypeVar"))  # what a module may call when it is loaded
FULL = (None, None, None)

T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Place:
    """Something that depends on an extent or on a call: where, and its text."""

    file: str
    function: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}, {self.function}: {self.text}"


def dependent(texts: Mapping[str, str]) -> list[Place]:
    """Everything in some files that may depend on an extent or on a call before."""
    return sorted({place for file, text in texts.items() for place in _of_file(file, text)})


def _of_file(file: str, text: str) -> Iterator[Place]:
    tree = ast.parse(text)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield from _Function(file, node).places()
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield from _Function(file, inner).places()
        elif not _is_plain(node):
            yield Place(file, "module", ast.unparse(node).splitlines()[0])


def _is_plain(node: ast.stmt) -> bool:
    """An import, a docstring, or a constant: a name for what cannot be changed."""
    if isinstance(node, ast.Import):
        return all(one.name in MODULES for one in node.names)
    if isinstance(node, ast.ImportFrom):
        name = node.module or ""
        return node.level > 0 or name in MODULES or name.startswith("generated.")
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    kept = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.Lambda)
    held = ast.walk(node.value)
    return (isinstance(node, ast.Assign) and _names(node) == ["__all__"]) or not any(
        (isinstance(one, kept) or _calls(one)) and not _is_type(node) for one in held
    )


def _calls(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _called(node) not in MADE_ONCE


def _is_type(node: ast.stmt) -> bool:
    """A type's name has brackets with lists in them: ``Callable[[int], int]``."""
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript)


def _names(node: ast.Assign) -> list[str]:
    return [one.id for one in node.targets if isinstance(one, ast.Name)]


class _Function:
    """One function, with those inside it; a name is an extent where one is ever assigned to it."""

    def __init__(self, file: str, node: ast.FunctionDef) -> None:
        self.file, self.node = file, node
        self.extents: set[str] = set()
        self.counts: set[str] = set()
        self.running: set[str] = set()  # what loops over all of an axis count
        self.derived: set[str] = set()  # names for what is computed from that
        self.made = {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
        loops = [one for one in ast.walk(node) if isinstance(one, ast.For) and _is_whole(one.iter)]
        self.running = {one.target.id for one in loops if isinstance(one.target, ast.Name)}
        self.made |= self.running
        before = -1
        while len(self.extents) + len(self.counts) + len(self.derived) != before:
            before = len(self.extents) + len(self.counts) + len(self.derived)
            for inner in ast.walk(node):
                if inner not in loops:
                    self._assigned(inner)

    def _assigned(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AugAssign | ast.NamedExpr):
            targets, value = [node.target], node.value
        elif isinstance(node, ast.For | ast.comprehension):
            targets, value = [node.target], node.iter
        else:
            return
        for target in targets:
            for one in ast.walk(target):
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                    self.made.add(one.id)
                    if self.is_extent(value):
                        self.extents.add(one.id)
                    if self.is_place(value):
                        self.counts.add(one.id)
                    if self.is_running(value) or one.id in self.running:
                        self.derived.add(one.id)

    def is_extent(self, node: ast.AST) -> bool:
        """Whether an expression is made of an extent; what is computed along one is not."""
        if isinstance(node, ast.Attribute):
            return node.attr in EXTENTS
        if isinstance(node, ast.Name):
            return node.id in self.extents
        if isinstance(node, ast.Call):
            named = node.func.id if isinstance(node.func, ast.Name) else ""
            plain = named in ("len", "min", "max", "sum", "int", "prod", "range", "abs")
            return named == "len" or (plain and any(map(self.is_extent, node.args)))
        if isinstance(node, ast.Subscript):
            return self.is_extent(node.value)
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Tuple | ast.IfExp | ast.BoolOp):
            return any(map(self.is_extent, ast.iter_child_nodes(node)))
        if isinstance(node, ast.GeneratorExp):
            return self.is_extent(node.elt)
        return isinstance(node, ast.Starred) and self.is_extent(node.value)

    def is_place(self, node: ast.AST) -> bool:
        """Whether an expression is made of the numbers of places."""
        if isinstance(node, ast.Call):
            return _called(node) in COUNTING
        if isinstance(node, ast.Name):
            return node.id in self.counts
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Subscript):
            return any(map(self.is_place, ast.iter_child_nodes(node)))
        return False

    def is_running(self, node: ast.AST) -> bool:
        """Whether an expression is made of what a loop counts; what is looked up there is not."""
        if isinstance(node, ast.Name):
            return node.id in self.running or node.id in self.derived
        if isinstance(node, ast.Subscript):
            return self.is_running(node.value)
        if isinstance(node, ast.Call):
            is_counting = isinstance(node.func, ast.Name) and node.func.id in _COUNTED
            return is_counting and any(map(self.is_running, node.args))
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Tuple | ast.IfExp | ast.BoolOp):
            return any(map(self.is_running, ast.iter_child_nodes(node)))
        return isinstance(node, ast.Compare | ast.NamedExpr | ast.Starred) and any(
            map(self.is_running, ast.iter_child_nodes(node))
        )

    def places(self) -> Iterator[Place]:
        """What may depend on an extent or on a call."""
        for default in (*self.node.args.defaults, *self.node.args.kw_defaults):
            plain = (ast.Constant, ast.Name, ast.Attribute)
            if default is not None and not isinstance(default, plain):
                yield self._place(default)
        for decorator in self.node.decorator_list:
            if _called(decorator) in REMEMBERING:
                yield self._place(decorator)
        for inner in ast.walk(self.node):
            if self._depends(inner):
                yield self._place(inner)

    def _place(self, node: ast.AST) -> Place:
        return Place(self.file, self.node.name, ast.unparse(node).splitlines()[0])

    def _depends(self, node: ast.AST) -> bool:
        if isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert):
            test = node.test
            return self._mentions(test) or self._remembers(test) or self.is_running(test)
        if isinstance(node, ast.comprehension):
            return any(map(self._mentions, node.ifs))
        if isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            return any(
                self.is_extent(side) or self.is_place(side) or self.is_running(side)
                for side in sides
            )
        if isinstance(node, ast.BinOp) and self.is_running(node):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.FloorDiv):
            return self.is_extent(node.left) or self.is_extent(node.right)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        if isinstance(node, ast.For):
            return _of_constants(node.iter) or _is_partial(node.iter)
        if isinstance(node, ast.Global | ast.Nonlocal | ast.Try):
            return True
        if isinstance(node, ast.Attribute):
            return node.attr in ("random", "setdefault")
        if isinstance(node, ast.Import | ast.ImportFrom):
            return not _is_plain(node)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
            return any(map(self._outlives, _targets(node)))
        return False

    def _mentions(self, node: ast.AST) -> bool:
        return any(map(self.is_extent, ast.walk(node)))

    def _remembers(self, node: ast.AST) -> bool:
        """Whether a condition asks a name of the module that is no function called here."""
        called = {id(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)}
        return any(
            isinstance(one, ast.Name) and one.id not in self.made and id(one) not in called
            for one in ast.walk(node)
            if not (isinstance(one, ast.Name) and one.id in _KNOWN)
        )

    def _call(self, node: ast.Call) -> bool:
        name = _called(node)
        if name in REMEMBERING:
            return True
        given = (*node.args, *(one.value for one in node.keywords))
        if name in _COUNTED and any(map(self.is_running, given)):
            return True
        return name in CHOOSING and any(map(self.is_extent, given))

    def _subscript(self, node: ast.Subscript) -> bool:
        if self.is_extent(node.value):
            return False  # an axis of a shape, by its number
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return any(map(self._is_cut, parts))

    def _is_cut(self, part: ast.expr) -> bool:
        """A bound, or a place that is made of an extent; a constant one is out of small ranges."""
        if isinstance(part, ast.Slice):
            return (part.lower, part.upper, part.step) != FULL
        is_bare = isinstance(part, ast.Name) and part.id in self.running - self.derived
        return self.is_extent(part) or (self.is_running(part) and not is_bare)

    def _outlives(self, target: ast.expr) -> bool:
        """Whether something is assigned that this function did not make and was not given."""
        while isinstance(target, ast.Subscript | ast.Attribute | ast.Starred):
            if isinstance(target, ast.Attribute) and self.node.name != "__init__":
                return True
            target = target.value
        if isinstance(target, ast.Tuple | ast.List):
            return any(map(self._outlives, target.elts))
        return isinstance(target, ast.Name) and target.id not in self.made


_KNOWN = frozenset(("np", "True", "False", "isinstance", "None", "int", "float", "tuple", "list"))


# functions whose result is made of the number that they are given
_COUNTED = frozenset(("number", "float", "int", "abs", "min", "max", "len", "sum", "range"))


def _is_whole(iterated: ast.expr) -> bool:
    """Whether a loop runs over all places along an axis: over the range of a length."""
    if not isinstance(iterated, ast.Call) or _called(iterated) != "range":
        return False
    (length, *more) = iterated.args
    is_length = isinstance(length, ast.Name) or (
        isinstance(length, ast.Call) and _called(length) == "len"
    )
    return is_length and not more


def _is_partial(iterated: ast.expr) -> bool:
    """Whether a loop runs over some of the places."""
    is_range = isinstance(iterated, ast.Call) and _called(iterated) == "range"
    return is_range and not _is_whole(iterated)


def _targets(node: ast.Assign | ast.AugAssign | ast.Delete) -> list[ast.expr]:
    return [node.target] if isinstance(node, ast.AugAssign) else node.targets


def _called(node: ast.AST) -> str:
    """The name of what is called, or of a decorator."""
    if isinstance(node, ast.Call):
        return _called(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _of_constants(iterated: ast.expr) -> bool:
    """Whether a loop runs over a range of constants, or over constants."""
    if isinstance(iterated, ast.Call) and _called(iterated) == "range":
        return all(isinstance(one, ast.Constant) for one in iterated.args)
    return isinstance(iterated, ast.Tuple | ast.List) and all(
        isinstance(one, ast.Constant) for one in iterated.elts
    )


def undeclared(
    texts: Mapping[str, str], declared: Iterable[Place]
) -> tuple[list[Place], list[Place]]:
    """What is found and not declared, and what is declared and not found."""
    found, said = set(dependent(texts)), set(declared)
    return sorted(found - said), sorted(said - found)


# Which way went what depends on an extent, so that it is seen that both sides were run.
#
# A branch goes one way; a comparison of places has as many answers as there are places.


TOLD, PACKAGE_FOLDER = "__told__", "generated/"


@dataclass
class BranchCoverage:
    """The ways that declared branches and comparisons went; all that were loaded are there."""

    places: frozenset[Place]
    ways: dict[Place, set[bool]] = field(default_factory=dict)

    def compiled(self, text: str, file: str) -> Compiled:
        """The code of a file that tells of its branches and comparisons, and whom it tells."""
        watching = _Instrumented(file.removeprefix(PACKAGE_FOLDER), self.places)
        tree = ast.fix_missing_locations(watching.visit(ast.parse(text)))
        for place in watching.found:
            self.ways.setdefault(place, set())

        def told(number: int, value: T) -> T:
            answers = value.flat if isinstance(value, np.ndarray) else (value,)
            self.ways[watching.found[number]].update(map(bool, answers))
            return value

        return compile(tree, file, "exec"), {TOLD: told}

    def one_sided(self, files: Iterable[str]) -> list[Place]:
        """The branches and comparisons in these files that never went one way."""
        some = set(files)
        return sorted(p for p, ways in self.ways.items() if len(ways) < 2 and p.file in some)


class _Instrumented(ast.NodeTransformer):
    """Hands the conditions of declared branches, and comparisons, to `TOLD`, by their number."""

    def __init__(self, file: str, places: frozenset[Place]) -> None:
        self.file, self.places = file, places
        self.function = ""
        self.found: list[Place] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Remember whose branches follow."""
        outer, self.function = self.function, node.name
        self.generic_visit(node)
        self.function = outer
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """What is compared, told of."""
        place = self._place(node)
        self.generic_visit(node)
        return self._told(place, node)

    def _branch(self, node: ast.If | ast.IfExp | ast.While) -> ast.AST:
        place = self._place(node)
        self.generic_visit(node)
        node.test = self._told(place, node.test)
        branch: ast.AST = node
        return branch

    def _place(self, node: ast.AST) -> Place:
        return Place(self.file, self.function, ast.unparse(node).splitlines()[0])

    def _told(self, place: Place, value: ast.expr) -> ast.expr:
        if place not in self.places:
            return value
        self.found.append(place)
        told = ast.Name(TOLD, ast.Load())
        return ast.Call(told, [ast.Constant(len(self.found) - 1), value], [])

    visit_If = visit_IfExp = _branch


# The places at which emitted text depends on an extent or on a call, and what each is for.
#
# Kept by hand: what `uniform.py` finds beside them is an error, and so is one that is not there.


# file: what it is for; function: what there depends on an extent
DECLARED: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "_runtime/arguments.py": (
        "checks of arguments, which raise or leave the values as they are",
        {
            "_array": ("try:",),
            "_integers": (
                "array.size == 0",
                "if array.size == 0 and (not isinstance(value, np.ndarray)):",
            ),
            "_shown": (
                "',' if len(shape) == 1 else ''",
                "len(shape) == 1",
            ),
            "check_shapes": (
                "array.ndim != len(wanted)",
                "if array.ndim != len(wanted):",
                "lengths.setdefault",
            ),
            "in_place": ("if not isinstance(value, np.ndarray) or value.dtype not in _NUMBERS:",),
            "parameters": (
                "if (good := ready(given, _NUMBERS)):",
                "if len(set(dtypes.values())) > 1:",
                "len(set(dtypes.values())) > 1",
                "next(iter(dtypes.values()), np.float64)",
            ),
            "reach": (
                "if more < 0 or more % 2:",
                "more % 2",
                "more // 2",
                "more < 0",
            ),
            "ready": (
                "array.ndim != len(shape)",
                "if not shape and len(dtypes) == 1 and _is_plain(array):",
                "if type(array) is not np.ndarray or array.dtype not in dtypes or "
                "array.ndim != len(shape):",
                "len(dtypes) == 1",
                "length != known",
                "length == 0",
                "lengths.setdefault",
                "lengths.setdefault(axis, length) if isinstance(axis, str) else axis",
            ),
            "word": ("try:",),
        },
    ),
    "_runtime/arrays.py": (
        "how many axes there are, not how long they are; products that overflowed: _CHUNK",
        {
            "_place": (
                "if values.ndim == 1:",
                "if values.ndim == 2:",
                "values.ndim == 1",
                "values.ndim == 2",
            ),
            "guarded": (
                "for start in range(0, len(overflowed), _CHUNK):",
                "if isfinite(products if products.ndim == 0 else np.vdot(products, products)):",
                "left[place]",
                "np.unravel_index(some, mended.shape) if mended.shape else ()",
                "overflowed[start:start + _CHUNK]",
                "products if products.ndim == 0 else np.vdot(products, products)",
                "products.ndim == 0",
                "right[place]",
            ),
            "sum_without": (
                "if shape not in ((), leading) and np.broadcast_shapes(leading, shape) != leading:",
                "np.broadcast_shapes(leading, shape) != leading",
                "shape not in ((), leading)",
            ),
            "weigh": ("if isfinite(np.vdot(products, products)):",),
        },
    ),
    "_runtime/batches.py": (
        "tiles of a workspace, parts that caches hold: _CACHE, _GATHERED; stretches for threads",
        {
            "_added": ("if isinstance(parts[0], RowGrad):", "parts[1:]"),
            "_in_turn": (
                "for start in range(0, places, size):",
                "found[len(results):]",
                "if places <= size:",
                "places <= size",
            ),
            "_rows_added": ("parts[1:]",),
            "by_parts": (
                "_CACHE // max(large[:1].nbytes, 1)",
                "large[:1]",
                "max(1, _CACHE // max(large[:1].nbytes, 1))",
                "max(large[:1].nbytes, 1)",
            ),
            "by_places": (
                "-gathered // _GATHERED",
                "-len(lists[0]) // max(1, -(-gathered // _GATHERED))",
                "matrix[:1]",
                "max(1, -(-gathered // _GATHERED))",
            ),
            "in_threads": (
                " for each in arrays if each.ndim",
                "each[start:end]",
                "if len(parts) < threads:",
                "if len(places) != 1 or threads == 1 or max(places) < threads:",
                "len(parts) < threads",
                "len(places) != 1",
                "parts[number] = kernel(*matrices, *(each[start:end] for each in arrays))",
            ),
            "in_tiles": (
                "each[start:start + pairs]",
                "for start in range(0, len(words[0]), pairs):",
            ),
            "is_too_small": (
                "if not isinstance(work, Workspace):",
                "vars(work)",
                "vars(work).setdefault",
                "if work.grad_U.shape != U.shape or work.grad_U.dtype != U.dtype:",
                "len(work.scores) < pairs",
                "work.grad_U.shape != U.shape",
            ),
            "memory": ("work.scores[:pairs]",),
            "module": (
                "from contextlib import suppress",
                "from itertools import pairwise",
                "from threading import Thread, get_ident",
            ),
            "room": ("work.scores[:pairs]",),
        },
    ),
    "_runtime/rows.py": (
        "words that occur often, added in runs: OFTEN, _RUN, _RUNS; listed by a table or sorted",
        {
            "_begins": (
                "begins[1:]",
                "words[1:]",
                "words[:-1]",
            ),
            "_beside": (
                "if len(alike) == 1:",
                "len(alike) == 1",
            ),
            "_block": (
                "if rows.shape[:-1] != words.shape:",
                "if weights is None or np.ndim(weights) == 0:",
                "rows.shape[:-1] != words.shape",
                "words.size // length",
                "words.size // length if length else 0",
            ),
            "_column": (
                "terms.starts[1:]",
                "terms.starts[:-1]",
            ),
            "_distinct": (
                "if most > 64 * len(words) + 4096:",
                "most > 64 * len(words) + 4096",
            ),
            "_in_pairs": ("rank % (2 * step) == step",),
            "_joined": (
                "arrays[0] if len(arrays) == 1 else np.concatenate(arrays)",
                "len(arrays) == 1",
            ),
            "_places": ("rows[-1] + 1 if len(rows) else 0",),
            "_sparse_product": (
                "cache",
                "try:",
            ),
            "added": (
                "if len(run) <= _RUNS and runs.max() <= OFTEN:",
                "if len(terms.rows) == 1 and (len(terms.words) <= OFTEN or "
                "terms.rows.dtype == np.float32):",
                "len(run) <= _RUNS",
                "len(terms.rows) == 1",
                "len(terms.words) <= OFTEN",
                "np.arange(len(found)) % _RUN == 0",
                "sums[:N]",
                "sums[N:]",
            ),
            "columns": (
                "found.setdefault",
                "id(rows)",
            ),
            "dense": ("if len(self.rows) and self.rows[-1] >= N:",),
            "in_order": ("np.add.reduceat(rows, first, axis=0) if len(rows) else rows",),
            "row_sums": (
                "if len(sums.words) <= OFTEN:",
                "len(sums.words) <= OFTEN",
            ),
        },
    ),
    "compiled/__init__.py": (
        "whether Numba is there",
        {
            "module": (
                "from importlib.util import find_spec",
                "if find_spec('numba') is None:",
            ),
        },
    ),
    "compiled/_runtime/__init__.py": (
        "what is compiled is kept; how many axes there are, not how long they are",
        {
            "_settled": (
                "if value.flags.c_contiguous and value.flags.aligned and value.ndim:",
                "np.require(value, requirements=('C', 'A')) if value.ndim else value[()]",
            ),
            "attempt": ("()", "try:"),
            "by_width": ("single if getattr(value, 'dtype', value) == numba.float32 else double",),
            "make": ("()", "self.call = self.compiled"),
            "module": (
                "_COMPILING = Lock()",
                "from contextlib import suppress",
                "from numba.extending import overload",
                "from threading import Lock",
                "import numba",
            ),
            "settled": ("()",),
        },
    ),
    "compiled/_runtime/floats.py": (
        "constants; numbers that are out of the range of a function; the place of the largest one",
        {
            "_exp_in_double": (
                "_LEAST if z < _LEAST else z",
                "_MOST if z > _MOST else z",
            ),
            "_exp_in_single": (
                "_LEAST_IN_SINGLE if x < _LEAST_IN_SINGLE else x",
                "_MOST_IN_SINGLE if z > _MOST_IN_SINGLE else z",
            ),
            "_place_of_largest": ("whole(w) if order(row[w]) == most else last",),
            "log1p": ("z if z > _LARGEST else found",),
            "module": (
                "_ALL_BUT_SIGN = np.int64(2 ** 63 - 1)",
                "_ALL_BUT_SIGN_IN_SINGLE = np.int32(2 ** 31 - 1)",
                "_A1, _A2, _A3, _A4, _A5, _A6, _A7, _A8, _A9, _A10 = "
                "(2 / n for n in range(3, 22, 2))",
                "_FACTORIALS = tuple((1 / math.factorial(n) for n in range(3, 14)))",
                "_INVERSE = 1 / math.log(2)",
                "_INVERSE_IN_SINGLE = np.float32(_INVERSE)",
                "_LEAST_IN_SINGLE, _MOST_IN_SINGLE = (np.float32(-104), np.float32(89))",
                "_LOG_2_LOWER = np.float32(math.log(2) - float.fromhex('0x1.62e4p-1'))",
                "_LOG_2_UPPER = np.float32(float.fromhex('0x1.62e4p-1'))",
                "_S1, _S2, _S3, _S4, _S5, _S6, _S7 = "
                "(np.float32(1 / math.factorial(n)) for n in range(1, 8))",
                "_WHOLE_IN_SINGLE = np.float32(1.5 * 2.0 ** 23)",
                "argmax = by_width(_place_of_largest(_order_in_single, np.int32), "
                "_place_of_largest(_order_in_double, np.int64))",
                "exp = by_width(_exp_in_single, _exp_in_double)",
                "_LARGEST = float(np.finfo(np.float64).max)",
                "_LOG_2_HIGH = float.fromhex('0x1.62e42feep-1')",
                "_LOG_2_LOW = float.fromhex('0x1.a39ef35793c76p-33')",
            ),
            "weigh": ("type(value)(0) if weight == 0 and math.isinf(value) else found",),
        },
    ),
    "compiled/_runtime/rows.py": (
        "sums of rows, some of their numbers at a time: _BLOCK; the bits of 32 words to a number",
        {
            "listed": (
                "32 * n",
                "32 * n + _ones(last - 1)",
                "places[word]",
            ),
            "total": (
                "for i in range(blocks * _BLOCK, len(x)):",
                "len(x) // _BLOCK",
                "n * _BLOCK",
                "n * _BLOCK + i",
                "x[i]",
                "x[n * _BLOCK + i]",
            ),
            "total_without": (
                "x[:place]",
                "x[place + 1:]",
            ),
        },
    ),
    "compiled/naive_softmax.py": (
        "a batch for which a workspace is too small, in tiles",
        {
            "batch_value_and_grad": (
                "if work is not None and is_too_small(work, len(centers), U):",
            ),
        },
    ),
    "jax/__init__.py": (
        "whether JAX is there",
        {
            "module": (
                "from importlib.util import find_spec",
                "if find_spec('jax') is None:",
            ),
        },
    ),
    "jax/_runtime.py": (
        "checks of arguments, which raise; one entry of each row, wherever that is",
        {
            "_integers": (
                "array.size == 0",
                "if array.size == 0 and (not hasattr(value, 'dtype')):",
            ),
            "module": (
                "from inspect import signature",
                "from jax.lax import cond",
            ),
            "parameters": (
                "if len(set(dtypes.values())) > 1:",
                "len(set(dtypes.values())) > 1",
                "next(iter(dtypes.values()), np.result_type(0.0))",
            ),
            "replaced": ("np.arange(values.shape[-1]) == np.asarray(index)[..., np.newaxis]",),
            "word": ("if array.ndim:",),
        },
    ),
    "naive_softmax.py": (
        "more pairs than a workspace has memory for are taken in tiles",
        {
            "batch_value_and_grad": (
                "if work is not None and is_too_small(work, len(centers), U):",
            ),
        },
    ),
    "spans.py": (
        "which words are in the window of a center: a condition of the formula",
        {
            "loss": (
                "offset != 0",
                "offset <= after[:, :, np.newaxis]",
                "offset >= (-before)[:, :, np.newaxis]",
            ),
            "sgd_step": (
                "offset != 0",
                "offset <= after[:, :, np.newaxis]",
                "offset >= (-before)[:, :, np.newaxis]",
            ),
            "value_and_grad": (
                "offset != 0",
                "offset <= after[:, :, np.newaxis]",
                "offset >= (-before)[:, :, np.newaxis]",
            ),
            "weights": (
                "offset != 0",
                "offset <= after[:, :, np.newaxis]",
                "offset >= (-before)[:, :, np.newaxis]",
            ),
        },
    ),
}

PLACES = frozenset(
    Place(file, function, text)
    for file, (_, functions) in DECLARED.items()
    for function, texts in functions.items()
    for text in texts
)

"""Places of the emitted files where they can be spoilt, how, and which of these edits are drawn."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from functools import cache
from hashlib import sha256
from importlib.util import resolve_name
from itertools import islice, pairwise
from typing import Any

from codegen.emitted import GENERATED, texts_in
from tests.planting import Mutant


@dataclass(frozen=True)
class Edit:
    """Bytes ``start`` to ``end`` of a file replaced by ``new``."""

    file: str
    line: int
    function: str
    kind: str
    start: int
    end: int
    new: str
    old: str

    def __str__(self) -> str:
        shown = f"{self.old!r} -> {self.new!r}" if self.new else f"{self.old!r} taken away"
        return f"{self.file}:{self.line} {self.function} {self.kind}: {shown}"

    @property
    def change(self) -> str:
        """What is replaced by what, on one line."""
        return " ".join(f"{self.old} -> {self.new}".split())

    def diff(self, text: str) -> str:
        """The lines that change, before and after."""
        before, after = text.splitlines(), self.applied(text).splitlines()
        changed = list(unified_diff(before, after, lineterm="", n=0))[3:]
        return "\n".join(changed)

    def applied(self, text: str) -> str:
        """The text with the edit made."""
        data = text.encode()
        return (data[: self.start] + self.new.encode() + data[self.end :]).decode()


class Source:
    """A file as bytes, and where the nodes of its tree stand in it."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.data = text.encode()
        self.starts = [0]
        for line in self.data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def start(self, node: Any) -> int:
        """Where a node begins."""
        return int(self.starts[node.lineno - 1] + node.col_offset)

    def end(self, node: Any) -> int:
        """Where it ends."""
        return int(self.starts[node.end_lineno - 1] + node.end_col_offset)

    def text(self, node: ast.AST) -> str:
        """The text of a node."""
        return self.data[self.start(node) : self.end(node)].decode()

    def between(self, first: ast.AST, second: ast.AST) -> str:
        """The text from the end of one node to the start of another."""
        return self.data[self.end(first) : self.start(second)].decode()

    def edit(
        self, function: str, node: Any, kind: str, new: str, last: ast.AST | None = None
    ) -> Edit:
        """The node, or all from it to ``last``, replaced."""
        start, end = self.start(node), self.end(last or node)
        old = self.data[start:end].decode()
        return Edit(self.file, node.lineno, function, kind, start, end, new, old)


OPERATORS = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.MatMult: "*",
    ast.BitAnd: "|",
    ast.BitOr: "&",
    ast.Mod: "//",
    ast.FloorDiv: "%",
    ast.Pow: "*",
}
RELATIONS = {
    ast.GtE: (">", "<="),
    ast.Gt: (">=", "<"),
    ast.LtE: ("<", ">="),
    ast.Lt: ("<=", ">"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
}
FUNCTIONS = {
    "exp": "expm1",
    "log1p": "log",
    "minimum": "maximum",
    "argmax": "argmin",
    "sum": "max",
    "zeros": "ones",
    "empty": "ones",
    "abs": "negative",
    "sigmoid": "log_sigmoid",
    "log_sigmoid": "sigmoid",
    "overwritten": "replaced",
    "replaced": "overwritten",
    "isfinite": "isnan",
    "all": "any",
    "concatenate": "stack",
    "flatnonzero": "nonzero",
    "cumsum": "diff",
}
SYMMETRIC = ("max", "min", "maximum", "minimum", "broadcast_shapes")  # in their arguments


KEYWORDS = ("axis", "out", "dtype", "kind", "minlength", "initial", "copy")


class Expressions:
    """Edits of the expressions of one function, which has these local names."""

    def __init__(self, source: Source, function: str, names: Sequence[str]) -> None:
        self.source, self.function, self.names = source, function, names
        self.text = source.text

    def _edit(self, node: ast.AST, kind: str, new: str, last: ast.AST | None = None) -> Edit:
        return self.source.edit(self.function, node, kind, new, last)

    def edits(self, node: ast.AST) -> Iterator[Edit]:
        """All edits of one node, its parts apart."""
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            left, right = self.text(node.left), self.text(node.right)
            operator = OPERATORS[type(node.op)]
            yield self._edit(node, "operator", f"({left} {operator} {right})")
            yield self._edit(node, "operand", f"({left})")
            if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult):
                own = self.source.between(node.left, node.right).strip()
                yield self._edit(node, "operands", f"(({right}) {own} ({left}))")
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in RELATIONS:
            left, right = self.text(node.left), self.text(node.comparators[0])
            for relation in RELATIONS[type(node.ops[0])]:
                yield self._edit(node, "relation", f"({left} {relation} {right})")
        elif isinstance(node, ast.BoolOp):
            other = "or" if isinstance(node.op, ast.And) else "and"
            yield self._edit(node, "logic", f"({f' {other} '.join(map(self.text, node.values))})")
        elif isinstance(node, ast.UnaryOp):
            yield self._edit(node, "sign", f"({self.text(node.operand)})")
        elif isinstance(node, ast.Constant):
            yield from self._constant(node)
        elif isinstance(node, ast.Attribute) and node.attr == "T":
            yield self._edit(node, "transpose", self.text(node.value))
        elif isinstance(node, ast.Subscript):
            yield from self._subscript(node)
        elif isinstance(node, ast.Call):
            yield from self._call(node)
        elif isinstance(node, ast.Name) and node.id in self.names:
            place = self.names.index(node.id)
            for step in (1, len(self.names) // 2):
                other = self.names[(place + step) % len(self.names)]
                if other != node.id:
                    yield self._edit(node, "name", other)

    def _constant(self, node: ast.Constant) -> Iterator[Edit]:
        value = node.value
        if isinstance(value, bool):
            yield self._edit(node, "constant", str(not value))
        elif isinstance(value, int | float):
            yield self._edit(node, "constant", str(value + 1))
            if value:
                yield self._edit(node, "constant", "0")
        elif value is None:
            yield self._edit(node, "constant", "1")
        elif isinstance(value, str) and "->" in value:
            inside, out = value.split("->")
            yield self._edit(node, "subscripts", repr(f"{inside}->{out[::-1]}"))
            first, *rest = inside.split(",")
            yield self._edit(node, "subscripts", repr(f"{','.join([first[::-1], *rest])}->{out}"))
            yield self._edit(node, "subscripts", repr(f"{','.join([*rest, first])}->{out}"))
        elif isinstance(value, str) and value.isalpha() and len(value) == 1:
            yield self._edit(node, "letter", repr("d" if value != "d" else "N"))

    def _subscript(self, node: ast.Subscript) -> Iterator[Edit]:
        whole = self.text(node.value)
        yield self._edit(node, "index", whole)
        if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) > 1:
            parts = [self.text(part) for part in node.slice.elts]
            yield self._edit(node.slice, "axes", ", ".join(reversed(parts)))
        elif isinstance(node.slice, ast.Name | ast.Attribute):
            yield self._edit(node.slice, "index", "0")
        elif isinstance(node.slice, ast.Slice):
            for part in (node.slice.lower, node.slice.upper, node.slice.step):
                if part is not None:
                    yield self._edit(part, "slice", "")

    def _call(self, node: ast.Call) -> Iterator[Edit]:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name in FUNCTIONS:
            called = self.text(node.func)
            new = called[: len(called) - len(name)] + FUNCTIONS[name]
            yield self._edit(node.func, "function", new)
        if node.args and not isinstance(node.args[0], ast.Starred):
            yield self._edit(node, "call", f"({self.text(node.args[0])})")
        if isinstance(node.func, ast.Attribute) and self.text(node.func.value) != "np":
            yield self._edit(node, "method", self.text(node.func.value))
        if len(node.args) > 1 and name not in SYMMETRIC:
            first, second = node.args[:2]
            between = self.source.between(first, second)
            new = self.text(second) + between + self.text(first)
            yield self._edit(first, "arguments", new, second)
        for keyword in node.keywords:
            if keyword.arg in KEYWORDS:
                yield self._edit(keyword, "keyword", "")
            if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant | ast.UnaryOp):
                other = "1" if self.text(keyword.value) == "0" else "0"
                yield self._edit(keyword.value, "axis", other)


class Sites:
    """All edits of one file, statement by statement."""

    def __init__(self, file: str, text: str) -> None:
        self.source = Source(file, text)
        self.tree = ast.parse(text)
        self.function = ""
        self.inside = Expressions(self.source, "", ())

    def edits(self) -> Iterator[Edit]:
        """Every edit, in the order of the text."""
        yield from self._statements(self.tree.body)

    def _edit(self, node: ast.AST, kind: str, new: str, last: ast.AST | None = None) -> Edit:
        return self.source.edit(self.function, node, kind, new, last)

    def _statements(self, body: Sequence[ast.stmt]) -> Iterator[Edit]:
        for node in body:
            yield from self._statement(node)
        for first, second in pairwise(body):
            if self.function and _is_simple(first) and _is_simple(second) and _hang(first, second):
                between = self.source.between(first, second)
                new = self.source.text(second) + between + self.source.text(first)
                yield self._edit(first, "order", new, second)

    def _statement(self, node: ast.stmt) -> Iterator[Edit]:
        if isinstance(node, ast.FunctionDef):
            yield from self._function(node)
        elif isinstance(node, ast.ClassDef):
            yield from self._statements(node.body)
        elif isinstance(node, ast.If | ast.For | ast.While | ast.Try | ast.With):
            yield from self._compound(node)
        elif _is_simple(node) or isinstance(node, ast.Return):
            yield from self._simple(node)

    def _function(self, node: ast.FunctionDef) -> Iterator[Edit]:
        outer = self.function, self.inside
        names = sorted({one.arg for one in node.args.args} | _assigned(node))
        self.function = node.name
        self.inside = Expressions(self.source, node.name, names)
        yield from self._statements(node.body)
        self.function, self.inside = outer

    def _compound(self, node: ast.stmt) -> Iterator[Edit]:
        if isinstance(node, ast.If | ast.While):
            yield self._edit(node.test, "condition", f"not ({self.source.text(node.test)})")
        for head in (getattr(node, "test", None), getattr(node, "iter", None)):
            if head is not None:
                yield from self._expression(head)
        for block in ("body", "orelse", "finalbody"):
            yield from self._statements(getattr(node, block, []))
        for handler in getattr(node, "handlers", []):
            yield from self._statements(handler.body)

    def _simple(self, node: ast.stmt) -> Iterator[Edit]:
        if _is_simple(node) and self.function:
            yield self._edit(node, "statement", "pass")
        if isinstance(node, ast.AugAssign):
            yield from self._augmented(node)
        value = getattr(node, "value", None)
        if value is None or (not self.function and isinstance(value, ast.Subscript)):
            return  # the second is the name of a type
        if isinstance(value, ast.Tuple) and len(value.elts) > 1 and isinstance(node, ast.Return):
            swapped = [value.elts[1], value.elts[0], *value.elts[2:]]
            yield self._edit(value, "returned", ", ".join(map(self.source.text, swapped)))
        if self.function and isinstance(value, ast.BinOp | ast.Call):
            yield self._edit(value, "sign", f"-({self.source.text(value)})")
        for target in getattr(node, "targets", [getattr(node, "target", None)]):
            if isinstance(target, ast.Subscript):
                yield from self._expression(target)
        yield from self._expression(value)

    def _augmented(self, node: ast.AugAssign) -> Iterator[Edit]:
        place, value = self.source.text(node.target), self.source.text(node.value)
        yield self._edit(node, "assignment", f"{place} = {value}")
        if type(node.op) in OPERATORS:
            yield self._edit(node, "operator", f"{place} {OPERATORS[type(node.op)]}= {value}")

    def _expression(self, root: ast.AST) -> Iterator[Edit]:
        for node in _walk(root):
            yield from self.inside.edits(node)


def _is_simple(node: ast.stmt) -> bool:
    """Whether it is a statement of its own that is no docstring."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call)
    return isinstance(node, ast.Assign | ast.AugAssign)


def _hang(first: ast.stmt, second: ast.stmt) -> bool:
    """Whether the order may matter: of two plain assignments, one reads what the other sets."""
    if not (isinstance(first, ast.Assign) and isinstance(second, ast.Assign)):
        return True
    one, other = _names(first), _names(second)
    return bool(one[ast.Store] & (other[ast.Load] | other[ast.Store])) or bool(
        one[ast.Load] & other[ast.Store]
    )


def _names(node: ast.stmt) -> dict[type, set[str]]:
    found: dict[type, set[str]] = {ast.Store: set(), ast.Load: set()}
    for name in ast.walk(node):
        if isinstance(name, ast.Name):
            found[type(name.ctx)].add(name.id)
        elif isinstance(name, ast.Subscript) and isinstance(name.ctx, ast.Store):
            found[ast.Store] |= {
                part.id for part in ast.walk(name.value) if isinstance(part, ast.Name)
            }
    return found


def _assigned(function: ast.FunctionDef) -> set[str]:
    names = (node for node in ast.walk(function) if isinstance(node, ast.Name))
    return {node.id for node in names if isinstance(node.ctx, ast.Store)}


def _walk(root: ast.AST) -> Iterator[ast.AST]:
    """The nodes of an expression; what a string is made of is no mathematics."""
    yield root
    if isinstance(root, ast.JoinedStr | ast.Lambda):
        return
    for child in ast.iter_child_nodes(root):
        if not isinstance(child, ast.expr_context | ast.operator | ast.unaryop | ast.cmpop):
            yield from _walk(child)


TEXTS = texts_in(GENERATED)


def spoilt(edit: Edit) -> dict[str, str]:
    """The texts of all files, the edit made."""
    return Mutant(str(edit), (edit,)).texts(TEXTS)


def users(file: str) -> set[str]:
    """The modules that are run when this one is: itself, and those that import it, and so on."""
    found = {_module(file)}
    while True:
        more = {_module(name) for name in TEXTS if found & IMPORTED[name]}
        if more <= found:
            return found
        found |= more


def _module(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def _imports(file: str) -> set[str]:
    """The modules of the package that a file imports."""
    package = ".".join(["generated", *file.split("/")[:-1]])
    return {
        resolve_name(f".{node.module}", package).removeprefix("generated.")
        for node in ast.walk(ast.parse(TEXTS[file]))
        if isinstance(node, ast.ImportFrom) and node.level and node.module
    }


IMPORTED = {file: _imports(file) for file in TEXTS}  # read before any layer's time is limited


@cache
def all_edits() -> tuple[Edit, ...]:
    """Every edit, each text once; some leave no file of Python."""
    return tuple(_all_edits())


def _all_edits() -> Iterator[Edit]:
    for file, text in TEXTS.items():
        seen = {text}
        for edit in Sites(file, text).edits():
            new = edit.applied(text)
            if new not in seen:
                seen.add(new)
                yield edit


def compiles(edit: Edit) -> bool:
    """Whether a file of Python is left, and another one: quotes and brackets do not count."""
    text = edit.applied(TEXTS[edit.file])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, edit.file, "exec")
    except SyntaxError:
        return False
    return ast.dump(ast.parse(text)) != _tree(edit.file)


@cache
def _tree(file: str) -> str:
    return ast.dump(ast.parse(TEXTS[file]))


def drawn(count: int, seed: int, files: Collection[str] = ()) -> list[Edit]:
    """So many edits: of each file and kind one in turn, until there are enough.

    An edit's turn hangs on its own text alone, so that a change elsewhere leaves most of them.
    """
    cells: dict[tuple[str, str], list[Edit]] = {}
    for edit in all_edits():
        if not files or edit.file in files:
            cells.setdefault((edit.file, edit.kind), []).append(edit)
    order = sorted(cells.values(), key=lambda cell: _turn(seed, cell[0].file, cell[0].kind))
    for cell in order:
        cell.sort(key=lambda edit: _turn(seed, edit.function, edit.change))
    found = islice(_in_turn(order), count)
    return sorted(found, key=lambda edit: (edit.file, edit.start, edit.kind, edit.new))


def _in_turn(cells: list[list[Edit]]) -> Iterator[Edit]:
    """The last of each cell, then the last of what is left."""
    while any(cells):
        yield from (edit for cell in cells if cell and compiles(edit := cell.pop()))


def _turn(seed: int, *text: str) -> bytes:
    return sha256("\n".join([str(seed), *text]).encode()).digest()

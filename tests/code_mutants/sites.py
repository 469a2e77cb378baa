"""Places of an emitted file where it can be spoilt, and how: one edit of its text each."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

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

    def applied(self, text: str) -> str:
        """The text with the edit made."""
        data = text.encode()
        return (data[: self.start] + self.new.encode() + data[self.end :]).decode()


class Sites:
    """All edits of one file."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.data = text.encode()
        self.tree = ast.parse(text)
        starts = [0]
        for line in self.data.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        self.starts = starts
        self.function = ""
        self.names: list[str] = []

    def edits(self) -> Iterator[Edit]:
        """Every edit, in the order of the text."""
        yield from self._statements(self.tree.body)

    def _edit(self, node: ast.AST, kind: str, new: str, last: ast.AST | None = None) -> Edit:
        start, end = self._start(node), self._end(last or node)
        old = self.data[start:end].decode()
        return Edit(self.file, node.lineno, self.function, kind, start, end, new, old)  # type: ignore[attr-defined]

    def _start(self, node: ast.AST) -> int:
        return self.starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined, no-any-return]

    def _end(self, node: ast.AST) -> int:
        return self.starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined, no-any-return]

    def _text(self, node: ast.AST) -> str:
        return self.data[self._start(node) : self._end(node)].decode()

    def _statements(self, body: Sequence[ast.stmt]) -> Iterator[Edit]:
        for node in body:
            yield from self._statement(node)
        for first, second in pairwise(body):
            if _is_simple(first) and _is_simple(second) and self.function:
                between = self.data[self._end(first) : self._start(second)].decode()
                new = self._text(second) + between + self._text(first)
                yield self._edit(first, "order", new, second)

    def _statement(self, node: ast.stmt) -> Iterator[Edit]:
        if isinstance(node, ast.FunctionDef):
            outer = self.function, self.names
            self.function = node.name
            self.names = sorted({one.arg for one in node.args.args} | _assigned(node))
            yield from self._statements(node.body)
            self.function, self.names = outer
        elif isinstance(node, ast.ClassDef):
            yield from self._statements(node.body)
        elif isinstance(node, ast.If | ast.For | ast.While | ast.Try | ast.With):
            if isinstance(node, ast.If | ast.While):
                yield self._edit(node.test, "condition", f"not ({self._text(node.test)})")
            for part in _heads(node):
                yield from self._expression(part)
            for block in ("body", "orelse", "finalbody"):
                yield from self._statements(getattr(node, block, []))
            for handler in getattr(node, "handlers", []):
                yield from self._statements(handler.body)
        elif _is_simple(node) or isinstance(node, ast.Return):
            yield from self._simple(node)

    def _simple(self, node: ast.stmt) -> Iterator[Edit]:
        if _is_simple(node) and self.function:
            yield self._edit(node, "statement", "pass")
        if isinstance(node, ast.AugAssign):
            place = self._text(node.target)
            yield self._edit(node, "assignment", f"{place} = {self._text(node.value)}")
            if type(node.op) in OPERATORS:
                operator = OPERATORS[type(node.op)]
                new = f"{place} {operator}= {self._text(node.value)}"
                yield self._edit(node, "operator", new)
        value = getattr(node, "value", None)
        if value is None:
            return
        if isinstance(value, ast.Tuple) and len(value.elts) > 1 and isinstance(node, ast.Return):
            swapped = [value.elts[1], value.elts[0], *value.elts[2:]]
            yield self._edit(value, "returned", ", ".join(map(self._text, swapped)))
        if self.function and isinstance(value, ast.BinOp | ast.Call):
            yield self._edit(value, "sign", f"-({self._text(value)})")
        for target in getattr(node, "targets", [getattr(node, "target", None)]):
            if isinstance(target, ast.Subscript):
                yield from self._expression(target)
        yield from self._expression(value)

    def _expression(self, root: ast.AST) -> Iterator[Edit]:
        for node in _walk(root):
            yield from self._node(node)

    def _node(self, node: ast.AST) -> Iterator[Edit]:
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            left, right = self._text(node.left), self._text(node.right)
            operator = OPERATORS[type(node.op)]
            yield self._edit(node, "operator", f"({left} {operator} {right})")
            yield self._edit(node, "operand", f"({left})")
            if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult):
                own = self.data[self._end(node.left) : self._start(node.right)].decode().strip()
                yield self._edit(node, "operands", f"(({right}) {own} ({left}))")
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in RELATIONS:
            left, right = self._text(node.left), self._text(node.comparators[0])
            for relation in RELATIONS[type(node.ops[0])]:
                yield self._edit(node, "relation", f"({left} {relation} {right})")
        elif isinstance(node, ast.BoolOp):
            other = "or" if isinstance(node.op, ast.And) else "and"
            yield self._edit(node, "logic", f"({f' {other} '.join(map(self._text, node.values))})")
        elif isinstance(node, ast.UnaryOp):
            yield self._edit(node, "sign", f"({self._text(node.operand)})")
        elif isinstance(node, ast.Constant):
            yield from self._constant(node)
        elif isinstance(node, ast.Attribute) and node.attr == "T":
            yield self._edit(node, "transpose", self._text(node.value))
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
        whole = self._text(node.value)
        yield self._edit(node, "index", whole)
        if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) > 1:
            parts = [self._text(part) for part in node.slice.elts]
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
            called = self._text(node.func)
            new = called[: len(called) - len(name)] + FUNCTIONS[name]
            yield self._edit(node.func, "function", new)
        if node.args and not isinstance(node.args[0], ast.Starred):
            yield self._edit(node, "call", f"({self._text(node.args[0])})")
        if isinstance(node.func, ast.Attribute) and self._text(node.func.value) != "np":
            yield self._edit(node, "method", self._text(node.func.value))
        if len(node.args) > 1:
            first, second = node.args[:2]
            between = self.data[self._end(first) : self._start(second)].decode()
            new = self._text(second) + between + self._text(first)
            yield self._edit(first, "arguments", new, second)
        for keyword in node.keywords:
            if keyword.arg in ("axis", "out", "dtype", "kind", "minlength", "initial", "copy"):
                yield self._edit(keyword, "keyword", "")
            if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant | ast.UnaryOp):
                other = "1" if self._text(keyword.value) == "0" else "0"
                yield self._edit(keyword.value, "axis", other)


def _is_simple(node: ast.stmt) -> bool:
    """Whether it is a statement of its own that is no docstring."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call)
    return isinstance(node, ast.Assign | ast.AugAssign)


def _heads(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("test", "iter"):
        part = getattr(node, name, None)
        if part is not None:
            yield part


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

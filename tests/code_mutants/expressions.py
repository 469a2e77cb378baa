"""Edits of an expression: its operators, constants, indices, calls and names."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tests.code_mutants.edit import Edit, Source
from tests.code_mutants.swaps import FUNCTIONS, OPERATORS, RELATIONS, SYMMETRIC

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

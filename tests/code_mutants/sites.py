"""Places of an emitted file where it can be spoilt, and how: one edit of its text each."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.code_mutants.edit import Edit, Source
from tests.code_mutants.expressions import Expressions
from tests.code_mutants.swaps import OPERATORS


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

"""Which way branches went that depend on an extent: so that it is seen that both sides were run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from codegen.execute.uniform import Place

TOLD = "__told__"


@dataclass
class Watched:
    """The ways that declared branches went; every branch of them that was loaded is there."""

    places: frozenset[Place]
    ways: dict[Place, set[bool]] = field(default_factory=dict)

    def compiled(self, text: str, file: str) -> tuple[Any, Callable[[int, Any], Any]]:
        """The code of a file that tells of its branches, and whom it tells."""
        watching = _Watching(file, self.places)
        tree = ast.fix_missing_locations(watching.visit(ast.parse(text)))
        for place in watching.found:
            self.ways.setdefault(place, set())

        def told(number: int, value: Any) -> Any:
            self.ways[watching.found[number]].add(bool(value))
            return value

        return compile(tree, f"generated/{file}", "exec"), told

    def one_sided(self, files: Iterable[str]) -> list[Place]:
        """The branches in these files that never went one way."""
        some = set(files)
        return sorted(p for p, ways in self.ways.items() if len(ways) < 2 and p.file in some)


class _Watching(ast.NodeTransformer):
    """Hands the conditions of declared branches to `TOLD`, with the branch's number."""

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

    def _branch(self, node: Any) -> ast.AST:
        place = Place(self.file, self.function, ast.unparse(node).splitlines()[0])
        self.generic_visit(node)
        if place in self.places:
            told = ast.Name(TOLD, ast.Load())
            node.test = ast.Call(told, [ast.Constant(len(self.found)), node.test], [])
            self.found.append(place)
        branch: ast.AST = node
        return branch

    visit_If = visit_IfExp = _branch

"""Which way went what depends on an extent, so that it is seen that both sides were run.

A branch goes one way; a comparison of places has as many answers as there are places.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from codegen.execute.uniform import Place
from codegen.interpret.loaded import Compiled

TOLD, PACKAGE_FOLDER = "__told__", "generated/"


@dataclass
class Watched:
    """The ways that declared branches and comparisons went; all that were loaded are there."""

    places: frozenset[Place]
    ways: dict[Place, set[bool]] = field(default_factory=dict)

    def compiled(self, text: str, file: str) -> Compiled:
        """The code of a file that tells of its branches and comparisons, and whom it tells."""
        watching = _Watching(file.removeprefix(PACKAGE_FOLDER), self.places)
        tree = ast.fix_missing_locations(watching.visit(ast.parse(text)))
        for place in watching.found:
            self.ways.setdefault(place, set())

        def told(number: int, value: Any) -> Any:
            answers = value.flat if isinstance(value, np.ndarray) else (value,)
            self.ways[watching.found[number]].update(map(bool, answers))
            return value

        return compile(tree, file, "exec"), {TOLD: told}

    def one_sided(self, files: Iterable[str]) -> list[Place]:
        """The branches and comparisons in these files that never went one way."""
        some = set(files)
        return sorted(p for p, ways in self.ways.items() if len(ways) < 2 and p.file in some)


class _Watching(ast.NodeTransformer):
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

    def _branch(self, node: Any) -> ast.AST:
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

"""The gradients as the documents print them, in numbers, against the losses typed here by hand.

The right sides are evaluated by walking their trees; the slopes come from ball arithmetic.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sympy import IndexedBase, Symbol

from codegen.grounds import Document
from derivations.indices import IndexSet
from derivations.language.index_nodes import unfold
from tests.codegen.scene import World, tabulated
from tests.subjects.exact import exact
from tests.subjects.printed import PRINTED, Printed


@pytest.mark.parametrize(
    "printed", PRINTED, ids=lambda printed: f"{printed.subject}-{printed.part}"
)
def test_a_printed_gradient_is_the_slope_of_the_loss(printed: Printed) -> None:
    by = sorted({argument for argument, _ in printed.lines.values()})
    _, slopes = exact(printed.loss, printed.case, by)
    document = Document(printed.subject)
    for line, (argument, row) in printed.lines.items():
        sides = document.claims[line].sides
        axes = [document.index(printed.part, row), *sides.axes] if row else [*sides.axes]
        found = tabulated(sides.right, tuple(axes), _world(sides.right, printed, axes))
        wanted = np.vectorize(float, otypes=[float])(slopes[argument])
        assert found == pytest.approx(wanted, rel=1e-12, abs=1e-14), line


def _world(expression: Any, printed: Printed, axes: list[Any]) -> World:
    """The case as values of the families, words and sizes of the document; members from zero."""

    def size(space: IndexSet) -> int:
        return printed.sizes[str(space.upper)]

    families, symbols, spaces = {}, {}, {axis.space for axis in axes}
    for node in _everything(expression):
        if isinstance(node, IndexedBase):
            families[node] = _family(printed.case[printed.names[str(node)]])
        elif isinstance(node, Symbol) and hasattr(node, "space"):
            spaces.add(node.space)
        elif isinstance(node, Symbol) and str(node) in printed.sizes:
            symbols[node] = printed.sizes[str(node)]
        if isinstance(node, Symbol) and printed.names.get(str(node)) in printed.case:
            symbols[node] = printed.case[printed.names[str(node)]]
    return World({space: range(size(space)) for space in spaces}, families, symbols)


def _everything(expression: Any) -> set[Any]:
    """Every symbol and family that occurs, in the bodies of definitions as well."""
    whole = unfold(expression)
    return {*whole.atoms(Symbol), *whole.atoms(IndexedBase)}


def _family(value: Any) -> Callable[..., Any]:
    array = np.asarray(value)
    return lambda *at: array[at]

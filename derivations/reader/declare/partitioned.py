"""Partitioned matrices: ``matrix W in R^{n x (n + m)}``, one block for each size of a sum.

The set of 1..n+m is two sets one behind the other, so that W is ``[W_1 \\; W_2]`` (Horn and
Johnson, Matrix Analysis, section 0.7.1). Its blocks are variables of their own; the name stands for
both of them in front of what has blocks of the same sizes, ``W [h; x]``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

from derivations.indices import IndexSet
from derivations.language.tree import Reference, Variable
from derivations.reader.declare.forms import BY, IN, REALS, names, split
from derivations.reader.declare.naming import symbol, without
from derivations.reader.declare.sets import extent
from derivations.reader.scope import Scope
from derivations.reader.source import Span

_SIZE = r"[A-Za-z](?:\w|_\{\w+\})*"
_SUM = rf"\(\s*{_SIZE}(?:\s*\+\s*{_SIZE})+\s*\)"
_SIDE = rf"({_SIZE}|{_SUM})"
_PATTERN = rf"(.*?){IN}{REALS}\{{\s*{_SIDE}{BY}{_SIDE}\s*\}}\s*"


def is_partitioned(span: Span) -> bool:
    """Whether a size of a matrix is a sum of sizes in parentheses."""
    found = re.fullmatch(_PATTERN, span.text)
    return found is not None and "(" in found[2] + found[3]


def partitioned(span: Span, scope: Scope) -> Scope:
    """The scope with the blocks of such matrices."""
    found, high, wide = split(span, _PATTERN, "matrix")
    down, scope = _blocks(high, scope)
    across, scope = _blocks(wide, scope)
    for name in names(found):
        cells = []
        for (row, rows), (column, columns) in product(enumerate(down, 1), enumerate(across, 1)):
            shape = (rows, columns)
            block = f"{name}^{{({row}{column})}}"
            plain, scope = symbol(scope, "thing", block, f"variable of shape {shape}")
            cells.append(Reference(Variable(shape, plain, block)))
        blocks = tuple(zip(*[iter(cells)] * len(across), strict=True))
        scope = without(scope, name)
        scope = replace(scope, in_blocks={**scope.in_blocks, name: blocks})
    return scope


def _blocks(size: Span, scope: Scope) -> tuple[list[IndexSet], Scope]:
    found: list[IndexSet] = []
    for each in re.finditer(r"[^()+]+", size.text):
        space, scope = extent(size.part(*each.span()), scope)
        found.append(space)
    return found, scope

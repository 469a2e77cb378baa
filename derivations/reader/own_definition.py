"""A line that only says what its left side was defined to be: it is true, and shows nothing.

Where declarations are taken from the displays, a slip of the text becomes the definition. Such a
line is marked, so that nobody takes it for checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from derivations.language.traversal import same, with_variables
from derivations.language.tree import Call, IndexVariable, Reference, Term, Variable
from derivations.reader.line import Line, NotRead
from derivations.reader.source import Span

_TAKEN = re.compile(r"^\s*#\s*\?.*: introduced at \S")


def takes_definitions(lines: Iterable[Span]) -> bool:
    """Whether a block has definitions that were proposed from the displays."""
    return any(_TAKEN.match(each) for line in lines for each in line.text.splitlines())


def marked(line: Line | NotRead) -> Line | NotRead:
    """The line with a note, where it is its own definition."""
    if not isinstance(line, Line):
        return line
    left, right = line.claim.left, line.claim.right
    if not isinstance(left, Call) or not isinstance(right, Term) or not _says(left, right):
        return line
    note = (
        f"this is the definition of {left.definition.name} itself: nothing shows that it is right"
    )
    return replace(line, notes=(*line.notes, note))


def _says(left: Call, right: Term) -> bool:
    """Whether the right side is what the call stands for."""
    variables: dict[Variable, Variable] = {}
    indices: dict[IndexVariable, IndexVariable] = {}
    for parameter, argument in zip(left.definition.parameters, left.arguments, strict=True):
        if isinstance(parameter, IndexVariable) and isinstance(argument, IndexVariable):
            indices[parameter] = argument
        elif isinstance(parameter, Variable) and isinstance(argument, Reference):
            variables[parameter] = argument.variable
        else:
            return False
    return same(with_variables(left.definition.body, variables), right, indices)

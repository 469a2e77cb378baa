"""What a node means as a number, vector or matrix; each kind of node registers its own way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import singledispatch

from derivations.indices import Index
from derivations.reader.array import Array, Misfit
from derivations.reader.limits import MOST_BINDERS
from derivations.reader.meaning import Scope
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Node
from derivations.reader.written import written


@dataclass(frozen=True)
class Here:
    """Where something is read: the scope, the notes taken on the way, how deep it is bound."""

    scope: Scope
    notes: list[str] = field(default_factory=list)
    depth: int = 0

    def note(self, text: str) -> None:
        """Say how something was read that could have been meant otherwise."""
        if text not in self.notes:
            self.notes.append(text)

    def under(self, node: Node, letter: str = "", index: Index | None = None) -> Here:
        """Inside a sum or a derivative."""
        if self.depth >= MOST_BINDERS:
            what = f"more than {MOST_BINDERS} sums, derivatives or functions within one another"
            raise Unreadable(node.at, written(node)[:20], what)
        scope = self.scope.binding(letter, index) if index else self.scope
        return replace(self, scope=scope, depth=self.depth + 1)


class IllTyped(Exception):
    """What was read has no meaning: the piece, and what does not fit in it."""

    def __init__(self, misfit: Misfit) -> None:
        super().__init__(misfit.part)
        self.misfit = misfit


def ill_typed(node: Node, left: str, right: str) -> IllTyped:
    """The error that ``left`` does not fit ``right`` within ``node``."""
    return IllTyped(Misfit(written(node), left, right))


@singledispatch
def number(node: Node, here: Here) -> Array:
    """The meaning of a node where a number, vector or matrix is expected.

    Raises IllTyped where shapes do not fit, Unreadable where it cannot be told.
    """
    raise Unreadable(node.at, written(node), "this is no number, vector or matrix")


def scalar(node: Node, here: Here, of: str) -> Array:
    """The meaning of a node where one number is expected, as the argument ``of`` something."""
    value = number(node, here)
    if value.axes:
        raise ill_typed(node, f"shape {value.said}", f"{of}, which takes a number")
    return value

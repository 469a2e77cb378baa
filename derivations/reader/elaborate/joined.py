"""The product of operands: what stands side by side first, then the signs from left to right."""

from __future__ import annotations

from dataclasses import dataclass, field

from derivations.reader.array import Array
from derivations.reader.elaborate import shape
from derivations.reader.elaborate.number import Here, IllTyped
from derivations.reader.limits import MOST_FACTORS
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Fraction, Group, Leaf, Node, Script
from derivations.reader.unfolded import measured
from derivations.reader.written import written


@dataclass
class Run:
    """Operands side by side, and how many they are."""

    value: Array
    length: int


@dataclass
class Runs:
    """The runs of a product, and the signs between them."""

    whole: Node
    runs: list[Run] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    factors: int = 1

    def add(self, value: Array, join: str, length: int) -> None:
        """One operand more; an empty ``join`` puts it right behind the last one."""
        if not self.runs:
            self.runs.append(Run(value, length))
        elif join:
            self.joins.append(join)
            self.runs.append(Run(value, length))
        else:
            self.runs[-1] = Run(self._beside(value), self.runs[-1].length + 1)

    def _beside(self, value: Array) -> Array:
        last = self.runs[-1].value
        if value.axes and last.axes:
            self._require_few(last, value)
        try:
            return shape.times(last, value, self.whole)
        except IllTyped:
            if r"\cdot" not in self.joins:
                raise
            raise self._refused("in which order are these products?") from None

    def _require_few(self, last: Array, value: Array) -> None:
        self.factors += 1
        excess = measured(last.entry).excess or measured(value.entry).excess
        if self.factors > MOST_FACTORS:
            excess = f"more than {MOST_FACTORS} vectors and matrices in one product"
        if excess:
            raise Unreadable(self.whole.at, written(self.whole)[:40], excess)

    def product(self, here: Here) -> Array:
        """The value of all of it."""
        dots = [n for n, join in enumerate(self.joins) if join == r"\cdot"]
        arrays = [run for run in self.runs if run.value.axes]
        if dots and len(arrays) > 2:
            raise self._refused("in which order are these products?")
        value = self.runs[0].value
        for join, run in zip(self.joins, self.runs[1:], strict=True):
            value = self._joined(value, join, run, here)
        return value

    def _joined(self, value: Array, join: str, run: Run, here: Here) -> Array:
        if join == "/":
            if run.length > 1:
                raise self._refused("what is below the slash?", "write \\frac{..}{..}")
            return shape.over(value, run.value, self.whole)
        if join == r"\cdot":
            return shape.dot(value, run.value, self.whole)
        if join == r"\odot":
            return shape.entrywise(value, run.value, self.whole)
        if join == r"\times" and value.axes and run.value.axes:
            advice = "write \\odot for entry by entry, \\cdot for the inner product"
            raise self._refused("which product is this?", advice)
        if join == ".":
            here.note(f"the . in {written(self.whole)} is read as a product")
        return shape.times(value, run.value, self.whole)

    def _refused(self, what: str, advice: str = "use parentheses") -> Unreadable:
        return Unreadable(self.whole.at, written(self.whole), what, advice)


def require_apart(before: Node, node: Node) -> None:
    """Refuse two factors side by side that look like one thing of another kind."""
    base = node.base if isinstance(node, Script) else node
    if isinstance(base, Leaf) and base.kind == "NUMBER":
        advice = "write a number in front, or \\cdot between"
        raise Unreadable(node.at, written(node), "a number behind a factor", advice)
    mixed = isinstance(node, Fraction) and _is_number(node.over) and _is_number(node.under)
    if mixed and _is_number(before):
        raise Unreadable(node.at, written(node), "a product or a mixed number?", "write \\cdot")
    if not isinstance(node, Group) or node.bracket != "[" or _is_number(before):
        return
    if isinstance(node.content.only, Leaf) and isinstance(before, Leaf | Script):
        advice = "write an entry with a subscript, a product with \\cdot"
        raise Unreadable(node.at, written(node), "an entry or a product?", advice)


def _is_number(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "NUMBER"

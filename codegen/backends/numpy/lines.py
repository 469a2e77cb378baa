"""The steps of a program as lines of text, broken as a formatter would break them."""

from __future__ import annotations

from codegen.arrays.entrywise import AllOf, Indicator
from codegen.arrays.places import RowSums
from codegen.arrays.program import Move, PartsStep, Step
from codegen.arrays.tree import Node
from codegen.backends.numpy.printer import called, code, conditions, row_sums, written
from codegen.backends.numpy.text import PRODUCT, Text
from codegen.formula import meaning

LINE = 96  # the longest line inside a function, before it is indented


def step_lines(step: Step | PartsStep, annotation: str = "") -> list[str]:
    """A step, with what it computes behind it or above it; its name with an annotation."""
    if isinstance(step, PartsStep):
        bound = f"partial({', '.join([step.function, *step.whole])})"
        return _wrapped(", ".join(step.results), called(step.by, [bound, *step.alike]))
    if annotation:
        return _wrapped(f"{step.name}: {annotation}", written(step.value))
    line = f"{step.name} = {code(step.value)}"
    if isinstance(step.value, RowSums) and len(line) > LINE:
        return _listed(step.name, step.value)
    if step.formula is None:
        return _broken(step)
    comment = f"# {meaning(step.formula)}"
    fits = len(line) + len(comment) + 2 <= LINE
    return [f"{line}  {comment}"] if fits else [comment, *_broken(step)]


def move_lines(move: Move) -> list[str]:
    """The statement that moves an argument."""
    rate, name = written(move.rate), move.gradient
    if move.rate.axes:
        return [f"descend({move.argument}, {name}, {rate.code})"]
    return [f"{move.argument}[{name}.rows] -= {rate.within(PRODUCT)} * {name}.values"]


def _listed(name: str, value: RowSums) -> list[str]:
    """Row sums, one term a line."""
    function, given = row_sums(value)
    closing = ")[:, 0]" if value.is_column else ")"
    return [f"{name} = {function}(", *(f"    {part}," for part in given), closing]


def _broken(step: Step) -> list[str]:
    """A step without its comment."""
    lines = _wrapped(step.name, written(step.value))
    return lines if len(lines) == 1 else _conditions(step.name, step.value) or lines


def _conditions(name: str, value: Node) -> list[str]:
    """An indicator of several conditions, one a line; nothing for anything else."""
    if not isinstance(value, Indicator) or not isinstance(value.condition, AllOf):
        return []
    first, *others = conditions(value.condition)
    closing = f").astype({value.like}.dtype)"
    return [f"{name} = (", f"    {first}", *(f"    & {part}" for part in others), closing]


def _wrapped(name: str, text: Text) -> list[str]:
    """``name = text`` on one line, or on several where it is too long."""
    line = f"{name} = {text.code}"
    if len(line) <= LINE:
        return [line]
    if text.call is not None and len(text.call[1]) + 4 <= LINE:
        return [f"{name} = {text.call[0]}(", f"    {text.call[1]}", ")"]
    return [f"{name} = (", f"    {text.code}", ")"]

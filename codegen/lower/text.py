"""A piece of NumPy text that knows its axes and how tightly it binds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from derivations.indices import Index

COMPARISON, SUM, PRODUCT, UNARY, POWER, ATOM = range(-1, 5)
LINE = 96  # the longest line inside a function, before it is indented


_LOOKED_UP = re.compile(r"\w+(\[[^()]*\])?(\.T|\.transpose\([^()]*\))?|np\.diagonal\(\w+\)")


class LoweringError(Exception):
    """An expression that no rule lowers exactly: what it is, and what would help."""


@dataclass(frozen=True)
class Text:
    """Python text whose value is an array with one axis for each of ``axes``, in that order."""

    code: str
    axes: tuple[Index, ...] = ()
    binding: int = ATOM

    @property
    def is_fresh(self) -> bool:
        """Whether the value is a new array: not an argument, a step, or a view of one."""
        return _LOOKED_UP.fullmatch(self.code) is None

    def within(self, binding: int) -> str:
        """The code, in parentheses unless it binds at least as tightly as ``binding``."""
        return self.code if self.binding >= binding else f"({self.code})"

    def beside(self, axes: Sequence[Index], binding: int) -> str:
        """The code with axes of length one put in, so that it broadcasts against ``axes``.

        The text's own axes must be among ``axes``, in the same order.
        """
        own = [axis for axis in axes if axis in self.axes]
        if tuple(own) != self.axes:
            raise LoweringError(f"{self.code} has axes {self.axes}, which do not fit {axes}")
        places = [":" if axis in self.axes else "np.newaxis" for axis in axes]
        while places and places[0] == "np.newaxis":
            places.pop(0)  # leading axes broadcast by themselves
        while places and places[-1] == ":":
            places.pop()
        if not places:
            return self.within(binding)
        return f"{self.within(ATOM)}[{', '.join(places)}]"


def wrapped(line: str) -> list[str]:
    """A line, or several where it is too long: as a formatter would break it."""
    if len(line) <= LINE:
        return [line]
    joined = re.fullmatch(r"(\w+ = \()(.*)(\)\.\w+\([\w.]*\))", line)
    if joined is not None and " & " in joined[2]:
        parts = joined[2].split(" & ")
        return [joined[1], f"    {parts[0]}", *(f"    & {part}" for part in parts[1:]), joined[3]]
    call = re.fullmatch(r"([\w, ]+ = [\w.]+\()(.*)\)", line)
    if call is not None and len(call[2]) + 4 <= LINE:
        return [call[1], f"    {call[2]}", ")"]
    name, _, value = line.partition(" = ")
    return [f"{name} = (", f"    {value}", ")"]


def in_order(text: Text, axes: Sequence[Index]) -> Text:
    """The same array with its axes in the order that ``axes`` has them."""
    order = tuple(axis for axis in axes if axis in text.axes)
    if order == text.axes:
        return text
    if len(order) != len(text.axes):
        raise LoweringError(f"{text.code} has axes {text.axes}, wanted among {tuple(axes)}")
    if len(order) == 2:
        code = text.within(ATOM)
        return Text(code.removesuffix(".T") if code.endswith(".T") else f"{code}.T", order)
    places = ", ".join(str(text.axes.index(axis)) for axis in order)
    return Text(f"{text.within(ATOM)}.transpose({places})", order)

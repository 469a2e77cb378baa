"""The head of a kernel: its signature, and the checks of its arguments."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from codegen.kernel import Argument

LINE = 100


def signature(name: str, arguments: Sequence[Argument], types: Sequence[str]) -> list[str]:
    """``def name(...) -> ...:``, on one line or with one argument a line."""
    result = types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"
    given = [f"{argument.name}: {_type(argument)}" for argument in arguments]
    line = f"def {name}({', '.join(given)}) -> {result}:"
    if len(line) <= LINE:
        return [line]
    return [f"def {name}(", *(f"    {one}," for one in given), f") -> {result}:"]


def checks(arguments: Sequence[Argument]) -> list[str]:
    """Statements that turn every argument into an array, or raise."""
    # matrices first: of two lengths that differ, the vector's is called wrong
    numbers = sorted(
        (argument for argument in arguments if not argument.is_integer),
        key=lambda argument: -len(argument.axes),
    )
    words = [argument for argument in arguments if argument.is_integer]
    below = f"len({next(argument.name for argument in numbers if len(argument.axes) > 1)})"
    empty = [letter for argument in numbers for letter in _letters(argument, inhabited=False)]
    lines = _call("parameters", [quoted(letter) for letter in dict.fromkeys(empty)], numbers)
    for argument in words:
        if not argument.axes:
            lines.append(f"{argument.name} = word({below}, {argument.name}={argument.name})")
    known = {
        letter: f"{argument.name}.shape[{place}]"
        for argument in reversed(numbers)
        for place, letter in enumerate(argument.letters)
    }
    lists = [argument for argument in words if argument.axes]
    return lines + _call("words", [below, *map(quoted, _inhabited(lists, known))], lists, known)


def _inhabited(lists: Sequence[Argument], known: Collection[str]) -> list[str]:
    """The axes of lists that have a place at every size, and whose lengths are not known yet."""
    letters = [letter for argument in lists for letter in _letters(argument, inhabited=True)]
    return [letter for letter in dict.fromkeys(letters) if letter not in known]


def _letters(argument: Argument, *, inhabited: bool) -> Iterator[str]:
    """The axes that have a place at every size, or those that need not have one."""
    for axis, letter in zip(argument.axes, argument.letters, strict=True):
        if (axis.space.inhabited and argument.left_out is None) == inhabited:
            yield letter


def quoted(letter: str) -> str:
    """The letter as a string of the emitted text."""
    return f'"{letter}"'


def _call(
    function: str,
    first: list[str],
    arguments: Sequence[Argument],
    known: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """One call that checks several arguments together, so that shared axes are compared.

    ``known`` are axes whose lengths an earlier call has found.
    """
    if not arguments:
        return []
    names = [argument.name for argument in arguments]
    targets = ", ".join(names) if len(names) > 1 else f"({names[0]},)"
    given = [*first, *(f"{a.name}=({a.name}, {_shape(a, known)})" for a in arguments)]
    line = f"{targets} = {function}({', '.join(given)})"
    if len(line) <= LINE - 4:
        return [line]
    return [f"{targets} = {function}(", *(f"    {one}," for one in given), ")"]


def _shape(argument: Argument, known: Mapping[str, str]) -> str:
    if not argument.letters:
        return "()"
    axes = [known.get(letter, quoted(letter)) for letter in argument.letters]
    return f"({axes[0]},)" if len(axes) == 1 else f"({', '.join(axes)})"


def _type(argument: Argument) -> str:
    is_word = argument.is_integer and not argument.axes
    return "SupportsIndex" if is_word else "ArrayLike"

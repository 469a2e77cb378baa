"""The text of one function: signature, checks, memory, named steps, outputs; names that it uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sympy import Symbol

from codegen.arrays.nodes import LoweringError
from codegen.arrays.program import Memory, Part, PartsStep, Program, Result, Step
from codegen.backends.numpy.expressions import code, move_lines, step_lines
from codegen.compiler import Scalar, compiled, compiled_elementwise
from codegen.docstrings import elementwise_docstring, function_docstring
from codegen.kernel import Argument, Elementwise, Equality, Kernel

# The head of a kernel: its signature, and the checks of its arguments.


LINE = 100


def signature(kernel: Kernel, types: Sequence[str], memory: Memory | None = None) -> list[str]:
    """``def name(...) -> ...:``, on one line or with one argument a line."""
    name = kernel.name
    changed = [update.argument for update in kernel.updates]
    result = types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"
    given = [f"{one.name}: {_type(one, one.name in changed)}" for one in kernel.arguments]
    given += ["work: Workspace | None = None"] if memory else []
    return headed(name, given, result)


def annotated(kernel: Kernel, types: Sequence[str], memory: Memory | None = None) -> set[str]:
    """The names that the signature needs."""
    changed = [update.argument for update in kernel.updates]
    given = [_type(one, one.name in changed) for one in kernel.arguments]
    found = {"Workspace"} if memory else set[str]()
    for one in (*given, *types):
        found |= {"NDArray", "Any"} if one == "NDArray[Any]" else {one}
    return found - {"float", "None"}


def headed(name: str, given: Sequence[str], result: str) -> list[str]:
    """The first line of a function, or as many as it takes."""
    line = f"def {name}({', '.join(given)}) -> {result}:"
    if len(line) <= LINE:
        return [line]
    return [f"def {name}(", *(f"    {one}," for one in given), f") -> {result}:"]


@dataclass(frozen=True)
class Check:
    """``targets = function(given)``, a call that raises or returns the arguments as arrays."""

    targets: str
    function: str
    given: tuple[str, ...]

    @property
    def uses(self) -> tuple[str, ...]:
        """The function of the runtime."""
        return (self.function,)

    @property
    def lines(self) -> list[str]:
        """The statement in the body of a function."""
        return self.within(LINE - 4)

    def within(self, room: int) -> list[str]:
        """The statement, on one line or with one argument a line."""
        start = f"{self.targets} = {self.function}(" if self.targets else f"{self.function}("
        line = f"{start}{', '.join(self.given)})"
        if len(line) <= room or not self.targets:
            return [line]
        return [start, *(f"    {one}," for one in self.given), ")"]


@dataclass(frozen=True)
class Finding(Check):
    """The memory for a batch, after what takes more pairs than there is memory for in tiles."""

    tiles: tuple[str, str] = ("", "")

    @property
    def uses(self) -> tuple[str, ...]:
        """What finds the memory, and what takes tiles."""
        return (self.function, "is_too_small", "in_tiles")

    @property
    def lines(self) -> list[str]:
        """Three lines."""
        condition, otherwise = self.tiles
        return [f"if {condition}:", f"    return {otherwise}", *super().lines]


def checks(kernel: Kernel) -> list[Check]:
    """Statements that turn every argument into an array, or raise."""
    arguments = kernel.arguments
    # matrices first: of two lengths that differ, the vector's is called wrong
    numbers = sorted(
        (argument for argument in arguments if not argument.is_integer),
        key=lambda argument: -len(argument.axes),
    )
    words = [one for one in arguments if one.is_integer and not one.at_most]
    counts = [one for one in arguments if one.at_most]
    empty = [letter for argument in numbers for letter in _letters(argument, inhabited=False)]
    lines = list[Check]()
    if kernel.updates:
        changed = tuple(f"{u.argument}={u.argument}" for u in kernel.updates)
        lines.append(Check("", "in_place", changed))
    lines += _call("parameters", [quoted(letter) for letter in dict.fromkeys(empty)], numbers)
    for argument in words:
        if not argument.axes:
            given = (_many(argument, numbers), f"{argument.name}={argument.name}")
            lines.append(Check(argument.name, "word", given))
    known = {
        letter: f"{argument.name}.shape[{place}]"
        for argument in reversed(numbers)
        for place, letter in enumerate(argument.letters)
    }
    lists = [argument for argument in words if argument.axes]
    alike = {argument.letters: f"{argument.name}.shape" for argument in reversed(lists)}
    counted = list(dict.fromkeys(_many(one, numbers) for one in lists))
    for place, many in enumerate(counted):
        some = [one for one in lists if _many(one, numbers) == many]
        if place == 0:
            lines += _call("words", [many, *map(quoted, _inhabited(some, known))], some, known)
        else:
            lines += _call("words", [many], some, shapes=alike)
    for size in kernel.derived:
        between = tuple(f"{name}={name}" for name in size.arguments)
        lines.append(Check(size.name, size.function, between))
    for most in dict.fromkeys(one.at_most for one in counts):
        some = [one for one in counts if one.at_most == most]
        lines += _call("words", [f"{most} + 1"], some, shapes=alike)
    return lines


def _many(argument: Argument, numbers: Sequence[Argument]) -> str:
    """How many members the set has that the words in an argument are of."""
    held = argument.stands_for
    space = held.space if isinstance(held, Symbol) else held.base.space
    for one in numbers:
        for place, axis in enumerate(one.axes):
            if axis.space == space:
                return f"{one.name}.shape[{place}]" if place else f"len({one.name})"
    raise LoweringError(f"nothing says how many members {argument.name} may be of")


def findings(program: Program) -> list[Finding]:
    """What takes more pairs than there is memory for in tiles, or finds the memory."""
    if (memory := program.memory) is None:
        return []
    pairs, matrices = f"len({memory.lists[0]})", memory.matrices
    given = f"({', '.join(matrices)}), {', '.join(memory.lists)}"
    tiles = (
        f"work is not None and is_too_small(work, {pairs}, {matrices[-1]})",
        f"in_tiles({program.kernel.name}, work, {given})",
    )
    return [Finding(", ".join(memory.written), "memory", ("work", pairs), tiles)]


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
    shapes: Mapping[tuple[str, ...], str] = MappingProxyType({}),
) -> list[Check]:
    """One call that checks several arguments together, so that shared axes are compared.

    ``known`` are axes whose lengths an earlier call has found, and ``shapes`` whole shapes.
    """
    if not arguments:
        return []
    names = [argument.name for argument in arguments]
    targets = ", ".join(names) if len(names) > 1 else f"({names[0]},)"
    wanted = [shapes.get(a.letters) or _shape(a, known) for a in arguments]
    pairs = zip(names, wanted, strict=True)
    given = (*first, *(f"{name}=({name}, {shape})" for name, shape in pairs))
    return [Check(targets, function, given)]


def _shape(argument: Argument, known: Mapping[str, str]) -> str:
    if not argument.letters:
        return "()"
    axes = [known.get(letter, quoted(letter)) for letter in argument.letters]
    return f"({axes[0]},)" if len(axes) == 1 else f"({', '.join(axes)})"


def _type(argument: Argument, is_changed: bool) -> str:
    if is_changed:
        return "NDArray[Any]"
    is_word = argument.is_integer and not argument.axes
    return "SupportsIndex" if is_word else "ArrayLike"


# The text of one function: checks, named steps, outputs; and the names that it uses.


Claims = dict[str, Equality]
QUIET = '@np.errstate(over="ignore", invalid="ignore", under="ignore")'


@dataclass(frozen=True)
class Function:
    """Lines of text, and what has to be imported for them."""

    name: str
    lines: list[str]
    uses: frozenset[str]


def function_text(function: Kernel | Elementwise, claims: Claims) -> Function:
    """Compile a function and print it."""
    if isinstance(function, Elementwise):
        return elementwise_text(compiled_elementwise(function, claims), claims)
    return program_text(compiled(function, claims), claims)


def program_text(program: Program, claims: Claims) -> Function:
    """The function, below the one that does some of its pairs."""
    kernel = program.kernel
    types = [_result_type(result) for result in program.results] or ["None"]
    checked = [*checks(kernel), *findings(program)]

    def annotation(step: Step | PartsStep) -> str:
        """A type for what is returned by itself: nothing else tells of it."""
        alone = len(types) == 1 and types[0] not in ("float", "None")
        return types[0] if alone and isinstance(step, Step) and step.is_output else ""

    values = [f"float({r.name})" if r.is_number else r.name for r in program.results]
    body = [
        *function_docstring(kernel, claims, memory=program.memory),
        *(line for one in checked for line in one.lines),
        *(line for step in program.steps for line in step_lines(step, annotation(step))),
        *(line for move in program.moves for line in move_lines(move)),
        *([f"return {', '.join(values)}"] if values else []),
    ]
    part = _part_lines(program.part) if program.part else []
    lines = [*part, QUIET, *signature(kernel, types, program.memory), *_indented(body)]
    uses = {
        *program.calls,
        *annotated(kernel, types, program.memory),
        *_supporting(program, checked),
    }
    return Function(kernel.name, lines, frozenset(uses))


def elementwise_text(program: Scalar, claims: Claims) -> Function:
    """The function of one number."""
    function, name = program.function, program.function.argument.name
    body = [
        *elementwise_docstring(function, claims),
        *(line for step in program.steps for line in step_lines(step)),
        f"return {code(program.value)}",
    ]
    lines = [f"def {function.name}({name}: Any) -> Any:", *_indented(body)]
    return Function(function.name, lines, frozenset({"Any"}))


def _supporting(program: Program, checked: Sequence[Check]) -> set[str]:
    """The names that the checks use, and the steps in parts."""
    found = {name for one in checked for name in one.uses}
    if any(isinstance(step, PartsStep) for step in program.steps):
        found |= {"partial", "Any", "NDArray"}
    return found


def _part_lines(part: Part) -> list[str]:
    """The function of some pairs."""
    typed = [f"{each}: NDArray[Any]" for each in part.given]
    return [
        *headed(part.name, typed, "tuple[NDArray[Any], ...]"),
        f'    """Steps of `{part.of}`, for some of its pairs."""',
        *(f"    {line}" for each in part.steps for line in step_lines(each)),
        f"    return {', '.join(part.results)}",
        "",
        "",
    ]


def _result_type(result: Result) -> str:
    if result.is_number:
        return "float"
    return "RowGrad" if result.is_sparse else "NDArray[Any]"


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]

"""The text of one function: checks, named steps, outputs; and the names that it uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codegen.arrays.program import Part, PartsStep, Program, Result, Step
from codegen.backends.numpy.docstring import elementwise_docstring, function_docstring
from codegen.backends.numpy.lines import move_lines, step_lines
from codegen.backends.numpy.printer import code
from codegen.backends.numpy.signature import Check, annotated, checks, findings, headed, signature
from codegen.compiler import Scalar, compiled, compiled_elementwise
from codegen.equality import Equality
from codegen.kernel import Elementwise, Kernel

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
    types = [_type(result) for result in program.results] or ["None"]
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


def _type(result: Result) -> str:
    if result.is_number:
        return "float"
    return "RowGrad" if result.is_sparse else "NDArray[Any]"


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]

"""The docstrings of the emitted functions, printed from the expressions."""

from __future__ import annotations

from textwrap import wrap

from sympy import Expr

from codegen.arrays.program import Memory
from codegen.definitions import spelled_out
from codegen.equality import Equality
from codegen.formula import mathematics
from codegen.kernel import Argument, Elementwise, Gradient, Kernel, Update, Value
from derivations.language.index_nodes import Defined

WIDTH = 96
UNCHANGED = "The code evaluates the definition as it stands."
WORK = (
    "work: memory to use again, so that nothing large is allocated; what is returned of the size "
    "of U is then in it, and holds until the next call. Of a workspace for fewer pairs the batch "
    "is taken in tiles."
)
RAISES = (
    "Raises TypeError, ValueError or IndexError, naming the argument, before anything is computed."
)
ACCURACY = "The package's docstring says how accurate the results are."


def function_docstring(
    kernel: Kernel, claims: dict[str, Equality], raises: str = RAISES, memory: Memory | None = None
) -> list[str]:
    """What a kernel computes, takes, returns and raises, and the claims it rests on."""
    lines = [f'"""{kernel.title}', "", "Args:"]
    for argument in kernel.arguments:
        lines += _paragraph(f"{_shaped(argument)}: {argument.meaning}.", indent=4)
    if memory:
        lines += _paragraph(WORK, indent=4)
    returned = [output for output in kernel.outputs if not isinstance(output, Update)]
    lines += ["", "Returns:"] if returned else []
    for output in returned:
        lines += _paragraph(f"{output.name} = {_meaning(output, claims)}", indent=4)
    lines += ["", "Changed in place, both from the arguments as given:"] if kernel.updates else []
    for update in kernel.updates:
        name, rows = update.gradient.name, update.rate.atoms(Defined)
        of_each = f"[{', '.join(map(str, update.gradient.axes))}]" if rows else ""
        rate = mathematics(update.rate)
        change = f"{update.argument}{of_each} -= {rate} * {name}{of_each}"
        gradient = _meaning(update.gradient, claims)
        lines += _paragraph(f"{change}, where {name} = {gradient}", indent=4)
    lines += [
        "",
        *_paragraph(f"{raises} {kernel.accuracy or ACCURACY}"),
        "",
        *_paragraph(f"Proved: {', '.join(kernel.claims)}." if kernel.claims else UNCHANGED),
        '"""',
    ]
    return lines


def elementwise_docstring(function: Elementwise, claims: dict[str, Equality]) -> list[str]:
    """What a function of every entry computes, and the claim it rests on."""
    claim = claims[function.claim]
    left, right = mathematics(claim.left), mathematics(spelled_out(claim.right))
    return [
        f'"""{function.title}',
        "",
        f"    {left} = {right}",
        "",
        f"Proved: {claim.id}.",
        '"""',
    ]


def _meaning(output: Value | Gradient, claims: dict[str, Equality]) -> str:
    if isinstance(output, Value):
        return f"{mathematics(output.loss)}{_for_each(output.axes)}."
    claim = claims[output.claim]
    text = f"{mathematics(claim.left)} = {mathematics(claim.right)}"
    if output.only_row is None:
        return f"{text}{_for_each(output.axes)}."
    word = output.only_row[1]
    return f"{text} in row {word}; every other row is zero."


def _for_each(axes: tuple[Expr, ...]) -> str:
    return f", for each {', '.join(map(str, axes))}" if axes else ""


def _shaped(argument: Argument) -> str:
    if not argument.axes:
        return argument.name
    shape = ", ".join(argument.letters)
    return f"{argument.name} ({shape}{',' if len(argument.letters) == 1 else ''})"


def _paragraph(text: str, indent: int = 0) -> list[str]:
    blank = " " * indent
    return wrap(
        text,
        WIDTH,
        initial_indent=blank,
        subsequent_indent=blank + "  " * bool(indent),
        break_long_words=False,
        break_on_hyphens=False,
    )

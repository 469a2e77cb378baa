"""A kernel whose large steps are done for some of its pairs at a time, in memory given to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from codegen.kernel import Argument, Kernel, Value
from codegen.lower.statement import Statement
from codegen.lower.text import LoweringError
from codegen.signature import headed

_GUARDED = re.compile(r"guarded\((.+?) @ (\S+?), (.+)\)")


def outlined(kernel: Kernel, statements: Sequence[Statement]) -> tuple[list[str], list[Statement]]:
    """A function of some pairs, and what is left of the kernel, which calls it."""
    parts = kernel.parts
    assert parts is not None
    large = next(each for each in statements if each.name == parts.large)
    inside = [each for each in statements if each.name in parts.steps]
    outside = [each for each in statements if each not in (large, *inside)]
    product = _GUARDED.fullmatch(large.code)
    if product is None:
        raise LoweringError(f"{large.name} = {large.code} is no guarded product to take in parts")
    left, right, beside = product.groups()
    guard = replace(large, code=f"guarded({parts.large}, {beside})")
    results = [each.name for each in inside if any(other.reads(each.name) for other in outside)]
    values = [output.name for output in kernel.outputs if isinstance(output, Value)]
    results += [name for name in values if name in parts.steps]
    results = [parts.kept, *(name for name in dict.fromkeys(results) if name != parts.kept)]
    made = {large.name, *(each.name for each in inside)}
    named: list[Argument | Statement] = [*kernel.arguments, *statements]
    read = [
        each.name
        for each in named
        if each.name not in made and any(one.reads(each.name) for one in (guard, *inside))
    ]
    by_pair = {each.name for each in named if each.axes[:1] == (parts.axis,)}
    whole = [each for each in read if each not in by_pair]
    alike = [each for each in read if each not in whole]
    name = f"_part_of_{kernel.name}"
    given = [f"{each}: NDArray[Any]" for each in [*whole, parts.large, *alike]]
    function = [
        *headed(name, given, "tuple[NDArray[Any], ...]"),
        f'    """Steps of `{kernel.name}`, for some of its pairs."""',
        *(f"    {line}" for each in [guard, *inside] for line in each.lines),
        f"    return {', '.join(results)}",
    ]
    call = f"by_parts(partial({name}, {', '.join(whole)}), {', '.join([parts.large, *alike])})"
    place = next(n for n, each in enumerate(outside) if any(each.reads(name) for name in results))
    return function, [
        *outside[:place],
        Statement(parts.large, f"np.matmul({left}, {right}, out={parts.large})"),
        Statement(", ".join(results), call),
        *(_into(each, parts.out) for each in outside[place:]),
    ]


def _into(statement: Statement, out: str) -> Statement:
    """A matrix product written to memory that is given."""
    if statement.name != out:
        return statement
    left, _, right = statement.code.partition(" @ ")
    right = right[1:-1] if right.startswith("(") and right.endswith(")") else right
    return replace(statement, code=f"np.matmul({left}, {right}, out={out})")

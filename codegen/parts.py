"""A kernel whose large steps are done for some of its pairs at a time, in memory given to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from codegen.kernel import Argument, Kernel, Parts, Value
from codegen.lower.statement import Statement
from codegen.lower.text import LoweringError
from codegen.signature import headed
from derivations.indices import Index

_GUARDED = re.compile(r"guarded\((.+?) @ (\S+?), (.+)\)")


Outlined = tuple[list[str], list[Statement]]


def outlined(kernel: Kernel, statements: Sequence[Statement]) -> Outlined:
    """A function of some pairs, and what is left of the kernel, which calls it."""
    if kernel.parts is not None:
        return _of_product(kernel, kernel.parts, statements)
    if kernel.gathering is not None:
        return _of_rows(kernel, kernel.gathering, statements)
    return [], list(statements)


def _of_product(kernel: Kernel, parts: Parts, statements: Sequence[Statement]) -> Outlined:
    """The steps that follow a large product, in its memory."""
    large = next(each for each in statements if each.name == parts.large)
    inside = [each for each in statements if each.name in parts.steps]
    outside = [each for each in statements if each not in (large, *inside)]
    product = _GUARDED.fullmatch(large.code)
    if product is None:
        raise LoweringError(f"{large.name} = {large.code} is no guarded product to take in parts")
    left, right, beside = product.groups()
    guard = replace(large, code=f"guarded({parts.large}, {beside})")
    results = [parts.kept, *(one for one in _results(kernel, inside, outside) if one != parts.kept)]
    whole, alike = _read([*kernel.arguments, *outside], [guard, *inside], parts.axis)
    function = _function(kernel, [*whole, parts.large, *alike], [guard, *inside], results)
    call = f"by_parts({_bound(kernel, whole)}, {', '.join([parts.large, *alike])})"
    place = next(n for n, each in enumerate(outside) if any(each.reads(name) for name in results))
    return function, [
        *outside[:place],
        Statement(parts.large, f"np.matmul({left}, {right}, out={parts.large})"),
        Statement(", ".join(results), call),
        *(_into(each, parts.out) for each in outside[place:]),
    ]


def _of_rows(kernel: Kernel, axis: Index, statements: Sequence[Statement]) -> Outlined:
    """The steps of each place of the axis, for as many as gather a bounded number of rows."""
    inside = [each for each in statements if each.axes[:1] == (axis,)]
    outside = [each for each in statements if each not in inside]
    results = _results(kernel, inside, outside)
    whole, alike = _read(kernel.arguments, inside, axis)
    call = f"by_places({_bound(kernel, whole)}, {', '.join([whole[-1], *alike])})"
    function = _function(kernel, [*whole, *alike], inside, results)
    return function, [Statement(", ".join(results), call), *outside]


def _results(
    kernel: Kernel, inside: Sequence[Statement], outside: Sequence[Statement]
) -> list[str]:
    """The steps that others read, and the outputs among them."""
    read = [each.name for each in inside if any(other.reads(each.name) for other in outside)]
    values = [output.name for output in kernel.outputs if isinstance(output, Value)]
    made = [each.name for each in inside]
    return list(dict.fromkeys([*read, *(name for name in values if name in made)]))


def _read(
    named: Sequence[Argument | Statement], steps: Sequence[Statement], axis: Index
) -> tuple[list[str], list[str]]:
    """What the steps read of what is named: the same for all places of the axis, or one each."""
    read = [each for each in named if any(one.reads(each.name) for one in steps)]
    alike = [each.name for each in read if each.axes[:1] == (axis,)]
    return [each.name for each in read if each.name not in alike], alike


def _bound(kernel: Kernel, whole: Sequence[str]) -> str:
    return f"partial(_part_of_{kernel.name}, {', '.join(whole)})"


def _function(
    kernel: Kernel, given: Sequence[str], steps: Sequence[Statement], results: Sequence[str]
) -> list[str]:
    """The function of some pairs."""
    typed = [f"{each}: NDArray[Any]" for each in given]
    return [
        *headed(f"_part_of_{kernel.name}", typed, "tuple[NDArray[Any], ...]"),
        f'    """Steps of `{kernel.name}`, for some of its pairs."""',
        *(f"    {line}" for each in steps for line in each.lines),
        f"    return {', '.join(results)}",
    ]


def _into(statement: Statement, out: str) -> Statement:
    """A matrix product written to memory that is given."""
    if statement.name != out:
        return statement
    left, _, right = statement.code.partition(" @ ")
    right = right[1:-1] if right.startswith("(") and right.endswith(")") else right
    return replace(statement, code=f"np.matmul({left}, {right}, out={out})")

"""The kernel of a line: its data, its program, and its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sympy import Basic, Expr, KroneckerDelta, sign

from codegen.arrays.entrywise import Applied, Compared, Indicator
from codegen.arrays.program import PartsStep, Program
from codegen.arrays.tree import LoweringError, Node, nodes
from codegen.backends.numpy.function import Function, program_text
from codegen.compiler import compiled
from codegen.definitions import module_docstring
from codegen.equality import Equality
from codegen.kernel import Gradient, Kernel, Module, Value
from codegen.line.arguments import arguments
from codegen.line.found import Found
from codegen.line.refusal import Refusal
from codegen.line.stable import Stable
from codegen.line.table import CALLS, STATED
from codegen.line.wanted import Wanted, wanted
from codegen.lower.elementwise import lower_above, lower_function
from codegen.lower.lowering import Lowering, Rule
from codegen.lower.rules import RULES
from codegen.package import IMPORTS, MARK, claims_line, imports, refuse_hidden
from derivations.indices import Index, IndexSet
from derivations.language.data_conditions import data_assumed
from derivations.language.functions import Above, SignOf, Signum

NAME = "value_and_grad"
ACCURACY = "How accurate the results are stands above."
OF_LINES: dict[type[Basic], Rule] = {
    KroneckerDelta: lambda delta, lowering: _indicator(delta, lowering),
    Above: lower_above,
    Signum: lower_function,
    SignOf: lower_function,
    sign: lower_function,
}
RESERVED = frozenset(("np", *(name for names in IMPORTS.values() for name in names)))


@dataclass(frozen=True)
class Made:
    """A kernel from a line, and the module it is in.

    ``computed`` are the loss and the derivative by the forms that it evaluates.
    """

    kernel: Kernel
    claims: Mapping[str, Equality]
    program: Program
    text: str
    rests_on: tuple[str, ...]
    computed: tuple[Expr, ...]


def made(found: Found, called: Mapping[str, str]) -> Made:
    """The kernel and its text; raises Refusal where no program computes the line exactly."""
    wants = wanted(found.claim)
    given = arguments(wants, found.claim.names, called, found.claim.conditions)
    names = {str(_held(one.stands_for)): one.name for one in given}
    by = [names.get(name, name) for name in wants.by]
    id = found.line.id
    claims = {**STATED, id: Equality(id, found.claim.sides.left, wants.right)}
    stable = Stable()
    try:
        computed = (stable(wants.loss), stable(wants.right))
        kernel = Kernel(
            name=NAME,
            title=f"The loss of {found.file}, {id}, and its derivative by {' and '.join(by)}.",
            loss=wants.loss,
            arguments=given,
            outputs=(
                Value("loss", wants.loss),
                Gradient(_called(by, {one.name for one in given}), id, wants.axes),
            ),
            layout=_layout(given, wants),
            assumed=data_assumed(found.claim.conditions, lambda space: ()),
            accuracy=ACCURACY,
            calls={name: claim.id for name, claim in CALLS.items()},
            names={k: v for one in stable.softmaxes.known.values() for k, v in one.names.items()},
        )
        rules = {**RULES, **OF_LINES}
        program = compiled(kernel, claims, stable, rules, reserved=RESERVED)
    except LoweringError as error:
        raise Refusal(f"no program computes it exactly: {error}") from None
    used = {
        node.function
        for step in program.steps
        if not isinstance(step, PartsStep)
        for node in nodes(step.value)
        if isinstance(node, Applied)
    }
    calls = {name: claim for name, claim in kernel.calls.items() if name in used}
    kernel = replace(kernel, calls=calls, names={})
    program = replace(program, kernel=kernel)
    rests_on = (*stable.rows.values(), *stable.softmaxes.used)
    text = _text(program, claims, found, rests_on)
    return Made(kernel, claims, program, text, rests_on, computed)


def _held(stands_for: object) -> object:
    return getattr(stands_for, "base", stands_for)


def _called(by: list[str], taken: set[str]) -> str:
    """What the derivative is called: of first order a gradient."""
    name = "_".join(["grad" if len(by) == 1 else "hess", *by])
    while name in taken:
        name += "_"
    return name


def _layout(given: tuple[object, ...], wants: Wanted) -> tuple[IndexSet, ...]:
    """All index sets, those of the leading axes of large arrays first."""
    axes = sorted((getattr(one, "axes", ()) for one in given), key=len, reverse=True)
    spaces = [axis.space for each in axes for axis in each]
    spaces += [axis.space for axis in (*wants.axes, *wants.given)]
    for part in (wants.loss, wants.right):
        spaces += sorted((one.space for one in part.atoms(Index)), key=lambda one: one.name)
    return tuple(dict.fromkeys(spaces))


def _indicator(delta: KroneckerDelta, lowering: Lowering) -> Node:
    """A delta that no other rule took up: 1 where two places are the same, else 0."""
    first, second = (lowering.place(each) for each in sorted(delta.args, key=str))
    axes = lowering.axes.of(first, second)
    same = Compared("==", first, second, axes)
    if not axes:
        raise LoweringError(f"{delta} is of two given places")
    return Indicator(same, lowering.axes.parameter(), axes)


def with_note(made: Made, found: Found, told: str) -> Made:
    """The same program with what was found out about it in the docstring of its module."""
    text = _text(made.program, made.claims, found, made.rests_on, told)
    return replace(made, text=text)


def _text(
    program: Program,
    claims: Mapping[str, Equality],
    found: Found,
    rests_on: tuple[str, ...],
    told: str = "",
) -> str:
    """Header, docstring, imports, the function."""
    kernel = program.kernel
    refuse_hidden(kernel)
    stated = dict(claims)
    function: Function = program_text(program, stated)
    proofs = "; ".join(f"{one.name}: {one.detail}" for one in found.judgement.proofs)
    note = f"{found.line.id} is proved for all sizes ({proofs})."
    if rests_on:
        note += f" The code rests on these identities as well, each proved: {', '.join(rests_on)}."
    note += f" {told}" if told else ""
    module = Module("gradient.py", kernel.title, (kernel,), note=note)
    header = [
        f"{MARK} {found.file} {found.line.id}`: do not edit.".replace("codegen`", "codegen"),
        *claims_line([*kernel.claims, *rests_on]),
    ]
    lines = [*header, *module_docstring(module, stated), "", *imports([function], "generated")]
    return "\n".join([*lines, "", "", *function.lines, ""])


def write(path: Path, text: str) -> None:
    """The module, never half of it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)

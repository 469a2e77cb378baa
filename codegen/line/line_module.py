"""A module from one line: its arguments, its kernel, and its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from sympy import (
    Basic,
    Expr,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Symbol,
    preorder_traversal,
    sign,
)

from codegen.array_language import (
    Applied,
    Compared,
    Indicator,
    LoweringError,
    Node,
    PartsStep,
    Program,
    nodes,
)
from codegen.docstrings import module_docstring
from codegen.emitted import MARK, BackEnd, back_ends, claims_line
from codegen.kernel import Argument, Equality, Gradient, Kernel, Module, Value
from codegen.line.proved_line import (
    CALLS,
    STATED,
    LossDerivative,
    ProvedLine,
    Refusal,
    loss_derivative,
)
from codegen.line.stable_forms import Softmaxes, Stable, identifier
from codegen.lower.lowering import Lowering, Rule
from codegen.lower.rules import RULES, lower_above, lower_function
from derivations.claim import data_assumed
from derivations.indices import Index, IndexSet, Names, WordArray
from derivations.language.functions import Above, SignOf, Signum
from derivations.language.index_nodes import unfold

# What a loss and its derivative are functions of, as the arguments of a kernel.


NO_ARGUMENTS = frozenset(("loss", "value_and_grad", "np", "work", "Any"))


@dataclass
class Families:
    """The free names of some expressions: arrays with what their axes run over, and numbers."""

    arrays: dict[IndexedBase, tuple[IndexSet, ...]] = field(default_factory=dict)
    numbers: dict[Symbol, None] = field(default_factory=dict)

    def read(self, expression: Expr) -> None:
        """Take in the names of an expression, definitions written out."""
        whole = unfold(expression)
        for node in preorder_traversal(whole):
            if isinstance(node, Indexed):
                self._entry(node)
        labels = {base.label for base in whole.atoms(IndexedBase)}
        for symbol in sorted(whole.free_symbols - labels, key=str):
            if type(symbol) is Symbol and not symbol.is_integer:
                self.numbers[symbol] = None

    def _entry(self, entry: Indexed) -> None:
        spaces = [_space(index) for index in entry.indices]
        known = self.arrays.setdefault(entry.base, tuple(spaces))
        if known != tuple(spaces):
            ranges = " and over ".join(str(each.ends) for each in (*known, *spaces))
            raise Refusal(f"{entry.base} runs over {ranges}")


def _space(index: Basic) -> IndexSet:
    """The set that an index of an entry is a member of."""
    if isinstance(index, Index):
        return index.space
    if isinstance(index, Indexed) and isinstance(index.base, WordArray):
        return index.base.space
    raise Refusal(f"an entry is looked up at {index}; only at letters and lists can it be")


def arguments(
    derivative: LossDerivative,
    names: Names,
    called: Mapping[str, str],
    conditions: Iterable[object] = (),
) -> tuple[Argument, ...]:
    """One argument for each name, what the derivative is taken by first.

    ``called`` gives Python's names for names of the text.
    """
    families = Families()
    for part in (derivative.loss, derivative.right):
        families.read(part)
    said = {str(getattr(one, "of", "")): str(one) for one in conditions}
    order = {name: place for place, name in enumerate(derivative.by)}
    arrays = sorted(families.arrays, key=lambda one: (order.get(str(one), 99), str(one)))
    numbers = sorted(families.numbers, key=lambda one: (order.get(str(one), 99), str(one)))
    made: list[Argument] = []
    taken = set(NO_ARGUMENTS)

    def name_of(thing: Basic) -> str:
        printed = str(thing)
        own = called.get(printed) or identifier(printed, taken)
        if own in taken or not own.isidentifier():
            raise Refusal(f"{own} for {printed} is no name, or taken; give another one")
        taken.add(own)
        return own

    def meaning(thing: Basic, shape: str) -> str:
        condition = f"; {said[str(thing)]}" if str(thing) in said else ""
        return f"{thing}, {shape}{condition}"

    for base in arrays:
        spaces = families.arrays[base]
        axes = tuple(_letters(spaces, names, {*derivative.given}))
        letters = tuple(map(_length, spaces))
        whole = isinstance(base, WordArray)
        shape = "labels from 0" if whole else _SHAPES.get(len(axes), "an array")
        made.append(
            Argument(name_of(base), base[axes], axes, letters, meaning=meaning(base, shape))
        )
    made += [Argument(name_of(each), each, meaning=meaning(each, "a number")) for each in numbers]
    for index in derivative.given:
        _length(index.space)
        made.append(Argument(name_of(index), index, meaning=meaning(index, "counted from 0")))
    return tuple(made)


_SHAPES = {1: "a vector", 2: "a matrix"}


def _length(space: IndexSet) -> str:
    """The name of a size: ranges are 1..n, whatever n is called."""
    if space.lower != 1 or not isinstance(space.upper, Symbol):
        raise Refusal(f"a range {space.lower}..{space.upper}; arrays run over 1..n")
    return str(space.upper)


def _letters(spaces: Iterable[IndexSet], names: Names, given: set[Index]) -> Iterator[Index]:
    """A letter for each axis, as they were declared; those that are given run nowhere."""
    used = set(given)
    for space in spaces:
        declared = (Index(name, one) for name, one in names.letters if one == space)
        numbered = (Index(f"i{n}", space) for n in count(1))
        index = next((one for one in declared if one not in used), None)
        while index is None or index in used:
            index = next(numbered)
        used.add(index)
        yield index


# The kernel of a line: its data, its program, and its text.


NAME = "value_and_grad"
MODULE = "gradient"
ACCURACY = "How accurate the results are stands above."
OF_LINES: dict[type[Basic], Rule] = {
    KroneckerDelta: lambda delta, lowering: _indicator(delta, lowering),
    Above: lower_above,
    Signum: lower_function,
    SignOf: lower_function,
    sign: lower_function,
}
NUMPY = "numpy"


@dataclass(frozen=True)
class LineModule:
    """A kernel from a line, and the module it is in, as a back end prints it.

    ``computed`` are the loss and the derivative by the forms that it evaluates.
    """

    kernel: Kernel
    claims: Mapping[str, Equality]
    program: Program
    text: str
    rests_on: tuple[str, ...]
    computed: tuple[Expr, ...]
    backend: str = NUMPY

    @property
    def by(self) -> BackEnd:
        """What prints it."""
        return back_ends()[self.backend]

    @property
    def module(self) -> str:
        """The name of the module in `generated`, if it stood there."""
        return f"{self.by.FOLDER}.{MODULE}".lstrip(".")


def module_of(found: ProvedLine, called: Mapping[str, str], backend: str = NUMPY) -> LineModule:
    """The kernel and its text; raises Refusal where no program computes the line exactly.

    Where another back end prints one, that is said.
    """
    try:
        return _module_of(found, called, backend)
    except LoweringError as error:
        others = [name for name in back_ends() if name != backend and _prints(found, called, name)]
        if not others:
            raise Refusal(f"no program computes it exactly: {error}") from None
        raise Refusal(
            f"the back end {backend} prints no program of it: {error}; {' and '.join(others)} can"
        ) from None


def _prints(found: ProvedLine, called: Mapping[str, str], backend: str) -> bool:
    """Whether a back end prints it."""
    try:
        _module_of(found, called, backend)
    except (LoweringError, Refusal):
        return False
    return True


def _module_of(found: ProvedLine, called: Mapping[str, str], backend: str) -> LineModule:
    derivative = loss_derivative(found.claim)
    given = arguments(derivative, found.claim.names, called, found.claim.conditions)
    names = {str(_held(one.stands_for)): one.name for one in given}
    by = [names.get(name, name) for name in derivative.by]
    id = found.line.id
    claims = {**STATED, id: Equality(id, found.claim.sides.left, derivative.right)}
    stable = Stable(Softmaxes(frozenset(map(str, derivative.given))))
    computed = (stable(derivative.loss), stable(derivative.right))
    kernel = Kernel(
        name=NAME,
        title=f"The loss of {found.file}, {id}, and its derivative by {' and '.join(by)}.",
        loss=derivative.loss,
        arguments=given,
        outputs=(
            Value("loss", derivative.loss),
            Gradient(
                _called(by, {one.name for one in given}),
                id,
                derivative.axes,
                by=by[0] if len(by) == 1 else "",
            ),
        ),
        layout=_layout(given, derivative),
        assumed=data_assumed(found.claim.conditions, lambda space: ()),
        accuracy=ACCURACY,
        calls={name: claim.id for name, claim in CALLS.items()},
        names={k: v for one in stable.softmaxes.known.values() for k, v in one.names.items()},
    )
    program = back_ends()[backend].lowered(kernel, claims, stable, {**RULES, **OF_LINES})
    used = {
        node.function
        for step in program.steps
        if not isinstance(step, PartsStep)
        for node in nodes(step.value)
        if isinstance(node, Applied)
    }
    calls = {name: claim for name, claim in kernel.calls.items() if name in used}
    kernel = replace(kernel, calls=calls, names={})
    program = replace(program, kernel=replace(program.kernel, calls=calls, names={}))
    rests_on = (*stable.rows.values(), *stable.softmaxes.used)
    module = LineModule(kernel, claims, program, "", rests_on, computed, backend)
    return replace(module, text=_text(module, found))


def _held(stands_for: object) -> object:
    return getattr(stands_for, "base", stands_for)


def _called(by: list[str], taken: set[str]) -> str:
    """What the derivative is called: of first order a gradient."""
    name = "_".join(["grad" if len(by) == 1 else "hess", *by])
    while name in taken:
        name += "_"
    return name


def _layout(given: tuple[object, ...], derivative: LossDerivative) -> tuple[IndexSet, ...]:
    """All index sets, those of the leading axes of large arrays first."""
    axes = sorted((getattr(one, "axes", ()) for one in given), key=len, reverse=True)
    spaces = [axis.space for each in axes for axis in each]
    spaces += [axis.space for axis in (*derivative.axes, *derivative.given)]
    for part in (derivative.loss, derivative.right):
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


def with_note(made: LineModule, found: ProvedLine, told: str) -> LineModule:
    """The same program with what was found out about it in the docstring of its module."""
    return replace(made, text=_text(made, found, told))


def _text(made: LineModule, found: ProvedLine, told: str = "") -> str:
    """Header, docstring, imports, the function."""
    kernel, rests_on, stated = made.kernel, made.rests_on, dict(made.claims)
    below = made.by.line_text(made.program, stated)
    proofs = "; ".join(f"{one.name}: {one.detail}" for one in found.judgement.proofs)
    note = f"{found.line.id} is proved for all sizes ({proofs})."
    if rests_on:
        note += f" The code rests on these identities as well, each proved: {', '.join(rests_on)}."
    note += f" {told}" if told else ""
    module = Module("gradient.py", kernel.title, (kernel,), note=note)
    option = f" --backend {made.backend}" if made.backend != NUMPY else ""
    command = f"{MARK.removesuffix('`')} {found.file} {found.line.id}{option}`"
    header = [f"{command}: do not edit.", *claims_line([*kernel.claims, *rests_on]), *below.mark]
    lines = [*header, *module_docstring(module, stated), "", *below.imports, "", ""]
    functions = "\n\n\n".join("\n".join(one.lines) for one in below.functions)
    return "\n".join([*lines, functions, ""])


def write(path: Path, text: str) -> None:
    """The module, never half of it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)

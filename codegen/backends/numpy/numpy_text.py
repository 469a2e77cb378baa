"""Pretty printer of programs as NumPy's text: operators by precedence, a rule for each node.

Around the expressions stand statements broken as a formatter breaks them, the signature, and the
checks of the arguments; other back ends take theirs from here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch
from string import ascii_letters
from types import MappingProxyType

from sympy import Symbol

from codegen.array_language import (
    NUMPY,
    AllOf,
    Applied,
    Axes,
    Column,
    Compared,
    Contraction,
    Copied,
    Diagonal,
    Guarded,
    Indicator,
    Leader,
    Length,
    LoweringError,
    MatrixProduct,
    Memory,
    Move,
    Name,
    Negative,
    Node,
    Number,
    Part,
    PartsStep,
    Picked,
    Places,
    Power,
    Product,
    Program,
    Repeated,
    Replaced,
    Result,
    RowSums,
    RowTerm,
    Spread,
    Step,
    Summed,
    SummedWithout,
    Taken,
    Terms,
    Totals,
    Turned,
)
from codegen.compiler import Scalar, compiled, compiled_elementwise, outlined
from codegen.docstrings import elementwise_docstring, function_docstring, meaning
from codegen.kernel import Argument, Elementwise, Equality, Kernel
from derivations.indices import Index
from derivations.language.layout import Piece

COMPARISON, SUM, PRODUCT, UNARY, POWER, ATOM = range(-1, 5)


@dataclass(frozen=True)
class Text(Piece):
    """A Python expression; ``call`` are a function and its arguments where it is no more.

    ``parts`` are these arguments one by one, where they may stand on lines of their own.
    """

    level: int = ATOM
    call: tuple[str, str] | None = None
    parts: tuple[str, ...] = ()


Operand = Callable[[Node, int], str]  # an operand as it is written where so much binds


def broken(start: str, text: Text, room: int) -> list[str]:
    """A statement on one line, or on several where that is longer than there is room."""
    if len(start) + len(text.text) <= room:
        return [f"{start}{text.text}"]
    if text.call is not None:
        function, given = text.call
        if len(given) + 4 <= room:
            return [f"{start}{function}(", f"    {given}", ")"]
        if text.parts:
            return [f"{start}{function}(", *(f"    {one}," for one in text.parts), ")"]
    return [f"{start}(", f"    {text.text}", ")"]


def sum_text(node: Terms, operand: Operand) -> Text:
    """x + y - z."""
    first, *others = (operand(term, PRODUCT) for term in node.terms)
    signs = ("-" if negative else "+" for negative in node.negative[1:])
    rest = (f" {sign} {term}" for sign, term in zip(signs, others, strict=True))
    return Text("".join([first, *rest]), SUM)


def product_text(node: Product, operand: Operand) -> Text:
    """x * y / z."""
    first, *others = node.above
    factors = [operand(first, PRODUCT), *(operand(factor, UNARY) for factor in others)]
    below = (f" / {operand(factor, UNARY)}" for factor in node.below)
    return Text("".join([" * ".join(factors), *below]), PRODUCT)


def negative_text(text: Text) -> Text:
    """-x, in front of a product as well."""
    if text.level >= PRODUCT:
        return Text(f"-{text.text}", min(text.level, UNARY))
    return Text(f"-{text.within(POWER)}", UNARY)


def compared_text(node: Compared, operand: Operand) -> Text:
    """x < y."""
    left, right = (operand(side, SUM) for side in (node.left, node.right))
    return Text(f"{left} {node.sign} {right}", COMPARISON)


# Nodes as NumPy expressions: one rule a node, and axes of length one where operands need them.


def code(node: Node) -> str:
    """The node as a whole expression."""
    return written(node).text


@singledispatch
def written(node: Node) -> Text:
    """The node as text; one that has no rule is an error."""
    raise LoweringError(f"no rule prints {type(node).__name__} for NumPy")


def beside(node: Node, axes: Axes, binding: int) -> str:
    """The node with axes of length one put in, so that it broadcasts against ``axes``."""
    text = written(node)
    places = [":" if axis in node.axes else "np.newaxis" for axis in axes]
    while places and places[0] == "np.newaxis":
        places.pop(0)  # leading axes broadcast by themselves
    while places and places[-1] == ":":
        places.pop()
    if not places:
        return text.within(binding)
    return f"{text.within(ATOM)}[{', '.join(places)}]"


def _operand(node: Node) -> Operand:
    """How the operands of a node are written: along its axes."""
    return lambda part, binding: beside(part, node.axes, binding)


def called(function: str, arguments: Iterable[str]) -> Text:
    """A call."""
    given = ", ".join(arguments)
    return Text(f"{function}({given})", call=(function, given))


def method(node: Node, name: str, given: str) -> Text:
    """A call of a method of an array."""
    whole = f"{written(node).within(ATOM)}.{name}"
    return Text(f"{whole}({given})")


@written.register
def _number(node: Number) -> Text:
    whole = node.value.q == 1
    binding = UNARY if node.value.p < 0 else ATOM if whole else PRODUCT
    return Text(str(node.value.p) if whole else f"{node.value.p} / {node.value.q}", binding)


@written.register
def _name(node: Name) -> Text:
    return Text(node.name)


@written.register
def _length(node: Length) -> Text:
    return Text(f"{node.of}.shape[{node.place}]")


@written.register
def _places(node: Places) -> Text:
    length = code(node.length)
    if node.first == 0:
        return called("np.arange", [length])
    return called("np.arange", [str(node.first), f"{length} + {node.first}"])


@written.register
def _turned(node: Turned) -> Text:
    whole = written(node.of).within(ATOM)
    if len(node.axes) == 2:
        return Text(f"{whole}.T")
    return Text(f"{whole}.transpose({', '.join(str(node.of.axes.index(a)) for a in node.axes)})")


@written.register
def _diagonal(node: Diagonal) -> Text:
    return called("np.diagonal", [code(node.of)])


@written.register
def _repeated(node: Repeated) -> Text:
    kept = node.axes[len(node.axes) - len(node.of.axes) :]
    return written(node.of) if node.of.axes == kept else Text(beside(node.of, node.axes, ATOM))


@written.register
def _spread(node: Spread) -> Text:
    comma = "," if len(node.lengths) == 1 else ""
    shape = f"({', '.join(map(code, node.lengths))}{comma})"
    return Text(f"np.broadcast_to({beside(node.of, node.axes, SUM)}, {shape}).copy()")


@written.register
def _column(node: Column) -> Text:
    return Text(f"{written(node.of).within(ATOM)}[..., np.newaxis]")


@written.register
def _copied(node: Copied) -> Text:
    return method(node.of, "copy", "")


@written.register
def _terms(node: Terms) -> Text:
    return sum_text(node, _operand(node))


@written.register
def _product(node: Product) -> Text:
    return product_text(node, _operand(node))


@written.register
def _negative(node: Negative) -> Text:
    return negative_text(written(node.of))


@written.register
def _power(node: Power) -> Text:
    sign = "**" if isinstance(node.base, Name) else " ** "
    return Text(f"{written(node.base).within(ATOM)}{sign}{node.exponent}", POWER)


@written.register
def _applied(node: Applied) -> Text:
    function = f"np.{node.function}" if node.function in NUMPY else node.function
    given = [beside(operand, node.axes, COMPARISON) for operand in node.operands]
    return called(function, [*given, *_out(node.out)])


def _out(out: Name | None) -> list[str]:
    return [] if out is None else [f"out={out.name}"]


@written.register
def _compared(node: Compared) -> Text:
    return compared_text(node, _operand(node))


@written.register
def _all_of(node: AllOf) -> Text:
    return Text(" & ".join(conditions(node)), COMPARISON)


def conditions(node: AllOf) -> list[str]:
    """The conditions, each by itself."""
    return [beside(condition, node.axes, UNARY) for condition in node.conditions]


@written.register
def _indicator(node: Indicator) -> Text:
    return method(node.condition, "astype", f"{node.like}.dtype")


@written.register
def _taken(node: Taken) -> Text:
    if node.is_rows:
        return method(node.of, "take", f"{code(node.word)}, axis=0")
    return Text(f"{written(node.of).within(ATOM)}[{':, ' * node.place}{code(node.word)}]")


@written.register
def _picked(node: Picked) -> Text:
    return called("picked", [code(node.of), beside(node.word, node.axes, SUM)])


@written.register
def _replaced(node: Replaced) -> Text:
    rest = node.axes[:-1]
    entry = (beside(node.word, rest, SUM), beside(node.new, rest, SUM))
    return called(*_only(node.calls), [beside(node.of, node.axes, SUM), *entry])


def _only(names: tuple[str, ...]) -> tuple[str]:
    (name,) = names
    return (name,)


@written.register
def _summed_without(node: SummedWithout) -> Text:
    full = beside(node.of, (*node.axes, node.over), SUM)
    return called("sum_without", [full, beside(node.word, node.axes, SUM)])


@written.register
def _leader(node: Leader) -> Text:
    return method(node.of, "argmax", f"axis={node.place}" if node.axes else "")


@written.register
def _summed(node: Summed) -> Text:
    over = node.over[0] if len(node.over) == 1 else node.over
    return method(node.of, "sum", f"axis={over}" if node.axes else "")


@written.register
def _matrix_product(node: MatrixProduct) -> Text:
    left, right = written(node.left), written(node.right)
    if node.out is not None:
        return called("np.matmul", [left.text, right.text, *_out(node.out)])
    return Text(f"{left.within(PRODUCT)} @ {right.within(UNARY)}", PRODUCT)


@written.register
def _contraction(node: Contraction) -> Text:
    letters = _einsum_letters(axis for operand in node.operands for axis in operand.axes)
    inputs = ",".join("".join(letters[a] for a in operand.axes) for operand in node.operands)
    output = "".join(letters[axis] for axis in node.axes)
    return called("np.einsum", [f'"{inputs}->{output}"', *map(code, node.operands)])


def _einsum_letters(axes: Iterable[Index]) -> dict[Index, str]:
    """A letter for each index: the one that it begins with, or another where that is taken."""
    letters: dict[Index, str] = {}
    for axis in axes:
        if axis not in letters:
            wanted = (*axis.name[:1], *ascii_letters)
            free = (one for one in wanted if one in ascii_letters and one not in letters.values())
            letters[axis] = next(free)
    return letters


@written.register
def _guarded(node: Guarded) -> Text:
    sides = (beside(side, node.full, SUM) for side in (node.left, node.right))
    return called("guarded", [code(node.product), *sides])


@written.register
def _row_sums(node: RowSums) -> Text:
    text = called(*row_sums(node))
    return Text(f"{text.text}[:, 0]") if node.is_column else text


def row_sums(node: RowSums) -> tuple[str, list[str]]:
    """The function, and what it is given: where that is too long, one a line."""
    first = [f"len({node.dense})"] if node.dense else []
    return node.calls[0], [*first, *map(_term, node.terms)]


def _term(term: RowTerm) -> str:
    numbers = "None" if term.numbers is None else code(term.numbers)
    return f"({code(term.words)}, {numbers}, {code(term.rows)})"


@written.register
def _totals(node: Totals) -> Text:
    return called("totals", [f"{node.gradient}.rows", code(node.words), code(node.numbers)])


# The steps of a program as lines of text, broken as a formatter would break them.


INSIDE = 96  # the longest line inside a function, before it is indented


def step_lines(step: Step | PartsStep, annotation: str = "") -> list[str]:
    """A step, with what it computes behind it or above it; its name with an annotation."""
    if isinstance(step, PartsStep):
        bound = f"partial({', '.join([step.function, *step.whole])})"
        return broken(
            f"{', '.join(step.results)} = ", called(step.by, [bound, *step.alike]), INSIDE
        )
    if annotation:
        return broken(f"{step.name}: {annotation} = ", written(step.value), INSIDE)
    line = f"{step.name} = {code(step.value)}"
    if isinstance(step.value, RowSums) and len(line) > INSIDE:
        return _listed(step.name, step.value)
    if step.formula is None:
        return _broken(step)
    comment = f"# {meaning(step.formula)}"
    fits = len(line) + len(comment) + 2 <= INSIDE
    return [f"{line}  {comment}"] if fits else [comment, *_broken(step)]


def move_lines(move: Move) -> list[str]:
    """The statement that moves an argument."""
    rate, name = written(move.rate), move.gradient
    if move.rate.axes:
        return [f"descend({move.argument}, {name}, {rate.text})"]
    return [f"{move.argument}[{name}.rows] -= {rate.within(PRODUCT)} * {name}.values"]


def _listed(name: str, value: RowSums) -> list[str]:
    """Row sums, one term a line."""
    function, given = row_sums(value)
    closing = ")[:, 0]" if value.is_column else ")"
    return [f"{name} = {function}(", *(f"    {part}," for part in given), closing]


def _broken(step: Step) -> list[str]:
    """A step without its comment."""
    lines = broken(f"{step.name} = ", written(step.value), INSIDE)
    return lines if len(lines) == 1 else _conditions(step.name, step.value) or lines


def _conditions(name: str, value: Node) -> list[str]:
    """An indicator of several conditions, one a line; nothing for anything else."""
    if not isinstance(value, Indicator) or not isinstance(value.condition, AllOf):
        return []
    first, *others = conditions(value.condition)
    closing = f").astype({value.like}.dtype)"
    return [f"{name} = (", f"    {first}", *(f"    & {part}" for part in others), closing]


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
    return program_text(outlined(compiled(function, claims)), claims)


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
    lines = [*part, QUIET, *signature(kernel, types, program.memory), *indented(body)]
    uses = {
        *program.calls,
        *annotated(kernel, types, program.memory),
        *supporting(checked),
    }
    if any(isinstance(step, PartsStep) for step in program.steps):
        uses |= {"partial", "Any", "NDArray"}
    return Function(kernel.name, lines, frozenset(uses))


def elementwise_text(program: Scalar, claims: Claims, kind: str = "Any") -> Function:
    """The function of one number, of the type ``kind``."""
    steps = [line for step in program.steps for line in step_lines(step)]
    body = [*steps, f"return {code(program.value)}"]
    return function_of_number(program.function, claims, kind, body)


def function_of_number(
    function: Elementwise, claims: Claims, kind: str, body: Sequence[str]
) -> Function:
    """Head and docstring above the lines that compute it."""
    head = headed(function.name, [f"{function.argument.name}: {kind}"], "Any")
    inside = [*elementwise_docstring(function, claims), *body]
    return Function(function.name, [*head, *indented(inside)], frozenset({"Any"}))


def supporting(checked: Iterable[Check]) -> set[str]:
    """The names that the checks use."""
    return {name for one in checked for name in one.uses}


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


def indented(lines: Iterable[str]) -> list[str]:
    """Lines of a block."""
    return [f"    {line}" if line else "" for line in lines]

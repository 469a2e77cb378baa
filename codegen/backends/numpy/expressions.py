"""Expressions as NumPy's text: operators by precedence, and a rule for each node."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import singledispatch
from string import ascii_letters

from codegen.arrays.nodes import (
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
    Name,
    Negative,
    Node,
    Number,
    Picked,
    Places,
    Power,
    Product,
    Repeated,
    Replaced,
    RowSums,
    RowTerm,
    Spread,
    Summed,
    SummedWithout,
    Taken,
    Terms,
    Totals,
    Turned,
)
from codegen.arrays.program import Move, PartsStep, Step
from codegen.docstrings import meaning
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
    letters = _letters(axis for operand in node.operands for axis in operand.axes)
    inputs = ",".join("".join(letters[a] for a in operand.axes) for operand in node.operands)
    output = "".join(letters[axis] for axis in node.axes)
    return called("np.einsum", [f'"{inputs}->{output}"', *map(code, node.operands)])


def _letters(axes: Iterable[Index]) -> dict[Index, str]:
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


LINE = 96  # the longest line inside a function, before it is indented


def step_lines(step: Step | PartsStep, annotation: str = "") -> list[str]:
    """A step, with what it computes behind it or above it; its name with an annotation."""
    if isinstance(step, PartsStep):
        bound = f"partial({', '.join([step.function, *step.whole])})"
        return broken(f"{', '.join(step.results)} = ", called(step.by, [bound, *step.alike]), LINE)
    if annotation:
        return broken(f"{step.name}: {annotation} = ", written(step.value), LINE)
    line = f"{step.name} = {code(step.value)}"
    if isinstance(step.value, RowSums) and len(line) > LINE:
        return _listed(step.name, step.value)
    if step.formula is None:
        return _broken(step)
    comment = f"# {meaning(step.formula)}"
    fits = len(line) + len(comment) + 2 <= LINE
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
    lines = broken(f"{step.name} = ", written(step.value), LINE)
    return lines if len(lines) == 1 else _conditions(step.name, step.value) or lines


def _conditions(name: str, value: Node) -> list[str]:
    """An indicator of several conditions, one a line; nothing for anything else."""
    if not isinstance(value, Indicator) or not isinstance(value.condition, AllOf):
        return []
    first, *others = conditions(value.condition)
    closing = f").astype({value.like}.dtype)"
    return [f"{name} = (", f"    {first}", *(f"    & {part}" for part in others), closing]

"""Applications: named functions in their own notation, arbitrary ones, and the elementary."""

from __future__ import annotations

from string import Formatter

from sympy import Abs, Expr, Function, Indexed, Max, Min, Piecewise, log, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanFunction

from derivations.indices import Entries
from derivations.language.functions import Above, Nowhere, Selected
from derivations.language.index_nodes import (
    Applied,
    Defined,
    Determinant,
    InverseEntry,
    Opaque,
    Partial,
)
from derivations.report.notation.layout import Level, Rank, Text, closed
from derivations.report.notation.show import listed, mathematics, show

_RELATIONS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}


@show.register
def _application(node: Function) -> Text:
    return Text(f"{node.func.__name__}({listed(node.args)})")


def named_in(shown: str) -> set[str]:
    """The parameters that the notation of a definition prints."""
    return {name for _, name, _, _ in Formatter().parse(shown) if name}


def application(node: Function) -> Text:
    """In the notation of its definition: its ``shown``, over its ``params``.

    A notation may leave out arguments, as ŷ[w] leaves out the center word. They are added
    wherever they are not the ones of the definition, or two expressions would look alike.
    """
    arguments = dict(zip(node.params, node.args, strict=True))
    texts = {param.name: mathematics(argument) for param, argument in arguments.items()}
    said = named_in(node.shown)
    unsaid = ", ".join(
        f"{param}={texts[param.name]}"
        for param, argument in arguments.items()
        if param.name not in said and param != argument
    )
    text = node.shown.format(**texts)
    if unsaid and text[-1] in ")]":
        return Text(f"{text[:-1]}; {unsaid}{text[-1]}")
    return Text(f"{text}({unsaid})" if unsaid else text)


show.register(Defined, application)


@show.register
def _of_arrays(node: Opaque) -> Text:
    """The labels; a matrix as a whole beside them goes without saying, J(c, o) of U."""
    arrays = [
        f"{base}ᵀ" if base in node.turned else str(base)
        for base, row in node.rows.items()
        if row is None and (len(node.axes[base]) == 1 or not node.args)
    ]
    inside = [*filter(None, (listed(node.args),)), *arrays]
    return Text(f"{node.func.__name__}({', '.join(inside)})")


@show.register
def _partial(node: Partial) -> Text:
    name, *arguments = node.args
    return Text(f"({name})({listed(tuple(arguments))})")


@show.register
def _applied(node: Applied) -> Text:
    """Derivatives of a function of one number as primes, others by the numbers of arguments."""
    one = node.depths == (0,) and not node.labels
    by = "".join(f"_{place + 1}{_subscripts(at)}" for place, at in node.entries)
    by = "′" * len(node.partials) if one else by
    return Text(f"{node.function}{by}({listed(node.args[: node.labels + len(node.depths)])})")


@show.register
def _inverse(node: InverseEntry) -> Text:
    """``A⁻¹[i,k]`` for the inverse of what has a name, else of its entries."""
    of = _matrix(node.of) or f"({mathematics(node.of)})"
    return Text(f"{of}⁻¹[{listed(node.at, ',')}]")


@show.register
def _determinant(node: Determinant) -> Text:
    return Text(f"det({_matrix(node.of) or mathematics(node.of)})")


def _matrix(of: Entries) -> str:
    """The name of a matrix; empty for one that has none."""
    plain = isinstance(of.entry, Indexed) and of.entry.indices == of.indices
    return str(of.entry.base) if plain else ""


def _subscripts(indices: tuple[Expr, ...]) -> str:
    return f"[{','.join(map(mathematics, indices))}]" if indices else ""


@show.register
def _array(node: Entries) -> Text:
    """An array that is given by its entry: ``(x[i])_i``."""
    return Text(f"({mathematics(node.entry)})_{','.join(index.name for index in node.indices)}")


@show.register
def _logarithm(node: log) -> Text:
    inside = node.args[0]
    if isinstance(inside, Defined):
        return Text(f"log {mathematics(inside)}", Level.OPEN, Rank.OPEN)
    return Text(f"log({mathematics(inside)})")


@show.register(Min)
@show.register(Max)
def _extremum(node: Min | Max) -> Text:
    numbers_last = sorted(node.args, key=lambda item: (item.is_Number, mathematics(item)))
    return Text(f"{node.func.__name__.lower()}({listed(tuple(numbers_last))})")


@show.register
def _absolute(node: Abs) -> Text:
    inside = mathematics(node.args[0])
    return Text(f"abs({inside})" if "|" in inside else f"|{inside}|")


@show.register
def _cases(node: Piecewise) -> Text:
    cases = [f"{mathematics(value)} {_when(test)}" for value, test in node.args]
    return Text("{" + "; ".join(cases) + "}")


def _when(test: Boolean) -> str:
    return "otherwise" if test is true else f"if {mathematics(test)}"


@show.register
def _relation(node: Relational) -> Text:
    relation = _RELATIONS.get(node.rel_op, node.rel_op)
    sides = mathematics(node.lhs), mathematics(node.rhs)
    return Text(f" {relation} ".join(sides), Level.TERMS)


@show.register
def _combined(node: BooleanFunction) -> Text:
    name = node.func.__name__.lower()
    tests = sorted(closed(show(test)) for test in node.args)
    return Text(f"not {tests[0]}" if name == "not" else f" {name} ".join(tests), Level.TERMS)


@show.register
def _above(node: Above) -> Text:
    return Text(f"1[{mathematics(node.args[0])} > 0]")


@show.register
def _nowhere(node: Nowhere) -> Text:
    return Text("no value")


@show.register
def _selected(node: Selected) -> Text:
    test, value, otherwise = map(mathematics, node.args)
    return Text(f"{{{value} if {test} = 1; {otherwise} otherwise}}")

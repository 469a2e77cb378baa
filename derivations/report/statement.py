"""Claims and index expressions as lines of mathematics, and counterexamples in words.

The printer of index expressions is a layout with precedence, by type of node.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import singledispatch
from string import Formatter

from sympy import (
    Abs,
    Add,
    Basic,
    Derivative,
    Expr,
    Function,
    Indexed,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Number,
    Piecewise,
    Pow,
    Product,
    Sum,
    Symbol,
    log,
    preorder_traversal,
    true,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanFunction

from derivations.claim import (
    BOTH_SIDES,
    Claim,
    Condition,
    Equal,
    Judgement,
    SumsTo,
    Unequal,
    Witness,
)
from derivations.indices import Entries, Index, Names, free_indices
from derivations.language.functions import Above, Nowhere, Selected
from derivations.language.index_form import entry_of
from derivations.language.index_nodes import (
    Applied,
    Defined,
    Determinant,
    InverseEntry,
    Opaque,
    Partial,
)
from derivations.language.layout import Piece, sum_of
from derivations.language.tree import Misfit, Term, notation, well_typed

# Joining pieces of mathematics into one line, with the parentheses they need and no others.


MINUS = "−"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Level(IntEnum):
    """How tightly a piece holds together; an OPEN one reads on to the end of its product."""

    TERMS = 0
    PRODUCT = 1
    OPEN = 2
    POWER = 3
    CLOSED = 4


class Rank(IntEnum):
    """Where a piece stands in a product; what reads on to its end must stand last."""

    NUMBER = 0
    INDICATOR = 1
    NAME = 2
    FUNCTION = 3
    COMPOUND = 4
    OPEN = 5


@dataclass(frozen=True)
class Text(Piece):
    """A piece of mathematics, and what its surroundings must know of it."""

    level: Level = Level.CLOSED
    rank: Rank = Rank.FUNCTION

    @property
    def closed(self) -> str:
        """The text where anything may stand beside it."""
        return self.within(Level.CLOSED)


def product(pieces: Iterable[Text]) -> Text:
    """The pieces side by side, in an order that depends on their text only."""
    factors = sorted(pieces, key=lambda piece: (piece.rank, piece.text))
    if not factors:
        return Text("1", rank=Rank.NUMBER)
    if len(factors) == 1:
        return factors[0]
    *first, last = factors
    texts = [*(factor.within(Level.POWER) for factor in first), last.within(Level.OPEN)]
    return Text(" ".join(texts), Level.PRODUCT, Rank.COMPOUND)


def quotient(over: list[Text], under: list[Text]) -> Text:
    """The product of ``over`` divided by the product of ``under``."""
    if not under:
        return product(over)
    above, below = product(over), product(under)
    numerator = above.text if _may_be_divided(over) else f"({above.text})"
    divisor = below.text if below.level >= Level.POWER else f"({below.text})"
    return Text(f"{numerator} / {divisor}", Level.PRODUCT, Rank.COMPOUND)


def _may_be_divided(over: list[Text]) -> bool:
    reads_on = any(piece.level == Level.OPEN for piece in over)
    return not reads_on and not (len(over) == 1 and over[0].level < Level.OPEN)


def negative(piece: Text) -> Text:
    """The piece with a minus sign before it."""
    return Text(MINUS + piece.within(Level.PRODUCT), Level.TERMS, Rank.COMPOUND)


def terms(pieces: Iterable[Text]) -> Text:
    """A sum of a few pieces; those that hold a Σ come last, since it reads on."""
    return Text(
        sum_of((piece.text for piece in sorted(pieces, key=_term_key)), MINUS),
        Level.TERMS,
        Rank.COMPOUND,
    )


def _term_key(piece: Text) -> tuple[bool, bool, bool, str]:
    text = piece.text
    return "Σ" in text, text.startswith(MINUS), piece.rank != Rank.NUMBER, text


def raised(base: Text, exponent: Text) -> Text:
    """A power."""
    if exponent.text.isdecimal():
        power = exponent.text.translate(_SUPERSCRIPTS)
    else:
        power = f"^{exponent.closed}"
    return Text(base.closed + power, Level.POWER)


def pair(left: str, relation: str, right: str) -> str:
    """Two sides that may be swapped, the longer or later one first: ``n[k] = x``, ``j = 0``."""
    before, after = sorted((left, right), key=lambda side: (len(side), side), reverse=True)
    return f"{before}{relation}{after}"


# The notation of a node is found by its type; each kind of node registers its own.


@singledispatch
def show(node: Basic) -> Text:
    """The node as a piece of mathematics."""
    advice = "give it one in derivations/report/statement.py"
    raise TypeError(f"{type(node).__name__} has no notation; {advice}")


def mathematics(node: Basic) -> str:
    """The node as a reader writes it, on one line."""
    return show(node).text


def listed(nodes: tuple[Basic, ...], comma: str = ", ") -> str:
    """The nodes with commas between them."""
    return comma.join(map(mathematics, nodes))


# Names, numbers, and what sums of terms, products and powers make of them.


@show.register
def _symbol(node: Symbol) -> Text:
    return Text(node.name, rank=Rank.NAME)


@show.register
def _indexed(node: Indexed) -> Text:
    return Text(f"{node.base.label}[{listed(node.indices, ',')}]", rank=Rank.NAME)


@show.register
def _number(node: Number) -> Text:
    text = str(abs(node)).replace("oo", "∞")
    number = Text(text, Level.PRODUCT if "/" in text else Level.CLOSED, Rank.NUMBER)
    return replace(negative(number), rank=Rank.NUMBER) if node.is_negative else number


@show.register
def _delta(node: KroneckerDelta) -> Text:
    return indicator(node, "=")


@show.register
def _terms(node: Add) -> Text:
    delta = complement(node)
    if delta is not None:
        return indicator(delta, "≠")
    return terms(show(term) for term in node.args)


def complement(node: Expr) -> KroneckerDelta | None:
    """The delta where ``node`` is one minus a delta."""
    if not isinstance(node, Add) or len(node.args) != 2 or node.args[0] != 1:
        return None
    delta = -node.args[1]
    return delta if isinstance(delta, KroneckerDelta) else None


def indicator(delta: KroneckerDelta, relation: str) -> Text:
    """Iverson's bracket: one where the relation holds, else zero."""
    left, right = map(mathematics, delta.args[:2])
    return Text(f"[{pair(left, f' {relation} ', right)}]", rank=Rank.INDICATOR)


@show.register
def _power(node: Pow) -> Text:
    if _divides(node):
        return multiplied((node,))
    return raised(show(node.base), show(node.exp))


def _divides(node: Expr) -> bool:
    return isinstance(node, Pow) and node.exp.is_Number and bool(node.exp.is_negative)


@show.register
def _product(node: Mul) -> Text:
    return multiplied(node.args)


def multiplied(factors: tuple[Expr, ...]) -> Text:
    """The product of ``factors``: one sign in front, one division line."""
    over: list[Text] = []
    under: list[Text] = []
    minus = False
    for factor in factors:
        if isinstance(factor, Number):
            minus ^= bool(factor.is_negative)
            above, _, below = mathematics(abs(factor)).partition("/")
            over += [Text(above, rank=Rank.NUMBER)] if above != "1" else []
            under += [Text(below, rank=Rank.NUMBER)] if below else []
        elif _divides(factor):
            base, exponent = show(factor.base), -factor.exp
            under.append(base if exponent == 1 else raised(base, show(exponent)))
        else:
            over.append(show(factor))
    whole = quotient(over, under)
    return negative(whole) if minus else whole


# Sums and derivatives: signs that read on to the end of their product.


@show.register
def _sum(node: Sum) -> Text:
    return _ranging("Σ", node)


@show.register
def _product_over(node: Product) -> Text:
    return _ranging("Π", node)


def _ranging(sign: str, node: Sum | Product) -> Text:
    """A range is left unsaid where it is the whole index set; Σ_{j≠0} leaves out one member."""
    factors = list(Mul.make_args(node.function))
    restrictions = []
    for factor in tuple(factors):
        left_out = _left_out(factor, node.limits[0][0]) if isinstance(node, Sum) else ""
        if left_out:
            restrictions.append(left_out)
            factors.remove(factor)
    text = multiplied(tuple(factors)).within(Level.PRODUCT)
    for limit in node.limits:
        subscript = ", ".join([*_bounds(*limit), *sorted(restrictions)])
        text = f"{sign}_{{{subscript}}} {text}" if subscript else f"{sign}_{limit[0]} {text}"
        restrictions = []
    return Text(text, Level.OPEN, Rank.OPEN)


def _left_out(factor: Expr, index: Symbol) -> str:
    """The member of the sum's range that ``factor`` leaves out, as ``j≠0``."""
    delta = complement(factor)
    if delta is None or index not in delta.args:
        return ""
    other = delta.args[1] if delta.args[0] == index else delta.args[0]
    return "" if index in other.free_symbols else f"{index}≠{mathematics(other)}"


def _bounds(index: Symbol, lower: Expr, upper: Expr) -> list[str]:
    if isinstance(index, Index) and (index.space.lower, index.space.upper) == (lower, upper):
        return []
    return [f"{index}={mathematics(lower)}..{mathematics(upper)}".replace(" ", "")]


@show.register
def _derivative(node: Derivative) -> Text:
    by = node.variables
    sign = "∂" if len(by) == 1 else raised(Text("∂"), Text(str(len(by)))).text
    below = "".join(f"∂{mathematics(variable)}" for variable in by)
    return Text(f"{sign}{show(node.expr).closed}/{below}", Level.OPEN, Rank.OPEN)


# Applications: named functions in their own notation, arbitrary ones, and the elementary.


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
    tests = sorted(show(test).closed for test in node.args)
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


# A claim as a line of mathematics: left = right  (conditions).


def statement(claim: Claim) -> str:
    """What the claim says, on one line."""
    return ", that is ".join(readings(claim))


def readings(claim: Claim) -> list[str]:
    """The statement in matrices, where both sides have a name, and entry by entry."""
    if claim.misfit is None:
        named = list(map(notation, claim.terms))
        whole = [" = ".join(named)] if all(named) else []
        entries = f"{mathematics(claim.sides.left)} = {mathematics(claim.sides.right)}"
        return [*whole, entries + _where(claim.conditions)]
    sides = " = ".join(_side(side, claim.names) for side in (claim.left, claim.right))
    return [f"{sides}, {_mismatch(claim.misfit)}{_where(claim.conditions)}"]


def in_words(condition: Condition) -> str:
    """A condition in the notation of the statement."""
    if isinstance(condition, SumsTo):
        return f"{mathematics(condition.total)} = {condition.value}"
    if isinstance(condition, Unequal | Equal):
        relation = "≠" if isinstance(condition, Unequal) else "="
        return f"{mathematics(condition.left)} {relation} {mathematics(condition.right)}"
    return str(condition)


def _where(conditions: tuple[Condition, ...]) -> str:
    return f"  ({'; '.join(map(in_words, conditions))})" if conditions else ""


def _side(side: Term | Misfit, names: Names) -> str:
    if isinstance(side, Misfit):
        return side.part
    return notation(side) or mathematics(entry_of(side, names)[0])


def _mismatch(misfit: Misfit) -> str:
    """What does not fit: inside a side, or one side and the other."""
    if misfit.part == BOTH_SIDES:
        return f"which equates {misfit.left} and {misfit.right}"
    return f"where {misfit.left} does not fit {misfit.right}"


# The words a statement is written in: its named functions and the ranges of its indices.


def definitions(claim: Claim) -> list[str]:
    """Each named function of the statement and what it stands for, those it rests on after it."""
    return list(meanings(_entries(claim)).values())


def meanings(expressions: Iterable[Basic]) -> dict[type[Defined], str]:
    """The definitions that the expressions use, and after them those that these rest on."""
    found: dict[type[Defined], str] = {}
    waiting = list(expressions)
    while waiting:
        for node in preorder_traversal(waiting.pop(0)):
            if isinstance(node, Defined) and node.func not in found:
                name = mathematics(node.func(*node.params))
                found[node.func] = f"{name} = {mathematics(node.body)}"
                waiting.append(node.body)
    return found


def ranges(claim: Claim) -> list[str]:
    """The indices the statement leaves free, each with the set it may be any member of."""
    free = {index for entry in _entries(claim) for index in free_indices(entry)}
    sets: dict[str, list[str]] = {}
    for index in sorted(free, key=str):
        space = index.space
        limits = f"{mathematics(space.lower)}..{mathematics(space.upper)}"
        called = "" if space.name == limits else f" ({space.name})"
        sets.setdefault(f"in {limits}{called}", []).append(index.name)
    return [f"{', '.join(names)} {limits}" for limits, names in sets.items()]


def _entries(claim: Claim) -> list[Basic]:
    if claim.misfit is None:
        return [claim.sides.left, claim.sides.right]
    sides = (claim.left, claim.right)
    return [entry_of(side, claim.names)[0] for side in well_typed(*sides)]


# A counterexample, in short and as lines to type into Python.


_ENTRY = re.compile(r"(\w+)\[([-\d, ]+)\]")
_FEW_DIGITS, _ALL_DIGITS = 3, 17

EntryTexts = dict[tuple[int, ...], str]


def fault(judgement: Judgement) -> str:
    """What is wrong: the counterexample in short, or the reason."""
    return in_short(judgement.witness) if judgement.witness else judgement.reason


def in_short(witness: Witness) -> str:
    """The sizes and both sides, with as few digits as tell the sides apart."""
    sizes = ", ".join(f"{name}={size}" for name, size in witness.sizes.items())
    numbers = " ≠ ".join(sides_in_short(witness))
    return f"{sizes}: {numbers}" if sizes else numbers


def sides_in_short(witness: Witness) -> tuple[str, str]:
    """Both sides, with as few digits as tell them apart."""
    left, right = witness.left, witness.right
    for digits in range(_FEW_DIGITS, _ALL_DIGITS + 1):
        sides = [_rounded(*side, digits) for side in (left, right)]
        if sides[0] != sides[1]:
            break
    else:
        sides = [left[1], right[0]]
    return sides[0].replace("-", MINUS), sides[1].replace("-", MINUS)


def _rounded(low: str, high: str, digits: int) -> str:
    return "0" if float(low) <= 0 <= float(high) else f"{float(low):.{digits}g}"


def as_python(witness: Witness) -> list[str]:
    """Assignments of the sizes, words and values, matrices row by row.

    Families that do not count from one, like the places of a window, become dictionaries.
    An entry without a value is one that neither side reads: it is written as zero.
    """
    plain_words, lists = _grouped({name: str(word) for name, word in witness.words.items()})
    plain_values, matrices = _grouped(witness.values)
    sizes = {name: str(size) for name, size in witness.sizes.items()}
    assignments = [_assignment(names) for names in (sizes, plain_words) if names]
    assignments += [f"{name} = {value}" for name, value in plain_values.items()]
    families = {**lists, **matrices}
    return assignments + [f"{name} = {_literal(entries)}" for name, entries in families.items()]


def _assignment(values: Mapping[str, str]) -> str:
    return f"{', '.join(values)} = {', '.join(values.values())}"


def _grouped(values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, EntryTexts]]:
    """Plain names apart from entries such as ``U[2,1]``, which are gathered by family."""
    plain: dict[str, str] = {}
    families: dict[str, EntryTexts] = {}
    for name, value in values.items():
        entry = _ENTRY.fullmatch(name)
        if entry is None:
            plain[name] = value
        else:
            indices = tuple(int(index) for index in entry[2].split(","))
            families.setdefault(entry[1], {})[indices] = value
    return plain, families


def _literal(entries: EntryTexts) -> str:
    if min(map(min, entries)) < 1:
        pairs = (f"{_key(indices)}: {entries[indices]}" for indices in sorted(entries))
        return "{" + ", ".join(pairs) + "}"
    return _nested((), tuple(map(max, zip(*entries, strict=True))), entries)


def _key(indices: tuple[int, ...]) -> str:
    return str(indices[0]) if len(indices) == 1 else str(indices)


def _nested(start: tuple[int, ...], shape: tuple[int, ...], entries: EntryTexts) -> str:
    if len(start) == len(shape):
        return entries.get(start, "0")
    places = range(1, shape[len(start)] + 1)
    return f"[{', '.join(_nested((*start, place), shape, entries) for place in places)}]"

"""Arguments in brackets, matched with the parameters of a function."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from derivations.indices import Index
from derivations.reader.elaborate.index import index_in
from derivations.reader.elaborate.number import Here, ill_typed, scalar
from derivations.reader.elaborate.spelling import name_of
from derivations.reader.meaning import Function, Parameter
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Content, Node, Product, Relation, Script
from derivations.reader.written import written


@dataclass(frozen=True)
class Given:
    """One argument as written, and the keyword before it."""

    node: Node
    keyword: str = ""


def matched(function: Function, content: Content, whole: Node, here: Here) -> list[Expr]:
    """The values of the parameters that take one."""
    given = _arguments(function, content, whole, here)
    values: list[Expr] = []
    for parameter in function.parameters:
        count = len(parameter.fixed) or 1
        mine, given = given[:count], given[count:]
        if parameter.fixed:
            _require_fixed(parameter, mine, function, whole)
        else:
            values.append(_value(parameter, mine[0], function, whole, here))
    return values


def _arguments(function: Function, content: Content, whole: Node, here: Here) -> list[Given]:
    """As many arguments as there are parameters, slips of punctuation noted."""
    wanted = sum(len(parameter.fixed) or 1 for parameter in function.parameters)
    given = [_keyword(item) for item in content.items]
    _require_separators(function, content, whole)
    if len(given) < wanted and function.conditional:
        given = _slash_for_bar(content, given, here)
    if len(given) < wanted:
        given = _lost_commas(given, wanted, whole, here)
    if len(given) != wanted:
        what = f"{function.name} takes {wanted} arguments, here are {len(given)}"
        raise Unreadable(whole.at, written(whole), what)
    return given


def _require_separators(function: Function, content: Content, whole: Node) -> None:
    """A bar where it was declared with a bar, commas where with commas."""
    separators = list(content.separators)
    bar = ["|"] if function.conditional else []
    if [each for each in separators if each != ","] not in (bar, []) or (
        separators and bar and "|" not in separators
    ):
        wanted = "a bar and commas" if function.conditional else "commas alone"
        what = f"{function.name} was declared with {wanted} between its arguments"
        raise Unreadable(whole.at, written(whole), what)


def _keyword(item: Node) -> Given:
    if isinstance(item, Relation) and item.signs == ("=",):
        return Given(item.parts[1], written(item.parts[0]))
    return Given(item)


def _slash_for_bar(content: Content, given: list[Given], here: Here) -> list[Given]:
    """``P(O = o/C = c)``: the slash stands where the bar belongs."""
    item = content.only
    if not isinstance(item, Relation) or item.signs != ("=", "="):
        return given
    first, middle, last = item.parts
    if not isinstance(middle, Product) or middle.joins[-1:] != ("/",):
        return given
    *value, keyword = middle.factors
    here.note(f"the / in ({written(item)}) is read as a bar")
    inner = value[0] if len(value) == 1 else Product(middle.at, tuple(value), middle.joins[:-1])
    return [Given(inner, written(first)), Given(last, written(keyword))]


def _lost_commas(given: list[Given], wanted: int, whole: Node, here: Here) -> list[Given]:
    """``J(v_c, w_{t+j} U)``: a product where two arguments belong."""
    apart: list[Given] = []
    for each in given:
        if isinstance(each.node, Product) and not any(each.node.joins) and not each.keyword:
            apart.extend(map(Given, each.node.factors))
        else:
            apart.append(each)
    if len(apart) != wanted:
        return given
    here.note(f"a comma is lost in {written(whole)}: {', '.join(written(a.node) for a in apart)}")
    return apart


def _require_fixed(
    parameter: Parameter, given: list[Given], function: Function, whole: Node
) -> None:
    texts = tuple(written(each.node) for each in given)
    if texts != parameter.fixed:
        wanted = ", ".join(parameter.fixed)
        raise ill_typed(whole, ", ".join(texts), f"{wanted}, which {function.name} takes there")


def _value(parameter: Parameter, given: Given, function: Function, whole: Node, here: Here) -> Expr:
    node = given.node
    if given.keyword and given.keyword != parameter.keyword:
        wanted = f"{parameter.keyword} = ..." if parameter.keyword else "no keyword"
        raise Unreadable(node.at, given.keyword, f"{function.name} takes {wanted} here")
    symbol = parameter.stands_for
    assert symbol is not None
    if parameter.vector:
        return _member(parameter, node, whole, here)
    if isinstance(symbol, Index):
        return index_in(node, symbol.space, here, whole)
    return scalar(node, here, function.name).entry


def _member(parameter: Parameter, node: Node, whole: Node, here: Here) -> Expr:
    """The subscript of a vector of the right family."""
    symbol = parameter.stands_for
    assert isinstance(symbol, Index)
    if not isinstance(node, Script) or name_of(node.base) != parameter.vector or not node.sub:
        raise ill_typed(whole, written(node), f"a vector {parameter.vector}_{{...}}")
    inside = node.sub.only
    if inside is None:
        raise Unreadable(node.at, written(node), "one subscript is expected")
    return index_in(inside, symbol.space, here, whole)
